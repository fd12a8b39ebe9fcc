import Core
import Organisation
import Store
import Synchronization
import TestKit

@testable import Casework

/// A small district with the holidays the tests count by hand, and cases to open in it.
enum Fixture {
    static let dispatch = "D01"
    static let water = "D02"
    static let roads = "D03"

    static let kind = CaseKind(
        name: "request", title: Bilingual(zh: "诉求", en: "Request"),
        states: [
            ("received", Bilingual(zh: "已受理", en: "Received"), true),
            ("handling", Bilingual(zh: "办理中", en: "Handling"), true),
            ("closed", Bilingual(zh: "已办结", en: "Closed"), false),
        ],
        isGapless: false, path: "/desk/requests",
        eventTitles: ["received": Bilingual(zh: "受理", en: "Received")])
    static let letter = CaseKind(
        name: "letter", title: Bilingual(zh: "公函", en: "Letter"),
        states: [("signed", Bilingual(zh: "已签发", en: "Signed"), true)], isGapless: true, path: "/desk/letters")

    static let provenance = Provenance(isVerified: true, source: "test")

    static func unit(_ code: String, _ zh: String, _ en: String) -> Unit {
        let name = Bilingual(zh: zh, en: en)
        return Unit(code: code, kind: .department, name: name, shortName: name, provenance: provenance)
    }

    static func days(_ texts: String...) -> [Day] {
        texts.flatMap { text -> [Day] in
            let ends = text.split(separator: "~").compactMap { Day(iso: $0) }
            guard let first = ends.first, let last = ends.last else { return [] }
            return (first.number...last.number).map { Day(number: $0) }
        }
    }

    /// State Council notices 国办发明电〔2019〕16号 and 〔2020〕27号, the parts used here.
    static let calendar = WorkCalendar(
        holidays: Set(days("2020-10-01~2020-10-08", "2021-02-11~2021-02-17", "2021-05-01~2021-05-05")),
        makeUpWorkdays: Set(
            days("2020-09-27", "2020-10-10", "2021-02-07", "2021-02-20", "2021-04-25", "2021-05-08")),
        covered: Day(year: 2020, month: 1, day: 1)!...Day(year: 2021, month: 12, day: 31)!)

    static func limit(_ name: String, _ days: Int, isVerified: Bool = true) -> HotlineRules.Limit {
        HotlineRules.Limit(
            name: name, workingDays: days, title: Bilingual(zh: "求助", en: "Help"),
            provenance: Provenance(isVerified: isVerified, source: "test"))
    }

    static func profile(numberPatterns: [String: String]? = nil) -> Profile {
        Profile(
            code: "310107", slug: "test", name: Bilingual(zh: "测试区", en: "Test"), zone: .shanghai,
            units: [
                unit(dispatch, "城运中心", "Operations"), unit(water, "水务局", "Water"),
                unit(roads, "建管委", "Roads"),
            ],
            townships: [], keyIndustries: [],
            leadingGroup: LeadingGroup(heads: [], deputies: [], provenance: provenance), calendar: calendar,
            hotline: HotlineRules(limits: [limit("help", 5)]),
            numberPatterns: numberPatterns ?? ["request": "PT-{yyyyMMdd}-{n:5}", "letter": "普函〔{yyyy}〕{n:1}号"])
    }

    static let migrations = StoreMigrations.all + OrganisationMigrations.all + CaseworkMigrations.all

    /// 2021-04-19 09:00 in Shanghai, a Monday.
    static let now = Instant(millisecondsSince1970: 1_618_794_000_000)

    static func cases(at instant: Instant = now, surroundings: Surroundings? = nil) throws -> Cases {
        try Cases(
            profile: profile(), kinds: [kind, letter], surroundings: surroundings ?? Surroundings.fixed(at: instant))
    }

    static func new(
        _ id: Int64, title: String = "路灯不亮", kind: String = "request", lead: String? = water,
        supporting: [String] = [], openedAt: Instant = now, days: Int? = 5, text: String = "",
        actor: Actor = .system("import")
    ) -> NewCase {
        NewCase(
            id: ID(id), kind: kind, title: title, state: kind == "letter" ? "signed" : "received", isOpen: true,
            leadUnitCode: lead, supportingUnitCodes: supporting, openedAt: openedAt,
            deadline: days.map {
                Deadline.derive(limit: limit("help", $0), from: openedAt, calendar: calendar, zone: .shanghai)
            },
            searchText: text, actor: actor, event: "received", detail: "")
    }

    static func instant(_ day: String, _ hour: Int = 9, _ minute: Int = 0) -> Instant {
        (Day(iso: day) ?? Day(number: 0)).start(in: .shanghai).adding(seconds: Int64(hour * 3_600 + minute * 60))
    }

    static let clerk = Actor.person(id: 7, unitCode: water)
}

/// A database with cases in it.
struct World {
    let database: any Database
    let cases: Cases

    init(_ engine: Engine, at instant: Instant = Fixture.now, surroundings: Surroundings? = nil) async throws {
        database = try await engine.database(Fixture.migrations)
        cases = try Fixture.cases(at: instant, surroundings: surroundings)
    }

    @discardableResult
    func open(_ new: NewCase) async throws -> CaseFile {
        let cases = cases
        return try await database.write { try cases.open(new, in: $0) }
    }

    func find(_ id: Int64, now: Instant = Fixture.now) async throws -> CaseFile {
        try await database.read { try CaseStore.find(ID(id), now: now, in: $0) }
    }

    func timeline(_ id: Int64) async throws -> [TimelineEntry] {
        try await database.read { try CaseTimelineStore.entries(of: ID(id), in: $0) }
    }

    func verify() async throws -> ChainReport { try await database.read { try ChainReport.verify(in: $0) } }
}
