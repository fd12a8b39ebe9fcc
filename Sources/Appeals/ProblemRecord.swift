package import Core
package import Mining

/// A problem of the district as the database keeps it: a group of appeals about one concrete matter, with scores.
///
/// `Core.Problem` is an error; this is 问题.
package struct ProblemRecord: Sendable, Equatable {
    package let id: ID<ProblemRecord>
    /// As staff named it, or else as it was mined.
    package var title: String { handling.name ?? minedTitle }
    package let minedTitle: String
    /// As most of its appeals write it; empty when they name none.
    package let place: String
    package let townshipCode: String?
    package let topic: String?
    /// Number of appeals.
    package let size: Int
    /// Distinct people; whoever writes sixty times is one.
    package let people: Int
    package let firstAt: Instant?
    package let lastAt: Instant?
    package let scores: ProblemScores
    /// Median of the points its appeals carry.
    package let point: Coordinate?
    package let updatedAt: Instant
    /// Set once its appeals have gone to another problem, or apart: the page stays and says so.
    package let retiredAt: Instant?
    /// Where most of its appeals went.
    package let mergedInto: ID<ProblemRecord>?
    package let handling: Handling

    /// What staff made of it; the miner never touches this.
    package struct Handling: Sendable, Equatable {
        /// Nil while nobody has given it another name than the mined one.
        package var name: String?
        package var state = ProblemState.found
        /// When it came into that state; nil for one that is found.
        package var stateAt: Instant?
        package var isPinned = false
        /// Counts decisions; a form that saw an older version is refused.
        package var version = 0

        package init() {}
    }

    package init(
        id: ID<ProblemRecord>, title: String, place: String, townshipCode: String?, topic: String?, size: Int,
        people: Int, firstAt: Instant?, lastAt: Instant?, scores: ProblemScores, point: Coordinate?,
        updatedAt: Instant, retiredAt: Instant?, mergedInto: ID<ProblemRecord>?, handling: Handling = Handling()
    ) {
        self.id = id
        minedTitle = title
        self.place = place
        self.townshipCode = townshipCode
        self.topic = topic
        self.size = size
        self.people = people
        self.firstAt = firstAt
        self.lastAt = lastAt
        self.scores = scores
        self.point = point
        self.updatedAt = updatedAt
        self.retiredAt = retiredAt
        self.mergedInto = mergedInto
        self.handling = handling
    }

    /// Held for solved, and reported again since.
    package var isBackAfterSolved: Bool {
        guard handling.state == .solved, let solved = handling.stateAt, let last = lastAt else { return false }
        return last > solved
    }

    /// Everything that is mined but the time of the last change; equal fingerprints need no write.
    func isSame(as other: ProblemRecord) -> Bool {
        minedTitle == other.minedTitle && place == other.place && townshipCode == other.townshipCode
            && topic == other.topic
            && size == other.size && people == other.people && firstAt == other.firstAt && lastAt == other.lastAt
            && scores == other.scores && point == other.point && retiredAt == other.retiredAt
            && mergedInto == other.mergedInto
    }
}
