import Core
import Foundation
import Organisation
import Sheets
import TestKit
import Testing

@testable import Mechanism

@Suite("Plans from tables")
struct MeasureTableTests {
    static let profile = Result {
        try ProfileLoader.load(
            folder: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("profiles/putuo"))
    }

    @Test(
        "Units are recognised as offices write them",
        arguments: [
            ("区科委", ["science-technology"]), ("科委、区财政局", ["science-technology", "finance"]),
            ("普陀区发展和改革委员会，区规资局", ["development-reform", "planning-resources"]),
            ("区网信办", ["publicity"]), ("长寿路街道", ["310107015"]), ("桃浦镇；真如镇街道", ["310107103", "310107022"]),
            ("公安分局等", ["public-security"]),
        ])
    func units(text: String, codes: [String]) throws {
        let found = UnitNames(try Self.profile.get()).find(in: text)
        #expect(found.codes == codes && found.unknown.isEmpty, "\(found)")
    }

    @Test("All townships are meant by one word; what is no unit is said")
    func allTownships() throws {
        let names = UnitNames(try Self.profile.get())
        #expect(names.find(in: "各街镇").codes.count == 10)
        let found = names.find(in: "区科委、水星办、各街镇")
        #expect(found.codes.count == 11 && found.unknown == ["水星办"])
    }

    @Test("Duties are read from the end of a sentence, in any of their forms")
    func duties() {
        let text = "建设公共技术平台。（牵头单位：区科委；配合单位：区财政局、各街镇）"
        let duties = UnitNames.duties(in: text)
        #expect(duties.lead == "区科委" && duties.supporting == "区财政局、各街镇")
        #expect(duties.rest == "建设公共技术平台。")
        let plain = UnitNames.duties(in: "责任单位:区建管委 配合部门：区房管局")
        #expect(plain.lead == "区建管委" && plain.supporting == "区房管局" && plain.rest.isEmpty)
        #expect(UnitNames.duties(in: "只有任务") == .init(rest: "只有任务", lead: nil, supporting: nil))
    }

    @Test(
        "Dates are read as plans write them",
        arguments: [
            ("2021年12月底", "2021-12-31"), ("2021年2月", "2021-02-28"), ("2021年上半年", "2021-06-30"),
            ("2021年三季度", "2021-09-30"), ("2021年底", "2021-12-31"), ("2021-10-15 00:00:00", "2021-10-15"),
            ("2021年9月15日前", "2021-09-15"), ("2021.6", "2021-06-30"), ("长期坚持", ""), ("年底", ""),
            ("2021年2月30日", ""),
        ])
    func dates(text: String, day: String) { #expect(DueText.read(text)?.description ?? "" == day) }

    private func table(_ titles: [String], _ rows: [[String]]) throws -> MeasureTable {
        try MeasureTable(
            titles: titles,
            rows: rows.enumerated().map { index, cells in
                SheetRow(number: index + 2, cells: cells.map { $0.isEmpty ? .empty : .text($0) })
            }, profile: try Self.profile.get(), today: Day(number: 18_736))
    }

    @Test("A table becomes tasks; two leads, no lead and no date are doubts, rows without a task are refused")
    func whole() throws {
        let table = try table(
            ["序号", "主要举措", "重点任务", "牵头单位", "配合单位", "完成时限", "权重"],
            [
                ["1", "培育企业", "建立培育库", "区科委", "区财政局、水星办", "2021年12月", "20"],
                ["2", "", "引进适配中心", "投促办、科委", "", "长期", "x"], ["3", "", "", "科委", "", "", ""],
                ["4", "做大平台", "上线平台（牵头单位：市场监管局）", "", "", "2021年6月", ""],
                ["5", "", "无人负责的事", "", "", "2021年6月", ""],
                ["6", "", String(repeating: "长", count: 201), "科委", "", "2021", ""],
            ])
        #expect(table.lines.map(\.title) == ["建立培育库", "引进适配中心", "上线平台", "无人负责的事"])
        #expect(table.lines[0].supporting == ["finance"] && table.lines[0].unknown == ["水星办"])
        #expect(table.lines[0].weight == 20 && table.lines[0].doubts.isEmpty)
        #expect(table.lines[1].measure == "培育企业" && table.lines[1].lead == "investment-promotion")
        #expect(table.lines[1].supporting == ["science-technology"] && table.lines[1].doubts == [.twoLeads, .date])
        #expect(table.lines[2].lead == "market-regulation" && table.lines[2].measure == "做大平台")
        #expect(table.lines[3].doubts == [.noLead])
        #expect(table.refused.map(\.reason) == [.noTask, .tooLong] && table.refused.map(\.row) == [4, 7])
    }

    @Test("A table without a column of tasks, and one too long, are refused")
    func refusals() throws {
        #expect(throws: MechanismError.importNoColumns) { try table(["姓名", "电话"], [["甲", "1"]]) }
        #expect(throws: MechanismError.importTooManyRows(max: MechanismLimits.importRowsMax)) {
            try table(["任务"], Array(repeating: ["任务"], count: MechanismLimits.importRowsMax + 1))
        }
    }

    @Test("Random cells never stop the reader, and every row is a task, a refusal or empty")
    func fuzz() throws {
        var generator = SeededGenerator(seed: 2_021)
        let pieces = [
            "牵头单位", "：", "配合单位", "；", "区科委", "、", "\n", "（", "）", "2021年", "13月", "9", "", " ", "水", "😀", "\u{202E}",
        ]
        for _ in 0..<300 {
            let rows = (0..<5).map { _ in
                (0..<4).map { _ in
                    (0..<Int.random(in: 0...6, using: &generator))
                        .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
                }
            }
            let table = try table(["任务", "牵头单位", "配合单位", "完成时限"], rows)
            #expect(table.lines.count + table.refused.count <= rows.count, "seed 2021")
            #expect(table.lines.allSatisfy { line in !line.supporting.contains(line.lead ?? "") })
        }
    }
}
