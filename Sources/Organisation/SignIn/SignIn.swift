internal import Core
internal import Store
package import Web

/// Signs somebody in by name and password, and by a code where they use one.
package struct SignIn: Sendable {
    package enum Outcome: Sendable, Equatable {
        /// The cookie's token, and whether the password must be changed before anything else.
        case signedIn(token: String, account: Visitor.Account, mustChange: Bool)
        /// The password was right; the ticket asks for the code and holds for five minutes.
        case codeNeeded(ticket: String)
    }

    let context: OrganisationContext
    let sessions: Sessions
    let gate: SignInGate

    package init(_ context: OrganisationContext) {
        self.context = context
        sessions = Sessions(context)
        gate = SignInGate(context)
    }

    /// - Parameter former: the token the browser had, which ends: a session is never carried over a sign-in.
    /// - Throws: `OrganisationError.signInRefused`, the same and as late for unknown names, wrong passwords and
    ///   disabled accounts.
    package func callAsFunction(
        name: String, password: String, replacing former: String?, from origin: Origin
    ) async throws -> Outcome {
        let name = String(name.trimmed.lowercased().prefix(OrganisationLimits.signInNameCharacters.upperBound))
        try await gate.enter(name, origin)
        let (person, credential) = try await context.database.read { tx in
            let person = try PersonStore.find(signInName: name, in: tx)
            return (person, try person.flatMap { try SignInStore.credential(of: $0.id, in: tx) })
        }
        let isTooLong = password.count > OrganisationLimits.passwordCharacters.upperBound
        let isRight = try await context.hasher.matches(isTooLong ? "" : password, credential?.hash)
        guard isRight, let person, person.isEnabled, let credential, let hash = credential.hash else {
            try await gate.refuse(name, person?.id, "password", origin)
            throw OrganisationError.signInRefused
        }
        try await rehashIfCheap(password, hash, of: person.id)
        if person.hasSecondFactor { return .codeNeeded(ticket: ticket(for: person, hash)) }
        return try await admit(person, mustChange: credential.mustChange, replacing: former, from: origin) { _ in
            "password"
        }
    }

    /// The second step. A code works once, and so does each recovery code.
    package func callAsFunction(
        ticket: String, code: String, replacing former: String?, from origin: Origin
    ) async throws -> Outcome {
        let parts = ticket.split(separator: ".").map(String.init)
        guard parts.count == 3, let id = ID<Person>(text: parts[0]), let ends = Int64(parts[1]),
            ends > context.surroundings.now().millisecondsSince1970
        else { throw OrganisationError.signInRefused }
        let (person, credential) = try await context.database.read { tx in
            (try PersonStore.find(id, in: tx), try SignInStore.credential(of: id, in: tx))
        }
        guard let person, person.isEnabled, let credential, let hash = credential.hash,
            ticketMark(id, ends, hash) == parts[2]
        else { throw OrganisationError.signInRefused }
        try await gate.enter(person.signInName, origin)
        do {
            return try await admit(person, mustChange: credential.mustChange, replacing: former, from: origin) { tx in
                guard let means = try SecondFactorCheck(context).use(code, of: id, in: tx) else {
                    throw OrganisationError.codeRefused
                }
                return "password and \(means)"
            }
        } catch OrganisationError.codeRefused {
            try await gate.refuse(person.signInName, id, "code", origin)
            throw OrganisationError.codeRefused
        }
    }

    private func admit(
        _ person: Person, mustChange: Bool, replacing former: String?, from origin: Origin,
        _ check: @escaping @Sendable (any Transaction) throws -> String
    ) async throws -> Outcome {
        let token = try await context.write { tx in
            guard try PersonStore.find(person.id, in: tx)?.isEnabled == true else {
                throw OrganisationError.signInRefused
            }
            let means = try check(tx)
            let token = try sessions.start(person.id, replacing: former, from: origin, in: tx)
            try PersonStore.setSignedIn(person.id, at: context.surroundings.now(), in: tx)
            try gate.open(person.signInName, in: tx)
            try context.audit(
                .signIn, by: person.id.rawValue, person.auditSubject, means, from: origin, in: tx)
            return token
        }
        return .signedIn(token: token, account: person.account, mustChange: mustChange)
    }

    /// Passwords hashed at an older cost are hashed anew while they are at hand.
    private func rehashIfCheap(_ password: String, _ hash: PasswordHash, of id: ID<Person>) async throws {
        guard hash.cost != context.hasher.cost else { return }
        let new = try await context.hasher.hash(password)
        try await context.database.write { try SignInStore.rehash(hash, to: new, of: id, in: $0) }
    }

    private func ticket(for person: Person, _ hash: PasswordHash) -> String {
        let ends = context.surroundings.now().adding(seconds: 300).millisecondsSince1970
        return "\(person.id).\(ends).\(ticketMark(person.id, ends, hash))"
    }

    /// Bound to the password, so that a change of it ends the ticket.
    private func ticketMark(_ id: ID<Person>, _ ends: Int64, _ hash: PasswordHash) -> String {
        context.nameSeal.name("ticket \(id) \(ends) \(hash.text)")
    }
}

/// Ends the session of a browser.
package struct SignOut: Sendable {
    let context: OrganisationContext
    package init(_ context: OrganisationContext) { self.context = context }

    package func callAsFunction(token: String?, account: Visitor.Account?, from origin: Origin) async throws {
        guard let token else { return }
        try await context.write { tx in
            let wasOpen = try SignInStore.removeSession(tokenHash: SecureBytes.hash(token), in: tx)
            guard wasOpen, let account else { return }
            try context.audit(
                .signOut, by: account.personID, "person \(account.personID)", from: origin, in: tx)
        }
    }
}
