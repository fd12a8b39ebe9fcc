import Casework
import Core
import Hummingbird
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Indicators
@testable import Mechanism

@Suite("Units beside their peers")
struct ComparisonTests {
    private typealias District = MechanismDistrict

    private func exclude(
        _ district: District, _ id: ID<CaseFile>, _ ground: CaseExclusion.Ground = .outOfScope, by person: String
    ) async throws {
        let (cases, account, file) = (district.cases, try District.account(person), try await district.file(id))
        _ = try await district.database.write {
            try cases.exclude(file, ground, reason: "市属道路，13912345678 已告知", by: account, in: $0)
        }
    }

    @Test(
        "What is left out counts for no unit and still for the district, until it is taken back in",
        arguments: Engine.allCases)
    func leftOut(on engine: Engine) async throws {
        let district = try await District(engine)
        let ids = try await district.open(
            District.draft("红", start: "2020-06-01"), District.draft("不归我管", start: "2020-06-01"))
        let (registry, unit) = (district.registry, FigureScope.unit("construction"))
        let month = try #require(Period(reading: "2021-04"))
        func red() async throws -> [String] {
            try await district.database.read { tx in
                try [FigureScope.district, unit].map {
                    try registry.measure("tasks.red", month, $0, now: District.now, in: tx).text
                }
            }
        }
        #expect(try await red() == ["2", "2"])
        try await exclude(district, ids[1], by: "office")
        #expect(try await red() == ["2", "1"])
        let (rows, counts, compared) = try await district.database.read { tx in
            (
                try registry.rows(of: "tasks.red", month, unit, limit: 10, offset: 0, in: tx),
                try CaseExclusionStore.countsByUnit(kind: "task", in: tx),
                try TaskListStore.figuresByUnit(isCompared: true, now: District.now, in: tx)
            )
        }
        #expect(rows.total == 1 && rows.rows.count == 1, "a figure opens to as many rows as it says")
        #expect(counts == ["construction": 1] && compared.map(\.open) == [1])
        let (cases, office, file) = (district.cases, try District.account("office"), try await district.file(ids[1]))
        try await district.database.write { try cases.readmit(file, reason: "复核后仍归本单位", by: office, in: $0) }
        #expect(try await red() == ["2", "2"])
        let kept = try await district.database.read {
            try CaseExclusionStore.list(.init(), limit: 10, now: District.now, in: $0)
        }
        #expect(kept.count == 1 && !kept[0].exclusion.isStanding && kept[0].exclusion.liftReason == "复核后仍归本单位")
        let chain = try await district.database.read { try ChainReport.verify(in: $0) }
        #expect(chain.faults.isEmpty)
    }

    @Test("Nobody decides it for a unit of their own, and never without a reason", arguments: Engine.allCases)
    func permission(on engine: Engine) async throws {
        let district = try await District(engine)
        let id = try await district.open(District.draft())[0]
        for person in ["staff", "head", "stranger", "insider"] {
            await #expect(throws: CaseError.exclusionNotYours, "\(person)") {
                try await exclude(district, id, by: person)
            }
        }
        let (cases, office, file) = (district.cases, try District.account("office"), try await district.file(id))
        await #expect(throws: CaseError.reasonMissing) {
            try await district.database.write {
                try cases.exclude(file, .unreasonable, reason: " ", by: office, in: $0)
            }
        }
        try await exclude(district, id, by: "leader")
        await #expect(throws: CaseError.exclusionExists) { try await exclude(district, id, by: "office") }
        try await district.database.write { try cases.readmit(file, reason: "重新计入", by: office, in: $0) }
        await #expect(throws: CaseError.exclusionUnknown) {
            try await district.database.write { try cases.readmit(file, reason: "再来", by: office, in: $0) }
        }
    }

    @Test("Of many who leave a case out at once, one succeeds", arguments: Engine.allCases)
    func race(on engine: Engine) async throws {
        let district = try await District(engine)
        let id = try await district.open(District.draft())[0]
        let done = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<6 { group.addTask { (try? await exclude(district, id, by: "office")) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(done == 1)
        let all = try await district.database.read {
            try CaseExclusionStore.count(.init(), now: District.now, in: $0)
        }
        #expect(all == 1)
    }

    @Test(
        "The pages: a case is left out by its form, listed with its reason, and files say the same",
        arguments: Language.allCases)
    func pages(language: Language) async throws {
        let district = try await District()
        let ids = try await district.open(
            District.draft("红", start: "2020-06-01"), District.draft("剔除的 <i>件</i>", start: "2020-06-01"))
        let path = "/desk/cases/\(ids[1])"
        let form = [("ground", "unreasonable"), ("exclusion-reason", "要求不合理 <b>已告知</b> 13912345678")]
        #expect(try await district.post(path + "/exclusion", form, as: "head").status == 403)
        #expect(try await district.post(path + "/exclusion", [form[0], ("exclusion-reason", "")]).status == 422)
        #expect(try await district.post(path + "/exclusion", form).status == 303)
        let task = try await district.get("/desk/tasks/\(ids[1])", language: language)
        #expect(task.body.contains("&lt;b&gt;已告知") && task.body.contains(path + "/readmission"))
        for list in [
            "/desk/exclusions?standing=yes&ground=unreasonable&unit=construction&kind=task", "/desk/unit-lights",
            "/desk/unit-figures/tasks?period=2021-04",
            "/desk/unit-figures/tasks?period=2021-04&sort=-red&kind=department",
        ] {
            let page = try await district.get(list, as: "stranger", language: language)
            #expect(page.status == 200, "\(list)")
            #expect(
                page.body.firstMatch(of: />\s*(casework|supervision|mechanism)\.[a-z_.]+\s*</) == nil, "\(list)")
        }
        let listed = try await district.get("/desk/exclusions", as: "stranger", language: language)
        #expect(listed.body.contains("剔除的 &lt;i&gt;") && listed.body.contains("139****5678"))
        #expect(!(try await district.get("/desk/exclusions?standing=no").body.contains("剔除的 &lt;i&gt;")))
        let lights = try await district.get("/desk/unit-lights/export?format=csv", language: language)
        #expect(lights.body.split(whereSeparator: \.isNewline).count == 2 && lights.body.contains("1"))
        for file in ["/desk/exclusions/export?format=csv", "/desk/unit-figures/tasks/export?period=2021-04&format=csv"]
        {
            let answer = try await district.get(file, language: language)
            #expect(
                answer.status == 200 && answer.headers[.contentDisposition]?.contains("attachment") == true, "\(file)")
        }
        #expect(try await district.get("/desk/unit-figures/nothing").status == 404)
        #expect(try await district.get("/desk/unit-figures/tasks?period=soon").status == 422)
        #expect(try await district.get("/desk/exclusions", as: nil).status != 200)
        let audited = try await district.database.read {
            try AuditStore.list(AuditFilter(), limit: 20, offset: 0, in: $0)
        }
        #expect(audited.filter { $0.event.kind == .export }.map(\.event.subject).contains("exclusions"))
        #expect(try await district.post(path + "/readmission", [("exclusion-reason", "复核")]).status == 303)
    }
}
