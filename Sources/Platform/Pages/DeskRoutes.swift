internal import Appeals
internal import Casework
internal import Core
internal import Hummingbird
internal import Indicators
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// The desk's home: what waits for me, what is new in my unit, which problems rise.
struct DeskRoutes: Sendable {
    let database: any Database
    let profile: Profile
    let casework: CaseworkModule
    let paths: Set<String>
    /// Worked out from every appeal of two months, so not for each visitor anew.
    let rising = Remembered<[RisingProblem]>(
        staleAfterSeconds: PlatformLimits.figuresStaleSeconds, goneAfterSeconds: PlatformLimits.figuresGoneSeconds)

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk", .desk, home)
        return routes
    }

    private struct Facts: Sendable {
        var open = 0
        var overdue = 0
        var atRisk = 0
        var undispatched = 0
        var new: [CaseFile] = []
        var hasAppeals = false
        var isDemo = false
    }

    @Sendable private func home(_ visit: Visit) async throws -> Response {
        let account = try visit.account()
        let now = visit.now
        let scope = scope(of: account)
        let facts = try await database.read { tx in
            var late = scope
            late.lights = [.red]
            var risky = scope
            risky.lights = [.yellow]
            var undispatched = CaseFilter.open
            undispatched.isUndispatched = true
            let filters = (late: late, risky: risky, undispatched: undispatched)
            var facts = Facts()
            (
                facts.open, facts.overdue, facts.atRisk, facts.undispatched, facts.new, facts.hasAppeals, facts.isDemo
            ) = try tx.together(
                { try CaseStore.count(scope, now: now, in: $0) },
                { try CaseStore.count(filters.late, now: now, in: $0) },
                { try CaseStore.count(filters.risky, now: now, in: $0) },
                { try CaseStore.count(filters.undispatched, now: now, in: $0) },
                {
                    try CaseStore.list(
                        scope, sort: .opened, isDescending: true, limit: PlatformLimits.homeRows, now: now, in: $0)
                },
                { try FigureStore.hasAppeals(in: $0) }, { try FigureStore.hasDemoAppeals(in: $0) })
            return facts
        }
        let worklist = try await casework.worklist(for: visit, limit: PlatformLimits.homeRows)
        let rising = try await rising.value(now: now) { [database] in
            try await database.read { try RisingProblem.all(now: now, in: $0) }
        }
        return try visit.render(page(facts, worklist, rising, account, visit))
    }

    /// Staff and heads see their unit's cases; the digital office and leaders see all that are open.
    private func scope(of account: Visitor.Account) -> CaseFilter {
        var filter = CaseFilter.open
        let seesAll = !account.roles.isDisjoint(with: [.digitalOffice, .leader])
        if !seesAll { filter.unitCode = account.unitCode ?? "-" }
        return filter
    }

    private func page(
        _ facts: Facts, _ worklist: WorklistView, _ rising: [RisingProblem], _ account: Visitor.Account,
        _ visit: Visit
    ) -> DeskHomePage {
        let isAll = !account.roles.isDisjoint(with: [.digitalOffice, .leader])
        let unit = account.unitCode.flatMap { profile.unit($0) }?.name(visit.language)
        let owner = isAll ? profile.name(visit.language) : unit ?? ""
        func tile(_ key: String, _ count: Int, _ query: String, _ tone: Tone = .neutral) -> StatTiles.Tile {
            let list = paths.contains("/desk/cases") ? "/desk/cases" + query : nil
            return StatTiles.Tile(
                visit.word(key), visit.number(count), href: list, tone: count > 0 ? tone : .neutral)
        }
        let unitQuery = isAll ? "" : account.unitCode.map { "&unit=\(urlEncoded($0))" } ?? ""
        var tiles = [
            tile("platform.desk.open", facts.open, "?open=yes" + unitQuery),
            tile("platform.desk.overdue", facts.overdue, "?open=yes&light=red" + unitQuery, .danger),
            tile("platform.desk.at_risk", facts.atRisk, "?open=yes&light=yellow" + unitQuery, .warning),
        ]
        if isAll {
            tiles.append(tile("platform.desk.undispatched", facts.undispatched, "?open=yes&unit=none", .info))
        }
        return DeskHomePage(
            title: visit.word("platform.desk.title", account.name),
            subtitle: owner.isEmpty ? nil : visit.word("platform.desk.subtitle", owner, visit.day(visit.now)),
            actions: paths.contains("/desk/import") && account.roles.contains(.digitalOffice)
                ? [PageAction(visit.word("platform.desk.import"), "/desk/import", isPrimary: true)] : [],
            isDemo: facts.isDemo, isEmpty: !facts.hasAppeals,
            empty: EmptyState(
                title: visit.word("platform.desk.empty"), detail: visit.word("platform.desk.empty_detail"),
                action: PageAction(visit.word("platform.desk.import"), "/desk/import", isPrimary: true)),
            tiles: StatTiles(tiles),
            worklist: worklist, new: list(facts.new, visit),
            problems: problems(rising, visit), hasProblemsPage: paths.contains("/desk/problems"))
    }

    private func list(_ files: [CaseFile], _ visit: Visit) -> Table {
        let columns: [Table.Column] = [
            .init("number", visit.word("platform.desk.number")), .init("title", visit.word("platform.desk.matter")),
            .init("state", visit.word("platform.desk.state")),
            .init("time", visit.word("platform.desk.received")),
            .init("light", visit.word("platform.desk.light")),
        ]
        let rows = files.map { file in
            let kind = casework.cases.kinds[file.kind]
            let state = kind?.states.first { $0.name == file.state }?.title(visit.language) ?? file.state
            return Table.Row(
                href: kind.map { "\($0.path)/\(file.id)" },
                cells: [
                    .text(file.number), .long(file.title), .badge(state, .neutral), .time(file.openedAt),
                    .light(LightBadge.Colour(rawValue: file.light.rawValue) ?? .green),
                ])
        }
        return Table(
            visit: visit, query: ListQuery(sort: "time", pageSize: PlatformLimits.homeRows), columns: columns,
            rows: rows, total: rows.count, emptyKey: "platform.desk.nothing_new", hasSearch: false)
    }

    private func problems(_ rising: [RisingProblem], _ visit: Visit) -> Table {
        let columns: [Table.Column] = [
            .init("title", visit.word("platform.desk.problem")),
            .init("recent", visit.word("platform.desk.recent"), isNumeric: true),
            .init("more", visit.word("platform.desk.more"), isNumeric: true),
            .init("trend", visit.word("platform.desk.trend")),
        ]
        let rows = rising.map { problem in
            Table.Row(
                href: paths.contains("/desk/problems/:id") ? "/desk/problems/\(problem.record.id)" : nil,
                cells: [
                    .long(Masking.text(problem.record.title)), .number(problem.recent),
                    .text("+\(visit.number(problem.recent - problem.before))"),
                    .sparkline(
                        Sparkline(
                            values: problem.weeks.map(Double.init),
                            label: visit.word("platform.desk.trend_label", String(problem.weeks.count)))),
                ])
        }
        return Table(
            visit: visit, query: ListQuery(sort: "more", pageSize: PlatformLimits.homeRows), columns: columns,
            rows: rows, total: rows.count, emptyKey: "platform.desk.no_problems", hasSearch: false)
    }
}

struct DeskHomePage: Page {
    static let template = "platform/desk"
    let title: String
    let subtitle: String?
    let actions: [PageAction]
    let isDemo: Bool
    let isEmpty: Bool
    let empty: EmptyState
    let tiles: StatTiles
    let worklist: WorklistView
    let new: Table
    let problems: Table
    let hasProblemsPage: Bool
    var isWide: Bool { true }
}
