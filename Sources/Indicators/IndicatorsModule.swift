package import Core
package import Foundation
package import Organisation
package import Store
package import Web

/// What the room exports to the composition root.
package struct IndicatorsModule: Sendable {
    package static let migrations: [Migration] = IndicatorMigrations.all
    package static let resources = RoomResources(bundle: .module)
    package static let navigation = [
        NavigationItem(
            wordKey: "indicators.list.title", path: "/desk/indicators", access: .desk, area: .desk,
            groupKey: "indicators.group"),
        NavigationItem(
            wordKey: "indicators.411.title", path: "/desk/indicators/411", access: .desk, area: .desk,
            groupKey: "indicators.group"),
        NavigationItem(
            wordKey: "facts.list.title", path: "/desk/facts", access: .desk, area: .desk, groupKey: "indicators.group"),
    ]

    package let registry: FactRegistry
    package let facts: RememberedFacts
    package let manage: ManageIndicators
    package let importIndicators: ImportIndicators
    private let database: any Database

    /// - Parameters:
    ///   - dataFolder: the district's; uploads wait in `indicator-imports` below it.
    ///   - sources: what the domains measure; this room's own are added.
    package init(
        profile: Profile, database: any Database, surroundings: Surroundings, dataFolder: URL,
        sources: [any FactSource], rememberSeconds: Int64 = 0
    ) throws {
        self.database = database
        manage = ManageIndicators(profile: profile, surroundings: surroundings)
        importIndicators = ImportIndicators(
            manage: manage, database: database, folder: dataFolder.appendingPathComponent("indicator-imports"))
        registry = try FactRegistry(
            sources + [EconomyFactSource(profile: profile), IndicatorFactSource(profile: profile)])
        facts = RememberedFacts(registry: registry, database: database, seconds: rememberSeconds)
    }

    package var routes: Routes {
        let profile = manage.profile
        var routes = Routes()
        routes.add(FourOneOneRoutes(manage: manage, database: database).routes)
        routes.add(IndicatorImportRoutes(importIndicators: importIndicators).routes)
        routes.add(IndicatorRoutes(profile: profile, database: database).routes)
        routes.add(IndicatorFormRoutes(manage: manage, database: database).routes)
        routes.add(FactRoutes(facts: facts, profile: profile, database: database).routes)
        return routes
    }
}
