package import Core

/// A case about to be opened.
package struct NewCase: Sendable {
    package var id: ID<CaseFile>
    package var kind: String
    package var title: String
    package var state: String
    package var isOpen: Bool
    package var leadUnitCode: String?
    package var supportingUnitCodes: [String]
    package var townshipCode: String?
    package var openedAt: Instant
    package var deadline: Deadline?
    /// What the plan makes of its light; nil where the deadline alone does.
    package var pace: Pace?
    package var closedAt: Instant?
    /// What full-text search finds the case by, besides its title. Kept by the domain, for the index keeps no copy.
    package var searchText: String
    package var actor: Actor
    /// The first event of the timeline, by its name.
    package var event: String
    package var detail: String

    package init(
        id: ID<CaseFile>, kind: String, title: String, state: String, isOpen: Bool, leadUnitCode: String? = nil,
        supportingUnitCodes: [String] = [], townshipCode: String? = nil, openedAt: Instant, deadline: Deadline? = nil,
        pace: Pace? = nil, closedAt: Instant? = nil, searchText: String, actor: Actor, event: String, detail: String
    ) {
        self.id = id
        self.kind = kind
        self.title = title
        self.state = state
        self.isOpen = isOpen
        self.leadUnitCode = leadUnitCode
        self.supportingUnitCodes = supportingUnitCodes
        self.townshipCode = townshipCode
        self.openedAt = openedAt
        self.deadline = deadline
        self.pace = pace
        self.closedAt = closedAt
        self.searchText = searchText
        self.actor = actor
        self.event = event
        self.detail = detail
    }
}
