internal import Casework
internal import Core
internal import Hummingbird
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// Problems for the desk and for everybody: lists, board, a problem, why two appeals are together, map, exports.
struct ProblemRoutes: Sendable {
    let database: any Database
    let facets: CaseFacets
    private let profile: Profile
    let memory: ProblemMemory

    init(database: any Database, facets: CaseFacets, memory: ProblemMemory) {
        self.database = database
        self.facets = facets
        self.memory = memory
        profile = facets.cases.profile
    }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/problems", .desk, list)
        routes.get("/desk/problems/export", .desk, export)
        routes.get("/desk/problems/board", .desk, board)
        routes.get("/desk/problems/why", .desk, why)
        routes.get("/desk/problems/:id", .desk, show)
        routes.get("/desk/map", .desk, map)
        routes.get("/problems", .anyone, published)
        return routes
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let (query, filter) = ProblemListPage.read(visit)
        let loaded = try await ProblemListPage.Loaded.read(
            filter, query: query, now: visit.now, in: database, memory)
        return try visit.render(ProblemListPage(visit, profile: profile, query: query, loaded: loaded))
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let (_, filter) = ProblemListPage.read(visit)
        let problems = try await database.read { tx in
            try ProblemStore.list(filter, limit: ProblemLimits.exportRowsMax, withReasons: true, in: tx)
        }
        return try ProblemExport(visit: visit, profile: profile).response(problems)
    }

    @Sendable private func board(_ visit: Visit) async throws -> Response {
        let choice = ProblemBoardPage.Choice(visit)
        let loaded = try await database.read { tx in try ProblemBoardPage.Loaded(choice, now: visit.now, in: tx) }
        return try visit.render(ProblemBoardPage(visit, profile: profile, choice: choice, loaded: loaded))
    }

    // MARK: - One problem

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        try visit.render(
            try await ProblemPage.load(
                try visit.id(), visit, database: database, facets: facets, memory: memory))
    }

    /// Asked by the numbers of two appeals, as people know them, or by their identifiers, as links do.
    @Sendable private func why(_ visit: Visit) async throws -> Response {
        let numbers = (
            (visit.query("a") ?? "").trimmingBlanks.uppercased(), (visit.query("b") ?? "").trimmingBlanks.uppercased()
        )
        let ids = [visit.query("x"), visit.query("y")].map { $0.flatMap { ID<CaseFile>(text: $0) } }
        let now = visit.now
        let isAsked = !numbers.0.isEmpty || !numbers.1.isEmpty || ids[0] != nil
        let loaded = try await database.read { tx -> ProblemWhyPage.Loaded? in
            let first = try ids[0] ?? CaseStore.find(number: numbers.0, now: now, in: tx)?.id
            let second = try ids[1] ?? CaseStore.find(number: numbers.1, now: now, in: tx)?.id
            guard let first, let second, first != second else { return nil }
            do { return try ProblemWhyPage.Loaded(first, second, now: now, in: tx) } catch AppealError.notFound {
                return nil
            }
        }
        let shown = loaded.map { ($0.files[0].number, $0.files[1].number) } ?? numbers
        let error = isAsked && loaded == nil ? visit.word("problems.why.unknown") : nil
        return try visit.render(
            ProblemWhyPage(
                visit, numbers: shown, error: error,
                answer: loaded.map { ProblemWhyPage.Answer(visit, $0, gazetteer: memory.gazetteer) }),
            status: error == nil ? .ok : .unprocessableContent)
    }

    // MARK: - The map, and what everybody sees

    @Sendable private func map(_ visit: Visit) async throws -> Response {
        let choice = ProblemMapPage.Choice(visit, zone: profile.zone)
        let loaded = try await database.read { tx in try ProblemMapPage.Loaded(choice, in: tx) }
        return try visit.render(try ProblemMapPage(visit, profile: profile, choice: choice, loaded: loaded))
    }

    @Sendable private func published(_ visit: Visit) async throws -> Response {
        let (query, filter) = PublicProblemsPage.read(visit)
        let loaded = try await ProblemListPage.Loaded.read(
            filter, query: query, now: visit.now, in: database, memory)
        return try visit.render(PublicProblemsPage(visit, profile: profile, query: query, loaded: loaded))
    }
}

extension ProblemPage {
    static func load(
        _ id: ID<ProblemRecord>, _ visit: Visit, database: any Database, facets: CaseFacets, memory: ProblemMemory,
        refused: Refused? = nil
    ) async throws -> ProblemPage {
        let query = ListQuery.read(visit, sorts: ["time"], defaultSort: "-time", filters: ["reason", "from", "to"])
        let loaded = try await database.read { tx in try Loaded(id, query: query, visit: visit, in: tx) }
        let neighbours = try await memory.neighbours(
            of: loaded.members.map(\.id.rawValue), among: loaded.messages, now: visit.now)
        let facet = loaded.file == nil ? nil : try await facets.facet(of: loaded.problem.caseID, for: visit)
        return try ProblemPage(
            visit, profile: facets.cases.profile, query: query, loaded: loaded, neighbours: neighbours, facet: facet,
            refused: refused)
    }
}

extension String {
    /// Without white space at either end.
    var trimmingBlanks: String {
        let kept = drop { $0.isWhitespace }
        return String(kept.reversed().drop { $0.isWhitespace }.reversed())
    }
}
