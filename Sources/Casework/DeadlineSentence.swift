package import Core

extension Deadline {
    /// The whole derivation in one sentence, for the page and the record.
    package func sentence(_ language: Language) -> String {
        switch language {
        case .chinese: chineseSentence
        case .english: englishSentence
        }
    }

    private var chineseSentence: String {
        var parts: [String]
        if let setOn {
            parts = ["\(title.zh)定于 \(setOn) 完成" + (base.workingDays == 0 ? "" : "，该日不是工作日，顺延至 \(base.last)")]
        } else {
            parts = ["自 \(base.start) 起（当日不计）\(base.workingDays) 个工作日（\(title.zh)）"]
            parts += Self.chineseDays(base)
        }
        for more in extensions {
            parts.append("经批准自 \(more.span.start) 后延长 \(more.span.workingDays) 个工作日（理由：\(more.reason)）")
            parts += Self.chineseDays(more.span)
        }
        var sentence = parts.joined(separator: "，") + "，至 \(last) 24:00 止"
        if !isAnnounced { sentence += "（该期间的放假安排尚未公布，仅扣除周末）" }
        if !isVerified { sentence += "（时限规则待核实）" }
        return sentence + "。"
    }

    private static func chineseDays(_ span: Span) -> [String] {
        var parts: [String] = []
        if !span.holidaysSkipped.isEmpty {
            parts.append("扣除节假日 " + span.holidaysSkipped.map(chineseDay).joined(separator: "、"))
        }
        if !span.makeUpWorkdaysCounted.isEmpty {
            parts.append("计入调休上班日 " + span.makeUpWorkdaysCounted.map(chineseDay).joined(separator: "、"))
        }
        return parts
    }

    private static func chineseDay(_ day: Day) -> String { "\(day.parts.month)月\(day.parts.day)日" }

    private var englishSentence: String {
        var parts: [String]
        if let setOn {
            let moved = ", which is no working day, so the next one counts: \(base.last)"
            parts = ["Set for \(setOn) (\(title.en))" + (base.workingDays == 0 ? "" : moved)]
        } else {
            parts = ["\(Self.days(base.workingDays)) after \(base.start) (\(title.en))"]
            parts += Self.englishDays(base)
        }
        for more in extensions {
            parts.append(
                "extended by \(Self.days(more.span.workingDays)) after \(more.span.start) (reason: \(more.reason))")
            parts += Self.englishDays(more.span)
        }
        var sentence = parts.joined(separator: ", ") + ", to the end of \(last)"
        if !isAnnounced { sentence += " (holidays not announced for this time: only weekends were skipped)" }
        if !isVerified { sentence += " (rule to be verified)" }
        return sentence + "."
    }

    private static func englishDays(_ span: Span) -> [String] {
        var parts: [String] = []
        if !span.holidaysSkipped.isEmpty {
            parts.append("without the holidays " + span.holidaysSkipped.map(\.description).joined(separator: " and "))
        }
        if !span.makeUpWorkdaysCounted.isEmpty {
            let days = span.makeUpWorkdaysCounted.map(\.description).joined(separator: " and ")
            parts.append("counting the make-up workdays " + days)
        }
        return parts
    }

    private static func days(_ count: Int) -> String { count == 1 ? "1 working day" : "\(count) working days" }

    /// Whether announced calendars cover all of it.
    package var isAnnounced: Bool { base.isAnnounced && extensions.allSatisfy(\.span.isAnnounced) }
}
