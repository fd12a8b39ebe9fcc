import Casework
import Core
import Foundation
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
        Bulletins(cases: district.cases, registry: try FactRegistry([district.module.facts])) { _, _ in
            [BulletinMatter(text: "兰溪路积水", href: "/desk/problems/1")]
        }
    }

    @Test("Tokens are names in braces; everything else is words, and nothing is lost")
    func pieces() {
        #expect(BulletinText.pieces("红灯 {tasks.red} 项") == [.words("红灯 "), .fact("tasks.red"), .words(" 项")])
        for words in ["{", "}", "{}", "{a}", "{任务.红}", "{tasks.red", "没有标记"] {
            #expect(BulletinText.pieces(words) == [.words(words)], "\(words)")
        }
        #expect(BulletinText.names(in: "{a.b}{a.b}\n{c.d}") == ["a.b", "c.d"])
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
        #expect(draft.text.contains("{tasks.red}") && draft.text.contains("兰溪路积水"))
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
            return (bulletin, try bulletins.figures(bulletin, in: tx))
        }
        #expect(issued.isIssued)
        let red = figures.first { $0.fact.name == "tasks.red" && $0.fact.scope == .district }
        #expect(red?.fact.text == "1", "what is issued stays, though another is red now")
        #expect(red?.path.hasPrefix("/desk/facts/frozen/") == true)
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
