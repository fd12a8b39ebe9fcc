internal import Core

/// 高频 · 急难 · 痛点: three scores of 0…100 from measures that can be checked by hand. Tables and reasons in Mining.md.
///
/// Everything is relative to the problem's own messages: no clock, so the same messages give the same scores.
struct ProblemScoring {
    let scores: ProblemScores

    private typealias Reason = ProblemScores.Reason

    init(_ members: [MessageDigest], lexicon: SeverityLexicon) {
        let words = SeverityScoring(members, lexicon: lexicon)
        let frequency = Self.score(
            [Self.count(members), Self.people(members), Self.growth(members), Self.voices(members)])
        let urgency = Self.score(words.urgency)
        let pain = Self.score([
            Self.repeatAfterClosure(members), words.repeated, words.dissatisfied, Self.duration(members),
            Self.transfers(members),
        ])
        scores = ProblemScores(frequency: frequency, urgency: urgency, pain: pain)
    }

    private static func score(_ reasons: [Reason?]) -> ProblemScores.Score {
        let reasons = reasons.compactMap { $0 }.filter { $0.points > 0 }
        return ProblemScores.Score(points: min(100, reasons.reduce(0) { $0 + $1.points }), reasons: reasons)
    }

    // MARK: frequency

    private static func count(_ members: [MessageDigest]) -> Reason {
        Reason(
            measure: "count", value: members.count,
            points: PointTable([(2, 10), (5, 22), (10, 32), (20, 40), (50, 45)])[members.count], words: [],
            members: members.map(\.id))
    }

    private static func people(_ members: [MessageDigest]) -> Reason {
        let people = ProblemDescription.people(members)
        return Reason(
            measure: "people", value: people,
            points: PointTable([(1, 0), (2, 8), (5, 18), (10, 25), (30, 30)])[people],
            words: [], members: [])
    }

    static let growthDays = 30
    static let growthBaseDays = 60

    /// Messages of the last 30 days of the problem's life against those of the 60 days before: how unlikely so many
    /// late ones are when each day is as likely as any other (`ExactTail.binomial`).
    ///
    /// The last message is there by definition of the last day, so it does not count as one that fell into the 30 days.
    private static func growth(_ members: [MessageDigest]) -> Reason? {
        guard let last = members.compactMap(\.at).max() else { return nil }
        let (recent, before) = (
            last.adding(days: -Int64(growthDays)), last.adding(days: -Int64(growthDays + growthBaseDays))
        )
        let late = members.filter { $0.at.map { $0 > recent } ?? false }
        let early = members.count { $0.at.map { $0 > before && $0 <= recent } ?? false }
        let tail = ExactTail.binomial(
            atLeast: late.count - 1, of: late.count - 1 + early, numerator: growthDays,
            denominator: growthDays + growthBaseDays)
        let points = tail <= 0.0001 ? 15 : tail <= 0.001 ? 12 : tail <= 0.01 ? 9 : tail <= 0.05 ? 5 : 0
        guard points > 0 else { return nil }
        return Reason(
            measure: "growth", value: late.count, points: points,
            words: ["p = \(ExactTail.text(tail))", "-60d: \(early)"],
            members: late.map(\.id))
    }

    /// Likes and dislikes: people who looked and cared, worth far less than people who wrote.
    private static func voices(_ members: [MessageDigest]) -> Reason? {
        let voices = members.reduce(0) { $0 + $1.voices - 1 }
        guard voices > 0 else { return nil }
        return Reason(
            measure: "voices", value: voices, points: PointTable([(1, 0), (5, 2), (50, 6), (500, 10)])[voices],
            words: [], members: members.filter { $0.voices > 1 }.map(\.id))
    }

    // MARK: pain

    /// Messages about the same place that came after an earlier one was closed: not really fixed.
    ///
    /// The cause is the same because they are one problem. The place is the same when both name one estate or road, or
    /// when neither names any.
    private static func repeatAfterClosure(_ members: [MessageDigest]) -> Reason? {
        let closed = members.filter { $0.handling.closedAt != nil }
        let later = members.filter { member in
            guard let at = member.at else { return false }
            return closed.contains { fixed in
                guard let closedAt = fixed.handling.closedAt, closedAt < at, fixed.id != member.id else { return false }
                return isSamePlace(fixed, member)
            }
        }
        guard !later.isEmpty else { return nil }
        return Reason(
            measure: "repeat_after_closure", value: later.count,
            points: PointTable([(1, 10), (3, 18), (10, 28), (30, 34)])[later.count], words: [],
            members: later.map(\.id))
    }

    private static func isSamePlace(_ a: MessageDigest, _ b: MessageDigest) -> Bool {
        if let first = a.townshipCode, let second = b.townshipCode, first != second { return false }
        func sites(_ digest: MessageDigest) -> Set<UInt32> {
            digest.with(.sites) { Set($0.map { PackedSite(word: $0).hash }) }
        }
        let (first, second) = (sites(a), sites(b))
        return first.isEmpty || second.isEmpty
            ? first.isEmpty && second.isEmpty : !first.isDisjoint(with: second)
    }

    /// Days from the first message to the last, or to the last closing where that is later.
    private static func duration(_ members: [MessageDigest]) -> Reason? {
        let times = members.compactMap(\.at)
        guard let first = times.min(), let last = (times + members.compactMap(\.handling.closedAt)).max() else {
            return nil
        }
        let days = Int(last.milliseconds(since: first) / Instant.millisecondsPerDay)
        return Reason(
            measure: "duration", value: days,
            points: PointTable([(7, 2), (30, 5), (90, 9), (180, 12), (365, 16)])[days], words: [], members: [])
    }

    private static func transfers(_ members: [MessageDigest]) -> Reason? {
        let sent = members.filter { $0.handling.transfers > 0 }
        let total = sent.reduce(0) { $0 + $1.handling.transfers }
        guard total > 0 else { return nil }
        return Reason(
            measure: "transfers", value: total, points: PointTable([(1, 3), (3, 7), (10, 12)])[total], words: [],
            members: sent.map(\.id))
    }
}

/// Points between given values, linear and in whole points; flat beyond the last, none before the first.
struct PointTable: Sendable {
    private let steps: [(value: Int, points: Int)]
    init(_ steps: [(value: Int, points: Int)]) { self.steps = steps }

    subscript(value: Int) -> Int {
        guard let first = steps.first, value >= first.value else { return 0 }
        for (low, high) in zip(steps, steps.dropFirst()) where value < high.value {
            return low.points + (high.points - low.points) * (value - low.value) / (high.value - low.value)
        }
        return steps[steps.count - 1].points
    }
}

extension ProblemScores {
    /// The total leads with how many are hit: (4 × frequency + 3 × urgency + 3 × pain + 5) ÷ 10, whole.
    init(frequency: Score, urgency: Score, pain: Score) {
        self.init(
            frequency: frequency, urgency: urgency, pain: pain,
            total: (frequency.points * 4 + urgency.points * 3 + pain.points * 3 + 5) / 10)
    }
}
