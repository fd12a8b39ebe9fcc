package import Casework
package import Core

/// Where one task's report of a round stands: the unit fills it in, its head confirms, the digital office checks.
package enum ReportState: String, Sendable, CaseIterable {
    case due, filled, confirmed, checked, returned

    package var title: Bilingual {
        switch self {
        case .due: Bilingual(zh: "待填报", en: "To be filled in")
        case .filled: Bilingual(zh: "待确认", en: "To be confirmed")
        case .confirmed: Bilingual(zh: "待核实", en: "To be checked")
        case .checked: Bilingual(zh: "已核实", en: "Checked")
        case .returned: Bilingual(zh: "已退回", en: "Sent back")
        }
    }

    /// - Throws: `MechanismError.reportEventNotPossible` for every pair the flow does not have.
    package func after(_ event: ReportEvent) throws(MechanismError) -> ReportState {
        switch (self, event) {
        case (.due, .fill), (.filled, .fill), (.returned, .fill): .filled
        case (.filled, .confirm): .confirmed
        case (.confirmed, .check): .checked
        case (.filled, .sendBack), (.confirmed, .sendBack): .returned
        default: throw .reportEventNotPossible(event, in: self)
        }
    }

    /// Whether the unit has done its part.
    package var isHandedIn: Bool { self == .confirmed || self == .checked }
}

package enum ReportEvent: String, Sendable, CaseIterable {
    case fill, confirm, check
    case sendBack = "send_back"

    package var title: Bilingual {
        switch self {
        case .fill: Bilingual(zh: "填报", en: "Fill in")
        case .confirm: Bilingual(zh: "确认", en: "Confirm")
        case .check: Bilingual(zh: "核实", en: "Check")
        case .sendBack: Bilingual(zh: "退回", en: "Send back")
        }
    }
}

/// One month or quarter for which units report on their tasks.
package struct ReportRound: Sendable, Equatable {
    package enum Period: String, Sendable, CaseIterable {
        case month, quarter

        package var title: Bilingual {
            switch self {
            case .month: Bilingual(zh: "月报", en: "Monthly")
            case .quarter: Bilingual(zh: "季报", en: "Quarterly")
            }
        }

        /// The period that holds a day.
        package func span(around day: Day) -> ClosedRange<Day> {
            let parts = day.parts
            let months = self == .month ? 1 : 3
            let first = self == .month ? parts.month : (parts.month - 1) / 3 * 3 + 1
            let start = Day(year: parts.year, month: first, day: 1) ?? day
            return start...start.adding(months: months).adding(days: -1)
        }
    }

    package let id: ID<ReportRound>
    package let period: Period
    package let first: Day
    package let last: Day
    /// The last day in time.
    package let due: Day
    package let isOpen: Bool
    package let openedAt: Instant

    package init(
        id: ID<ReportRound>, period: Period, first: Day, last: Day, due: Day, isOpen: Bool, openedAt: Instant
    ) {
        self.id = id
        self.period = period
        self.first = first
        self.last = last
        self.due = due
        self.isOpen = isOpen
        self.openedAt = openedAt
    }

    package var title: Bilingual {
        let (year, month, _) = first.parts
        return switch period {
        case .month:
            Bilingual(zh: "\(year)年\(month)月月报", en: "Monthly report \(year)-\(Day.padded(month, 2))")
        case .quarter:
            Bilingual(zh: "\(year)年第\((month + 2) / 3)季度季报", en: "Quarterly report \(year) Q\((month + 2) / 3)")
        }
    }
}

/// What a unit says of one task in one round.
package struct TaskReport: Sendable, Equatable {
    package let id: ID<TaskReport>
    package let roundID: ID<ReportRound>
    package let taskID: ID<CaseFile>
    package let unitCode: String
    package var state: ReportState
    package var text: String
    package var difficulties: String
    package var nextSteps: String
    /// Permille of each milestone, in the order of the plan; empty until it is filled in.
    package var permilles: [Int]
    package var progressPPM: Int
    /// Why it was sent back.
    package var note: String
    package var filledBy: Int64?
    package var filledAt: Instant?
    package var confirmedBy: Int64?
    package var confirmedAt: Instant?
    package var checkedBy: Int64?
    package var checkedAt: Instant?
    package let version: Int

    /// Late when the unit's part was not done by the end of the last day, or is not now.
    package func isLate(_ round: ReportRound, now: Instant, in zone: TimeZoneOffset) -> Bool {
        let end = round.due.adding(days: 1).start(in: zone)
        return (confirmedAt ?? now) >= end
    }
}

package struct Evidence: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable { case attachment, `case`, fact }
    package let kind: Kind
    /// The attachment's or case's identifier, or the fact's key.
    package let reference: String
    package let title: String

    package init(kind: Kind, reference: String, title: String) {
        self.kind = kind
        self.reference = reference
        self.title = title
    }
}
