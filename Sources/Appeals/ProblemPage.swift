internal import Casework
internal import Core
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// One problem, its story from top to bottom: what, where, since when, how many people, how it grows, who has it, what
/// was done, which appeals.
struct ProblemPage: Page {
    static let template = "problems/show"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let errors: FormErrors?
    let notice: UndoNotice?
    let badges: [Badge]
    let light: LightBadge?
    let story: String
    let tiles: StatTiles
    let facts: KeyValues
    let total: ScoreView
    let scores: [ScoreView]
    let chart: Chart
    let map: MapView?
    let places: [Share]
    let units: [Share]
    let steps: [ProblemStory.Step]
    let forms: ProblemForms
    let why: ProblemWhyForm?
    let members: Table
    let membersTitle: String
    let hasPlaces: Bool
    let hasUnits: Bool
    let retired: Toast?
    let successorHref: String?
    let facet: CaseFacet?
    let styleHref: String
    let isWide = true

    struct Share: Sendable {
        let name: String
        let appeals: String
    }

    /// A refused form: what was typed, and what was wrong with it.
    struct Refused: Sendable {
        let fields: Fields
        let field: String
        let message: String
    }

    init(
        _ visit: Visit, profile: Profile, query: ListQuery, loaded: Loaded,
        neighbours: [Int64: ProblemEvidence.Neighbour], facet: CaseFacet?, refused: Refused? = nil
    ) throws {
        let (problem, account) = (loaded.problem, try visit.account())
        let township = problem.townshipCode.flatMap(profile.township)
        let story = ProblemStory(visit: visit, profile: profile, loaded: loaded)
        title = ProblemText.masked(problem.title)
        subtitle =
            [
                loaded.file?.number, township.map { visit.text($0.name) },
                problem.place.isEmpty ? nil : ProblemText.masked(problem.place), problem.topic.map(visit.topic),
            ].compactMap(\.self).joined(separator: " · ")
        breadcrumbs = [Breadcrumb(visit.word("problems.list.title"), "/desk/problems")]
        errors = refused.map { FormErrors([(name: $0.field, message: $0.message)]) }
        notice = Self.notice(visit, loaded, story, account)
        badges = Self.badges(visit, problem)
        light = loaded.file.flatMap { file in
            file.isOpen ? LightBadge(.init(rawValue: file.light.rawValue) ?? .green) : nil
        }
        self.story = story.summary
        tiles = story.tiles
        facts = Self.facts(visit, loaded, township, profile)
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
        places = loaded.addresses.map { Share(name: Masking.address($0.value), appeals: visit.number($0.appeals)) }
        units = loaded.units.map { share in
            Share(
                name: profile.unit(share.value).map { visit.text($0.name) } ?? share.value,
                appeals: visit.number(share.appeals))
        }
        hasPlaces = !places.isEmpty
        hasUnits = !units.isEmpty
        steps = story.steps(account: account)
        forms = ProblemForms(visit, loaded, profile, account: account, typed: refused?.fields)
        why = ProblemWhyForm(visit, loaded.members)
        membersTitle = visit.word("problems.members", visit.number(problem.size))
        members = Self.members(visit, profile, query, loaded, neighbours, wording)
        retired = problem.retiredAt.map { Toast(visit.word("problems.retired", visit.day($0)), tone: .warning) }
        successorHref = problem.mergedInto.map { ProblemLink.page($0) }
        self.facet = facet
        styleHref = visit.assetPath("problems.css")
    }

    private static func notice(
        _ visit: Visit, _ loaded: Loaded, _ story: ProblemStory, _ account: Visitor.Account
    ) -> UndoNotice? {
        guard let done = visit.query("done").flatMap({ ID<ProblemDecision>(text: $0) }),
            let decision = loaded.decisions.first(where: { $0.id == done }), decision.undoneAt == nil
        else { return nil }
        let mayUndo =
            decision.problem == loaded.problem.id && loaded.isLatest(decision)
            && ProblemPermission.mayUndo(decision, account, lead: loaded.file?.leadUnitCode)
        return UndoNotice(
            text: visit.word("problems.done", story.title(decision)),
            path: mayUndo ? ProblemLink.undo(decision) : nil, label: visit.word("problems.undo"))
    }

    private static func badges(_ visit: Visit, _ problem: ProblemRecord) -> [Badge] {
        var badges = [Badge(visit.text(problem.handling.state.title), problem.handling.state.tone)]
        if problem.handling.isPinned { badges.append(Badge(visit.word("problems.pinned"), .info)) }
        if problem.isBackAfterSolved { badges.append(Badge(visit.word("problems.back"), .danger)) }
        return badges
    }

    private static func facts(
        _ visit: Visit, _ loaded: Loaded, _ township: Township?, _ profile: Profile
    ) -> KeyValues {
        let (problem, file) = (loaded.problem, loaded.file)
        var pairs: [(String, Cell)] = [
            (visit.word("problems.stage"), .text(visit.text(problem.handling.state.title))),
            (
                visit.word("problems.lead"),
                file?.leadUnitCode.map { .text(profile.unit($0).map { visit.text($0.name) } ?? $0) } ?? .none
            ),
        ]
        if let file {
            pairs.append((visit.word("casework.number"), .text(file.number)))
            if let due = file.dueAt { pairs.append((visit.word("casework.due_at"), .time(due))) }
        }
        pairs += [
            (visit.word("problems.township"), township.map { .text(visit.text($0.name)) } ?? .none),
            (visit.word("problems.topic"), problem.topic.map { .text(visit.topic($0)) } ?? .none),
            (visit.word("problems.first"), problem.firstAt.map { .time($0) } ?? .none),
            (visit.word("problems.last"), problem.lastAt.map { .time($0) } ?? .none),
            (visit.word("problems.updated"), .time(problem.updatedAt)),
        ]
        return KeyValues(pairs)
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
        _ visit: Visit, _ profile: Profile, _ query: ListQuery, _ loaded: Loaded,
        _ neighbours: [Int64: ProblemEvidence.Neighbour], _ wording: ProblemWording
    ) -> Table {
        let subjects = Dictionary(
            loaded.messages.map { ($0.message.id, $0.message) }, uniquingKeysWith: { first, _ in first })
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
                let near = neighbours[member.id.rawValue]
                let other = near.flatMap { subjects[$0.member] }
                let unit = member.leadUnitCode.flatMap(profile.unit)
                let why = near.map { wording.evidence($0.reasons, nearest: other.map(\.shownTitle) ?? "") }
                return .init(
                    href: "/desk/appeals/\(member.id)",
                    cells: [
                        .text(member.number), .text(ProblemText.masked(member.title)),
                        member.submittedAt.map { .time($0) } ?? .none,
                        member.isOpen
                            ? .badge(visit.word("problems.state.handling"), .info)
                            : .badge(visit.word("problems.state.done"), .good),
                        unit.map { .text(visit.text($0.shortName)) } ?? .none,
                        near.flatMap { near in
                            why.map { .link($0, ProblemWhyForm.href(member.id.rawValue, near.member)) }
                        } ?? .none,
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
}

extension MiningMessage {
    var shownTitle: String {
        subject.isEmpty ? String(text.prefix(AppealLimits.titleFromBodyCharacters)) : subject
    }
}

extension ProblemScores {
    /// The reasons of all three scores.
    var all: [Reason] { frequency.reasons + urgency.reasons + pain.reasons }
}
