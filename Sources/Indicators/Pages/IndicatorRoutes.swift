internal import Core
internal import Hummingbird
internal import Organisation
internal import Sheets
internal import Store
internal import Web

/// Indicators on the desk: the list, one indicator with its values, chart, targets and forecast.
struct IndicatorRoutes: Sendable {
    let profile: Profile
    let database: any Database

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/indicators", .desk, list)
        routes.get("/desk/indicators/export", .desk, export)
        routes.get("/desk/indicators/:id", .desk, show)
        routes.get("/desk/indicators/:id/export", .desk, exportValues)
        return routes
    }

    // MARK: - The list

    private func query(_ visit: Visit) -> ListQuery {
        ListQuery.read(
            visit, sorts: IndicatorFilter.Sort.allCases.map(\.rawValue), defaultSort: "code",
            filters: ["basis", "owner", "period", "scope", "verified"])
    }

    private func filter(_ query: ListQuery) -> IndicatorFilter {
        var filter = IndicatorFilter()
        filter.search = query.search
        filter.bases = query.filters["basis"] ?? []
        filter.owners = query.filters["owner"] ?? []
        filter.periodKinds = (query.filters["period"] ?? []).compactMap(PeriodKind.init(rawValue:))
        filter.scopeKinds = (query.filters["scope"] ?? []).compactMap(FigureScope.Kind.init(rawValue:))
        switch query.filter("verified") {
        case "yes": filter.isVerified = true
        case "no": filter.isVerified = false
        case "values": filter.hasUnverifiedValues = true
        default: break
        }
        filter.sort = IndicatorFilter.Sort(rawValue: query.sort) ?? .code
        filter.isDescending = query.isDescending
        return filter
    }

    private struct Listed: Sendable {
        let indicators: [Indicator]
        let total: Int
        let latest: [ID<Indicator>: [IndicatorValue]]
        let bases: [String]
        let owners: [String]
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let query = query(visit)
        let filter = filter(query)
        let listed = try await database.read { tx in
            let indicators = try IndicatorStore.list(filter, limit: query.pageSize, offset: query.offset, in: tx)
            return Listed(
                indicators: indicators, total: try IndicatorStore.count(filter, in: tx),
                latest: try IndicatorValueStore.latest(
                    indicators.filter { $0.scopeKind == .district }.map(\.id), in: tx),
                bases: try IndicatorStore.bases(in: tx), owners: try IndicatorStore.owners(in: tx))
        }
        let mayDefine = IndicatorPermission.mayDefine(try visit.account())
        var actions = [PageAction(visit.word("indicators.411.title"), "/desk/indicators/411")]
        if mayDefine {
            actions.append(PageAction(visit.word("indicators.import.title"), "/desk/indicators/import"))
            actions.append(PageAction(visit.word("indicators.new"), "/desk/indicators/new", isPrimary: true))
        }
        return try visit.render(
            IndicatorListPage(
                title: visit.word("indicators.list.title"), actions: actions,
                table: Table(
                    visit: visit, query: query, columns: columns(visit),
                    rows: listed.indicators.map { row($0, listed.latest[$0.id] ?? [], visit) }, total: listed.total,
                    filters: filters(listed, visit), exportPath: "/desk/indicators/export",
                    emptyKey: "indicators.list.empty")))
    }

    private func columns(_ visit: Visit) -> [Table.Column] {
        [
            .init("name", visit.word("indicators.name"), isSortable: true, isFixed: true),
            .init("value", visit.word("indicators.latest"), isNumeric: true, isFixed: true),
            .init("unit", visit.word("indicators.unit")), .init("at", visit.word("indicators.period")),
            .init("trend", visit.word("indicators.trend")), .init("basis", visit.word("indicators.basis")),
            .init("owner", visit.word("indicators.owner")),
            .init("state", visit.word("indicators.state")),
            .init("code", visit.word("indicators.code"), isSortable: true),
            .init("updated", visit.word("indicators.updated"), isSortable: true),
        ]
    }

    private func row(_ indicator: Indicator, _ values: [IndicatorValue], _ visit: Visit) -> Table.Row {
        let last = values.last
        let trend: Web.Cell =
            values.count > 1
            ? .sparkline(
                Sparkline(values: values.map(\.value.approximate), label: visit.text(indicator.name))) : .none
        return Table.Row(
            href: "/desk/indicators/\(indicator.id)",
            cells: [
                .text(visit.text(indicator.name)),
                last.map { .text($0.value.text(places: indicator.places)) }
                    ?? (indicator.scopeKind == .district
                        ? .none : .text(visit.word("indicators.by_scope", visit.text(indicator.scopeKind.title)))),
                .text(visit.text(indicator.unit)), last.map { .text(visit.text($0.period.title)) } ?? .none, trend,
                .text(visit.text(IndicatorBasis.title(indicator.basis))), .text(owner(indicator, visit)),
                .badges(badges(indicator, last, visit)), .text(indicator.code), .time(indicator.updatedAt),
            ])
    }

    private func owner(_ indicator: Indicator, _ visit: Visit) -> String {
        indicator.ownerUnitCode.map { visit.text(profile.name(of: .unit($0))) } ?? visit.word("indicators.owner.office")
    }

    private func badges(_ indicator: Indicator, _ last: IndicatorValue?, _ visit: Visit) -> [Badge] {
        var badges = [
            Badge(
                visit.word(indicator.isVerified ? "indicators.verified" : "indicators.unverified"),
                indicator.isVerified ? .good : .warning)
        ]
        if last?.state == .entered { badges.append(Badge(visit.word("indicators.value_unverified"), .warning)) }
        if indicator.isDemo { badges.append(Badge(visit.word("indicators.demo"), .neutral)) }
        return badges
    }

    private func filters(_ listed: Listed, _ visit: Visit) -> [Table.Filter] {
        [
            .init(
                "basis", visit.word("indicators.basis"),
                options: listed.bases.map { .init($0, visit.text(IndicatorBasis.title($0))) }),
            .init(
                "owner", visit.word("indicators.owner"),
                options: listed.owners.map { .init($0, visit.text(profile.name(of: .unit($0)))) }),
            .init(
                "period", visit.word("indicators.period_kind"),
                options: Indicator.periodKinds.map { .init($0.rawValue, visit.text($0.title)) }),
            .init(
                "scope", visit.word("indicators.scope_kind"),
                options: FigureScope.Kind.allCases.map { .init($0.rawValue, visit.text($0.title)) }),
            .init(
                "verified", visit.word("indicators.state"),
                options: [
                    .init("yes", visit.word("indicators.verified")), .init("no", visit.word("indicators.unverified")),
                    .init("values", visit.word("indicators.values_unverified")),
                ]),
        ]
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let filter = filter(query(visit))
        let (indicators, latest) = try await database.read { tx in
            let indicators = try IndicatorStore.list(filter, limit: IndicatorLimits.indicatorsMax, offset: 0, in: tx)
            return (
                indicators,
                try IndicatorValueStore.latest(
                    indicators.filter { $0.scopeKind == .district }.map(\.id), in: tx)
            )
        }
        let keys = [
            "code", "name", "unit", "basis", "period_kind", "scope_kind", "owner", "source", "state", "period",
            "latest",
            "definition",
        ]
        return try await SheetDownload(
            header: keys.map { visit.word("indicators.\($0)") },
            rows: indicators.map { indicator in
                let last = latest[indicator.id]?.last
                return [
                    .text(indicator.code), .text(visit.text(indicator.name)), .text(visit.text(indicator.unit)),
                    .text(visit.text(IndicatorBasis.title(indicator.basis))),
                    .text(visit.text(indicator.periodKind.title)), .text(visit.text(indicator.scopeKind.title)),
                    .text(owner(indicator, visit)), .text(indicator.source),
                    .text(visit.word(indicator.isVerified ? "indicators.verified" : "indicators.unverified")),
                    last.map { .text($0.period.description) } ?? .empty,
                    last.map { .number($0.value.description) } ?? .empty, .text(indicator.definition),
                ]
            }
        ).recorded(visit, name: visit.word("indicators.list.title"), subject: "indicators", in: database)
    }

    // MARK: - One indicator

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let id: ID<Indicator> = try visit.id()
        var query = ListQuery.read(visit, sorts: ["period"], defaultSort: "-period", filters: ["scope"])
        let asked = query.filter("scope").flatMap { FigureScope(text: $0) }
        let read = try await database.read { [query] tx in
            try IndicatorView(id, scope: asked, query: query, in: tx)
        }
        if read.scope != .district { query.filters["scope"] = [read.scope.description] }
        return try visit.render(
            IndicatorPage(view: read, query: query, profile: profile, account: try visit.account(), visit: visit))
    }

    @Sendable private func exportValues(_ visit: Visit) async throws -> Response {
        let id: ID<Indicator> = try visit.id()
        let scope = visit.query("scope").flatMap { FigureScope(text: $0) }
        let (indicator, values) = try await database.read { tx in
            (
                try IndicatorStore.find(id, in: tx),
                try IndicatorValueStore.list(
                    id, scope: scope, isDescending: false, limit: IndicatorLimits.exportRowsMax, offset: 0, in: tx)
            )
        }
        // The columns of an import, so that a file can be corrected and brought back.
        let keys = ["code", "scope", "period", "value", "source", "note", "state"]
        return try await SheetDownload(
            header: keys.map { visit.word("indicators.\($0)") },
            rows: values.map { value in
                [
                    .text(indicator.code), .text(visit.text(profile.name(of: value.scope))),
                    .text(value.period.description), .number(value.value.description), .text(value.source),
                    .text(value.note), .text(visit.text(value.state.title)),
                ]
            }
        ).recorded(
            visit, name: visit.text(indicator.name), subject: "indicator \(indicator.code)", in: database)
    }
}

struct IndicatorListPage: Page {
    static let template = "indicators/list"
    let title: String
    let actions: [PageAction]
    let table: Table
    var isWide: Bool { true }
}
