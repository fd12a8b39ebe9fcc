internal import Appeals
internal import Casework
internal import Core
internal import Hummingbird
internal import Organisation
package import Store
package import Web

/// What one room brings to a district's site. The composition root knows rooms by nothing else.
package struct RoomParts: Sendable {
    package var resources: [RoomResources] = []
    package var routes = Routes()
    package var navigation: [NavigationItem] = []
    package var jobHandlers: [any JobHandler] = []
    package var subscribers: [any OutboxSubscriber] = []

    package mutating func add(_ other: RoomParts) {
        resources += other.resources
        routes.add(other.routes)
        navigation += other.navigation
        jobHandlers += other.jobHandlers
        subscribers += other.subscribers
    }
}

/// A district put together: its pages and the work it does in the background.
package struct DistrictSite: Sendable {
    package let district: District
    package let parts: RoomParts
    package let responder: SiteResponder
    package let worker: JobWorker
    private let organisation: OrganisationModule

    package init(
        _ district: District, metrics: Metrics, isHTTPS: Bool, isBehindProxy: Bool = false
    ) throws {
        self.district = district
        let rooms = try Rooms(district)
        // The platform's entries lead the navigation: the desk's home first.
        var parts = PlatformRoom.parts(district, metrics: metrics, below: rooms.parts, casework: rooms.casework)
        parts.add(rooms.parts)
        self.parts = parts
        organisation = rooms.organisation
        responder = try SiteBuilder(
            rooms: parts.resources, routes: parts.routes, navigation: parts.navigation, sessions: rooms.sessions,
            surroundings: district.surroundings, zone: district.profile.zone, districtName: district.profile.name,
            secret: district.secret, logger: district.logger, isSecure: isHTTPS,
            isBehindProxy: isBehindProxy, savedViews: rooms.organisation.savedViews, searchPath: SearchRoutes.path
        ).build()
        worker = JobWorker(
            database: district.database, handlers: parts.jobHandlers, surroundings: district.surroundings,
            logger: district.logger, subscribers: parts.subscribers)
    }

    /// The path of the link that makes the first administrator; nil once there are people.
    package func firstStartLink() async throws -> String? { try await organisation.firstStartLink() }
}

/// The platform's own pages.
enum PlatformRoom {
    static let resources = RoomResources(bundle: .module)

    static let navigation: [NavigationItem] = [
        NavigationItem(wordKey: "platform.home", path: "/", access: .anyone, area: .public),
        NavigationItem(wordKey: "platform.desk", path: "/desk", access: .desk, area: .desk),
        NavigationItem(
            wordKey: "platform.cockpit", path: "/cockpit", access: CockpitRoutes.access, area: .desk, shortcut: "k"),
        NavigationItem(wordKey: "platform.admin", path: "/admin", access: AdminRoutes.access, area: .admin),
        NavigationItem(wordKey: "platform.jobs", path: "/admin/jobs", access: JobRoutes.access, area: .admin),
        NavigationItem(
            wordKey: "platform.backups", path: "/admin/backups", access: AdminRoutes.backupAccess, area: .admin),
    ]

    static func parts(
        _ district: District, metrics: Metrics, below: RoomParts, casework: CaseworkModule
    ) -> RoomParts {
        let paths = Set(below.routes.all.filter { $0.method == .get }.map(\.path))
        let database = district.database
        var routes = Routes()
        routes.add(PublicRoutes(database: database, profile: district.profile, paths: paths).routes)
        routes.add(DeskRoutes(database: database, profile: district.profile, casework: casework, paths: paths).routes)
        let watch = CockpitWatch(
            database: database, profile: district.profile, now: district.surroundings.now, logger: district.logger)
        routes.add(CockpitRoutes(watch: watch, profile: district.profile, kinds: casework.cases.kinds).routes)
        routes.add(
            SearchRoutes(
                database: database, profile: district.profile, casework: casework,
                navigation: below.navigation + navigation, paths: paths
            ).routes)
        routes.add(AdminRoutes(district: district, navigation: below.navigation + navigation).routes)
        routes.add(JobRoutes(database: database, kinds: below.jobHandlers.map(\.kind)).routes)
        routes.add(MachineRoutes(district: district, metrics: metrics).routes)
        return RoomParts(resources: [resources], routes: routes, navigation: navigation)
    }
}
