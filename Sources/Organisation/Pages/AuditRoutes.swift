internal import Core
internal import Hummingbird
internal import Store
internal import Web

/// The audit trail for the audit administrator: searched, exported, and verified link by link.
struct AuditRoutes: Sendable {
    let context: OrganisationContext

    var routes: Routes {
        var routes = Routes()
        routes.get("/admin/audit", .auditAdministrator, list)
        routes.get("/admin/audit/export", .auditAdministrator, export)
        routes.post("/admin/audit/verify", .auditAdministrator, verify)
        return routes
    }

    private func query(_ visit: Visit) -> ListQuery {
        ListQuery.read(visit, sorts: ["at"], defaultSort: "-at", filters: ["kind", "days", "person"])
    }

    private func filter(_ query: ListQuery, now: Instant) -> AuditFilter {
        var filter = AuditFilter()
        filter.search = query.search
        filter.kinds = (query.filters["kind"] ?? []).compactMap(AuditEvent.Kind.init(rawValue:))
        filter.personID = query.filter("person").flatMap { Int64($0) }
        if let days = query.filter("days").flatMap({ Int64($0) }), Self.periods.contains(days) {
            filter.from = now.adding(days: -days)
        }
        filter.isOldestFirst = !query.isDescending
        return filter
    }

    private static let periods: [Int64] = [1, 7, 30, 365]

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        try visit.render(try await page(visit, nil))
    }

    private func page(_ visit: Visit, _ verification: Audit.Verification?) async throws -> AuditPage {
        let query = query(visit)
        let asked = filter(query, now: visit.now)
        var verified = AuditFilter()
        verified.kinds = [.trailVerified]
        let last = verified
        let (entries, total, names, latest) = try await context.database.read { tx in
            let entries = try AuditStore.list(asked, limit: query.pageSize, offset: query.offset, in: tx)
            let people =
                entries.flatMap { [$0.event.personID, AuditWording.person($0.event.subject)].compactMap(\.self) }
                + (asked.personID.map { [$0] } ?? [])
            return (
                entries, try AuditStore.count(asked, in: tx), try PersonStore.names(of: people, in: tx),
                try AuditStore.list(last, limit: 1, offset: 0, in: tx).first
            )
        }
        let wording = AuditWording(visit: visit, profile: context.profile, names: names)
        return AuditPage(
            title: visit.word("organisation.audit"), subtitle: visit.word("organisation.audit.subtitle"),
            breadcrumbs: [Breadcrumb(visit.word("organisation.admin"), "/admin")],
            table: table(entries, total, wording, query, visit),
            lastVerified: latest.map {
                visit.word("organisation.audit.last_verified", visit.time($0.at), wording.detail($0.event.detail))
            }
                ?? visit.word("organisation.audit.never_verified"),
            isIntact: verification?.isIntact == true, isBroken: verification?.isIntact == false,
            verification: verification.map { facts($0, visit) })
    }

    private func facts(_ verification: Audit.Verification, _ visit: Visit) -> KeyValues {
        var pairs: [(String, Cell)] = [
            (visit.word("organisation.audit.entries"), .number(verification.entries)),
            (visit.word("organisation.audit.head"), .text(verification.headHash)),
        ]
        if let fault = verification.fault {
            pairs.append(
                (
                    visit.word("organisation.audit.fault"),
                    .text(visit.word("organisation.audit.fault.\(fault.rawValue)"))
                ))
        }
        if let sequence = verification.faultySequence {
            pairs.append((visit.word("organisation.audit.at_entry"), .number(Int(sequence))))
        }
        return KeyValues(pairs)
    }

    private func table(
        _ entries: [AuditEntry], _ total: Int, _ wording: AuditWording, _ query: ListQuery, _ visit: Visit
    ) -> Table {
        let names = wording.names
        func who(_ id: Int64?) -> Cell {
            guard let id else { return .none }
            return .link(names[id] ?? String(id), "/admin/audit?person=\(id)")
        }
        var filters: [Table.Filter] = [
            .init(
                "days", visit.word("organisation.audit.period"),
                options: Self.periods.map {
                    .init(
                        String($0),
                        visit.word($0 == 1 ? "organisation.audit.day" : "organisation.audit.days", String($0)))
                }),
            .init(
                "kind", visit.word("organisation.audit.kind"),
                options: AuditEvent.Kind.allCases.map {
                    .init($0.rawValue, visit.word("organisation.audit.\($0.rawValue)"))
                }),
        ]
        if let person = query.filter("person") {
            let name = Int64(person).flatMap { names[$0] } ?? person
            filters.append(.init("person", visit.word("organisation.audit.who"), options: [.init(person, name)]))
        }
        return Table(
            visit: visit, query: query,
            columns: [
                .init("number", visit.word("organisation.audit.number"), isNumeric: true, isFixed: true),
                .init("at", visit.word("organisation.audit.at"), isSortable: true),
                .init("kind", visit.word("organisation.audit.kind")),
                .init("who", visit.word("organisation.audit.who")),
                .init("subject", visit.word("organisation.audit.subject")),
                .init("detail", visit.word("organisation.audit.detail")),
                .init("address", visit.word("organisation.audit.address")),
            ],
            rows: entries.map { entry in
                .init(cells: [
                    .number(Int(entry.sequence)), .time(entry.at),
                    .text(visit.word("organisation.audit.\(entry.event.kind.rawValue)")), who(entry.event.personID),
                    .text(wording.subject(entry.event.subject)), .long(wording.detail(entry.event.detail)),
                    entry.event.address.map(Cell.text) ?? .none,
                ])
            }, total: total, filters: filters, exportPath: "/admin/audit/export", emptyKey: "organisation.audit.none")
    }

    /// What the list shows, with the hashes, so that it can be checked elsewhere.
    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let asked = filter(query(visit), now: visit.now)
        let account = try visit.account()
        let entries = try await context.write { tx in
            let entries = try AuditStore.list(asked, limit: OrganisationLimits.exportRowsMax, offset: 0, in: tx)
            try context.audit(
                .export, by: account.personID, "audit trail", "rows=\(entries.count)", from: visit.origin, in: tx)
            return entries
        }
        let header = ["number", "at", "kind", "who", "subject", "detail", "address", "previous", "hash"].map {
            visit.word("organisation.audit.\($0)")
        }
        let rows = entries.map { entry in
            [
                String(entry.sequence), visit.time(entry.at),
                visit.word("organisation.audit.\(entry.event.kind.rawValue)"),
                entry.event.personID.map { String($0) } ?? "", entry.event.subject, entry.event.detail,
                entry.event.address ?? "", entry.previousHash, entry.hash,
            ]
        }
        return try SheetDownload(header: header, texts: rows).response(visit, name: visit.word("organisation.audit"))
    }

    /// Reads the whole chain, says what it found, and keeps that it was done.
    @Sendable private func verify(_ visit: Visit) async throws -> Response {
        let account = try visit.account()
        let verification = try await context.database.read { try Audit.verify(in: $0) }
        let result = verification.isIntact ? "intact" : "fault at \(verification.faultySequence ?? 0)"
        try await context.write { tx in
            _ = try context.actor(account, holding: .auditAdministrator, in: tx)
            try context.audit(
                .trailVerified, by: account.personID, "audit trail",
                "entries=\(verification.entries) result=\(result) head=\(verification.headHash.prefix(16))",
                from: visit.origin, in: tx)
        }
        return try visit.render(try await page(visit, verification))
    }
}

struct AuditPage: Page {
    static let template = "organisation/audit"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let table: Table
    let lastVerified: String
    let isIntact: Bool
    let isBroken: Bool
    /// What a verification just found.
    let verification: KeyValues?
    var isWide: Bool { true }
}
