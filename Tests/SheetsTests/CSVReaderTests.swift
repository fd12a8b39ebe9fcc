import Core
import Foundation
import Testing

@testable import Sheets

@Suite("CSV, read")
struct CSVReaderTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    private func read(_ text: String) throws -> [[String]] { try texts(folder.write(text.utf8)) }

    @Test("Quotes hold separators, line ends and doubled quotes")
    func quotes() throws {
        let read = try read("编号,内容\n1,\"噪音,扰民\n\"\"每晚\"\"都有\"\n2,\"\"\n3,\"\"\"\"\n")
        #expect(read == [["编号", "内容"], ["1", "噪音,扰民\n\"每晚\"都有"], ["2", ""], ["3", "\""]])
    }

    @Test("A quote inside an unquoted cell, and text after a closing quote, are kept")
    func looseQuotes() throws {
        #expect(try read("a,b\n5\" pipe,\"x\"y\n") == [["a", "b"], ["5\" pipe", "xy"]])
    }

    @Test("CR, LF and CRLF each end a row, the last one needs none", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(_ end: String) throws {
        #expect(try read("a,b\(end)1,2\(end)3,4") == [["a", "b"], ["1", "2"], ["3", "4"]])
    }

    @Test("Rows may be ragged, blank rows are passed over but counted")
    func ragged() throws {
        let path = try folder.write("a,b,c\n\n1\n,,\n1,2,3,4\n".utf8)
        let rows = try rows(path)
        #expect(rows.map(\.number) == [1, 3, 5])
        #expect(rows.map(\.cells.count) == [3, 1, 4])
        #expect(rows[1][2] == .empty)
    }

    @Test("The separator is found", arguments: [",", ";", "\t", "|", "，"])
    func separators(_ separator: String) throws {
        let lines = [["编号", "标题", "内容"], ["1", "路灯不亮", "请修一下。谢谢"], ["2", "噪音", "晚上很吵"]]
        let text = lines.map { $0.joined(separator: separator) }.joined(separator: "\n")
        #expect(try read(text) == lines)
    }

    @Test("Commas in texts do not win over the tabs between columns")
    func separatorVote() throws {
        let text = "id\ttext\n" + (1...20).map { "\($0)\ta, b, c\($0 % 3 == 0 ? ", d" : "")" }.joined(separator: "\n")
        #expect(try read(text).allSatisfy { $0.count == 2 })
    }

    @Test("Excel's sep= line names the separator and is no row")
    func separatorLine() throws {
        let path = try folder.write("sep=|\na|b,c\n1|2\n".utf8)
        #expect(try texts(path) == [["a", "b,c"], ["1", "2"]])
        #expect(try rows(path).map(\.number) == [2, 3])
    }

    @Test("An unterminated quote is refused with the row it starts in")
    func unterminated() throws {
        #expect(throws: SheetError.unterminatedQuote(row: 3)) { try read("a,b\n1,2\n3,\"open\n4,5\n") }
    }

    @Test("A quote left open in a large file is found without reading it all into memory")
    func unterminatedLarge() throws {
        let text = "a,b\n1,\"open" + String(repeating: "line without a quote,x\n", count: 900_000)
        #expect(throws: SheetError.unterminatedQuote(row: 2)) { try read(text) }
    }

    @Test("Limits on columns and on the length of a cell name the place")
    func limits() throws {
        let wide = "a\n" + String(repeating: "x,", count: SheetLimits.columnsMax) + "\n"
        #expect(throws: SheetError.tooManyColumns(row: 2)) { try read(wide) }
        let long = "a,b\n1," + String(repeating: "x", count: SheetLimits.cellBytesMax + 1) + "\n"
        #expect(throws: SheetError.cellTooLong(row: 2, column: 2)) { try read(long) }
        #expect(try read("a,b\n1," + String(repeating: "x", count: SheetLimits.cellBytesMax)).count == 2)
    }

    @Test("Rows longer than the window are read whole")
    func longRows() throws {
        let long = String(repeating: "长文", count: 120_000)
        let read = try read("a,b\n1,\"\(long)\n\"\n2,\(long)\n3,c\n")
        #expect(read.map { $0[1].count } == [1, 240_001, 240_000, 1])
    }

    @Test("Zero bytes are dropped, as real exports contain them")
    func zeroBytes() throws {
        let text = String(repeating: "编号,标题\n", count: 100)
        #expect(try texts(folder.write(Array(text.utf8) + [0x31, 0x00, 0x2C, 0x32])).last == ["1", "2"])
    }

    @Test("What an export's guard added to a formula is taken off again")
    func unguarded() throws {
        #expect(
            try read("a,b\n'=1+1,'-x\n'quoted',''=2\n'-5,'12\n")
                == [["a", "b"], ["=1+1", "-x"], ["'quoted'", "'=2"], ["'-5", "'12"]])
    }
}

@Suite("CSV, encodings")
struct CSVEncodingTests {
    private let folder: Folder
    private let text = "编号,标题,内容\r\n1,路灯不亮，请修,𠮷野家旁边€\r\n2,\"夜间\n施工\",镕\r\n"
    private let expected = [["编号", "标题", "内容"], ["1", "路灯不亮，请修", "𠮷野家旁边€"], ["2", "夜间\n施工", "镕"]]

    init() throws { folder = try Folder() }

    private func bytes(_ encoding: String.Encoding, mark: [UInt8] = []) throws -> [UInt8] {
        try mark + [UInt8](#require(text.data(using: encoding)))
    }

    @Test("UTF-8 with and without a byte order mark")
    func utf8() throws {
        #expect(try texts(folder.write(bytes(.utf8))) == expected)
        #expect(try texts(folder.write(bytes(.utf8, mark: [0xEF, 0xBB, 0xBF]))) == expected)
    }

    @Test("UTF-16 of both byte orders, with and without a mark")
    func utf16() throws {
        #expect(try texts(folder.write(bytes(.utf16LittleEndian))) == expected)
        #expect(try texts(folder.write(bytes(.utf16LittleEndian, mark: [0xFF, 0xFE]))) == expected)
        #expect(try texts(folder.write(bytes(.utf16BigEndian))) == expected)
        #expect(try texts(folder.write(bytes(.utf16BigEndian, mark: [0xFE, 0xFF]))) == expected)
    }

    /// 编号,标题 / 1,路灯 / 2,镕 and a four-byte character, as a Chinese Windows writes them.
    private let gbBytes: [UInt8] =
        [0xB1, 0xE0, 0xBA, 0xC5, 0x2C, 0xB1, 0xEA, 0xCC, 0xE2, 0x0D, 0x0A]
        + [0x31, 0x2C, 0xC2, 0xB7, 0xB5, 0xC6, 0x0D, 0x0A]
        + [0x32, 0x2C, 0xE9, 0x46, 0x95, 0x32, 0x82, 0x36, 0x0D, 0x0A]

    @Test("GB18030, two-byte and four-byte characters")
    func gb18030() throws {
        #expect(try texts(folder.write(gbBytes)) == [["编号", "标题"], ["1", "路灯"], ["2", "镕𠀀"]])
    }

    @Test("GB18030 is found when its first Chinese character comes late")
    func lateGB18030() throws {
        let plain = "id,text\n" + String(repeating: "1,plain ascii\n", count: 30_000)
        let read = try texts(folder.write(Array(plain.utf8) + [0x32, 0x2C, 0xC2, 0xB7, 0xB5, 0xC6, 0x0A]))
        #expect(read.count == 30_002)
        #expect(read.last == ["2", "路灯"])
    }

    @Test("A character cut in two by the reading window stays whole", arguments: [0, 1, 2, 3])
    func cutCharacters(shift: Int) throws {
        let head = Array(String(repeating: "x", count: shift).utf8) + [0x2C]
        let row: [UInt8] = [0xC2, 0xB7, 0xB5, 0xC6, 0xE9, 0x46, 0x95, 0x32, 0x82, 0x36, 0x2C, 0x31, 0x0A]
        let many = (0..<60_000).flatMap { _ in row }
        let read = try texts(folder.write(head + many))
        #expect(read.count == 60_000)
        #expect(read.dropFirst().allSatisfy { $0 == ["路灯镕𠀀", "1"] })
    }

    @Test("Bytes that are not of the encoding are refused with their row, and the rows before are read")
    func malformed() throws {
        let good = Array(String(repeating: "1,路灯不亮\n", count: 9_000).utf8)
        let path = try folder.write(good + [0x32, 0x2C, 0xFF, 0xFF, 0x0A])
        let reader = try SheetFile.open(path: path)
        for _ in 0..<9_000 { _ = try reader.next() }
        #expect(throws: SheetError.malformedText(row: 9_001, encoding: "UTF-8")) { try reader.next() }

        let gb = (0..<30_000).flatMap { _ in [0x31, 0x2C, 0xB5, 0xC6, 0x0A] as [UInt8] }
        let broken = try SheetFile.open(path: folder.write(gb + [0x32, 0x2C, 0xC2, 0x0A]))
        for _ in 0..<30_000 { _ = try broken.next() }
        #expect(throws: SheetError.malformedText(row: 30_001, encoding: "GB18030")) { try broken.next() }
    }

    @Test("Every way of cutting the same text into bytes gives the same rows")
    func agreement() throws {
        var generator = SeededGenerator(seed: 7)
        let alphabet = Array("编号标题路灯不亮𠮷，。abc 123\",\n")
        for _ in 0..<200 {
            let body = (0..<Int.random(in: 20...400, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            let cell = "\"" + String(body).replacing("\"", with: "\"\"") + "\""
            let text = "标题,内容\n甲,\(cell)\n"
            let plain = try texts(folder.write(text.utf8))
            for encoding: String.Encoding in [.utf16LittleEndian, .utf16BigEndian] {
                let mark: [UInt8] = encoding == .utf16LittleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]
                #expect(try texts(folder.write(mark + [UInt8](#require(text.data(using: encoding))))) == plain)
            }
            #expect(plain == [["标题", "内容"], ["甲", String(body)]])
        }
    }
}
