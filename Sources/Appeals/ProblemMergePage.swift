internal import Core
internal import Organisation
internal import Store
internal import Web

/// Which problem another goes into: the likeliest ones, and a search over all.
struct ProblemMergePage: Page {
    static let template = "problems/merge"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let error: String?
    let search: Field
    let searchPath: String
    let mergePath: String
    let version: Int
    let reason: Field
    let candidates: [Candidate]
    let hasCandidates: Bool

    struct Candidate: Sendable {
        let id: String
        let title: String
        let href: String
        let about: String
        let stage: Badge
    }

    struct Loaded: Sendable {
        let problem: ProblemRecord
        let others: [ProblemRecord]

        init(_ id: ID<ProblemRecord>, search: String, in tx: any Transaction) throws {
            problem = try ProblemStore.find(id, in: tx)
            let found = try Self.likely(problem, search: search, in: tx)
            let own = ProblemMergePage.pairs(of: problem)
            // What shares the most of its wording comes first; of equals, what is ranked higher.
            others = Array(
                found.filter { $0.id != id }.enumerated()
                    .map { (shared: own.intersection(ProblemMergePage.pairs(of: $1)).count, at: $0, problem: $1) }
                    .sorted { ($1.shared, $0.at) < ($0.shared, $1.at) }
                    .prefix(ProblemLimits.mergeCandidatesShown).map(\.problem))
        }

        /// Those of the same township and topic; where these are none, of the township, then of the topic, then any.
        private static func likely(
            _ problem: ProblemRecord, search: String, in tx: any Transaction
        ) throws -> [ProblemRecord] {
            let township = problem.townshipCode.map { [$0] } ?? []
            let topic = problem.topic.map { [$0] } ?? []
            let ways = search.isEmpty ? [(township, topic), (township, []), ([], topic), ([], [])] : [([], [])]
            for way in ways {
                var filter = ProblemFilter(search: search, townshipCodes: way.0, topics: way.1)
                filter.hasDismissed = true
                let found = try ProblemStore.list(filter, limit: ProblemLimits.mergeCandidatesRead, in: tx)
                if found.contains(where: { $0.id != problem.id }) { return found }
            }
            return []
        }
    }

    /// Pairs of neighbouring characters of what a problem is called and where it is.
    private static func pairs(of problem: ProblemRecord) -> Set<String> {
        let text = Array(problem.title + " " + problem.place).filter { !$0.isWhitespace && !$0.isPunctuation }
        return Set(zip(text, text.dropFirst()).map { String([$0, $1]) })
    }

    init(_ visit: Visit, profile: Profile, loaded: Loaded, search: String, reason: String = "", error: String?) {
        let problem = loaded.problem
        title = visit.word("problems.merge.title")
        subtitle = visit.word("problems.merge.subtitle", ProblemText.masked(problem.title))
        breadcrumbs = [
            Breadcrumb(visit.word("problems.list.title"), "/desk/problems"),
            Breadcrumb(ProblemText.short(ProblemText.masked(problem.title)), ProblemLink.page(problem.id)),
        ]
        self.error = error
        searchPath = ProblemLink.page(problem.id) + "/merge"
        mergePath = searchPath
        self.search = Field(
            label: visit.word("problems.merge.search"), name: "q", kind: .search, value: search,
            hint: visit.word("problems.merge.search.hint"), charactersMax: WebLimits.searchCharactersMax)
        version = problem.handling.version
        self.reason = Field(
            label: visit.word("problems.reason"), name: "reason", value: reason,
            charactersMax: ProblemLimits.reasonCharactersMax, autocomplete: "off")
        candidates = loaded.others.map { other in
            let township = other.townshipCode.flatMap(profile.township).map { visit.text($0.name) }
            return Candidate(
                id: other.id.description, title: ProblemText.masked(other.title), href: ProblemLink.page(other.id),
                about: [
                    township, visit.word("problems.board.people", visit.number(other.people), visit.number(other.size)),
                    other.place.isEmpty ? nil : ProblemText.masked(other.place),
                ].compactMap(\.self).joined(separator: " · "),
                stage: Badge(visit.text(other.handling.state.title), other.handling.state.tone))
        }
        hasCandidates = !candidates.isEmpty
    }
}

/// Which appeals of a problem are split off.
struct ProblemSplitPage: Page {
    static let template = "problems/split"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let error: String?
    let splitPath: String
    let version: Int
    let reason: Field
    let members: Field
    let cut: String?

    init(
        _ visit: Visit, problem: ProblemRecord, members: [ProblemMember], chosen: [String] = [], reason: String = "",
        error: String?
    ) {
        title = visit.word("problems.split.title")
        subtitle = visit.word("problems.split.subtitle", ProblemText.masked(problem.title))
        breadcrumbs = [
            Breadcrumb(visit.word("problems.list.title"), "/desk/problems"),
            Breadcrumb(ProblemText.short(ProblemText.masked(problem.title)), ProblemLink.page(problem.id)),
        ]
        self.error = error
        splitPath = ProblemLink.page(problem.id) + "/split"
        version = problem.handling.version
        self.reason = Field(
            label: visit.word("problems.reason"), name: "reason", value: reason,
            charactersMax: ProblemLimits.reasonCharactersMax, autocomplete: "off")
        self.members = Field(
            label: visit.word("problems.split.members"), name: "appeal", kind: .checkboxes, values: chosen,
            options: members.map { member in
                .init(
                    member.id.description, ProblemText.masked(member.title),
                    hint: [member.number, member.submittedAt.map(visit.day)].compactMap(\.self)
                        .joined(separator: " · "))
            }, hint: visit.word("problems.split.members.hint"), isRequired: true)
        cut =
            problem.size > members.count
            ? visit.word("problems.split.cut", visit.number(members.count), visit.number(problem.size)) : nil
    }
}
