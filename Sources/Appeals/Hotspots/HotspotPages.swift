internal import Core
internal import Foundation
internal import Mining
internal import Organisation
internal import Sheets
internal import Store
internal import Web

/// Hot spots in place and time, and what rises.
struct HotspotListPage: Page {
    static let template = "hotspots/list"
    let title: String
    let subtitle: String?
    let map: MapView
    let table: Table
    let rising: [RisingRow]
    let hasRising: Bool
    let progress: ProgressView?
    let canRun: Bool
    let isWide = true

    struct RisingRow: Sendable {
        let kind: String
        let name: String
        let href: String
        let observed: String
        let expected: String
        let earlier: String
        let chance: String
        let falseShare: String
    }

    struct Loaded: Sendable {
        let hotspots: [Hotspot]
        let rising: [Rising]
        let run: HotspotRun
        let job: Job?
        let titles: [Int64: String]

        init(in tx: any Transaction) throws {
            hotspots = try HotspotStore.list(in: tx)
            rising = try HotspotStore.rising(in: tx)
            run = try HotspotStore.run(in: tx)
            job = try run.jobID.flatMap { try JobStore.find(ID($0), in: tx) }
            titles = try HotspotStore.problemTitles(
                rising.filter { $0.kind == .problem }.compactMap { Int64($0.name) }, in: tx)
        }

        var isRunning: Bool { job.map { [.queued, .running].contains($0.state) } ?? false }
    }

    static let sorts = ["rank", "observed", "risk", "chance", "last"]

    init(_ visit: Visit, profile: Profile, query: ListQuery, loaded: Loaded, canRun: Bool) {
        let wording = HotspotWording(visit: visit, profile: profile)
        title = visit.word("hotspots.title")
        subtitle = wording.run(loaded.run)
        let chosen = Self.chosen(loaded.hotspots, query, wording)
        let page = chosen.dropFirst(query.offset).prefix(query.pageSize)
        table = Table(
            visit: visit, query: query,
            columns: [
                .init("rank", visit.word("hotspots.rank"), isSortable: true, isNumeric: true),
                .init("place", visit.word("hotspots.place"), isFixed: true),
                .init("last", visit.word("hotspots.days"), isSortable: true),
                .init("topic", visit.word("problems.topic")),
                .init("observed", visit.word("hotspots.observed"), isSortable: true, isNumeric: true),
                .init("expected", visit.word("hotspots.expected"), isNumeric: true),
                .init("risk", visit.word("hotspots.risk"), isSortable: true, isNumeric: true),
                .init("chance", visit.word("hotspots.chance"), isSortable: true),
            ],
            rows: page.map { wording.row($0) }, total: chosen.count,
            filters: [
                .init(
                    "township", visit.word("problems.township"),
                    options: profile.townships.map { township in
                        .init(
                            township.code, visit.text(township.name),
                            count: loaded.hotspots.count { $0.townshipCode == township.code })
                    }),
                .init("sure", visit.word("hotspots.sure"), options: [.init("yes", visit.word("hotspots.sure.yes"))]),
            ],
            exportPath: "/desk/hotspots/export", emptyKey: "hotspots.empty")
        map = wording.map(chosen)
        rising = loaded.rising.filter(\.isSure).map { wording.rising($0, loaded.titles) }
        hasRising = !rising.isEmpty
        self.canRun = canRun && !loaded.isRunning
        progress = loaded.isRunning ? Self.progress(visit, loaded.job, canCancel: canRun) : nil
    }

    static func chosen(_ hotspots: [Hotspot], _ query: ListQuery, _ wording: HotspotWording) -> [Hotspot] {
        let townships = query.filters["township"] ?? []
        let kept = hotspots.filter { spot in
            (townships.isEmpty || townships.contains(spot.townshipCode ?? ""))
                && (query.filter("sure") != "yes" || spot.isSure)
                && (query.search.isEmpty || wording.text(spot).localizedCaseInsensitiveContains(query.search))
        }
        func key(_ spot: Hotspot) -> Int {
            switch query.sort {
            case "observed": spot.observed
            case "risk": spot.riskMilli
            case "chance": spot.pPpm
            case "last": spot.days.upperBound.number
            default: spot.rank
            }
        }
        return kept.sorted {
            let (a, b) = (key($0), key($1))
            return a == b ? $0.rank < $1.rank : (a < b) != query.isDescending
        }
    }

    static func progress(_ visit: Visit, _ job: Job?, canCancel: Bool) -> ProgressView {
        ProgressView(
            title: visit.word("hotspots.running"), poll: "/desk/hotspots/progress", status: status(visit, job),
            cancelPath: canCancel ? "/desk/hotspots/cancel" : nil)
    }

    static func status(_ visit: Visit, _ job: Job?) -> ProgressView.Status {
        let state = job?.state ?? .done
        return ProgressView.Status(
            state: state.rawValue, done: Int(job?.progressDone ?? 0), total: Int(job?.progressTotal ?? 0),
            note: visit.word("hotspots.running.note"), startedAt: job?.startedAt,
            next: [.done, .cancelled, .parked].contains(state) ? "/desk/hotspots" : nil, visit: visit)
    }
}

/// One hot spot and every appeal of it.
struct HotspotPage: Page {
    static let template = "hotspots/show"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let facts: KeyValues
    let map: MapView
    let members: Table
    let membersTitle: String
    let isWide = true

    init(
        _ visit: Visit, profile: Profile, query: ListQuery, spot: Hotspot, members: [ProblemMember], total: Int
    ) {
        let wording = HotspotWording(visit: visit, profile: profile)
        title = wording.place(spot)
        subtitle = wording.days(spot)
        breadcrumbs = [Breadcrumb(visit.word("hotspots.title"), "/desk/hotspots")]
        facts = KeyValues([
            (visit.word("hotspots.observed"), .number(spot.observed)),
            (visit.word("hotspots.expected"), .text(wording.decimal(spot.expectedMilli))),
            (visit.word("hotspots.risk"), .text(wording.decimal(spot.riskMilli))),
            (visit.word("hotspots.chance"), .text(wording.chance(spot.pPpm))),
            (visit.word("hotspots.llr"), .text(wording.decimal(spot.llrMilli))),
            (visit.word("problems.topic"), spot.topic.map { .text(visit.topic($0)) } ?? .none),
            (visit.word("hotspots.radius"), .text(visit.word("hotspots.metres", visit.number(spot.radiusMetres)))),
        ])
        map = wording.map([spot])
        membersTitle = visit.word("hotspots.members", visit.number(total))
        self.members = Table(
            visit: visit, query: query,
            columns: [
                .init("number", visit.word("hotspots.number"), isFixed: true),
                .init("title", visit.word("problems.title")), .init("time", visit.word("hotspots.time")),
                .init("state", visit.word("problems.state")), .init("unit", visit.word("hotspots.unit")),
            ],
            rows: members.map { Self.row($0, visit, profile) }, total: total, hasSearch: false)
    }

    private static func row(_ member: ProblemMember, _ visit: Visit, _ profile: Profile) -> Table.Row {
        let state = visit.word(member.isOpen ? "problems.state.open" : "problems.state.closed")
        let unit = member.leadUnitCode.flatMap(profile.unit).map { visit.text($0.shortName) }
        let time: Web.Cell = member.submittedAt.map { .time($0) } ?? .none
        return Table.Row(
            href: "/desk/appeals/\(member.id)",
            cells: [
                .text(member.number), .long(ProblemText.masked(member.title)), time,
                .badge(state, member.isOpen ? .warning : .good), unit.map { .text($0) } ?? .none,
            ])
    }
}

/// Hot spots in words.
struct HotspotWording {
    let visit: Visit
    let profile: Profile

    func place(_ spot: Hotspot) -> String {
        let township = spot.townshipCode.flatMap(profile.township).map { visit.text($0.name) }
        return visit.word(
            "hotspots.place.near", township ?? visit.word("hotspots.place.elsewhere"),
            visit.number(spot.radiusMetres))
    }

    func days(_ spot: Hotspot) -> String {
        spot.days.lowerBound == spot.days.upperBound
            ? spot.days.lowerBound.description
            : visit.word(
                "hotspots.days.range", spot.days.lowerBound.description, spot.days.upperBound.description)
    }

    /// What a search looks through.
    func text(_ spot: Hotspot) -> String { "\(place(spot)) \(days(spot)) \(spot.topic.map(visit.topic) ?? "")" }

    /// Two digits after the point.
    func decimal(_ milli: Int) -> String {
        guard milli < .max / 2 else { return "∞" }
        let hundredths = (milli + 5) / 10
        return "\(visit.number(hundredths / 100)).\(Day.padded(hundredths % 100, 2))"
    }

    /// `p = 0.003`
    func chance(_ ppm: Int) -> String {
        let thousandths = max(1, (ppm + 500) / 1_000)
        let text = ppm >= 999_500 ? "1" : "0.\(Day.padded(thousandths, 3))"
        return "p \(ppm < 500 ? "<" : "=") \(text)"
    }

    func run(_ run: HotspotRun) -> String? {
        guard let ranAt = run.ranAt, let first = run.firstDay else { return nil }
        return visit.word(
            run.edgeMetres > 0 ? "hotspots.subtitle.grid" : "hotspots.subtitle.townships", visit.time(ranAt),
            visit.number(run.appeals), first.description, first.adding(days: run.days - 1).description,
            visit.number(run.cells), visit.number(run.edgeMetres))
    }

    func row(_ spot: Hotspot) -> Table.Row {
        .init(
            href: "/desk/hotspots/\(spot.id)",
            cells: [
                .number(spot.rank), .link(place(spot), "/desk/hotspots/\(spot.id)"), .whole(days(spot)),
                spot.topic.map { .text(visit.topic($0)) } ?? .none, .number(spot.observed),
                .text(decimal(spot.expectedMilli)), .text(decimal(spot.riskMilli)),
                .badge(chance(spot.pPpm), spot.isSure ? .danger : .neutral),
            ])
    }

    func rising(_ one: Rising, _ titles: [Int64: String]) -> HotspotListPage.RisingRow {
        let name: String
        let href: String
        switch one.kind {
        case .topic: (name, href) = (visit.topic(one.name), "/desk/problems?topic=\(urlEncoded(one.name))")
        case .township:
            name = profile.township(one.name).map { visit.text($0.name) } ?? one.name
            href = "/desk/problems?township=\(urlEncoded(one.name))"
        case .problem:
            name = Int64(one.name).flatMap { titles[$0] }.map(ProblemText.masked) ?? one.name
            href = "/desk/problems/\(one.name)"
        }
        return .init(
            kind: visit.word("hotspots.rising.\(one.kind.rawValue)"), name: name, href: href,
            observed: visit.number(one.observed), expected: decimal(one.expectedMilli),
            earlier: visit.number(one.earlier), chance: chance(one.pPpm),
            falseShare: visit.percent(permille: (one.qPpm + 500) / 1_000))
    }

    func map(_ spots: [Hotspot]) -> MapView {
        MapView(
            title: visit.word("hotspots.title"),
            townships: profile.townships.map { township in
                .init(
                    code: township.code, name: visit.text(township.name), outline: township.outlines,
                    value: spots.count { $0.townshipCode == township.code },
                    href: "/desk/hotspots?township=\(urlEncoded(township.code))")
            },
            points: spots.map { spot in
                .init(
                    at: spot.centre, title: "\(place(spot)) · \(days(spot)) · \(chance(spot.pPpm))",
                    href: "/desk/hotspots/\(spot.id)", weight: min(100, max(1, spot.observed)),
                    tone: spot.isSure ? .danger : .warning)
            },
            legend: visit.word("hotspots.map.legend"))
    }
}
