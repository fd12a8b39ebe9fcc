package import Hummingbird

/// Visits every route of a site as people who must not use it, for a test: access declarations and CSRF checks
/// hold for routes that nobody thought of.
///
/// The test sends the requests, because only it has a client; the walk says which, and judges the answers.
package struct RouteWalk: Sendable {
    package struct Probe: Sendable {
        package let method: HTTPRequest.Method
        package let uri: String
        /// `session` is the token to send as session cookie; nil for a visitor without an account.
        package let session: String?
        package let body: String?
    }

    package struct Answer: Sendable {
        package let status: Int
        package let location: String?

        package init(status: Int, location: String?) {
            self.status = status
            self.location = location
        }
    }

    let routes: Routes
    /// A session of somebody with an account and no role, and one for each role.
    let sessionWithoutRole: String
    let sessions: [Role: String]

    package init(routes: Routes, sessionWithoutRole: String, sessions: [Role: String]) {
        self.routes = routes
        self.sessionWithoutRole = sessionWithoutRole
        self.sessions = sessions
    }

    /// What is wrong, one sentence each; empty when all is well.
    package func faults(_ send: (Probe) async throws -> Answer) async throws -> [String] {
        var faults = declarations()
        for route in routes.all {
            faults += try await access(route, send)
            faults += try await forgery(route, send)
        }
        return faults
    }

    /// The desk and the administration are for people with roles.
    private func declarations() -> [String] {
        routes.all.compactMap { route in
            let isInner = route.path.hasPrefix("/desk") || route.path.hasPrefix("/admin")
            return isInner && route.access == .anyone ? "\(name(route)) is open to anyone" : nil
        }
    }

    private func access(_ route: Routes.Route, _ send: (Probe) async throws -> Answer) async throws -> [String] {
        guard route.access != .anyone else { return [] }
        var faults: [String] = []
        let anonymous = try await send(probe(route, session: nil))
        let isSentToSignIn = anonymous.status == 303 && anonymous.location?.hasPrefix("/sign-in") == true
        if anonymous.status != 401, !isSentToSignIn {
            faults.append("\(name(route)) answers \(anonymous.status) to a visitor without an account")
        }
        guard case .roles = route.access else { return faults }
        let roleless = try await send(probe(route, session: sessionWithoutRole))
        if roleless.status != 403 {
            faults.append("\(name(route)) answers \(roleless.status) to somebody without a role")
        }
        return faults
    }

    /// A form without our token is refused, even from somebody who may use the route.
    private func forgery(_ route: Routes.Route, _ send: (Probe) async throws -> Answer) async throws -> [String] {
        guard route.method == .post, !route.isMachine else { return [] }
        let session: String? =
            switch route.access {
            case .anyone: nil
            case .signedIn: sessionWithoutRole
            case .roles(let roles): roles.sorted().compactMap { sessions[$0] }.first
            }
        let answer = try await send(probe(route, session: session))
        return answer.status == 403 ? [] : ["\(name(route)) answers \(answer.status) to a form without a token"]
    }

    private func probe(_ route: Routes.Route, session: String?) -> Probe {
        let uri = route.path.split(separator: "/").map { $0.hasPrefix(":") ? "1" : String($0) }.joined(separator: "/")
        return Probe(method: route.method, uri: "/" + uri, session: session, body: route.method == .get ? nil : "a=b")
    }

    private func name(_ route: Routes.Route) -> String { "\(route.method.rawValue) \(route.path)" }
}
