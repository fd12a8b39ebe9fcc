internal import Core
internal import Hummingbird
internal import Store
internal import Web

/// The district's profile as it was loaded, part by part, each value with where it comes from and whether somebody of
/// the district has confirmed it; and its units with their people.
struct ProfileRoutes: Sendable {
    let profile: Profile
    let database: any Database

    static let access: Access = .roles([
        .digitalOffice, .systemAdministrator, .securityAdministrator, .auditAdministrator,
    ])

    var routes: Routes {
        var routes = Routes()
        routes.get("/admin/profile", Self.access, show)
        routes.get("/admin/profile/export", Self.access, export)
        routes.get("/admin/units", Self.access, units)
        routes.get("/admin/roles", Self.access, roles)
        return routes
    }

    // MARK: - Profile

    private func query(_ visit: Visit, sorts: [String] = ["code"]) -> ListQuery {
        ListQuery.read(visit, sorts: sorts, defaultSort: "code", filters: ["part", "verified", "kind"])
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let query = query(visit)
        let all = ProfileEntry.all(of: profile, visit)
        let found = entries(all, query)
        let open = all.count { !$0.provenance.isVerified }
        return try visit.render(
            ProfilePage(
                title: visit.word("organisation.profile"),
                subtitle: "\(profile.name(visit.language)) · \(profile.code)",
                breadcrumbs: [Breadcrumb(visit.word("organisation.admin"), "/admin")],
                tiles: StatTiles([
                    .init(
                        visit.word("organisation.profile.values"), visit.number(all.count), href: "/admin/profile"),
                    .init(
                        visit.word("organisation.verified.yes"), visit.number(all.count - open),
                        href: "/admin/profile?verified=yes", tone: .good),
                    .init(
                        visit.word("organisation.verified.no"), visit.number(open), href: "/admin/profile?verified=no",
                        tone: open > 0 ? .warning : .neutral),
                ]),
                table: Table(
                    visit: visit, query: query,
                    columns: [
                        .init("part", visit.word("organisation.profile.part")),
                        .init("name", visit.word("organisation.profile.name"), isFixed: true),
                        .init("value", visit.word("organisation.profile.value"), isFixed: true),
                        .init("verified", visit.word("organisation.verified")),
                        .init("source", visit.word("organisation.source")),
                    ],
                    rows: page(found, query).map { entry in
                        .init(cells: [
                            .text(visit.word("organisation.part.\(entry.part.rawValue)")), .text(entry.name),
                            .long(entry.value), provenance(entry.provenance, visit), .long(entry.provenance.source),
                        ])
                    }, total: found.count,
                    filters: [
                        .init(
                            "part", visit.word("organisation.profile.part"),
                            options: ProfileEntry.Part.allCases.map { part in
                                .init(
                                    part.rawValue, visit.word("organisation.part.\(part.rawValue)"),
                                    count: all.count { $0.part == part })
                            }), verifiedFilter(visit),
                    ], exportPath: "/admin/profile/export")))
    }

    private func entries(_ all: [ProfileEntry], _ query: ListQuery) -> [ProfileEntry] {
        all.filter { entry in
            query.filters["part"].map { $0.contains(entry.part.rawValue) } ?? true
                && query.filter("verified").map { ($0 == "yes") == entry.provenance.isVerified } ?? true
                && [entry.name, entry.value, entry.provenance.source].contains { $0.holds(query.search) }
        }
    }

    private func page<Element>(_ all: [Element], _ query: ListQuery) -> [Element] {
        Array(all.dropFirst(query.offset).prefix(query.pageSize))
    }

    private func verifiedFilter(_ visit: Visit) -> Table.Filter {
        .init(
            "verified", visit.word("organisation.verified"),
            options: [
                .init("yes", visit.word("organisation.verified.yes")),
                .init("no", visit.word("organisation.verified.no")),
            ])
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let found = entries(ProfileEntry.all(of: profile, visit), query(visit))
        let header = ["profile.part", "profile.name", "profile.value", "verified", "source"].map {
            visit.word("organisation.\($0)")
        }
        let rows = found.map { entry in
            [
                visit.word("organisation.part.\(entry.part.rawValue)"), entry.name, entry.value,
                visit.word(entry.provenance.isVerified ? "organisation.verified.yes" : "organisation.verified.no"),
                entry.provenance.source,
            ]
        }
        return try SheetDownload(header: header, texts: rows).response(visit, name: visit.word("organisation.profile"))
    }

    private func provenance(_ provenance: Provenance, _ visit: Visit) -> Cell {
        provenance.isVerified
            ? .badge(visit.word("organisation.verified.yes"), .good)
            : .badge(visit.word("organisation.verified.no"), .warning)
    }

    // MARK: - Units

    @Sendable private func units(_ visit: Visit) async throws -> Response {
        let query = query(visit, sorts: ["code", "people"])
        let counts = try await database.read { try PersonStore.countsByUnit(in: $0) }
        var found = profile.units.filter { unit in
            query.filter("kind").map { $0 == unit.kind.rawValue } ?? true
                && query.filter("verified").map { ($0 == "yes") == unit.provenance.isVerified } ?? true
                && [unit.code, unit.name.zh, unit.name.en, unit.shortName.zh].contains { $0.holds(query.search) }
        }
        if query.sort == "people" { found.sort { (counts[$0.code] ?? 0) < (counts[$1.code] ?? 0) } }
        if query.isDescending { found.reverse() }
        let mayOpen = visit.visitor.account?.roles.contains(.securityAdministrator) == true
        return try visit.render(
            UnitsPage(
                title: visit.word("organisation.units"), subtitle: visit.word("organisation.units.subtitle"),
                breadcrumbs: [Breadcrumb(visit.word("organisation.admin"), "/admin")],
                table: Table(
                    visit: visit, query: query,
                    columns: [
                        .init("name", visit.word("organisation.unit"), isFixed: true),
                        .init("code", visit.word("organisation.unit_code"), isSortable: true),
                        .init("kind", visit.word("organisation.unit_kind")),
                        .init("people", visit.word("organisation.people"), isSortable: true, isNumeric: true),
                        .init("verified", visit.word("organisation.verified")),
                        .init("source", visit.word("organisation.source")),
                    ],
                    rows: page(found, query).map { unit in
                        .init(
                            href: mayOpen ? "/admin/people?unit=\(urlEncoded(unit.code))" : nil,
                            cells: [
                                .text(unit.name(visit.language)), .text(unit.code),
                                .text(visit.word("organisation.unit.\(unit.kind.rawValue)")),
                                .number(counts[unit.code] ?? 0), provenance(unit.provenance, visit),
                                .long(unit.provenance.source),
                            ])
                    }, total: found.count,
                    filters: [
                        .init(
                            "kind", visit.word("organisation.unit_kind"),
                            options: Unit.Kind.allCases.map {
                                .init($0.rawValue, visit.word("organisation.unit.\($0.rawValue)"))
                            }), verifiedFilter(visit),
                    ])))
    }

    // MARK: - Roles

    @Sendable private func roles(_ visit: Visit) async throws -> Response {
        let counts = try await database.read { tx in
            try Role.allCases.map { try PersonStore.countEnabled($0, in: tx) }
        }
        let mayOpen = visit.visitor.account?.roles.contains(.securityAdministrator) == true
        return try visit.render(
            RolesPage(
                title: visit.word("organisation.roles"), subtitle: visit.word("organisation.roles.subtitle"),
                breadcrumbs: [Breadcrumb(visit.word("organisation.admin"), "/admin")],
                table: Table(
                    visit: visit, query: ListQuery(sort: "role", pageSize: Role.allCases.count),
                    columns: [
                        .init("role", visit.word("organisation.roles")),
                        .init("may", visit.word("organisation.may")),
                        .init("apart", visit.word("organisation.apart")),
                        .init("people", visit.word("organisation.people"), isNumeric: true),
                    ],
                    rows: zip(Role.allCases, counts).map { role, count in
                        .init(
                            href: mayOpen ? "/admin/people?role=\(role.rawValue)" : nil,
                            cells: [
                                .text(visit.word("web.role.\(role.rawValue)")),
                                .text(visit.word("organisation.may.\(role.rawValue)")),
                                .text(visit.word("organisation.apart.\(apart(role))")), .number(count),
                            ])
                    }, total: Role.allCases.count, hasSearch: false)))
    }

    /// Which rule of separation a role stands under (`RoleRules.check`).
    private func apart(_ role: Role) -> String {
        if RoleRules.administrators.contains(role) { return "administrator" }
        return RoleRules.outsiders.contains(role) ? "outsider" : "desk"
    }
}

extension String {
    /// Whether a search finds this text; an empty search finds every text.
    fileprivate func holds(_ search: String) -> Bool { search.isEmpty || lowercased().contains(search.lowercased()) }
}

struct ProfilePage: Page {
    static let template = "organisation/profile"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let tiles: StatTiles
    let table: Table
    var isWide: Bool { true }
}

struct UnitsPage: Page {
    static let template = "organisation/units"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let table: Table
}

struct RolesPage: Page {
    static let template = "organisation/roles"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let table: Table
}
