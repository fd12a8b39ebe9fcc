import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Indicators

/// A district with this room alone, and one person for each role.
struct IndicatorDistrict {
    struct Sessions: SessionResolver {
        func visitor(sessionToken: String?, now: Instant) async throws -> Visitor {
            guard let token = sessionToken, let account = IndicatorDistrict.people[token] else {
                return Visitor(account: nil, sessionKey: "")
            }
            return Visitor(account: account, sessionKey: token)
        }
    }

    static let owner = "construction"
    static let people: [String: Visitor.Account] = {
        func person(_ id: Int64, _ unit: String?, _ role: Role) -> Visitor.Account {
            Visitor.Account(personID: id, name: "第\(id)人", unitCode: unit, roles: [role])
        }
        return [
            "office": person(1, nil, .digitalOffice), "office2": person(2, nil, .digitalOffice),
            "owner": person(3, owner, .unitStaff), "stranger": person(4, "publicity", .unitStaff),
            "leader": person(5, nil, .leader), "enterprise": person(6, nil, .enterprise),
        ]
    }()

    let database: any Database
    let profile: Profile
    let module: IndicatorsModule
    let site: SiteResponder
    let surroundings = Surroundings.fixed()

    init(_ engine: Engine = .sqlite, sources: [any FactSource] = []) async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        profile = try ProfileLoader.load(folder: root.appendingPathComponent("profiles/putuo"))
        database = try await engine.database(
            StoreMigrations.all + OrganisationMigrations.all + IndicatorMigrations.all)
        module = try IndicatorsModule(
            profile: profile, database: database, surroundings: surroundings,
            dataFolder: URL(fileURLWithPath: try ScratchFolder.shared().path("district")), sources: sources)
        site = try SiteBuilder(
            rooms: [OrganisationModule.resources, IndicatorsModule.resources], routes: module.routes,
            navigation: IndicatorsModule.navigation, sessions: Sessions(), surroundings: surroundings,
            zone: profile.zone, districtName: profile.name, secret: Array(0..<32),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).build()
    }

    static func account(_ name: String) throws -> Visitor.Account { try #require(people[name]) }

    // MARK: - Figures

    @discardableResult
    func define(_ change: @Sendable (inout IndicatorDraft) -> Void = { _ in }) async throws -> Indicator {
        var draft = IndicatorDraft()
        (draft.code, draft.nameZh, draft.unitZh) = ("demo.one", "测试指标", "件")
        (draft.basis, draft.source, draft.periodKind) = ("operations", "系统", .month)
        (draft.ownerUnitCode, draft.places) = (Self.owner, 1)
        change(&draft)
        let (wanted, manage, account) = (draft, module.manage, try Self.account("office"))
        return try await database.write { try manage.define(wanted, by: account, in: $0) }
    }

    @discardableResult
    func enter(
        _ indicator: Indicator, _ period: String, _ value: String, scope: FigureScope = .district, note: String = "",
        by person: String = "owner"
    ) async throws -> IndicatorValue {
        let (manage, account) = (module.manage, try Self.account(person))
        let entry = ManageIndicators.Entry(scope: scope, period: period, value: value, note: note)
        return try await database.write { try manage.enter(entry, for: indicator.id, by: account, in: $0) }
    }

    @discardableResult
    func verify(_ value: IndicatorValue, by person: String = "office") async throws -> IndicatorValue {
        let (manage, account) = (module.manage, try Self.account(person))
        return try await database.write { try manage.verify(value.id, by: account, in: $0) }
    }

    /// Both indicators of a basis with yearly tax, in ten thousands of yuan.
    func tax(_ years: [(Int, Int64, [Int64])], basis: String = IndicatorBasis.totalTax) async throws {
        let (manage, account) = (module.manage, try Self.account("office"))
        let keys = profile.keyIndustries.map(\.code)
        try await database.write { tx in
            let made = try FourOneOneData.drafts(basis).map { try manage.define($0, by: account, in: tx) }
            for (year, total, taxes) in years {
                func add(_ indicator: Indicator, _ scope: FigureScope, _ value: Int64) throws {
                    let entry = ManageIndicators.Entry(scope: scope, period: "\(year)", value: "\(value)")
                    _ = try manage.enter(entry, for: indicator.id, by: account, in: tx)
                }
                try add(made[0], .district, total)
                for (key, tax) in zip(keys, taxes) { try add(made[1], .industry(key), tax) }
            }
        }
    }

    // MARK: - Imports

    func draft(
        _ text: String, kind: ImportPreview.Kind = .values, name: String = "figures.csv"
    ) async throws -> (IndicatorImport, ImportPreview) {
        let path = try ScratchFolder.shared().path("csv")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let imports = module.importIndicators
        let draft = try await imports.draft(
            path: path, name: name, kind: kind, basis: IndicatorBasis.totalTax, by: try Self.account("office"))
        return (draft, try await database.read { try imports.preview(draft, in: $0) })
    }

    // MARK: - Pages

    struct Answer: Sendable {
        let status: Int
        let location: String?
        let body: String
    }

    func get(_ path: String, as person: String? = "office", language: Language = .chinese) async throws -> Answer {
        try await send(path, .get, person, language, "")
    }

    func post(_ path: String, _ form: [(String, String)], as person: String = "office") async throws -> Answer {
        let page = try await get("/desk/nowhere", as: person).body
        let token = page.firstMatch(of: /name="csrf" value="([^"]+)"/).map { String($0.output.1) } ?? ""
        let body = ([("csrf", token)] + form).map { "\(urlEncoded($0.0))=\(urlEncoded($0.1))" }.joined(separator: "&")
        return try await send(path, .post, person, .chinese, body)
    }

    private func send(
        _ path: String, _ method: HTTPRequest.Method, _ person: String?, _ language: Language, _ body: String
    ) async throws -> Answer {
        var headers = HTTPFields()
        headers[.cookie] = (person.map { "shuzhi_session=\($0); " } ?? "") + "shuzhi_language=\(language.rawValue)"
        if method == .post { headers[.contentType] = "application/x-www-form-urlencoded" }
        let sent = headers
        return try await Application(responder: site).test(.router) { client in
            try await client.execute(uri: path, method: method, headers: sent, body: ByteBuffer(string: body)) {
                Answer(
                    status: Int($0.status.code), location: $0.headers[.location], body: String(buffer: $0.body))
            }
        }
    }
}
