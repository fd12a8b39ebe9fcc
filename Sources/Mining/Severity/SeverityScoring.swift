/// The parts of urgency and pain that come from what the messages say.
struct SeverityScoring {
    private let members: [MessageDigest]
    private let lexicon: SeverityLexicon

    private typealias Reason = ProblemScores.Reason

    init(_ members: [MessageDigest], lexicon: SeverityLexicon) {
        self.members = members
        self.lexicon = lexicon
    }

    /// Danger up to 60, deadlines up to 18, vulnerable people up to 12, crowds up to 10.
    var urgency: [ProblemScores.Reason?] {
        [
            reason("danger_words", .danger, byLevel: [10, 26, 44], byShare: [(1, 2), (25, 6), (50, 10), (100, 16)]),
            reason(
                "time_limit_words", .deadline, byLevel: [5, 10, 10], byShare: [(1, 1), (25, 3), (50, 5), (100, 8)]),
            reason("vulnerable_people", .vulnerable, byShare: [(1, 3), (25, 7), (50, 10), (100, 12)]),
            reason("crowd", .crowd, byShare: [(1, 3), (25, 6), (50, 8), (100, 10)]),
        ]
    }

    /// People who wrote again, and words of repetition.
    var repeated: ProblemScores.Reason? {
        let authors = Dictionary(grouping: members.filter { $0.author != 0 }, by: \.author)
        let again = Set(authors.values.filter { $0.count > 1 }.flatMap { $0.map(\.id) })
        let saying = members.filter { $0.signals.has(.repeated) }
        let all = again.union(saying.map(\.id)).sorted()
        guard !all.isEmpty else { return nil }
        return Reason(
            measure: "repeated", value: all.count,
            points: PointTable([(1, 3), (50, 9), (100, 16)])[all.count * 100 / members.count],
            words: names(saying.flatMap { $0.signals.of(.repeated) }), members: all)
    }

    /// What people say, up to 18, and how they rated, up to 18; together up to 22.
    var dissatisfied: ProblemScores.Reason? {
        let rated = members.filter(\.handling.isDissatisfied).map(\.id)
        let said = reason("dissatisfied", .dissatisfied, byLevel: [4, 8, 8], byShare: [(1, 2), (50, 6), (100, 10)])
        if rated.isEmpty { return said }
        let all = Set(said?.members ?? []).union(rated).sorted()
        let byShare = PointTable([(1, 6), (25, 10), (50, 14), (100, 18)])[max(1, rated.count * 100 / members.count)]
        let points = (said?.points ?? 0) + byShare
        return Reason(
            measure: "dissatisfied", value: all.count, points: min(22, points), words: said?.words ?? [], members: all)
    }

    /// Points for the gravest level any message reaches, and for the share of messages, in percent, that say it at all.
    private func reason(
        _ measure: String, _ kind: SeverityLexicon.Kind, byLevel: [Int] = [], byShare: [(value: Int, points: Int)]
    ) -> Reason? {
        let saying = members.filter { $0.signals.has(kind) }
        let signs = saying.flatMap { $0.signals.of(kind) }
        guard let gravest = signs.map({ Int($0.level) }).max() else { return nil }
        let share = max(1, saying.count * 100 / members.count)
        let level = byLevel.isEmpty ? 0 : byLevel[min(gravest, byLevel.count) - 1]
        return Reason(
            measure: measure, value: saying.count, points: level + PointTable(byShare)[share], words: names(signs),
            members: saying.map(\.id))
    }

    /// The words as they are meant, gravest and most used first, at most eight.
    private func names(_ signs: [SeveritySign]) -> [String] {
        var counts: [String: (level: UInt8, count: Int, term: UInt16)] = [:]
        for sign in signs {
            let text = lexicon.text(of: sign)
            counts[text, default: (sign.level, 0, sign.term)].count += 1
        }
        let ranked = counts.sorted {
            ($1.value.level, $1.value.count, $0.value.term, $0.key)
                < ($0.value.level, $0.value.count, $1.value.term, $1.key)
        }
        return ranked.prefix(8).map(\.key)
    }
}
