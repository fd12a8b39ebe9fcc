internal import Casework
package import Web

/// Who may do what to a problem: the digital office decides what is one and whose it is, the lead unit solves it.
package enum ProblemPermission {
    /// Merging, splitting, renaming, pinning.
    package static func mayShape(_ account: Visitor.Account) -> Bool { account.roles.contains(.digitalOffice) }

    /// - Parameter lead: the unit that has the problem; nil while none has.
    package static func may(_ event: ProblemEvent, _ account: Visitor.Account, lead: String?) -> Bool {
        if account.roles.contains(.digitalOffice) { return true }
        guard let unit = account.unitCode, unit == lead else { return false }
        switch event {
        // Whether it is a problem, whose it is and whether it is really solved is not for the unit that is judged.
        case .confirm, .assign, .reopen, .dismiss, .restore: return false
        case .start: return !account.roles.isDisjoint(with: [.unitStaff, .unitHead])
        // Giving back and calling it solved bind the whole unit.
        case .sendBack, .solve: return account.roles.contains(.unitHead)
        }
    }

    /// The digital office, and whoever decided it while they still may.
    package static func mayUndo(_ decision: ProblemDecision, _ account: Visitor.Account, lead: String?) -> Bool {
        if mayShape(account) { return true }
        guard case .move(let event) = decision.kind, decision.personID == account.personID else { return false }
        return may(event, account, lead: lead)
    }
}
