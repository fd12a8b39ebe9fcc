internal import Core
internal import Hummingbird
internal import Store
internal import Web

/// Signing in and out, and one-time links.
struct SignInRoutes: Sendable {
    let context: OrganisationContext

    var routes: Routes {
        var routes = Routes()
        routes.get("/sign-in", .anyone, form)
        routes.post("/sign-in", .anyone, signIn)
        routes.post("/sign-in/code", .anyone, code)
        routes.post("/sign-out", .anyone, signOut)
        routes.get("/first-start/:token", .anyone, firstStart)
        routes.post("/first-start/:token", .anyone, start)
        routes.get("/link/:token", .anyone, link)
        routes.post("/link/:token", .anyone, follow)
        return routes
    }

    // MARK: - Sign in

    @Sendable private func form(_ visit: Visit) async throws -> Response {
        try visit.render(signInPage(visit, name: "", next: visit.query("next"), problem: nil))
    }

    private func signInPage(_ visit: Visit, name: String, next: String?, problem: Bilingual?) -> SignInPage {
        SignInPage(
            title: visit.word("organisation.sign_in"), problem: problem.map { visit.text($0) },
            name: Field(
                label: visit.word("organisation.sign_in_name"), name: "name", value: name, isRequired: true,
                autocomplete: "username"),
            password: Field(
                label: visit.word("organisation.password"), name: "password", kind: .password, isRequired: true,
                autocomplete: "current-password"),
            next: Self.local(next))
    }

    @Sendable private func signIn(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        do {
            let outcome = try await SignIn(context)(
                name: fields.text("name"), password: fields["password"] ?? "", replacing: visit.sessionToken,
                from: visit.origin)
            return try answer(outcome, visit, next: fields["next"])
        } catch let error as OrganisationError {
            return try visit.render(
                signInPage(visit, name: fields.text("name"), next: fields["next"], problem: error.report.explanation),
                status: .unprocessableContent)
        }
    }

    @Sendable private func code(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        do {
            let outcome = try await SignIn(context)(
                ticket: fields["ticket"] ?? "", code: fields.text("code"), replacing: visit.sessionToken,
                from: visit.origin)
            return try answer(outcome, visit, next: fields["next"])
        } catch OrganisationError.codeRefused {
            return try codePage(
                visit, ticket: fields["ticket"] ?? "", next: fields["next"],
                problem: OrganisationError.codeRefused.report.explanation)
        } catch let error as OrganisationError {
            return try visit.render(
                signInPage(visit, name: "", next: fields["next"], problem: error.report.explanation),
                status: .unprocessableContent)
        }
    }

    private func answer(_ outcome: SignIn.Outcome, _ visit: Visit, next: String?) throws -> Response {
        switch outcome {
        case .signedIn(let token, let account, let mustChange):
            var response = visit.redirect(
                mustChange ? "/account" : Self.local(next) ?? Self.home(of: account.roles),
                toast: mustChange ? "organisation.must_change" : nil)
            visit.setSession(token, on: &response)
            return response
        case .codeNeeded(let ticket):
            return try codePage(visit, ticket: ticket, next: next, problem: nil)
        }
    }

    private func codePage(_ visit: Visit, ticket: String, next: String?, problem: Bilingual?) throws -> Response {
        try visit.render(
            CodePage(
                title: visit.word("organisation.code"), problem: problem.map { visit.text($0) }, ticket: ticket,
                code: Field(
                    label: visit.word("organisation.code"), name: "code", hint: visit.word("organisation.code_hint"),
                    isRequired: true, charactersMax: 20, autocomplete: "one-time-code"), next: Self.local(next)),
            status: problem == nil ? .ok : .unprocessableContent)
    }

    /// A path of this site; anything else could send a visitor elsewhere.
    private static func local(_ path: String?) -> String? {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"), path.utf8.count <= 500,
            path.unicodeScalars.allSatisfy({ $0.value > 0x20 }), !path.hasPrefix("/sign-")
        else { return nil }
        return path
    }

    private static func home(of roles: Set<Role>) -> String {
        if !roles.isDisjoint(with: RoleRules.desk) { return "/desk" }
        return roles.isDisjoint(with: RoleRules.administrators) ? "/" : "/admin"
    }

    @Sendable private func signOut(_ visit: Visit) async throws -> Response {
        try await SignOut(context)(token: visit.sessionToken, account: visit.visitor.account, from: visit.origin)
        var response = visit.redirect("/", toast: "organisation.signed_out")
        visit.clearSession(on: &response)
        return response
    }

    // MARK: - Links

    @Sendable private func firstStart(_ visit: Visit) async throws -> Response {
        let token = try visit.parameter("token")
        guard try await OneTimeLinks(context).look(token)?.link.kind == .firstStart else {
            throw OrganisationError.linkInvalid
        }
        return try visit.render(linkPage(visit, "/first-start/\(token)", typed: Fields(), isFirst: true, nil))
    }

    @Sendable private func start(_ visit: Visit) async throws -> Response {
        let token = try visit.parameter("token")
        let fields = try await visit.fields()
        do {
            let password = try Self.twice(fields)
            let session = try await OneTimeLinks(context).start(
                token, signInName: fields.text("name"), name: fields.text("person"), password: password,
                from: visit.origin)
            var response = visit.redirect("/admin/people", toast: "organisation.welcome")
            visit.setSession(session, on: &response)
            return response
        } catch let error as OrganisationError {
            return try visit.render(
                linkPage(visit, "/first-start/\(token)", typed: fields, isFirst: true, error.report.explanation),
                status: .unprocessableContent)
        }
    }

    @Sendable private func link(_ visit: Visit) async throws -> Response {
        let token = try visit.parameter("token")
        guard try await OneTimeLinks(context).look(token)?.person != nil else { throw OrganisationError.linkInvalid }
        return try visit.render(linkPage(visit, "/link/\(token)", typed: Fields(), isFirst: false, nil))
    }

    @Sendable private func follow(_ visit: Visit) async throws -> Response {
        let token = try visit.parameter("token")
        let fields = try await visit.fields()
        do {
            let password = try Self.twice(fields)
            let found = try await OneTimeLinks(context).follow(
                token, password: password, replacing: visit.sessionToken, from: visit.origin)
            var response = visit.redirect(Self.home(of: found.account.roles), toast: "organisation.welcome")
            visit.setSession(found.token, on: &response)
            return response
        } catch let error as OrganisationError {
            return try visit.render(
                linkPage(visit, "/link/\(token)", typed: fields, isFirst: false, error.report.explanation),
                status: .unprocessableContent)
        }
    }

    static func twice(_ fields: Fields) throws -> String {
        let password = fields["password"] ?? ""
        guard password == fields["again"] ?? "" else { throw OrganisationError.passwordsDiffer }
        return password
    }

    private func linkPage(
        _ visit: Visit, _ action: String, typed: Fields, isFirst: Bool, _ problem: Bilingual?
    ) -> LinkPage {
        var fields: [Field] = []
        if isFirst {
            fields.append(
                Field(
                    label: visit.word("organisation.sign_in_name"), name: "name", value: typed.text("name"),
                    hint: visit.word("organisation.sign_in_name_hint"), isRequired: true, autocomplete: "username"))
            fields.append(
                Field(
                    label: visit.word("organisation.name"), name: "person", value: typed.text("person"),
                    isRequired: true,
                    autocomplete: "name"))
        }
        fields += Self.passwordFields(visit)
        return LinkPage(
            title: visit.word(isFirst ? "organisation.first_start" : "organisation.choose_password"), action: action,
            problem: problem.map { visit.text($0) }, fields: fields, isFirst: isFirst)
    }

    static func passwordFields(_ visit: Visit) -> [Field] {
        [
            Field(
                label: visit.word("organisation.new_password"), name: "password", kind: .password,
                hint: visit.word("organisation.password_hint"), isRequired: true, autocomplete: "new-password"),
            Field(
                label: visit.word("organisation.password_again"), name: "again", kind: .password, isRequired: true,
                autocomplete: "new-password"),
        ]
    }
}

extension Visit {
    /// Where a request came from, as the audit trail keeps it.
    var origin: Origin { Origin(address: address, device: request.headers[.userAgent].map { String($0.prefix(200)) }) }

    func roleBadges(_ roles: Set<Role>) -> [Badge] {
        roles.sorted().map { Badge(word("web.role.\($0.rawValue)"), .neutral) }
    }
}

struct SignInPage: Page {
    static let template = "organisation/sign-in"
    let title: String
    let problem: String?
    let name: Field
    let password: Field
    let next: String?
    var hasOwnHeading: Bool { true }
}

struct CodePage: Page {
    static let template = "organisation/code"
    let title: String
    let problem: String?
    let ticket: String
    let code: Field
    let next: String?
    var hasOwnHeading: Bool { true }
}

struct LinkPage: Page {
    static let template = "organisation/link"
    let title: String
    let action: String
    let problem: String?
    let fields: [Field]
    let isFirst: Bool
    var hasOwnHeading: Bool { true }
}
