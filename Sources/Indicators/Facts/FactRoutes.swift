internal import Core
internal import Hummingbird
internal import Organisation
internal import Sheets
internal import Store
internal import Web

/// Facts on the desk: the list for a period, the rows behind one, and those that documents froze.
struct FactRoutes: Sendable {
    let facts: RememberedFacts
    let profile: Profile
    let database: any Database

    private var registry: FactRegistry { facts.registry }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/facts", .desk, list)
        routes.get("/desk/facts/export", .desk, export)
        routes.get("/desk/facts/frozen/:id", .desk, frozen)
        routes.get("/desk/facts/:name", .desk, show)
        routes.get("/desk/facts/:name/export", .desk, exportRows)
        return routes
    }

    // MARK: - The list

    private func query(_ visit: Visit) -> ListQuery {
        ListQuery.read(visit, sorts: ["name", "title"], defaultSort: "name", filters: ["domain", "period"])
    }

    /// The period asked for, or the last month that is over.
    private func period(_ text: String?, _ visit: Visit) throws -> Period {
        guard let text else { return Period(.month, holding: Day(visit.now, in: profile.zone)).previous }
        guard let period = Period(reading: text) else { throw FactError.periodWrong(text) }
        return period
    }

    private func matching(
        _ listed: [FactDefinition], _ query: ListQuery, _ period: Period, _ visit: Visit
    ) -> [FactDefinition] {
        let words = query.search.lowercased().split(separator: " ")
        let domains = query.filters["domain"] ?? []
        func isFound(_ definition: FactDefinition) -> Bool {
            guard !words.isEmpty else { return true }
            let text = [
                definition.name, definition.title.zh, definition.title.en, definition.basis.zh, definition.basis.en,
            ].joined(separator: " ").lowercased()
            return words.allSatisfy { text.contains($0) }
        }
        // What is measured by unit only is shown on its own page.
        let found = listed.filter { definition in
            definition.periods.contains(period.kind) && definition.scopes.contains(.district)
                && (domains.isEmpty || domains.contains(definition.domain)) && isFound(definition)
        }
        let sorted = found.sorted { left, right in
            query.sort == "title" ? visit.text(left.title) < visit.text(right.title) : left.name < right.name
        }
        return query.isDescending ? sorted.reversed() : sorted
    }

    /// A page of the figures that match, measured now, and how many match; all of them where `isWhole`.
    private func measured(
        _ query: ListQuery, _ period: Period, isWhole: Bool, _ visit: Visit
    ) async throws -> (facts: [Fact], total: Int) {
        let now = visit.now
        let listed = try await database.read { try registry.listed(in: $0) }
        let all = matching(listed, query, period, visit)
        let shown = isWhole ? all[...] : all.dropFirst(query.offset).prefix(query.pageSize)
        return (try await facts.facts(shown.map(\.name), period, now: now).flatMap { $0 }, all.count)
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        var query = query(visit)
        let period = try period(query.filter("period"), visit)
        query.filters["period"] = [period.description]
        let (listed, total) = try await measured(query, period, isWhole: false, visit)
        let table = Table(
            visit: visit, query: query,
            columns: [
                .init("title", visit.word("facts.title"), isSortable: true, isFixed: true),
                .init("value", visit.word("facts.value"), isNumeric: true, isFixed: true),
                .init("unit", visit.word("facts.unit")), .init("basis", visit.word("facts.basis")),
                .init("domain", visit.word("facts.domain")),
                .init("name", visit.word("facts.name"), isSortable: true),
            ],
            rows: listed.map { fact in
                .init(
                    href: fact.path,
                    cells: [
                        .text(visit.text(fact.definition.title)), .text(fact.text),
                        .text(visit.text(fact.definition.unit)),
                        .long(visit.text(fact.definition.basis)), .text(domain(fact.definition.domain, visit)),
                        .text(fact.name),
                    ])
            },
            total: total,
            filters: [
                .init("period", visit.word("facts.period"), options: periods(visit, around: period)),
                .init(
                    "domain", visit.word("facts.domain"),
                    options: registry.sources.map { .init($0.domain, visit.text($0.title)) }),
            ],
            exportPath: "/desk/facts/export", emptyKey: "facts.list.empty")
        return try visit.render(
            FactListPage(
                title: visit.word("facts.list.title"),
                subtitle: visit.word("facts.list.subtitle", visit.text(period.title), visit.time(visit.now)),
                table: table))
    }

    private func domain(_ name: String, _ visit: Visit) -> String {
        registry.sources.first { $0.domain == name }.map { visit.text($0.title) } ?? name
    }

    /// What is offered beside the one shown: recent months, quarters and years.
    private func periods(_ visit: Visit, around shown: Period) -> [Table.Filter.Option] {
        let today = Day(visit.now, in: profile.zone)
        var offered: [Period] = []
        for (kind, count) in [(PeriodKind.month, 13), (.quarter, 5), (.half, 3), (.year, 4)] {
            let current = Period(kind, holding: today)
            offered += (0..<count).map { current.advanced(by: -$0) }
        }
        if !offered.contains(shown) { offered.insert(shown, at: 0) }
        return offered.map { .init($0.description, visit.text($0.title)) }
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let query = query(visit)
        let period = try period(query.filter("period"), visit)
        let (listed, _) = try await measured(query, period, isWhole: true, visit)
        let keys = ["name", "title", "period", "value", "unit", "basis", "query", "measured_at"]
        return try await SheetDownload(
            header: keys.map { visit.word("facts.\($0)") },
            rows: listed.map { fact in
                let (definition, number) = (fact.definition, fact.value.number(places: fact.definition.places))
                return [
                    .text(fact.name), .text(visit.text(definition.title)), .text(visit.text(period.title)),
                    number.map { Sheets.Cell.number($0.description) } ?? .empty, .text(visit.text(definition.unit)),
                    .text(visit.text(definition.basis)), .text(visit.text(definition.query)),
                    .text(visit.time(fact.measuredAt)),
                ]
            }
        ).recorded(visit, name: visit.word("facts.list.title"), subject: "facts \(period)", in: database)
    }

    // MARK: - One fact

    private struct Asked: Sendable {
        let definition: FactDefinition
        let period: Period
        let scope: FigureScope
    }

    private func asked(_ visit: Visit) async throws -> Asked {
        let (name, registry) = (try visit.parameter("name"), registry)
        let definition = try await database.read { try registry.definition(name, in: $0) }
        var period = try period(visit.query("period"), visit)
        if visit.query("period") == nil, !definition.periods.contains(period.kind), let kind = definition.periods.first
        {
            period = Period(kind, holding: Day(visit.now, in: profile.zone)).previous
        }
        let scope = visit.query("scope").flatMap { FigureScope(text: $0) } ?? .district
        return Asked(definition: definition, period: period, scope: scope)
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let (asked, registry, now) = (try await asked(visit), registry, visit.now)
        let (period, scope, name) = (asked.period, asked.scope, asked.definition.name)
        var query = ListQuery.read(visit, sorts: ["rows"], defaultSort: "rows", filters: ["period", "scope"])
        query.filters["period"] = [period.description]
        if scope != .district { query.filters["scope"] = [scope.description] }
        let (shown, before, rows) = try await database.read { [query] tx in
            (
                try registry.measure(name, period, scope, now: now, in: tx),
                try registry.measure(name, period.previous, scope, now: now, in: tx),
                try registry.rows(
                    of: name, period, scope, limit: query.pageSize, offset: query.offset, in: tx)
            )
        }
        return try visit.render(
            FactPage(
                title: visit.text(asked.definition.title),
                subtitle: visit.text(period.title)
                    + (scope == .district ? "" : " · " + visit.text(profile.name(of: scope))),
                breadcrumbs: [Breadcrumb(visit.word("facts.list.title"), "/desk/facts?period=\(period)")],
                tiles: StatTiles([
                    .init(
                        visit.text(period.title), shown.text, unit: unit(shown, visit),
                        note: visit.word("facts.measured", visit.time(now))),
                    .init(
                        visit.text(period.previous.title), before.text, unit: unit(before, visit), href: before.path),
                ]),
                facts: KeyValues(definition(shown, visit)),
                table: Table(
                    visit: visit, query: query,
                    columns: rows.columns.enumerated().map {
                        .init(
                            "\($0.offset)", visit.text($0.element.title), isNumeric: $0.element.isNumeric, isFixed: true
                        )
                    },
                    rows: rows.rows.map { row in .init(href: row.href, cells: row.values.map { cell($0, visit) }) },
                    total: rows.total, filters: filters(asked, visit),
                    exportPath: "/desk/facts/\(name)/export", emptyKey: "facts.rows.empty", hasSearch: false)))
    }

    /// `bulletin:12` opens that bulletin; any other holder is shown by its name.
    private func holder(_ name: String, _ visit: Visit) -> Web.Cell {
        let parts = name.split(separator: ":")
        guard parts.count == 2, parts[0] == "bulletin" else { return .text(name) }
        return .link(visit.word("facts.frozen.bulletin"), "/desk/bulletins/\(parts[1])")
    }

    private func unit(_ fact: Fact, _ visit: Visit) -> String? {
        if case .share = fact.value { return nil }
        return fact.value == .blank ? nil : visit.text(fact.definition.unit)
    }

    private func definition(_ fact: Fact, _ visit: Visit) -> [(String, Web.Cell)] {
        var pairs: [(String, Web.Cell)] = [
            (visit.word("facts.basis"), .text(visit.text(fact.definition.basis))),
            (visit.word("facts.query"), .text(visit.text(fact.definition.query))),
            (visit.word("facts.unit"), .text(visit.text(fact.definition.unit))),
            (visit.word("facts.name"), .text(fact.name)),
        ]
        if case .share(let part, let whole) = fact.value {
            pairs.append(
                (
                    visit.word("facts.derivation"),
                    .text("\(visit.number(part)) ÷ \(visit.number(whole)) = \(fact.text)")
                ))
        }
        return pairs
    }

    private func filters(_ asked: Asked, _ visit: Visit) -> [Table.Filter] {
        var filters = [
            Table.Filter("period", visit.word("facts.period"), options: periods(visit, around: asked.period))
        ]
        let scopes = asked.definition.scopes.filter { $0 != .district }.flatMap { profile.scopes($0) }
        if !scopes.isEmpty {
            filters.append(
                .init(
                    "scope", visit.word("facts.scope"),
                    options: scopes.map { .init($0.description, visit.text(profile.name(of: $0))) }))
        }
        return filters
    }

    private func cell(_ value: FactRows.Value, _ visit: Visit) -> Web.Cell {
        switch value {
        case .text(let text): .long(text)
        case .words(let words): .text(visit.text(words))
        case .number(let number): .text(number.text())
        case .time(let instant): .time(instant)
        case .none: .none
        }
    }

    @Sendable private func exportRows(_ visit: Visit) async throws -> Response {
        let (asked, registry) = (try await asked(visit), registry)
        let rows = try await database.read { tx in
            try registry.rows(
                of: asked.definition.name, asked.period, asked.scope, limit: IndicatorLimits.exportRowsMax, offset: 0,
                in: tx)
        }
        return try await SheetDownload(
            header: rows.columns.map { visit.text($0.title) },
            rows: rows.rows.map { $0.values.map { sheetCell($0, visit) } }
        ).recorded(
            visit, name: visit.text(asked.definition.title) + "-\(asked.period)",
            subject: "fact \(asked.definition.name) \(asked.period) \(asked.scope)", in: database)
    }

    private func sheetCell(_ value: FactRows.Value, _ visit: Visit) -> Sheets.Cell {
        switch value {
        case .text(let text): .text(text)
        case .words(let words): .text(visit.text(words))
        case .number(let number): .number(number.description)
        case .time(let instant): .text(visit.time(instant))
        case .none: .empty
        }
    }

    // MARK: - A frozen fact

    @Sendable private func frozen(_ visit: Visit) async throws -> Response {
        let id: ID<FrozenFact> = try visit.id()
        let (registry, now) = (registry, visit.now)
        let (frozen, today) = try await database.read { tx in
            let frozen = try FactStore.find(id, in: tx)
            let fact = frozen.fact
            // A figure that is no longer measured still shows what it was.
            let today = try? registry.measure(fact.name, fact.period, fact.scope, now: now, in: tx)
            return (frozen, today)
        }
        let fact = frozen.fact
        var tiles = [
            StatTiles.Tile(
                visit.word("facts.frozen.value"), fact.text, unit: unit(fact, visit),
                note: visit.word("facts.frozen.at", visit.time(frozen.frozenAt)))
        ]
        if let today {
            tiles.append(
                .init(
                    visit.word("facts.frozen.now"), today.text, unit: unit(today, visit),
                    note: visit.word(today.value == fact.value ? "facts.frozen.same" : "facts.frozen.changed"),
                    href: today.path, tone: today.value == fact.value ? .neutral : .warning))
        }
        return try visit.render(
            FrozenFactPage(
                title: visit.text(fact.definition.title),
                subtitle: visit.text(fact.period.title)
                    + (fact.scope == .district ? "" : " · " + visit.text(profile.name(of: fact.scope))),
                breadcrumbs: [Breadcrumb(visit.word("facts.list.title"), "/desk/facts")],
                tiles: StatTiles(tiles),
                facts: KeyValues(
                    definition(fact, visit) + [
                        (visit.word("facts.measured_at"), .time(fact.measuredAt)),
                        (visit.word("facts.frozen.holder"), holder(frozen.holder, visit)),
                    ])))
    }
}

struct FactListPage: Page {
    static let template = "facts/list"
    let title: String
    let subtitle: String?
    let table: Table
    var isWide: Bool { true }
}

struct FactPage: Page {
    static let template = "facts/show"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let tiles: StatTiles
    let facts: KeyValues
    let table: Table
    var isWide: Bool { true }
}

struct FrozenFactPage: Page {
    static let template = "facts/frozen"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let tiles: StatTiles
    let facts: KeyValues
}
