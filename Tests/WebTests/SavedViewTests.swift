import Foundation
import Hummingbird
import Synchronization
import Testing

@testable import Web

/// Views in memory: the page kit's side of the matter. The stores are tested where they are kept.
private final class HeldViews: SavedViews {
    private let held = Mutex<[(person: Int64, path: String, view: SavedView)]>([])
    var all: [SavedView] { held.withLock { $0.map(\.view) } }

    func list(of personID: Int64, at path: String) async throws -> [SavedView] {
        held.withLock { $0.filter { $0.person == personID && $0.path == path }.map(\.view) }
    }

    func save(name: String, query: String, isDefault: Bool, of personID: Int64, at path: String) async throws {
        held.withLock { held in
            held.removeAll { $0.person == personID && $0.path == path && $0.view.name == name }
            let view = SavedView(id: Int64(held.count + 1), name: name, query: query, isDefault: isDefault)
            held.append((personID, path, view))
        }
    }

    func remove(_ id: Int64, of personID: Int64) async throws -> (path: String, view: SavedView)? {
        held.withLock { held in
            guard let index = held.firstIndex(where: { $0.view.id == id && $0.person == personID }) else { return nil }
            let found = held.remove(at: index)
            return (found.path, found.view)
        }
    }
}

@Suite("Views of lists and toasts that can be undone")
struct SavedViewTests {
    private let views = HeldViews()

    private func site() throws -> TestSite {
        var routes = Routes()
        routes.get("/desk/ponds", .desk) { visit in
            let query = ListQuery.read(visit, sorts: ["name", "depth"], defaultSort: "name", filters: ["state"])
            let columns = ["name", "depth", "state", "note", "at"].map {
                Table.Column($0, "列\($0)", isSortable: true, isFixed: $0 == "name")
            }
            let table = Table(
                visit: visit, query: query, columns: columns,
                rows: [.init(cells: columns.map { .text("值\($0.key)") })], total: 1,
                filters: [.init("state", "状态", options: [.init("full", "满")])])
            return visit.respond(html: table.markup(for: visit), status: .ok)
        }
        routes.post("/desk/undo", .desk) { try $0.json(try await $0.fields().pairs.map { "\($0.name)=\($0.value)" }) }
        routes.post("/desk/done", .desk) {
            $0.redirect("/form", toast: "test.hello", arguments: ["<甲>"], undo: Undo("/desk/undo", fields: ["id": "7"]))
        }
        return try TestSite(routes, savedViews: views)
    }

    private func keep(_ site: TestSite, _ fields: [(String, String)]) async throws -> TestSite.Answer {
        let pairs = [("csrf", site.token(for: "leader")), ("path", "/desk/ponds")] + fields
        let body = pairs.map { "\(urlEncoded($0.0))=\(urlEncoded($0.1))" }.joined(separator: "&")
        return try await site.ask(
            .post, "/account/views", as: "leader", headers: [.contentType: "application/x-www-form-urlencoded"],
            body: Array(body.utf8))
    }

    @Test("A view is kept, offered, opened, made the first choice and removed, without JavaScript")
    func life() async throws {
        let site = try site()
        let saved = try await keep(site, [("query", "state=full&sort=-depth&show=state"), ("name", "满的")])
        #expect(saved.status == 303)
        #expect(saved.headers[.location] == "/desk/ponds?state=full&sort=-depth&show=state")
        let list = try await site.get("/desk/ponds", as: "leader")
        #expect(list.text.contains("href=\"/desk/ponds?state=full&amp;sort=-depth&amp;show=state\">满的</a>"))
        #expect(list.text.contains("列note"), "a view that is not the first choice changes nothing by itself")

        _ = try await keep(site, [("query", "show=state"), ("name", "满的"), ("default", "1")])
        let bare = try await site.get("/desk/ponds", as: "leader")
        #expect(!bare.text.contains("值note") && bare.text.contains("值state") && bare.text.contains("值name"))
        let plain = try await site.get("/desk/ponds?view=none", as: "leader")
        #expect(plain.text.contains("值note"))

        let id = try #require(views.all.first).id
        let removed = try await site.post(
            "/account/views/\(id)/remove", ["csrf": site.token(for: "leader")], as: "leader")
        #expect(removed.status == 303 && views.all.isEmpty)
        let cookie = try #require(removed.cookie(CookieName.toast))
        let shown = try await site.get("/form", as: "leader", cookies: ["\(CookieName.toast)=\(cookie)"])
        #expect(shown.text.contains("“满的”") && shown.text.contains("data-undo"))
        #expect(shown.text.contains("name=\"query\" value=\"show=state\""))
    }

    @Test(
        "What is no list, no name or too long is refused",
        arguments: [
            (["path": "https://evil.example/", "name": "a"], 422), (["path": "//evil", "name": "a"], 422),
            (["path": "/", "name": "a"], 422), (["path": "/desk/a b", "name": "a"], 422),
            (["path": "/desk/a?x", "name": "a"], 422), (["path": "/desk/ponds", "name": " "], 422),
            (["path": "/desk/ponds", "name": String(repeating: "长", count: 41)], 422),
            (["path": "/desk/ponds", "name": "a", "query": String(repeating: "q", count: 2_001)], 422),
            (["path": "/desk/ponds", "name": "a"], 303),
        ])
    func refused(fields: [String: String], status: Int) async throws {
        let site = try site()
        let body = (fields.merging(["csrf": site.token(for: "leader")]) { $1 })
            .map { "\(urlEncoded($0.key))=\(urlEncoded($0.value))" }.joined(separator: "&")
        let answer = try await site.ask(
            .post, "/account/views", as: "leader", headers: [.contentType: "application/x-www-form-urlencoded"],
            body: Array(body.utf8))
        #expect(answer.status == status)
        #expect(views.all.count == (status == 303 ? 1 : 0))
    }

    @Test("A list keeps so many views and no more; one of a known name is still replaced")
    func many() async throws {
        let site = try site()
        for index in 0..<WebLimits.viewsPerListMax {
            #expect(try await keep(site, [("name", "第\(index)")]).status == 303)
        }
        #expect(try await keep(site, [("name", "又一个")]).status == 422)
        #expect(try await keep(site, [("name", "第3"), ("query", "q=a")]).status == 303)
        #expect(views.all.count == WebLimits.viewsPerListMax)
    }

    @Test("An undo carries its fields; nobody else's cookie and no changed one fills a form")
    func undo() async throws {
        let site = try site()
        let done = try await site.post("/desk/done", ["csrf": site.token(for: "leader")], as: "leader")
        let cookie = try #require(done.cookie(CookieName.toast))
        let shown = try await site.get("/form", as: "leader", cookies: ["\(CookieName.toast)=\(cookie)"])
        #expect(shown.text.contains("action=\"/desk/undo\"") && shown.text.contains("name=\"id\" value=\"7\""))
        let other = try await site.get("/form", as: "unit_staff", cookies: ["\(CookieName.toast)=\(cookie)"])
        #expect(!other.text.contains("/desk/undo"))
        let changed = String(cookie.dropLast()) + (cookie.hasSuffix("0") ? "1" : "0")
        let forged = try await site.get("/form", as: "leader", cookies: ["\(CookieName.toast)=\(changed)"])
        #expect(!forged.text.contains("data-toast"))
        let undone = try await site.post("/desk/undo", ["csrf": site.token(for: "leader"), "id": "7"], as: "leader")
        #expect(undone.text.contains("id=7"))
    }
}
