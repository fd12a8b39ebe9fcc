package import Core
package import Organisation
package import Store
package import Web

/// What the problems part of the room exports to the composition root.
package struct ProblemsModule: Sendable {
    package static let migrations: [Migration] = ProblemMigrations.all
    package static let resources = RoomResources(bundle: .module)
    package static let navigation: [NavigationItem] = [
        NavigationItem(
            wordKey: "problems.list.title", path: "/desk/problems", access: .desk, area: .desk,
            groupKey: "problems.group"),
        NavigationItem(
            wordKey: "problems.map.title", path: "/desk/map", access: .desk, area: .desk, groupKey: "problems.group"),
        NavigationItem(wordKey: "problems.public.title", path: "/problems", access: .anyone, area: .public),
    ]

    package let update: UpdateProblems
    private let profile: Profile
    private let database: any Database

    /// One for each process and district: `update` keeps what the miner has read.
    package init(profile: Profile, database: any Database, surroundings: Surroundings) {
        self.profile = profile
        self.database = database
        update = UpdateProblems(database: database, gazetteer: .init(profile), surroundings: surroundings)
    }

    package var routes: Routes { ProblemRoutes(profile: profile, database: database).routes }
    package var jobHandlers: [any JobHandler] { [MineProblemsJob(update: update)] }
}
