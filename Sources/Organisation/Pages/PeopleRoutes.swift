internal import Core
internal import Hummingbird
internal import Store
internal import Web

/// People and their roles, for the security administrator; the audit trail, for the audit administrator.
struct PeopleRoutes: Sendable {
    let context: OrganisationContext

    var routes: Routes {
        var routes = Routes()
        routes.get("/admin/people", .securityAdministrator, list)
        routes.post("/admin/people", .securityAdministrator, invite)
        routes.post("/admin/people/:id/link", .securityAdministrator, newLink)
        routes.post("/admin/people/:id/enabled", .securityAdministrator, setEnabled)
        routes.get("/admin/people/:id", .securityAdministrator, show)
        routes.get("/admin/audit", .auditAdministrator, audit)
        return routes
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        try visit.render(try await listPage(visit, typed: Fields(), problem: nil))
    }

    private func listPage(_ visit: Visit, typed: Fields, problem: Bilingual?) async throws -> PeoplePage {
        let query = ListQuery.read(visit, sorts: ["name"], defaultSort: "name", filters: [])
        var filter = PersonFilter()
        filter.search = query.search
        let asked = filter
        let (people, total) = try await context.database.read { tx in
            (
                try PersonStore.list(asked, limit: query.pageSize, offset: query.offset, in: tx),
                try PersonStore.count(asked, in: tx)
            )
        }
        let table = Table(
            visit: visit, query: query,
            columns: [
                .init("name", visit.word("organisation.name"), isSortable: true),
                .init("signin", visit.word("organisation.sign_in_name")),
                .init("unit", visit.word("organisation.unit")), .init("roles", visit.word("organisation.roles")),
                .init("state", visit.word("organisation.state")),
                .init("last", visit.word("organisation.signed_in_at")),
            ],
            rows: people.map { person in
                .init(
                    href: "/admin/people/\(person.id)",
                    cells: [
                        .text(person.name), .text(person.signInName), unitCell(person, visit),
                        .badges(visit.roleBadges(person.roles)), state(person, visit),
                        person.signedInAt.map(Cell.time) ?? .none,
                    ])
            }, total: total, emptyKey: "organisation.people.none")
        return PeoplePage(
            title: visit.word("organisation.people"),
            breadcrumbs: [Breadcrumb(visit.word("organisation.admin"), "/admin")], table: table,
            problem: problem.map { visit.text($0) }, fields: inviteFields(visit, typed))
    }

    private func inviteFields(_ visit: Visit, _ typed: Fields) -> [Field] {
        [
            Field(
                label: visit.word("organisation.sign_in_name"), name: "signin", value: typed.text("signin"),
                hint: visit.word("organisation.sign_in_name_hint"), isRequired: true),
            Field(label: visit.word("organisation.name"), name: "name", value: typed.text("name"), isRequired: true),
            Field(
                label: visit.word("organisation.unit"), name: "unit", kind: .select, value: typed.text("unit"),
                options: context.profile.units.map { .init($0.code, $0.name(visit.language)) }),
            Field(
                label: visit.word("organisation.roles"), name: "role", kind: .checkboxes, values: typed.all("role"),
                options: Role.allCases.map { .init($0.rawValue, visit.word("organisation.role.\($0.rawValue)")) }),
        ]
    }

    @Sendable private func invite(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        let draft = PersonDraft(
            signInName: fields.text("signin"), name: fields.text("name"), unitCode: fields["unit"],
            roles: Set(fields.all("role").compactMap(Role.init(rawValue:))))
        do {
            let made = try await ManagePeople(context).invite(draft, by: try visit.account(), from: visit.origin)
            return try showLink(made.link, for: draft.name, visit)
        } catch let error as OrganisationError {
            return try visit.render(
                try await listPage(visit, typed: fields, problem: error.report.explanation),
                status: .unprocessableContent)
        }
    }

    private func showLink(_ link: String, for name: String, _ visit: Visit) throws -> Response {
        try visit.render(
            NewLinkPage(
                title: visit.word("organisation.link_for", name),
                breadcrumbs: [Breadcrumb(visit.word("organisation.people"), "/admin/people")], link: link))
    }

    @Sendable private func newLink(_ visit: Visit) async throws -> Response {
        let person = try await find(visit)
        let link = try await ManagePeople(context).link(
            for: person.id, by: try visit.account(), from: visit.origin)
        return try showLink(link, for: person.name, visit)
    }

    @Sendable private func setEnabled(_ visit: Visit) async throws -> Response {
        let person = try await find(visit)
        let fields = try await visit.fields()
        try await ManagePeople(context).setEnabled(
            fields["enabled"] == "yes", person.id, version: fields["version"].flatMap { Int($0) } ?? person.version,
            by: try visit.account(), from: visit.origin)
        return visit.redirect("/admin/people/\(person.id)", toast: "organisation.saved")
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let person = try await find(visit)
        return try visit.render(
            PersonPage(
                title: person.name, breadcrumbs: [Breadcrumb(visit.word("organisation.people"), "/admin/people")],
                facts: KeyValues([
                    (visit.word("organisation.sign_in_name"), .text(person.signInName)),
                    (visit.word("organisation.unit"), unitCell(person, visit)),
                    (visit.word("organisation.roles"), .badges(visit.roleBadges(person.roles))),
                    (visit.word("organisation.state"), state(person, visit)),
                    (visit.word("organisation.signed_in_at"), person.signedInAt.map(Cell.time) ?? .none),
                ]), path: "/admin/people/\(person.id)", isEnabled: person.isEnabled, version: person.version))
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
            ? .badge(visit.word(person.hasPassword ? "organisation.enabled" : "organisation.invited"), .good)
            : .badge(visit.word("organisation.disabled"), .warning)
    }

    // MARK: - Audit trail

    @Sendable private func audit(_ visit: Visit) async throws -> Response {
        let query = ListQuery.read(visit, sorts: ["at"], defaultSort: "-at", filters: ["kind"])
        var filter = AuditFilter()
        filter.search = query.search
        filter.kinds = (query.filters["kind"] ?? []).compactMap(AuditEvent.Kind.init(rawValue:))
        filter.isOldestFirst = !query.isDescending
        let asked = filter
        let (entries, total, names) = try await context.database.read { tx in
            let entries = try AuditStore.list(asked, limit: query.pageSize, offset: query.offset, in: tx)
            return (
                entries, try AuditStore.count(asked, in: tx),
                try PersonStore.names(of: entries.compactMap(\.event.personID), in: tx)
            )
        }
        return try visit.render(
            AuditPage(
                title: visit.word("organisation.audit"),
                breadcrumbs: [Breadcrumb(visit.word("organisation.admin"), "/admin")],
                table: Table(
                    visit: visit, query: query,
                    columns: [
                        .init("number", "#", isNumeric: true),
                        .init("at", visit.word("organisation.audit.at"), isSortable: true),
                        .init("kind", visit.word("organisation.audit.kind")),
                        .init("who", visit.word("organisation.audit.who")),
                        .init("subject", visit.word("organisation.audit.subject")),
                        .init("detail", visit.word("organisation.audit.detail")),
                    ],
                    rows: entries.map { entry in
                        .init(cells: [
                            .number(Int(entry.sequence)), .time(entry.at),
                            .text(visit.word("organisation.audit.\(entry.event.kind.rawValue)")),
                            entry.event.personID.map { .text(names[$0] ?? String($0)) } ?? .none,
                            .text(entry.event.subject), .long(entry.event.detail),
                        ])
                    }, total: total,
                    filters: [
                        .init(
                            "kind", visit.word("organisation.audit.kind"),
                            options: AuditEvent.Kind.allCases.map {
                                .init($0.rawValue, visit.word("organisation.audit.\($0.rawValue)"))
                            })
                    ], emptyKey: "organisation.audit.none")))
    }
}

struct PeoplePage: Page {
    static let template = "organisation/people"
    let title: String
    let breadcrumbs: [Breadcrumb]
    let table: Table
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
}

struct NewLinkPage: Page {
    static let template = "organisation/new-link"
    let title: String
    let breadcrumbs: [Breadcrumb]
    let link: String
}

struct AuditPage: Page {
    static let template = "organisation/audit"
    let title: String
    let breadcrumbs: [Breadcrumb]
    let table: Table
    var isWide: Bool { true }
}
