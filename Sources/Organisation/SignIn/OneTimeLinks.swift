internal import Core
internal import Store
package import Web

/// Links that work once: the first start, invitations and new passwords. The database keeps only their hashes.
package struct OneTimeLinks: Sendable {
    let context: OrganisationContext
    package init(_ context: OrganisationContext) { self.context = context }

    /// The path of a link that creates the first security administrator; nil once the district has people.
    /// Earlier ones stay valid, for two processes may start at once.
    package func firstStart() async throws -> String? {
        let now = context.surroundings.now()
        return try await context.write { tx -> String? in
            guard try PersonStore.isEmpty(in: tx) else { return nil }
            let token = SecureBytes.token()
            let ends = now.adding(seconds: 3_600 * Int64(OrganisationLimits.firstStartLinkHours))
            try SignInStore.insertLink(
                OneTimeLink(kind: .firstStart, personID: nil, endsAt: ends), tokenHash: SecureBytes.hash(token),
                at: now, by: nil, in: tx)
            try context.audit(.linkCreated, by: nil, "first start", from: Origin(address: nil), in: tx)
            return "/first-start/\(token)"
        }
    }

    /// A link for a person to choose a password by; their earlier ones stop working.
    func make(for person: Person, by actor: Int64?, from origin: Origin, in tx: any Transaction) throws -> String {
        guard person.isEnabled else { throw OrganisationError.personDisabled }
        let now = context.surroundings.now()
        let kind = person.hasPassword ? OneTimeLink.Kind.reset : .invite
        let hours =
            kind == .invite ? OrganisationLimits.inviteLinkHours : OrganisationLimits.resetLinkHours
        let token = SecureBytes.token()
        try SignInStore.removeLinks(of: person.id, in: tx)
        try SignInStore.insertLink(
            OneTimeLink(kind: kind, personID: person.id, endsAt: now.adding(seconds: 3_600 * Int64(hours))),
            tokenHash: SecureBytes.hash(token), at: now, by: actor, in: tx)
        try context.audit(.linkCreated, by: actor, person.auditSubject, kind.rawValue, from: origin, in: tx)
        return "/link/\(token)"
    }

    /// Whom a link is for, without using it up; nil when it is not valid, or the first start is over.
    package func look(_ token: String) async throws -> (link: OneTimeLink, person: Person?)? {
        let now = context.surroundings.now()
        return try await context.database.read { tx in
            guard let link = try SignInStore.link(tokenHash: SecureBytes.hash(token), in: tx), link.endsAt > now else {
                return nil
            }
            guard let id = link.personID else { return try PersonStore.isEmpty(in: tx) ? (link, nil) : nil }
            guard let person = try PersonStore.find(id, in: tx), person.isEnabled else { return nil }
            return (link, person)
        }
    }

    /// Uses a first-start link up: creates the security administrator and signs them in.
    package func start(
        _ token: String, signInName: String, name: String, password: String, from origin: Origin
    ) async throws -> String {
        let draft = PersonDraft(signInName: signInName, name: name, unitCode: nil, roles: [.securityAdministrator])
        try draft.check(context.profile)
        try PasswordRules.check(password, signInName: draft.signInName, name: draft.name)
        guard let found = try await look(token), found.link.kind == .firstStart else {
            throw OrganisationError.linkInvalid
        }
        let hash = try await context.hasher.hash(password)
        let now = context.surroundings.now()
        return try await context.write { tx in
            let id = ID<Person>(context.surroundings.newID())
            // The trail's lock, held since the transaction began, makes of two who start at once the second too late.
            guard try PersonStore.isEmpty(in: tx) else { throw OrganisationError.alreadyStarted }
            guard try SignInStore.takeLink(tokenHash: SecureBytes.hash(token), in: tx) != nil else {
                throw OrganisationError.linkInvalid
            }
            try PersonStore.insert(draft, id: id, at: now, by: nil, in: tx)
            try SignInStore.setCredential(hash, mustChange: false, of: id, at: now, in: tx)
            try SignInStore.removeLinks(of: nil, in: tx)
            try PersonStore.setSignedIn(id, at: now, in: tx)
            try context.audit(
                .personCreated, by: nil, "person \(id) \(draft.signInName)", "first start: security_administrator",
                from: origin, in: tx)
            return try Sessions(context).start(id, replacing: nil, from: origin, in: tx)
        }
    }

    /// Uses an invitation or reset link up: sets the password, ends all sessions of the person and signs them in.
    package func follow(
        _ token: String, password: String, replacing former: String?, from origin: Origin
    ) async throws -> (token: String, account: Visitor.Account) {
        guard let person = try await look(token)?.person else { throw OrganisationError.linkInvalid }
        try PasswordRules.check(password, signInName: person.signInName, name: person.name)
        let hash = try await context.hasher.hash(password)
        let now = context.surroundings.now()
        return try await context.write { tx in
            guard let link = try SignInStore.takeLink(tokenHash: SecureBytes.hash(token), in: tx), link.endsAt > now,
                let id = link.personID, let person = try PersonStore.find(id, in: tx), person.isEnabled
            else { throw OrganisationError.linkInvalid }
            try SignInStore.setCredential(hash, mustChange: false, of: id, at: now, in: tx)
            if link.kind == .reset { try SignInStore.removeSecondFactor(of: id, in: tx) }
            _ = try SignInStore.removeSessions(of: id, except: nil, in: tx)
            try SignInGate(context).open(person.signInName, in: tx)
            try PersonStore.setSignedIn(id, at: now, in: tx)
            let session = try Sessions(context).start(id, replacing: former, from: origin, in: tx)
            try context.audit(
                .linkUsed, by: id.rawValue, person.auditSubject, link.kind.rawValue, from: origin, in: tx)
            return (session, person.account)
        }
    }
}
