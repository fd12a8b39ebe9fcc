package import Core

/// Finds out who sent a request. Organisation supplies the real one.
package protocol SessionResolver: Sendable {
    /// The visitor of a session; one without an account when the token is nil, unknown or expired.
    func visitor(sessionToken: String?, now: Instant) async throws -> Visitor
}

/// For sites without accounts, and for tests: nobody is signed in.
package struct NoSessions: SessionResolver {
    package init() {}
    package func visitor(sessionToken: String?, now: Instant) async throws -> Visitor {
        Visitor(account: nil, sessionKey: "")
    }
}
