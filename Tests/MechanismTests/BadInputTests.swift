import Casework
import Core
import Foundation
import Hummingbird
import Organisation
import Sheets
import Store
import TestKit
import Testing
import Web

@testable import Indicators
@testable import Mechanism

/// What issue and regulations say of bad input, each by its name; the others stand where their matter is tested:
/// cycles, weights, two leads and a holiday in `TaskTests` and `PlanTests`, a period twice and negative tax in the
/// tests of indicators.
@Suite("Units, people and days that change under way")
struct BadInputTests {
    private typealias District = MechanismDistrict

    /// 建管委 is dissolved into 房管局 on the last day of June.
    private static let dissolved = MechanismRules(
        lights: MechanismRules.usual.lights,
        reorganisations: [
            .init(
                unitCode: "construction", on: MechanismDistrict.day("2021-06-30"), successorCode: "housing",
                provenance: Provenance(isVerified: true, source: "test"))
        ])

    @Test("A unit dissolved mid-year keeps its past, gets nothing new, and its open tasks go to its successor")
    func dissolvedUnit() async throws {
        let before = try await District(rules: Self.dissolved)
        let ids = try await before.open(
            District.draft("做完的", start: "2021-01-01", due: "2021-12-31"), District.draft("还在做"))
        try await before.report(ids[0], permille: 600)
        let after = try await before.on("2021-07-01")
        await #expect(
            throws: MechanismError.unitDissolved(
                unit: "普陀区建设和管理委员会", on: District.day("2021-06-30"), successor: "普陀区住房保障和房屋管理局")
        ) { try await after.open(District.draft("新的")) }
        let page = try await after.get("/desk/tasks/\(ids[1])")
        #expect(page.status == 200 && page.body.contains("已撤并"))
        let form = try await after.get("/desk/tasks/new")
        #expect(!form.body.contains("value=\"construction\"") && form.body.contains("value=\"housing\""))
        let (cases, office, file) = (after.cases, try District.account("office"), try await after.file(ids[1]))
        _ = try await after.database.write {
            try cases.assign(file, lead: "housing", reason: "撤并承接", actor: office.actor, in: $0)
        }
        let units = try await after.database.read {
            try TaskListStore.figuresByUnit(isCompared: true, now: after.cases.surroundings.now(), in: $0)
        }
        #expect(units.map(\.unit) == ["construction", "housing"], "what was done before the merger stays where it was")
        // A plan's table that still names it is read as its successor, with a doubt to be looked at.
        let table = try MeasureTable(
            titles: ["任务", "牵头单位"],
            rows: [SheetRow(number: 2, cells: [.text("新任务"), .text("区建管委")])], profile: after.profile,
            today: after.tasks.today)
        #expect(table.lines[0].lead == "housing" && table.lines[0].doubts.contains(.dissolved))
    }

    @Test("A person in two units acts for the present one only, and never checks what they reported for the other")
    func personInTwoUnits() async throws {
        let district = try await District()
        let id = try await district.open(District.draft())[0]
        let rounds = district.rounds
        func person(_ unit: String?, _ roles: Set<Role>) -> Visitor.Account {
            Visitor.Account(personID: 2, name: "第2人", unitCode: unit, roles: roles)
        }
        let (here, there) = (person("construction", [.unitHead]), person("publicity", [.unitHead]))
        let office = person(nil, [.digitalOffice])
        let report = try await district.database.write { tx in
            _ = try rounds.open(
                .month, around: District.day("2021-04-19"), due: District.day("2021-05-06"), by: 1, in: tx)
            return try #require(try RoundStore.reports(ofTask: id, in: tx).first)
        }
        let evidence = [Evidence(kind: .fact, reference: "/desk/facts", title: "数据")]
        let entry = Rounds.Entry(text: "做了", permilles: [1_000], evidence: evidence)
        await #expect(throws: MechanismError.reportNotYours(.fill)) {
            try await district.database.write { try rounds.fill(report.id, version: 1, entry, by: there, in: $0) }
        }
        try await district.database.write { tx in
            try rounds.fill(report.id, version: 1, entry, by: here, in: tx)
            try rounds.confirm(report.id, version: 2, by: here, in: tx)
        }
        await #expect(throws: MechanismError.reportNotYours(.sendBack)) {
            try await district.database.write {
                try rounds.sendBack(report.id, version: 3, reason: "不再管", by: there, in: $0)
            }
        }
        await #expect(throws: MechanismError.checkerIsOfUnit) {
            try await district.database.write { try rounds.check(report.id, version: 3, by: office, in: $0) }
        }
        let other = try District.account("office")
        try await district.database.write { try rounds.check(report.id, version: 3, by: other, in: $0) }
        try await district.move(id, .deliver, by: "head")
        let (tasks, version) = (district.tasks, try await district.file(id).version)
        await #expect(throws: MechanismError.checkerIsOfUnit) {
            _ = try await district.database.write {
                try tasks.move(
                    id, .init(event: .closeOut, version: version, reason: "通过"), by: office, in: $0)
            }
        }
        try await district.move(id, .closeOut, by: "office")
        #expect(try await district.database.read { try RoundStore.report(report.id, in: $0) }.filledBy == 2)
    }

    @Test("A round twice for one period is refused, also by two who open it at once", arguments: Engine.allCases)
    func roundTwice(on engine: Engine) async throws {
        let district = try await District(engine)
        try await district.open(District.draft())
        let (rounds, database) = (district.rounds, district.database)
        let opened = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (try? await database.write {
                        try rounds.open(
                            .quarter, around: District.day("2021-04-19"), due: District.day("2021-07-05"), by: 1,
                            in: $0)
                    }) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(opened == 1)
        #expect(try await database.read { try RoundStore.rounds(in: $0) }.count == 1)
    }

    @Test(
        "A figure as evidence is frozen with its value, opens to its page, and a blank one proves nothing",
        arguments: Engine.allCases)
    func factEvidence(on engine: Engine) async throws {
        let district = try await District(engine)
        let id = try await district.open(District.draft())[0]
        let (tasks, registry, rounds) = (district.tasks, district.registry, district.rounds)
        let report = try await district.database.write { tx in
            _ = try rounds.open(
                .month, around: District.day("2021-04-19"), due: District.day("2021-05-06"), by: 1, in: tx)
            return try #require(try RoundStore.reports(ofTask: id, in: tx).first)
        }
        func freeze(_ text: String, _ period: String) async throws -> Evidence {
            try await district.database.write {
                try FactEvidence.freeze(text, period: period, for: report.id, registry, by: 2, tasks: tasks, in: $0)
            }
        }
        let evidence = try await freeze("tasks.open unit:construction", "2021-04")
        #expect(evidence.title == "在办任务（建管委，2021年4月）：1项" && evidence.reference.hasPrefix("/desk/facts/frozen/"))
        await #expect(throws: MechanismError.factBlank("任务总进度（宣传部，2021年4月）")) {
            try await freeze("tasks.progress unit:publicity", "2021-04")
        }
        await #expect(throws: FactError.unknown("tasks.nothing")) { try await freeze("tasks.nothing", "2021-04") }
        await #expect(throws: FactError.periodWrong("四月")) { try await freeze("tasks.open", "四月") }
        let page = try await district.get("/desk/reports/\(report.id)", as: "staff")
        #expect(page.body.contains("value=\"tasks.open unit:construction\"") && page.body.contains("本单位"))
        let sent = try await district.postParts(
            "/desk/reports/\(report.id)/fill",
            [
                ("version", "1"), ("text", "改造完成三成"), ("permille-0", "30"), ("fact", "tasks.open"),
                ("fact-period", "2021-04"),
            ], as: "staff")
        #expect(sent.status == 303, "\(sent.body.prefix(400))")
        let filled = try await district.get("/desk/reports/\(report.id)")
        let href = try #require(filled.body.firstMatch(of: /href="(\/desk\/facts\/frozen\/\d+)"/)).output.1
        #expect(filled.body.contains("在办任务（普陀区，2021年4月）：1项"))
        #expect(try await district.get(String(href)).status == 200)
        let blank = try await district.postParts(
            "/desk/reports/\(report.id)/fill",
            [
                ("version", "2"), ("text", "又做了"), ("permille-0", "40"), ("fact", "tasks.progress unit:publicity"),
                ("fact-period", "2021-04"),
            ], as: "staff")
        #expect(blank.status == 403 || blank.status == 422)
    }
}
