package import Core
internal import Store
package import Web

/// Finds the person behind a session cookie, anew at every request: whoever is disabled, or lost a role, is so at the
/// next click.
package struct Sessions: Sendable {
    let context: OrganisationContext

    package init(_ context: OrganisationContext) { self.context = context }

    package func visitor(sessionToken: String?, now: Instant) async throws -> Visitor {
        let nobody = Visitor(account: nil, sessionKey: "")
        guard let token = sessionToken, (20...100).contains(token.utf8.count) else { return nobody }
        let hash = SecureBytes.hash(token)
        guard let found = try await context.database.read({ try find(hash, now, in: $0) }) else { return nobody }
        if now.milliseconds(since: found.session.seenAt) >= Self.touchMilliseconds {
            try await context.database.write { try SignInStore.touch(found.session.id, at: now, in: $0) }
        }
        return Visitor(account: found.account, sessionKey: hash)
    }

    /// The session of a token while it lasts.
    func session(_ token: String?, in tx: any Transaction) throws -> Session? {
        guard let token, let session = try SignInStore.session(tokenHash: SecureBytes.hash(token), in: tx),
            context.times.isAlive(session, at: context.surroundings.now())
        else { return nil }
        return session
    }

    private func find(
        _ hash: String, _ now: Instant, in tx: any Transaction
    ) throws -> (session: Session, account: Visitor.Account)? {
        guard let found = try SignInStore.signedIn(tokenHash: hash, in: tx), found.isEnabled,
            context.times.isAlive(found.session, at: now)
        else { return nil }
        let account = found.account
        // Until a password that somebody else chose is changed, it opens nothing but the own account.
        let shown =
            found.mustChangePassword
            ? Visitor.Account(personID: account.personID, name: account.name, unitCode: account.unitCode, roles: [])
            : account
        return (found.session, shown)
    }

    /// A click within this of the last does not write: idle times are exact to a minute.
    private static let touchMilliseconds: Int64 = 60_000

    /// Starts a session in the transaction that admitted the person, and ends the browser's former one.
    func start(
        _ person: ID<Person>, replacing former: String?, from origin: Origin, in tx: any Transaction
    ) throws -> String {
        let now = context.surroundings.now()
        if let former { _ = try SignInStore.removeSession(tokenHash: SecureBytes.hash(former), in: tx) }
        try SignInStore.removeEndedSessions(at: now, idleSince: context.times.idleSince(now), in: tx)
        let others = try SignInStore.sessions(of: person, in: tx)
        for surplus in others.dropFirst(OrganisationLimits.sessionsPerPersonMax - 1) {
            _ = try SignInStore.removeSession(surplus.id, of: person, in: tx)
        }
        let token = SecureBytes.token()
        let session = Session(
            id: ID(context.surroundings.newID()), personID: person, createdAt: now, seenAt: now,
            endsAt: context.times.end(from: now), address: origin.address, device: origin.device.map(Device.name))
        try SignInStore.insertSession(session, tokenHash: SecureBytes.hash(token), in: tx)
        return token
    }
}

/// What a browser calls itself, in the two words people know it by.
enum Device {
    static func name(_ userAgent: String) -> String {
        let systems = [
            ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
            ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"),
        ]
        let browsers = [
            ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
            ("Safari", "Safari"),
        ]
        let system = systems.first { userAgent.contains($0.0) }?.1
        let browser = browsers.first { userAgent.contains($0.0) }?.1
        return [browser, system].compactMap(\.self).joined(separator: " · ")
    }
}
