import Casework
import Core
import Hummingbird
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Mechanism

@Suite("Meetings of the leading group")
struct MeetingTests {
    private typealias District = MechanismDistrict

    private func call(_ district: District, on day: String = "2021-04-26") async throws -> ID<Meeting> {
        let (meetings, office) = (Meetings(tasks: district.tasks), try District.account("office"))
        return try await district.database.write {
            try meetings.call(
                title: "专题会议", day: District.day(day), place: "会议室", chair: "办公室", by: office, in: $0)
        }
    }

    @Test(
        "An agenda holds what is red, what waits for a decision, and what earlier meetings decided",
        arguments: Engine.allCases)
    func agenda(on engine: Engine) async throws {
        let district = try await District(engine)
        let ids = try await district.open(
            District.draft("红的", start: "2020-06-01"), District.draft("要延期的", start: "2021-04-01"),
            District.draft("无事的", start: "2021-04-01"))
        let (tasks, meetings) = (district.tasks, Meetings(tasks: district.tasks))
        let (staff, leader) = (try District.account("staff"), try District.account("leader"))
        _ = try await district.database.write {
            try tasks.askChange(ids[1], .due, to: "2022-03-31", reason: "推迟", by: staff, in: $0)
        }
        let first = try await call(district, on: "2021-04-20")
        let decided = try await district.database.write {
            try meetings.decide(
                first, "统一编码\n细则另行印发", lead: "construction", due: District.day("2021-12-31"), by: leader, in: $0)
        }
        let task = try await district.task(decided)
        #expect(task.source == .meeting && task.sourceText == "专题会议" && task.detail.hasSuffix("细则另行印发"))
        #expect(try await district.file(decided).state == "issued" && task.target == "统一编码")
        let next = try await call(district)
        let items = try await district.database.read { try MeetingStore.items(of: next, in: $0) }
        #expect(items.map(\.kind) == [.change, .red, .followUp])
        #expect(items.compactMap(\.taskID) == [ids[1], ids[0], decided])
        // Asked again, nothing comes twice.
        try await district.database.write { try meetings.fillAgenda(next, in: $0) }
        #expect(try await district.database.read { try MeetingStore.items(of: next, in: $0) }.count == 3)
    }

    @Test("Minutes close the agenda, two writers do not overwrite each other, and decisions may still follow")
    func minutes() async throws {
        let district = try await District()
        let meetings = Meetings(tasks: district.tasks)
        let id = try await call(district)
        try await district.database.write { try meetings.add("讨论预算", to: id, in: $0) }
        try await district.database.write { try meetings.minute(id, version: 1, "会议听取了汇报。", in: $0) }
        await #expect(throws: MechanismError.meetingChangedMeanwhile) {
            try await district.database.write { try meetings.minute(id, version: 1, "另一份记录。", in: $0) }
        }
        await #expect(throws: MechanismError.meetingHeld) {
            try await district.database.write { try meetings.add("补一项", to: id, in: $0) }
        }
        await #expect(throws: MechanismError.meetingHeld) {
            try await district.database.write { try meetings.fillAgenda(id, in: $0) }
        }
        let held = try await district.database.read { try MeetingStore.find(id, in: $0) }
        #expect(held.isHeld && held.minutes == "会议听取了汇报。")
    }

    @Test("Of two who write minutes at once, one is told so", arguments: Engine.allCases)
    func race(on engine: Engine) async throws {
        let district = try await District(engine)
        let id = try await call(district)
        let (meetings, database) = (Meetings(tasks: district.tasks), district.database)
        let written = await withTaskGroup(of: Bool.self) { group in
            for text in ["甲的记录", "乙的记录"] {
                group.addTask {
                    (try? await database.write { try meetings.minute(id, version: 1, text, in: $0) }) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(written == 1)
    }

    @Test("A decision without words, unit or date, or for a dissolved unit, is refused")
    func refused() async throws {
        let district = try await District()
        let (meetings, leader, staff) = (
            Meetings(tasks: district.tasks), try District.account("leader"), try District.account("staff")
        )
        let id = try await call(district)
        func decide(_ text: String, _ lead: String, by account: Visitor.Account) async throws {
            _ = try await district.database.write {
                try meetings.decide(
                    id, text, lead: lead, due: District.day("2021-12-31"), by: account, in: $0)
            }
        }
        await #expect(throws: MechanismError.decisionEmpty) { try await decide(" \n", "construction", by: leader) }
        await #expect(throws: MechanismError.leadMissing) { try await decide("做", "", by: leader) }
        await #expect(throws: CaseError.unknownUnit("nowhere")) { try await decide("做", "nowhere", by: leader) }
        await #expect(throws: MechanismError.notYours(.issue)) { try await decide("做", "construction", by: staff) }
        #expect(try await district.database.read { try MeetingStore.decisions(of: id, in: $0) }.isEmpty)
    }

    @Test("The pages of meetings: called, filled, minuted and decided by their forms", arguments: Language.allCases)
    func pages(language: Language) async throws {
        let district = try await District()
        try await district.open(District.draft("红的 <i>任务</i>", start: "2020-06-01"))
        let form = [("title", "推进会 <b>一</b>"), ("day", "2021-04-26"), ("place", "会议室"), ("chair", "办公室")]
        #expect(try await district.post("/desk/meetings", form, as: "staff").status == 403)
        let wrong = try await district.post("/desk/meetings", [("title", "没有日期"), ("day", "")])
        #expect(wrong.status == 422 && wrong.body.contains("没有日期"))
        let called = try await district.post("/desk/meetings", form)
        let path = try #require(called.headers[.location]?.split(separator: "#").first.map(String.init))
        #expect(called.status == 303 && path.hasPrefix("/desk/meetings/"))
        func version() async throws -> String {
            let id = try #require(ID<Meeting>(text: String(path.split(separator: "/").last ?? "")))
            return "\(try await district.database.read { try MeetingStore.find(id, in: $0) }.version)"
        }
        #expect(try await district.post(path + "/agenda", [("title", "讨论 <u>预算</u>")]).status == 303)
        #expect(try await district.post(path + "/agenda", [("title", "")]).status == 303)
        let planned = try await district.get(path, language: language)
        #expect(planned.status == 200 && planned.body.contains("讨论 &lt;u&gt;") && planned.body.contains("红的 &lt;i&gt;"))
        let removal = try #require(planned.body.firstMatch(of: /action="([^"]+\/remove)"/)).output.1
        #expect(try await district.post(String(removal), []).status == 303)
        #expect(!(try await district.get(path).body.contains("红的 &lt;i&gt;")), "taken off the agenda")
        let empty = try await district.post(path + "/minutes", [("version", try await version()), ("minutes", "")])
        #expect(empty.status == 422)
        let minutes = [("version", try await version()), ("minutes", "会议要求 <b>限期</b>")]
        #expect(try await district.post(path + "/minutes", minutes).status == 303)
        let decision = [("text", "限期完成"), ("lead", "construction"), ("due", "")]
        let undated = try await district.post(path + "/decisions", decision)
        #expect(undated.status == 422 && undated.body.contains("限期完成"), "comes back as it was typed")
        let dated = decision.dropLast() + [("due", "2021-06-30")]
        #expect(try await district.post(path + "/decisions", Array(dated)).status == 303)
        let held = try await district.get(path, as: "stranger", language: language)
        #expect(held.status == 200 && held.body.contains("会议要求 &lt;b&gt;") && held.body.contains("限期完成"))
        #expect(!held.body.contains(path + "/decisions"), "a stranger looks and does not decide")
        let list = try await district.get("/desk/meetings?q=%E6%8E%A8%E8%BF%9B&state=held", language: language)
        #expect(list.body.contains("推进会 &lt;b&gt;") && list.body.firstMatch(of: />\s*meetings\.[a-z_.]+\s*</) == nil)
        #expect(!(try await district.get("/desk/meetings?state=planned").body.contains("推进会 &lt;b&gt;")))
        let file = try await district.get("/desk/meetings/export?format=csv", language: language)
        #expect(file.status == 200 && file.body.contains("推进会 <b>一</b>") && file.body.contains("会议室"))
    }
}
