import Core

/// What a person may be in the district. A resident needs no account and has no role.
package enum Role: String, Sendable, CaseIterable, Comparable {
    case enterprise
    case cppccMember = "cppcc_member"
    case unitStaff = "unit_staff"
    case unitHead = "unit_head"
    case digitalOffice = "digital_office"
    case leader
    // The three separated administrators (等保2.0, 三权分立): no person may hold two of them.
    case systemAdministrator = "system_administrator"
    case securityAdministrator = "security_administrator"
    case auditAdministrator = "audit_administrator"

    package static func < (left: Role, right: Role) -> Bool {
        allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
    }
}

/// Who may use a route. Every route declares one; there is no default.
package enum Access: Sendable, Equatable {
    /// Anyone, signed in or not.
    case anyone
    /// Anyone with an account.
    case signedIn
    /// A person who holds at least one of these roles.
    case roles(Set<Role>)

    /// The people of the desk: staff, heads, digital office and leaders.
    package static let desk: Access = .roles([.unitStaff, .unitHead, .digitalOffice, .leader])
    package static let digitalOffice: Access = .roles([.digitalOffice])
    package static let systemAdministrator: Access = .roles([.systemAdministrator])
    package static let securityAdministrator: Access = .roles([.securityAdministrator])
    package static let auditAdministrator: Access = .roles([.auditAdministrator])

    package func admits(_ visitor: Visitor) -> Bool {
        switch self {
        case .anyone: true
        case .signedIn: visitor.account != nil
        case .roles(let roles): visitor.account.map { !$0.roles.isDisjoint(with: roles) } ?? false
        }
    }

    /// The roles that open it, in the visitor's language; nil where no role is asked.
    package func names(_ visit: Visit) -> String? {
        guard case .roles(let roles) = self else { return nil }
        return roles.sorted().map { visit.word("web.role.\($0.rawValue)") }
            .joined(separator: visit.word("web.list_separator"))
    }
}

/// Thrown in place of `WebError.notAllowed` where it is known which roles would do.
struct AccessDenied: Problem {
    let needed: Access
    var report: ProblemReport { WebError.notAllowed.report }
}
