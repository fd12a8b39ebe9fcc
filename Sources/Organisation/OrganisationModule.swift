internal import Core
package import Store
package import Web

/// What the room exports to the composition root.
package struct OrganisationModule: Sendable {
    package static let migrations: [Migration] = OrganisationMigrations.all
    package static let resources = RoomResources(bundle: .module)
    package static let navigation: [NavigationItem] = [
        NavigationItem(
            wordKey: "organisation.people", path: "/admin/people", access: .securityAdministrator, area: .admin),
        NavigationItem(wordKey: "organisation.units", path: "/admin/units", access: ProfileRoutes.access, area: .admin),
        NavigationItem(wordKey: "organisation.roles", path: "/admin/roles", access: ProfileRoutes.access, area: .admin),
        NavigationItem(
            wordKey: "organisation.audit", path: "/admin/audit", access: .auditAdministrator, area: .admin),
        NavigationItem(
            wordKey: "organisation.profile", path: "/admin/profile", access: ProfileRoutes.access, area: .admin),
    ]

    package let context: OrganisationContext

    package init(_ context: OrganisationContext) { self.context = context }

    package var sessions: any SessionResolver { Sessions(context) }
    package var savedViews: any SavedViews { KeptViews(context) }

    package var routes: Routes {
        var routes = Routes()
        routes.add(SignInRoutes(context: context).routes)
        routes.add(AccountRoutes(context: context).routes)
        routes.add(PeopleRoutes(context: context).routes)
        routes.add(AuditRoutes(context: context).routes)
        routes.add(ProfileRoutes(profile: context.profile, database: context.database).routes)
        return routes
    }

    /// The path of the link that makes the first administrator; nil once there are people.
    package func firstStartLink() async throws -> String? { try await OneTimeLinks(context).firstStart() }
}

extension Sessions: SessionResolver {}
