import Core
import Foundation
import Testing

@testable import Sheets

@Suite("XLSX, read")
struct XLSXReaderTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    private func read(_ parts: Parts, sheet: String? = nil) throws -> [SheetRow] {
        let path = folder.path("book.xlsx")
        try parts.write(to: path)
        return try rows(path, sheet: sheet)
    }

    private func cells(_ parts: Parts) throws -> [Cell] { try read(parts).flatMap(\.cells) }

    @Test("Shared, inline and formula strings; the runs of rich text joined, phonetic guides left out")
    func strings() throws {
        let parts = Parts(
            """
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>\
            <c r="C1" t="inlineStr"><is><r><t>行</t></r><r><t>内</t></r><rPh><t>hang</t></rPh></is></c>\
            <c r="D1" t="str"><f>A1&amp;"x"</f><v>缓存值</v></c></row>
            """,
            strings: """
                <si><t xml:space="preserve"> 路灯&amp;不亮 </t></si><si><r><rPr><b/></rPr><t>东</t></r><r><t>京</t></r>\
                <rPh sb="0" eb="1"><t>トウ</t></rPh><phoneticPr/></si>
                """)
        #expect(try cells(parts) == [.text(" 路灯&不亮 "), .text("东京"), .text("行内"), .text("缓存值")])
    }

    @Test("A formula gives the value the file holds, and nothing when it holds none")
    func formulas() throws {
        let parts = Parts(
            "<row><c><f>1+1</f><v>2</v></c><c><f>WEBSERVICE(\"http://x\")</f></c><c t=\"b\"><v>1</v></c>"
                + "<c t=\"e\"><v>#N/A</v></c></row>")
        #expect(try cells(parts) == [.number("2"), .empty, .boolean(true), .text("#N/A")])
    }

    @Test(
        "Numbers keep the digits of an identifier, without exponent or noise",
        arguments: [
            ("188006", "188006"), ("1.88006E5", "188006"), ("310107202001011234", "310107202001011234"),
            ("3.1010720200101E+17", "310107202001010000"), ("0.1", "0.1"), ("0.10000000000000001", "0.1"),
            ("-12.50", "-12.5"), ("1E-3", "0.001"), ("-0.5", "-0.5"), ("121.40280000000001", "121.4028"), ("7.0", "7"),
            ("1.5E1", "15"), ("12E-1", "1.2"), ("9007199254740993", "9007199254740993"), (".5", "0.5"),
        ])
    func numbers(written: String, expected: String) throws {
        #expect(try cells(Parts("<row><c><v>\(written)</v></c></row>")) == [.number(expected)])
    }

    @Test("What is no number in a number's place stays text", arguments: ["abc", "1E", "--1", "1.2.3", "0x10", "INF"])
    func notNumbers(written: String) throws {
        #expect(try cells(Parts("<row><c><v>\(written)</v></c></row>")) == [.text(written)])
    }

    @Test("Sparse rows and cells keep their places, cells without a place follow the one before")
    func sparse() throws {
        let rows = try read(
            Parts(
                "<row r=\"3\"><c r=\"C3\"><v>1</v></c><c><v>2</v></c><c r=\"B3\"><v>0</v></c></row><row r=\"5\"/>"
                    + "<row><c r=\"A6\"><v>6</v></c><c r=\"B6\" s=\"1\"/></row>"
                    + "<row r=\"1048576\"><c r=\"AB1\"><v>9</v></c></row>"
            ))
        #expect(rows.map(\.number) == [3, 6, 1_048_576])
        #expect(rows[0].cells == [.empty, .number("0"), .number("1"), .number("2")])
        #expect(rows[1].cells == [.number("6")])
        #expect(rows[2].cells.count == 28)
    }

    @Test("Escaped characters come back, zero bytes do not")
    func escapes() throws {
        let parts = Parts(
            "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>",
            strings: "<si><t>第一行_x000D_\n第二行_x005F_x0041_ _x00zz_ a_b</t></si><si><t>_x0000_x_xD83D__xDE00_</t></si>")
        #expect(try cells(parts) == [.text("第一行\r\n第二行_x0041_ _x00zz_ a_b"), .text("x😀")])
    }

    @Test(
        "Dates follow the number format: built-in, Chinese, custom, quoted and escaped",
        arguments: [
            (14, "", "2021-03-04 00:00:00"), (22, "", "2021-03-04 12:30:00"), (31, "", "2021-03-04 12:30:00"),
            (57, "", "2021-03-04 12:30:00"), (176, "yyyy\"年\"m\"月\"d\"日\"", "2021-03-04 12:30:00"),
            (176, "[$-804]yyyy\\-mm\\-dd\\ hh:mm:ss;@", "2021-03-04 12:30:00"),
            (176, "mmm\\-yy", "2021-03-04 12:30:00"),
            (176, "上午/下午h\"时\"mm\"分\"", "44259.5208333333"), (176, "0.00\"d\"", "44259.5208333333"),
            (2, "", "44259.5208333333"),
            (176, "#,##0\\y", "44259.5208333333"), (176, "[Red]0.0E+00", "44259.5208333333"),
            (176, "General", "44259.5208333333"),
            (46, "", "1062228:30:00"), (176, "[h]:mm", "1062228:30:00"),
        ])
    func dates(id: Int, code: String, expected: String) throws {
        let serial = id == 14 ? "44259" : "44259.520833333336"
        let isTime = code.hasPrefix("上午")
        let parts = Parts(
            "<row><c s=\"1\"><v>\(serial)</v></c></row>",
            formats: code.isEmpty
                ? "" : "<numFmt numFmtId=\"\(id)\" formatCode=\"\(code.replacing("\"", with: "&quot;"))\"/>",
            styles: [0, id])
        let text = try cells(parts)[0].string
        #expect(text == (isTime ? "2021-03-04 12:30:00" : expected))
    }

    @Test("Both epochs, and the leap day of 1900 that never was")
    func epochs() throws {
        func date(_ serial: String, _ workbook: String = "") throws -> String {
            try cells(Parts("<row><c s=\"1\"><v>\(serial)</v></c></row>", styles: [0, 14], workbook: workbook))[0]
                .string
        }
        #expect(try date("1") == "1900-01-01 00:00:00")
        #expect(try date("59") == "1900-02-28 00:00:00")
        #expect(try date("60") == "1900-02-29")
        #expect(try date("61") == "1900-03-01 00:00:00")
        #expect(try date("43524.475752314815") == "2019-02-28 11:25:05")
        #expect(try date("2958465") == "9999-12-31 00:00:00")
        #expect(try date("2958466") == "2958466")
        #expect(try date("-1") == "-1")
        #expect(try date("0", "<workbookPr date1904=\"1\"/>") == "1904-01-01 00:00:00")
        #expect(try date("42797", "<workbookPr date1904=\"true\"/>") == "2021-03-04 00:00:00")
    }

    @Test("A time of day without a day is a time, not a date of 1899")
    func times() throws {
        let parts = Parts(
            "<row><c s=\"1\"><v>0.5</v></c><c t=\"d\"><v>2021-03-04T05:06:07.000Z</v></c>"
                + "<c t=\"d\"><v>soon</v></c></row>", styles: [0, 20])
        #expect(try cells(parts).map(\.string) == ["12:00:00", "2021-03-04 05:06:07", "soon"])
    }

    @Test("Sheets are chosen by name; without one, the first visible sheet that has rows")
    func sheets() throws {
        let parts = Parts(sheets: [
            ("说明", ""), ("工单", "<row><c><v>2</v></c></row>"), ("附表", "<row><c><v>3</v></c></row>"),
        ])
        #expect(try read(parts).map { $0[0] } == [.number("2")])
        #expect(try read(parts, sheet: "附表").map { $0[0] } == [.number("3")])
        #expect(try read(parts, sheet: "说明").isEmpty)
        #expect(throws: SheetError.noSuchSheet("没有", available: ["说明", "工单", "附表"])) { try read(parts, sheet: "没有") }
        #expect(try SheetFile.open(path: folder.path("book.xlsx")).sheetNames == ["说明", "工单", "附表"])
    }

    @Test(
        "A sheet is found by an absolute, a roundabout or a backslashed path",
        arguments: [
            "/xl/worksheets/sheet1.xml", "../xl/./worksheets/sheet1.xml", "worksheets\\sheet1.xml",
            "Worksheets/Sheet1.xml",
        ])
    func targets(target: String) throws {
        let parts = Parts(sheets: [("a", "<row><c><v>1</v></c></row>")], targets: [target])
        #expect(try read(parts).count == 1)
    }

    @Test("Elements with a namespace prefix are the same elements")
    func prefixes() throws {
        let sheet =
            "<x:worksheet xmlns:x=\"\(Parts.main)\"><x:sheetData><x:row r=\"1\"><x:c r=\"B1\" t=\"inlineStr\">"
            + "<x:is><x:t>甲</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>"
        #expect(try cells(Parts("").replacing("xl/worksheets/sheet1.xml", with: sheet)) == [.empty, .text("甲")])
    }

    @Test("Shared strings beyond the memory share are read back from their file")
    func spilling() throws {
        let strings = SharedStrings()
        let long = Array(String(repeating: "长文字", count: 9_000).utf8)
        for index in 0..<1_000 { try strings.append(Array("\(index)".utf8) + long) }
        try strings.finish()
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            let index = Int.random(in: 0..<1_000, using: &generator)
            #expect(try strings.string(at: index)?.hasPrefix("\(index)长") == true)
            #expect(try strings.string(at: index)?.utf8.count == long.count + "\(index)".utf8.count)
        }
        #expect(try strings.string(at: 1_000) == nil)
        #expect(try strings.string(at: -1) == nil)
    }
}
