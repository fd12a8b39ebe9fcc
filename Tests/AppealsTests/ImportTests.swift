import Casework
import Core
import Foundation
import Organisation
import Sheets
import Store
import TestKit
import Testing

@testable import Appeals

@Suite("An import can be repeated, cut off and taken back")
struct ImportTests {
    @Test(
        "Each row becomes an appeal with a number, a deadline and a timeline, and is found", arguments: Engine.allCases)
    func first(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        let record = try await district.load(
            """
            工单编号,受理时间,诉求标题,诉求内容,工单类型,诉求地址,主责部门,联系电话
            A1,2021-04-18 09:30:00,楼道灯不亮,三楼的楼道灯坏了,求助,曹杨新村3号,建管委,13812341234
            A2,2021/4/19 8:05,感谢社区,,表扬,,,
            A3,2020-01-02,旧的事情,很久以前的一件事,投诉,,,
            """)
        #expect(record.state == .done)
        #expect(record.tally.accepted == 3 && record.tally.updated == 0 && record.tally.rejected == 0)
        let lamp = try await district.file("A1")
        #expect(lamp.number == "PT-20210418-00001")
        #expect(lamp.state == AppealState.dispatched.rawValue && lamp.leadUnitCode == "construction")
        #expect(lamp.dueAt != nil)
        let entries = try await district.database.read { try CaseTimelineStore.entries(of: lamp.id, in: $0) }
        #expect(entries.map(\.event) == [AppealTimeline.imported])
        #expect(try await district.file("A2").state == AppealState.received.rawValue)
        #expect(try await district.file("A3").state == AppealState.recorded.rawValue)
        #expect(try await district.count(search: "楼道灯") == 1)
        #expect(try await district.count(search: "A2") == 1)
        let appeal = try #require(try await district.appeal("A1"))
        #expect(appeal.townshipCode == "310107005")
        let key = try #require(appeal.authorKey)
        #expect(key.count == 32 && !key.contains("1381234"))
    }

    @Test(
        "Read again, rows are updated and none is doubled; a changed row changes its appeal", arguments: Engine.allCases
    )
    func again(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        let text = AppealDistrict.rows(1...5)
        try await district.load(text)
        let same = try await district.load(text)
        #expect(same.tally.accepted == 0 && same.tally.updated == 5 && same.tally.unchanged == 5)
        let changed = try await district.load(
            text.replacing("G3,2021-04-01 09:00,路灯坏了", with: "G3,2021-04-01 09:00,井盖丢了"))
        #expect(changed.tally.updated == 5 && changed.tally.unchanged == 4)
        #expect(try await district.count() == 5)
        #expect(try await district.appeal("G3")?.body.hasPrefix("井盖丢了") == true)
        #expect(try await district.count(search: "井盖") == 1)
        #expect(try await district.count(search: "路灯") == 4)
        // Another system may use the same numbers.
        #expect(try await district.load(text, source: "网站").tally.accepted == 5)
        #expect(try await district.count() == 10)
    }

    @Test("Of two rows with one number the later wins; rows without one are known by what they say")
    func twice() async throws {
        let district = try await AppealDistrict()
        let record = try await district.load("编号,时间,内容\nA1,2021-04-01,第一次说的事\nA1,2021-04-01,第二次说的事\nB1,2021-04-01,别的事情")
        #expect(record.tally.accepted == 2 && record.tally.updated == 1)
        #expect(try await district.appeal("A1")?.body == "第二次说的事")
        let plain = "时间,内容\n2021-04-01,没有编号的一件事\n2021-04-02,没有编号的另一件事"
        #expect(try await district.load(plain, source: "信箱").tally.accepted == 2)
        #expect(try await district.load(plain, source: "信箱").tally.unchanged == 2)
    }

    @Test(
        "Killed between two batches, an import goes on behind the first and doubles nothing", arguments: Engine.allCases
    )
    func killed(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        let path = try AppealDistrict.file(AppealDistrict.rows(1...4_500))
        let record = try await district.queue(path)
        let importing = district.module.importAppeals
        let killed = Task {
            try await importing.run(record.id) { _ in
                withUnsafeCurrentTask { $0?.cancel() }
                throw CancellationError()
            }
        }
        await #expect(throws: CancellationError.self) { try await killed.value }
        #expect(try await district.count() == ImportLimits.batchRows)
        let unfinished = try #require(try await importing.unfinished(path: path, source: "热线"))
        #expect(unfinished.id == record.id && unfinished.state == .running)
        let done = try await importing.run(record.id)
        #expect(done.state == .done && done.tally.accepted == 4_500 && done.tally.updated == 0)
        #expect(try await district.count() == 4_500)
        #expect(try await district.file("G4500").number == "PT-20210401-04500")
    }

    @Test("Cancelled, what is written stays, and it can go on", arguments: Engine.allCases)
    func cancelled(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        let record = try await district.queue(try AppealDistrict.file(AppealDistrict.rows(1...2_100)))
        let importing = district.module.importAppeals
        await #expect(throws: CancellationError.self) {
            try await importing.run(record.id) { _ in throw CancellationError() }
        }
        let stopped = try await district.database.read { try ImportStore.find(record.id, in: $0) }
        #expect(stopped.state == .cancelled && stopped.tally.accepted == ImportLimits.batchRows)
        #expect(try await importing.run(record.id).tally.accepted == 2_100)
    }

    @Test("Two runs of one import do not both go on", arguments: Engine.allCases)
    func race(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        let record = try await district.queue(try AppealDistrict.file(AppealDistrict.rows(1...2_500)))
        let importing = district.module.importAppeals
        let ended = await withTaskGroup(of: Bool.self) { group in
            for _ in 1...2 { group.addTask { (try? await importing.run(record.id)) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(ended <= 1)
        if ended == 0 { _ = try await importing.run(record.id) }
        #expect(try await district.count() == 2_500)
        let done = try await district.database.read { try ImportStore.find(record.id, in: $0) }
        #expect(done.state == .done && done.tally.accepted == 2_500)
    }

    @Test("A file that changed under its import is refused")
    func changedFile() async throws {
        let district = try await AppealDistrict()
        let path = try AppealDistrict.file(AppealDistrict.rows(1...3))
        let record = try await district.queue(path)
        try AppealDistrict.rows(1...4).write(toFile: path, atomically: true, encoding: .utf8)
        await #expect(throws: AppealError.importFileChanged) { try await district.module.importAppeals.run(record.id) }
        #expect(try await district.count() == 0)
    }

    // MARK: - Undo

    @Test("Undone, what it brought goes and what it changed says again what it said", arguments: Engine.allCases)
    func undo(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        let first = try await district.load(AppealDistrict.rows(1...3))
        let second = try await district.load(AppealDistrict.rows(2...6, text: "井盖丢了请补上"))
        await #expect(throws: AppealError.undoLaterFirst(second.fileName)) { try await district.undo(first) }
        try await district.move("G6", .dispatch, unit: "construction")
        let undone = try await district.undo(second)
        #expect(undone.state == .undone && undone.kept == 1, "what somebody has worked on stays")
        #expect(try await district.count() == 4)
        #expect(try await district.appeal("G2")?.body == "路灯坏了请派人修第2次")
        #expect(try await district.count(search: "井盖") == 1)
        #expect(try await district.count(search: "路灯") == 3)
        #expect(try await district.undo(first).state == .undone)
        #expect(try await district.count() == 1)
    }

    @Test(
        "What the hotline's call-back found is taken over, corrected and undone; what was found here stays",
        arguments: Engine.allCases)
    func ratings(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        func rating(_ sourceID: String) async throws -> AppealRating? {
            let id = try #require(try await district.appeal(sourceID)).id
            return try await district.database.read { try AppealRatingStore.find(id, in: $0) }
        }
        let header = "热线工单编号,受理时间,诉求内容,结案时间,先行联系,结案评判,综合满意度"
        let text = """
            \(header)
            A1,2021-04-01,路灯坏了,2021-04-03,1,实际解决,基本满意
            A2,2021-04-01,井盖丢了,2021-04-03,0,解释说明,不满意
            A3,2021-04-01,水管漏了,2021-04-03,2,,未评价
            """
        try await district.load(text)
        #expect(
            try await rating("A1")
                == AppealRating(isContactedFirst: true, verdict: .resolved, satisfaction: .basically))
        #expect(
            try await rating("A2")
                == AppealRating(isContactedFirst: false, verdict: .explained, satisfaction: .dissatisfied))
        #expect(try await rating("A3") == nil, "what was not answered is no rating")
        #expect(try await district.load(text).tally.unchanged == 3)
        let id = try #require(try await district.appeal("A2")).id
        let found = AppealRating(isContactedFirst: true, verdict: .resolved, satisfaction: .satisfied)
        let now = district.surroundings.now()
        try await district.database.write { try AppealRatingStore.save(found, of: id, now: now, in: $0) }
        let corrected = try await district.load(
            text.replacing("基本满意", with: "满意").replacing("解释说明", with: "实际解决"))
        #expect(try await rating("A1")?.satisfaction == .satisfied && corrected.tally.updated == 3)
        #expect(try await rating("A2") == found, "somebody here called back since")
        #expect(try await district.undo(corrected).state == .undone)
        #expect(try await rating("A1")?.satisfaction == .basically)
        #expect(try await rating("A2") == found)
    }

    @Test("Neither an update nor its undoing takes away what was answered here", arguments: Engine.allCases)
    func answeredHere(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        let text = "编号,时间,内容,答复\nA1,2021-04-18,路灯坏了,"
        try await district.load(text)
        let updated = try await district.load(text.replacing("路灯坏了", with: "路灯全坏了"))
        try await district.move("A1", .dispatch, unit: "construction")
        for event in [AppealEvent.accept, .contact, .handle] { try await district.move("A1", event) }
        try await district.move("A1", .submit, reason: "已更换灯泡")
        let later = try await district.load(text.replacing("路灯坏了", with: "路灯还是坏的"))
        #expect(later.tally.updated == 1 && later.tally.unchanged == 0)
        #expect(try await district.appeal("A1")?.reply == "已更换灯泡")
        _ = try await district.undo(later)
        _ = try await district.undo(updated)
        let appeal = try #require(try await district.appeal("A1"))
        #expect(appeal.body == "路灯坏了" && appeal.reply == "已更换灯泡")
    }

    // MARK: - Refused rows

    @Test("Refused rows come back as a file that is corrected and imported as it is", arguments: SheetFormat.allCases)
    func rejects(format: SheetFormat) async throws {
        let district = try await AppealDistrict()
        let text = #"""
            编号,受理时间,诉求内容,点赞数,备注
            A1,2021-04-01 09:00,路灯坏了,3,甲
            A2,前天下午,井盖丢了,1,"乙,""丙"""
            A3,2021-04-02,,0,
            A4,2031-04-02,未来的事情,0,
            A5,2021-04-03,电梯停运,很多,=1+1
            """#
        let record = try await district.load(text)
        #expect(record.tally.accepted == 2 && record.tally.rejected == 3 && record.tally.warned == 1)
        let (refused, warned) = try await district.database.read { tx in
            (
                try ImportStore.rejects(of: record.id, isWarning: false, limit: 10, in: tx),
                try ImportStore.rejects(of: record.id, isWarning: true, limit: 10, in: tx)
            )
        }
        #expect(refused.map(\.reason) == [.timeUnreadable, .textMissing, .timeImpossible])
        #expect(refused.map(\.rowNumber) == [3, 4, 5])
        #expect(refused.map(\.column) == ["受理时间", "诉求内容", "受理时间"])
        #expect(warned.map(\.reason) == [.numberUnreadable])
        let path = try ScratchFolder.shared().path(format.rawValue)
        let rows = try await ImportRejects(database: district.database).write(
            of: record.id, headers: record.headers, language: .chinese, format: format, to: path)
        #expect(rows == 3)
        // What an official does with it: correct the cells, save, import.
        let sheet = try HeadedSheet(SheetFile.open(path: path))
        #expect(sheet.titles == ImportLayout.rejectHeaders + record.headers)
        let corrected = try ScratchFolder.shared().path("csv")
        let writer = try CSVWriter(path: corrected)
        try writer.write(sheet.titles)
        while let row = try sheet.next() {
            var texts = sheet.titles.indices.map { row[$0].string }
            texts[4] = "2021-04-05 10:00"
            if texts[5].isEmpty { texts[5] = "补上的内容" }
            try writer.write(texts)
        }
        try writer.finish()
        let draft = try await district.module.importAppeals.draft(path: corrected, name: "corrected.csv", source: "热线")
        #expect(draft.names == record.names, "the three columns in front mean nothing")
        let again = try await district.module.importAppeals.run(
            try await district.module.importAppeals.confirm(draft.id, source: "热线", names: draft.names).id)
        #expect(again.tally.accepted == 3 && again.tally.rejected == 0)
        #expect(try await district.appeal("A2")?.body == "井盖丢了")
    }

    @Test("Rows that would do harm are kept as what they are: text", arguments: Engine.allCases)
    func hostile(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        let texts = [
            "H1": "<script>alert('x')</script><b>粗</b>", "H2": "'); DROP TABLE appeal; --",
            "H3": "账号\u{202E}txt.exe\u{2066}假的",
            "H4": "小区\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}停水\u{1F600}", "H5": "断\u{1}开\u{7}的\u{1B}字",
            "H6": "=HYPERLINK(\"http://x\")", "H7": "+86-21-1234", "H8": "@SUM(A1)", "H9": "{{title}} %s ${x} \\u0000",
        ]
        let rows = texts.sorted { $0.key < $1.key }.map { key, text in
            "\(key),2021-04-01,\"\(text.replacing("\"", with: "\"\""))\""
        }
        let record = try await district.load("编号,时间,内容\n" + rows.joined(separator: "\n"))
        #expect(record.tally.accepted == texts.count && record.tally.rejected == 0)
        for key in ["H1", "H2", "H4", "H6", "H7", "H8", "H9"] {
            #expect(try await district.appeal(key)?.body == texts[key])
        }
        #expect(try await district.appeal("H3")?.body == "账号txt.exe假的")
        #expect(try await district.appeal("H5")?.body == "断开的字")
        #expect(try await district.count(search: "DROP TABLE") == 1)
        #expect(try await district.count(search: "'); DROP") == 1)
        #expect(try await district.count(search: "停水") == 1)
    }

    @Test("Dates of several forms in one column are read, and told from what is none")
    func dates() async throws {
        let district = try await AppealDistrict()
        let texts = [
            "2019/2/28 11:25:05", "2019-02-28 11:25", "12/31/2016", "2018.4.24", "2019年2月28日", "43524.475752",
            "20190228112505", "2015-12-02 08:45:40.000",
        ]
        let rows = texts.enumerated().map { "D\($0),\($1),一件普通的事情" } + ["D8,,没有时间的事情", "D9,不详,时间不详的事情"]
        let record = try await district.load("编号,时间,内容\n" + rows.joined(separator: "\n"))
        #expect(record.tally.accepted == 9 && record.tally.rejected == 1 && record.tally.warned == 1)
        for (index, text) in texts.enumerated() {
            let appeal = try #require(try await district.appeal("D\(index)"))
            #expect(appeal.submittedAt == DateReader.read(text, zone: district.profile.zone))
        }
        #expect(try await district.appeal("D8")?.submittedAt == nil)
    }
}
