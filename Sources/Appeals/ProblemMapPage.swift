internal import Core
internal import Foundation
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// Where the problems are: townships shaded by how many, problems as points, and a list that says the same; of all time
/// or from one day to another, month by month.
struct ProblemMapPage: Page {
    static let template = "problems/map"
    let title: String
    let subtitle: String?
    let filters: [Filter]
    let days: [Field]
    let months: String
    let previous: Step?
    let next: Step?
    let allHref: String?
    let period: String
    let error: String?
    let map: MapView
    let rows: [Entry]
    let hasRows: Bool
    let empty: EmptyState?
    let listTitle: String
    let unplaced: String?
    let actions: [PageAction]
    let styleHref: String
    let scriptHref: String
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

    /// A link to the month before or after.
    struct Step: Sendable {
        let stepHref: String
        let stepTitle: String
    }

    struct Entry: Sendable {
        let rank: Int
        let title: String
        let href: String
        let township: String
        let size: String
        let score: String
        let stage: Badge
        let isPoint: Bool
    }

    /// A month as the slider has it.
    struct Month: Encodable, Equatable {
        let title: String
        let from: String
        let to: String
    }

    /// What the visitor chose to see.
    struct Choice: Sendable {
        let topic: String?
        let countsAppeals: Bool
        let range: ProblemPeriods.Range?
        let isRangeWrong: Bool
        let zone: TimeZoneOffset

        init(_ visit: Visit, zone: TimeZoneOffset) {
            topic = visit.query("topic")
            countsAppeals = visit.query("count") == "appeals"
            self.zone = zone
            let (from, to) = (visit.query("from"), visit.query("to"))
            let days = (from.flatMap { Day(iso: $0) }, to.flatMap { Day(iso: $0) })
            if let first = days.0, let last = days.1 {
                range = ProblemPeriods.Range(from: first, to: last)
            } else {
                range = nil
            }
            isRangeWrong = (from != nil || to != nil) && range == nil
        }

        var topics: [String] { topic.map { [$0] } ?? [] }

        func href(_ range: (from: Day, to: Day)?) -> String {
            var pairs: [String] = []
            if let topic { pairs.append("topic=\(urlEncoded(topic))") }
            if countsAppeals { pairs.append("count=appeals") }
            if let range { pairs.append("from=\(range.from)&to=\(range.to)") }
            return "/desk/map" + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
        }
    }

    struct Loaded: Sendable {
        let townships: [ProblemStore.TownshipCount]
        let problems: [ProblemCompareStore.Active]
        let total: Int
        let topics: [ProblemStore.Share]
        let lastRun: (at: Instant, appeals: Int)?
        let span: (first: Instant, last: Instant)?

        init(_ choice: Choice, in tx: any Transaction) throws {
            if let range = choice.range {
                let (from, before) = (range.start(in: choice.zone), range.end(in: choice.zone))
                townships = try ProblemCompareStore.countsByTownship(
                    from: from, before: before, topics: choice.topics, in: tx)
                problems = try ProblemCompareStore.active(
                    from: from, before: before, topics: choice.topics, limit: ProblemLimits.mapProblemsMax, in: tx)
            } else {
                let filter = ProblemFilter(topics: choice.topics)
                townships = try ProblemStore.countsByTownship(filter, in: tx)
                problems = try ProblemStore.list(filter, limit: ProblemLimits.mapProblemsMax, in: tx)
                    .map { ProblemCompareStore.Active(problem: $0, size: $0.size) }
            }
            total = townships.reduce(0) { $0 + $1.problems }
            topics = try ProblemStore.topics(in: tx)
            lastRun = try ProblemStore.lastRun(in: tx)
            span = try ProblemCompareStore.span(in: tx)
        }
    }

    init(_ visit: Visit, profile: Profile, choice: Choice, loaded: Loaded) throws {
        title = visit.word("problems.map.title")
        subtitle = loaded.lastRun.map {
            visit.word("problems.list.subtitle", visit.time($0.at), visit.number($0.appeals))
        }
        actions = [PageAction(visit.word("problems.list.title"), "/desk/problems")]
        filters = Self.filters(visit, choice, loaded)
        let months = Self.months(loaded.span, choice, visit)
        days = [("from", choice.range?.from), ("to", choice.range?.to)].map { name, day in
            Field(
                label: visit.word("problems.map.\(name)"), name: name, kind: .date, value: day?.description ?? "")
        }
        self.months = String(decoding: try JSONEncoder().encode(months), as: UTF8.self)
        let at = months.firstIndex {
            $0.from == choice.range?.from.description && $0.to == choice.range?.to.description
        }
        previous = Self.step((at ?? months.count) - 1, months, choice)
        next = at.flatMap { Self.step($0 + 1, months, choice) }
        allHref = choice.range == nil ? nil : choice.href(nil)
        period =
            choice.range.map { visit.word("problems.map.period", visit.day($0.from), visit.day($0.to)) }
            ?? visit.word("problems.map.all_time")
        error = choice.isRangeWrong ? visit.word("problems.map.range_wrong") : nil
        map = Self.map(visit, profile, choice, loaded)
        rows = loaded.problems.prefix(ProblemLimits.mapListMax).enumerated().map { index, active in
            Self.entry(active, rank: index + 1, visit, profile, choice)
        }
        hasRows = !rows.isEmpty
        empty =
            rows.isEmpty
            ? EmptyState(
                title: visit.word(loaded.span == nil ? "problems.list.empty" : "problems.map.empty"),
                action: choice.range == nil && choice.topic == nil
                    ? nil : PageAction(visit.word("web.table.clear"), "/desk/map")) : nil
        listTitle = visit.word(
            choice.range == nil ? "problems.map.list" : "problems.map.list_period", visit.number(rows.count),
            visit.number(loaded.total))
        let missing = loaded.problems.count { $0.problem.point == nil }
        let elsewhere = loaded.townships.first { $0.townshipCode.isEmpty }?.problems ?? 0
        unplaced =
            missing + elsewhere == 0
            ? nil : visit.word("problems.map.unplaced", visit.number(missing), visit.number(elsewhere))
        styleHref = visit.assetPath("problems.css")
        scriptHref = visit.assetPath("months.js")
    }

    private static func entry(
        _ active: ProblemCompareStore.Active, rank: Int, _ visit: Visit, _ profile: Profile, _ choice: Choice
    ) -> Entry {
        let problem = active.problem
        let narrowed = choice.range.map { "?from=\($0.from)&to=\($0.to)#members" } ?? ""
        return Entry(
            rank: rank, title: ProblemText.masked(problem.title), href: ProblemLink.page(problem.id) + narrowed,
            township: problem.townshipCode.flatMap(profile.township).map { visit.text($0.name) } ?? "–",
            size: visit.number(active.size), score: visit.number(problem.scores.total),
            stage: Badge(visit.text(problem.handling.state.title), problem.handling.state.tone),
            isPoint: problem.point != nil)
    }

    /// The months from the first appeal to the last, the most recent of them if there are many.
    private static func months(
        _ span: (first: Instant, last: Instant)?, _ choice: Choice, _ visit: Visit
    ) -> [Month] {
        guard let span else { return [] }
        let (first, last) = (Day(span.first, in: choice.zone).parts, Day(span.last, in: choice.zone).parts)
        let end = last.year * 12 + last.month - 1
        let start = max(first.year * 12 + first.month - 1, end - ProblemLimits.chartMonthsMax + 1)
        guard start <= end else { return [] }
        return (start...end).compactMap { month in
            let (year, number) = (month / 12, month % 12 + 1)
            guard let from = Day(year: year, month: number, day: 1) else { return nil }
            let to = from.adding(days: Day.length(ofMonth: number, year: year) - 1)
            return Month(
                title: visit.word("problems.map.month", String(year), Day.padded(number, 2)), from: from.description,
                to: to.description)
        }
    }

    private static func step(_ index: Int, _ months: [Month], _ choice: Choice) -> Step? {
        guard months.indices.contains(index), let from = Day(iso: months[index].from),
            let to = Day(iso: months[index].to)
        else { return nil }
        return Step(stepHref: choice.href((from, to)), stepTitle: months[index].title)
    }

    private static func filters(_ visit: Visit, _ choice: Choice, _ loaded: Loaded) -> [Filter] {
        func filter(_ name: String, _ label: String, _ chosen: String?, _ options: [(String, String)]) -> Filter {
            Filter(
                name: name, label: visit.word(label),
                options: options.map { .init(value: $0.0, title: $0.1, isChosen: $0.0 == chosen) })
        }
        return [
            filter(
                "topic", "problems.topic", choice.topic,
                [("", visit.word("web.table.all"))]
                    + loaded.topics.map { ($0.value, "\(visit.topic($0.value)) (\(visit.number($0.appeals)))") }),
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
            points: loaded.problems.compactMap { active in
                active.problem.point.map {
                    .init(
                        at: $0,
                        title: "\(ProblemText.masked(active.problem.title)) (\(visit.number(active.size)))",
                        href: ProblemLink.page(active.problem.id), weight: min(100, max(1, active.size)),
                        tone: active.problem.scores.urgency.points >= 50 ? .danger : .warning)
                }
            },
            legend: visit.word(choice.countsAppeals ? "problems.map.shade.appeals" : "problems.map.shade.problems"))
    }
}
