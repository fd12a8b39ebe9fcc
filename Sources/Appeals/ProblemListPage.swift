internal import Casework
internal import Core
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// The problems of the district, ranked.
struct ProblemListPage: Page {
    static let template = "problems/list"
    let title: String
    let subtitle: String?
    let table: Table
    let actions: [PageAction]
    let isWide = true

    /// What one page of a list needs.
    struct Loaded: Sendable {
        let problems: [ProblemRecord]
        let total: Int
        let topics: [ProblemStore.Share]
        let townships: [ProblemStore.TownshipCount]
        let lastRun: (at: Instant, appeals: Int)?
        /// Times of the last weeks by problem, and when those weeks end.
        private(set) var times: [ID<ProblemRecord>: [Instant]] = [:]
        let end: Instant
        /// The cases of those that staff have taken up.
        let files: [ID<CaseFile>: CaseFile]

        static func read(
            _ filter: ProblemFilter, query: ListQuery, now: Instant, in database: any Database, _ memory: ProblemMemory
        ) async throws -> Loaded {
            var loaded = try await database.read { try Loaded(filter, query: query, now: now, in: $0) }
            loaded.times = try await memory.times(
                of: loaded.problems, endingAt: loaded.end, now: now, in: database)
            return loaded
        }

        private init(_ filter: ProblemFilter, query: ListQuery, now: Instant, in tx: any Transaction) throws {
            let latest: Instant?
            (problems, total, topics, townships, lastRun, latest) = try tx.together(
                { try ProblemStore.list(filter, limit: query.pageSize, offset: query.offset, in: $0) },
                { try ProblemStore.count(filter, in: $0) }, { try ProblemStore.topics(in: $0) },
                { try ProblemStore.countsByTownship(ProblemFilter(peopleMin: filter.peopleMin), in: $0) },
                { try ProblemStore.lastRun(in: $0) }, { try ProblemStore.latestAppeal(in: $0) })
            // An export of last year is looked at as of its own last day.
            end = min(now, latest ?? now)
            files = Dictionary(
                try CaseStore.find(problems.map(\.caseID), now: now, in: tx).map { ($0.id, $0) },
                uniquingKeysWith: { first, _ in first })
        }

        func trend(_ problem: ProblemRecord, _ visit: Visit) -> Cell {
            let weeks = ProblemTrend.weeks(times[problem.id] ?? [], endingAt: end)
            let label = visit.word("problems.trend.label", weeks.map { plain($0) }.joined(separator: ", "))
            return .sparkline(Sparkline(values: weeks, label: label))
        }

        /// The last four weeks against the four before.
        func change(_ problem: ProblemRecord, _ visit: Visit) -> Cell {
            let weeks = ProblemTrend.weeks(times[problem.id] ?? [], endingAt: end)
            let (latest, before) = (weeks.suffix(4).reduce(0, +), weeks.dropLast(4).suffix(4).reduce(0, +))
            let difference = Int(latest - before)
            if difference == 0 { return .text("0") }
            return difference > 0
                ? .badge("↑ \(visit.number(difference))", .warning) : .badge("↓ \(visit.number(-difference))", .good)
        }
    }

    static let sorts = ProblemFilter.Sort.allCases.map(\.rawValue)

    static func read(_ visit: Visit) -> (ListQuery, ProblemFilter) {
        let query = ListQuery.read(
            visit, sorts: sorts, defaultSort: "-score",
            filters: ["township", "topic", "stage", "unit", "state", "period"])
        var filter = ProblemFilter(
            search: query.search, townshipCodes: query.filters["township"] ?? [], topics: query.filters["topic"] ?? [],
            activeSince: query.filter("period").flatMap(ProblemPeriod.init)?.start(visit.now),
            hasOpenAppeals: query.filter("state").map { $0 == "open" },
            sort: ProblemFilter.Sort(rawValue: query.sort) ?? .score, isDescending: query.isDescending)
        filter.states = (query.filters["stage"] ?? []).compactMap(ProblemState.init)
        filter.leadUnitCode = query.filter("unit")
        return (query, filter)
    }

    init(_ visit: Visit, profile: Profile, query: ListQuery, loaded: Loaded) {
        title = visit.word("problems.list.title")
        subtitle = loaded.lastRun.map {
            visit.word("problems.list.subtitle", visit.time($0.at), visit.number($0.appeals))
        }
        actions = [
            PageAction(visit.word("problems.board.title"), "/desk/problems/board"),
            PageAction(visit.word("problems.compare.title"), "/desk/problems/compare"),
            PageAction(visit.word("problems.map.title"), "/desk/map"),
        ]
        table = Table(
            visit: visit, query: query, columns: Self.columns(visit),
            rows: loaded.problems.map { Self.row($0, visit, profile, loaded) }, total: loaded.total,
            filters: Self.filters(visit, profile, loaded), exportPath: "/desk/problems/export",
            emptyKey: "problems.list.empty")
    }

    private static func columns(_ visit: Visit) -> [Table.Column] {
        [
            .init("title", visit.word("problems.title"), isSortable: true, isFixed: true),
            .init("score", visit.word("problems.score"), isSortable: true, isNumeric: true),
            .init("frequency", visit.word("problems.frequency"), isSortable: true, isNumeric: true),
            .init("urgency", visit.word("problems.urgency"), isSortable: true, isNumeric: true),
            .init("pain", visit.word("problems.pain"), isSortable: true, isNumeric: true),
            .init("size", visit.word("problems.size.short"), isSortable: true, isNumeric: true),
            .init("people", visit.word("problems.people.short"), isSortable: true, isNumeric: true),
            .init("trend", visit.word("problems.trend")),
            .init("change", visit.word("problems.change"), isNumeric: true),
            .init("stage", visit.word("problems.stage")), .init("unit", visit.word("problems.lead")),
            .init("township", visit.word("problems.township")),
            .init("last", visit.word("problems.last"), isSortable: true),
        ]
    }

    private static func row(
        _ problem: ProblemRecord, _ visit: Visit, _ profile: Profile, _ loaded: Loaded
    ) -> Table.Row {
        let township = problem.townshipCode.flatMap(profile.township)
        let unit = loaded.files[problem.caseID]?.leadUnitCode.flatMap(profile.unit)
        let zone = visit.site.zone
        return Table.Row(
            href: "/desk/problems/\(problem.id)",
            cells: [
                .long(ProblemText.masked(problem.title)),
                .bar(problem.scores.total * 10, visit.number(problem.scores.total)),
                .number(problem.scores.frequency.points), .number(problem.scores.urgency.points),
                .number(problem.scores.pain.points), .number(problem.size), .number(problem.people),
                loaded.trend(problem, visit), loaded.change(problem, visit), stage(problem, visit),
                unit.map { .text(visit.text($0.shortName)) } ?? .none,
                township.map { .text(visit.text($0.name)) } ?? .none,
                problem.lastAt.map { .day(Day($0, in: zone)) } ?? .none,
            ])
    }

    private static func stage(_ problem: ProblemRecord, _ visit: Visit) -> Cell {
        var badges = [Badge(visit.text(problem.handling.state.title), problem.handling.state.tone)]
        if problem.handling.isPinned { badges.append(Badge(visit.word("problems.pinned"), .info)) }
        if problem.isBackAfterSolved { badges.append(Badge(visit.word("problems.back"), .danger)) }
        return .badges(badges)
    }

    private static func filters(_ visit: Visit, _ profile: Profile, _ loaded: Loaded) -> [Table.Filter] {
        [
            townshipFilter(visit, profile, loaded),
            .init(
                "topic", visit.word("problems.topic"),
                options: loaded.topics.map { .init($0.value, visit.topic($0.value), count: $0.appeals) }),
            .init(
                "stage", visit.word("problems.stage"),
                options: ProblemState.allCases.map { .init($0.rawValue, visit.text($0.title)) }),
            .init(
                "unit", visit.word("problems.lead"),
                options: profile.units.map { .init($0.code, visit.text($0.shortName)) }),
            .init(
                "state", visit.word("problems.state"),
                options: [
                    .init("open", visit.word("problems.state.open")),
                    .init("closed", visit.word("problems.state.closed")),
                ]),
            .init("period", visit.word("problems.period"), options: ProblemPeriod.options(visit)),
        ]
    }

    static func townshipFilter(_ visit: Visit, _ profile: Profile, _ loaded: Loaded) -> Table.Filter {
        let counts = Dictionary(loaded.townships.map { ($0.townshipCode, $0.problems) }, uniquingKeysWith: +)
        return .init(
            "township", visit.word("problems.township"),
            options: profile.townships.map { .init($0.code, visit.text($0.name), count: counts[$0.code] ?? 0) })
    }
}

/// How far back a list or the map looks.
enum ProblemPeriod: Int, CaseIterable {
    case month = 30
    case quarter = 90
    case year = 365

    init?(_ text: String) {
        guard let days = Int(text), let period = ProblemPeriod(rawValue: days) else { return nil }
        self = period
    }

    func start(_ now: Instant) -> Instant { now.adding(days: -Int64(rawValue)) }

    static func options(_ visit: Visit) -> [Table.Filter.Option] {
        allCases.map { .init(String($0.rawValue), visit.word("problems.period.days", String($0.rawValue))) }
    }
}

/// The problems that enough people reported to be told to everybody, without anything about a person.
struct PublicProblemsPage: Page {
    static let template = "problems/public"
    let title: String
    let subtitle: String?
    let table: Table

    static func read(_ visit: Visit) -> (ListQuery, ProblemFilter) {
        let query = ListQuery.read(
            visit, sorts: ["score", "size", "people", "last"], defaultSort: "-score", filters: ["township"])
        let filter = ProblemFilter(
            townshipCodes: query.filters["township"] ?? [], peopleMin: ProblemLimits.publicPeopleMin,
            sort: ProblemFilter.Sort(rawValue: query.sort) ?? .score, isDescending: query.isDescending)
        return (query, filter)
    }

    init(_ visit: Visit, profile: Profile, query: ListQuery, loaded: ProblemListPage.Loaded) {
        title = visit.word("problems.public.title")
        subtitle = visit.word("problems.public.subtitle", String(ProblemLimits.publicPeopleMin))
        table = Table(
            visit: visit, query: query,
            columns: [
                .init("title", visit.word("problems.title"), isFixed: true),
                .init("township", visit.word("problems.township")),
                .init("size", visit.word("problems.size"), isSortable: true, isNumeric: true),
                .init("people", visit.word("problems.people"), isSortable: true, isNumeric: true),
                .init("since", visit.word("problems.since")),
                .init("last", visit.word("problems.last"), isSortable: true),
                .init("trend", visit.word("problems.trend")),
            ],
            rows: loaded.problems.map { problem in
                // Months, not days: a day and a place can point at one person.
                let month = { (at: Instant?) -> Cell in at.map { .text(String(visit.day($0).prefix(7))) } ?? .none }
                let township = problem.townshipCode.flatMap(profile.township)
                return .init(cells: [
                    .long(ProblemText.published(problem.title)),
                    township.map { .text(visit.text($0.name)) } ?? .none, .number(problem.size),
                    .number(problem.people), month(problem.firstAt), month(problem.lastAt),
                    loaded.trend(problem, visit),
                ])
            },
            total: loaded.total, filters: [ProblemListPage.townshipFilter(visit, profile, loaded)],
            emptyKey: "problems.public.empty", hasSearch: false)
    }
}
