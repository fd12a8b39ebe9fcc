internal import Core
internal import Foundation
internal import Hummingbird
internal import Sheets
internal import Web

/// Rows as an attachment, CSV or Excel, written to a file without a name and streamed from there.
struct SheetDownload {
    enum Format: String {
        case csv, xlsx

        var contentType: String {
            switch self {
            case .csv: "text/csv; charset=utf-8"
            case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
        }
    }

    let header: [String]
    let rows: [[Sheets.Cell]]

    /// Excel unless `format=csv` is asked for.
    func response(_ visit: Visit, name: String) throws -> Response {
        let format = visit.query("format").flatMap(Format.init) ?? .xlsx
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("shuzhi-export-\(UUID().uuidString).\(format.rawValue)").path
        try write(format, to: path, sheet: name)
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        let bytes = Int(try handle.seekToEnd())
        try handle.seek(toOffset: 0)
        // Open, it can still be read; and it is gone however the answer ends.
        unlink(path)
        let day = visit.day(visit.now)
        return visit.download(
            name: "\(name)-\(day).\(format.rawValue)", contentType: format.contentType,
            body: ResponseBody(contentLength: bytes) { writer in
                while let part = try handle.read(upToCount: 128 << 10), !part.isEmpty {
                    try await writer.write(ByteBuffer(bytes: part))
                }
                try await writer.finish(nil)
            })
    }

    private func write(_ format: Format, to path: String, sheet: String) throws {
        switch format {
        case .csv:
            let writer = try CSVWriter(path: path)
            try writer.write(header)
            for row in rows { try writer.write(row) }
            try writer.finish()
        case .xlsx:
            let writer = try XLSXWriter(path: path, sheet: sheet)
            try writer.writeHeader(header)
            for row in rows { try writer.write(row) }
            try writer.finish()
        }
    }
}
