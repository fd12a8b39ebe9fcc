import Foundation
import Testing

@testable import Sheets

/// Damaged files give rows or a `SheetError`, never anything else, and never without end.
@Suite("Sheets, fuzzed")
struct SheetFuzzTests {
    private let folder: Folder
    init() throws { folder = try Folder() }

    private func mutated(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2: bytes.remove(at: at)
            case 3:
                let special: [UInt8] = [0, 0x22, 0x2C, 0x0A, 0x0D, 0x27, 0x3C, 0x3E, 0x26, 0xFF, 0x80]
                bytes.insert(special[Int.random(in: 0..<special.count, using: &generator)], at: at)
            case 4: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &generator)))
            default:
                let piece = bytes[at..<min(bytes.count, at + Int.random(in: 1...60, using: &generator))]
                bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &generator))
            }
        }
        return bytes
    }

    /// Rows read before the end or the error.
    private func outcome(_ path: String) throws -> Int {
        var count = 0
        do {
            let reader = try SheetFile.open(path: path)
            while let row = try reader.next() {
                count += 1
                #expect(row.cells.contains { !$0.isEmpty })
                #expect(reader.progress.done <= reader.progress.total)
            }
        } catch is SheetError {}
        return count
    }

    @Test("CSV in every encoding survives 6,000 mutations", arguments: [UInt64](1...4))
    func csv(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let text =
            "编号,标题,内容\r\n1,\"路灯,不亮\n请修\",'=x\r\n2,\"a\"\"b\",𠮷\r\n" + (3...20).map { "\($0),噪音,晚上很吵\r\n" }.joined()
        let gb: [UInt8] = [0xB1, 0xE0, 0xBA, 0xC5, 0x2C, 0xE9, 0x46, 0x95, 0x32, 0x82, 0x36, 0x0D, 0x0A]
        let originals: [[UInt8]] = [
            Array(text.utf8), [0xFF, 0xFE] + [UInt8](text.data(using: .utf16LittleEndian) ?? Data()),
            (0..<30).flatMap { _ in gb },
        ]
        var rowsRead = 0
        for _ in 0..<500 {
            for original in originals {
                rowsRead += try outcome(folder.write(mutated(original, &generator), "fuzz.csv"))
            }
        }
        #expect(rowsRead > 5_000, "most mutations leave rows to read")
    }

    private let parts = Parts(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"><v>44259.5</v></c></row>"
            + (2...30).map {
                "<row r=\"\($0)\"><c r=\"A\($0)\" t=\"inlineStr\"><is><t>第\($0)行_x000D_</t></is></c>"
                    + "<c r=\"C\($0)\"><f>A1</f><v>\($0)E\($0 % 7)</v></c></row>"
            }.joined(),
        strings: "<si><t>共享</t></si>", formats: "<numFmt numFmtId=\"176\" formatCode=\"yyyy-mm\"/>", styles: [0, 176])

    @Test("A workbook's zip survives 3,000 mutations", arguments: [UInt64](1...3))
    func zips(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        try parts.write(to: folder.path("whole.xlsx"))
        let original = try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.path("whole.xlsx"))))
        for _ in 0..<1_000 {
            _ = try outcome(folder.write(mutated(original, &generator), "fuzz.xlsx"))
        }
    }

    @Test("The XML inside a workbook survives 2,000 mutations", arguments: [UInt64](1...2))
    func markup(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var rowsRead = 0
        for round in 0..<1_000 {
            let part = parts.parts[round % parts.parts.count]
            let damaged = mutated(Array(part.text.utf8), &generator)
            try parts.replacing(part.name, with: String(decoding: damaged, as: UTF8.self)).write(
                to: folder.path("fuzz.xlsx"))
            rowsRead += try outcome(folder.path("fuzz.xlsx"))
        }
        #expect(rowsRead > 3_000, "many mutations leave rows to read")
    }
}
