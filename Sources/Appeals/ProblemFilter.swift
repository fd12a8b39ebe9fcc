package import Core

/// Which problems a list shows, and in what order.
package struct ProblemFilter: Sendable, Equatable {
    package enum Sort: String, Sendable, CaseIterable {
        case score, frequency, urgency, pain, size, people, title
        case firstAt = "first"
        case lastAt = "last"
    }

    /// Part of the title or the place.
    package var search: String
    package var townshipCodes: [String]
    package var topics: [String]
    package var peopleMin: Int
    /// Problems with an appeal at or after this time.
    package var activeSince: Instant?
    /// True: with an appeal still being handled; false: all of them closed; nil: either.
    package var hasOpenAppeals: Bool?
    /// Empty for all but the dismissed ones.
    package var states: [ProblemState] = []
    /// Dismissed ones too, where no state is asked for.
    package var hasDismissed = false
    /// The unit that has the problem.
    package var leadUnitCode: String?
    package var sort: Sort
    package var isDescending: Bool

    package init(
        search: String = "", townshipCodes: [String] = [], topics: [String] = [], peopleMin: Int = 0,
        activeSince: Instant? = nil, hasOpenAppeals: Bool? = nil, sort: Sort = .score, isDescending: Bool = true
    ) {
        self.search = search
        self.townshipCodes = townshipCodes
        self.topics = topics
        self.peopleMin = peopleMin
        self.activeSince = activeSince
        self.hasOpenAppeals = hasOpenAppeals
        self.sort = sort
        self.isDescending = isDescending
    }
}
