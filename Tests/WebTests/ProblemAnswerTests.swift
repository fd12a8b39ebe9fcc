import Core
import Foundation
import Hummingbird
import Synchronization
import TestKit
import Testing

@testable import Web

/// A failure of each kind, with a sentence of its own.
private struct Failure: Problem {
    let kind: ProblemReport.Kind
    var report: ProblemReport {
        .init(kind, "test.\(kind.rawValue)", zh: "请检查 <\(kind.rawValue)>。", en: "Check <\(kind.rawValue)>.")
    }
}

private struct Unexpected: Error { let secret = "13812341234" }

extension ProblemReport.Kind {
    fileprivate var status: Int {
        switch self {
        case .invalid: 422
        case .unauthenticated: 401
        case .forbidden: 403
        case .missing: 404
        case .conflict: 409
        case .tooLarge: 413
        case .tooMany: 429
        case .unavailable: 503
        }
    }
}

@Suite("What a visitor is told when something fails")
struct ProblemAnswerTests {
    private struct Document: Decodable {
        let status: Int
        let title: String
        let detail: String
        let code: String
        let reference: String
    }

    private func site() throws -> TestSite {
        var routes = Routes()
        for kind in ProblemReport.Kind.allCases {
            routes.get("/fail/\(kind.rawValue)", .anyone) { _ in throw Failure(kind: kind) }
            routes.get("/machine/\(kind.rawValue)", .anyone, isMachine: true) { _ in throw Failure(kind: kind) }
        }
        routes.get("/crash", .anyone) { _ in throw Unexpected() }
        routes.get("/machine/crash", .anyone, isMachine: true) { _ in throw Unexpected() }
        return try TestSite(routes)
    }

    private func reference(_ html: String) throws -> String {
        try #require(html.firstMatch(of: /<code>([2-9A-HJ-NP-Z]{8})<\/code>/).map { String($0.output.1) })
    }

    @Test(
        "Each kind has its page: status, title, what to do, a code and a reference number, in both languages",
        arguments: ProblemReport.Kind.allCases, Language.allCases)
    func pages(kind: ProblemReport.Kind, language: Language) async throws {
        let site = try site()
        let answer = try await site.get("/fail/\(kind.rawValue)?lang=\(language.rawValue)")
        if kind == .unauthenticated {
            #expect(answer.status == 303)
            #expect(answer.headers[.location]?.hasPrefix("/sign-in?next=%2Ffail%2Funauthenticated") == true)
            return
        }
        #expect(answer.status == kind.status)
        let sentence = language == .chinese ? "请检查 &lt;\(kind.rawValue)&gt;。" : "Check &lt;\(kind.rawValue)&gt;."
        #expect(answer.text.contains(sentence))
        #expect(answer.text.contains("<html lang=\"\(language.rawValue)\""))
        let title = site.responder.site.words.text("web.problem.\(kind.status).title", in: language, [])
        #expect(answer.text.contains("<h1>\(title)</h1>"))
        #expect(answer.text.contains("data-code=\"test.\(kind.rawValue)\""))
        let reference = try reference(answer.text)
        #expect(
            site.log.lines.contains { $0.contains("reference=\(reference)") && $0.contains("status=\(kind.status)") })
        #expect((answer.headers[.retryAfter] != nil) == [429, 503].contains(kind.status))
        #expect(answer.headers[.cacheControl] == "private, no-store")
    }

    @Test(
        "A machine is answered in RFC 9457, whatever it accepts; a page's script when it asks for JSON",
        arguments: ProblemReport.Kind.allCases)
    func documents(kind: ProblemReport.Kind) async throws {
        let site = try site()
        let asked: [(String, HTTPFields)] = [
            ("/machine/\(kind.rawValue)", [:]), ("/machine/\(kind.rawValue)", [.accept: "text/html"]),
            ("/fail/\(kind.rawValue)", [.accept: "application/json"]),
        ]
        for (path, headers) in asked {
            let answer = try await site.get(path, headers: headers)
            #expect(answer.status == kind.status)
            #expect(answer.headers[.contentType] == "application/problem+json; charset=utf-8")
            let document = try JSONDecoder().decode(Document.self, from: Data(answer.text.utf8))
            #expect(document.status == kind.status && document.code == "test.\(kind.rawValue)")
            #expect(document.detail == "请检查 <\(kind.rawValue)>。")
            #expect(document.reference.count == 8 && !document.title.isEmpty)
        }
        let browser = try await site.get("/fail/\(kind.rawValue)", headers: [.accept: "text/html, application/json"])
        #expect(browser.headers[.contentType]?.hasPrefix("application/problem+json") != true)
    }

    @Test(
        "What nobody expected shows its reference number only; the log knows the rest",
        arguments: [
            "/crash", "/machine/crash",
        ])
    func unexpected(path: String) async throws {
        let site = try site()
        let answer = try await site.get(path)
        #expect(answer.status == 500)
        #expect(!answer.text.contains("13812341234") && !answer.text.contains("Unexpected"))
        #expect(answer.text.contains("系统出现意外错误"))
        let line = try #require(site.log.lines.first { $0.hasPrefix("error unexpected") })
        #expect(line.contains("Unexpected"))
        let reference = try #require(line.firstMatch(of: /reference=(\w{8})/).map { String($0.output.1) })
        #expect(answer.text.contains(reference))
    }

    private struct Away: Outage {
        let isTemporary: Bool
    }

    @Test("What may pass is answered with 503 and the log's number, what is broken with 500")
    func outage() async throws {
        var routes = Routes()
        routes.get("/away", .anyone) { _ in throw Away(isTemporary: true) }
        routes.get("/broken", .anyone) { _ in throw Away(isTemporary: false) }
        let site = try TestSite(routes)
        let away = try await site.get("/away")
        #expect(away.status == 503 && away.header("Retry-After") == "60" && away.text.contains("web.not_now"))
        #expect(try await site.get("/broken").status == 500)
        #expect(site.log.lines.contains { $0.contains("error outage") && $0.contains("reference=") })
    }

    @Test("The log of a request holds its route and status, and nothing of the visitor")
    func log() async throws {
        let site = try TestSite()
        _ = try await site.get(
            "/form?text=13812341234", as: "leader", headers: [.userAgent: "Browser-13812341234", .referer: "/secret"])
        let line = try #require(site.log.lines.first { $0.contains("info request") })
        #expect(line.contains("route=/form") && line.contains("status=200") && line.contains("method=GET"))
        for text in ["13812341234", "leader", "secret", "陈晓"] { #expect(!line.contains(text), "\(text)") }
    }

    @Test("The way home leads where the visitor may go")
    func home() async throws {
        let site = try TestSite(
            navigation: [.init(wordKey: "test.hello", path: "/desk", access: .desk, area: .desk)])
        #expect(try await site.get("/desk/nothing").text.contains("class=\"button\" href=\"/\""))
        #expect(try await site.get("/desk/nothing", as: "leader").text.contains("class=\"button\" href=\"/desk\""))
    }

    @Test("Reading is given up in time, work that is done in time is answered, and its failure passed on")
    func timeLimit() async throws {
        #expect(try await answer(within: .seconds(30), by: .fixed()) { 7 } == 7)
        await #expect(throws: Failure.self) {
            try await answer(within: .seconds(30), by: .fixed()) { throw Failure(kind: .conflict) }
        }
        let clock = Mutex<Int64>(0)
        let running = Surroundings(
            now: {
                Instant(
                    millisecondsSince1970: clock.withLock {
                        $0 += 20; return $0
                    })
            }, newID: { 1 })
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        // Like a query that does not notice that it was cancelled: it ends when told, which is after the answer.
        let query = Task { for await _ in ended {} }
        await #expect(throws: WebError.takesTooLong) {
            try await answer(within: .milliseconds(20), by: running) { await query.value }
        }
        end.finish()
    }

    @Test("Where the clock stands still nothing is given up, however long it takes")
    func standingClock() async throws {
        let answered = try await answer(within: .milliseconds(1), by: .fixed()) {
            try await Task.sleep(for: .milliseconds(30))
            return 7
        }
        #expect(answered == 7)
    }

    @Test("Each mistake of a visitor has its own code and says in both languages what to do")
    func reports() {
        let all: [WebError] = [
            .noSuchPage, .signInNeeded, .notAllowed, .formExpired, .methodNotAllowed, .formMalformed, .tooManyFields,
            .bodyTooLarge(bytesMax: 1 << 20), .oneFileOnly, .uploadNotStored, .unknownHost, .takesTooLong, .notNow,
        ]
        #expect(Set(all.map(\.report.code)).count == all.count)
        for error in all {
            #expect(error.report.code.hasPrefix("web."))
            #expect(error.report.explanation.zh.hasSuffix("。") && error.report.explanation.en.hasSuffix("."))
        }
        #expect(WebError.bodyTooLarge(bytesMax: 1 << 20).report.explanation.en.contains("1 MB"))
        #expect(
            [12, 1_023, 1_024, 200 << 20, 3 << 30].map(byteCount) == ["12 B", "1023 B", "1 KB", "200 MB", "3.0 GB"])
    }
}
