internal import Core
internal import Hummingbird
internal import Store
internal import Web

/// The district's profile as it was loaded: units, townships, limits, each with where it comes from.
struct ProfileRoutes: Sendable {
    let profile: Profile
    let database: any Database

    static let access: Access = .roles([
        .digitalOffice, .systemAdministrator, .securityAdministrator, .auditAdministrator,
    ])

    var routes: Routes {
        var routes = Routes()
        routes.get("/admin/profile", Self.access, show)
        return routes
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let counts = try await database.read { try PersonStore.countsByUnit(in: $0) }
        let units = profile.units.map { unit in
            Table.Row(cells: [
                .text(unit.code), .text(unit.name(visit.language)),
                .text(visit.word("organisation.unit.\(unit.kind.rawValue)")), .number(counts[unit.code] ?? 0),
                provenance(unit.provenance, visit), .long(unit.provenance.source),
            ])
        }
        let limits = profile.hotline.limits.map { limit in
            Table.Row(cells: [
                .text(limit.title(visit.language)), .number(limit.workingDays), provenance(limit.provenance, visit),
                .long(limit.provenance.source),
            ])
        }
        let verified = visit.word("organisation.verified")
        let source = visit.word("organisation.source")
        return try visit.render(
            ProfilePage(
                title: visit.word("organisation.profile"),
                subtitle: "\(profile.name(visit.language)) · \(profile.code)",
                breadcrumbs: [Breadcrumb(visit.word("organisation.admin"), "/admin")],
                units: Table(
                    visit: visit, query: ListQuery(sort: "code", pageSize: units.count),
                    columns: [
                        .init("code", visit.word("organisation.unit_code")),
                        .init("name", visit.word("organisation.unit")),
                        .init("kind", visit.word("organisation.unit_kind")),
                        .init("people", visit.word("organisation.people"), isNumeric: true),
                        .init("verified", verified), .init("source", source),
                    ], rows: units, total: units.count, hasSearch: false),
                limits: Table(
                    visit: visit, query: ListQuery(sort: "name", pageSize: limits.count),
                    columns: [
                        .init("name", visit.word("organisation.limit")),
                        .init("days", visit.word("organisation.working_days"), isNumeric: true),
                        .init("verified", verified), .init("source", source),
                    ], rows: limits, total: limits.count, hasSearch: false)))
    }

    private func provenance(_ provenance: Provenance, _ visit: Visit) -> Cell {
        provenance.isVerified
            ? .badge(visit.word("organisation.verified.yes"), .good)
            : .badge(visit.word("organisation.verified.no"), .warning)
    }
}

struct ProfilePage: Page {
    static let template = "organisation/profile"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let units: Table
    let limits: Table
}
