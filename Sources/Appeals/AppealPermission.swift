package import Casework
internal import Core
package import Web

/// Who may do what to an appeal: the digital office runs the flow, the lead unit handles.
package enum AppealPermission {
    package static func may(
        _ event: AppealEvent, _ account: Visitor.Account, on file: CaseFile, supporting: [String]
    ) -> Bool {
        if account.roles.contains(.digitalOffice) { return true }
        guard let unit = account.unitCode else { return false }
        let isLead = unit == file.leadUnitCode
        switch event {
        // Dispatching, asking the resident and closing are not for the unit that is judged by them.
        case .take, .dispatch, .callBack, .close, .redo:
            return false
        // More time is for the head of the unit to ask.
        case .extend:
            return isLead && account.roles.contains(.unitHead)
        case .countersign:
            return (isLead || supporting.contains(unit)) && isOfUnit(account)
        case .accept, .reject, .contact, .handle, .submit:
            return isLead && isOfUnit(account)
        }
    }

    private static func isOfUnit(_ account: Visitor.Account) -> Bool {
        !account.roles.isDisjoint(with: [.unitStaff, .unitHead])
    }
}
