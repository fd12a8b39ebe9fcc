internal import Casework
internal import Core
internal import Hummingbird
internal import Organisation
internal import Sheets
internal import Store
internal import Web

/// Appeals on the desk: the list, one appeal with its case, and the buttons of its flow.
struct AppealRoutes: Sendable {
    let database: any Database
    let facets: CaseFacets
    let moveAppeal: MoveAppeal

    private var profile: Profile { facets.cases.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/appeals", .desk, list)
        routes.get("/desk/appeals/export", .desk, export)
        routes.get("/desk/appeals/:id", .desk, show)
        routes.post("/desk/appeals/:id/move", .desk, move)
        return routes
    }

    // MARK: - List

    private func query(_ visit: Visit) -> ListQuery {
        ListQuery.read(
            visit, sorts: ["time", "updated"], defaultSort: "-time",
            filters: ["state", "type", "township", "topic", "light", "source"])
    }

    private func filter(_ query: ListQuery) -> AppealFilter {
        var filter = AppealFilter()
        filter.search = query.search
        filter.states = (query.filters["state"] ?? []).compactMap(AppealState.init(rawValue:))
        filter.types = (query.filters["type"] ?? []).compactMap(AppealType.init(rawValue:))
        filter.lights = (query.filters["light"] ?? []).compactMap(Light.init(rawValue:))
        filter.townshipCodes = query.filters["township"] ?? []
        filter.topics = query.filters["topic"] ?? []
        filter.sources = query.filters["source"] ?? []
        filter.sort = AppealFilter.Sort(rawValue: query.sort) ?? .time
        filter.isDescending = query.isDescending
        return filter
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let query = query(visit)
        let filter = filter(query)
        let now = visit.now
        let (entries, total, topics, sources) = try await database.read { tx in
            (
                try AppealListStore.list(filter, limit: query.pageSize, offset: query.offset, now: now, in: tx),
                try AppealListStore.count(filter, now: now, in: tx), try AppealListStore.topics(in: tx),
                try AppealListStore.sources(in: tx)
            )
        }
        return try visit.render(
            AppealListPage(
                title: visit.word("appeals.list.title"),
                table: Table(
                    visit: visit, query: query, columns: columns(visit), rows: entries.map { row($0, visit) },
                    total: total, filters: filters(visit, topics: topics, sources: sources),
                    exportPath: "/desk/appeals/export", emptyKey: "appeals.list.empty")))
    }

    private func columns(_ visit: Visit) -> [Table.Column] {
        [
            .init("number", visit.word("appeals.number"), isFixed: true),
            .init("title", visit.word("appeals.title"), isFixed: true), .init("state", visit.word("appeals.state")),
            .init("light", visit.word("appeals.light")), .init("type", visit.word("appeals.type")),
            .init("topic", visit.word("appeals.topic")), .init("township", visit.word("appeals.township")),
            .init("unit", visit.word("appeals.unit")),
            .init("time", visit.word("appeals.submitted_at"), isSortable: true),
        ]
    }

    private func row(_ entry: AppealListStore.Entry, _ visit: Visit) -> Table.Row {
        let (appeal, file) = (entry.appeal, entry.file)
        let state = AppealState(rawValue: file.state)
        let unit = file.leadUnitCode.flatMap { profile.unit($0) }?.shortName(visit.language)
        return Table.Row(
            href: "/desk/appeals/\(appeal.id)",
            cells: [
                .text(file.number), .long(appeal.title),
                .badge(state.map { visit.text($0.title) } ?? file.state, file.isOpen ? .info : .neutral),
                .light(LightBadge.Colour(rawValue: file.light.rawValue) ?? .green),
                .text(visit.text(appeal.type.title)),
                appeal.topic.map { Web.Cell.text(visit.topic($0)) } ?? .none,
                township(appeal.townshipCode, visit).map(Web.Cell.text) ?? .none,
                .text(unit ?? appeal.unitText), appeal.submittedAt.map(Web.Cell.time) ?? .none,
            ])
    }

    private func township(_ code: String?, _ visit: Visit) -> String? {
        code.map { profile.township($0)?.name(visit.language) ?? $0 }
    }

    private func filters(_ visit: Visit, topics: [String], sources: [String]) -> [Table.Filter] {
        [
            .init(
                "state", visit.word("appeals.state"),
                options: AppealState.allCases.map { .init($0.rawValue, visit.text($0.title)) }),
            .init(
                "type", visit.word("appeals.type"),
                options: AppealType.allCases.map { .init($0.rawValue, visit.text($0.title)) }),
            .init(
                "light", visit.word("appeals.light"),
                options: Light.allCases.map { .init($0.rawValue, visit.word("web.light.\($0.rawValue)")) }),
            .init(
                "township", visit.word("appeals.township"),
                options: profile.townships.map { .init($0.code, $0.name(visit.language)) }),
            .init("topic", visit.word("appeals.topic"), options: topics.map { .init($0, visit.topic($0)) }),
            .init("source", visit.word("appeals.source"), options: sources.map { .init($0, $0) }),
        ]
    }

    /// The same list as a file; the text goes along, for whoever may see the list may read it.
    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let account = try visit.account()
        let filter = filter(query(visit))
        let (now, zone) = (visit.now, profile.zone)
        let header = columns(visit).map(\.title) + [visit.word("appeals.body"), visit.word("appeals.reply")]
        let lines = try await database.read { tx in
            var lines: [[String]] = []
            try AppealListStore.forEach(filter, limit: AppealLimits.exportRowsMax, now: now, in: tx) { entry in
                lines.append(Self.line(entry, visit, profile: profile, zone: zone))
            }
            return lines
        }
        let surroundings = facets.cases.surroundings
        try await database.write { tx in
            try Audit.append(
                AuditEvent(
                    kind: .export, personID: account.personID, subject: "appeals", detail: "\(lines.count)",
                    address: nil),
                surroundings, in: tx)
        }
        return try SheetDownload(header: header, rows: lines.map { $0.map(Sheets.Cell.text) })
            .response(visit, name: visit.word("appeals.list.title"))
    }

    private static func line(
        _ entry: AppealListStore.Entry, _ visit: Visit, profile: Profile, zone: TimeZoneOffset
    ) -> [String] {
        let (appeal, file) = (entry.appeal, entry.file)
        return [
            file.number, appeal.title, AppealState(rawValue: file.state).map { visit.text($0.title) } ?? file.state,
            visit.word("web.light.\(file.light.rawValue)"), visit.text(appeal.type.title),
            appeal.topic.map(visit.topic) ?? "",
            appeal.townshipCode.flatMap { profile.township($0) }?.name(visit.language) ?? "",
            file.leadUnitCode.flatMap { profile.unit($0) }?.shortName(visit.language) ?? appeal.unitText,
            appeal.submittedAt?.text(in: zone) ?? "", appeal.body, appeal.reply,
        ]
    }

    // MARK: - One appeal

    private struct Facts: Sendable {
        let appeal: Appeal
        let file: CaseFile
        let supporting: [String]
        let problem: ProblemRecord?
        let repeats: ID<CaseFile>?
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        try visit.render(try await page(visit, try visit.id(), reason: "", problem: nil))
    }

    private func page(_ visit: Visit, _ id: ID<CaseFile>, reason: String, problem: Bilingual?) async throws
        -> AppealPage
    {
        let account = try visit.account()
        let now = visit.now
        let facts = try await database.read { tx -> Facts in
            guard let appeal = try AppealStore.find(id, in: tx) else { throw AppealError.notFound }
            return Facts(
                appeal: appeal, file: try CaseStore.find(id, now: now, in: tx),
                supporting: try CaseStore.supportingUnits(of: id, in: tx),
                problem: try ProblemStore.problem(ofAppeal: id.rawValue, in: tx),
                repeats: try AppealListStore.repeats(of: appeal, in: tx))
        }
        let facet = try await facets.facet(of: id, for: visit)
        let mayRead = CasePermission.mayRead(account, on: facts.file, supporting: facts.supporting)
        let events = (AppealState(rawValue: facts.file.state)?.events ?? []).filter {
            AppealPermission.may($0, account, on: facts.file, supporting: facts.supporting)
        }
        return AppealPage(
            title: facts.appeal.title, subtitle: facts.file.number,
            breadcrumbs: [Breadcrumb(visit.word("appeals.list.title"), "/desk/appeals")],
            isDemo: facts.appeal.isDemo, body: mayRead ? facts.appeal.body : Masking.text(facts.appeal.body),
            reply: facts.appeal.reply.isEmpty ? nil : mayRead ? facts.appeal.reply : Masking.text(facts.appeal.reply),
            facts: KeyValues(pairs(facts, visit)),
            belongs: facts.problem.map {
                AppealPage.Belonging(
                    title: $0.title, href: "/desk/problems/\($0.id)",
                    size: visit.word("appeals.problem_size", visit.number($0.people), visit.number($0.size)))
            },
            problem: problem.map { visit.text($0) }, movePath: "/desk/appeals/\(id)/move",
            version: facts.file.version, canMove: !events.isEmpty,
            events: events.map {
                AppealPage.Step(value: $0.rawValue, label: visit.text($0.title), isPrimary: $0 == events.first)
            },
            unit: events.contains(.dispatch)
                ? Field(
                    label: visit.word("appeals.unit"), name: "unit", kind: .select,
                    value: facts.file.leadUnitCode ?? "",
                    options: profile.units.map { .init($0.code, $0.name(visit.language)) }) : nil,
            reason: Field(
                label: visit.word("appeals.reason"), name: "reason", kind: .longText, value: reason,
                hint: visit.word("appeals.reason_hint"), charactersMax: AppealLimits.resultCharactersMax),
            facet: facet)
    }

    private func pairs(_ facts: Facts, _ visit: Visit) -> [(String, Web.Cell)] {
        let appeal = facts.appeal
        return [
            (visit.word("appeals.type"), .text(visit.text(appeal.type.title))),
            (visit.word("appeals.submitted_at"), appeal.submittedAt.map(Web.Cell.time) ?? .none),
            (visit.word("appeals.channel"), appeal.channel.isEmpty ? .none : .text(appeal.channel)),
            (visit.word("appeals.address"), appeal.address.isEmpty ? .none : .text(appeal.address)),
            (visit.word("appeals.township"), township(appeal.townshipCode, visit).map(Web.Cell.text) ?? .none),
            (visit.word("appeals.topic"), appeal.topic.map { Web.Cell.text(visit.topic($0)) } ?? .none),
            (visit.word("appeals.likes"), .text("\(appeal.likes) / \(appeal.dislikes)")),
            (visit.word("appeals.transfers"), .number(appeal.transfers)),
            (visit.word("appeals.source"), .text("\(appeal.source) \(appeal.sourceID)")),
            (
                visit.word("appeals.repeats"),
                facts.repeats.map { .link(appeal.duplicateOf ?? "", "/desk/appeals/\($0)") } ?? .none
            ),
        ]
    }

    @Sendable private func move(_ visit: Visit) async throws -> Response {
        let id: ID<CaseFile> = try visit.id()
        let fields = try await visit.fields()
        guard let event = fields["event"].flatMap(AppealEvent.init(rawValue:)),
            let version = fields["version"].flatMap({ Int($0) })
        else { throw WebError.formMalformed }
        let order = MoveAppeal.Order(
            event: event, version: version, reason: fields.text("reason"), leadUnitCode: fields["unit"])
        do {
            _ = try await moveAppeal(id, order, by: try visit.account())
        } catch let error as CaseError {
            let page = try await page(visit, id, reason: order.reason, problem: error.report.explanation)
            return try visit.render(page, status: .unprocessableContent)
        } catch let error as AppealError {
            let page = try await page(visit, id, reason: order.reason, problem: error.report.explanation)
            return try visit.render(page, status: .unprocessableContent)
        }
        return visit.redirect("/desk/appeals/\(id)", toast: "appeals.moved")
    }
}

struct AppealListPage: Page {
    static let template = "appeals/list"
    let title: String
    let table: Table
    var isWide: Bool { true }
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
    let belongs: Belonging?
    let problem: String?
    let movePath: String
    let version: Int
    let canMove: Bool
    let events: [Step]
    let unit: Field?
    let reason: Field
    let facet: CaseFacet
    var isWide: Bool { true }
}
