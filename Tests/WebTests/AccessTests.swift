import Core
import Hummingbird
import Testing

@testable import Web

@Suite("Who may open what")
struct AccessTests {
    static let accesses: [Access] =
        [.anyone, .signedIn, .desk, .roles([])] + Role.allCases.map { .roles([$0]) }
    /// Nobody, somebody without a role, and one person of each role.
    static let sessions: [String?] = [nil, "none"] + Role.allCases.map(\.rawValue)

    private func isAllowed(_ access: Access, _ session: String?) -> Bool {
        switch access {
        case .anyone: true
        case .signedIn: session != nil
        case .roles(let roles): session.flatMap(Role.init).map(roles.contains) ?? false
        }
    }

    @Test("Every kind of visitor meets every kind of access", arguments: accesses)
    func everyPair(access: Access) async throws {
        var routes = Routes()
        routes.get("/page", access) { try $0.render(TestSite.FormPage(text: "inside")) }
        let site = try TestSite(routes)
        for session in Self.sessions {
            let answer = try await site.get("/page?a=1", as: session)
            if isAllowed(access, session) {
                #expect(answer.status == 200 && answer.text.contains("inside"), "\(access) \(session ?? "-")")
            } else if session == nil {
                #expect(answer.status == 303, "\(access)")
                #expect(answer.headers[.location] == "/sign-in?next=%2Fpage%3Fa%3D1")
                #expect(!answer.text.contains("inside"))
            } else {
                #expect(answer.status == 403, "\(access) \(session ?? "-")")
                #expect(!answer.text.contains("inside") && answer.text.contains("web.not_allowed"))
            }
        }
    }

    @Test("A form sent after the session ended is answered in place, not lost in a redirect")
    func expiredForm() async throws {
        let site = try TestSite()
        let answer = try await site.post("/desk/form", ["csrf": site.token(for: "leader")])
        #expect(answer.status == 401)
        #expect(answer.text.contains("href=\"/sign-in?next=%2Fdesk%2Fform\""))
        #expect(site.changes.count == 0)
    }

    @Test("Access is checked before the body is read and before the token")
    func order() async throws {
        let site = try TestSite()
        let large = [UInt8](repeating: 97, count: 2_000)
        let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        #expect(try await site.ask(.post, "/desk/small", headers: form, body: large).status == 401)
        #expect(try await site.ask(.post, "/desk/small", as: "none", headers: form, body: large).status == 403)
        #expect(try await site.ask(.post, "/desk/small", as: "leader", headers: form, body: large).status == 413)
    }

    @Test("The navigation shows what the visitor may use, under its headings, with the current page marked")
    func navigation() async throws {
        var routes = Routes()
        for path in ["/desk", "/desk/appeals", "/desk/appeals/:id", "/desk/import", "/admin"] {
            routes.get(path, .signedIn) { try $0.render(TestSite.FormPage(text: "")) }
        }
        let site = try TestSite(
            routes,
            navigation: [
                .init(wordKey: "web.keys.home", path: "/desk", access: .desk, area: .desk),
                .init(
                    wordKey: "web.gallery.tile.open", path: "/desk/appeals", access: .desk, area: .desk,
                    groupKey: "test.hello"),
                .init(wordKey: "web.gallery.upload", path: "/desk/import", access: .digitalOffice, area: .desk),
                .init(wordKey: "web.area.admin", path: "/admin", access: .systemAdministrator, area: .admin),
            ])
        let staff = try await site.get("/desk/appeals/5", as: "unit_staff").text
        #expect(staff.contains("<p class=\"side-title\">你好</p>"))
        #expect(staff.contains("<a href=\"/desk/appeals\" aria-current=\"page\">在办诉求</a>"))
        #expect(!staff.contains("href=\"/desk/import\"") && !staff.contains("href=\"/admin\""))
        let office = try await site.get("/desk", as: "digital_office").text
        #expect(
            office.contains("<a href=\"/desk/import\">") && office.contains("<a href=\"/desk\" aria-current=\"page\">"))
        let system = try await site.get("/admin", as: "system_administrator").text
        #expect(system.contains("<a href=\"/admin\" aria-current=\"true\">管理</a>"))
        #expect(!system.contains("href=\"/desk\""), "who may not enter the desk is not sent there")
    }
}

@Suite("Several districts behind one address")
struct HostDispatchTests {
    /// The test client always asks for localhost; a header says which host it means.
    private struct Spoken<Inner: HTTPResponder>: HTTPResponder where Inner.Context == WebContext {
        let inner: Inner
        func respond(to request: Request, context: WebContext) async throws -> Response {
            var head = request.head
            head.authority = request.headers[.from]
            return try await inner.respond(to: Request(head: head, body: request.body), context: context)
        }
    }

    private func site(_ text: String) throws -> TestSite {
        var routes = Routes()
        routes.get("/who", .anyone) { try $0.json([text]) }
        return try TestSite(routes)
    }

    @Test(
        "Each host name, in any case and on any port, has its own district; others have none",
        arguments: [
            ("a.example", "a"), ("A.Example", "a"), ("a.example:8080", "a"), ("b.example", "b"), ("[::1]:80", "b"),
            ("c.example", nil), ("a.example.", nil), ("xa.example", nil), ("", nil), (nil, nil),
        ] as [(String?, String?)])
    func hosts(host: String?, expected: String?) async throws {
        let (a, b) = (try site("a"), try site("b"))
        let dispatch = Spoken(
            inner: HostDispatch(sites: ["a.example": a.responder, "b.example": b.responder, "[::1]": b.responder]))
        let headers: HTTPFields = host.map { [.from: $0] } ?? [:]
        let answer = try await a.ask(dispatch, .get, "/who", headers: headers)
        if let expected {
            #expect(answer.status == 200 && answer.text == "[\"\(expected)\"]")
        } else {
            #expect(answer.status == 421)
            #expect(answer.text.contains("没有这个网站") && answer.text.contains("no site of that name"))
            #expect(answer.headers[.contentSecurityPolicy] != nil)
        }
    }

    @Test("A single district answers to any name")
    func fallback() async throws {
        let site = try site("only")
        let dispatch = Spoken(inner: HostDispatch(sites: [:], fallback: site.responder))
        #expect(try await site.ask(dispatch, .get, "/who", headers: [.from: "any.example"]).text == "[\"only\"]")
    }
}
