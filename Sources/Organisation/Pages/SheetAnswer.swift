internal import Core
internal import Foundation
package import Hummingbird
package import Sheets
package import Store
package import Web

/// Answers with a sheet that is written to a file first, and streamed from there.
package enum SheetAnswer {
    package static func send(
        _ visit: Visit, name: String, format: SheetFormat, _ write: (_ path: String) async throws -> Void
    ) async throws -> Response {
        let path = path(format)
        do {
            try await write(path)
            return try answer(visit, name: name, format: format, path: path)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }

    /// The format that is asked for, or else this one.
    package static func format(_ visit: Visit, or other: SheetFormat) -> SheetFormat {
        visit.query("format").flatMap(SheetFormat.init) ?? other
    }

    package static func path(_ format: SheetFormat) -> String {
        FileManager.default.temporaryDirectory
            .appendingPathComponent("shuzhi-export-\(UUID().uuidString).\(format.rawValue)").path
    }

    package static func answer(_ visit: Visit, name: String, format: SheetFormat, path: String) throws -> Response {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        let bytes = Int(try handle.seekToEnd())
        try handle.seek(toOffset: 0)
        // Open, it can still be read; and it is gone however the answer ends.
        unlink(path)
        let body = ResponseBody(contentLength: bytes) { writer in
            while let part = try handle.read(upToCount: 128 << 10), !part.isEmpty {
                try await writer.write(ByteBuffer(bytes: part))
            }
            try await writer.finish(nil)
        }
        return visit.download(
            name: "\(name)-\(Day(visit.now, in: visit.site.zone)).\(format.rawValue)", contentType: format.contentType,
            body: body)
    }
}

/// Rows at hand as an attachment: Excel, unless `format=csv` is asked for.
package struct SheetDownload {
    let header: [String]
    let rows: [[Sheets.Cell]]

    package init(header: [String], rows: [[Sheets.Cell]]) {
        self.header = header
        self.rows = rows
    }

    package init(header: [String], texts: [[String]]) {
        self.init(header: header, rows: texts.map { $0.map { $0.isEmpty ? .empty : .text($0) } })
    }

    /// The rows of a list as its page shows them.
    package init(_ visit: Visit, columns: [Table.Column], rows: [Table.Row]) {
        header = columns.map(\.title)
        self.rows = rows.map { row in
            zip(columns, row.cells).map { column, cell in
                let text = cell.plain(for: visit)
                if text.isEmpty { return .empty }
                let digits = column.isNumeric ? text.filter { $0 != "," } : ""
                // What counts is a number in the file too.
                return digits.isEmpty || !digits.allSatisfy(\.isWholeNumber) ? .text(text) : .number(digits)
            }
        }
    }

    /// The same as `response`, with a line in the audit trail that says who took what.
    package func recorded(
        _ visit: Visit, name: String, subject: String, in database: any Database
    ) async throws -> Response {
        let event = AuditEvent(
            kind: .export, personID: try visit.account().personID, subject: subject, detail: "rows=\(rows.count)",
            address: visit.address)
        let surroundings = visit.site.surroundings
        try await database.write { try Audit.append(event, surroundings, in: $0) }
        return try response(visit, name: name)
    }

    package func response(_ visit: Visit, name: String) throws -> Response {
        let format = SheetAnswer.format(visit, or: .xlsx)
        let path = SheetAnswer.path(format)
        let sheet = try SheetWriting(path: path, format: format, sheet: name)
        try sheet.writeHeader(header)
        for row in rows { try sheet.write(row) }
        try sheet.finish()
        return try SheetAnswer.answer(visit, name: name, format: format, path: path)
    }
}
