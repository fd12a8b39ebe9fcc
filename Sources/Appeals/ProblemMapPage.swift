internal import Core
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// Where the problems are: townships shaded by how many, problems as points, and a list that says the same.
struct ProblemMapPage: Page {
    static let template = "problems/map"
    let title: String
    let subtitle: String?
    let filters: [Filter]
    let map: MapView
    let rows: [Entry]
    let hasRows: Bool
    let empty: EmptyState?
    let listTitle: String
    let unplaced: String?
    let actions: [PageAction]
    let isWide = true

    /// One choice above the map.
    struct Filter: Sendable {
        struct Option: Sendable {
            let value: String
            let title: String
            let isChosen: Bool
        }
        let name: String
        let label: String
        let options: [Option]
    }

    struct Entry: Sendable {
        let rank: Int
        let title: String
        let href: String
        let township: String
        let size: String
        let score: String
        let isPoint: Bool
    }

    /// What the visitor chose to see.
    struct Choice: Sendable {
        let topic: String?
        let period: ProblemPeriod?
        let countsAppeals: Bool

        init(_ visit: Visit) {
            topic = visit.query("topic")
            period = visit.query("period").flatMap(ProblemPeriod.init)
            countsAppeals = visit.query("count") == "appeals"
        }

        func filter(_ now: Instant) -> ProblemFilter {
            ProblemFilter(topics: topic.map { [$0] } ?? [], activeSince: period?.start(now))
        }
    }

    struct Loaded: Sendable {
        let townships: [ProblemStore.TownshipCount]
        let problems: [ProblemRecord]
        let total: Int
        let topics: [ProblemStore.Share]
        let lastRun: (at: Instant, appeals: Int)?

        init(_ choice: Choice, now: Instant, in tx: any Transaction) throws {
            let filter = choice.filter(now)
            townships = try ProblemStore.countsByTownship(filter, in: tx)
            problems = try ProblemStore.list(filter, limit: ProblemLimits.mapProblemsMax, in: tx)
            total = try ProblemStore.count(filter, in: tx)
            topics = try ProblemStore.topics(in: tx)
            lastRun = try ProblemStore.lastRun(in: tx)
        }
    }

    init(_ visit: Visit, profile: Profile, choice: Choice, loaded: Loaded) {
        title = visit.word("problems.map.title")
        subtitle = loaded.lastRun.map {
            visit.word("problems.list.subtitle", visit.time($0.at), visit.number($0.appeals))
        }
        actions = [PageAction(visit.word("problems.list.title"), "/desk/problems")]
        filters = Self.filters(visit, choice, loaded)
        map = Self.map(visit, profile, choice, loaded)
        rows = loaded.problems.prefix(ProblemLimits.mapListMax).enumerated().map { index, problem in
            Entry(
                rank: index + 1, title: ProblemText.masked(problem.title), href: "/desk/problems/\(problem.id)",
                township: problem.townshipCode.flatMap(profile.township).map { visit.text($0.name) } ?? "–",
                size: visit.number(problem.size), score: visit.number(problem.scores.total),
                isPoint: problem.point != nil)
        }
        hasRows = !rows.isEmpty
        empty = rows.isEmpty ? EmptyState(title: visit.word("problems.list.empty")) : nil
        listTitle = visit.word("problems.map.list", visit.number(rows.count), visit.number(loaded.total))
        let missing = loaded.problems.count { $0.point == nil }
        let elsewhere = loaded.townships.first { $0.townshipCode.isEmpty }?.problems ?? 0
        unplaced =
            missing + elsewhere == 0
            ? nil : visit.word("problems.map.unplaced", visit.number(missing), visit.number(elsewhere))
    }

    private static func filters(_ visit: Visit, _ choice: Choice, _ loaded: Loaded) -> [Filter] {
        func filter(_ name: String, _ label: String, _ chosen: String?, _ options: [(String, String)]) -> Filter {
            Filter(
                name: name, label: visit.word(label),
                options: options.map { .init(value: $0.0, title: $0.1, isChosen: $0.0 == chosen) })
        }
        let all = [("", visit.word("web.table.all"))]
        return [
            filter(
                "topic", "problems.topic", choice.topic,
                all
                    + loaded.topics.map { ($0.value, "\(visit.topic($0.value)) (\(visit.number($0.appeals)))") }),
            filter(
                "period", "problems.period", choice.period.map { String($0.rawValue) },
                all + ProblemPeriod.options(visit).map { ($0.value, $0.title) }),
            filter(
                "count", "problems.map.shade", choice.countsAppeals ? "appeals" : "problems",
                ["problems", "appeals"].map { ($0, visit.word("problems.map.shade.\($0)")) }),
        ]
    }

    private static func map(_ visit: Visit, _ profile: Profile, _ choice: Choice, _ loaded: Loaded) -> MapView {
        let counts = Dictionary(
            loaded.townships.map { ($0.townshipCode, choice.countsAppeals ? $0.appeals : $0.problems) },
            uniquingKeysWith: +)
        return MapView(
            title: visit.word("problems.map.title"),
            townships: profile.townships.map { township in
                .init(
                    code: township.code, name: visit.text(township.name), outline: township.outlines,
                    value: counts[township.code] ?? 0, href: "/desk/problems?township=\(urlEncoded(township.code))")
            },
            points: loaded.problems.compactMap { problem in
                problem.point.map {
                    .init(
                        at: $0, title: "\(ProblemText.masked(problem.title)) (\(visit.number(problem.size)))",
                        href: "/desk/problems/\(problem.id)", weight: min(100, max(1, problem.size)),
                        tone: problem.scores.urgency.points >= 50 ? .danger : .warning)
                }
            },
            legend: visit.word(choice.countsAppeals ? "problems.map.shade.appeals" : "problems.map.shade.problems"))
    }
}
