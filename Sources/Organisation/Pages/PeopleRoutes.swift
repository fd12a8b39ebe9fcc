internal import Core
internal import Hummingbird
internal import Store
internal import Web

/// People and their roles, for the security administrator.
struct PeopleRoutes: Sendable {
    let context: OrganisationContext

    private var manage: ManagePeople { ManagePeople(context) }

    var routes: Routes {
        var routes = Routes()
        routes.get("/admin/people", .securityAdministrator, list)
        routes.get("/admin/people/export", .securityAdministrator, export)
        routes.get("/admin/people/new", .securityAdministrator, form)
        routes.post("/admin/people", .securityAdministrator, invite)
        routes.get("/admin/people/:id", .securityAdministrator, show)
        routes.post("/admin/people/:id", .securityAdministrator, change)
        routes.post("/admin/people/:id/link", .securityAdministrator, newLink)
        routes.post("/admin/people/:id/enabled", .securityAdministrator, setEnabled)
        routes.post("/admin/people/:id/sessions", .securityAdministrator, endSessions)
        return routes
    }

    // MARK: - List

    private static let orders: [String: PersonFilter.Order] = [
        "name": .name, "signin": .signInName, "unit": .unit, "last": .signedIn,
    ]

    private func query(_ visit: Visit) -> ListQuery {
        ListQuery.read(
            visit, sorts: Self.orders.keys.sorted(), defaultSort: "name", filters: ["unit", "role", "state"])
    }

    private func filter(_ query: ListQuery) -> PersonFilter {
        var filter = PersonFilter()
        filter.search = query.search
        filter.unitCodes = query.filters["unit"] ?? []
        filter.roles = (query.filters["role"] ?? []).compactMap(Role.init(rawValue:))
        filter.isEnabled = query.filter("state").map { $0 == "enabled" }
        filter.order = Self.orders[query.sort] ?? .name
        filter.isDescending = query.isDescending
        return filter
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let query = query(visit)
        let filter = filter(query)
        let (people, total) = try await context.database.read { tx in
            (
                try PersonStore.list(filter, limit: query.pageSize, offset: query.offset, in: tx),
                try PersonStore.count(filter, in: tx)
            )
        }
        return try visit.render(
            PeoplePage(
                title: visit.word("organisation.people"),
                breadcrumbs: [Breadcrumb(visit.word("organisation.admin"), "/admin")],
                actions: [PageAction(visit.word("organisation.invite"), "/admin/people/new", isPrimary: true)],
                table: table(people, total, query, visit)))
    }

    private func table(_ people: [Person], _ total: Int, _ query: ListQuery, _ visit: Visit) -> Table {
        Table(
            visit: visit, query: query,
            columns: [
                .init("name", visit.word("organisation.name"), isSortable: true, isFixed: true),
                .init("signin", visit.word("organisation.sign_in_name"), isSortable: true),
                .init("unit", visit.word("organisation.unit"), isSortable: true),
                .init("roles", visit.word("organisation.roles")), .init("state", visit.word("organisation.state")),
                .init("factor", visit.word("organisation.factor")),
                .init("last", visit.word("organisation.signed_in_at"), isSortable: true),
            ],
            rows: people.map { person in
                .init(
                    href: "/admin/people/\(person.id)",
                    cells: [
                        .text(person.name), .text(person.signInName), unitCell(person, visit),
                        .badges(visit.roleBadges(person.roles)), state(person, visit),
                        .text(
                            visit.word(person.hasSecondFactor ? "organisation.factor.on" : "organisation.factor.off")),
                        person.signedInAt.map(Cell.time) ?? .none,
                    ])
            }, total: total,
            filters: [
                .init(
                    "unit", visit.word("organisation.unit"),
                    options: context.profile.units.map { .init($0.code, $0.shortName(visit.language)) }),
                .init(
                    "role", visit.word("organisation.roles"),
                    options: Role.allCases.map { .init($0.rawValue, visit.word("web.role.\($0.rawValue)")) }),
                .init(
                    "state", visit.word("organisation.state"),
                    options: [
                        .init("enabled", visit.word("organisation.enabled")),
                        .init("disabled", visit.word("organisation.disabled")),
                    ]),
            ], exportPath: "/admin/people/export", emptyKey: "organisation.people.none")
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let filter = filter(query(visit))
        let account = try visit.account()
        let people = try await context.write { tx in
            let people = try PersonStore.list(filter, limit: OrganisationLimits.exportRowsMax, offset: 0, in: tx)
            try context.audit(
                .export, by: account.personID, "people", "rows=\(people.count)", from: visit.origin, in: tx)
            return people
        }
        let header = ["name", "sign_in_name", "unit", "roles", "state", "factor", "signed_in_at"].map {
            visit.word("organisation.\($0)")
        }
        return try SheetDownload(header: header, texts: people.map { line($0, visit) }).response(
            visit, name: visit.word("organisation.people"))
    }

    private func line(_ person: Person, _ visit: Visit) -> [String] {
        [
            person.name, person.signInName,
            person.unitCode.flatMap { context.profile.unit($0) }?.name(visit.language) ?? "",
            person.roles.sorted().map { visit.word("web.role.\($0.rawValue)") }
                .joined(separator: visit.word("web.list_separator")),
            visit.word(person.isEnabled ? "organisation.enabled" : "organisation.disabled"),
            visit.word(person.hasSecondFactor ? "organisation.factor.on" : "organisation.factor.off"),
            person.signedInAt.map(visit.time) ?? "",
        ]
    }

    // MARK: - Adding

    @Sendable private func form(_ visit: Visit) async throws -> Response {
        try visit.render(formPage(visit, typed: Fields(), problem: nil))
    }

    private func formPage(_ visit: Visit, typed: Fields, problem: Bilingual?) -> PersonFormPage {
        PersonFormPage(
            title: visit.word("organisation.invite"),
            breadcrumbs: [
                Breadcrumb(visit.word("organisation.admin"), "/admin"),
                Breadcrumb(visit.word("organisation.people"), "/admin/people"),
            ], problem: problem.map { visit.text($0) },
            fields: fields(
                visit, signIn: typed.text("signin"), name: typed.text("name"), unit: typed.text("unit"),
                roles: typed.all("role")))
    }

    private func fields(
        _ visit: Visit, signIn: String, name: String, unit: String, roles: [String]
    ) -> [Field] {
        [
            Field(
                label: visit.word("organisation.name"), name: "name", value: name, isRequired: true,
                charactersMax: OrganisationLimits.personNameCharactersMax, autocomplete: "off"),
            Field(
                label: visit.word("organisation.sign_in_name"), name: "signin", value: signIn,
                hint: visit.word("organisation.sign_in_name_hint"), isRequired: true,
                charactersMax: OrganisationLimits.signInNameCharacters.upperBound, autocomplete: "off"),
            Field(
                label: visit.word("organisation.unit"), name: "unit", kind: .select, value: unit,
                options: context.profile.units.map { .init($0.code, $0.name(visit.language)) },
                hint: visit.word("organisation.unit_hint")),
            Field(
                label: visit.word("organisation.roles"), name: "role", kind: .checkboxes, values: roles,
                options: Role.allCases.map {
                    .init(
                        $0.rawValue, visit.word("web.role.\($0.rawValue)"),
                        hint: visit.word("organisation.may.\($0.rawValue)"))
                }, hint: visit.word("organisation.roles_hint"), isRequired: true),
        ]
    }

    private func draft(_ fields: Fields) -> PersonDraft {
        PersonDraft(
            signInName: fields.text("signin"), name: fields.text("name"), unitCode: fields["unit"],
            roles: Set(fields.all("role").compactMap(Role.init(rawValue:))))
    }

    @Sendable private func invite(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        let draft = draft(fields)
        do {
            let made = try await manage.invite(draft, by: try visit.account(), from: visit.origin)
            return try showLink(made.link, for: draft.name, visit)
        } catch let error as OrganisationError {
            return try visit.render(
                formPage(visit, typed: fields, problem: error.report.explanation), status: .unprocessableContent)
        }
    }

    private func showLink(_ link: String, for name: String, _ visit: Visit) throws -> Response {
        let scheme = visit.site.isSecure ? "https" : "http"
        return try visit.render(
            NewLinkPage(
                title: visit.word("organisation.link_for", name),
                breadcrumbs: [
                    Breadcrumb(visit.word("organisation.admin"), "/admin"),
                    Breadcrumb(visit.word("organisation.people"), "/admin/people"),
                ], link: visit.request.head.authority.map { "\(scheme)://\($0)\(link)" } ?? link))
    }

    @Sendable private func newLink(_ visit: Visit) async throws -> Response {
        let person = try await find(visit)
        let link = try await manage.link(for: person.id, by: try visit.account(), from: visit.origin)
        return try showLink(link, for: person.name, visit)
    }

    // MARK: - One person

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        try visit.render(try await page(visit, try await find(visit), typed: nil, problem: nil))
    }

    private func page(
        _ visit: Visit, _ person: Person, typed: Fields?, problem: Bilingual?
    ) async throws -> PersonPage {
        let isSelf = visit.visitor.account?.personID == person.id.rawValue
        return PersonPage(
            title: person.name,
            breadcrumbs: [
                Breadcrumb(visit.word("organisation.admin"), "/admin"),
                Breadcrumb(visit.word("organisation.people"), "/admin/people"),
            ],
            facts: KeyValues([
                (visit.word("organisation.sign_in_name"), .text(person.signInName)),
                (visit.word("organisation.unit"), unitCell(person, visit)),
                (visit.word("organisation.roles"), .badges(visit.roleBadges(person.roles))),
                (visit.word("organisation.state"), state(person, visit)),
                (
                    visit.word("organisation.factor"),
                    .text(visit.word(person.hasSecondFactor ? "organisation.factor.on" : "organisation.factor.off"))
                ),
                (visit.word("organisation.created_at"), .time(person.createdAt)),
                (visit.word("organisation.signed_in_at"), person.signedInAt.map(Cell.time) ?? .none),
            ]), path: "/admin/people/\(person.id)", isEnabled: person.isEnabled, version: person.version,
            isSelf: isSelf, problem: problem.map { visit.text($0) },
            fields: fields(
                visit, signIn: typed?.text("signin") ?? person.signInName, name: typed?.text("name") ?? person.name,
                unit: typed?.text("unit") ?? person.unitCode ?? "",
                roles: typed?.all("role") ?? person.roles.map(\.rawValue)))
    }

    @Sendable private func change(_ visit: Visit) async throws -> Response {
        let person = try await find(visit)
        let fields = try await visit.fields()
        do {
            try await manage.change(
                person.id, to: draft(fields), version: fields["version"].flatMap { Int($0) } ?? -1,
                by: try visit.account(), from: visit.origin)
            return visit.redirect("/admin/people/\(person.id)", toast: "organisation.saved")
        } catch let error as OrganisationError {
            return try visit.render(
                try await page(visit, person, typed: fields, problem: error.report.explanation),
                status: .unprocessableContent)
        }
    }

    @Sendable private func setEnabled(_ visit: Visit) async throws -> Response {
        let person = try await find(visit)
        let fields = try await visit.fields()
        let isEnabled = fields["enabled"] == "yes"
        try await manage.setEnabled(
            isEnabled, person.id, version: fields["version"].flatMap { Int($0) } ?? person.version,
            by: try visit.account(), from: visit.origin)
        let path = "/admin/people/\(person.id)"
        return visit.redirect(
            path, toast: isEnabled ? "organisation.person_enabled" : "organisation.person_disabled",
            arguments: [person.name],
            undo: Undo(path + "/enabled", fields: ["enabled": isEnabled ? "no" : "yes"]))
    }

    @Sendable private func endSessions(_ visit: Visit) async throws -> Response {
        let person = try await find(visit)
        try await manage.endSessions(of: person.id, by: try visit.account(), from: visit.origin)
        return visit.redirect("/admin/people/\(person.id)", toast: "organisation.session_ended")
    }

    private func find(_ visit: Visit) async throws -> Person {
        let id: ID<Person> = try visit.id()
        guard let person = try await context.database.read({ try PersonStore.find(id, in: $0) }) else {
            throw OrganisationError.noSuchPerson
        }
        return person
    }

    private func unitCell(_ person: Person, _ visit: Visit) -> Cell {
        person.unitCode.flatMap { context.profile.unit($0) }.map { .text($0.shortName(visit.language)) } ?? .none
    }

    private func state(_ person: Person, _ visit: Visit) -> Cell {
        person.isEnabled
            ? .badge(
                visit.word(person.hasPassword ? "organisation.enabled" : "organisation.invited"),
                person.hasPassword ? .good : .info)
            : .badge(visit.word("organisation.disabled"), .warning)
    }
}

struct PeoplePage: Page {
    static let template = "organisation/people"
    let title: String
    let breadcrumbs: [Breadcrumb]
    let actions: [PageAction]
    let table: Table
    var isWide: Bool { true }
}

struct PersonFormPage: Page {
    static let template = "organisation/person-form"
    let title: String
    let breadcrumbs: [Breadcrumb]
    let problem: String?
    let fields: [Field]
}

struct PersonPage: Page {
    static let template = "organisation/person"
    let title: String
    let breadcrumbs: [Breadcrumb]
    let facts: KeyValues
    let path: String
    let isEnabled: Bool
    let version: Int
    /// One's own roles are for somebody else to change.
    let isSelf: Bool
    let problem: String?
    let fields: [Field]
}

struct NewLinkPage: Page {
    static let template = "organisation/new-link"
    let title: String
    let breadcrumbs: [Breadcrumb]
    let link: String
}
