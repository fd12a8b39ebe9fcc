import Core
import Hummingbird
import Organisation
import Store
import Web

/// Cases that do not count where units are compared: all of them with their reasons, and the two forms of a case.
struct CaseExclusionRoutes: Sendable {
    let cases: Cases
    let database: any Database

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/exclusions", .desk, list)
        routes.get("/desk/exclusions/export", .desk, export)
        return routes
    }

    private func query(_ visit: Visit) -> (ListQuery, CaseExclusionStore.Filter) {
        let query = ListQuery.read(
            visit, sorts: ["at"], defaultSort: "-at", filters: ["ground", "unit", "kind", "standing"])
        var filter = CaseExclusionStore.Filter()
        filter.search = query.search
        filter.grounds = (query.filters["ground"] ?? []).compactMap(CaseExclusion.Ground.init(rawValue:))
        filter.kinds = query.filters["kind"] ?? []
        filter.unitCode = query.filter("unit")
        filter.isStanding = query.filter("standing").map { $0 == "yes" }
        return (query, filter)
    }

    private struct Read: Sendable {
        let entries: [CaseExclusionStore.Entry]
        let total: Int
        let names: [Int64: String]
    }

    private func read(_ filter: CaseExclusionStore.Filter, _ query: ListQuery, isWhole: Bool, now: Instant)
        async throws -> Read
    {
        try await database.read { tx in
            let entries = try CaseExclusionStore.list(
                filter, isDescending: query.isDescending, limit: isWhole ? CasesLimits.exportRowsMax : query.pageSize,
                offset: isWhole ? 0 : query.offset, now: now, in: tx)
            let people = entries.flatMap { [$0.exclusion.by, $0.exclusion.liftedBy].compactMap { $0 } }
            return Read(
                entries: entries, total: try CaseExclusionStore.count(filter, now: now, in: tx),
                names: try PersonStore.names(of: people, in: tx))
        }
    }

    private func columns(_ visit: Visit) -> [Table.Column] {
        [
            .init("number", visit.word("casework.number"), isFixed: true),
            .init("title", visit.word("casework.title"), isFixed: true), .init("kind", visit.word("casework.kind")),
            .init("unit", visit.word("casework.lead")), .init("ground", visit.word("casework.exclusion.ground")),
            .init("reason", visit.word("casework.reason"), isFixed: true),
            .init("who", visit.word("casework.exclusion.who")),
            .init("at", visit.word("casework.exclusion.at"), isSortable: true),
            .init("state", visit.word("casework.state")), .init("lift", visit.word("casework.exclusion.lift_reason")),
        ]
    }

    private func rows(_ read: Read, _ visit: Visit) -> [Table.Row] {
        let words = CaseWords(visit: visit, cases: cases)
        return read.entries.map { entry in
            let (one, file) = (entry.exclusion, entry.file)
            func who(_ id: Int64?) -> String {
                id.map { read.names[$0] ?? visit.word("casework.who.unknown") } ?? ""
            }
            return Table.Row(
                href: cases.path(of: file.id, kind: file.kind),
                cells: [
                    .text(file.number), .long(Masking.text(file.title)), .text(words.kind(file.kind)),
                    words.unit(file.leadUnitCode).map(Cell.text) ?? .none, .text(visit.text(one.ground.title)),
                    .long(Masking.text(one.reason)), .text(who(one.by)), .time(one.at),
                    one.isStanding
                        ? .badge(visit.word("casework.exclusion.standing"), .warning)
                        : .badge(visit.word("casework.exclusion.lifted"), .neutral),
                    one.liftReason.map { .long("\(who(one.liftedBy))：\(Masking.text($0))") } ?? .none,
                ])
        }
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let (query, filter) = query(visit)
        let read = try await read(filter, query, isWhole: false, now: visit.now)
        let words = CaseWords(visit: visit, cases: cases)
        let kinds = cases.kinds.values.sorted { $0.name < $1.name }
        let table = Table(
            visit: visit, query: query, columns: columns(visit), rows: rows(read, visit), total: read.total,
            filters: [
                .init(
                    "standing", visit.word("casework.state"),
                    options: [
                        .init("yes", visit.word("casework.exclusion.standing")),
                        .init("no", visit.word("casework.exclusion.lifted")),
                    ]),
                .init(
                    "ground", visit.word("casework.exclusion.ground"),
                    options: CaseExclusion.Ground.allCases.map { .init($0.rawValue, visit.text($0.title)) }),
                .init(
                    "unit", visit.word("casework.lead"),
                    options: cases.profile.units.map { .init($0.code, words.unit($0.code) ?? $0.code) }),
                .init("kind", visit.word("casework.kind"), options: kinds.map { .init($0.name, words.kind($0.name)) }),
            ], exportPath: "/desk/exclusions/export", emptyKey: "casework.exclusions.empty")
        return try visit.render(
            CaseListPage(
                title: visit.word("casework.exclusions"), subtitle: visit.word("casework.exclusions.subtitle"),
                tiles: nil, table: table))
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let (query, filter) = query(visit)
        let read = try await read(filter, query, isWhole: true, now: visit.now)
        return try await SheetDownload(visit, columns: columns(visit), rows: rows(read, visit)).recorded(
            visit, name: visit.word("casework.exclusions"), subject: "exclusions", in: database)
    }
}
