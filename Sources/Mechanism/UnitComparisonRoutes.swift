internal import Casework
internal import Core
internal import Foundation
internal import Hummingbird
internal import Indicators
internal import Organisation
internal import Store
internal import Web

/// How units stand beside their peers: by their tasks now, and by what each domain measures in a period.
struct UnitComparisonRoutes: Sendable {
    let database: any Database
    let tasks: Tasks
    let facts: RememberedFacts
    let sums: TaskSums

    private var registry: FactRegistry { facts.registry }
    private var profile: Profile { tasks.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/unit-lights", .desk, lights)
        routes.get("/desk/unit-lights/export", .desk, exportLights)
        routes.get("/desk/unit-figures/:domain", .desk, figures)
        routes.get("/desk/unit-figures/:domain/export", .desk, exportFigures)
        return routes
    }

    private func page(
        _ visit: Visit, _ list: ShortList, path: String, filters: [Table.Filter], note: String
    ) -> UnitLightsPage {
        let sources = registry.sources.filter { $0.definitions.contains { $0.scopes.contains(.unit) } }
        let tabs =
            [(visit.word("supervision.units.lights"), "/desk/unit-lights")]
            + sources.map { (visit.text($0.title), "/desk/unit-figures/\($0.domain)") }
        return UnitLightsPage(
            title: visit.word("supervision.units"), subtitle: visit.word("supervision.units.subtitle"),
            breadcrumbs: [Breadcrumb(visit.word("supervision.title"), "/desk/supervision")],
            actions: [PageAction(visit.word("supervision.left_out.list"), "/desk/exclusions")],
            tabs: Tabs(tabs.map { .init($0.0, $0.1, isCurrent: $0.1 == path) }), note: note,
            table: list.table(visit, filters: filters, path: path, emptyKey: "supervision.units.empty"))
    }

    private func kindFilter(_ visit: Visit) -> Table.Filter {
        .init(
            "kind", visit.word("supervision.kind"),
            options: Organisation.Unit.Kind.allCases.map {
                .init($0.rawValue, visit.word("supervision.kind.\($0.rawValue)"))
            })
    }

    private func leftOut(_ count: Int, _ unit: String, _ visit: Visit) -> Web.Cell {
        count == 0
            ? .number(0)
            : .link(visit.number(count), "/desk/exclusions?standing=yes&unit=\(urlEncoded(unit))")
    }

    private func admits(_ query: ListQuery, _ unit: String, _ words: MechanismWords) -> Bool {
        (query.filter("kind").map { $0 == profile.unit(unit)?.kind.rawValue } ?? true)
            && (query.search.isEmpty
                || (words.unit(unit) ?? unit).localizedCaseInsensitiveContains(query.search))
    }

    // MARK: - Tasks by their lights, now

    private func lightsList(_ visit: Visit) async throws -> ShortList {
        let query = ListQuery.read(visit, sorts: ["red", "done"], defaultSort: "-red", filters: ["kind"])
        let (words, now, sums) = (MechanismWords(visit: visit, profile: profile), visit.now, sums)
        let (figures, leftOut) = try await database.read { tx in
            (
                try sums.value("units now", now: now, in: tx) {
                    try TaskListStore.figuresByUnit(isCompared: true, now: now, in: tx)
                }, try CaseExclusionStore.countsByUnit(kind: TaskKind.name, in: tx)
            )
        }
        let all = UnitComparison.rows(figures, leftOut: leftOut, profile)
        var rows = all.filter { admits(query, $0.unit, words) }
        rows.sort {
            query.sort == "done"
                ? ($0.donePPM ?? -1, $1.unit) < ($1.donePPM ?? -1, $0.unit)
                : ($0.red, $1.unit) < ($1.red, $0.unit)
        }
        if query.isDescending { rows.reverse() }
        return ShortList(
            query: query,
            columns: [
                .init("unit", visit.word("tasks.unit"), isFixed: true), .init("kind", visit.word("supervision.kind")),
                .init("volume", visit.word("supervision.volume"), isNumeric: true),
                .init("done", visit.word("tasks.progress"), isSortable: true, isNumeric: true),
                .init("rank", visit.word("supervision.rank"), isNumeric: true),
                .init("red", visit.word("mechanism.light.red"), isSortable: true, isNumeric: true),
                .init("yellow", visit.word("mechanism.light.yellow"), isNumeric: true),
                .init("blue", visit.word("mechanism.light.blue"), isNumeric: true),
                .init("green", visit.word("mechanism.light.green"), isNumeric: true),
                .init("closed", visit.word("supervision.closed"), isNumeric: true),
                .init("left_out", visit.word("supervision.left_out"), isNumeric: true),
            ], rows: rows.map { lightsRow($0, words) })
    }

    private func lightsRow(_ row: UnitComparison.Row, _ words: MechanismWords) -> Table.Row {
        let visit = words.visit
        let list = "/desk/tasks?unit=\(urlEncoded(row.unit))"
        func count(_ number: Int, _ light: Light) -> Web.Cell {
            number == 0 ? .number(0) : .link(visit.number(number), "\(list)&light=\(light.rawValue)")
        }
        return Table.Row(
            href: list,
            cells: [
                .text(words.unit(row.unit) ?? row.unit),
                row.kind.map { .text(visit.word("supervision.kind.\($0.rawValue)")) } ?? .none,
                .number(row.volume), row.donePPM.map(words.progress) ?? .none,
                row.rank.map { .text(visit.word("supervision.rank.of", "\($0)", "\(row.peers)")) } ?? .none,
                count(row.red, .red), count(row.yellow, .yellow), count(row.blue, .blue), count(row.green, .green),
                .number(row.closed), leftOut(row.leftOut, row.unit, visit),
            ])
    }

    @Sendable private func lights(_ visit: Visit) async throws -> Response {
        let list = try await lightsList(visit)
        return try visit.render(
            page(
                visit, list, path: "/desk/unit-lights", filters: [kindFilter(visit)],
                note: visit.word("supervision.units.note", "\(UnitComparison.volumeMin)")))
    }

    @Sendable private func exportLights(_ visit: Visit) async throws -> Response {
        try await lightsList(visit).download(
            visit, name: visit.word("supervision.units"), subject: "unit lights", in: database)
    }

    // MARK: - What a domain measures, in a period

    private struct Measured {
        let source: any FactSource
        let period: Period
        let definitions: [FactDefinition]
        /// Of each unit that has anything at all.
        let rows: [(unit: String, facts: [Fact])]
    }

    private func measured(_ visit: Visit, _ query: ListQuery) async throws -> Measured {
        let domain = try visit.parameter("domain")
        guard let source = registry.sources.first(where: { $0.domain == domain }) else {
            throw FactError.unknown(domain)
        }
        let month = Period(.month, holding: Day(visit.now, in: profile.zone)).previous
        var period = month
        if let text = query.filter("period") {
            guard let asked = Period(reading: text) else { throw FactError.periodWrong(text) }
            period = asked
        }
        let definitions = source.definitions.filter {
            $0.scopes.contains(.unit) && $0.periods.contains(period.kind)
        }
        guard !definitions.isEmpty else { throw FactError.unknown(domain) }
        let units = profile.units.map(\.code)
        let columns = try await facts.facts(
            definitions.map(\.name), period, scopes: units.map { .unit($0) }, now: visit.now)
        let rows = units.indices.compactMap { index -> (unit: String, facts: [Fact])? in
            let facts = columns.map { $0[index] }
            return facts.contains { $0.value.isSomething } ? (units[index], facts) : nil
        }
        return Measured(source: source, period: period, definitions: definitions, rows: rows)
    }

    private func figuresList(_ visit: Visit) async throws -> (ShortList, Measured) {
        let raw = ListQuery.read(visit, sorts: ["unit"], defaultSort: "unit", filters: ["kind", "period"])
        let measured = try await measured(visit, raw)
        let keys = measured.definitions.map { $0.name.split(separator: ".").dropFirst().joined(separator: ".") }
        var query = ListQuery.read(
            visit, sorts: ["unit"] + keys, defaultSort: "-\(keys[0])", filters: ["kind", "period"])
        query.filters["period"] = [measured.period.description]
        let words = MechanismWords(visit: visit, profile: profile)
        var rows = measured.rows.filter { admits(query, $0.unit, words) }
        if let at = keys.firstIndex(of: query.sort) {
            let none = ExactDecimal(-1)
            func number(_ fact: Fact) -> ExactDecimal { fact.value.number(places: 4) ?? none }
            rows.sort { (number($0.facts[at]), $1.unit) < (number($1.facts[at]), $0.unit) }
        }
        if query.isDescending { rows.reverse() }
        return (
            ShortList(
                query: query,
                columns: [
                    .init("unit", visit.word("tasks.unit"), isSortable: true, isFixed: true),
                    .init("kind", visit.word("supervision.kind")),
                ]
                    + zip(keys, measured.definitions).map {
                        .init($0, visit.text($1.title), isSortable: true, isNumeric: true)
                    },
                rows: rows.map { row in
                    Table.Row(
                        href: row.facts[0].path,
                        cells: [
                            .text(words.unit(row.unit) ?? row.unit),
                            profile.unit(row.unit).map {
                                .text(visit.word("supervision.kind.\($0.kind.rawValue)"))
                            } ?? .none,
                        ] + row.facts.map { $0.value == .blank ? .none : .link($0.text, $0.path) })
                }), measured
        )
    }

    @Sendable private func figures(_ visit: Visit) async throws -> Response {
        let (list, measured) = try await figuresList(visit)
        let today = Day(visit.now, in: profile.zone)
        var periods = [(PeriodKind.month, 13), (.quarter, 5), (.year, 3)].flatMap { kind, count in
            (0..<count).map { Period(kind, holding: today).advanced(by: -$0) }
        }
        if !periods.contains(measured.period) { periods.insert(measured.period, at: 0) }
        return try visit.render(
            page(
                visit, list, path: "/desk/unit-figures/\(measured.source.domain)",
                filters: [
                    .init(
                        "period", visit.word("supervision.period"),
                        options: periods.map { .init($0.description, visit.text($0.title)) }), kindFilter(visit),
                ], note: visit.word("supervision.figures.note", visit.text(measured.period.title))))
    }

    @Sendable private func exportFigures(_ visit: Visit) async throws -> Response {
        let (list, measured) = try await figuresList(visit)
        return try await list.download(
            visit, name: visit.word("supervision.units") + "-\(measured.period)",
            subject: "unit figures \(measured.source.domain) \(measured.period)", in: database)
    }
}
