import Core
import Crypto
import Foundation
import Hummingbird
import Testing

@testable import Web

@Suite("What all answers share")
struct SiteAnswerTests {
    @Test(
        "Every answer carries the security headers: page, redirect, problem, asset and machine's",
        arguments: [
            "/form", "/desk/form", "/nowhere", "/favicon.ico", "/machine",
        ])
    func securityHeaders(path: String) async throws {
        for isSecure in [false, true] {
            let answer = try await TestSite(isSecure: isSecure).get(path)
            let policy = try #require(answer.headers[.contentSecurityPolicy])
            for part in [
                "default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'",
                "frame-ancestors 'none'", "base-uri 'none'",
            ] { #expect(policy.contains(part), "\(path)") }
            #expect(!policy.contains("unsafe") && !policy.contains("http"))
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(answer.header("X-Frame-Options") == "DENY")
            #expect(answer.header("Referrer-Policy") == "same-origin")
            #expect(answer.header("Cross-Origin-Opener-Policy") == "same-origin")
            #expect(answer.header("Permissions-Policy")?.contains("camera=()") == true)
            #expect((answer.headers[.strictTransportSecurity] != nil) == isSecure)
        }
    }

    @Test("Cookies are HttpOnly, Lax and, over HTTPS, Secure")
    func cookies() async throws {
        for isSecure in [false, true] {
            let answer = try await TestSite(isSecure: isSecure).get("/form?lang=en")
            let cookies = answer.headers[values: .setCookie]
            #expect(cookies.count == 2)
            for cookie in cookies {
                #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"))
                #expect(cookie.contains("Secure") == isSecure)
            }
        }
    }

    @Test("Text is escaped wherever it came from")
    func escaping() async throws {
        let answer = try await TestSite().get("/form?text=" + urlEncoded("a\"\u{338}b<script>&'"))
        #expect(answer.text.contains("a&quot;\u{338}b&lt;script&gt;&amp;&#39;"))
        #expect(answer.text.contains("<h1>你好 &lt;b&gt;</h1>") && answer.text.contains("<title>你好 &lt;b&gt; · 普陀数智"))
    }

    @Test("HEAD answers as GET does, without a body")
    func head() async throws {
        let site = try TestSite()
        for path in ["/form", "/nowhere", "/favicon.ico"] {
            let (get, head) = (try await site.get(path), try await site.ask(.head, path))
            #expect(head.status == get.status && head.text.isEmpty, "\(path)")
            #expect(head.headers[.contentType] == get.headers[.contentType])
        }
    }

    @Test(
        "A known path refuses other methods with 405 and says which it takes; an unknown one is 404",
        arguments: [
            HTTPRequest.Method.put, .patch, .delete,
        ])
    func methods(method: HTTPRequest.Method) async throws {
        let site = try TestSite()
        let answer = try await site.ask(method, "/form")
        #expect(answer.status == 405 && answer.headers[.allow] == "GET, POST")
        #expect(answer.text.contains("web.method_not_allowed"))
        #expect(try await site.ask(.get, "/machine").headers[.allow] == "POST")
        #expect(try await site.ask(method, "/nowhere").status == 404)
        #expect(try await site.ask(.post, "/nowhere").status == 404)
        #expect(site.changes.count == 0)
    }

    @Test("A body larger than its route takes is refused, announced or not")
    func tooLarge() async throws {
        struct Unannounced: HTTPResponder {
            let inner: SiteResponder
            func respond(to request: Request, context: WebContext) async throws -> Response {
                var head = request.head
                head.headerFields[.contentLength] = nil
                return try await inner.respond(to: Request(head: head, body: request.body), context: context)
            }
        }
        let site = try TestSite()
        let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        let token = "csrf=" + site.token(for: "leader")
        for (bytes, status) in [(256, 200), (257, 413), (40_000, 413)] {
            let body = Array(token.utf8) + [UInt8](repeating: UInt8(ascii: "&"), count: bytes - token.utf8.count)
            let unannounced = Unannounced(inner: site.responder)
            #expect(try await site.ask(.post, "/desk/small", as: "leader", headers: form, body: body).status == status)
            let answer = try await site.ask(unannounced, .post, "/desk/small", as: "leader", headers: form, body: body)
            #expect(answer.status == status)
        }
    }

    @Test("The toast of a redirect is shown once, and only words are")
    func toast() async throws {
        var routes = Routes()
        routes.post("/save", .anyone, isMachine: true) { $0.redirect("/form", toast: "test.hello") }
        let site = try TestSite(routes)
        let saved = try await site.ask(.post, "/save")
        #expect(saved.status == 303 && saved.headers[.location] == "/form")
        #expect(saved.cookie(CookieName.toast) == "test.hello")
        let shown = try await site.get("/form", cookies: ["\(CookieName.toast)=test.hello"])
        #expect(shown.text.contains("data-toast") && shown.cookie(CookieName.toast) == "")
        let forged = try await site.get("/form", cookies: ["\(CookieName.toast)=<b>paid</b>"])
        #expect(!forged.text.contains("data-toast"))
    }

    // MARK: Language

    @Test(
        "The visitor's language is what they ask for, chose before, or their browser prefers",
        arguments: [
            (nil, nil, nil, .chinese), ("en", "zh-Hans", "zh", .english), ("zh-Hans", "en", "en", .chinese),
            (nil, "en", "zh-CN", .english), ("fr", nil, nil, .chinese), (nil, "fr", "en", .english),
            (nil, nil, "en-GB,en;q=0.9", .english), (nil, nil, "zh-CN,zh;q=0.9,en;q=0.8", .chinese),
            (nil, nil, "de,en;q=0.7,zh;q=0.3", .english), (nil, nil, "en;q=0.5,zh-TW", .chinese),
            (nil, nil, "fr,de", .chinese), (nil, nil, ";;,q=1,", .chinese), (nil, nil, "en;q=NaN,zh;q=0", .chinese),
        ] as [(String?, String?, String?, Language)])
    func language(asked: String?, cookie: String?, browser: String?, expected: Language) async throws {
        let headers: HTTPFields = browser.map { [.acceptLanguage: $0] } ?? [:]
        let answer = try await TestSite().get(
            "/form" + (asked.map { "?lang=\($0)" } ?? ""),
            cookies: cookie.map { ["\(CookieName.language)=\($0)"] } ?? [],
            headers: headers)
        #expect(answer.text.contains("<html lang=\"\(expected.rawValue)\""))
        #expect(answer.text.contains(expected == .chinese ? "<p>你好 " : "<p>Hello "))
        let isKnown = asked.flatMap(Language.init) != nil
        #expect(answer.cookie(CookieName.language) == (isKnown ? asked : nil))
    }

    @Test("The link to the other language keeps the query")
    func otherLanguage() async throws {
        let answer = try await TestSite().get("/form?text=a%26b&lang=en&text=c")
        #expect(answer.text.contains("href=\"/form?text=a%26b&amp;text=c&amp;lang=zh-Hans\" lang=\"zh-Hans\""))
    }

    // MARK: Assets

    @Test("Style, script and icon are named by their content and kept for a year; another content is another name")
    func assets() async throws {
        let site = try TestSite()
        let page = try await site.get("/form").text
        let paths = page.matches(of: /(?:href|src)="(\/assets\/[^"]+)"/).map { String($0.output.1) }
        #expect(paths.count == 3)
        for path in paths {
            let answer = try await site.get(path)
            #expect(answer.status == 200)
            #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable")
            let hash = SHA256.hash(data: Data(answer.text.utf8)).prefix(6).map { String(format: "%02x", $0) }.joined()
            #expect(path.contains("-\(hash)."), "\(path) is not named by its content")
            #expect(answer.cookie(CookieName.visitor) == nil, "what is shared sets no cookie")
            let other = path.replacingOccurrences(of: hash, with: String(repeating: "0", count: 12))
            #expect(try await site.get(other).status == 404)
        }
        let types = Dictionary(uniqueKeysWithValues: try await zip(paths, types(of: paths, site)))
        #expect(Set(types.values) == ["text/css; charset=utf-8", "text/javascript; charset=utf-8", "image/svg+xml"])
        #expect(try await site.get("/assets/../Words.yaml").status == 404)
        #expect(try await site.get("/favicon.ico").headers[.cacheControl] == "public, max-age=86400")
    }

    private func types(of paths: [String], _ site: TestSite) async throws -> [String] {
        var types: [String] = []
        for path in paths { types.append(try await site.get(path).headers[.contentType] ?? "") }
        return types
    }

    @Test("Nothing in the pages' files asks another origin, and no page holds a script or style of its own")
    func ownOriginOnly() async throws {
        let folder = RoomResources.assetsFolder
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
                .replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
            #expect(text.firstMatch(of: /(https?:)?\/\/[a-z0-9-]+\.[a-z]/) == nil, "\(name)")
        }
        let page = try await TestSite().get("/desk/components", as: "leader").text
        #expect(page.firstMatch(of: /<[^>]+\s(style|on[a-z]+)=/) == nil)
        #expect(page.firstMatch(of: /<style|<script(?! src="\/assets\/)/) == nil)
        #expect(page.firstMatch(of: /(src|href|action)="(https?:)?\/\//) == nil)
    }
}
