internal import Casework
internal import Core
internal import Hummingbird
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// What staff decide about problems: the next step, name, pin, merge, split, and the way back from each.
struct ProblemDecisionRoutes: Sendable {
    let database: any Database
    let facets: CaseFacets
    let decide: DecideProblem
    let reshape: ReshapeProblem
    let undo: UndoDecision
    let memory: ProblemMemory
    private var profile: Profile { facets.cases.profile }

    var routes: Routes {
        var routes = Routes()
        routes.post("/desk/problems/:id/decide", .desk, move)
        routes.post("/desk/problems/:id/rename", .digitalOffice, rename)
        routes.post("/desk/problems/:id/pin", .digitalOffice, pin)
        routes.get("/desk/problems/:id/merge", .digitalOffice, mergeForm)
        routes.post("/desk/problems/:id/merge", .digitalOffice, merge)
        routes.get("/desk/problems/:id/split", .digitalOffice, splitForm)
        routes.post("/desk/problems/:id/split", .digitalOffice, split)
        routes.post("/desk/problems/:id/decisions/:decision/undo", .desk, takeBack)
        return routes
    }

    /// Does the deed and goes back to the problem with the way back on it, or shows the form again as it was typed.
    private func act(_ visit: Visit, _ fields: Fields, field: String, _ deed: DecideProblem.Deed) async throws
        -> Response
    {
        let id: ID<ProblemRecord> = try visit.id()
        guard let version = Int(fields.text("version")) else { throw WebError.formMalformed }
        do {
            let decision = try await decide(
                id, .init(deed, version: version, reason: fields.text("reason")), by: try visit.account())
            return visit.redirect("\(ProblemLink.page(id))?done=\(decision.id)")
        } catch let error as any Problem where error.report.kind == .invalid {
            let page = try await ProblemPage.load(
                id, visit, database: database, facets: facets, memory: memory,
                refused: .init(fields: fields, field: field, message: visit.text(error.report.explanation)))
            return try visit.render(page, status: .unprocessableContent)
        }
    }

    @Sendable private func move(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        guard let event = ProblemEvent(rawValue: fields.text("event")) else { throw WebError.formMalformed }
        let isUnitMissing = event == .assign && fields.text("unit").isEmpty
        return try await act(
            visit, fields, field: isUnitMissing ? "unit" : "reason",
            .move(event, unit: event == .assign ? fields.text("unit") : nil))
    }

    @Sendable private func rename(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        return try await act(visit, fields, field: "name", .rename(fields.text("name")))
    }

    @Sendable private func pin(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        return try await act(visit, fields, field: "reason", .pin(fields.text("pin") == "yes"))
    }

    @Sendable private func takeBack(_ visit: Visit) async throws -> Response {
        let id: ID<ProblemDecision> = try visit.id("decision")
        let problem = try await undo(id, by: try visit.account())
        return visit.redirect(ProblemLink.page(problem), toast: "problems.undone")
    }

    // MARK: - Merge

    @Sendable private func mergeForm(_ visit: Visit) async throws -> Response {
        try visit.render(try await mergePage(visit, reason: "", error: nil))
    }

    private func mergePage(_ visit: Visit, reason: String, error: String?) async throws -> ProblemMergePage {
        let id: ID<ProblemRecord> = try visit.id()
        let search = String((visit.query("q") ?? "").trimmingBlanks.prefix(WebLimits.searchCharactersMax))
        let loaded = try await database.read { try ProblemMergePage.Loaded(id, search: search, in: $0) }
        guard loaded.problem.retiredAt == nil else { throw ProblemError.retired }
        return ProblemMergePage(visit, profile: profile, loaded: loaded, search: search, reason: reason, error: error)
    }

    @Sendable private func merge(_ visit: Visit) async throws -> Response {
        let id: ID<ProblemRecord> = try visit.id()
        let fields = try await visit.fields()
        guard let version = Int(fields.text("version")), let into = ID<ProblemRecord>(text: fields.text("into")) else {
            throw WebError.formMalformed
        }
        do {
            let decision = try await reshape.merge(
                id, into: into, version: version, reason: fields.text("reason"), by: try visit.account())
            return visit.redirect("\(ProblemLink.page(into))?done=\(decision.id)")
        } catch let error as ProblemError where error.report.kind == .invalid {
            let page = try await mergePage(
                visit, reason: fields.text("reason"), error: visit.text(error.report.explanation))
            return try visit.render(page, status: .unprocessableContent)
        }
    }

    // MARK: - Split

    @Sendable private func splitForm(_ visit: Visit) async throws -> Response {
        try visit.render(try await splitPage(visit, typed: nil, error: nil))
    }

    private func splitPage(_ visit: Visit, typed: Fields?, error: String?) async throws -> ProblemSplitPage {
        let id: ID<ProblemRecord> = try visit.id()
        let (problem, members) = try await database.read { tx in
            (
                try ProblemStore.find(id, in: tx),
                try ProblemMemberStore.list(of: id, limit: ProblemLimits.membersShownMax, offset: 0, in: tx)
            )
        }
        guard problem.retiredAt == nil else { throw ProblemError.retired }
        return ProblemSplitPage(
            visit, problem: problem, members: members, chosen: typed?.all("appeal") ?? [],
            reason: typed?.text("reason") ?? "", error: error)
    }

    @Sendable private func split(_ visit: Visit) async throws -> Response {
        let id: ID<ProblemRecord> = try visit.id()
        let fields = try await visit.fields()
        guard let version = Int(fields.text("version")) else { throw WebError.formMalformed }
        do {
            let decision = try await reshape.split(
                id, off: fields.all("appeal").compactMap { Int64($0) }, version: version,
                reason: fields.text("reason"), by: try visit.account())
            return visit.redirect("\(ProblemLink.page(id))?done=\(decision.id)")
        } catch let error as ProblemError where error.report.kind == .invalid {
            let page = try await splitPage(visit, typed: fields, error: visit.text(error.report.explanation))
            return try visit.render(page, status: .unprocessableContent)
        }
    }
}
