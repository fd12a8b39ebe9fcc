import Core
import Foundation
import Testing

@testable import Sheets

@Suite("Sheets, written")
struct WriterTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test(
        "Texts that a spreadsheet would run are defused, plain numbers are not",
        arguments: [
            ("=1+1", "\"'=1+1\""), ("+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\""), ("-2+3", "\"'-2+3\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""), ("\r=1", "\"'\r=1\""), ("＝1", "\"'＝1\""), ("'=1", "\"''=1\""), ("-12.5", "-12.5"),
            ("+8621", "+8621"), ("-", "\"'-\""), ("a=1", "a=1"), ("1-2", "1-2"), ("a\"b", "\"a\"\"b\""),
            ("x,y", "\"x,y\""), ("路灯", "路灯"),
        ])
    func defusing(written: String, expected: String) {
        #expect(CSVWriter.line([.text(written)]) == Array((expected + "\r\n").utf8))
    }

    @Test("A CSV file begins with the mark Excel needs, and ends its rows as Excel does")
    func csvForm() throws {
        let writer = try CSVWriter(path: folder.path("a.csv"))
        try writer.write(["编号", "时间"])
        try writer.write([.number("1"), .date(milliseconds: 1_614_861_005_000), .empty, .boolean(true)])
        try writer.finish()
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.path("a.csv"))))
        #expect(bytes == [0xEF, 0xBB, 0xBF] + Array("编号,时间\r\n1,2021-03-04 12:30:05,,TRUE\r\n".utf8))
        #expect(folder.names == ["a.csv"])
    }

    @Test("What was not finished leaves nothing, and what was there before stays")
    func unfinished() throws {
        let path = try folder.write("old".utf8, "a.csv")
        do {
            let writer = try CSVWriter(path: path)
            try writer.write(["new"])
            let book = try XLSXWriter(path: folder.path("b.xlsx"))
            try book.write([.text("new")])
        }
        #expect(try text(path) == "old")
        #expect(folder.names == ["a.csv"])
        #expect(throws: SheetError.self) { try CSVWriter(path: folder.path("no/such/a.csv")) }
        #expect(throws: SheetError.self) { try XLSXWriter(path: folder.path("no/such/a.xlsx")) }
    }

    @Test("A disk that is full is an error, and leaves nothing")
    func fullDisk() throws {
        let handle = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let writer = CSVWriter(handle: handle)
        try writer.write(["a"])
        #expect(throws: SheetError.self) { try writer.finish() }
    }

    @Test("A workbook keeps texts as texts, numbers as numbers, dates as dates and long identifiers digit by digit")
    func workbook() throws {
        let path = folder.path("b.xlsx")
        let writer = try XLSXWriter(path: path, sheet: "工单[1]")
        try writer.writeHeader(["编号", "内容"])
        let cells: [Cell] = [
            .text("=HYPERLINK(\"http://x\")"), .text("http://example.com"), .number("310107202001011234"),
            .number("12.5"),
            .number("007"), .date(milliseconds: 1_614_861_005_000), .date(milliseconds: 1_614_816_000_000),
            .boolean(false), .empty,
            .text("第一行\n第二行_x0041_\u{1}😀"), .date(milliseconds: -2_209_000_000_000), .text("末"),
        ]
        try writer.write(cells)
        try writer.finish()
        let read = try rows(path)
        #expect(try SheetFile.open(path: path).sheetNames == ["工单1"])
        #expect(read[0].cells == [.text("编号"), .text("内容")])
        #expect(
            read[1].cells
                == cells.map { cell in
                    switch cell {
                    case .number("310107202001011234"): .text("310107202001011234")
                    case .number("007"): .text("007")
                    case .date(milliseconds: -2_209_000_000_000): .text("1899-12-31 20:53:20")
                    default: cell
                    }
                })
        #expect(folder.names == ["b.xlsx"])
    }

    @Test("Text beyond what an Excel cell holds is cut and counted")
    func longText() throws {
        let writer = try XLSXWriter(path: folder.path("b.xlsx"))
        try writer.write([.text(String(repeating: "长", count: 32_767)), .text(String(repeating: "😀", count: 32_768))])
        try writer.finish()
        #expect(writer.cellsCut == 1)
        #expect(try rows(folder.path("b.xlsx"))[0].cells.map { $0.string.count } == [32_767, 16_383])
    }

    @Test("Whatever is written is read back the same, in both formats", arguments: [UInt64](1...40))
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet =
            Array("编号路灯𠮷😀ab =+-@'\"\t\r\n,;|，_x00041;&<>").map(String.init) + [
                "\u{200B}", "\u{301}", "\r\n", "_x0041_",
            ]
        let rowsOut = (0..<30).map { number in
            SheetRow(
                number: number + 1,
                cells: [.text("\(number)行")]
                    + (0..<6).map { _ in
                        .text(
                            (0..<Int.random(in: 1...30, using: &generator)).map { _ in
                                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                            }.joined())
                    })
        }
        let csv = try CSVWriter(path: folder.path("a.csv"), hasMark: seed % 2 == 0)
        let xlsx = try XLSXWriter(path: folder.path("a.xlsx"))
        for row in rowsOut {
            try csv.write(row.cells)
            try xlsx.write(row.cells)
        }
        try csv.finish()
        try xlsx.finish()
        #expect(try rows(folder.path("a.csv")) == rowsOut, "seed \(seed)")
        #expect(try rows(folder.path("a.xlsx")) == rowsOut, "seed \(seed)")
    }
}
