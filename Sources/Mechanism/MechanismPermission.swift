internal import Casework
package import Web

/// Who may do what with tasks and reports. The rules of the spine hold besides.
package enum MechanismPermission {
    package static func steers(_ account: Visitor.Account) -> Bool {
        !account.roles.isDisjoint(with: [.digitalOffice, .leader])
    }

    private static func isOf(_ account: Visitor.Account, _ unit: String?) -> Bool {
        unit != nil && account.unitCode == unit && !account.roles.isDisjoint(with: [.unitStaff, .unitHead])
    }

    private static func isHead(_ account: Visitor.Account, of unit: String?) -> Bool {
        isOf(account, unit) && account.roles.contains(.unitHead)
    }

    /// Closing out is never for the units that did the work, whatever else its members are.
    package static func may(
        _ event: TaskEvent, _ account: Visitor.Account, lead: String?, supporting: [String]
    ) -> Bool {
        switch event {
        case .issue, .suspend, .resume, .cancel, .reopen: steers(account)
        case .start: isOf(account, lead) || account.roles.contains(.digitalOffice)
        case .deliver: isHead(account, of: lead)
        case .closeOut, .sendBack: steers(account) && !isInvolved(account, lead: lead, supporting: supporting)
        }
    }

    package static func isInvolved(_ account: Visitor.Account, lead: String?, supporting: [String]) -> Bool {
        guard let unit = account.unitCode else { return false }
        return unit == lead || supporting.contains(unit)
    }

    package static func may(_ event: ReportEvent, _ account: Visitor.Account, unit: String, state: ReportState) -> Bool
    {
        switch event {
        case .fill: isOf(account, unit)
        case .confirm: isHead(account, of: unit)
        case .check: account.roles.contains(.digitalOffice) && account.unitCode != unit
        case .sendBack:
            state == .filled
                ? isHead(account, of: unit) : account.roles.contains(.digitalOffice) && account.unitCode != unit
        }
    }

    /// Staff of the lead unit ask; so does the digital office for them.
    package static func mayAsk(_ account: Visitor.Account, lead: String?) -> Bool {
        isOf(account, lead) || account.roles.contains(.digitalOffice)
    }

    package static func mayDecide(_ kind: TaskChange.Kind, _ account: Visitor.Account) -> Bool {
        switch kind {
        case .due: account.roles.contains(.leader)
        case .target: steers(account)
        }
    }

    package static func mayAnswer(_ account: Visitor.Account, lead: String?) -> Bool { isOf(account, lead) }
}
