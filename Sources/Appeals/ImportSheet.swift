internal import Crypto
internal import Foundation
package import Sheets

/// A file to import, opened: its header has been found and its first rows are at hand.
package final class ImportSheet {
    package let layout: ImportLayout
    /// The first rows after the header.
    package let sample: [SheetRow]
    private let reader: any SheetReader
    private var replay: ArraySlice<SheetRow>

    /// - Throws: `SheetError` for a file that is none, `AppealError.importEmpty` for one without rows.
    package init(path: String, name: String, sheet: String? = nil) throws {
        let reader = try SheetFile.open(path: path, name: name, sheet: sheet)
        var first: [SheetRow] = []
        while first.count < ImportLimits.headerRowsMax + ImportLimits.sampleRows, let row = try reader.next() {
            first.append(row)
        }
        let (headerIndex, headers) = Self.header(in: first)
        let rows = Array(first.dropFirst(headerIndex + 1))
        guard !rows.isEmpty else { throw AppealError.importEmpty }
        let sample = Array(rows.prefix(ImportLimits.sampleRows))
        let plain = ImportLayout(headerRow: first[headerIndex].number, headers: headers)
        layout = ImportLayout(
            headerRow: plain.headerRow, headers: headers,
            columns: ColumnGuess(headers: plain.headers, rows: sample).columns())
        self.sample = sample
        self.reader = reader
        replay = rows[...]
    }

    package var sheetNames: [String] { reader.sheetNames }
    package var progress: (done: Int, total: Int) { reader.progress }

    /// The next row after the header.
    package func next() throws -> SheetRow? {
        if let row = replay.popFirst() { return row }
        return try reader.next()
    }

    /// SHA-256 of a file, in constant memory.
    package static func checksum(path: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw AppealError.importFileMissing }
        defer { try? handle.close() }
        var hasher = SHA256()
        while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty { hasher.update(data: part) }
        return Hex.text(hasher.finalize())
    }

    /// The header is the row with the most known names; where none is known, the first row with two cells filled.
    ///
    /// A header of two rows has group titles merged above: a cell left empty below takes the one above it.
    private static func header(in rows: [SheetRow]) -> (index: Int, headers: [String]) {
        var best: (index: Int, headers: [String], known: Int)?
        for index in rows.indices.prefix(ImportLimits.headerRowsMax) {
            let headers = filled(rows[index], above: index > 0 ? rows[index - 1] : nil)
            let known = ColumnGuess.knownNames(in: headers)
            if known > (best?.known ?? 0) { best = (index, headers, known) }
        }
        if let best { return (best.index, best.headers) }
        let first = rows.firstIndex { row in row.cells.count { !$0.isEmpty } >= 2 } ?? 0
        return rows.isEmpty ? (0, []) : (first, rows[first].cells.map(\.string))
    }

    private static func filled(_ row: SheetRow, above: SheetRow?) -> [String] {
        let own = row.cells.map(\.string)
        guard let above, own.count(where: { !$0.isEmpty }) >= 2 else { return own }
        return (0..<max(own.count, above.cells.count)).map { column in
            let text = column < own.count ? own[column] : ""
            return text.isEmpty ? above[column].string : text
        }
    }
}
