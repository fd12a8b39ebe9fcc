internal import Core
internal import Foundation
internal import Hummingbird
internal import Web

/// Answers with a sheet that is written to a file first and removed once it is sent.
enum SheetAnswer {
    static func send(
        _ visit: Visit, name: String, format: ImportRejects.Format,
        _ write: (_ path: String) async throws -> Void
    ) async throws -> Response {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("shuzhi-\(UUID().uuidString).\(format.rawValue)")
        do {
            try await write(file.path)
        } catch {
            try? FileManager.default.removeItem(at: file)
            throw error
        }
        let bytes = (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? nil
        let body = ResponseBody(contentLength: bytes) { writer in
            defer { try? FileManager.default.removeItem(at: file) }
            let handle = try FileHandle(forReadingFrom: file)
            defer { try? handle.close() }
            while let part = try handle.read(upToCount: 1 << 16), !part.isEmpty {
                try await writer.write(ByteBuffer(bytes: part))
            }
            try await writer.finish(nil)
        }
        return visit.download(name: "\(name).\(format.rawValue)", contentType: format.contentType, body: body)
    }

    static func format(_ visit: Visit) -> ImportRejects.Format {
        visit.query("format").flatMap(ImportRejects.Format.init(rawValue:)) ?? .csv
    }
}
