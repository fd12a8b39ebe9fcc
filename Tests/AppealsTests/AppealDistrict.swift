import Casework
import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import NIOCore
import Organisation
import Sheets
import Store
import TestKit
import Testing
import Web

@testable import Appeals

/// A district whose appeals come from files, from the portal and by the desk, with one person for each role.
struct AppealDistrict {
    struct Sessions: SessionResolver {
        func visitor(sessionToken: String?, now: Instant) async throws -> Visitor {
            guard let token = sessionToken, let account = AppealDistrict.people[token] else {
                return Visitor(account: nil, sessionKey: "")
            }
            return Visitor(account: account, sessionKey: token)
        }
    }

    static let people: [String: Visitor.Account] = {
        func person(_ id: Int64, _ unit: String?, _ role: Role) -> Visitor.Account {
            Visitor.Account(personID: id, name: "第\(id)人", unitCode: unit, roles: [role])
        }
        return [
            "office": person(1, nil, .digitalOffice), "staff": person(2, "construction", .unitStaff),
            "head": person(3, "construction", .unitHead), "stranger": person(4, "publicity", .unitStaff),
            "leader": person(5, nil, .leader), "audit": person(6, nil, .auditAdministrator),
        ]
    }()

    static let migrations =
        StoreMigrations.all + OrganisationMigrations.all + CaseworkMigrations.all + AppealMigrations.all
        + ProblemMigrations.all

    let database: any Database
    let profile: Profile
    let surroundings = Surroundings.fixed()
    let cases: Cases
    let module: AppealsModule
    let site: SiteResponder

    init(_ engine: Engine = .sqlite) async throws {
        profile = try ProfileLoader.load(folder: ProblemDistrict.root.appendingPathComponent("profiles/putuo"))
        database = try await engine.database(Self.migrations)
        cases = try Cases(profile: profile, kinds: [AppealKind.kind], surroundings: surroundings)
        let folder = URL(fileURLWithPath: try ScratchFolder.shared().path("district"))
        module = AppealsModule(
            database: database, cases: cases, profile: profile, dataFolder: folder, secret: Array(0..<32), topic: nil)
        site = try SiteBuilder(
            rooms: [CaseworkModule.resources, AppealsModule.resources], routes: module.routes,
            navigation: AppealsModule.navigation, sessions: Sessions(), surroundings: surroundings,
            zone: profile.zone, districtName: profile.name, secret: Array(0..<32), logger: quiet
        ).build()
    }

    // MARK: - Files

    static func file(_ text: String, ending: String = "csv") throws -> String {
        let path = try ScratchFolder.shared().path(ending)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// A file of `rows` plain appeals.
    static func rows(_ rows: ClosedRange<Int>, text: String = "路灯坏了请派人修") -> String {
        "工单编号,受理时间,诉求内容\n" + rows.map { "G\($0),2021-04-01 09:00,\(text)第\($0)次" }.joined(separator: "\n")
    }

    func queue(_ path: String, source: String = "热线", names: [String: String] = [:]) async throws -> ImportRecord {
        let name = URL(fileURLWithPath: path).lastPathComponent
        let draft = try await module.importAppeals.draft(path: path, name: name, source: source, names: names)
        return try await module.importAppeals.confirm(draft.id, source: source, names: draft.names)
    }

    @discardableResult
    func load(_ text: String, source: String = "热线", names: [String: String] = [:]) async throws -> ImportRecord {
        try await module.importAppeals.run(try await queue(try Self.file(text), source: source, names: names).id)
    }

    func undo(_ record: ImportRecord) async throws -> ImportRecord {
        _ = try await module.undoImport.begin(record.id)
        return try await module.undoImport.run(record.id, actor: .system("test"))
    }

    // MARK: - What is there

    func appeal(_ sourceID: String, source: String = "热线") async throws -> Appeal? {
        try await database.read { try AppealStore.find(source: source, sourceID: sourceID, in: $0) }
    }

    func file(_ sourceID: String) async throws -> CaseFile {
        let appeal = try #require(try await appeal(sourceID))
        let now = surroundings.now()
        return try await database.read { try CaseStore.find(appeal.id, now: now, in: $0) }
    }

    func count(search: String = "") async throws -> Int {
        var filter = AppealFilter()
        filter.search = search
        let (wanted, now) = (filter, surroundings.now())
        return try await database.read { try AppealListStore.count(wanted, now: now, in: $0) }
    }

    @discardableResult
    func move(
        _ sourceID: String, _ event: AppealEvent, by person: String = "office", reason: String = "已核实",
        unit: String? = nil
    ) async throws -> CaseFile {
        let file = try await file(sourceID)
        let account = try #require(Self.people[person])
        return try await module.moveAppeal(
            file.id, .init(event: event, version: file.version, reason: reason, leadUnitCode: unit), by: account)
    }

    // MARK: - Pages

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPFields
        let bytes: [UInt8]
        var body: String { String(decoding: bytes, as: UTF8.self) }
        /// The names and values of the cookies that were set.
        var cookies: [String] { headers[values: .setCookie].map { String($0.prefix { $0 != ";" }) } }
    }

    func get(_ path: String, as person: String? = "office", language: Language = .chinese) async throws -> Answer {
        try await send(path, .get, cookies(person, language), "")
    }

    /// - Parameter repeated: fields whose names stand several times.
    func post(
        _ path: String, _ form: [String: String], repeated: [(String, String)] = [], as person: String? = "office"
    ) async throws -> Answer {
        // Every page with a form, or of somebody signed in, has the token; a visitor's cookie comes with it.
        let page = try await get(person == nil ? "/appeals/new" : "/desk/nowhere", as: person)
        let token = page.body.firstMatch(of: /name="csrf" value="([^"]+)"/).map { String($0.output.1) } ?? ""
        let body = (Array(form) + repeated + [("csrf", token)]).map { "\(urlEncoded($0.0))=\(urlEncoded($0.1))" }
        return try await send(
            path, .post, (cookies(person, .chinese) + page.cookies), body.joined(separator: "&"))
    }

    private func cookies(_ person: String?, _ language: Language) -> [String] {
        (person.map { ["shuzhi_session=\($0)"] } ?? []) + ["shuzhi_language=\(language.rawValue)"]
    }

    private func send(
        _ path: String, _ method: HTTPRequest.Method, _ cookies: [String], _ body: String
    ) async throws -> Answer {
        var headers: HTTPFields = [.cookie: cookies.joined(separator: "; ")]
        if method == .post { headers[.contentType] = "application/x-www-form-urlencoded" }
        let sent = headers
        return try await Application(responder: site).test(.router) { client in
            try await client.execute(uri: path, method: method, headers: sent, body: ByteBuffer(string: body)) {
                Answer(
                    status: Int($0.status.code), headers: $0.headers, bytes: Array($0.body.readableBytesView))
            }
        }
    }
}
