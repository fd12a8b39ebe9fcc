package import Core

/// What the call-back found, in the hotline's own terms. What was not asked or not answered is nil and counts nowhere.
package struct AppealRating: Sendable, Equatable {
    /// 结案评判
    package enum Verdict: String, Sendable, CaseIterable {
        case resolved, explained

        package var title: Bilingual {
            switch self {
            case .resolved: Bilingual(zh: "实际解决", en: "Resolved")
            case .explained: Bilingual(zh: "解释说明", en: "Explained")
            }
        }
    }

    /// 综合满意度
    package enum Satisfaction: String, Sendable, CaseIterable {
        case satisfied, basically, neutral, dissatisfied

        package var title: Bilingual {
            switch self {
            case .satisfied: Bilingual(zh: "满意", en: "Satisfied")
            case .basically: Bilingual(zh: "基本满意", en: "Basically satisfied")
            case .neutral: Bilingual(zh: "一般", en: "Neither")
            case .dissatisfied: Bilingual(zh: "不满意", en: "Dissatisfied")
            }
        }

        /// As people and exports write it; numbers are not guessed at, for sources count in both directions.
        init?(said text: String) {
            switch text.lowercased() {
            case let word
            where word.contains("不满") || word.contains("dissatisfied") || word.contains("unsatisfied"):
                self = .dissatisfied
            case let word where word.contains("基本满意") || word.contains("较满意") || word == "basically satisfied":
                self = .basically
            case let word where word.hasPrefix("一般") || word == "neutral" || word == "neither": self = .neutral
            case let word where word.contains("满意") && !word.contains("未"): self = .satisfied
            case "是", "satisfied", "very satisfied": self = .satisfied
            case "否": self = .dissatisfied
            default: return nil
            }
        }

        /// Tenths: 1, 0.8, 0.6 and 0 in the evaluation of a street of the city.
        package var weightTenths: Int {
            switch self {
            case .satisfied: 10
            case .basically: 8
            case .neutral: 6
            case .dissatisfied: 0
            }
        }
    }

    /// 先行联系: whether the unit called before it began.
    package let isContactedFirst: Bool?
    package let verdict: Verdict?
    package let satisfaction: Satisfaction?

    package init(isContactedFirst: Bool? = nil, verdict: Verdict? = nil, satisfaction: Satisfaction? = nil) {
        self.isContactedFirst = isContactedFirst
        self.verdict = verdict
        self.satisfaction = satisfaction
    }

    /// As the hotline's exports write it: 先行联系 1, 0 or 2 for not answered; 实际解决 or 解释说明; 满意 to 不满意. What
    /// cannot be read counts as not answered.
    package init(contacted: String, verdict: String, satisfaction: String) {
        isContactedFirst =
            switch contacted.lowercased() {
            case "1", "是", "已联系", "有", "yes", "true": true
            case "0", "否", "未联系", "无", "no", "false": false
            default: nil
            }
        self.verdict =
            switch verdict.lowercased() {
            case "是", "yes", "resolved", "true": .resolved
            case "否", "no", "false": .explained
            case let word where Self.explained.contains(where: word.contains): .explained
            case let word where word.contains("解决") && !word.contains("未") && !word.contains("部分"): .resolved
            default: nil
            }
        self.satisfaction = Satisfaction(said: satisfaction)
    }

    private static let explained = ["解释", "未解决", "没有解决", "未实际解决", "无法解决", "explained"]

    package var isEmpty: Bool { isContactedFirst == nil && verdict == nil && satisfaction == nil }
}
