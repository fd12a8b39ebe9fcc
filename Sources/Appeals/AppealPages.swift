internal import Casework
internal import Core
internal import Organisation
internal import Store
internal import Web

struct AppealListPage: Page {
    static let template = "appeals/list"
    let title: String
    let table: Table
    var isWide: Bool { true }
}

/// What the page of one appeal reads.
struct AppealFacts: Sendable {
    let appeal: Appeal
    let content: CaseFacetContent
    let problem: ProblemRecord?
    /// The appeal it repeats, by what its source says.
    let repeats: ID<CaseFile>?
    /// What a resident left on the portal so that somebody can call back.
    let contact: AppealPortalStore.Contact?
    /// What the call-back found.
    let rating: AppealRating?

    init(_ id: ID<CaseFile>, now: Instant, in tx: any Transaction) throws {
        let found: Appeal?
        (found, problem, contact, rating) = try tx.together(
            { try AppealStore.find(id, in: $0) }, { try ProblemStore.problem(ofAppeal: id.rawValue, in: $0) },
            { try AppealPortalStore.contact(of: id, in: $0) }, { try AppealRatingStore.find(id, in: $0) })
        guard let found else { throw AppealError.notFound }
        appeal = found
        content = try CaseFacets.content(of: id, now: now, in: tx)
        repeats = try AppealListStore.repeats(of: found, in: tx)
    }

    var file: CaseFile { content.file }
    var supporting: [String] { content.supporting }

    func masking(for visitor: Visitor) -> Masking {
        Masking(for: visitor, unitCodes: supporting + (file.leadUnitCode.map { [$0] } ?? []))
    }

    /// Whether the page leaves out anything that may be asked for.
    var hasPersonalData: Bool {
        contact?.isEmpty == false
            || [appeal.title, appeal.body, appeal.reply].contains { Masking.text($0) != $0 }
    }
}

struct AppealPage: Page {
    static let template = "appeals/show"

    struct Belonging: Sendable {
        let title: String
        let href: String
        let size: String
    }

    struct Step: Sendable {
        let value: String
        let label: String
        let isPrimary: Bool
    }

    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let isDemo: Bool
    let body: String
    let reply: String?
    let facts: KeyValues
    /// Where to ask for what is masked; nil for whoever may not, and where nothing is.
    let revealPath: String?
    let belongs: Belonging?
    let problem: String?
    let movePath: String
    let version: Int
    let canMove: Bool
    let events: [Step]
    let unit: Field?
    /// Units proposed for it; nil where it isn't to be dispatched, or nothing is learnt yet.
    let dispatch: DispatchHint?
    /// What the reply lacks, for whoever closes the case; nil where it lacks nothing.
    let replyHints: ReplyHints?
    /// What the call-back found; asked for where the appeal can be closed after one.
    let rating: [Field]
    let reason: Field
    let facet: CaseFacet
    var isWide: Bool { true }

    init(
        visit: Visit, facts: AppealFacts, facet: CaseFacet, profile: Profile, account: Visitor.Account,
        isRevealed: Bool, reason: String, problem: String?, dispatch: DispatchHint? = nil
    ) {
        let (appeal, file) = (facts.appeal, facts.file)
        let shown = { (text: String) in isRevealed ? text : Masking.text(text) }
        let events = (AppealState(rawValue: file.state)?.events ?? []).filter {
            AppealPermission.may($0, account, on: file, supporting: facts.supporting)
        }
        let mayReveal = facts.masking(for: visit.visitor).mayReveal
        title = shown(appeal.title)
        subtitle = file.number
        breadcrumbs = [Breadcrumb(visit.word("appeals.list.title"), "/desk/appeals")]
        isDemo = appeal.isDemo
        body = shown(appeal.body)
        reply = appeal.reply.isEmpty ? nil : shown(appeal.reply)
        self.facts = KeyValues(
            Self.pairs(facts, visit, profile, isRevealed: isRevealed, isDoorShown: mayReveal))
        revealPath = mayReveal && !isRevealed && facts.hasPersonalData ? "/desk/appeals/\(file.id)/reveal" : nil
        belongs = facts.problem.map {
            Belonging(
                title: Masking.text($0.title), href: "/desk/problems/\($0.id)",
                size: visit.word("appeals.problem_size", visit.number($0.people), visit.number($0.size)))
        }
        self.problem = problem
        movePath = "/desk/appeals/\(file.id)/move"
        version = file.version
        canMove = !events.isEmpty
        self.events = events.map {
            Step(value: $0.rawValue, label: visit.text($0.title), isPrimary: $0 == events.first)
        }
        unit =
            events.contains(.dispatch)
            ? Field(
                label: visit.word("appeals.unit"), name: "unit", kind: .select,
                value: visit.query("unit").flatMap { profile.unit($0)?.code } ?? file.leadUnitCode ?? "",
                options: profile.units.map { .init($0.code, $0.name(visit.language)) }) : nil
        self.dispatch = unit == nil ? nil : dispatch
        replyHints = file.isOpen ? ReplyHints(appeal, visit) : nil
        rating = file.state == AppealState.callback.rawValue && events.contains(.close) ? Self.ratingFields(visit) : []
        self.reason = Field(
            label: visit.word("appeals.reason"), name: "reason", kind: .longText, value: reason,
            hint: visit.word("appeals.reason_hint"), dependsOnStep: true,
            charactersMax: AppealLimits.resultCharactersMax)
        self.facet = facet
    }

    private static func ratingFields(_ visit: Visit) -> [Field] {
        [
            Field(
                label: visit.word("appeals.rating.contacted"), name: "contacted", kind: .select,
                options: [
                    .init("yes", visit.word("appeals.rating.yes")), .init("no", visit.word("appeals.rating.no")),
                ], hint: visit.word("appeals.rating.hint")),
            Field(
                label: visit.word("appeals.rating.verdict"), name: "verdict", kind: .select,
                options: AppealRating.Verdict.allCases.map { .init($0.rawValue, visit.text($0.title)) }),
            Field(
                label: visit.word("appeals.rating.satisfaction"), name: "satisfaction", kind: .select,
                options: AppealRating.Satisfaction.allCases.map { .init($0.rawValue, visit.text($0.title)) }),
        ]
    }

    private static func ratingPairs(_ rating: AppealRating, _ visit: Visit) -> [(String, Web.Cell)] {
        var pairs: [(String, Web.Cell)] = []
        if let isContacted = rating.isContactedFirst {
            let word = visit.word(isContacted ? "appeals.rating.yes" : "appeals.rating.no")
            pairs.append((visit.word("appeals.rating.contacted"), .text(word)))
        }
        if let verdict = rating.verdict {
            pairs.append((visit.word("appeals.rating.verdict"), .text(visit.text(verdict.title))))
        }
        if let satisfaction = rating.satisfaction {
            pairs.append((visit.word("appeals.rating.satisfaction"), .text(visit.text(satisfaction.title))))
        }
        return pairs
    }

    /// Only what is known: a page of dashes says nothing.
    private static func pairs(
        _ facts: AppealFacts, _ visit: Visit, _ profile: Profile, isRevealed: Bool, isDoorShown: Bool
    ) -> [(String, Web.Cell)] {
        let appeal = facts.appeal
        let address = isDoorShown ? appeal.address : Masking.address(appeal.address)
        var pairs: [(String, Web.Cell)] = [
            (visit.word("appeals.type"), .text(visit.text(appeal.type.title))),
            (visit.word("appeals.submitted_at"), appeal.submittedAt.map(Web.Cell.time) ?? .none),
        ]
        func add(_ key: String, _ text: String) {
            if !text.isEmpty { pairs.append((visit.word(key), .text(text))) }
        }
        if let contact = facts.contact {
            add("appeals.contact.name", isRevealed ? contact.name : Masking.name(contact.name))
            add(
                "appeals.contact.phone",
                isRevealed || contact.phone.isEmpty ? contact.phone : Masking.phone(contact.phone))
        }
        add("appeals.channel", appeal.channel == SubmitAppeal.source ? visit.word("appeals.portal") : appeal.channel)
        add("appeals.address", address)
        add("appeals.township", appeal.townshipCode.map { profile.township($0)?.name(visit.language) ?? $0 } ?? "")
        add("appeals.topic", appeal.topic.map(visit.topic) ?? "")
        add("appeals.source_unit", appeal.unitText)
        if appeal.likes + appeal.dislikes > 0 {
            add("appeals.likes", "\(visit.number(appeal.likes)) / \(visit.number(appeal.dislikes))")
        }
        if appeal.transfers > 0 { add("appeals.transfers", visit.number(appeal.transfers)) }
        if appeal.source != SubmitAppeal.source {
            let source = appeal.isDemo ? visit.word("appeals.source.demo") : appeal.source
            add("appeals.source", "\(source) \(appeal.sourceID)")
        }
        if let rating = facts.rating { pairs += ratingPairs(rating, visit) }
        if let repeats = facts.repeats {
            pairs.append((visit.word("appeals.repeats"), .link(appeal.duplicateOf ?? "", "/desk/appeals/\(repeats)")))
        }
        return pairs
    }
}
