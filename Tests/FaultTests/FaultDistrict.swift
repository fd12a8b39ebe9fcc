import Core
import Foundation
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Appeals
@testable import Platform

/// A district on disk that processes of the program serve, fill and lose, and that the tests look into in between.
struct FaultDistrict: Sendable {
    let folder: String
    let database: String
    let settings: Settings
    /// The cookie of somebody of the digital office; empty where nobody has ever signed in.
    private(set) var session = ""

    init(_ engine: Engine, server: PostgreSQLServer? = nil) async throws {
        try self.init(nothingIn: engine, server: server)
        let district = try await District.open(settings.districts[0], of: settings, logger: quiet)
        try await district.migrate()
        session = try await Self.signIn(district)
        try await district.close()
    }

    /// A place for a district that is not there yet.
    init(nothingIn engine: Engine, server: PostgreSQLServer? = nil, schema: String? = nil) throws {
        folder = try ScratchFolder.shared().path("district")
        switch engine {
        case .sqlite: database = "sqlite:\(folder)/a.sqlite"
        case .postgresql: database = try (server ?? PostgreSQLServer.shared()).address(schema: schema)
        }
        var flags = SettingFlags()
        flags.values = [.data: folder, .database: database]
        settings = try Settings.read(
            environment: ["SHUZHI_PROFILES": SourceRoot.url.appendingPathComponent("profiles").path], flags: flags)
    }

    private static func signIn(_ district: District) async throws -> String {
        let context = try OrganisationContext(
            profile: district.profile, database: district.database, surroundings: district.surroundings,
            secret: district.secret)
        let draft = PersonDraft(signInName: "office", name: "张三", unitCode: nil, roles: [.digitalOffice])
        let link = try await district.database.write { try ManagePeople(context).inviteBySystem(draft, in: $0).link }
        return try await OneTimeLinks(context).follow(
            String(link.split(separator: "/").last ?? ""), password: "correct kettle 42 garden", replacing: nil,
            from: Origin(address: nil)
        ).token
    }

    var arguments: [String] { ["--data", folder, "--database", database] }

    func serve(_ more: [String] = [], limits: String = ":") throws -> ShuzhiProcess {
        try ShuzhiProcess(
            ["serve", "--port", "0"] + arguments + more, limits: "export SHUZHI_BEHIND_PROXY=1; \(limits)")
    }

    /// Looks into the district while no process of the program has it.
    func open<T: Sendable>(_ body: @Sendable (District) async throws -> T) async throws -> T {
        let district = try await District.open(settings.districts[0], of: settings, logger: quiet)
        do {
            let value = try await body(district)
            try await district.close()
            return value
        } catch {
            try? await district.close()
            throw error
        }
    }

    /// Every chain verifies, the database is whole, and nothing is half there.
    func expectSound(_ comment: String) async throws {
        let (findings, halves) = try await open { district in
            let findings = await Doctor(district, secretFile: settings.secretFile).examine()
            return (
                findings.filter { $0.grade == .fault || $0.check == "problems" && $0.grade != .good },
                try await district.database.read { try HalfStore.halves(in: $0) }
            )
        }
        #expect(findings.isEmpty, "\(comment): \(findings)")
        #expect(halves.isEmpty, "\(comment): \(halves)")
    }

    /// A hotline export of so many rows, numbered on from `first`.
    func file(rows: Int, from first: Int = 1) throws -> String {
        let path = try ScratchFolder.shared().path("csv")
        let text = (first..<first + rows).map { "G\($0),2021-04-01 09:00,路灯坏了请派人修第\($0)次,兰溪路\($0 % 90)号\n" }.joined()
        try ("工单编号,受理时间,诉求内容,地址\n" + text).write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}

extension PostgreSQLServer {
    /// A database address with a schema of its own, as an operator gives it.
    func address(schema: String? = nil) -> String {
        "\(url)&schema=\(schema ?? "t\(UInt32.random(in: 0...UInt32.max))")"
    }
}

/// Finds records of which a part is missing.
enum HalfStore {
    static func halves(in tx: any Transaction) throws -> [String] {
        let checks: [(name: String, statement: SQL)] = [
            ("appeals without their case", "SELECT id FROM appeal WHERE id NOT IN (SELECT id FROM case_file)"),
            (
                "cases without their appeal",
                "SELECT id FROM case_file WHERE kind = 'appeal' AND id NOT IN (SELECT id FROM appeal)"
            ),
            (
                "cases without a timeline",
                "SELECT id FROM case_file WHERE id NOT IN (SELECT case_id FROM case_timeline)"
            ),
            (
                "portal appeals that nobody can follow",
                "SELECT id FROM appeal WHERE source = 'portal' AND id NOT IN (SELECT appeal_id FROM appeal_contact)"
            ),
        ]
        return try checks.flatMap { check in
            try tx.all(check.statement).map { "\(check.name): \(try $0.get("id") as Int64)" }
        }
    }
}

/// How many times something is killed: few in every run of the tests, `SHUZHI_TEST_KILLS=50` where there is time.
enum Rounds {
    static let kills = ProcessInfo.processInfo.environment["SHUZHI_TEST_KILLS"].flatMap { Int($0) } ?? 4
    static let seed = ProcessInfo.processInfo.environment["SHUZHI_TEST_SEED"].flatMap { UInt64($0) } ?? 20_210_419
}
