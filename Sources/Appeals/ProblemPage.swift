internal import Core
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// One problem: what it is, why it is scored so, when and where it is, who is concerned, and every appeal behind it.
struct ProblemPage: Page {
    static let template = "problems/show"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let facts: KeyValues
    let total: ScoreView
    let scores: [ScoreView]
    let chart: Chart
    let map: MapView?
    let places: [Share]
    let units: [Share]
    let members: Table
    let membersTitle: String
    let hasPlaces: Bool
    let hasUnits: Bool
    let retired: Toast?
    let successorHref: String?
    let isWide = true

    struct Share: Sendable {
        let name: String
        let appeals: String
    }

    /// What the page needs of the database.
    struct Loaded: Sendable {
        let problem: ProblemRecord
        let times: [Instant]
        let units: [ProblemStore.Share]
        let addresses: [ProblemStore.Share]
        let members: [ProblemMember]
        let total: Int
        let open: Int
        let messages: [MiningMessage]

        init(_ id: ID<ProblemRecord>, query: ListQuery, in tx: any Transaction) throws {
            problem = try ProblemStore.find(id, in: tx)
            times = try ProblemStore.times(of: [id], in: tx)[id] ?? []
            units = try ProblemStore.units(of: id, in: tx)
            addresses = try ProblemStore.addresses(of: id, limit: ProblemLimits.placesShownMax, in: tx)
            let reasons = problem.scores.all
            let only = query.filter("reason").flatMap { name in reasons.first { $0.measure == name }?.members }
            members = try ProblemMemberStore.list(
                of: id, only: only, limit: query.pageSize, offset: query.offset, in: tx)
            total = try ProblemMemberStore.count(of: id, only: only, in: tx)
            open = try ProblemMemberStore.openCount(of: id, in: tx)
            let compared = try ProblemStore.members(of: id, limit: ProblemLimits.evidenceMembersMax, in: tx)
            let shown = members.map(\.id.rawValue)
            messages = try ProblemWritingStore.messages(Set(compared).union(shown).sorted(), in: tx).map(\.message)
        }
    }

    init(_ visit: Visit, profile: Profile, query: ListQuery, loaded: Loaded, evidence: ProblemEvidence) {
        let problem = loaded.problem
        let township = problem.townshipCode.flatMap(profile.township)
        title = ProblemText.masked(problem.title)
        subtitle = problem.place.isEmpty ? nil : ProblemText.masked(problem.place)
        breadcrumbs = [Breadcrumb(visit.word("problems.list.title"), "/desk/problems")]
        facts = Self.facts(visit, loaded, township)
        let wording = ProblemWording(visit: visit)
        total = ScoreView(points: problem.scores.total, title: visit.word("problems.score"), reasons: [])
        scores = [
            ("frequency", problem.scores.frequency), ("urgency", problem.scores.urgency), ("pain", problem.scores.pain),
        ].map { Self.score($0, $1, problem.id, visit, wording) }
        let bars = ProblemTrend.bars(loaded.times, in: visit.site.zone)
        chart = Chart(
            title: visit.word(bars.isWeekly ? "problems.chart.weeks" : "problems.chart.months"), kind: .bar,
            labels: bars.labels, series: [.init(visit.word("problems.size"), bars.counts.map(Double.init))],
            unit: visit.word("problems.chart.unit"))
        map = Self.map(visit, profile, problem)
        places = loaded.addresses.map {
            Share(name: Masking.address($0.value), appeals: visit.number($0.appeals))
        }
        units = loaded.units.map { share in
            Share(
                name: profile.unit(share.value).map { visit.text($0.name) } ?? share.value,
                appeals: visit.number(share.appeals))
        }
        hasPlaces = !places.isEmpty
        hasUnits = !units.isEmpty
        membersTitle = visit.word("problems.members", visit.number(problem.size))
        members = Self.members(visit, profile, query, loaded, evidence, wording)
        retired = problem.retiredAt.map { Toast(visit.word("problems.retired", visit.day($0)), tone: .warning) }
        successorHref = problem.mergedInto.map { "/desk/problems/\($0)" }
    }

    private static func facts(_ visit: Visit, _ loaded: Loaded, _ township: Township?) -> KeyValues {
        let problem = loaded.problem
        return KeyValues([
            (visit.word("problems.size"), .number(problem.size)),
            (visit.word("problems.people"), .number(problem.people)),
            (visit.word("problems.state.open_count"), .number(loaded.open)),
            (visit.word("problems.township"), township.map { .text(visit.text($0.name)) } ?? .none),
            (visit.word("problems.topic"), problem.topic.map { .text(visit.topic($0)) } ?? .none),
            (visit.word("problems.first"), problem.firstAt.map { .time($0) } ?? .none),
            (visit.word("problems.last"), problem.lastAt.map { .time($0) } ?? .none),
            (visit.word("problems.updated"), .time(problem.updatedAt)),
        ])
    }

    private static func score(
        _ key: String, _ score: ProblemScores.Score, _ id: ID<ProblemRecord>, _ visit: Visit, _ wording: ProblemWording
    ) -> ScoreView {
        ScoreView(
            points: score.points, title: visit.word("problems.\(key)"),
            reasons: score.reasons.map { reason in
                // A measure of all appeals links to them all.
                let href =
                    reason.members.isEmpty
                    ? "/desk/problems/\(id)#members"
                    : "/desk/problems/\(id)?reason=\(urlEncoded(reason.measure))#members"
                return .init(wording.reason(reason), points: reason.points, href: href)
            }, isOpen: true)
    }

    private static func map(_ visit: Visit, _ profile: Profile, _ problem: ProblemRecord) -> MapView? {
        guard problem.point != nil || problem.townshipCode != nil else { return nil }
        let title = ProblemText.masked(problem.title)
        return MapView(
            title: visit.word("problems.map.of", title),
            townships: profile.townships.map { township in
                .init(
                    code: township.code, name: visit.text(township.name), outline: township.outlines,
                    value: township.code == problem.townshipCode ? problem.size : nil)
            },
            points: problem.point.map { [.init(at: $0, title: title, weight: min(100, max(10, problem.size)))] } ?? [],
            legend: visit.word("problems.size"))
    }

    private static func members(
        _ visit: Visit, _ profile: Profile, _ query: ListQuery, _ loaded: Loaded, _ evidence: ProblemEvidence,
        _ wording: ProblemWording
    ) -> Table {
        let subjects = Dictionary(loaded.messages.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let reasons = loaded.problem.scores.all.filter { !$0.members.isEmpty }
        return Table(
            visit: visit, query: query,
            columns: [
                .init("number", visit.word("problems.member.number"), isFixed: true),
                .init("subject", visit.word("problems.member.title"), isFixed: true),
                .init("time", visit.word("problems.member.time")), .init("state", visit.word("problems.state")),
                .init("unit", visit.word("problems.member.unit")), .init("why", visit.word("problems.member.why")),
            ],
            rows: loaded.members.map { member in
                let near = evidence.nearest(to: member.id.rawValue)
                let other = near.flatMap { subjects[$0.member] }
                let unit = member.leadUnitCode.flatMap(profile.unit)
                return .init(
                    href: "/desk/appeals/\(member.id)",
                    cells: [
                        .text(member.number), .text(ProblemText.masked(member.title)),
                        member.submittedAt.map { .time($0) } ?? .none,
                        member.isOpen
                            ? .badge(visit.word("problems.state.handling"), .info)
                            : .badge(visit.word("problems.state.done"), .good),
                        unit.map { .text(visit.text($0.shortName)) } ?? .none,
                        near.map { .text(wording.evidence($0.evidence, nearest: other.map(title) ?? "")) } ?? .none,
                    ])
            },
            total: loaded.total,
            filters: [
                .init(
                    "reason", visit.word("problems.member.reason"),
                    options: reasons.map { .init($0.measure, wording.measure($0.measure), count: $0.members.count) })
            ],
            emptyKey: "problems.members.empty", hasSearch: false)
    }

    private static func title(_ message: MiningMessage) -> String {
        message.subject.isEmpty ? String(message.text.prefix(AppealLimits.titleFromBodyCharacters)) : message.subject
    }
}

extension ProblemScores {
    /// The reasons of all three scores.
    var all: [Reason] { frequency.reasons + urgency.reasons + pain.reasons }
}
