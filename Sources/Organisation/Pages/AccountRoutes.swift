internal import Core
internal import Hummingbird
internal import Store
internal import Web

/// One's own account: password, sessions, second factor.
struct AccountRoutes: Sendable {
    let context: OrganisationContext

    private var manage: ManageAccount { ManageAccount(context) }

    var routes: Routes {
        var routes = Routes()
        routes.get("/account", .signedIn, account)
        routes.post("/account/password", .signedIn, changePassword)
        routes.post("/account/sessions/end-others", .signedIn, endOthers)
        routes.post("/account/sessions/:id/end", .signedIn, endSession)
        routes.get("/account/second-factor", .signedIn, enrol)
        routes.post("/account/second-factor", .signedIn, confirm)
        routes.post("/account/second-factor/remove", .signedIn, removeFactor)
        return routes
    }

    @Sendable private func account(_ visit: Visit) async throws -> Response {
        try visit.render(try await page(visit))
    }

    private func page(
        _ visit: Visit, passwordProblem: Bilingual? = nil, removalProblem: Bilingual? = nil
    ) async throws -> AccountPage {
        let account = try visit.account()
        guard let person = try await context.database.read({ try PersonStore.find(ID(account.personID), in: $0) })
        else { throw WebError.signInNeeded }
        let unit = person.unitCode.flatMap { context.profile.unit($0) }?.name(visit.language)
        let sessions = try await manage.sessions(of: account, token: visit.sessionToken)
        return AccountPage(
            title: visit.word("web.account"),
            facts: KeyValues([
                (visit.word("organisation.name"), .text(person.name)),
                (visit.word("organisation.sign_in_name"), .text(person.signInName)),
                (visit.word("organisation.unit"), unit.map(Cell.text) ?? .none),
                (visit.word("organisation.roles"), .badges(visit.roleBadges(person.roles))),
                (visit.word("organisation.signed_in_at"), person.signedInAt.map(Cell.time) ?? .none),
            ]),
            problem: passwordProblem.map { visit.text($0) },
            current: Self.currentPassword(visit, name: "current"), fields: SignInRoutes.passwordFields(visit),
            sessions: sessions.map { line($0, isCurrent: $1, visit) }, hasOthers: sessions.contains { !$0.isCurrent },
            hasFactor: person.hasSecondFactor,
            codesLeft: person.hasSecondFactor
                ? visit.number(try await manage.recoveryCodesLeft(of: account)) : nil,
            removal: Self.currentPassword(visit, name: "factor-password"),
            removalProblem: removalProblem.map { visit.text($0) })
    }

    private static func currentPassword(_ visit: Visit, name: String) -> Field {
        Field(
            label: visit.word("organisation.current_password"), name: name, kind: .password, isRequired: true,
            autocomplete: "current-password")
    }

    private func line(_ session: Session, isCurrent: Bool, _ visit: Visit) -> AccountPage.SessionLine {
        let (began, seen) = (visit.time(session.createdAt), visit.time(session.seenAt))
        return AccountPage.SessionLine(
            device: session.device.flatMap { $0.isEmpty ? nil : $0 } ?? visit.word("organisation.session_unknown"),
            about: session.address.map { visit.word("organisation.session_about_from", began, seen, $0) }
                ?? visit.word("organisation.session_about", began, seen),
            isCurrent: isCurrent, endPath: isCurrent ? nil : "/account/sessions/\(session.id)/end")
    }

    @Sendable private func changePassword(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        do {
            let password = try SignInRoutes.twice(fields)
            let session = try await manage.changePassword(
                of: try visit.account(), from: fields["current"] ?? "", to: password, token: visit.sessionToken,
                origin: visit.origin)
            var response = visit.redirect("/account", toast: "organisation.password_changed")
            visit.setSession(session, on: &response)
            return response
        } catch let error as OrganisationError {
            return try visit.render(
                try await page(visit, passwordProblem: error.report.explanation), status: .unprocessableContent)
        }
    }

    @Sendable private func endSession(_ visit: Visit) async throws -> Response {
        let session: ID<Session> = try visit.id()
        try await manage.endSessions(
            session, of: try visit.account(), token: visit.sessionToken, origin: visit.origin)
        return visit.redirect("/account#sessions", toast: "organisation.session_ended")
    }

    @Sendable private func endOthers(_ visit: Visit) async throws -> Response {
        try await manage.endSessions(nil, of: try visit.account(), token: visit.sessionToken, origin: visit.origin)
        return visit.redirect("/account#sessions", toast: "organisation.session_ended")
    }

    // MARK: - The second factor

    @Sendable private func enrol(_ visit: Visit) async throws -> Response {
        try await enrolPage(visit, problem: nil)
    }

    private func enrolPage(_ visit: Visit, problem: Bilingual?) async throws -> Response {
        let issuer = visit.word("web.product", context.profile.name(visit.language))
        guard let enrolment = try await manage.enrolment(of: try visit.account(), issuer: issuer) else {
            return visit.redirect("/account#second-factor")
        }
        return try visit.render(
            SecondFactorPage(
                title: visit.word("organisation.factor.enrol"),
                breadcrumbs: [Breadcrumb(visit.word("web.account"), "/account")],
                picture: QRCode(enrolment.address, label: visit.word("organisation.factor.picture")),
                groups: enrolment.secret.parts(of: 4), address: enrolment.address,
                code: Field(
                    label: visit.word("organisation.factor.digits"), name: "code",
                    error: problem.map { visit.text($0) },
                    isRequired: true, charactersMax: 8, autocomplete: "one-time-code")),
            status: problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func confirm(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        do {
            let codes = try await manage.confirmFactor(
                fields.text("code"), of: try visit.account(), origin: visit.origin)
            return try visit.render(
                RecoveryCodesPage(
                    title: visit.word("organisation.factor.codes"),
                    breadcrumbs: [Breadcrumb(visit.word("web.account"), "/account")], codes: codes))
        } catch OrganisationError.codeRefused {
            return try await enrolPage(visit, problem: OrganisationError.codeRefused.report.explanation)
        }
    }

    @Sendable private func removeFactor(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        do {
            try await manage.removeFactor(
                of: try visit.account(), password: fields["factor-password"] ?? "", origin: visit.origin)
            return visit.redirect("/account#second-factor", toast: "organisation.factor.removed")
        } catch let error as OrganisationError {
            return try visit.render(
                try await page(visit, removalProblem: error.report.explanation), status: .unprocessableContent)
        }
    }
}

extension String {
    /// Pieces of `count` characters, the last perhaps shorter.
    fileprivate func parts(of count: Int) -> [String] {
        var rest = self[...]
        var parts: [String] = []
        while !rest.isEmpty {
            parts.append(String(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return parts
    }
}

struct AccountPage: Page {
    static let template = "organisation/account"

    struct SessionLine: Sendable {
        let device: String
        let about: String
        let isCurrent: Bool
        /// Nil for the session of this browser, which is signed out instead.
        let endPath: String?
    }

    let title: String
    let facts: KeyValues
    let problem: String?
    let current: Field
    let fields: [Field]
    let sessions: [SessionLine]
    let hasOthers: Bool
    let hasFactor: Bool
    let codesLeft: String?
    let removal: Field
    let removalProblem: String?
}

struct SecondFactorPage: Page {
    static let template = "organisation/second-factor"
    let title: String
    let breadcrumbs: [Breadcrumb]
    let picture: QRCode?
    /// The key in groups of four, as it is typed.
    let groups: [String]
    let address: String
    let code: Field
}

struct RecoveryCodesPage: Page {
    static let template = "organisation/recovery-codes"
    let title: String
    let breadcrumbs: [Breadcrumb]
    let codes: [String]
}
