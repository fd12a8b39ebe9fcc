package import Core
internal import Store

/// How a case stands against its plan. Computed; a person may only make it worse, or with a recorded approval.
package enum Light: String, Sendable, CaseIterable, Comparable {
    case green
    /// Near its due date, and nothing is wrong yet.
    case blue
    case yellow, red

    /// From best to worst, as statements compute it.
    package var rank: Int64 {
        switch self {
        case .green: 0
        case .blue: 1
        case .yellow: 2
        case .red: 3
        }
    }

    package init?(rank: Int64) {
        guard let light = Self.allCases.first(where: { $0.rank == rank }) else { return nil }
        self = light
    }

    /// As a person's judgement is stored: 0 green, 1 yellow, 2 red. Blue is the calendar's, never a person's.
    var judgement: Int64? {
        switch self {
        case .green: 0
        case .blue: nil
        case .yellow: 1
        case .red: 2
        }
    }

    init?(judgement: Int64) {
        guard let light = Self.allCases.first(where: { $0.judgement == judgement }) else { return nil }
        self = light
    }

    /// What a person may make of a light.
    package static let judgements: [Light] = [.green, .yellow, .red]

    package static func < (left: Light, right: Light) -> Bool { left.rank < right.rank }
}

/// From when a plan makes a light worse, should nothing happen until then. The domain works it out whenever plan or
/// progress change, so that lights need no nightly run and no clock of their own.
package struct Pace: Sendable, Equatable {
    /// Blue from here on: the due date is near.
    package var noticeAt: Instant?
    package var warnAt: Instant?
    /// Red from here on, though it may not be due yet.
    package var redAt: Instant?

    package init(noticeAt: Instant? = nil, warnAt: Instant? = nil, redAt: Instant? = nil) {
        self.noticeAt = noticeAt
        self.warnAt = warnAt
        self.redAt = redAt
    }
}

/// What the light of a case is computed from.
package struct LightBasis: Sendable, Equatable {
    package var isOpen: Bool
    /// The last millisecond in time; nil where there is no deadline.
    package var dueAt: Instant?
    package var pace: Pace
    package var closedAt: Instant?
    /// What a person made of it: the light of an open case is no better.
    package var floor: Light
    /// A light that was approved, and the last instant at which the approval holds.
    package var approved: (light: Light, until: Instant)?

    package init(
        isOpen: Bool, dueAt: Instant?, warnAt: Instant?, closedAt: Instant?, floor: Light = .green,
        approved: (light: Light, until: Instant)? = nil
    ) {
        self.isOpen = isOpen
        self.dueAt = dueAt
        pace = Pace(warnAt: warnAt)
        self.closedAt = closedAt
        self.floor = floor
        self.approved = approved
    }

    /// Red strictly after the deadline, also for what was closed late; red, yellow and blue from their instants on.
    package func light(at now: Instant) -> Light {
        if let approved, isOpen, approved.until >= now { return approved.light }
        if let dueAt, (isOpen ? now : closedAt ?? now) > dueAt { return .red }
        guard isOpen else { return .green }
        func isPast(_ instant: Instant?) -> Bool { instant.map { $0 <= now } ?? false }
        if isPast(pace.redAt) { return .red }
        if isPast(pace.warnAt) { return max(.yellow, floor) }
        if isPast(pace.noticeAt) { return max(.blue, floor) }
        return floor
    }

    package static func == (left: LightBasis, right: LightBasis) -> Bool {
        left.isOpen == right.isOpen && left.dueAt == right.dueAt && left.pace == right.pace
            && left.closedAt == right.closedAt && left.floor == right.floor
            && left.approved?.light == right.approved?.light && left.approved?.until == right.approved?.until
    }
}

extension LightBasis {
    init(_ row: Row) throws {
        self.init(
            isOpen: try row.get("is_open"), dueAt: try row.getOptional("due_at_ms"),
            warnAt: try row.getOptional("warn_at_ms"), closedAt: try row.getOptional("closed_at_ms"),
            floor: Light(judgement: try row.get("light_floor")) ?? .green)
        pace.noticeAt = try row.getOptional("notice_at_ms")
        pace.redAt = try row.getOptional("red_at_ms")
        if let judgement: Int64 = try row.getOptional("light_approved"), let light = Light(judgement: judgement),
            let until: Instant = try row.getOptional("light_approved_until_ms")
        {
            approved = (light, until)
        }
    }
}
