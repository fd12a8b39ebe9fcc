import Core
import Foundation
import Hummingbird
import Testing

@testable import Web

@Suite("Forms that are not ours change nothing")
struct FormGuardTests {
    enum Form: String, CaseIterable {
        case urlEncoded, multipart, upload

        var path: String { self == .upload ? "/upload" : "/form" }
    }

    /// What a forger might put where our token belongs.
    enum Forgery: String, CaseIterable {
        case missing, empty, garbage, ofAnotherVisitor, ofAnotherSecret, cutOff, doubled, unmasked, altered, remasked

        func token(_ site: TestSite, for name: String) -> String? {
            let real = site.responder.seal.csrfToken(sessionKey: "anonymous:\(name)")
            switch self {
            case .missing: return nil
            case .empty: return ""
            case .garbage: return String(repeating: "z", count: 128)
            case .ofAnotherVisitor: return site.responder.seal.csrfToken(sessionKey: "anonymous:somebody")
            case .ofAnotherSecret: return Seal(secret: Array(1...32)).csrfToken(sessionKey: "anonymous:\(name)")
            case .cutOff: return String(real.dropLast())
            case .doubled: return real + real
            case .unmasked: return String(real.suffix(64))
            case .altered: return real.dropLast() + (real.hasSuffix("0") ? "1" : "0")
            case .remasked: return String(repeating: "0", count: 64) + real.suffix(64)
            }
        }
    }

    private func send(
        _ form: Form, _ token: String?, to site: TestSite, cookies: [String]
    ) async throws -> TestSite.Answer {
        switch form {
        case .urlEncoded:
            if let token { return try await site.post("/form", ["csrf": token, "note": "a b"], cookies: cookies) }
            return try await site.post("/form", ["note": "a b"], cookies: cookies)
        case .multipart, .upload:
            var parts: [(name: String, fileName: String?, content: String)] = [("note", nil, "a b")]
            if form == .upload { parts.append(("file", "诉求.csv", "1,2,3")) }
            if let token { parts.insert(("csrf", nil, token), at: 0) }
            return try await site.ask(
                .post, form.path, cookies: cookies, headers: [.contentType: "multipart/form-data; boundary=XyZ"],
                body: multipart(parts))
        }
    }

    @Test("The token of the page's own form is taken, as often as the page is read", arguments: Form.allCases)
    func accepted(form: Form) async throws {
        let site = try TestSite()
        let page = try await site.get("/form")
        let cookie = try #require(page.cookie(CookieName.visitor))
        let cookies = ["\(CookieName.visitor)=\(cookie)"]
        let again = try await site.get("/form", cookies: cookies)
        #expect(again.cookie(CookieName.visitor) == nil, "a visitor who has a name keeps it")
        let tokens = [try #require(page.csrf), try #require(again.csrf)]
        #expect(tokens[0] != tokens[1], "each page masks its token anew")
        for token in tokens {
            let answer = try await send(form, token, to: site, cookies: cookies)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.text.contains("a b"))
            if form == .upload { #expect(answer.text == "[\"a b\",\"诉求.csv\",\"5\"]") }
        }
        #expect(site.changes.count == 2)
    }

    @Test(
        "A missing, wrong or bare token is refused before anything happens", arguments: Form.allCases, Forgery.allCases)
    func refused(form: Form, forgery: Forgery) async throws {
        let site = try TestSite()
        let cookie = site.responder.seal.newVisitorCookie()
        let name = try #require(site.responder.seal.visitorName(cookie: cookie))
        let answer = try await send(
            form, forgery.token(site, for: name), to: site, cookies: ["\(CookieName.visitor)=\(cookie)"])
        #expect(answer.status == 403)
        #expect(answer.text.contains("表单已过期") && answer.text.contains("web.form_expired"))
        #expect(site.changes.count == 0)
        #expect(!FileManager.default.fileExists(atPath: site.uploads.path), "nothing is stored for a forged form")
    }

    @Test("Signing in or out makes the old pages' tokens worthless")
    func tiedToSession() async throws {
        let site = try TestSite()
        let page = try await site.get("/form")
        let token = try #require(page.csrf)
        #expect(try await site.post("/form", ["csrf": token], as: "unit_staff").status == 403)
        #expect(try await site.post("/form", ["csrf": site.token(for: "unit_staff")]).status == 403)
        #expect(try await site.post("/form", ["csrf": site.token(for: "leader")], as: "unit_staff").status == 403)
        let own = site.token(for: "unit_staff")
        #expect(try await site.post("/form", ["csrf": own], as: "unit_staff").status == 200)
        #expect(site.changes.count == 1)
    }

    @Test("A visitor's cookie that we did not sign is replaced, and ties nothing")
    func forgedCookie() async throws {
        let site = try TestSite()
        let name = String(repeating: "a", count: 32)
        for cookie in ["\(name)", "\(name).", "\(name).\(String(repeating: "0", count: 64))", "a.b.c", ""] {
            let page = try await site.get("/form", cookies: ["\(CookieName.visitor)=\(cookie)"])
            #expect(page.cookie(CookieName.visitor) != nil, "\(cookie)")
            let token = site.responder.seal.csrfToken(sessionKey: "anonymous:\(name)")
            let answer = try await site.post("/form", ["csrf": token], cookies: ["\(CookieName.visitor)=\(cookie)"])
            #expect(answer.status == 403, "\(cookie)")
        }
    }

    @Test(
        "Another site's form or script cannot choose a body that needs no token",
        arguments: [
            "text/plain", "application/json", "", "multipart/form-data", "multipart/mixed; boundary=XyZ",
        ])
    func otherBodies(contentType: String) async throws {
        let site = try TestSite()
        let token = site.token(for: "unit_staff")
        let answer = try await site.ask(
            .post, "/form", as: "unit_staff", headers: [.contentType: contentType], body: Array("csrf=\(token)".utf8))
        #expect(answer.status == 403)
        #expect(site.changes.count == 0)
    }

    @Test("In a multipart form the token comes first, so that no file is stored for a forger")
    func tokenFirst() async throws {
        let site = try TestSite()
        let body = multipart([("file", "a.csv", "1,2"), ("csrf", nil, site.token(for: "leader"))])
        let answer = try await site.ask(
            .post, "/upload", as: "leader", headers: [.contentType: "multipart/form-data; boundary=XyZ"], body: body)
        #expect(answer.status == 403)
        #expect(!FileManager.default.fileExists(atPath: site.uploads.path))
    }

    @Test("Machine faces take no token; they are told who asks by other means")
    func machines() async throws {
        let site = try TestSite()
        #expect(try await site.ask(.post, "/machine", body: Array("{}".utf8)).status == 200)
        #expect(site.changes.count == 1)
    }

    @Test(
        "An upload that is too large, or a second file, leaves nothing behind",
        arguments: [
            ([("a.csv", 2_000)], 413), ([("a.csv", 10), ("b.csv", 10)], 422), ([("a.csv", 10), ("b.csv", 2_000)], 413),
            ([("a.csv", 5_000)], 413),
        ])
    func uploads(files: [(String, Int)], status: Int) async throws {
        let site = try TestSite()
        let parts: [(name: String, fileName: String?, content: String)] =
            [("csrf", nil, site.token(for: "leader"))]
            + files.map { ("file", $0.0, String(repeating: "x", count: $0.1)) }
        let answer = try await site.ask(
            .post, "/upload", as: "leader", headers: [.contentType: "multipart/form-data; boundary=XyZ"],
            body: multipart(parts))
        #expect(answer.status == status)
        let left = (try? FileManager.default.contentsOfDirectory(atPath: site.uploads.path)) ?? []
        #expect(left.isEmpty)
    }

    @Test("A file input left empty is no file")
    func emptyFile() async throws {
        let site = try TestSite()
        let body = multipart([("csrf", nil, site.token(for: "leader")), ("file", "", ""), ("note", nil, "后")])
        let answer = try await site.ask(
            .post, "/upload", as: "leader", headers: [.contentType: "multipart/form-data; boundary=XyZ"], body: body)
        #expect(answer.text == "[\"后\",\"-\",\"0\"]")
        #expect(try FileManager.default.contentsOfDirectory(atPath: site.uploads.path).isEmpty)
    }
}
