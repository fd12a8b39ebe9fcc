import Casework
import Core
import Foundation
import Hummingbird
import Indicators
import Sheets
import Store
import TestKit
import Testing

@testable import Mechanism

@Suite("Bulletins")
struct BulletinTests {
    private typealias District = MechanismDistrict

    private func bulletins(_ district: District) throws -> Bulletins {
        Bulletins(cases: district.cases, registry: district.registry) { _, _ in
            [BulletinSection(title: "突出问题", matters: [.init(text: "兰溪路 3 号积水", href: "/desk/problems/1")])]
        }
    }

    @Test("Tokens are names in braces; everything else is words, and nothing is lost")
    func pieces() {
        #expect(BulletinText.pieces("红灯 {tasks.red} 项") == [.words("红灯 "), .fact("tasks.red"), .words(" 项")])
        for words in ["{", "}", "{}", "{a}", "{任务.红}", "{tasks.red", "没有标记"] {
            #expect(BulletinText.pieces(words) == [.words(words)], "\(words)")
        }
        #expect(BulletinText.names(in: "{a.b}{a.b}\n{c.d}") == ["a.b", "c.d"])
        let link = BulletinText.link("积水 [3 号]", "/desk/problems/1")
        #expect(
            BulletinText.pieces("1、\(link)。") == [.words("1、"), .link("积水  3 号 ", "/desk/problems/1"), .words("。")])
        for words in ["[文](https://elsewhere.example/)", "[文](/admin)", "[](/desk/x)", "[文]", "[[各单位]]"] {
            #expect(BulletinText.pieces(words) == [.words(words)], "\(words)")
        }
    }

    @Test("In the editor pages stand as numbers, and come back as they were")
    func editing() {
        let text = "# 一、{tasks.red}\n1、[甲](/desk/tasks/7)、[乙](/desk/problems/9)\n\n见[甲](/desk/tasks/7) [注](3)"
        let links = BulletinText.links(in: text)
        #expect(links.map(\.href) == ["/desk/tasks/7", "/desk/problems/9"])
        let edited = BulletinText.forEditing(text)
        #expect(edited == "# 一、{tasks.red}\n1、[甲](1)、[乙](2)\n\n见[甲](1) [注](3)")
        #expect(BulletinText.edited(edited, links: links) == text)
        let moved = BulletinText.edited("[改了的字](2)[0](0)[ ](", links: links)
        #expect(moved == "[改了的字](/desk/problems/9)[0](0)[ ](")
    }

    @Test("Numbers that somebody typed are found; dates, ordinals and names are not numbers")
    func typed() {
        #expect(BulletinText.typedNumbers(in: "办结 1,234 件，占 87.4%。") == ["1,234", "87.4%"])
        #expect(BulletinText.typedNumbers(in: "2021年4月19日，第3次会议，12345 热线，“411”目标，{tasks.red} 项").isEmpty)
    }

    @Test("A draft cites facts, is edited, issued once and frozen", arguments: Engine.allCases)
    func life(on engine: Engine) async throws {
        let district = try await District(engine)
        try await district.open(District.draft(start: "2020-06-01"))
        let bulletins = try bulletins(district)
        let office = try District.account("office")
        let period = try #require(Period(reading: "2021-04"))
        let id = try await district.database.write { try bulletins.draft(period, by: office, in: $0) }
        let draft = try await district.database.read { try BulletinStore.find(id, in: $0) }
        #expect(draft.text.contains("{tasks.red}") && draft.text.contains("[兰溪路 3 号积水](/desk/problems/1)"))
        #expect(BulletinText.typedNumbers(in: draft.text).isEmpty)
        await #expect(throws: FactError.unknown("tasks.nothing")) {
            try await district.database.write {
                try bulletins.save(id, version: 1, title: "通报", text: "{tasks.nothing}", in: $0)
            }
        }
        let text = draft.text + "\n共 88 项。"
        try await district.database.write { try bulletins.save(id, version: 1, title: "通报", text: text, in: $0) }
        await #expect(throws: MechanismError.bulletinChanged) {
            try await district.database.write {
                try bulletins.save(id, version: 1, title: "又改", text: "x", in: $0)
            }
        }
        await #expect(throws: MechanismError.typedNumbers(["88"])) {
            try await district.database.write {
                try bulletins.issue(id, version: 2, isTypedAccepted: false, by: office, in: $0)
            }
        }
        try await district.database.write {
            try bulletins.issue(id, version: 2, isTypedAccepted: true, by: office, in: $0)
        }
        await #expect(throws: MechanismError.bulletinChanged) {
            try await district.database.write {
                try bulletins.issue(id, version: 3, isTypedAccepted: true, by: office, in: $0)
            }
        }
        try await district.open(District.draft("又一项", start: "2020-06-01"))
        let (issued, figures) = try await district.database.read { tx in
            let bulletin = try BulletinStore.find(id, in: tx)
            return (bulletin, try bulletins.issued(bulletin, in: tx))
        }
        #expect(issued.isIssued)
        let red = figures.first { $0.fact.name == "tasks.red" && $0.fact.scope == .district }
        #expect(red?.fact.text == "1", "what is issued stays, though another is red now")
        #expect(red?.path.hasPrefix("/desk/facts/frozen/") == true)
    }

    @Test("The pages of bulletins: drafted, edited, issued and taken as a file", arguments: Language.allCases)
    func pages(language: Language) async throws {
        let district = try await District()
        try await district.open(
            District.draft("红灯 <i>一</i>", start: "2020-06-01"),
            District.draft("别的单位", lead: "310107015", start: "2021-04-01"))
        #expect(try await district.post("/desk/bulletins", [("period", "2021-04")], as: "head").status == 403)
        #expect(try await district.post("/desk/bulletins", [("period", "2021")]).status == 422)
        let drafted = try await district.post("/desk/bulletins", [("period", "2021-04")])
        let path = try #require(drafted.headers[.location]?.split(separator: "#").first.map(String.init))
        let draft = try await district.get(path, language: language)
        #expect(draft.status == 200 && draft.body.contains("href=\"/desk/problems/1\">兰溪路 3 号积水"))
        #expect(draft.body.contains("滞后较多的任务") && draft.body.contains("红灯 &lt;i&gt;"))
        #expect(draft.body.contains("部门·任务") && draft.body.contains("街镇·任务"), "peers beside peers")
        let edit = try await district.get(path + "/edit", language: language)
        #expect(edit.status == 200 && edit.body.contains("{tasks.red}"))
        #expect(edit.body.contains("[兰溪路 3 号积水](1)") && !edit.body.contains("](/desk/"))
        let form = [("version", "1"), ("title", "四月通报"), ("text", "红灯 {tasks.red} 项，另有 12 项。")]
        #expect(try await district.post(path + "/edit", form, as: "head").status == 403)
        let unknown = try await district.post(path + "/edit", [form[0], form[1], ("text", "{tasks.nothing}")])
        #expect(unknown.status == 422 && unknown.body.contains("{tasks.nothing}"))
        let linked = [("version", "1"), ("title", "四月通报"), ("text", "[积水](1)\n共 {tasks.red} 项")]
        #expect(try await district.post(path + "/edit", linked).status == 303)
        #expect(try await district.get(path).body.contains("href=\"/desk/problems/1\">积水"))
        #expect(try await district.post(path + "/edit", [("version", "2")] + form.dropFirst()).status == 303)
        #expect(try await district.post(path + "/issue", [("version", "3")]).status == 422, "12 was typed")
        #expect(try await district.post(path + "/issue", [("version", "3"), ("accept", "1")]).status == 303)
        let issued = try await district.get(path, as: "stranger", language: language)
        #expect(issued.body.contains("/desk/facts/frozen/") && !issued.body.contains(path + "/issue"))
        let file = try await district.get(path + "/docx", as: "stranger")
        #expect(file.status == 200 && file.headers[.contentType]?.contains("wordprocessingml") == true)
        let list = try await district.get("/desk/bulletins?state=issued", language: language)
        #expect(list.body.contains("四月通报") && list.body.firstMatch(of: />\s*bulletins\.[a-z_.]+\s*</) == nil)
        #expect(try await district.get("/desk/bulletins/export?format=csv").body.contains("四月通报"))
    }

    @Test("The paper is a Word file whose tables read back, whatever its texts hold")
    func paper() throws {
        let path = try ScratchFolder.shared().path("docx")
        try OfficialDocument.write(
            [
                .title("通报 <一> & “二”"), .heading("一、情况"), .body("正文\u{0}\u{B}"),
                .table(header: ["单位", "数"], rows: [["科委", "1 < 2"], ["财政局"]]), .signature("办公室"),
            ], to: path)
        let rows = try DocumentTables.rows(path: path)
        #expect(rows.map { $0.cells.map(\.string) } == [["单位", "数"], ["科委", "1 < 2"], ["财政局", ""]])
        #expect(throws: SheetError.self) { try DocumentTables.rows(path: #filePath) }
    }

    @Test("The paper becomes a PDF")
    func pdf() async throws {
        let path = try ScratchFolder.shared().path("paper") + ".docx"
        try OfficialDocument.write(
            [.title("通报"), .body("正文"), .table(header: ["单位", "办结率"], rows: [["科委", "100.0%"]])], to: path)
        var pdf: Data?
        // A full machine may need longer than a page may wait.
        for _ in 0..<5 where pdf == nil {
            do { pdf = try await PDFTool().convert(URL(fileURLWithPath: path)) } catch MechanismError.pdfFailed {}
        }
        #expect(pdf?.prefix(5) == Data("%PDF-".utf8))
    }

    @Test("Damaged Word files are refused and never stop the reader")
    func damaged() throws {
        let path = try ScratchFolder.shared().path("docx")
        try OfficialDocument.write([.table(header: ["任务"], rows: [["甲"], ["乙"]])], to: path)
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        var generator = SeededGenerator(seed: 9_704)
        for _ in 0..<150 {
            var bytes = whole
            if Bool.random(using: &generator) {
                bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
            } else {
                for _ in 0..<8 { bytes[Int.random(in: 4..<bytes.count, using: &generator)] ^= 0x5A }
            }
            let broken = try ScratchFolder.shared().path("docx")
            try Data(bytes).write(to: URL(fileURLWithPath: broken))
            do { _ = try DocumentTables.rows(path: broken) } catch {
                #expect(error is SheetError, "seed 9704: \(error)")
            }
        }
    }
}
