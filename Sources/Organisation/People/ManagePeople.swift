package import Core
package import Store
package import Web

/// What a security administrator does with people. Everything is checked against the person as the transaction sees
/// them, and written to the audit trail.
package struct ManagePeople: Sendable {
    let context: OrganisationContext
    package init(_ context: OrganisationContext) { self.context = context }

    /// Creates a person and the link by which they choose their password.
    package func invite(
        _ draft: PersonDraft, by account: Visitor.Account, from origin: Origin
    ) async throws -> (id: ID<Person>, link: String) {
        try draft.check(context.profile)
        return try await context.write { tx in
            let actor = try context.actor(account, holding: .securityAdministrator, in: tx)
            return try create(draft, by: actor.id.rawValue, from: origin, in: tx)
        }
    }

    /// The same for programs that set a district up, such as the demonstration: nobody is signed in yet.
    package func inviteBySystem(_ draft: PersonDraft, in tx: any Transaction) throws -> (id: ID<Person>, link: String) {
        try draft.check(context.profile)
        try Audit.hold(in: tx)
        return try create(draft, by: nil, from: Origin(address: nil), in: tx)
    }

    /// A new link for somebody whom a program set up before.
    package func linkBySystem(for person: Person, in tx: any Transaction) throws -> String {
        try Audit.hold(in: tx)
        return try OneTimeLinks(context).make(for: person, by: nil, from: Origin(address: nil), in: tx)
    }

    private func create(
        _ draft: PersonDraft, by actor: Int64?, from origin: Origin, in tx: any Transaction
    ) throws -> (id: ID<Person>, link: String) {
        let id = ID<Person>(context.surroundings.newID())
        try context.audit(
            .personCreated, by: actor, "person \(id) \(draft.signInName)", Self.description(draft), from: origin,
            in: tx)
        try refuseTakenName(draft, id, in: tx)
        try PersonStore.insert(draft, id: id, at: context.surroundings.now(), by: actor, in: tx)
        guard let person = try PersonStore.find(id, in: tx) else { throw OrganisationError.noSuchPerson }
        let link = try OneTimeLinks(context).make(for: person, by: actor, from: origin, in: tx)
        return (id, link)
    }

    /// Changes names, unit and roles. Nobody changes their own roles, and one security administrator must remain.
    package func change(
        _ id: ID<Person>, to draft: PersonDraft, version: Int, by account: Visitor.Account, from origin: Origin
    ) async throws {
        try draft.check(context.profile)
        try await context.write { tx in
            let actor = try context.actor(account, holding: .securityAdministrator, in: tx)
            guard let before = try PersonStore.find(id, in: tx) else { throw OrganisationError.noSuchPerson }
            if actor.id == id, before.roles != draft.roles { throw OrganisationError.ownRoles }
            let isPermission = before.roles != draft.roles || before.unitCode != draft.unitCode
            try context.audit(
                isPermission ? .permissionChange : .personChanged, by: actor.id.rawValue, before.auditSubject,
                Self.difference(before, draft), from: origin, in: tx)
            try refuseTakenName(draft, id, in: tx)
            let now = context.surroundings.now()
            guard try PersonStore.update(draft, id: id, version: version, at: now, in: tx) else {
                throw OrganisationError.changedMeanwhile
            }
            try PersonStore.replaceRoles(draft.roles, of: id, at: now, by: actor.id.rawValue, in: tx)
            try keepASecurityAdministrator(in: tx)
        }
    }

    /// A disabled person's sessions end at once; nothing of what they did is lost.
    package func setEnabled(
        _ isEnabled: Bool, _ id: ID<Person>, version: Int, by account: Visitor.Account, from origin: Origin
    ) async throws {
        try await context.write { tx in
            let actor = try context.actor(account, holding: .securityAdministrator, in: tx)
            guard let person = try PersonStore.find(id, in: tx) else { throw OrganisationError.noSuchPerson }
            if actor.id == id { throw OrganisationError.ownRoles }
            try context.audit(
                isEnabled ? .personEnabled : .personDisabled, by: actor.id.rawValue, person.auditSubject, from: origin,
                in: tx)
            let now = context.surroundings.now()
            guard try PersonStore.setEnabled(isEnabled, id: id, version: version, at: now, in: tx) else {
                throw OrganisationError.changedMeanwhile
            }
            if !isEnabled {
                _ = try SignInStore.removeSessions(of: id, except: nil, in: tx)
                try SignInStore.removeLinks(of: id, in: tx)
                try keepASecurityAdministrator(in: tx)
            }
        }
    }

    /// A new link for somebody who lost theirs, or their password or their authenticator.
    package func link(for id: ID<Person>, by account: Visitor.Account, from origin: Origin) async throws -> String {
        try await context.write { tx in
            let actor = try context.actor(account, holding: .securityAdministrator, in: tx)
            guard let person = try PersonStore.find(id, in: tx) else { throw OrganisationError.noSuchPerson }
            return try OneTimeLinks(context).make(for: person, by: actor.id.rawValue, from: origin, in: tx)
        }
    }

    /// Ends all sessions of a person, who may sign in again.
    package func endSessions(of id: ID<Person>, by account: Visitor.Account, from origin: Origin) async throws {
        try await context.write { tx in
            let actor = try context.actor(account, holding: .securityAdministrator, in: tx)
            guard let person = try PersonStore.find(id, in: tx) else { throw OrganisationError.noSuchPerson }
            let ended = try SignInStore.removeSessions(of: id, except: nil, in: tx)
            try context.audit(
                .sessionsRevoked, by: actor.id.rawValue, person.auditSubject, "\(ended)", from: origin, in: tx)
        }
    }

    private func refuseTakenName(_ draft: PersonDraft, _ id: ID<Person>, in tx: any Transaction) throws {
        if let other = try PersonStore.find(signInName: draft.signInName, in: tx), other.id != id {
            throw OrganisationError.signInNameTaken(draft.signInName)
        }
    }

    /// Counted after the change and under the audit trail's lock, so that two who remove each other do not both win.
    private func keepASecurityAdministrator(in tx: any Transaction) throws {
        guard try PersonStore.countEnabled(.securityAdministrator, in: tx) > 0 else {
            throw OrganisationError.lastSecurityAdministrator
        }
    }

    private static func description(_ draft: PersonDraft) -> String {
        "roles=\(list(draft.roles)) unit=\(draft.unitCode ?? "-")"
    }

    private static func difference(_ before: Person, _ after: PersonDraft) -> String {
        var parts: [String] = []
        if before.roles != after.roles { parts.append("roles=\(list(before.roles))→\(list(after.roles))") }
        if before.unitCode != after.unitCode { parts.append("unit=\(before.unitCode ?? "-")→\(after.unitCode ?? "-")") }
        if before.signInName != after.signInName {
            parts.append("sign-in name=\(before.signInName)→\(after.signInName)")
        }
        if before.name != after.name { parts.append("name changed") }
        return parts.joined(separator: " ")
    }

    private static func list(_ roles: Set<Role>) -> String { roles.sorted().map(\.rawValue).joined(separator: "+") }
}
