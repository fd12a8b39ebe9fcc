import Core
import Foundation
import Testing

@testable import Sheets

@Suite("Files that are not what they should be")
struct SheetFileTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    private func path(_ parts: Parts, _ name: String = "book.xlsx") throws -> String {
        try parts.write(to: folder.path(name))
        return folder.path(name)
    }

    private let row = "<row><c><v>1</v></c></row>"

    @Test("What is missing, empty or a folder")
    func unreadable() throws {
        #expect(throws: SheetError.self) { try rows(folder.path("none.csv")) }
        #expect(throws: SheetError.unreadable(reason: "not a regular file")) { try rows(folder.url.path) }
        #expect(throws: SheetError.empty) { try rows(folder.write([])) }
    }

    @Test("Pictures, archives and programs are no tables")
    func notTables() throws {
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52]
        #expect(throws: SheetError.notATable) { try rows(folder.write(png, "p.csv")) }
        let noise = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(throws: SheetError.notATable) { try rows(folder.write(noise, "n.csv")) }
        #expect(throws: SheetError.notATable) {
            try rows(folder.write((0..<300).map { UInt8($0 % 8 + 1) }, "controls.csv"))
        }
    }

    @Test("Old Excel, and a workbook with a password")
    func oldExcel() throws {
        let ole: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 600)
        #expect(throws: SheetError.oldExcel) { try rows(folder.write(ole, "a.xls")) }
        #expect(throws: SheetError.oldExcel) { try rows(folder.write(ole, "a.xlsx")) }
        let name: [UInt8] = "EncryptedPackage".utf8.flatMap { [$0, 0] as [UInt8] }
        #expect(throws: SheetError.encrypted) { try rows(folder.write(ole + name + ole, "b.xlsx")) }
    }

    @Test(
        "Web pages and XML that some systems export as Excel",
        arguments: [
            "<html><table><tr><td>1</td></tr></table></html>", "\u{FEFF}\n <!DOCTYPE html><html>",
            "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>",
            "<table border=1><tr>",
        ])
    func markup(text: String) throws {
        #expect(throws: SheetError.markup) { try rows(folder.write(text.utf8, "导出.xls")) }
    }

    @Test("A name that promises another kind of file")
    func names() throws {
        let text = try folder.write("a,b\n1,2\n".utf8, "upload")
        #expect(throws: SheetError.nameMisleads(extension: "xlsx", found: .text)) { try rows(text, name: "工单.XLSX") }
        #expect(throws: SheetError.nameMisleads(extension: "xls", found: .text)) { try rows(text, name: "工单.xls") }
        #expect(try rows(text, name: "工单.txt").count == 2)
        #expect(try rows(text, name: "工单").count == 2)
        let book = try path(Parts(row), "upload2")
        #expect(throws: SheetError.nameMisleads(extension: "csv", found: .workbook)) { try rows(book, name: "a.csv") }
        #expect(throws: SheetError.nameMisleads(extension: "xls", found: .workbook)) { try rows(book, name: "a.xls") }
        #expect(try rows(book, name: "带宏.xlsm").count == 1)
        #expect(throws: SheetError.noSuchSheet("表", available: [])) { try rows(text, sheet: "表") }
    }

    @Test("A zip that is no workbook, an OpenDocument file, a binary workbook, an empty zip")
    func otherZips() throws {
        var parts = Parts(row)
        parts.parts = [("readme.txt", "hello")]
        #expect(throws: SheetError.notAWorkbook) { try rows(path(parts)) }
        parts.parts = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<a/>")]
        #expect(throws: SheetError.openDocument) { try rows(path(parts, "a.ods")) }
        parts.parts = [
            ("_rels/.rels", Parts.relations([Parts.relation("r", "officeDocument", "xl/workbook.bin")])),
            ("xl/workbook.bin", "\u{1}"),
        ]
        #expect(throws: SheetError.binaryWorkbook) { try rows(path(parts, "a.xlsb")) }
        parts.parts = [
            ("_rels/.rels", Parts.relations([Parts.relation("r", "officeDocument", "word/document.xml")])),
            ("word/document.xml", "<document/>"),
        ]
        #expect(throws: SheetError.notAWorkbook) { try rows(path(parts, "a.docx")) }
        let end: [UInt8] = [0x50, 0x4B, 0x05, 0x06] + [UInt8](repeating: 0, count: 18)
        #expect(throws: SheetError.notAWorkbook) { try rows(folder.write(end, "e.xlsx")) }
    }

    @Test("A truncated workbook is refused wherever it is cut")
    func truncated() throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: path(Parts(String(repeating: row, count: 500)))))
        for share in 1..<20 {
            let cut = whole.prefix(whole.count * share / 20)
            #expect(throws: SheetError.self) { try rows(folder.write(cut, "cut.xlsx")) }
        }
    }

    @Test("Missing parts, broken XML and strings that are not there are damage")
    func damage() throws {
        let parts = Parts("<row><c t=\"s\"><v>3</v></c></row>", strings: "<si><t>a</t></si>")
        #expect(throws: SheetError.damaged(part: "xl/worksheets/sheet1.xml")) { try rows(path(parts)) }
        #expect(throws: SheetError.damaged(part: "xl/worksheets/sheet1.xml")) {
            try rows(path(parts.removing("xl/worksheets/sheet1.xml")))
        }
        #expect(throws: SheetError.damaged(part: "xl/worksheets/sheet1.xml")) {
            try rows(path(parts.replacing("xl/worksheets/sheet1.xml", with: "<worksheet><sheetData><row>")))
        }
        #expect(throws: SheetError.damaged(part: "xl/workbook.xml")) {
            try rows(path(parts.replacing("xl/_rels/workbook.xml.rels", with: Parts.relations([]))))
        }
    }

    @Test("A document type is refused before any entity is read")
    func documentTypes() throws {
        let bomb = """
            <!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">\
            <!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row>\
            <c t="inlineStr"><is><t>&b;&f;</t></is></c>\
            </row></sheetData></worksheet>
            """
        #expect(throws: SheetError.unsafeMarkup(part: "xl/worksheets/sheet1.xml")) {
            try rows(path(Parts(row).replacing("xl/worksheets/sheet1.xml", with: bomb)))
        }
        #expect(throws: SheetError.unsafeMarkup(part: "xl/sharedStrings.xml")) {
            try rows(
                path(
                    Parts(row, strings: "").replacing(
                        "xl/sharedStrings.xml", with: "<!DOCTYPE a SYSTEM 'http://x/'><sst/>")))
        }
    }

    @Test("A tag that never ends is refused, not gathered")
    func endlessTag() throws {
        let sheet =
            "<worksheet><sheetData><row x=\"" + String(repeating: "a1b2", count: 1 << 19)
            + "\"/></sheetData></worksheet>"
        #expect(throws: SheetError.unsafeMarkup(part: "xl/worksheets/sheet1.xml")) {
            try rows(path(Parts(row).replacing("xl/worksheets/sheet1.xml", with: sheet)))
        }
    }

    @Test("A part that inflates a thousandfold is refused, a repetitive but small one is not")
    func bombs() throws {
        let blank = String(repeating: " ", count: SheetLimits.ratioFreeBytes * 2)
        #expect(throws: SheetError.inflatesTooMuch) {
            try rows(path(Parts(row).replacing("xl/worksheets/sheet1.xml", with: Parts.sheet(row + blank))))
        }
        #expect(try rows(path(Parts(String(repeating: row, count: 100_000)))).count == 100_000)
    }

    @Test("Too many parts, cells too far right and texts too long are refused")
    func limits() throws {
        var many = Parts(row)
        many.parts += (0...SheetLimits.partsMax).map { ("x/\($0)", "") }
        #expect(throws: SheetError.tooManyParts) { try rows(path(many)) }
        #expect(throws: SheetError.tooManyColumns(row: 4)) {
            try rows(path(Parts("<row r=\"4\"><c r=\"XFD4\"><v>1</v></c></row>")))
        }
        var generator = SeededGenerator(seed: 1)
        let long = (0...SheetLimits.workbookCellBytesMax / 8).map { _ in
            String(UInt32.random(in: 0x1000_0000...UInt32.max, using: &generator), radix: 16)
        }.joined()
        #expect(throws: SheetError.cellTooLong(row: 1, column: 1)) {
            try rows(path(Parts("<row><c t=\"inlineStr\"><is><t>\(long)</t></is></c></row>")))
        }
        #expect(throws: SheetError.tooManyStrings) { try rows(path(Parts(row, strings: "<si><t>\(long)</t></si>"))) }
    }

    @Test("Links that lead out of the file are not followed")
    func externalLinks() throws {
        let outside =
            "<Relationship Id=\"rId1\" Type=\"\(Parts.documentRelations)/worksheet\" "
            + "Target=\"http://example.invalid/sheet1.xml\" TargetMode=\"External\"/>"
        #expect(throws: SheetError.damaged(part: "xl/workbook.xml")) {
            try rows(path(Parts(row).replacing("xl/_rels/workbook.xml.rels", with: Parts.relations([outside]))))
        }
    }

    @Test("Every error says in both languages what to do, under a code of its own")
    func reports() {
        let errors: [SheetError] = [
            .unreadable(reason: "x"), .empty, .tooLarge, .notATable, .nameMisleads(extension: "xlsx", found: .text),
            .nameMisleads(extension: "csv", found: .workbook), .oldExcel, .binaryWorkbook, .openDocument, .markup,
            .encrypted,
            .notAWorkbook, .damaged(part: "p"), .unsafeMarkup(part: "p"), .inflatesTooMuch, .tooManyParts,
            .tooManyStrings,
            .noSuchSheet("a", available: ["b"]), .malformedText(row: 1, encoding: "UTF-8"), .unterminatedQuote(row: 1),
            .cellTooLong(row: 1, column: 1), .rowTooLong(row: 1), .tooManyColumns(row: 1), .tooManyRows, .noHeader,
            .cannotWrite(reason: "x"),
        ]
        let reports = errors.map(\.report)
        #expect(Set(reports.map(\.code)).count == errors.count - 1, "both kinds of misleading name share a code")
        for report in reports {
            #expect(report.code.hasPrefix("sheets."))
            #expect(report.explanation.zh.hasSuffix("。") && report.explanation.en.hasSuffix("."), "\(report)")
            #expect(report.explanation.zh.contains("请") || report.code == "sheets.no_such_sheet", "\(report)")
        }
    }
}
