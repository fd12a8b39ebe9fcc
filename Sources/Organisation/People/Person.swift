package import Core
package import Web

/// Somebody with an account. Residents have none.
package struct Person: Sendable, Equatable {
    package let id: ID<Person>
    /// Typed at sign-in: lower case, unique in the district.
    package let signInName: String
    package let name: String
    package let unitCode: String?
    package let roles: Set<Role>
    package let isEnabled: Bool
    /// Counts changes; a form that saw an older version is refused.
    package let version: Int
    package let createdAt: Instant
    package let signedInAt: Instant?
    /// False until the invitation has been followed.
    package let hasPassword: Bool
    package let hasSecondFactor: Bool

    package var account: Visitor.Account {
        Visitor.Account(personID: id.rawValue, name: name, unitCode: unitCode, roles: roles)
    }

    package var auditSubject: String { "person \(id) \(signInName)" }
}

/// What may be chosen of a person, before it is checked.
package struct PersonDraft: Sendable, Equatable {
    package var signInName: String
    package var name: String
    package var unitCode: String?
    package var roles: Set<Role>

    package init(signInName: String, name: String, unitCode: String?, roles: Set<Role>) {
        self.signInName = signInName.trimmed.lowercased()
        self.name = name.trimmed
        self.unitCode = unitCode.flatMap { $0.isEmpty ? nil : $0 }
        self.roles = roles
    }

    /// Checks names, the separation of roles, and that the unit is one of the profile.
    package func check(_ profile: Profile) throws(OrganisationError) {
        guard OrganisationLimits.signInNameCharacters.contains(signInName.count),
            signInName.wholeMatch(of: /[a-z][a-z0-9._-]*/) != nil
        else { throw .signInNameMalformed }
        let isNamed = !name.isEmpty && name.count <= OrganisationLimits.personNameCharactersMax
        guard isNamed, name.unicodeScalars.allSatisfy(\.isPrintable) else { throw .personNameMalformed }
        try RoleRules.check(roles)
        if let unitCode, profile.unit(unitCode) == nil { throw .unitUnknown(unitCode) }
        if unitCode == nil, !roles.isDisjoint(with: RoleRules.ofAUnit) { throw .unitNeeded }
    }
}

/// Which roles one person may hold together (三权分立).
package enum RoleRules {
    package static let administrators: Set<Role> = [
        .systemAdministrator, .securityAdministrator, .auditAdministrator,
    ]
    package static let desk: Set<Role> = [.unitStaff, .unitHead, .digitalOffice, .leader]
    package static let outsiders: Set<Role> = [.enterprise, .cppccMember]
    /// These mean nothing without a unit.
    package static let ofAUnit: Set<Role> = [.unitStaff, .unitHead]

    /// At least one role; never two administrators in one person, nor an administrator with any other role; whoever
    /// comes from outside has no role of the desk.
    package static func check(_ roles: Set<Role>) throws(OrganisationError) {
        guard !roles.isEmpty else { throw .rolesMissing }
        let held = roles.intersection(administrators)
        if held.count > 1 { throw .administratorsMixed }
        if !held.isEmpty, let other = roles.subtracting(held).min() { throw .administratorWithOtherRole(other) }
        if !roles.isDisjoint(with: outsiders), !roles.isDisjoint(with: desk) { throw .outsiderWithDeskRole }
    }
}

extension String {
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}

extension Unicode.Scalar {
    /// False for control characters and those that turn or hide text around them.
    var isPrintable: Bool {
        ![.control, .format, .lineSeparator, .paragraphSeparator, .surrogate].contains(properties.generalCategory)
    }
}
