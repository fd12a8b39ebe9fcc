import CLibzip
import Foundation
import Testing

@testable import Sheets

/// A folder of one test's files, gone with it.
final class Folder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("sheets-\(UUID().uuidString)")
    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func write(_ bytes: some Sequence<UInt8>, _ name: String = "file.csv") throws -> String {
        let path = path(name)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path))?.sorted() ?? [] }
}

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

func rows(_ path: String, name: String? = nil, sheet: String? = nil) throws -> [SheetRow] {
    let reader = try SheetFile.open(path: path, name: name, sheet: sheet)
    var rows: [SheetRow] = []
    while let row = try reader.next() { rows.append(row) }
    return rows
}

func texts(_ path: String, name: String? = nil, sheet: String? = nil) throws -> [[String]] {
    try rows(path, name: name, sheet: sheet).map { $0.cells.map(\.string) }
}

/// A workbook put together from XML by hand, so that it can hold what no writer would write.
struct Parts {
    static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    static let documentRelations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    static let packageRelations = "http://schemas.openxmlformats.org/package/2006/relationships"

    var parts: [(name: String, text: String)] = []

    /// One sheet or several, from their `sheetData` content.
    init(
        sheets: [(name: String, rows: String)], strings: String? = nil, formats: String = "", styles: [Int] = [],
        workbook: String = "", targets: [String]? = nil
    ) {
        let declared = sheets.indices.map {
            "<sheet name=\"\(sheets[$0].name)\" sheetId=\"\($0 + 1)\" r:id=\"rId\($0 + 1)\"/>"
        }
        let related = sheets.indices.map { index in
            Parts.relation("rId\(index + 1)", "worksheet", targets?[index] ?? "worksheets/sheet\(index + 1).xml")
        }
        parts = [
            ("_rels/.rels", Parts.relations([Parts.relation("rId1", "officeDocument", "xl/workbook.xml")])),
            (
                "xl/workbook.xml",
                "<workbook xmlns=\"\(Parts.main)\" xmlns:r=\"\(Parts.documentRelations)\">\(workbook)<sheets>"
                    + declared.joined() + "</sheets></workbook>"
            ),
            (
                "xl/_rels/workbook.xml.rels",
                Parts.relations(
                    related + [
                        Parts.relation("rIdS", "styles", "styles.xml"),
                        Parts.relation("rIdT", "sharedStrings", "sharedStrings.xml"),
                    ])
            ),
            (
                "xl/styles.xml",
                "<styleSheet xmlns=\"\(Parts.main)\"><numFmts>\(formats)</numFmts><cellStyleXfs><xf numFmtId=\"14\"/>"
                    + "</cellStyleXfs><cellXfs>" + styles.map { "<xf numFmtId=\"\($0)\"/>" }.joined()
                    + "</cellXfs></styleSheet>"
            ),
        ]
        if let strings { parts.append(("xl/sharedStrings.xml", "<sst xmlns=\"\(Parts.main)\">\(strings)</sst>")) }
        for (index, sheet) in sheets.enumerated() {
            parts.append(("xl/worksheets/sheet\(index + 1).xml", Parts.sheet(sheet.rows)))
        }
    }

    init(_ rows: String, strings: String? = nil, formats: String = "", styles: [Int] = [], workbook: String = "") {
        self.init(
            sheets: [("表", rows)], strings: strings, formats: formats, styles: styles, workbook: workbook)
    }

    static func sheet(_ rows: String) -> String {
        "<worksheet xmlns=\"\(main)\"><sheetData>\(rows)</sheetData></worksheet>"
    }

    static func relations(_ relations: [String]) -> String {
        "<Relationships xmlns=\"\(packageRelations)\">\(relations.joined())</Relationships>"
    }

    static func relation(_ id: String, _ type: String, _ target: String) -> String {
        "<Relationship Id=\"\(id)\" Type=\"\(documentRelations)/\(type)\" Target=\"\(target)\"/>"
    }

    func replacing(_ name: String, with text: String) -> Parts {
        var copy = self
        copy.parts.removeAll { $0.name == name }
        copy.parts.append((name, text))
        return copy
    }

    func removing(_ name: String) -> Parts {
        var copy = self
        copy.parts.removeAll { $0.name == name }
        return copy
    }

    func write(to path: String) throws {
        var code: Int32 = 0
        let archive = try #require(zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code))
        // libzip reads the bytes only when the archive is closed.
        let held = parts.map { Array($0.text.utf8).withUnsafeBytes { Data($0) as NSData } }
        for (part, bytes) in zip(parts, held) {
            let source = zip_source_buffer(archive, bytes.bytes, zip_uint64_t(bytes.length), 0)
            _ = zip_file_add(archive, part.name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
        }
        let closed = withExtendedLifetime(held) { zip_close(archive) }
        try #require(closed == 0)
    }
}
