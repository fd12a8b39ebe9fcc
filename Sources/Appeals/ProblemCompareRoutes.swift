internal import Core
internal import Hummingbird
internal import Organisation
internal import Sheets
internal import Store
internal import Web

/// Two periods beside each other: which problems are new, gone, grown or shrunk.
struct ProblemCompareRoutes: Sendable {
    let database: any Database
    let profile: Profile

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/problems/compare", .desk, compare)
        routes.get("/desk/problems/compare/export", .desk, export)
        return routes
    }

    /// The asked periods, or the usual ones; nil periods with what is wrong about them.
    private func read(
        _ visit: Visit, endingAt last: Day
    ) -> (list: ListQuery, query: ProblemCompareStore.Query, error: ProblemError?) {
        let list = ListQuery.read(
            visit, sorts: ProblemCompareStore.Sort.allCases.map(\.rawValue), defaultSort: "-difference",
            filters: ["change", "township", "from1", "to1", "from2", "to2"])
        let days = ["from1", "to1", "from2", "to2"].map { list.filter($0) }
        let usual = ProblemPeriods.usual(endingAt: last)
        let given = days.map { $0.flatMap { Day(iso: $0) } }
        var (periods, error): (ProblemPeriods, ProblemError?) = (usual, nil)
        if days.contains(where: { $0 != nil }) {
            if let first = Self.range(given[0], given[1]), let second = Self.range(given[2], given[3]) {
                periods = ProblemPeriods(first: first, second: second)
            } else {
                error = .compareRangeWrong
            }
        }
        var query = ProblemCompareStore.Query(periods: periods, zone: profile.zone)
        query.changes = (list.filters["change"] ?? []).compactMap(ProblemChange.init)
        query.townshipCodes = list.filters["township"] ?? []
        query.search = list.search
        query.sort = ProblemCompareStore.Sort(rawValue: list.sort) ?? .difference
        query.isDescending = list.isDescending
        return (list, query, error)
    }

    private static func range(_ from: Day?, _ to: Day?) -> ProblemPeriods.Range? {
        guard let from, let to else { return nil }
        return ProblemPeriods.Range(from: from, to: to)
    }

    private func lastDay(_ visit: Visit) async throws -> Day {
        let latest = try await database.read { try ProblemStore.latestAppeal(in: $0) }
        return Day(min(visit.now, latest ?? visit.now), in: profile.zone)
    }

    @Sendable private func compare(_ visit: Visit) async throws -> Response {
        let (list, query, error) = read(visit, endingAt: try await lastDay(visit))
        let (rows, counts) = try await database.read { tx in
            (
                try ProblemCompareStore.list(query, limit: list.pageSize, offset: list.offset, in: tx),
                try ProblemCompareStore.counts(query, in: tx)
            )
        }
        return try visit.render(
            ProblemComparePage(
                visit, profile: profile, list: list, query: query, rows: rows, counts: counts,
                error: error.map { visit.text($0.report.explanation) }),
            status: error == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let (_, query, error) = read(visit, endingAt: try await lastDay(visit))
        if let error { throw error }
        let rows = try await database.read { tx in
            try ProblemCompareStore.list(query, limit: ProblemLimits.compareRowsMax, in: tx)
        }
        let keys = [
            "title", "township", "stage", "compare.change", "compare.first", "compare.first.people", "compare.second",
            "compare.second.people", "compare.difference",
        ]
        return try SheetDownload(
            header: keys.map { visit.word("problems.\($0)") },
            rows: rows.map { row in
                let numbers = [row.firstSize, row.firstPeople, row.secondSize, row.secondPeople, row.difference]
                return [
                    .text(ProblemText.masked(row.title)),
                    .text(row.townshipCode.flatMap(profile.township).map { visit.text($0.name) } ?? ""),
                    .text(visit.text(row.state.title)), .text(visit.word("problems.change.\(row.change.rawValue)")),
                ] + numbers.map { Sheets.Cell.number(String($0)) }
            }
        ).response(visit, name: visit.word("problems.compare.title"))
    }
}

struct ProblemComparePage: Page {
    static let template = "problems/compare"
    let title: String
    let subtitle: String?
    let error: String?
    let fields: [Field]
    let kept: [Kept]
    let tiles: StatTiles
    let table: Table
    let styleHref: String
    let isWide = true

    /// What the form of the periods carries on.
    struct Kept: Sendable {
        let name: String
        let value: String
    }

    init(
        _ visit: Visit, profile: Profile, list: ListQuery, query: ProblemCompareStore.Query,
        rows: [ProblemComparison], counts: [ProblemChange: Int], error: String?
    ) {
        let (first, second) = (query.periods.first, query.periods.second)
        title = visit.word("problems.compare.title")
        subtitle = visit.word(
            "problems.compare.subtitle", visit.day(first.from), visit.day(first.to), visit.day(second.from),
            visit.day(second.to))
        self.error = error
        styleHref = visit.assetPath("problems.css")
        let days = [("from1", first.from), ("to1", first.to), ("from2", second.from), ("to2", second.to)]
        fields = days.map { name, day in
            Field(
                label: visit.word("problems.compare.\(name)"), name: name, kind: .date,
                value: list.filter(name) ?? day.description, isRequired: true)
        }
        kept = ["change", "township"].flatMap { name in
            (list.filters[name] ?? []).map { Kept(name: name, value: $0) }
        }
        let range = days.map { "\($0)=\($1)" }.joined(separator: "&")
        tiles = StatTiles(
            ProblemChange.allCases.map { change in
                .init(
                    visit.word("problems.change.\(change.rawValue)"), visit.number(counts[change] ?? 0),
                    href: "/desk/problems/compare?\(range)&change=\(change.rawValue)", tone: change.tone)
            })
        let total =
            query.changes.isEmpty
            ? counts.values.reduce(0, +) : Set(query.changes).reduce(0) { $0 + (counts[$1] ?? 0) }
        table = Table(
            visit: visit, query: list, columns: Self.columns(visit),
            rows: rows.map { Self.row($0, visit, profile, first, second) }, total: total,
            filters: [
                .init(
                    "change", visit.word("problems.compare.change"),
                    options: ProblemChange.allCases.map {
                        .init($0.rawValue, visit.word("problems.change.\($0.rawValue)"), count: counts[$0] ?? 0)
                    }),
                .init(
                    "township", visit.word("problems.township"),
                    options: profile.townships.map { .init($0.code, visit.text($0.name)) }),
            ], exportPath: "/desk/problems/compare/export", emptyKey: "problems.compare.empty")
    }

    private static func columns(_ visit: Visit) -> [Table.Column] {
        [
            .init("title", visit.word("problems.title"), isSortable: true, isFixed: true),
            .init("change", visit.word("problems.compare.change")),
            .init("first", visit.word("problems.compare.first"), isSortable: true, isNumeric: true),
            .init("second", visit.word("problems.compare.second"), isSortable: true, isNumeric: true),
            .init("difference", visit.word("problems.compare.difference"), isSortable: true, isNumeric: true),
            .init("people1", visit.word("problems.compare.first.people"), isNumeric: true),
            .init("people", visit.word("problems.compare.second.people"), isSortable: true, isNumeric: true),
            .init("township", visit.word("problems.township")), .init("stage", visit.word("problems.stage")),
        ]
    }

    private static func row(
        _ row: ProblemComparison, _ visit: Visit, _ profile: Profile, _ first: ProblemPeriods.Range,
        _ second: ProblemPeriods.Range
    ) -> Table.Row {
        func figure(_ value: Int, _ range: ProblemPeriods.Range) -> Web.Cell {
            guard value > 0 else { return .number(0) }
            return .link(
                visit.number(value),
                "\(ProblemLink.page(row.problem))?from=\(range.from)&to=\(range.to)#members")
        }
        let township = row.townshipCode.flatMap(profile.township)
        return Table.Row(
            href: ProblemLink.page(row.problem),
            cells: [
                .long(ProblemText.masked(row.title)),
                .badge(visit.word("problems.change.\(row.change.rawValue)"), row.change.tone),
                figure(row.firstSize, first), figure(row.secondSize, second),
                .text((row.difference > 0 ? "+" : "") + visit.number(row.difference)),
                figure(row.firstPeople, first), figure(row.secondPeople, second),
                township.map { .text(visit.text($0.name)) } ?? .none,
                .badge(visit.text(row.state.title), row.state.tone),
            ])
    }
}

extension ProblemChange {
    var tone: Tone {
        switch self {
        case .new: .danger
        case .grown: .warning
        case .same: .neutral
        case .shrunk: .info
        case .gone: .good
        }
    }
}
