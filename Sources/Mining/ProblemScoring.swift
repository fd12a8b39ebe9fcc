internal import Core

/// 高频 · 急难 · 痛点: three scores of 0…100 from measures that can be checked by hand. Tables and reasons in Mining.md.
///
/// Everything is relative to the problem's own messages: no clock, so the same messages give the same scores.
struct ProblemScoring {
    let scores: ProblemScores

    private typealias Reason = ProblemScores.Reason
    private typealias Kind = SignalWords.Kind

    init(_ members: [MessageDigest]) {
        let frequency = Self.score(
            [Self.count(members), Self.people(members), Self.growth(members), Self.voices(members)])
        let urgency = Self.score([Self.danger(members), Self.haste(members)])
        let pain = Self.score([
            Self.repeatAfterClosure(members), Self.repeated(members), Self.dissatisfied(members),
            Self.duration(members), Self.transfers(members),
        ])
        let total = (frequency.points * 4 + urgency.points * 3 + pain.points * 3 + 5) / 10
        scores = ProblemScores(frequency: frequency, urgency: urgency, pain: pain, total: total)
    }

    private static func score(_ reasons: [Reason?]) -> ProblemScores.Score {
        let reasons = reasons.compactMap { $0 }.filter { $0.points > 0 }
        return ProblemScores.Score(points: min(100, reasons.reduce(0) { $0 + $1.points }), reasons: reasons)
    }

    /// Points between given values, linear and in whole points; flat beyond the ends.
    private static func points(_ value: Int, _ table: [(value: Int, points: Int)]) -> Int {
        guard let first = table.first, value >= first.value else { return 0 }
        for (low, high) in zip(table, table.dropFirst()) where value < high.value {
            return low.points + (high.points - low.points) * (value - low.value) / (high.value - low.value)
        }
        return table[table.count - 1].points
    }

    // MARK: frequency

    private static func count(_ members: [MessageDigest]) -> Reason {
        Reason(
            measure: "count", value: members.count,
            points: points(members.count, [(2, 10), (5, 22), (10, 32), (20, 40), (50, 45)]), words: [],
            members: members.map(\.id))
    }

    private static func people(_ members: [MessageDigest]) -> Reason {
        let people = ProblemDescription.people(members)
        return Reason(
            measure: "people", value: people,
            points: points(people, [(1, 0), (2, 8), (5, 18), (10, 25), (30, 30)]), words: [], members: [])
    }

    /// Messages of the last 30 days of the problem's life beyond those of the 30 days before.
    private static func growth(_ members: [MessageDigest]) -> Reason? {
        guard let last = members.compactMap(\.at).max() else { return nil }
        let (recent, before) = (last.adding(days: -30), last.adding(days: -60))
        let late = members.filter { $0.at.map { $0 > recent } ?? false }
        let early = members.count { $0.at.map { $0 > before && $0 <= recent } ?? false }
        let more = late.count - early
        guard more > 1 else { return nil }
        return Reason(
            measure: "growth", value: more, points: points(more, [(2, 3), (5, 9), (15, 15)]), words: [],
            members: late.map(\.id))
    }

    /// Likes and dislikes: people who looked and cared, worth far less than people who wrote.
    private static func voices(_ members: [MessageDigest]) -> Reason? {
        let voices = members.reduce(0) { $0 + $1.voices - 1 }
        guard voices > 0 else { return nil }
        return Reason(
            measure: "voices", value: voices, points: points(voices, [(1, 0), (5, 2), (50, 6), (500, 10)]),
            words: [], members: members.filter { $0.voices > 1 }.map(\.id))
    }

    // MARK: urgency

    private static func danger(_ members: [MessageDigest]) -> Reason? {
        words(
            "danger_words", members, \.signals.danger,
            bySeverity: [12, 30, 48], byShare: [(1, 2), (25, 8), (50, 16), (100, 24)])
    }

    private static func haste(_ members: [MessageDigest]) -> Reason? {
        words(
            "time_limit_words", members, \.signals.haste,
            bySeverity: [6, 14, 14], byShare: [(1, 2), (25, 5), (50, 8), (100, 14)])
    }

    // MARK: pain

    /// Messages that came after an earlier one of the problem was closed: not really fixed.
    private static func repeatAfterClosure(_ members: [MessageDigest]) -> Reason? {
        guard let closed = members.compactMap(\.handling.closedAt).min() else { return nil }
        let later = members.filter { $0.at.map { $0 > closed } ?? false }
        guard !later.isEmpty else { return nil }
        return Reason(
            measure: "repeat_after_closure", value: later.count,
            points: points(later.count, [(1, 15), (3, 28), (10, 40)]), words: [], members: later.map(\.id))
    }

    /// People who wrote again, and words of repetition.
    private static func repeated(_ members: [MessageDigest]) -> Reason? {
        let authors = Dictionary(grouping: members.filter { $0.author != 0 }, by: \.author)
        let again = Set(authors.values.filter { $0.count > 1 }.flatMap { $0.map(\.id) })
        let saying = members.filter { !$0.signals.repetition.isEmpty }
        let all = again.union(saying.map(\.id)).sorted()
        guard !all.isEmpty else { return nil }
        return Reason(
            measure: "repeated", value: all.count,
            points: points(all.count * 100 / members.count, [(1, 3), (50, 10), (100, 18)]),
            words: names(saying.flatMap(\.signals.repetition)), members: all)
    }

    private static func dissatisfied(_ members: [MessageDigest]) -> Reason? {
        let rated = members.filter(\.handling.isDissatisfied).map(\.id)
        guard
            let said = words(
                "dissatisfied", members, \.signals.dissatisfaction, bySeverity: [5, 10, 10],
                byShare: [(1, 2), (50, 8), (100, 14)])
        else {
            if rated.isEmpty { return nil }
            return Reason(
                measure: "dissatisfied", value: rated.count, points: min(24, 12 + 4 * rated.count), words: [],
                members: rated)
        }
        let all = Set(said.members).union(rated).sorted()
        return Reason(
            measure: "dissatisfied", value: all.count,
            points: min(24, said.points + (rated.isEmpty ? 0 : 8 + 4 * rated.count)), words: said.words, members: all)
    }

    /// Days from the first message to the last.
    private static func duration(_ members: [MessageDigest]) -> Reason? {
        let times = members.compactMap(\.at)
        guard let first = times.min(), let last = times.max() else { return nil }
        let days = Int(last.milliseconds(since: first) / Instant.millisecondsPerDay)
        return Reason(
            measure: "duration", value: days, points: points(days, [(7, 2), (30, 8), (90, 14), (180, 18), (365, 22)]),
            words: [], members: [])
    }

    private static func transfers(_ members: [MessageDigest]) -> Reason? {
        let sent = members.filter { $0.handling.transfers > 0 }
        let total = sent.reduce(0) { $0 + $1.handling.transfers }
        guard total > 0 else { return nil }
        return Reason(
            measure: "transfers", value: total, points: points(total, [(1, 4), (3, 9), (10, 16)]), words: [],
            members: sent.map(\.id))
    }

    // MARK: words

    /// Points for the gravest word, and for the share of messages (in percent) that use any.
    private static func words(
        _ measure: String, _ members: [MessageDigest], _ path: KeyPath<MessageDigest, [UInt8]>, bySeverity: [Int],
        byShare: [(value: Int, points: Int)]
    ) -> Reason? {
        let saying = members.filter { !$0[keyPath: path].isEmpty }
        let positions = saying.flatMap { $0[keyPath: path] }
        guard let gravest = positions.map({ SignalWords.all[Int($0)].severity }).max() else { return nil }
        let share = max(1, saying.count * 100 / members.count)
        return Reason(
            measure: measure, value: saying.count, points: bySeverity[gravest - 1] + points(share, byShare),
            words: names(positions), members: saying.map(\.id))
    }

    /// The words at these positions, gravest and most used first, at most eight.
    private static func names(_ positions: [UInt8]) -> [String] {
        let counts = Dictionary(positions.map { ($0, 1) }, uniquingKeysWith: +)
        let ranked = counts.sorted { left, right in
            let (a, b) = (SignalWords.all[Int(left.key)], SignalWords.all[Int(right.key)])
            return (a.severity, left.value, right.key) > (b.severity, right.value, left.key)
        }
        return ranked.prefix(8).map { SignalWords.all[Int($0.key)].text }
    }
}
