package import Core
import Hummingbird
package import Logging

/// Puts one district's site together, and finds what its rooms did wrong before it serves anyone.
package struct SiteBuilder: Sendable {
    private let rooms: [RoomResources]
    private let routes: Routes
    private let navigation: [NavigationItem]
    private let sessions: any SessionResolver
    private let surroundings: Surroundings
    private let zone: TimeZoneOffset
    private let districtName: Bilingual
    private let secret: [UInt8]
    private let logger: Logger
    private let isSecure: Bool
    private let savedViews: (any SavedViews)?
    private let searchPath: String?
    private let isBehindProxy: Bool

    /// `savedViews` keeps people's views of lists; `searchPath` is the page that searches everything, for the desk's
    /// bar. `secret` signs forms and cookies: at least 32 random bytes, the same in every process of the district.
    package init(
        rooms: [RoomResources], routes: Routes, navigation: [NavigationItem], sessions: any SessionResolver,
        surroundings: Surroundings, zone: TimeZoneOffset, districtName: Bilingual, secret: [UInt8], logger: Logger,
        isSecure: Bool = false, isBehindProxy: Bool = false, savedViews: (any SavedViews)? = nil,
        searchPath: String? = nil
    ) {
        self.rooms = rooms
        self.routes = routes
        self.navigation = navigation
        self.sessions = sessions
        self.surroundings = surroundings
        self.zone = zone
        self.districtName = districtName
        self.secret = secret
        self.logger = logger
        self.isSecure = isSecure
        self.savedViews = savedViews
        self.searchPath = searchPath
        self.isBehindProxy = isBehindProxy
    }

    package func build() throws -> SiteResponder {
        guard secret.count >= WebLimits.secretBytesMin else { throw SiteError.weakSecret }
        let rooms = [RoomResources.web] + rooms
        let words = try Words(rooms: rooms)
        for item in navigation {
            for key in [item.wordKey, item.groupKey].compactMap({ $0 }) where !words.contains(key) {
                throw SiteError.unknownWord(key: key, file: item.path)
            }
        }
        let site = Site(
            surroundings: surroundings, words: words, zone: zone,
            templates: try Templates(rooms: rooms, words: words), navigation: navigation, districtName: districtName,
            isSecure: isSecure, searchPath: searchPath, isBehindProxy: isBehindProxy,
            assets: try Assets(folder: RoomResources.assetsFolder))
        return SiteResponder(
            site: site, sessions: sessions, savedViews: savedViews, seal: Seal(secret: secret), logger: logger,
            router: try router(site, RouteGuard(site: site, seal: Seal(secret: secret))))
    }

    /// What the page kit answers itself.
    private var ownRoutes: Routes {
        var own = GalleryRoutes.routes
        if let savedViews { own.add(SavedViewRoutes(keeper: savedViews).routes) }
        return own
    }

    private func router(_ site: Site, _ routeGuard: RouteGuard) throws -> RouterResponder<WebContext> {
        let router = Router(context: WebContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: KeepFailures())
        var methods: [String: Set<HTTPRequest.Method>] = [:]
        for route in routes.all + ownRoutes.all {
            guard methods[route.path, default: []].insert(route.method).inserted else {
                throw SiteError.routeTwice(method: route.method.rawValue, path: route.path)
            }
            router.on(
                RouterPath(route.path), method: route.method,
                responder: CallbackResponder { try await routeGuard.respond(to: $0, context: $1, by: route) })
        }
        // A path that exists answers a wrong method with 405, not 404.
        for (path, known) in methods {
            let allowed = known.map(\.rawValue).sorted().joined(separator: ", ")
            let others: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete]
            for method in others where !known.contains(method) {
                router.on(
                    RouterPath(path), method: method,
                    responder: CallbackResponder { _, _ in throw WrongMethod(allowed: allowed) })
            }
        }
        return router.buildResponder()
    }
}

/// The router would answer its own failures with an empty body; `ProblemAnswer` has a page for them.
private struct KeepFailures: RouterMiddleware {
    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch let error as any HTTPResponseError {
            throw RouterFailure(underlying: error)
        }
    }
}

struct RouterFailure: Error {
    let underlying: any HTTPResponseError
}

/// The path exists, the method does not.
struct WrongMethod: Error {
    let allowed: String
}
