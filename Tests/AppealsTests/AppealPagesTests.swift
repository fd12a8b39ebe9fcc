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

@testable import Appeals

@Suite("Pages of appeals")
struct AppealPagesTests {
    private static let text = """
        编号,受理时间,标题,内容,地址,点赞数
        A1,2021-04-18 09:30,路灯 <b>坏了</b>,请打13812341234联系我,兰溪路3号201室,3
        A2,2021-04-17,=1+1,+电梯停运,,x
        A3,不详,井盖丢了,没有时间,,0
        """

    @Test(
        "Lists, an appeal and an import show in both languages, with no word left as its key",
        arguments: Language.allCases)
    func languages(language: Language) async throws {
        let district = try await AppealDistrict()
        let record = try await district.load(Self.text)
        let appeal = try #require(try await district.appeal("A1"))
        let draft = try await district.module.importAppeals.draft(
            path: try AppealDistrict.file(Self.text), name: "四月.csv")
        for path in [
            "/desk/appeals", "/desk/appeals/\(appeal.id)", "/desk/import", "/desk/imports/\(record.id)",
            "/desk/imports/\(draft.id)", "/appeals/new", "/appeals/find",
        ] {
            let page = try await district.get(path, language: language)
            #expect(page.status == 200, "\(path)")
            #expect(page.body.firstMatch(of: />\s*(appeals|casework|web)\.[a-z_.]+\s*</) == nil, "\(path)")
            #expect(!page.body.contains("<b>坏了"), "\(path)")
        }
    }

    @Test("The list finds, filters and sorts")
    func list() async throws {
        let district = try await AppealDistrict()
        try await district.load(Self.text)
        let all = try await district.get("/desk/appeals")
        #expect(all.body.contains("路灯 &lt;b&gt;坏了&lt;/b&gt;") && all.body.contains("=1+1"))
        #expect(try await district.get("/desk/appeals?q=%E7%94%B5%E6%A2%AF").body.contains("路灯") == false)
        #expect(try await district.get("/desk/appeals?state=closed").body.contains("路灯") == false)
        let (lamp, lift) = (
            try #require(all.body.range(of: "路灯 &lt;")), try #require(all.body.range(of: "=1+1"))
        )
        #expect(lamp.lowerBound < lift.lowerBound, "the newest is first")
    }

    @Test("Numbers are masked until somebody who handles the appeal asks, and asking is recorded")
    func masked() async throws {
        let district = try await AppealDistrict()
        try await district.load(Self.text)
        try await district.move("A1", .dispatch, unit: "construction")
        let appeal = try #require(try await district.appeal("A1"))
        for person in ["office", "staff", "stranger", "leader"] {
            let page = try await district.get("/desk/appeals/\(appeal.id)", as: person)
            #expect(page.status == 200)
            #expect(!page.body.contains("13812341234"), "\(person)")
            #expect(page.body.contains("138****1234"), "\(person)")
        }
        for (person, status) in [("stranger", 403), ("leader", 403), ("staff", 200), ("office", 200)] {
            let before = try await readings(district)
            let page = try await district.post("/desk/appeals/\(appeal.id)/reveal", [:], as: person)
            #expect(page.status == status, "\(person)")
            #expect(page.body.contains("13812341234") == (status == 200), "\(person)")
            #expect(try await readings(district) == before + (status == 200 ? 1 : 0), "\(person)")
        }
    }

    private func readings(_ district: AppealDistrict) async throws -> Int {
        try await district.database.read { tx in
            try tx.first("SELECT COUNT(*) AS n FROM audit_entry WHERE kind = 'personal_data_read'")?.get("n") ?? 0
        }
    }

    @Test("Exports hold what the list holds, masked, and nothing in them runs", arguments: ["csv", "xlsx"])
    func export(format: String) async throws {
        let district = try await AppealDistrict()
        try await district.load(Self.text)
        let answer = try await district.get("/desk/appeals/export?format=\(format)")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentDisposition]?.contains("attachment") == true)
        let path = try ScratchFolder.shared().path(format)
        try Data(answer.bytes).write(to: URL(fileURLWithPath: path))
        if format == "csv" { #expect(answer.body.contains("'=1+1") && answer.body.contains("'+电梯停运")) }
        let sheet = try HeadedSheet(SheetFile.open(path: path))
        let row = try #require(try sheet.next())
        #expect(row[1].string == "路灯 <b>坏了</b>")
        #expect(sheet.titles.indices.contains { row[$0].string == "请打138****1234联系我" })
        #expect(try #require(try sheet.next())[1].string == "=1+1")
        #expect(try sheet.next() == nil)
        let exports = try await district.database.read { tx in
            try tx.first("SELECT COUNT(*) AS n FROM audit_entry WHERE kind = 'export'")?.get("n") as Int?
        }
        #expect(exports == 1)
    }

    @Test("Each page is for whom it is made")
    func access() async throws {
        let district = try await AppealDistrict()
        for path in ["/desk/appeals", "/desk/appeals/export", "/desk/appeals/1"] {
            #expect([401, 303].contains(try await district.get(path, as: nil).status), "\(path)")
            #expect(try await district.get(path, as: "audit").status == 403, "\(path)")
        }
        for path in ["/desk/import", "/desk/imports/1", "/desk/imports/1/progress", "/desk/imports/1/rejects"] {
            #expect(try await district.get(path, as: "staff").status == 403, "\(path)")
        }
        #expect(try await district.get("/desk/appeals/999", as: "staff").status == 404)
        #expect(try await district.get("/desk/imports/999").status == 404)
    }

    @Test("A move by its form is refused with the reason and what was typed, or done")
    func move() async throws {
        let district = try await AppealDistrict()
        try await district.load(Self.text)
        let file = try await district.file("A1")
        let path = "/desk/appeals/\(file.id)/move"
        let refused = try await district.post(path, ["event": "close", "version": "\(file.version)", "reason": ""])
        #expect(refused.status == 422 && refused.body.contains("role=\"alert\""))
        let done = try await district.post(
            path, ["event": "dispatch", "version": "\(file.version)", "unit": "construction", "reason": "请办"])
        #expect(done.status == 303)
        let late = try await district.post(path, ["event": "dispatch", "version": "\(file.version)", "reason": "我也派"])
        #expect(late.status == 422 && late.body.contains("我也派"))
        #expect(try await district.file("A1").leadUnitCode == "construction")
    }

    // MARK: - Import

    @Test("A draft is confirmed as its form says, or discarded without a trace")
    func draft() async throws {
        let district = try await AppealDistrict()
        let importing = district.module.importAppeals
        let draft = try await importing.draft(path: try AppealDistrict.file(Self.text), name: "四月.csv")
        let path = "/desk/imports/\(draft.id)"
        let page = try await district.get(path)
        #expect(page.body.contains("受理时间") && page.body.contains("路灯 &lt;b&gt;坏了&lt;/b&gt;"))
        let twice = try await district.post(
            path + "/confirm", ["source": "热线", "column-2": "text", "column-3": "text"])
        #expect(twice.status == 422 && twice.body.contains("两列"))
        let reserved = try await district.post(path + "/confirm", ["source": SubmitAppeal.source, "column-3": "text"])
        #expect(reserved.status == 422)
        #expect(try await district.post(path + "/confirm", ["source": "热线", "column-3": "text"]).status == 303)
        let queued = try await district.database.read { try ImportStore.find(draft.id, in: $0) }
        #expect(queued.state == .queued && queued.names == ["text": "内容"] && queued.jobID != nil)
        #expect(try await district.get(path + "/progress").body.contains("queued"))

        let other = try await importing.draft(path: try AppealDistrict.file(Self.text), name: "五月.csv")
        let gone = try await district.post("/desk/imports/\(other.id)/cancel", [:])
        #expect(gone.status == 303 && gone.headers[.location] == "/desk/import")
        #expect(try await district.get("/desk/imports/\(other.id)").status == 404)
    }

    @Test("The result says what was taken and what was not, and offers the rest as a file")
    func result() async throws {
        let district = try await AppealDistrict()
        let record = try await district.load(Self.text)
        let page = try await district.get("/desk/imports/\(record.id)")
        for text in [
            "时间无法识别", "数字无法识别", "/desk/imports/\(record.id)/rejects", "/desk/imports/\(record.id)/undo", "A3 · 不详",
        ] {
            #expect(page.body.contains(text), "\(text)")
        }
        let file = try await district.get("/desk/imports/\(record.id)/rejects?format=csv")
        #expect(file.status == 200 && file.body.contains("井盖丢了"))
        #expect(try await district.post("/desk/imports/\(record.id)/undo", [:]).status == 303)
        #expect(try await district.post("/desk/imports/\(record.id)/undo", [:]).status == 303, "it goes on")
    }

    // MARK: - The portal

    @Test("Submitted without an account, an appeal is followed by its number and code, and by nothing else")
    func portal() async throws {
        let district = try await AppealDistrict()
        let form = [
            "type": "help", "subject": "", "text": "楼下垃圾没人收", "address": "兰溪路3号", "name": "张三丰", "phone": "13812341234",
        ]
        let receipt = try await district.post("/appeals/new", form, as: nil)
        #expect(receipt.status == 200)
        let number = try #require(receipt.body.firstMatch(of: /PT-\d{8}-\d{5}/)).output
        let code = try #require(receipt.body.firstMatch(of: />\s*([2-9A-Z]{8}|[2-9A-Z]{4}-[2-9A-Z]{4})\s*</)).output.1
        let found = try await district.post(
            "/appeals/find", ["number": " \(number.lowercased()) ", "code": code.lowercased()], as: nil)
        #expect(found.status == 200 && found.body.contains("已受理"))
        #expect(!found.body.contains("13812341234") && !found.body.contains("张三丰"))
        for (number, code) in [(String(number), "22222222"), ("PT-20210419-99999", String(code))] {
            let wrong = try await district.post("/appeals/find", ["number": number, "code": code], as: nil)
            #expect(wrong.status == 422 && wrong.body.contains("编号或查询码不正确"))
        }
        // Whoever handles it may ask for the contact; it is in no page before.
        let id = try await district.database.read { tx in
            try tx.first("SELECT id FROM appeal WHERE source = 'portal'")?.get("id") as Int64?
        }
        let page = try await district.get("/desk/appeals/\(try #require(id))")
        #expect(page.body.contains("张**") && page.body.contains("138****1234") && !page.body.contains("张三丰"))
        let revealed = try await district.post("/desk/appeals/\(try #require(id))/reveal", [:])
        #expect(revealed.body.contains("张三丰") && revealed.body.contains("13812341234"))
    }

    @Test("A form that is sent twice is one appeal with one code; changed, it is another", arguments: Engine.allCases)
    func sentTwice(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        let form = SubmitAppeal.Form(text: "楼下垃圾没人收", address: "兰溪路3号")
        let visitor = PortalVisitor(key: "one", address: nil)
        let submit = district.module.submitAppeal
        let receipts = try await withThrowingTaskGroup(of: SubmitAppeal.Receipt.self) { group in
            for _ in 1...4 { group.addTask { try await submit(form, from: visitor) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let first = try #require(receipts.first)
        #expect(receipts.allSatisfy { $0 == first })
        #expect(try await district.count() == 1)
        #expect(try await submit.find(number: first.number, code: first.code, from: visitor) == first.id)
        var changed = form
        changed.text = "楼下垃圾还是没人收"
        let neighbour = PortalVisitor(key: "two", address: nil)
        let other = try await submit(changed, from: neighbour)
        #expect(other.number != first.number && other.code != first.code)
        // The same words on another form are another person's.
        let again = SubmitAppeal.Form(text: "楼下垃圾没人收", address: "兰溪路3号")
        #expect(try await submit(again, from: neighbour).number != first.number)
        #expect(try await district.count() == 3)
    }

    @Test("A form without text, or with a number that is none, comes back as it was typed")
    func portalRefused() async throws {
        let district = try await AppealDistrict()
        let empty = try await district.post("/appeals/new", ["text": " ", "address": "兰溪路3号"], as: nil)
        #expect(empty.status == 422 && empty.body.contains("兰溪路3号") && empty.body.contains("aria-invalid=\"true\""))
        let wrong = try await district.post("/appeals/new", ["text": "路灯坏了", "phone": "1381234x"], as: nil)
        #expect(wrong.status == 422 && wrong.body.contains("路灯坏了"))
        #expect(try await district.count() == 0)
    }

    @Test("Whoever submits too often has to wait; others need not", arguments: Engine.allCases)
    func throttled(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        let submit = district.module.submitAppeal
        let visitor = PortalVisitor(key: "one", address: "203.0.113.7")
        for number in 1...AppealLimits.submissionsPerWindow {
            _ = try await submit(.init(text: "第\(number)件事情"), from: visitor)
        }
        let wait = AppealError.tooManyTries(minutes: AppealLimits.submissionWindowMinutes)
        await #expect(throws: wait) { try await submit(.init(text: "还有一件"), from: visitor) }
        // A neighbour behind the same address has a browser of their own.
        _ = try await submit(.init(text: "别人的事情"), from: .init(key: "two", address: "203.0.113.7"))
        // Throwing the cookie away each time does not help for long.
        await #expect(throws: wait) {
            for number in 1...AppealLimits.submissionsPerAddress {
                _ = try await submit(
                    .init(text: "第\(number)次换名"), from: .init(key: "k\(number)", address: "203.0.113.7"))
            }
        }
    }
}
