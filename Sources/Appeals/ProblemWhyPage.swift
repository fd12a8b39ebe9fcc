internal import Casework
internal import Core
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// Two members of a problem to be asked about.
struct ProblemWhyForm: Sendable {
    let first: Field
    let second: Field

    /// Nil when there are no two to ask about.
    init?(_ visit: Visit, _ members: [ProblemMember]) {
        guard members.count > 1 else { return nil }
        let options = members.map { member in
            Field.Option(
                member.number, "\(member.number) \(ProblemText.short(ProblemText.masked(member.title)))")
        }
        first = Field(
            label: visit.word("problems.why.first"), name: "a", kind: .select, value: options[0].value,
            options: options, isRequired: true)
        second = Field(
            label: visit.word("problems.why.second"), name: "b", kind: .select, value: options[1].value,
            options: options, isRequired: true)
    }

    static func href(_ first: Int64, _ second: Int64) -> String { "/desk/problems/why?x=\(first)&y=\(second)" }
}

/// Why two appeals are, or are not, held to be about one problem: by place, issue, wording, people and time.
struct ProblemWhyPage: Page {
    static let template = "problems/why"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let first: Field
    let second: Field
    let error: String?
    let answer: Answer?

    struct Side: Sendable {
        let number: String
        let title: String
        let href: String
        let body: String
        let at: String
        let belongs: String?
        let belongsHref: String?
    }

    /// One line of evidence.
    struct Line: Sendable {
        let what: String
        let found: String
        let speaks: Badge
    }

    struct Answer: Sendable {
        let verdict: String
        let toneName: String
        let sides: [Side]
        let lines: [Line]
        let likeness: ScoreView
        let threshold: String
        let binding: String?
        let chain: [Side]
        let hasChain: Bool
    }

    /// The two appeals as they are, their problems, and what staff decided about them.
    struct Loaded: Sendable {
        let appeals: [Appeal]
        let files: [CaseFile]
        let problems: [ProblemRecord?]
        let binding: (decision: ProblemDecision, isApart: Bool)?
        /// Messages of their common problem, or else the two alone.
        let messages: [MiningMessage]

        /// - Throws: `AppealError.notFound` for an appeal that is not there.
        init(_ first: ID<CaseFile>, _ second: ID<CaseFile>, now: Instant, in tx: any Transaction) throws {
            let both = [first, second]
            appeals = try both.map { id in
                guard let appeal = try AppealStore.find(id, in: tx) else { throw AppealError.notFound }
                return appeal
            }
            files = try both.map { try CaseStore.find($0, now: now, in: tx) }
            problems = try both.map { try ProblemStore.problem(ofAppeal: $0.rawValue, in: tx) }
            binding = try ProblemDecisionStore.binding(first.rawValue, second.rawValue, in: tx)
            var ids = Set(both.map(\.rawValue))
            if let one = problems[0], one.id == problems[1]?.id {
                ids.formUnion(try ProblemStore.members(of: one.id, limit: ProblemLimits.chainMembersMax, in: tx))
            }
            messages = try ProblemWritingStore.messages(ids.sorted(), in: tx).map(\.message)
        }

        var isTogether: Bool { problems[0] != nil && problems[0]?.id == problems[1]?.id }
    }

    init(_ visit: Visit, numbers: (String, String), error: String?, answer: Answer?) {
        title = visit.word("problems.why.title")
        subtitle = visit.word("problems.why.subtitle")
        breadcrumbs = [Breadcrumb(visit.word("problems.list.title"), "/desk/problems")]
        first = Field(
            label: visit.word("problems.why.first"), name: "a", value: numbers.0,
            isRequired: true, autocomplete: "off")
        second = Field(
            label: visit.word("problems.why.second"), name: "b", value: numbers.1, isRequired: true,
            autocomplete: "off")
        self.error = error
        self.answer = answer
    }
}

extension ProblemWhyPage.Answer {
    init(_ visit: Visit, _ loaded: ProblemWhyPage.Loaded, gazetteer: Gazetteer) {
        let evidence = ProblemEvidence(loaded.messages, gazetteer: gazetteer)
        let ids = loaded.appeals.map(\.id.rawValue)
        let pair = evidence.between(ids[0], ids[1])
        let permille = pair?.reasons.permille ?? 0
        let isTogether = loaded.isTogether
        verdict = visit.word(
            isTogether ? "problems.why.together" : "problems.why.apart", visit.percent(permille: permille))
        toneName = isTogether ? "good" : "neutral"
        sides = zip(zip(loaded.appeals, loaded.files), loaded.problems).map { Self.side($0.0, $0.1, $1, visit) }
        likeness = ScoreView(points: permille / 10, title: visit.word("problems.why.likeness"), reasons: [])
        threshold = visit.word("problems.why.threshold")
        lines = pair.map { Self.lines($0, loaded, visit) } ?? []
        binding = loaded.binding.map { bound in
            visit.word(
                bound.isApart ? "problems.why.split" : "problems.why.merged", visit.day(bound.decision.at))
        }
        // A weak pair may still be held together by others between them.
        let way = isTogether && permille < 500 ? evidence.chain(from: ids[0], to: ids[1]) : nil
        let byID = Dictionary(loaded.messages.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        chain = (way ?? []).compactMap { step in
            byID[step.member].map { message in
                ProblemWhyPage.Side(
                    number: visit.percent(permille: step.permille), title: ProblemText.masked(message.shownTitle),
                    href: "/desk/appeals/\(message.id)", body: "", at: message.at.map(visit.day) ?? "–",
                    belongs: nil, belongsHref: nil)
            }
        }
        hasChain = chain.count > 1
    }

    private static func side(
        _ appeal: Appeal, _ file: CaseFile, _ problem: ProblemRecord?, _ visit: Visit
    ) -> ProblemWhyPage.Side {
        ProblemWhyPage.Side(
            number: file.number, title: ProblemText.masked(appeal.title), href: "/desk/appeals/\(file.id)",
            body: ProblemText.masked(String(appeal.body.prefix(ProblemLimits.whyBodyCharacters))),
            at: appeal.submittedAt.map(visit.time) ?? "–", belongs: problem.map { ProblemText.masked($0.title) },
            belongsHref: problem.map { ProblemLink.page($0.id) })
    }

    /// What was found of each kind, and whether it speaks for one matter: by its part of the score.
    private static func lines(
        _ pair: PairEvidence, _ loaded: ProblemWhyPage.Loaded, _ visit: Visit
    ) -> [ProblemWhyPage.Line] {
        pair.shares.map { share in
            let badge: Badge =
                share.points >= ProblemLimits.whySharePointsMin
                ? Badge(visit.word("problems.why.for"), .good)
                : share.points <= -ProblemLimits.whySharePointsMin
                    ? Badge(visit.word("problems.why.against"), .danger)
                    : Badge(visit.word("problems.why.neither"), .neutral)
            return ProblemWhyPage.Line(
                what: visit.word("problems.why.by.\(share.kind.rawValue)"),
                found: found(share.kind, pair, loaded, visit),
                speaks: badge)
        }
    }

    private static func found(
        _ kind: PairEvidence.Kind, _ pair: PairEvidence, _ loaded: ProblemWhyPage.Loaded, _ visit: Visit
    ) -> String {
        let separator = visit.word("problems.word_separator")
        switch kind {
        case .place:
            let townships = loaded.appeals.compactMap(\.townshipCode)
            let differ = townships.count == 2 && townships[0] != townships[1]
            let named =
                pair.reasons.sharedPlaces.isEmpty
                ? visit.word(differ ? "problems.why.townships_differ" : "problems.why.no_place")
                : visit.word("problems.evidence.places", pair.reasons.sharedPlaces.joined(separator: separator))
            guard let metres = pair.reasons.metresApart else { return named }
            return named + visit.word("problems.list_separator") + ProblemWording(visit: visit).apart(metres)
        case .issue:
            return pair.reasons.sharedIssueWords.isEmpty
                ? visit.word("problems.why.no_words")
                : visit.word("problems.evidence.words", pair.reasons.sharedIssueWords.joined(separator: separator))
        case .wording: return visit.word("problems.evidence.wording", String(pair.reasons.wordingPercent))
        case .people:
            return visit.word(pair.reasons.isSameAuthor ? "problems.evidence.same_author" : "problems.why.other_author")
        case .time:
            guard let days = pair.reasons.daysApart else { return visit.word("problems.why.no_time") }
            return days == 0
                ? visit.word("problems.evidence.same_day") : visit.word("problems.evidence.days", String(days))
        case .staff: return visit.word("problems.why.learnt")
        }
    }
}

extension ProblemEvidence {
    func between(_ first: Int64, _ second: Int64) -> PairEvidence? { miner.evidence(first, second) }

    /// The way from one appeal to another whose weakest step is the strongest there is, with each step's likeness.
    func chain(from first: Int64, to last: Int64) -> [(member: Int64, permille: Int)]? {
        var best: [Int64: (permille: Int, before: Int64?)] = [first: (1_000, nil)]
        var done: Set<Int64> = []
        while let at = best.filter({ !done.contains($0.key) }).max(by: {
            ($0.value.permille, $1.key) < ($1.value.permille, $0.key)
        })?.key, at != last {
            done.insert(at)
            for other in members where !done.contains(other) {
                guard let step = miner.likeness(at, other) else { continue }
                let weakest = min(step, best[at]?.permille ?? 0)
                if weakest > best[other]?.permille ?? 0 { best[other] = (weakest, at) }
            }
        }
        guard best[last] != nil else { return nil }
        var way: [(member: Int64, permille: Int)] = []
        var at: Int64? = last
        while let here = at {
            let before = best[here]?.before
            let step = before.flatMap { miner.likeness($0, here) } ?? 1_000
            way.append((here, step))
            at = before
        }
        return way.reversed()
    }
}
