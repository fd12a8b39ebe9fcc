package import Core
package import Store
package import Web

/// What waits for an account: one list for each hat the person wears.
package enum WorklistScope: Sendable, Hashable {
    /// Open cases that the unit leads or supports.
    case unit(String)
    /// Open cases that no unit leads yet, for the digital office to dispatch.
    case undispatched
    /// All open cases, for leaders.
    case all

    package static func scopes(of account: Visitor.Account) -> [WorklistScope] {
        var scopes: [WorklistScope] = []
        if account.roles.contains(.digitalOffice) { scopes.append(.undispatched) }
        if account.roles.contains(.leader) { scopes.append(.all) }
        if let unit = account.unitCode, !account.roles.isDisjoint(with: [.unitStaff, .unitHead, .digitalOffice]) {
            scopes.append(.unit(unit))
        }
        return scopes
    }

    package var filter: CaseFilter {
        var filter = CaseFilter.open
        switch self {
        case .unit(let code): filter.unitCode = code
        case .undispatched: filter.isUndispatched = true
        case .all: break
        }
        return filter
    }
}

package struct Worklist: Sendable, Equatable {
    package let scope: WorklistScope
    package let total: Int
    /// How many of all are late.
    package let late: Int
    /// The worst lights first, within them the nearest deadlines.
    package let files: [CaseFile]
}

extension CaseStore {
    package static func worklist(
        _ scope: WorklistScope, limit: Int, offset: Int = 0, now: Instant, in tx: any Transaction
    ) throws -> Worklist {
        let lights = try counts(by: .light, scope.filter, now: now, in: tx)
        return Worklist(
            scope: scope, total: lights.reduce(0) { $0 + $1.count },
            late: lights.first { $0.key == Light.red.rawValue }?.count ?? 0,
            files: try list(
                scope.filter, sort: .light, isDescending: true, limit: limit, offset: offset, now: now, in: tx))
    }
}

/// Who may do what to a case.
package enum CasePermission {
    /// Staff of the units concerned, and the digital office; others look.
    package static func mayAct(_ account: Visitor.Account, on file: CaseFile, supporting: [String]) -> Bool {
        if account.roles.contains(.digitalOffice) { return true }
        guard !account.roles.isDisjoint(with: [.unitStaff, .unitHead]), let unit = account.unitCode else {
            return false
        }
        return unit == file.leadUnitCode || supporting.contains(unit)
    }

    /// Opening what may hold personal data: whoever acts, and leaders. Each opening is in the audit trail.
    package static func mayRead(_ account: Visitor.Account, on file: CaseFile, supporting: [String]) -> Bool {
        account.roles.contains(.leader) || mayAct(account, on: file, supporting: supporting)
    }

    /// Naming the lead unit: the digital office anywhere, the head of the lead unit for its own cases.
    package static func mayAssign(_ account: Visitor.Account, on file: CaseFile) -> Bool {
        if account.roles.contains(.digitalOffice) { return true }
        return account.roles.contains(.unitHead) && account.unitCode != nil && account.unitCode == file.leadUnitCode
    }

    /// More time and better lights: the digital office and leaders.
    package static func mayApprove(_ account: Visitor.Account) -> Bool {
        !account.roles.isDisjoint(with: [.digitalOffice, .leader])
    }

    /// Leaving a case out of the comparison of units: whoever may approve and is of none of its units.
    package static func mayExclude(_ account: Visitor.Account, _ file: CaseFile, supporting: [String]) -> Bool {
        mayApprove(account)
            && account.unitCode.map { $0 != file.leadUnitCode && !supporting.contains($0) } ?? true
    }
}

extension Visitor.Account {
    package var actor: Actor { .person(id: personID, unitCode: unitCode) }
}
