import Casework
import Core
import Foundation
import Store
import TestKit
import Testing
import Web

@testable import Appeals

@Suite("Units proposed from handled appeals")
struct DispatchTests {
    /// Rows of two units' matters, handled elsewhere long ago.
    private static func handled(_ numbers: ClosedRange<Int>, month: String = "2020-03", swapped: Bool = false) -> String
    {
        let rows = numbers.map { number in
            let isRoad = number % 2 == 0
            let (text, unit) = isRoad ? ("小区门口路灯坏了，道路坑洼", "建管委") : ("学校食堂卫生差，老师补课", "教育局")
            let day = 1 + number % 28
            return "D\(number),\(month)-\(day < 10 ? "0" : "")\(day) 09:00,\(text)第\(number)次,"
                + (swapped ? (isRoad ? "教育局" : "建管委") : unit)
        }
        return "工单编号,受理时间,诉求内容,主责部门\n" + rows.joined(separator: "\n")
    }

    private static func train(_ district: AppealDistrict) async throws -> TrainDispatch.Outcome {
        let train = TrainDispatch(database: district.database, surroundings: district.surroundings)
        return try await train { _, _ in }
    }

    private static func records(_ district: AppealDistrict) async throws -> [DispatchRecord] {
        try await district.database.read { try DispatchStore.list(limit: 10, offset: 0, in: $0) }
    }

    @Test("Few handled cases teach nothing; enough do, and are judged on those not learnt", arguments: Engine.allCases)
    func learns(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        try await district.load(Self.handled(1...20))
        #expect(try await Self.train(district) == .tooFew)
        try await district.load(Self.handled(21...80))
        #expect(try await Self.train(district) == .replaced(version: 1))
        let record = try #require(try await Self.records(district).first)
        #expect(record.cases == 80 && record.units == 2 && record.heldOut == 16)
        #expect(record.rightFirst == 16 && record.rightThree == 16 && record.rivalFirst == nil && record.isInUse)
        #expect(try await Self.train(district) == .nothingNew)
    }

    @Test("A new model replaces the one in use only where it does no worse on new cases", arguments: Engine.allCases)
    func replaces(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        try await district.load(Self.handled(1...80))
        #expect(try await Self.train(district) == .replaced(version: 1))
        try await district.load(Self.handled(101...130, month: "2020-05"))
        #expect(try await Self.train(district) == .replaced(version: 2))
        let (first, second) = (try await Self.records(district)[1], try await Self.records(district)[0])
        #expect(!first.isInUse && second.isInUse && second.heldOut == 30 && second.rivalFirst == 30)
        // The model that is not in use any more is let go; its figures stay.
        let kept = try await district.database.read { try DispatchStore.model(1, in: $0) }
        #expect(kept == nil)
        let inUse = try await district.database.read { try DispatchStore.model(2, in: $0) }
        #expect(inUse != nil)
    }

    @Test("One that does worse is recorded and does not come into use", arguments: Engine.allCases)
    func loses(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        try await district.load(Self.handled(1...80))
        #expect(try await Self.train(district) == .replaced(version: 1))
        // Between the old cases and the new, many that were assigned the wrong way round.
        let record = try #require(try await Self.records(district).first)
        try await district.load(Self.handled(2_101...2_500, month: "2020-03", swapped: true))
        try await district.load(Self.handled(2_001...2_030, month: "2020-06"))
        #expect(try await Self.train(district) == .kept(version: 2))
        let records = try await Self.records(district)
        #expect(records[0].rivalFirst == 30 && records[0].rightFirst < 30 && !records[0].isInUse, "\(records[0])")
        #expect(records[1] == record)
    }

    @Test("Whoever dispatches sees the likeliest units, their words and past cases, and can choose one")
    func shown() async throws {
        let district = try await AppealDistrict()
        try await district.load(Self.handled(1...80))
        try await district.load("编号,时间,内容\nA1,2021-04-18,学校老师收费补课，联系电话13812345678")
        let file = try await district.file("A1")
        #expect(!(try await district.get("/desk/appeals/\(file.id)")).body.contains("建议主责单位"))
        _ = try await Self.train(district)
        let page = try await district.get("/desk/appeals/\(file.id)")
        #expect(page.body.contains("建议主责单位"))
        #expect(page.body.contains("href=\"/desk/appeals/\(file.id)?unit=education\""))
        #expect(page.body.contains("依据词语："))
        #expect(page.body.contains("学校食堂卫生差"))
        #expect(!page.body.contains("13812345678"))
        let chosen = try await district.get("/desk/appeals/\(file.id)?unit=education")
        #expect(chosen.body.firstMatch(of: /value="education"\s+selected/) != nil)
        // Only whoever may dispatch.
        #expect(!(try await district.get("/desk/appeals/\(file.id)", as: "leader")).body.contains("建议主责单位"))
        try await district.move("A1", .dispatch, unit: "education")
        #expect(!(try await district.get("/desk/appeals/\(file.id)")).body.contains("建议主责单位"))
    }

    @Test("The list of models says how each was judged; training is asked for by the digital office alone")
    func listed() async throws {
        let district = try await AppealDistrict()
        #expect(try await district.get("/desk/dispatch-models").body.contains("还没有模型"))
        try await district.load(Self.handled(1...80))
        _ = try await Self.train(district)
        #expect(try await district.get("/desk/dispatch-models", language: .english).body.contains("In use"))
        #expect(try await district.get("/desk/dispatch-models", as: "staff").status == 403)
        #expect(try await district.post("/desk/dispatch-models/train", [:]).status == 303)
        #expect(try await district.post("/desk/dispatch-models/train", [:], as: "staff").status == 403)
        let jobs = try await district.database.read { try JobStore.countsByState(in: $0) }
        #expect(jobs[.queued, default: 0] >= 1)
    }

    @Test("Before a case is closed, the page says what its reply lacks")
    func hints() async throws {
        let district = try await AppealDistrict()
        try await district.load("编号,时间,内容\nA1,2021-04-18,小区门口的路灯坏了三个月，请派人维修。")
        try await district.move("A1", .dispatch, unit: "construction")
        try await district.move("A1", .accept, by: "staff")
        try await district.move("A1", .contact, by: "staff")
        try await district.move("A1", .handle, by: "staff")
        try await district.move("A1", .submit, by: "staff", reason: "您好，来信收悉，已转有关单位。")
        let file = try await district.file("A1")
        #expect(try await district.get("/desk/appeals/\(file.id)").body.contains("只说明已收到或已转办"))
        let good = try await AppealDistrict()
        try await good.load("编号,时间,内容\nA1,2021-04-18,小区门口的路灯坏了三个月，请派人维修。")
        try await good.move("A1", .dispatch, unit: "construction")
        try await good.move("A1", .accept, by: "staff")
        try await good.move("A1", .contact, by: "staff")
        try await good.move("A1", .handle, by: "staff")
        try await good.move(
            "A1", .submit, by: "staff", reason: "经现场查看，门口路灯电缆老化，已于今日更换，目前照明恢复正常，请您继续监督。")
        #expect(!(try await good.get("/desk/appeals/\(try await good.file("A1").id)")).body.contains("答复发出前请核对"))
    }
}
