internal import Core
internal import Foundation
internal import Mining
internal import Organisation
internal import Web

/// Scores and evidence in sentences.
struct ProblemWording {
    let visit: Visit

    /// `12 人反映`, `3 件提到危险：着火、坍塌`.
    func reason(_ reason: ProblemScores.Reason) -> String {
        let key = "problems.reason.\(reason.measure)"
        let sentence =
            visit.site.words.contains(key) ? visit.word(key, visit.number(reason.value)) : reason.measure
        // What growth was reckoned from are figures for whoever checks the method, not words people used.
        guard !reason.words.isEmpty, reason.measure != "growth" else { return sentence }
        return visit.word("problems.reason.words", sentence, list(reason.words))
    }

    func measure(_ name: String) -> String {
        let key = "problems.measure.\(name)"
        return visit.site.words.contains(key) ? visit.word(key) : name
    }

    /// Why an appeal stands with the one nearest to it.
    func evidence(_ evidence: PairReasons, nearest title: String) -> String {
        var parts: [String] = []
        if !evidence.sharedPlaces.isEmpty {
            parts.append(visit.word("problems.evidence.places", list(evidence.sharedPlaces)))
        }
        if !evidence.sharedIssueWords.isEmpty {
            parts.append(visit.word("problems.evidence.words", list(evidence.sharedIssueWords)))
        }
        if evidence.wordingPercent > 0 {
            parts.append(visit.word("problems.evidence.wording", String(evidence.wordingPercent)))
        }
        if evidence.isSameAuthor { parts.append(visit.word("problems.evidence.same_author")) }
        if let metres = evidence.metresApart { parts.append(apart(metres)) }
        if let days = evidence.daysApart {
            parts.append(
                days == 0
                    ? visit.word("problems.evidence.same_day") : visit.word("problems.evidence.days", String(days)))
        }
        let near = visit.word(
            "problems.evidence.near", ProblemText.short(ProblemText.masked(title)),
            visit.percent(permille: evidence.permille))
        return near + parts.joined(separator: visit.word("problems.list_separator"))
    }

    /// A distance as people say it: metres up to a kilometre, then kilometres with one decimal, half up.
    func apart(_ metres: Int) -> String {
        guard metres >= 1_000 else { return visit.word("problems.evidence.metres", String(metres)) }
        let tenths = (metres + 50) / 100
        return visit.word("problems.evidence.kilometres", "\(tenths / 10).\(tenths % 10)")
    }

    private func list(_ words: [String]) -> String { words.joined(separator: visit.word("problems.word_separator")) }
}

/// What of a resident's words a page about many may show.
enum ProblemText {
    /// For the desk: telephone, identity and bank numbers are masked; whoever handles the appeal opens it there.
    static func masked(_ text: String) -> String { Masking.text(text) }

    /// For everybody: rooms and names are masked too.
    static func published(_ text: String) -> String {
        Masking.text(text)
            .replacing(/\d{1,2}\s*(单元|门|栋|幢|座)\s*\d{2,4}\s*(室|号|房)?/) { "**" + $0.output.1 + "***" }
            .replacing(/\d{2,4}\s*(室|房)/) { "***" + $0.output.1 }
            .replacing(/\p{Han}(先生|女士|小姐|师傅|阿姨)/) { "某" + $0.output.1 }
    }

    static func short(_ text: String) -> String {
        text.count > 24 ? text.prefix(23) + "…" : text
    }
}

/// Counts over time.
enum ProblemTrend {
    /// Appeals in each of the last weeks, the latest week ending with `end`.
    static func weeks(_ times: [Instant], endingAt end: Instant, count: Int = ProblemLimits.sparklineWeeks) -> [Double]
    {
        var weeks = [Double](repeating: 0, count: count)
        for time in times {
            let age = end.milliseconds(since: time)
            guard age >= 0 else { continue }
            let index = count - 1 - Int(age / (7 * Instant.millisecondsPerDay))
            if index >= 0 { weeks[index] += 1 }
        }
        return weeks
    }

    /// Appeals of the last thirty days of a problem and of the thirty before, and when the former begin.
    static func growth(_ times: [Instant]) -> (latest: Int, before: Int, start: Instant?) {
        guard let last = times.max() else { return (0, 0, nil) }
        let start = last.adding(days: -30)
        let earlier = last.adding(days: -60)
        return (times.count { $0 > start }, times.count { $0 > earlier && $0 <= start }, start)
    }

    /// The first instant that `weeks` counts.
    static func start(endingAt end: Instant, count: Int = ProblemLimits.sparklineWeeks) -> Instant {
        end.adding(milliseconds: -Int64(count * 7) * Instant.millisecondsPerDay + 1)
    }

    struct Bars: Equatable {
        let labels: [String]
        let counts: [Int]
        let isWeekly: Bool
    }

    /// The whole life of a problem: by week while that fits, else by month, the most recent months if it is long.
    static func bars(_ times: [Instant], in zone: TimeZoneOffset) -> Bars {
        let days = times.map { Day($0, in: zone) }
        guard let first = days.min(), let last = days.max() else { return Bars(labels: [], counts: [], isWeekly: true) }
        let monday = first.adding(days: 1 - first.weekday.rawValue)
        let weeks = (last.number - monday.number) / 7 + 1
        if weeks <= ProblemLimits.chartWeeksMax {
            var counts = [Int](repeating: 0, count: weeks)
            for day in days { counts[(day.number - monday.number) / 7] += 1 }
            let labels = (0..<weeks).map { monday.adding(days: $0 * 7).description }
            return Bars(labels: labels, counts: counts, isWeekly: true)
        }
        let month = { (day: Day) in day.parts.year * 12 + day.parts.month - 1 }
        let end = month(last)
        let start = max(month(first), end - ProblemLimits.chartMonthsMax + 1)
        var counts = [Int](repeating: 0, count: end - start + 1)
        for day in days where month(day) >= start { counts[month(day) - start] += 1 }
        let labels = (start...end).map { "\(Day.padded($0 / 12, 4))-\(Day.padded($0 % 12 + 1, 2))" }
        return Bars(labels: labels, counts: counts, isWeekly: false)
    }
}
