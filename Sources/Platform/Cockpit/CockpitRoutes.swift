internal import Casework
internal import Core
internal import Hummingbird
internal import Organisation
internal import ServiceLifecycle
internal import Web

/// The leaders' screen, its tiles, and the stream that brings those which changed.
struct CockpitRoutes: Sendable {
    static let access: Access = .roles([.leader, .digitalOffice])

    let watch: CockpitWatch
    let profile: Profile
    let kinds: [String: CaseKind]

    var routes: Routes {
        var routes = Routes()
        routes.get("/cockpit", Self.access, show)
        routes.get("/cockpit/tiles", Self.access, tiles)
        routes.get("/cockpit/events", Self.access, isMachine: true, events)
        return routes
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        try visit.render(
            CockpitPage(
                title: visit.word("platform.cockpit.title"), district: profile.name(visit.language),
                tiles: try await watch.tiles(visit.language, draw: draw(visit)).html, deskHref: "/desk"))
    }

    @Sendable private func tiles(_ visit: Visit) async throws -> Response {
        let bytes = try await watch.tiles(visit.language, draw: draw(visit)).bytes
        return Response(
            status: .ok,
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "private, no-store"],
            body: .init(byteBuffer: bytes))
    }

    private func draw(_ visit: Visit) -> CockpitWatch.Draw {
        { try visit.fragment(CockpitTiles(visit, $0, version: $1, profile: profile, kinds: kinds)) }
    }

    /// Server-sent events: the tiles that changed. A connection ends after a while, so that whoever may
    /// no longer look is found out; the browser comes back by itself.
    @Sendable private func events(_ visit: Visit) async throws -> Response {
        let watch = watch
        let (id, screen) = try await watch.connect(visit.language, draw: draw(visit))
        let ends = visit.now.adding(seconds: PlatformLimits.cockpitConnectionSeconds)
        let surroundings = visit.site.surroundings
        let body = ResponseBody { writer in
            do {
                for await event in screen.cancelOnGracefulShutdown() {
                    try await writer.write(event)
                    if surroundings.now() > ends { break }
                }
                try await writer.finish(nil)
            } catch {
                await watch.disconnect(id)
                throw error
            }
            await watch.disconnect(id)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }
}
