internal import Casework
internal import Core
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// The problems by how far the district is with them, a column for each state.
struct ProblemBoardPage: Page {
    static let template = "problems/board"
    let title: String
    let subtitle: String?
    let actions: [PageAction]
    let filters: [ProblemMapPage.Filter]
    let columns: [Column]
    let styleHref: String
    let isWide = true

    struct Column: Sendable {
        let heading: String
        let badge: Badge
        let count: String
        let cards: [Card]
        let hasCards: Bool
        let moreHref: String?
        let more: String
    }

    struct Card: Sendable {
        let title: String
        let href: String
        let about: String
        let score: String
        let unit: String?
        let light: LightBadge?
        let badges: [Badge]
    }

    struct Choice: Sendable {
        let townshipCode: String?
        let unitCode: String?

        init(_ visit: Visit) {
            townshipCode = visit.query("township")
            unitCode = visit.query("unit")
        }

        func filter(_ state: ProblemState) -> ProblemFilter {
            var filter = ProblemFilter(townshipCodes: townshipCode.map { [$0] } ?? [])
            filter.states = [state]
            filter.leadUnitCode = unitCode
            return filter
        }
    }

    struct Loaded: Sendable {
        let problems: [ProblemState: [ProblemRecord]]
        let counts: [ProblemState: Int]
        let files: [ID<CaseFile>: CaseFile]

        init(_ choice: Choice, now: Instant, in tx: any Transaction) throws {
            var problems: [ProblemState: [ProblemRecord]] = [:]
            var counts: [ProblemState: Int] = [:]
            for state in ProblemState.allCases {
                let filter = choice.filter(state)
                problems[state] = try ProblemStore.list(filter, limit: ProblemLimits.boardRows, in: tx)
                counts[state] = try ProblemStore.count(filter, in: tx)
            }
            self.problems = problems
            self.counts = counts
            let ids = problems.values.flatMap { $0.map(\.caseID) }
            files = Dictionary(
                try CaseStore.find(ids, now: now, in: tx).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        }
    }

    init(_ visit: Visit, profile: Profile, choice: Choice, loaded: Loaded) {
        title = visit.word("problems.board.title")
        subtitle = visit.word("problems.board.subtitle")
        styleHref = visit.assetPath("problems.css")
        actions = [PageAction(visit.word("problems.list.title"), "/desk/problems")]
        let all = [ProblemMapPage.Filter.Option(value: "", title: visit.word("web.table.all"), isChosen: false)]
        filters = [
            .init(
                name: "township", label: visit.word("problems.township"),
                options: all
                    + profile.townships.map {
                        .init(value: $0.code, title: visit.text($0.name), isChosen: $0.code == choice.townshipCode)
                    }),
            .init(
                name: "unit", label: visit.word("problems.lead"),
                options: all
                    + profile.units.map {
                        .init(value: $0.code, title: visit.text($0.shortName), isChosen: $0.code == choice.unitCode)
                    }),
        ]
        columns = ProblemState.allCases.map { state in
            let (problems, count) = (loaded.problems[state] ?? [], loaded.counts[state] ?? 0)
            let narrowed = [("township", choice.townshipCode), ("unit", choice.unitCode)].compactMap { name, value in
                value.map { "&\(name)=\(urlEncoded($0))" }
            }
            return Column(
                heading: visit.text(state.title), badge: Badge(visit.text(state.title), state.tone),
                count: visit.number(count),
                cards: problems.map { Self.card($0, loaded.files[$0.caseID], visit, profile) },
                hasCards: !problems.isEmpty,
                moreHref: count > problems.count
                    ? "/desk/problems?stage=\(state.rawValue)" + narrowed.joined() : nil,
                more: visit.word("problems.board.more", visit.number(count)))
        }
    }

    private static func card(
        _ problem: ProblemRecord, _ file: CaseFile?, _ visit: Visit, _ profile: Profile
    ) -> Card {
        var badges: [Badge] = []
        if problem.handling.isPinned { badges.append(Badge(visit.word("problems.pinned"), .info)) }
        if problem.isBackAfterSolved { badges.append(Badge(visit.word("problems.back"), .danger)) }
        let township = problem.townshipCode.flatMap(profile.township).map { visit.text($0.name) }
        return Card(
            title: ProblemText.masked(problem.title), href: ProblemLink.page(problem.id),
            about: [
                township, visit.word("problems.board.people", visit.number(problem.people), visit.number(problem.size)),
            ].compactMap(\.self).joined(separator: " · "),
            score: visit.number(problem.scores.total),
            unit: file?.leadUnitCode.flatMap(profile.unit).map { visit.text($0.shortName) },
            light: file.flatMap { file in
                file.isOpen ? LightBadge(.init(rawValue: file.light.rawValue) ?? .green) : nil
            },
            badges: badges)
    }
}
