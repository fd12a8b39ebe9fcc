import CLibzip
import Core
import Foundation
import HTTPTypes
import Store
import TestKit
import Testing

@testable import Appeals

@Suite("A workbook of several sheets")
struct SeveralSheetsTests {
    private static let columns = ["编号", "受理时间", "标题", "诉求内容"]

    private static func rows(_ mark: String) -> [[String]] {
        [
            columns, ["\(mark)1", "2021-04-18 09:30", "路灯坏了", "路灯坏了请派人修"],
            ["\(mark)2", "2021-04-19 09:30", "井盖", "井盖丢了"],
        ]
    }

    /// The first sheet has no table; the last has other columns.
    private static func workbook() throws -> String {
        let path = try ScratchFolder.shared().path("xlsx")
        try Workbook.write(
            [
                ("四月", rows("A")), ("五月", rows("B")), ("空表", []),
                ("附表", [["单号", "来电时间", "反映的事情"], ["C1", "2021-05-01 08:00", "垃圾没有人收"]]),
            ], to: path)
        return path
    }

    @Test("Each sheet becomes an import of its own, one with other columns waits, and one is undone without the rest")
    func several() async throws {
        let district = try await AppealDistrict()
        let draft = try await district.module.importAppeals.draft(path: try Self.workbook(), name: "工单.xlsx")
        #expect(draft.sheet == "四月")
        let page = try await district.get("/desk/imports/\(draft.id)").body
        for sheet in ["五月", "空表", "附表"] { #expect(page.contains("value=\"\(sheet)\""), "\(sheet) is offered") }

        let columns = Dictionary(
            uniqueKeysWithValues: draft.headers.enumerated().map { column, header in
                ("column-\(column)", draft.names.first { $0.value == header }?.key ?? "")
            })
        let answer = try await district.post(
            "/desk/imports/\(draft.id)/confirm", columns.merging(["source": "热线"]) { $1 },
            repeated: ["五月", "空表", "附表"].map { ("sheets", $0) })
        #expect(answer.status == 303 && answer.headers[.location] == "/desk/import", "\(answer.body.prefix(400))")

        var records = try await district.database.read { try ImportStore.list(limit: 10, offset: 0, in: $0) }
        let states = Dictionary(uniqueKeysWithValues: records.map { ($0.sheet ?? "", $0.state) })
        #expect(states == ["四月": .queued, "五月": .queued, "附表": .draft], "the empty one is left out")
        for record in records where record.state == .queued {
            let done = try await district.module.importAppeals.run(record.id)
            #expect(done.state == .done && done.tally.accepted == 2, "\(record.sheet ?? "")")
        }
        for id in ["A1", "A2", "B1", "B2"] { #expect(try await district.appeal(id) != nil, "\(id)") }

        records = try await district.database.read { try ImportStore.list(limit: 10, offset: 0, in: $0) }
        _ = try await district.undo(try #require(records.first { $0.sheet == "五月" }))
        #expect(try await district.appeal("A1") != nil)
        #expect(try await district.appeal("B1") == nil)
    }

    @Test("Another sheet can be chosen before anything is loaded")
    func choose() async throws {
        let district = try await AppealDistrict()
        let draft = try await district.module.importAppeals.draft(path: try Self.workbook(), name: "工单.xlsx")
        let empty = try await district.post("/desk/imports/\(draft.id)/sheet", ["sheet": "空表"])
        #expect(empty.status == 422, "a sheet without rows is refused, and the draft stays")
        let other = try await district.post("/desk/imports/\(draft.id)/sheet", ["sheet": "附表"])
        #expect(other.status == 303)
        let records = try await district.database.read { try ImportStore.list(limit: 10, offset: 0, in: $0) }
        #expect(records.map(\.sheet) == ["附表"] && records.first?.state == .draft)
    }
}

/// A small workbook with texts in its cells.
private enum Workbook {
    private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    private static let package = "http://schemas.openxmlformats.org/package/2006/relationships"

    static func write(_ sheets: [(name: String, rows: [[String]])], to path: String) throws {
        let listed = sheets.indices.map {
            "<sheet name=\"\(sheets[$0].name)\" sheetId=\"\($0 + 1)\" r:id=\"rId\($0 + 1)\"/>"
        }
        let related = sheets.indices.map { relation($0 + 1, "worksheet", "worksheets/sheet\($0 + 1).xml") }
        var parts = [
            ("_rels/.rels", relations([relation(1, "officeDocument", "xl/workbook.xml")])),
            (
                "xl/workbook.xml",
                "<workbook xmlns=\"\(main)\" xmlns:r=\"\(office)\"><sheets>\(listed.joined())</sheets></workbook>"
            ),
            ("xl/_rels/workbook.xml.rels", relations(related)),
        ]
        for (index, sheet) in sheets.enumerated() {
            let rows = sheet.rows.map { row in
                "<row>" + row.map { "<c t=\"inlineStr\"><is><t>\($0)</t></is></c>" }.joined() + "</row>"
            }
            parts.append(
                (
                    "xl/worksheets/sheet\(index + 1).xml",
                    "<worksheet xmlns=\"\(main)\"><sheetData>\(rows.joined())</sheetData></worksheet>"
                ))
        }
        var code: Int32 = 0
        let archive = try #require(zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code))
        // The library reads the bytes only when the archive is closed.
        let held = parts.map { Data($0.1.utf8) as NSData }
        for (part, bytes) in zip(parts, held) {
            let source = zip_source_buffer(archive, bytes.bytes, zip_uint64_t(bytes.length), 0)
            _ = zip_file_add(archive, part.0, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
        }
        let closed = withExtendedLifetime(held) { zip_close(archive) }
        try #require(closed == 0)
    }

    private static func relations(_ relations: [String]) -> String {
        "<Relationships xmlns=\"\(package)\">\(relations.joined())</Relationships>"
    }

    private static func relation(_ number: Int, _ type: String, _ target: String) -> String {
        "<Relationship Id=\"rId\(number)\" Type=\"\(office)/\(type)\" Target=\"\(target)\"/>"
    }
}
