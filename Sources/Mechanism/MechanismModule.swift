package import Casework
internal import Core
package import Indicators
package import Store
package import Web

/// What the room exports to the composition root.
package struct MechanismModule: Sendable {
    package static let migrations: [Migration] = MechanismMigrations.all
    package static let kind = TaskKind.kind
    package static let resources = RoomResources(bundle: .module)
    /// Whoever decomposes plans and steers tasks.
    static let steering: Access = .roles([.digitalOffice, .leader])

    package static let navigation = [
        NavigationItem(
            wordKey: "plans.list.title", path: "/desk/plans", access: .desk, area: .desk, groupKey: "mechanism.group"),
        NavigationItem(
            wordKey: "tasks.list.title", path: "/desk/tasks", access: .desk, area: .desk, groupKey: "mechanism.group"),
        NavigationItem(
            wordKey: "rounds.list.title", path: "/desk/rounds", access: .desk, area: .desk,
            groupKey: "mechanism.group", also: ["/desk/reports"]),
        NavigationItem(
            wordKey: "supervision.title", path: "/desk/supervision", access: .desk, area: .desk,
            groupKey: "mechanism.group", also: ["/desk/unit-lights", "/desk/unit-figures", "/desk/exclusions"]),
        NavigationItem(
            wordKey: "meetings.list.title", path: "/desk/meetings", access: .desk, area: .desk,
            groupKey: "mechanism.group"),
        NavigationItem(
            wordKey: "bulletins.list.title", path: "/desk/bulletins", access: .desk, area: .desk,
            groupKey: "mechanism.group"),
    ]

    package let plans: Plans
    package let tasks: Tasks
    package let rounds: Rounds
    private let sums: TaskSums
    private let database: any Database
    private let facets: CaseFacets
    private let blobs: BlobFolder

    /// - Parameter sumsSeconds: how old sums over all tasks may be; 0 remembers nothing.
    package init(database: any Database, casework: CaseworkModule, sumsSeconds: Int64 = 0) {
        self.database = database
        sums = TaskSums(seconds: sumsSeconds)
        facets = casework.facets
        blobs = casework.blobs
        plans = Plans(cases: casework.cases)
        tasks = Tasks(cases: casework.cases)
        rounds = Rounds(tasks: tasks)
    }

    /// What the tasks offer to whoever cites figures.
    package var facts: TaskFactSource { TaskFactSource(cases: tasks.cases, sums: sums) }

    /// - Parameters:
    ///   - facts: every domain's figures, which bulletins, reports and comparisons cite.
    ///   - sections: what other rooms name in a bulletin.
    package func routes(citing facts: RememberedFacts, sections: @escaping Bulletins.Sections) -> Routes {
        let registry = facts.registry
        let bulletins = Bulletins(cases: tasks.cases, registry: registry, sections: sections)
        var routes = Routes()
        routes.add(PlanRoutes(database: database, plans: plans, tasks: tasks, sums: sums).routes)
        routes.add(PlanImportRoutes(database: database, plans: plans, tasks: tasks).routes)
        routes.add(TaskFormRoutes(database: database, tasks: tasks).routes)
        routes.add(TaskRoutes(database: database, facets: facets, tasks: tasks, sums: sums).routes)
        routes.add(RoundRoutes(database: database, rounds: rounds, sums: sums).routes)
        routes.add(ReportRoutes(database: database, rounds: rounds, blobs: blobs, registry: registry).routes)
        routes.add(MeetingRoutes(database: database, meetings: Meetings(tasks: tasks)).routes)
        routes.add(SupervisionRoutes(database: database, tasks: tasks, sums: sums).routes)
        routes.add(UnitComparisonRoutes(database: database, tasks: tasks, facts: facts, sums: sums).routes)
        routes.add(BulletinRoutes(database: database, bulletins: bulletins, facts: facts).routes)
        return routes
    }
}
