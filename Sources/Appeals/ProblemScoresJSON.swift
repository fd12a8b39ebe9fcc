internal import Foundation
internal import Mining

/// The reasons behind the three scores, as the `reasons` column keeps them.
enum ProblemScoresJSON {
    private struct Stored: Codable {
        var frequency: [Reason]
        var urgency: [Reason]
        var pain: [Reason]
    }
    private struct Reason: Codable {
        var measure: String
        var value: Int
        var points: Int
        var words: [String]
        var members: [Int64]
    }

    static func encode(_ scores: ProblemScores) throws -> String {
        func reasons(_ score: ProblemScores.Score) -> [Reason] {
            score.reasons.map {
                Reason(measure: $0.measure, value: $0.value, points: $0.points, words: $0.words, members: $0.members)
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let stored = Stored(
            frequency: reasons(scores.frequency), urgency: reasons(scores.urgency), pain: reasons(scores.pain))
        return String(decoding: try encoder.encode(stored), as: UTF8.self)
    }

    /// An empty text stands for reasons that were not read. The points come from columns of their own, so that lists
    /// sort by them.
    static func decode(_ text: String, frequency: Int, urgency: Int, pain: Int, total: Int) throws -> ProblemScores {
        let stored =
            text.isEmpty
            ? Stored(frequency: [], urgency: [], pain: [])
            : try JSONDecoder().decode(Stored.self, from: Data(text.utf8))
        func score(_ points: Int, _ reasons: [Reason]) -> ProblemScores.Score {
            ProblemScores.Score(
                points: points,
                reasons: reasons.map {
                    ProblemScores.Reason(
                        measure: $0.measure, value: $0.value, points: $0.points, words: $0.words, members: $0.members)
                })
        }
        return ProblemScores(
            frequency: score(frequency, stored.frequency), urgency: score(urgency, stored.urgency),
            pain: score(pain, stored.pain), total: total)
    }
}
