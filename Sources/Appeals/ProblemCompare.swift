package import Core

/// Two stretches of time that problems are compared over.
package struct ProblemPeriods: Sendable, Equatable {
    package struct Range: Sendable, Equatable {
        package let from: Day
        /// The last day that counts.
        package let to: Day

        package init?(from: Day, to: Day) {
            guard from <= to else { return nil }
            self.from = from
            self.to = to
        }

        package func start(in zone: TimeZoneOffset) -> Instant { from.start(in: zone) }
        package func end(in zone: TimeZoneOffset) -> Instant { to.adding(days: 1).start(in: zone) }
    }

    package let first: Range
    package let second: Range

    package init(first: Range, second: Range) {
        self.first = first
        self.second = second
    }

    /// The last thirty days up to a day, and the thirty before.
    package static func usual(endingAt last: Day) -> ProblemPeriods {
        let middle = last.adding(days: -30)
        return ProblemPeriods(
            first: Range(from: last.adding(days: -59), to: middle) ?? Range(day: middle),
            second: Range(from: last.adding(days: -29), to: last) ?? Range(day: last))
    }
}

extension ProblemPeriods.Range {
    /// One day.
    init(day: Day) {
        from = day
        to = day
    }
}

/// How a problem changed from one period to the other.
package enum ProblemChange: String, Sendable, CaseIterable {
    case new, grown, same, shrunk, gone

    package init(first: Int, second: Int) {
        self =
            first == 0 && second > 0
            ? .new : second == 0 && first > 0 ? .gone : second > first ? .grown : second < first ? .shrunk : .same
    }
}

/// What a comparison says of one problem.
package struct ProblemComparison: Sendable, Equatable {
    package let problem: ID<ProblemRecord>
    package let title: String
    package let townshipCode: String?
    package let state: ProblemState
    package let firstSize: Int
    package let firstPeople: Int
    package let secondSize: Int
    package let secondPeople: Int

    package var difference: Int { secondSize - firstSize }
    package var change: ProblemChange { ProblemChange(first: firstSize, second: secondSize) }
}
