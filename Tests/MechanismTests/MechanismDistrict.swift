import Casework
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
    let registry: FactRegistry
    let site: SiteResponder

    var tasks: Tasks { module.tasks }
    var rounds: Rounds { module.rounds }

    init(
        _ engine: Engine = .sqlite, at instant: Instant = now, sharing other: MechanismDistrict? = nil,
        rules: MechanismRules? = nil
    ) async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let loaded = try ProfileLoader.load(folder: root.appendingPathComponent("profiles/putuo"))
        profile = other?.profile ?? Self.profile(loaded, rules)
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
        registry = try FactRegistry([module.facts, IndicatorFactSource(profile: profile)])
        let facts = RememberedFacts(registry: registry, database: database, seconds: 0)
        var routes = module.routes(citing: facts) { _, _ in
            [BulletinSection(title: "突出问题", matters: [.init(text: "兰溪路 3 号积水", href: "/desk/problems/1")])]
        }
        routes.add(casework.routes)
        routes.add(FactRoutes(facts: facts, profile: profile, database: database).routes)
        site = try SiteBuilder(
            rooms: [CaseworkModule.resources, MechanismModule.resources, IndicatorsModule.resources], routes: routes,
            navigation: MechanismModule.navigation, sessions: Sessions(), surroundings: surroundings,
            zone: profile.zone, districtName: profile.name, secret: Array(0..<32),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ).build()
    }

    /// The same profile with other rules.
    private static func profile(_ loaded: Profile, _ rules: MechanismRules?) -> Profile {
        guard let rules else { return loaded }
        return Profile(
            code: loaded.code, slug: loaded.slug, name: loaded.name, zone: loaded.zone, units: loaded.units,
            townships: loaded.townships, keyIndustries: loaded.keyIndustries, leadingGroup: loaded.leadingGroup,
            calendar: loaded.calendar, hotline: loaded.hotline, numberPatterns: loaded.numberPatterns,
            severity: loaded.severity, sources: loaded.sources, mechanism: rules)
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
        let body = (form + [("csrf", try await token(person))]).map { "\(urlEncoded($0.0))=\(urlEncoded($0.1))" }
        return try await send(path, .post, person, .chinese, body.joined(separator: "&"))
    }

    /// As a form that may hold a file sends it, without one.
    func postParts(_ path: String, _ form: [(String, String)], as person: String) async throws -> Answer {
        // The token comes first: what follows is read only with it.
        let parts = ([("csrf", try await token(person))] + form).map {
            "--b\r\nContent-Disposition: form-data; name=\"\($0.0)\"\r\n\r\n\($0.1)\r\n"
        }
        return try await send(
            path, .post, person, .chinese, parts.joined() + "--b--\r\n", type: "multipart/form-data; boundary=b")
    }

    private func token(_ person: String) async throws -> String {
        let page = try await get("/desk/nowhere", as: person)
        return page.body.firstMatch(of: /name="csrf" value="([^"]+)"/).map { String($0.output.1) } ?? ""
    }

    private func send(
        _ path: String, _ method: HTTPRequest.Method, _ person: String?, _ language: Language, _ body: String,
        type: String = "application/x-www-form-urlencoded"
    ) async throws -> Answer {
        let cookies = (person.map { ["shuzhi_session=\($0)"] } ?? []) + ["shuzhi_language=\(language.rawValue)"]
        var headers: HTTPFields = [.cookie: cookies.joined(separator: "; ")]
        if method == .post { headers[.contentType] = type }
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
