package import Core
package import Organisation
package import Store
package import Web

/// What the room exports to the composition root.
package struct IndicatorsModule: Sendable {
    package static let migrations: [Migration] = IndicatorMigrations.all
    package static let resources = RoomResources(bundle: .module)
    package static let navigation = [
        NavigationItem(
            wordKey: "facts.list.title", path: "/desk/facts", access: .desk, area: .desk, groupKey: "indicators.group")
    ]

    package let registry: FactRegistry
    private let profile: Profile
    private let database: any Database
    private let surroundings: Surroundings

    /// - Parameter sources: what the domains measure, this room's own left out.
    package init(
        profile: Profile, database: any Database, surroundings: Surroundings, sources: [any FactSource]
    ) throws {
        self.profile = profile
        self.database = database
        self.surroundings = surroundings
        registry = try FactRegistry(sources)
    }

    package var routes: Routes {
        FactRoutes(registry: registry, profile: profile, database: database, surroundings: surroundings).routes
    }
}
