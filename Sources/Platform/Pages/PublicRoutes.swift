internal import Appeals
internal import Core
internal import Hummingbird
internal import Indicators
internal import Organisation
internal import Store
internal import Web

/// What anyone may see of the district: its home page and the figures on it.
struct PublicRoutes: Sendable {
    let database: any Database
    let profile: Profile
    /// The paths of all rooms, so that the home page links only to what is there.
    let paths: Set<String>
    /// Counted over every case of the district, so not for each visitor anew; the page says as of when.
    private let facts = Remembered<HomeFacts>(
        staleAfterSeconds: PlatformLimits.figuresStaleSeconds, goneAfterSeconds: PlatformLimits.figuresGoneSeconds)

    init(database: any Database, profile: Profile, paths: Set<String>) {
        self.database = database
        self.profile = profile
        self.paths = paths
    }

    var routes: Routes {
        var routes = Routes()
        routes.get("/", .anyone, home)
        routes.get("/figures/:name", .anyone, figure)
        return routes
    }

    private struct HomeFacts: Sendable {
        let at: Instant
        var figures: [Figure: [FigureRow]] = [:]
        var days: [(day: Day, count: Int)] = []
        var problems: [ProblemRecord] = []
        var isDemo = false
    }

    @Sendable private func home(_ visit: Visit) async throws -> Response {
        let now = visit.now
        let zone = profile.zone
        let facts = try await facts.value(now: now) { [database] in
            try await database.read { try Self.facts(now: now, zone: zone, in: $0) }
        }
        let name = profile.name(visit.language)
        return try visit.render(
            PublicHomePage(
                title: visit.word("platform.home.title", name), district: name, isDemo: facts.isDemo,
                tiles: StatTiles(Figure.allCases.map { tile($0, facts.figures[$0] ?? [], facts.days, visit) }),
                basis: visit.word("platform.home.basis", visit.time(facts.at)),
                problems: facts.problems.map { problem($0, visit) }, hasProblems: !facts.problems.isEmpty,
                hasProblemsPage: paths.contains("/problems"),
                submitPath: paths.contains("/appeals/new") ? "/appeals/new" : nil,
                followPath: paths.contains("/appeals/find") ? "/appeals/find" : nil,
                chart: Chart(
                    title: visit.word("platform.home.chart", String(Figure.windowDays)), kind: .bar,
                    labels: facts.days.map { String(visit.day($0.day).suffix(5)) },
                    series: [
                        .init(visit.word("platform.figure.month"), facts.days.map { Double($0.count) })
                    ])))
    }

    private static func facts(now: Instant, zone: TimeZoneOffset, in tx: any Transaction) throws -> HomeFacts {
        var facts = HomeFacts(at: now)
        for figure in Figure.allCases {
            facts.figures[figure] = try FigureStore.rows(figure, now: now, zone: zone, in: tx)
        }
        facts.days = try FigureStore.receivedByDay(days: Figure.windowDays, now: now, zone: zone, in: tx)
        facts.problems = try ProblemStore.list(
            ProblemFilter(peopleMin: PlatformLimits.publicPeopleMin), limit: PlatformLimits.publicProblems, in: tx)
        facts.isDemo = try FigureStore.hasDemoAppeals(in: tx)
        return facts
    }

    private func tile(
        _ figure: Figure, _ rows: [FigureRow], _ days: [(day: Day, count: Int)], _ visit: Visit
    ) -> StatTiles.Tile {
        let share = Share(part: rows.reduce(0) { $0 + $1.part }, whole: rows.reduce(0) { $0 + $1.whole })
        let value =
            figure == .punctual ? share.permille.map { visit.percent(permille: $0) } ?? "–" : visit.number(share.part)
        let trend =
            figure == .month
            ? Sparkline(values: days.map { Double($0.count) }, label: visit.word(figure.titleKey)) : nil
        return StatTiles.Tile(
            visit.word(figure.titleKey), value, note: nil, href: figure.path,
            tone: figure == .overdue && share.part > 0 ? .warning : .neutral, trend: trend)
    }

    private func problem(_ record: ProblemRecord, _ visit: Visit) -> PublicHomePage.ProblemLine {
        let township = record.townshipCode.flatMap { profile.township($0) }?.name(visit.language)
        return PublicHomePage.ProblemLine(
            title: record.title, href: paths.contains("/problems/:id") ? "/problems/\(record.id)" : nil,
            township: township,
            people: visit.word("platform.home.people", visit.number(record.people), visit.number(record.size)),
            last: record.lastAt.map { visit.word("platform.home.last", visit.day($0)) })
    }

    @Sendable private func figure(_ visit: Visit) async throws -> Response {
        guard let figure = Figure(rawValue: try visit.parameter("name")) else { throw WebError.noSuchPage }
        let now = visit.now
        let zone = profile.zone
        let rows = try await database.read { try FigureStore.rows(figure, now: now, zone: zone, in: $0) }
        let isShare = figure == .punctual
        let query = ListQuery(sort: "count", isDescending: true, pageSize: max(1, rows.count))
        var columns: [Table.Column] = [
            .init("township", visit.word("platform.figure.township")),
            .init("count", visit.word(isShare ? "platform.figure.on_time" : "platform.figure.count"), isNumeric: true),
        ]
        if isShare {
            columns += [
                .init("whole", visit.word("platform.figure.with_deadline"), isNumeric: true),
                .init("share", visit.word("platform.figure.share"), isNumeric: true),
            ]
        }
        let total = FigureRow(
            townshipCode: "", part: rows.reduce(0) { $0 + $1.part }, whole: rows.reduce(0) { $0 + $1.whole })
        let lines = rows.map { line($0, name: townshipName($0.townshipCode, visit), isShare: isShare) }
        let sum = line(total, name: visit.word("platform.figure.all"), isShare: isShare)
        return try visit.render(
            FigurePage(
                title: visit.word(figure.titleKey), subtitle: visit.word("platform.figure.at", visit.time(now)),
                breadcrumbs: [Breadcrumb(visit.word("platform.home"), "/")], basis: visit.word(figure.basisKey),
                table: Table(
                    visit: visit, query: query, columns: columns, rows: rows.isEmpty ? [] : lines + [sum],
                    total: rows.isEmpty ? 0 : rows.count + 1, emptyKey: "platform.figure.none", hasSearch: false)))
    }

    private func line(_ row: FigureRow, name: String, isShare: Bool) -> Table.Row {
        var cells: [Cell] = [.text(name), .number(row.part)]
        if isShare {
            let permille = Share(part: row.part, whole: row.whole).permille
            cells += [.number(row.whole), permille.map(Cell.percent) ?? .none]
        }
        return Table.Row(cells: cells)
    }

    private func townshipName(_ code: String, _ visit: Visit) -> String {
        code.isEmpty
            ? visit.word("platform.figure.no_township")
            : profile.township(code)?.name(visit.language) ?? code
    }
}

struct PublicHomePage: Page {
    static let template = "platform/home"

    struct ProblemLine: Sendable {
        let title: String
        let href: String?
        let township: String?
        let people: String
        let last: String?
    }

    let title: String
    let district: String
    let isDemo: Bool
    let tiles: StatTiles
    let basis: String
    let problems: [ProblemLine]
    let hasProblems: Bool
    let hasProblemsPage: Bool
    let submitPath: String?
    let followPath: String?
    let chart: Chart
    var hasOwnHeading: Bool { true }
}

struct FigurePage: Page {
    static let template = "platform/figure"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let basis: String
    let table: Table
}
