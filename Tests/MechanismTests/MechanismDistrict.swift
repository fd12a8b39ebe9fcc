import Casework
import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import Indicators
import Logging
import NIOCore
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Mechanism

/// A district with plans and tasks, and one person for each role.
struct MechanismDistrict {
    struct Sessions: SessionResolver {
        func visitor(sessionToken: String?, now: Instant) async throws -> Visitor {
            guard let token = sessionToken, let account = MechanismDistrict.people[token] else {
                return Visitor(account: nil, sessionKey: "")
            }
            return Visitor(account: account, sessionKey: token)
        }
    }

    static let people: [String: Visitor.Account] = {
        func person(_ id: Int64, _ unit: String?, _ roles: Set<Role>) -> Visitor.Account {
            Visitor.Account(personID: id, name: "第\(id)人", unitCode: unit, roles: roles)
        }
        return [
            "office": person(1, nil, [.digitalOffice]), "staff": person(2, "construction", [.unitStaff]),
            "head": person(3, "construction", [.unitHead]), "stranger": person(4, "publicity", [.unitStaff]),
            "leader": person(5, nil, [.leader]), "audit": person(6, nil, [.auditAdministrator]),
            "insider": person(7, "construction", [.unitStaff, .digitalOffice]),
        ]
    }()

    static func account(_ name: String) throws -> Visitor.Account { try #require(people[name]) }

    static let migrations =
        StoreMigrations.all + OrganisationMigrations.all + CaseworkMigrations.all + IndicatorMigrations.all
        + MechanismMigrations.all

    /// 2021-04-19 09:00 in Shanghai.
    static let now = Instant(millisecondsSince1970: 1_618_794_000_000)
    static func day(_ text: String) -> Day { Day(iso: text) ?? Day(number: 0) }

    let database: any Database
    let profile: Profile
    let cases: Cases
    let module: MechanismModule
    let site: SiteResponder

    var tasks: Tasks { module.tasks }
    var rounds: Rounds { module.rounds }

    init(_ engine: Engine = .sqlite, at instant: Instant = now, sharing other: MechanismDistrict? = nil) async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        profile = try ProfileLoader.load(folder: root.appendingPathComponent("profiles/putuo"))
        if let other {
            database = other.database
        } else {
            database = try await engine.database(Self.migrations)
        }
        // Identifiers go on where the other left off.
        let first = Surroundings.fixed(at: instant)
        let offset: Int64 = other == nil ? 0 : 1_000_000 + instant.millisecondsSince1970 % 1_000_000_000
        let surroundings = Surroundings(now: { instant }, newID: { first.newID() + offset })
        cases = try Cases(profile: profile, kinds: [TaskKind.kind], surroundings: surroundings)
        let folder = URL(fileURLWithPath: try ScratchFolder.shared().path("district"))
        let casework = CaseworkModule(cases: cases, database: database, blobs: BlobFolder(folder))
        module = MechanismModule(database: database, casework: casework)
        var routes = module.routes
        routes.add(casework.routes)
        site = try SiteBuilder(
            rooms: [CaseworkModule.resources, MechanismModule.resources], routes: routes,
            navigation: MechanismModule.navigation, sessions: Sessions(), surroundings: surroundings,
            zone: profile.zone, districtName: profile.name, secret: Array(0..<32),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ).build()
    }

    /// The same district on another day.
    func on(_ day: String, hour: Int64 = 9) async throws -> MechanismDistrict {
        try await MechanismDistrict(
            at: Self.day(day).start(in: profile.zone).adding(seconds: hour * 3_600), sharing: self)
    }

    static func draft(
        _ title: String = "老旧小区光纤改造", lead: String? = "construction", start: String = "2021-01-01",
        due: String = "2021-12-31", weight: Int = 10, node: ID<PlanNode>? = nil, milestones: [Milestone] = []
    ) -> Tasks.Draft {
        Tasks.Draft(
            title: title, nodeID: node, target: "改造 80 个小区", weight: weight, lead: lead, start: day(start),
            due: day(due), milestones: milestones)
    }

    @discardableResult
    func open(_ drafts: Tasks.Draft..., issue: Bool = true) async throws -> [ID<CaseFile>] {
        let tasks = tasks
        let office = try Self.account("office")
        return try await database.write { tx in
            let ids = try tasks.open(drafts, actor: office.actor, in: tx)
            if issue {
                for id in ids {
                    let file = try CaseStore.find(id, now: tasks.cases.surroundings.now(), in: tx)
                    try tasks.move(id, .init(event: .issue, version: file.version), by: office, in: tx)
                }
            }
            return ids
        }
    }

    func file(_ id: ID<CaseFile>) async throws -> CaseFile {
        let now = cases.surroundings.now()
        return try await database.read { try CaseStore.find(id, now: now, in: $0) }
    }

    func task(_ id: ID<CaseFile>) async throws -> WorkTask {
        try await database.read { try TaskStore.find(id, in: $0) }
    }

    func move(_ id: ID<CaseFile>, _ event: TaskEvent, by person: String, reason: String = "说明") async throws {
        let (tasks, account, version) = (tasks, try Self.account(person), try await file(id).version)
        _ = try await database.write {
            try tasks.move(id, .init(event: event, version: version, reason: reason), by: account, in: $0)
        }
    }

    /// Reports, confirms and checks progress through a round of the day's month.
    func report(_ id: ID<CaseFile>, permille: Int, check: Bool = true) async throws {
        let rounds = rounds
        let (head, office) = (try Self.account("head"), try Self.account("office"))
        try await database.write { tx in
            let today = rounds.tasks.today
            let open = try RoundStore.openRounds(in: tx).first
            let round = try open ?? rounds.open(.month, around: today, due: today.adding(days: 7), by: 1, in: tx)
            guard let report = try RoundStore.reports(ofTask: id, in: tx).first(where: { $0.roundID == round.id })
            else { throw MechanismError.reportUnknown }
            let plan = try TaskStore.plan(of: try TaskStore.find(id, in: tx), in: tx)
            try rounds.fill(
                report.id, version: report.version,
                .init(
                    text: "按计划推进", permilles: plan.milestones.map { _ in permille },
                    evidence: [Evidence(kind: .fact, reference: "/desk/facts", title: "数据")]), by: head, in: tx)
            try rounds.confirm(report.id, version: report.version + 1, by: head, in: tx)
            if check { try rounds.check(report.id, version: report.version + 2, by: office, in: tx) }
        }
    }

    // MARK: - Pages

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPFields
        let body: String
    }

    func get(_ path: String, as person: String? = "office", language: Language = .chinese) async throws -> Answer {
        try await send(path, .get, person, language, "")
    }

    func post(_ path: String, _ form: [(String, String)], as person: String = "office") async throws -> Answer {
        let page = try await get("/desk/nowhere", as: person)
        let token = page.body.firstMatch(of: /name="csrf" value="([^"]+)"/).map { String($0.output.1) } ?? ""
        let body = (form + [("csrf", token)]).map { "\(urlEncoded($0.0))=\(urlEncoded($0.1))" }
        return try await send(path, .post, person, .chinese, body.joined(separator: "&"))
    }

    private func send(
        _ path: String, _ method: HTTPRequest.Method, _ person: String?, _ language: Language, _ body: String
    ) async throws -> Answer {
        let cookies = (person.map { ["shuzhi_session=\($0)"] } ?? []) + ["shuzhi_language=\(language.rawValue)"]
        var headers: HTTPFields = [.cookie: cookies.joined(separator: "; ")]
        if method == .post { headers[.contentType] = "application/x-www-form-urlencoded" }
        let sent = headers
        return try await Application(responder: site).test(.router) { client in
            try await client.execute(uri: path, method: method, headers: sent, body: ByteBuffer(string: body)) {
                Answer(
                    status: Int($0.status.code), headers: $0.headers,
                    body: String(decoding: Array($0.body.readableBytesView), as: UTF8.self))
            }
        }
    }
}
