import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing

@testable import Web

/// Sessions whose tokens are role names, so that a test signs in by naming a role.
struct RoleSessions: SessionResolver {
    func visitor(sessionToken: String?, now: Instant) async throws -> Visitor {
        guard let token = sessionToken, let role = Role(rawValue: token) else {
            return Visitor(account: nil, sessionKey: "")
        }
        let account = Visitor.Account(personID: 7, name: "陈晓", unitCode: "digital", roles: [role])
        return Visitor(account: account, sessionKey: "session-\(token)")
    }
}

let testSecret: [UInt8] = Array(0..<32)
let district = Bilingual(zh: "普陀", en: "Putuo")

/// 2021-04-19 09:00 in Shanghai.
let fixedNow = Instant(millisecondsSince1970: 1_618_794_000_000)

func testSite(
    _ routes: Routes = Routes(), rooms: [RoomResources] = [], navigation: [NavigationItem] = sampleNavigation,
    sessions: any SessionResolver = RoleSessions(), isSecure: Bool = false, now: Instant = fixedNow
) throws -> SiteResponder {
    var logger = Logger(label: "web-tests")
    logger.logLevel = .critical
    return try SiteBuilder(
        rooms: rooms, routes: routes, navigation: navigation, sessions: sessions,
        surroundings: Surroundings(now: { now }, newID: { 1 }), zone: .shanghai, districtName: district,
        secret: testSecret, logger: logger, isSecure: isSecure
    ).build()
}

let sampleNavigation: [NavigationItem] = [
    .init(wordKey: "web.area.desk", path: "/desk", access: .desk, area: .desk),
    .init(
        wordKey: "web.gallery.title", path: "/desk/components", access: .desk, area: .desk,
        groupKey: "web.gallery.form"),
    .init(
        wordKey: "web.gallery.map.title", path: "/desk/map", access: .desk, area: .desk, groupKey: "web.gallery.form"),
    .init(wordKey: "web.account", path: "/admin/people", access: .systemAdministrator, area: .admin),
    .init(wordKey: "web.area.public", path: "/", access: .anyone, area: .public),
    .init(wordKey: "web.gallery.title", path: "/problems", access: .anyone, area: .public),
]

/// The visit of a real request, to render components and pages with.
func sampleVisit(
    _ uri: String = "/desk/here", language: Language = .chinese, role: Role? = .digitalOffice
) async throws -> Visit {
    let box = Mutex<Visit?>(nil)
    var routes = Routes()
    let path = uri.split(separator: "?")[0]
    routes.get(String(path), .anyone) { visit in
        box.withLock { $0 = visit }
        return Response(status: .ok)
    }
    try await Application(responder: testSite(routes)).test(.router) { client in
        _ = try await client.execute(
            uri: uri, method: .get,
            headers: [
                .acceptLanguage: language == .chinese ? "zh-CN" : "en",
                .cookie: role.map { "shuzhi_session=\($0.rawValue)" } ?? "a=b",
            ])
    }
    return try #require(box.withLock { $0 })
}
