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
    let advice: DispatchAdvice
    let answers: AppealListAnswers

    private var profile: Profile { facets.cases.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/appeals", .desk, list)
        routes.get("/desk/appeals/export", .desk, export)
        routes.get("/desk/appeals/:id", .desk, show)
        routes.post("/desk/appeals/:id/move", .desk, move)
        routes.post("/desk/appeals/:id/reveal", .desk, reveal)
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
        let page = try await answers.page(
            filter(query), limit: query.pageSize, offset: query.offset, now: visit.now)
        return try visit.render(
            AppealListPage(
                title: visit.word("appeals.list.title"),
                table: Table(
                    visit: visit, query: query, columns: columns(visit), rows: page.entries.map { row($0, visit) },
                    total: page.total, filters: filters(visit, topics: page.topics, sources: page.sources),
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
                .text(file.number), .long(Masking.text(appeal.title)),
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
            .init(
                "source", visit.word("appeals.source"),
                options: sources.map { .init($0, $0 == SubmitAppeal.source ? visit.word("appeals.portal") : $0) }),
        ]
    }

    /// The same list as a file, with what was said and answered; numbers of people are masked in it.
    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let account = try visit.account()
        let (filter, now, profile, surroundings) = (filter(query(visit)), visit.now, profile, facets.cases.surroundings)
        try await database.write { tx in
            let total = try AppealListStore.count(filter, now: now, in: tx)
            guard total <= AppealLimits.exportRowsMax else {
                throw AppealError.exportTooLarge(max: AppealLimits.exportRowsMax)
            }
            try Audit.append(
                AuditEvent(
                    kind: .export, personID: account.personID, subject: "appeals", detail: "rows=\(total)",
                    address: visit.address),
                surroundings, in: tx)
        }
        let (name, format) = (visit.word("appeals.list.title"), SheetAnswer.format(visit, or: .xlsx))
        let header = columns(visit).map(\.title) + [visit.word("appeals.body"), visit.word("appeals.reply")]
        return try await SheetAnswer.send(visit, name: name, format: format) { path in
            try await database.read { tx in
                let sheet = try SheetWriting(path: path, format: format, sheet: name)
                try sheet.writeHeader(header)
                try AppealListStore.forEach(filter, limit: AppealLimits.exportRowsMax, now: now, in: tx) { entry in
                    try sheet.write(Self.line(entry, visit, profile: profile))
                }
                try sheet.finish()
            }
        }
    }

    private static func line(_ entry: AppealListStore.Entry, _ visit: Visit, profile: Profile) -> [String] {
        let (appeal, file) = (entry.appeal, entry.file)
        return [
            file.number, Masking.text(appeal.title),
            AppealState(rawValue: file.state).map { visit.text($0.title) } ?? file.state,
            visit.word("web.light.\(file.light.rawValue)"), visit.text(appeal.type.title),
            appeal.topic.map(visit.topic) ?? "",
            appeal.townshipCode.flatMap { profile.township($0) }?.name(visit.language) ?? "",
            file.leadUnitCode.flatMap { profile.unit($0) }?.shortName(visit.language) ?? appeal.unitText,
            appeal.submittedAt?.text(in: profile.zone) ?? "", Masking.text(appeal.body), Masking.text(appeal.reply),
        ]
    }

    // MARK: - One appeal

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        try visit.render(try await page(visit, try facts(visit, try visit.id())))
    }

    private func facts(_ visit: Visit, _ id: ID<CaseFile>) async throws -> AppealFacts {
        let now = visit.now
        return try await database.read { try AppealFacts(id, now: now, in: $0) }
    }

    private func page(
        _ visit: Visit, _ facts: AppealFacts, isRevealed: Bool = false, reason: String = "", problem: Bilingual? = nil
    ) async throws -> AppealPage {
        let mayDispatch = AppealState(rawValue: facts.file.state)?.events.contains(.dispatch) ?? false
        let hint = DispatchHint(
            mayDispatch ? try await advice.proposal(for: facts.appeal) : nil, appeal: facts.file.id, profile: profile,
            visit: visit)
        return AppealPage(
            visit: visit, facts: facts, facet: try facets.facet(facts.content, for: visit), profile: profile,
            account: try visit.account(), isRevealed: isRevealed, reason: reason,
            problem: problem.map { visit.text($0) }, dispatch: hint)
    }

    /// The same page with nothing masked, for whoever handles the appeal. That it was read is in the audit trail.
    @Sendable private func reveal(_ visit: Visit) async throws -> Response {
        let account = try visit.account()
        let facts = try await facts(visit, try visit.id())
        guard facts.masking(for: visit.visitor).mayReveal else { throw CaseError.notYours }
        let surroundings = facets.cases.surroundings
        try await database.write { tx in
            try Audit.append(
                AuditEvent(
                    kind: .personalDataRead, personID: account.personID, subject: "case \(facts.file.number)",
                    detail: "appeal", address: visit.address),
                surroundings, in: tx)
        }
        return try visit.render(try await page(visit, facts, isRevealed: true))
    }

    @Sendable private func move(_ visit: Visit) async throws -> Response {
        let id: ID<CaseFile> = try visit.id()
        let fields = try await visit.fields()
        guard let event = fields["event"].flatMap(AppealEvent.init(rawValue:)),
            let version = fields["version"].flatMap({ Int($0) })
        else { throw WebError.formMalformed }
        let order = MoveAppeal.Order(
            event: event, version: version, reason: fields.text("reason"), leadUnitCode: fields["unit"],
            rating: AppealRating(
                isContactedFirst: fields["contacted"].map { $0 == "yes" },
                verdict: fields["verdict"].flatMap(AppealRating.Verdict.init(rawValue:)),
                satisfaction: fields["satisfaction"].flatMap(AppealRating.Satisfaction.init(rawValue:))))
        do {
            _ = try await moveAppeal(id, order, by: try visit.account())
        } catch let error as CaseError {
            let page = try await page(
                visit, try await facts(visit, id), reason: order.reason, problem: error.report.explanation)
            return try visit.render(page, status: .unprocessableContent)
        } catch let error as AppealError {
            let page = try await page(
                visit, try await facts(visit, id), reason: order.reason, problem: error.report.explanation)
            return try visit.render(page, status: .unprocessableContent)
        }
        return visit.redirect("/desk/appeals/\(id)", toast: "appeals.moved")
    }
}
