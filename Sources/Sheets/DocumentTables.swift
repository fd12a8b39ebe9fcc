internal import CExpat
import Core
internal import Foundation

/// The rows of the tables in a Word document (.docx); everything else in it is passed over.
package enum DocumentTables {
    /// All rows of all tables, one table after the other. A cell that is merged downwards holds its text in each row.
    ///
    /// - Throws: `SheetError` for what is no Word document, is damaged, or holds more than `SheetLimits` allow.
    package static func rows(path: String) throws -> [SheetRow] {
        let file = try FileBytes(path: path)
        guard try file.bytes(at: 0, count: 4).starts(with: [0x50, 0x4B, 0x03, 0x04]) else {
            throw SheetError.notAWorkbook
        }
        let archive = try ZipArchive(path: path, fileSize: file.size)
        guard let part = archive.part("word/document.xml") else { throw SheetError.notAWorkbook }
        let handler = TableHandler()
        try Markup.parse(try archive.open(part), handler: handler)
        return handler.rows
    }
}

/// Collects the cells of `w:tbl`. A table within a cell belongs to the text of that cell.
private final class TableHandler: MarkupHandler {
    private(set) var rows: [SheetRow] = []
    private var depth = 0
    private var cells: [String] = []
    private var above: [String] = []
    private var text = ""
    private var bytes = 0
    private var span = 1
    private var isContinued = false
    private var isText = false

    private func isNamed(_ name: UnsafePointer<CChar>, _ other: StaticString) -> Bool {
        strcmp(name, other.utf8Start) == 0
    }

    override func start(_ name: UnsafePointer<CChar>, _ attributes: Attributes) {
        if isNamed(name, "tbl") {
            depth += 1
            if depth == 1 { above = [] }
        }
        guard depth == 1 else {
            isText = depth > 1 && isNamed(name, "t")
            return
        }
        if isNamed(name, "tr") {
            cells = []
        } else if isNamed(name, "tc") {
            (text, span, isContinued) = ("", 1, false)
        } else if isNamed(name, "gridSpan") {
            span = min(max(1, value("val", in: attributes).flatMap { Int($0) } ?? 1), SheetLimits.columnsMax)
        } else if isNamed(name, "vMerge") {
            // Without a value it goes on with the cell above.
            isContinued = value("val", in: attributes) != "restart"
        } else if isNamed(name, "br") || isNamed(name, "tab") {
            append(" ")
        }
        isText = isNamed(name, "t")
    }

    override func end(_ name: UnsafePointer<CChar>) {
        isText = false
        if isNamed(name, "tbl") { depth -= 1 }
        guard depth == 1 else { return }
        if isNamed(name, "p") {
            if !text.isEmpty, !text.hasSuffix("\n") { append("\n") }
        } else if isNamed(name, "tc") {
            closeCell()
        } else if isNamed(name, "tr") {
            closeRow()
        }
    }

    override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        if isText, depth > 0 { append(String(decoding: bytes, as: UTF8.self)) }
    }

    private func append(_ more: String) {
        bytes += more.utf8.count
        guard bytes <= SheetLimits.rowBytesMax, text.utf8.count <= SheetLimits.workbookCellBytesMax else {
            failure = .tooLarge
            return
        }
        text += more
    }

    private func closeCell() {
        guard cells.count + span <= SheetLimits.columnsMax else {
            failure = .tooManyColumns(row: rows.count + 1)
            return
        }
        let column = cells.count
        let own = text.trimmingCharacters(in: .whitespacesAndNewlines)
        cells.append(isContinued && above.indices.contains(column) ? above[column] : own)
        cells += Array(repeating: "", count: span - 1)
    }

    private func closeRow() {
        guard rows.count < SheetLimits.documentRowsMax else {
            failure = .tooManyRows
            return
        }
        above = cells
        rows.append(
            SheetRow(number: rows.count + 1, cells: cells.map { $0.isEmpty ? Cell.empty : .text($0) }))
    }
}
