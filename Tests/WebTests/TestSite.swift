import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import TestKit

@testable import Web

/// A site of a few routes over the page kit, and what it logged.
struct TestSite {
    static let secret: [UInt8] = Array(0..<32)

    let responder: SiteResponder
    let log: CaughtLog
    /// How often a handler that changes something ran.
    let changes = Changes()
    let uploads: URL

    final class Changes: Sendable {
        private let value = Mutex(0)
        var count: Int { value.withLock { $0 } }
        func add() { value.withLock { $0 += 1 } }
    }

    init(
        _ more: Routes = Routes(), navigation: [NavigationItem] = [], isSecure: Bool = false,
        savedViews: (any SavedViews)? = nil, searchPath: String? = nil
    ) throws {
        uploads = URL(fileURLWithPath: try ScratchFolder.shared().path("uploads"))
        let log = CaughtLog()
        self.log = log
        var routes = TestSite.routes(changes, uploads: uploads)
        routes.add(more)
        responder = try SiteBuilder(
            rooms: [try TestSite.room()], routes: routes, navigation: navigation, sessions: RoleSessions(),
            surroundings: .fixed(), zone: .shanghai, districtName: Bilingual(zh: "普陀", en: "Putuo"),
            secret: TestSite.secret, logger: log.logger, isSecure: isSecure, savedViews: savedViews,
            searchPath: searchPath
        ).build()
    }

    struct FormPage: Page {
        static let template = "test/form"
        let title = "你好 <b>"
        let text: String
    }

    /// A room of one template and one word, on disk as every room's.
    static func room(
        _ templates: [String: String] = ["test/form": "<form>{{> web/csrf}}<p>[[test.hello]] {{text}}</p></form>"],
        words: String = "test.hello: {zh: 你好, en: Hello}\n"
    ) throws -> RoomResources {
        let folder = URL(fileURLWithPath: try ScratchFolder.shared().path("room"))
        for (name, text) in templates {
            let file = folder.appendingPathComponent("Templates/\(name).mustache")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(words.utf8).write(to: folder.appendingPathComponent("Words.yaml"))
        return RoomResources(folder: folder)
    }

    private static func routes(_ changes: Changes, uploads: URL) -> Routes {
        var routes = Routes()
        let echo: Routes.Handler = { visit in
            changes.add()
            let fields = try await visit.fields()
            return try visit.json(fields.pairs.map { "\($0.name)=\($0.value)" })
        }
        routes.get("/form", .anyone) { try $0.render(FormPage(text: $0.query("text") ?? "")) }
        routes.post("/form", .anyone, echo)
        routes.get("/desk/form", .desk) { try $0.render(FormPage(text: "")) }
        routes.post("/desk/form", .desk, echo)
        routes.post("/desk/small", .desk, bodyBytesMax: 256, echo)
        routes.post("/upload", .anyone, bodyBytesMax: 4_096) { visit in
            changes.add()
            let (fields, file) = try await visit.upload(to: uploads, bytesMax: 1_024)
            return try visit.json([fields.text("note"), file?.name ?? "-", "\(file?.bytes ?? 0)"])
        }
        routes.post("/machine", .anyone, isMachine: true) { visit in
            changes.add()
            return try visit.json(["ok"])
        }
        return routes
    }

    // MARK: Asking

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPFields
        let text: String

        func cookie(_ name: String) -> String? {
            headers[values: .setCookie].first { $0.hasPrefix(name + "=") }?
                .dropFirst(name.count + 1).split(separator: ";", omittingEmptySubsequences: false).first.map(
                    String.init)
        }
        /// The token of the page's first form.
        var csrf: String? {
            text.firstMatch(of: /name="csrf" value="([0-9a-f]+)"/).map { String($0.output.1) }
        }
        func header(_ name: String) -> String? { HTTPFields.Element.Name(name).flatMap { headers[$0] } }
    }

    func ask(
        _ method: HTTPRequest.Method, _ uri: String, as session: String? = nil, cookies: [String] = [],
        headers: HTTPFields = [:], body: [UInt8]? = nil
    ) async throws -> Answer {
        try await ask(responder, method, uri, as: session, cookies: cookies, headers: headers, body: body)
    }

    func ask(
        _ responder: some HTTPResponder<WebContext>, _ method: HTTPRequest.Method, _ uri: String,
        as session: String? = nil, cookies: [String] = [], headers: HTTPFields = [:], body: [UInt8]? = nil
    ) async throws -> Answer {
        var headers = headers
        let all = cookies + (session.map { ["\(CookieName.session)=\($0)"] } ?? [])
        if !all.isEmpty { headers[.cookie] = all.joined(separator: "; ") }
        return try await Application(responder: responder).test(.router) { [headers] client in
            try await client.execute(
                uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(bytes: $0) }
            ) { response in
                Answer(
                    status: response.status.code, headers: response.headers, text: String(buffer: response.body))
            }
        }
    }

    func get(_ uri: String, as session: String? = nil, cookies: [String] = [], headers: HTTPFields = [:]) async throws
        -> Answer
    { try await ask(.get, uri, as: session, cookies: cookies, headers: headers) }

    /// A form as browsers send it.
    func post(
        _ uri: String, _ fields: KeyValuePairs<String, String>, as session: String? = nil, cookies: [String] = []
    ) async throws -> Answer {
        let body = fields.map { "\(urlEncoded($0.key))=\(urlEncoded($0.value))" }.joined(separator: "&")
        return try await ask(
            .post, uri, as: session, cookies: cookies,
            headers: [.contentType: "application/x-www-form-urlencoded"], body: Array(body.utf8))
    }

    /// A token that this site gives to a session.
    func token(for session: String) -> String { responder.seal.csrfToken(sessionKey: "session-\(session)") }
}

/// Sessions whose tokens are role names; `none` is somebody with an account and no role.
struct RoleSessions: SessionResolver {
    func visitor(sessionToken: String?, now: Instant) async throws -> Visitor {
        let role = sessionToken.flatMap(Role.init)
        guard let sessionToken, role != nil || sessionToken == "none" else {
            return Visitor(account: nil, sessionKey: "")
        }
        return Visitor(
            account: .init(personID: 7, name: "陈晓", unitCode: nil, roles: role.map { [$0] } ?? []),
            sessionKey: "session-\(sessionToken)")
    }
}

/// Keeps what was logged, for tests of what is and what must not be there.
final class CaughtLog: Sendable {
    private let caught = Mutex<[String]>([])
    var lines: [String] { caught.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: CaughtLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let pairs = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            log.caught.withLock { $0.append("\(event.level) \(event.message) \(pairs.joined(separator: " "))") }
        }
    }
}

/// A `multipart/form-data` body from parts: a file when it has a file name.
func multipart(_ parts: [(name: String, fileName: String?, content: String)], boundary: String = "XyZ") -> [UInt8] {
    var body = ""
    for part in parts {
        let file = part.fileName.map { "; filename=\"\($0)\"" } ?? ""
        body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(file)\r\n"
        body += part.fileName == nil ? "\r\n" : "Content-Type: application/octet-stream\r\n\r\n"
        body += "\(part.content)\r\n"
    }
    return Array((body + "--\(boundary)--\r\n").utf8)
}
