package import Core
internal import Store

/// How a case stands against its plan. Computed; a person may only make it worse, or with a recorded approval.
package enum Light: String, Sendable, CaseIterable, Comparable {
    case green, yellow, red

    /// As stored: 0 green, 1 yellow, 2 red.
    package var rank: Int64 {
        switch self {
        case .green: 0
        case .yellow: 1
        case .red: 2
        }
    }

    package init?(rank: Int64) {
        switch rank {
        case 0: self = .green
        case 1: self = .yellow
        case 2: self = .red
        default: return nil
        }
    }

    package static func < (left: Light, right: Light) -> Bool { left.rank < right.rank }
}

/// What the light of a case is computed from.
package struct LightBasis: Sendable, Equatable {
    package var isOpen: Bool
    /// The last millisecond in time; nil where there is no deadline.
    package var dueAt: Instant?
    /// From here on the light is yellow.
    package var warnAt: Instant?
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
        self.warnAt = warnAt
        self.closedAt = closedAt
        self.floor = floor
        self.approved = approved
    }

    /// Red strictly after the deadline, also for what was closed late; yellow from the warning on.
    package func light(at now: Instant) -> Light {
        if let approved, isOpen, approved.until >= now { return approved.light }
        if let dueAt, (isOpen ? now : closedAt ?? now) > dueAt { return .red }
        guard isOpen else { return .green }
        if let warnAt, now >= warnAt { return max(.yellow, floor) }
        return floor
    }

    package static func == (left: LightBasis, right: LightBasis) -> Bool {
        left.isOpen == right.isOpen && left.dueAt == right.dueAt && left.warnAt == right.warnAt
            && left.closedAt == right.closedAt && left.floor == right.floor
            && left.approved?.light == right.approved?.light && left.approved?.until == right.approved?.until
    }
}

extension LightBasis {
    init(_ row: Row) throws {
        self.init(
            isOpen: try row.get("is_open"), dueAt: try row.getOptional("due_at_ms"),
            warnAt: try row.getOptional("warn_at_ms"), closedAt: try row.getOptional("closed_at_ms"),
            floor: Light(rank: try row.get("light_floor")) ?? .green)
        if let rank: Int64 = try row.getOptional("light_approved"), let light = Light(rank: rank),
            let until: Instant = try row.getOptional("light_approved_until_ms")
        {
            approved = (light, until)
        }
    }
}
