package import Casework
internal import Core
internal import Mining
internal import Organisation
package import Store
package import Web

/// What the problems part of the room exports to the composition root.
package struct ProblemsModule: Sendable {
    package static let migrations: [Migration] = ProblemMigrations.all
    package static let kind = ProblemKind.kind
    package static let resources = RoomResources(bundle: .module)
    package static let navigation: [NavigationItem] = [
        NavigationItem(
            wordKey: "problems.list.title", path: "/desk/problems", access: .desk, area: .desk,
            groupKey: "problems.group", shortcut: "p"),
        NavigationItem(
            wordKey: "problems.board.title", path: "/desk/problems/board", access: .desk, area: .desk,
            groupKey: "problems.group", shortcut: "b"),
        NavigationItem(
            wordKey: "problems.compare.title", path: "/desk/problems/compare", access: .desk, area: .desk,
            groupKey: "problems.group"),
        NavigationItem(
            wordKey: "problems.map.title", path: "/desk/map", access: .desk, area: .desk, groupKey: "problems.group",
            shortcut: "m"),
        NavigationItem(
            wordKey: "hotspots.title", path: "/desk/hotspots", access: .desk, area: .desk, groupKey: "problems.group"),
        NavigationItem(wordKey: "problems.public.title", path: "/problems", access: .anyone, area: .public),
    ]

    package let update: UpdateProblems
    package let decide: DecideProblem
    package let reshape: ReshapeProblem
    package let undo: UndoDecision
    private let facets: CaseFacets
    private let memory: ProblemMemory
    private let database: any Database
    private let findHotspots: FindHotspots

    /// One for each process and district: `update` keeps what the miner has read.
    package init(cases: Cases, database: any Database) {
        let gazetteer = Gazetteer(cases.profile)
        self.database = database
        memory = ProblemMemory(gazetteer: gazetteer)
        facets = CaseFacets(cases: cases, database: database)
        update = UpdateProblems(
            database: database, cases: cases, gazetteer: gazetteer, lexicon: .init(cases.profile))
        findHotspots = FindHotspots(
            database: database, profile: cases.profile, surroundings: cases.surroundings)
        decide = DecideProblem(database: database, cases: cases)
        reshape = ReshapeProblem(database: database, cases: cases, gazetteer: gazetteer)
        undo = UndoDecision(reshape: reshape)
    }

    package var routes: Routes {
        var routes = Routes()
        routes.add(ProblemRoutes(database: database, facets: facets, memory: memory).routes)
        routes.add(
            ProblemDecisionRoutes(
                database: database, facets: facets, decide: decide, reshape: reshape, undo: undo, memory: memory
            ).routes)
        routes.add(ProblemCompareRoutes(database: database, profile: facets.cases.profile).routes)
        routes.add(
            HotspotRoutes(
                profile: facets.cases.profile, database: database, surroundings: facets.cases.surroundings
            ).routes)
        return routes
    }
    package var jobHandlers: [any JobHandler] {
        [MineProblemsJob(update: update), FindHotspotsJob(find: findHotspots)]
    }
}
