internal import Core
internal import Hummingbird
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// Problems for the desk and for everybody: lists, a problem, the map, exports.
struct ProblemRoutes: Sendable {
    let profile: Profile
    let database: any Database

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/problems", .desk, list)
        routes.get("/desk/problems/export", .desk, export)
        routes.get("/desk/problems/:id", .desk, show)
        routes.get("/desk/map", .desk, map)
        routes.get("/problems", .anyone, published)
        return routes
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let (query, filter) = ProblemListPage.read(visit)
        let loaded = try await database.read { tx in
            try ProblemListPage.Loaded(filter, query: query, now: visit.now, in: tx)
        }
        return try visit.render(ProblemListPage(visit, profile: profile, query: query, loaded: loaded))
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let (_, filter) = ProblemListPage.read(visit)
        let problems = try await database.read { tx in
            try ProblemStore.list(filter, limit: ProblemLimits.exportRowsMax, in: tx)
        }
        return try ProblemExport(visit: visit, profile: profile).response(problems)
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let id: ID<ProblemRecord> = try visit.id()
        let query = ListQuery.read(visit, sorts: ["time"], defaultSort: "-time", filters: ["reason"])
        let loaded = try await database.read { tx in try ProblemPage.Loaded(id, query: query, in: tx) }
        let evidence = ProblemEvidence(loaded.messages, gazetteer: Gazetteer(profile))
        return try visit.render(
            ProblemPage(visit, profile: profile, query: query, loaded: loaded, evidence: evidence))
    }

    @Sendable private func map(_ visit: Visit) async throws -> Response {
        let choice = ProblemMapPage.Choice(visit)
        let loaded = try await database.read { tx in try ProblemMapPage.Loaded(choice, now: visit.now, in: tx) }
        return try visit.render(ProblemMapPage(visit, profile: profile, choice: choice, loaded: loaded))
    }

    @Sendable private func published(_ visit: Visit) async throws -> Response {
        let (query, filter) = PublicProblemsPage.read(visit)
        let loaded = try await database.read { tx in
            try ProblemListPage.Loaded(filter, query: query, now: visit.now, in: tx)
        }
        return try visit.render(PublicProblemsPage(visit, profile: profile, query: query, loaded: loaded))
    }
}
