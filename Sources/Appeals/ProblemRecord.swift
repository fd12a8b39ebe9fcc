package import Core
package import Mining

/// A problem of the district as the database keeps it: a group of appeals about one concrete matter, with scores.
///
/// `Core.Problem` is an error; this is 问题.
package struct ProblemRecord: Sendable, Equatable {
    package let id: ID<ProblemRecord>
    package let title: String
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

    package init(
        id: ID<ProblemRecord>, title: String, place: String, townshipCode: String?, topic: String?, size: Int,
        people: Int, firstAt: Instant?, lastAt: Instant?, scores: ProblemScores, point: Coordinate?,
        updatedAt: Instant, retiredAt: Instant?, mergedInto: ID<ProblemRecord>?
    ) {
        self.id = id
        self.title = title
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
    }

    /// Everything a reader sees but the time of the last change; equal fingerprints need no write.
    func isSame(as other: ProblemRecord) -> Bool {
        title == other.title && place == other.place && townshipCode == other.townshipCode && topic == other.topic
            && size == other.size && people == other.people && firstAt == other.firstAt && lastAt == other.lastAt
            && scores == other.scores && point == other.point && retiredAt == other.retiredAt
            && mergedInto == other.mergedInto
    }
}
