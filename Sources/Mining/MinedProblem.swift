package import Core

/// A group of appeals about the same concrete problem, with its scores and what made them.
package struct MinedProblem: Sendable, Equatable {
    /// Members in ascending order of id; at least two.
    package let members: [Int64]
    package let title: String
    /// The place the members share, as written most often; empty when they name none.
    package let place: String
    package let townshipCode: String?
    /// Distinct people; unknown authors count as one person each.
    package let people: Int
    package let firstAt: Instant?
    package let lastAt: Instant?
    package let scores: ProblemScores

    package init(
        members: [Int64], title: String, place: String, townshipCode: String?, people: Int, firstAt: Instant?,
        lastAt: Instant?, scores: ProblemScores
    ) {
        self.members = members
        self.title = title
        self.place = place
        self.townshipCode = townshipCode
        self.people = people
        self.firstAt = firstAt
        self.lastAt = lastAt
        self.scores = scores
    }
}

/// 高频 · 急难 · 痛点, each 0…100 in whole points, with its reasons.
package struct ProblemScores: Sendable, Equatable {
    package let frequency: Score
    package let urgency: Score
    package let pain: Score
    /// Weighted total, 0…100.
    package let total: Int

    package struct Score: Sendable, Equatable {
        package let points: Int
        package let reasons: [Reason]
        package init(points: Int, reasons: [Reason]) {
            self.points = points
            self.reasons = reasons
        }
    }

    /// One part of a score: which measure, its value, the points it gave, and the appeals and words behind it.
    package struct Reason: Sendable, Equatable {
        /// Stable name of the measure: `count`, `people`, `growth`, `danger_words`, `time_limit_words`,
        /// `repeat_after_closure`, `dissatisfied`, `duration`, `transfers`.
        package let measure: String
        package let value: Int
        package let points: Int
        package let words: [String]
        package let members: [Int64]
        package init(measure: String, value: Int, points: Int, words: [String], members: [Int64]) {
            self.measure = measure
            self.value = value
            self.points = points
            self.words = words
            self.members = members
        }
    }

    package init(frequency: Score, urgency: Score, pain: Score, total: Int) {
        self.frequency = frequency
        self.urgency = urgency
        self.pain = pain
        self.total = total
    }
}

/// Why two appeals are held to be the same problem, or two: the sentence parts a page shows, and what each kind of
/// evidence did to the score.
package struct PairEvidence: Sendable, Equatable {
    /// What speaks for or against one problem. `staff` is what was learnt from their decisions (`PairAdjustment`).
    package enum Kind: String, Sendable, CaseIterable {
        case place, issue, wording, people, time, staff
        static let learnt: [Kind] = [.place, .issue, .wording, .people, .time]
    }
    /// One kind's part of the score, in thousandths of log-odds; above zero it speaks for one problem.
    package struct Share: Sendable, Equatable {
        package let kind: Kind
        package let points: Int
    }

    package let reasons: PairReasons
    /// Log-odds in thousandths: `startingPoints` and the points of all `shares`, summed.
    package let points: Int
    /// Where every pair starts, before anything of it is known.
    package let startingPoints: Int
    /// One per kind, in the order of `Kind`; `staff` only where something was learnt.
    package let shares: [Share]
}

/// How likely two appeals are one problem, and what they have in common: the sentence parts a list shows.
package struct PairReasons: Sendable, Equatable {
    /// Probability of being the same problem, in thousandths.
    package let permille: Int
    package let sharedPlaces: [String]
    package let sharedIssueWords: [String]
    /// Wording shared, in percent.
    package let wordingPercent: Int
    package let isSameAuthor: Bool
    /// Between their points on the map; nil when one has none. Part of what `place` did.
    package let metresApart: Int?
    package let daysApart: Int?
}
