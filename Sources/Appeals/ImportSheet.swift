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
        guard let header = HeaderFinder.find(first, isKnown: ColumnGuess.isKnown) else { throw AppealError.importEmpty }
        let data = header.index + header.height
        let rows = Array(first.dropFirst(data))
        guard !rows.isEmpty else { throw AppealError.importEmpty }
        let sample = Array(rows.prefix(ImportLimits.sampleRows))
        let plain = ImportLayout(headerRow: first[data - 1].number, headers: header.titles)
        layout = ImportLayout(
            headerRow: plain.headerRow, headers: header.titles,
            columns: ColumnGuess(headers: plain.headers, rows: sample).columns())
        self.sample = sample
        self.reader = reader
        replay = rows[...]
    }

    package var sheetNames: [String] { reader.sheetNames }
    /// Which of them this is; nil for a file that has no sheets.
    package var sheetName: String? { reader.sheetName }
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
}
