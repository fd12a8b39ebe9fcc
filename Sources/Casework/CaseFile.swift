package import Core

/// One case of any kind: the spine that appeals, tasks, demands and proposals share. It knows no domain.
package struct CaseFile: Sendable, Equatable {
    package let id: ID<CaseFile>
    /// The kind's name, as registered by its domain: `appeal`.
    package let kind: String
    /// For people: `PT-20210419-00001`. Unique in the district.
    package let number: String
    package let title: String
    /// The state's name in the kind's own state machine.
    package let state: String
    /// False once the state is final, so that worklists need not know the kind's states.
    package let isOpen: Bool
    /// Exactly one unit leads once the case is dispatched.
    package let leadUnitCode: String?
    package let townshipCode: String?
    package let openedAt: Instant
    package let dueAt: Instant?
    package let closedAt: Instant?
    package let light: Light
    /// Counts moves; a form that saw an older version is refused.
    package let version: Int

    package init(
        id: ID<CaseFile>, kind: String, number: String, title: String, state: String, isOpen: Bool,
        leadUnitCode: String?, townshipCode: String?, openedAt: Instant, dueAt: Instant?, closedAt: Instant?,
        light: Light, version: Int
    ) {
        self.id = id
        self.kind = kind
        self.number = number
        self.title = title
        self.state = state
        self.isOpen = isOpen
        self.leadUnitCode = leadUnitCode
        self.townshipCode = townshipCode
        self.openedAt = openedAt
        self.dueAt = dueAt
        self.closedAt = closedAt
        self.light = light
        self.version = version
    }
}

/// Who did something to a case.
package enum Actor: Sendable, Equatable {
    case person(id: Int64, unitCode: String?)
    /// A job or import of the system, by name.
    case system(String)
    /// A visitor without an account.
    case resident
}

/// What a domain says of its kind of case, once, at start.
package struct CaseKind: Sendable, Equatable {
    package let name: String
    package let title: Bilingual
    /// State name → what it is called, in the order of the board.
    package let states: [(name: String, title: Bilingual, isOpen: Bool)]
    /// Numbers without a gap cost a lock per case; official letters need them, appeals do not.
    package let isGapless: Bool
    /// Where a case of this kind is shown: `/desk/appeals`, to which its id is added.
    package let path: String
    /// Event name → what the timeline calls it.
    package let eventTitles: [String: Bilingual]
    /// The pattern of its numbers where a profile, perhaps older than the kind, has none.
    package let numberPattern: String?
    /// Dates change by the domain's own procedure; the spine offers no extension.
    package let hasOwnDeadlines: Bool

    package init(
        name: String, title: Bilingual, states: [(name: String, title: Bilingual, isOpen: Bool)], isGapless: Bool,
        path: String, eventTitles: [String: Bilingual] = [:], numberPattern: String? = nil,
        hasOwnDeadlines: Bool = false
    ) {
        self.name = name
        self.title = title
        self.states = states
        self.isGapless = isGapless
        self.path = path
        self.eventTitles = eventTitles
        self.numberPattern = numberPattern
        self.hasOwnDeadlines = hasOwnDeadlines
    }

    package func title(ofState state: String) -> Bilingual {
        states.first { $0.name == state }?.title ?? Bilingual(zh: state, en: state)
    }

    package static func == (left: CaseKind, right: CaseKind) -> Bool { left.name == right.name }
}
