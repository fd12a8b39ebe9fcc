import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import Store
import Synchronization
import TestKit
import Testing
import Web

@testable import Organisation

/// A district with a clock that can be moved, and its pages of people and accounts.
struct AccountDistrict {
    final class Clock: Sendable {
        private let value = Mutex(Instant(millisecondsSince1970: 1_618_794_000_000))
        var now: Instant { value.withLock { $0 } }
        func advance(seconds: Int64) { value.withLock { $0 = $0.adding(seconds: seconds) } }
    }

    static let password = "correct horse battery 3"

    let clock = Clock()
    let database: any Database
    let context: OrganisationContext
    let module: OrganisationModule
    let site: SiteResponder

    init(_ engine: Engine = .sqlite) async throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let profile = try ProfileLoader.load(folder: root.appendingPathComponent("profiles/putuo"))
        database = try await engine.database(StoreMigrations.all + OrganisationMigrations.all)
        let ids = Mutex(Int64(1_000))
        let surroundings = Surroundings(
            now: { [clock] in clock.now },
            newID: {
                ids.withLock {
                    $0 += 1
                    return $0
                }
            })
        context = try OrganisationContext(
            profile: profile, database: database, surroundings: surroundings, secret: Array(0..<32),
            passwordCost: PasswordHash.Cost(logRounds: 8, blockSize: 8, parallelism: 1))
        module = OrganisationModule(context)
        site = try SiteBuilder(
            rooms: [OrganisationModule.resources], routes: module.routes, navigation: OrganisationModule.navigation,
            sessions: module.sessions, surroundings: surroundings, zone: profile.zone, districtName: profile.name,
            secret: Array(0..<32), logger: quiet,
            savedViews: module.savedViews
        ).build()
    }

    /// Somebody with a password, and the token of a session of theirs.
    func person(_ name: String, _ roles: Set<Role>, unit: String? = nil) async throws -> String {
        let draft = PersonDraft(signInName: name, name: "测试人", unitCode: unit, roles: roles)
        let context = context
        let link = try await database.write { try ManagePeople(context).inviteBySystem(draft, in: $0).link }
        let token = String(link.dropFirst("/link/".count))
        return try await OneTimeLinks(context).follow(
            token, password: Self.password, replacing: nil, from: Origin(address: "10.0.0.1", device: "Firefox Linux")
        ).token
    }

    struct Answer: Sendable {
        let status: Int
        let location: String?
        let text: String
        let cookies: [String]
        var csrf: String? { text.firstMatch(of: /name="csrf" value="([0-9a-f]+)"/).map { String($0.output.1) } }
        func first(_ pattern: Regex<(Substring, Substring)>) -> String? {
            text.firstMatch(of: pattern).map { String($0.output.1) }
        }
    }

    func get(_ uri: String, as session: String? = nil, cookie: String? = nil) async throws -> Answer {
        try await ask(.get, uri, session, cookie, nil)
    }

    /// Posts a form with the token of the page it stands on.
    func post(
        _ uri: String, _ fields: [(String, String)], as session: String? = nil, from page: String = "/account"
    ) async throws -> Answer {
        let form = try await get(page, as: session)
        let pairs = fields + [("csrf", form.csrf ?? "")]
        let body = pairs.map { "\(urlEncoded($0.0))=\(urlEncoded($0.1))" }.joined(separator: "&")
        let visitor = form.cookies.first { $0.hasPrefix("shuzhi_visitor=") }?.split(separator: ";").first.map(
            String.init)
        return try await ask(.post, uri, session, visitor, body)
    }

    private func ask(
        _ method: HTTPRequest.Method, _ uri: String, _ session: String?, _ cookie: String?, _ body: String?
    ) async throws -> Answer {
        var headers: HTTPFields = [:]
        let cookies = [session.map { "shuzhi_session=\($0)" }, cookie].compactMap(\.self)
        if !cookies.isEmpty { headers[.cookie] = cookies.joined(separator: "; ") }
        if body != nil { headers[.contentType] = "application/x-www-form-urlencoded" }
        return try await Application(responder: site).test(.router) { [headers] client in
            try await client.execute(
                uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
            ) { response in
                Answer(
                    status: response.status.code, location: response.headers[.location],
                    text: String(buffer: response.body), cookies: response.headers[values: .setCookie])
            }
        }
    }
}
