package import Foundation
import Hummingbird

/// A file a visitor sent, on disk and no longer in memory.
package struct UploadedFile: Sendable, Equatable {
    /// As the visitor called it, cleaned.
    package let name: String
    /// A fresh file with a name of ours. Whoever asked for the upload removes it.
    package let path: URL
    package let bytes: Int
}

/// Reads a multipart body piece by piece.
///
/// Unchecked because the body's iterator is not Sendable: one request is handled by one task at a time, first the
/// page kit's check of the CSRF field, then the handler.
final class MultipartReader: @unchecked Sendable {
    private var iterator: RequestBody.AsyncIterator
    private var parser: MultipartParser
    private var pending: ArraySlice<MultipartParser.Event> = []
    private var read = Fields()
    private var bytesLeft: Int
    private let bytesMax: Int

    init(body: RequestBody, parser: MultipartParser, bytesMax: Int) {
        iterator = body.makeAsyncIterator()
        self.parser = parser
        self.bytesMax = bytesMax
        bytesLeft = bytesMax
    }

    /// The CSRF field, which must come first so that nothing is stored for a forged request.
    func csrfToken() async throws -> String? {
        guard case .part(let head) = try await next(), head.fileName == nil, head.name == "csrf" else { return nil }
        return try await fieldValue()
    }

    /// The fields of a form without a file, or whose files are not wanted.
    func remainingFields() async throws -> Fields {
        while let event = try await next() {
            guard case .part(let head) = event else { continue }
            if head.fileName == nil { read.append(head.name, try await fieldValue()) }
        }
        return read
    }

    func upload(to folder: URL, bytesMax: Int) async throws -> (fields: Fields, file: UploadedFile?) {
        var file: UploadedFile?
        do {
            while let event = try await next() {
                guard case .part(let head) = event else { continue }
                guard let name = head.fileName else {
                    read.append(head.name, try await fieldValue())
                    continue
                }
                guard let stored = try await store(name: name, in: folder, bytesMax: bytesMax) else { continue }
                guard file == nil else {
                    try? FileManager.default.removeItem(at: stored.path)
                    throw WebError.oneFileOnly
                }
                file = stored
            }
        } catch {
            if let file { try? FileManager.default.removeItem(at: file.path) }
            throw error
        }
        return (read, file)
    }

    /// Nil for a file input left empty. Leaves nothing behind when it fails.
    private func store(name: String, in folder: URL, bytesMax: Int) async throws -> UploadedFile? {
        let path = folder.appendingPathComponent("upload-\(UUID().uuidString.lowercased())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard
            FileManager.default.createFile(atPath: path.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw WebError.uploadNotStored }
        do {
            let handle = try FileHandle(forWritingTo: path)
            defer { try? handle.close() }
            var bytes = 0
            while case .data(let chunk) = try await next() {
                bytes += chunk.count
                guard bytes <= bytesMax else { throw WebError.bodyTooLarge(bytesMax: bytesMax) }
                try handle.write(contentsOf: chunk)
            }
            if name.isEmpty, bytes == 0 {
                try FileManager.default.removeItem(at: path)
                return nil
            }
            return UploadedFile(name: name.isEmpty ? "file" : name, path: path, bytes: bytes)
        } catch {
            try? FileManager.default.removeItem(at: path)
            throw error
        }
    }

    private func fieldValue() async throws -> String {
        var bytes: [UInt8] = []
        while case .data(let chunk) = try await next() {
            bytes += chunk
            guard bytes.count <= WebLimits.partFieldBytesMax else {
                throw WebError.bodyTooLarge(bytesMax: WebLimits.partFieldBytesMax)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next event; nil after the closing delimiter.
    private func next() async throws -> MultipartParser.Event? {
        while true {
            if let event = pending.popFirst() { return event == .end ? nil : event }
            if parser.isFinished { return nil }
            guard let buffer = try await iterator.next() else {
                try parser.finish()
                return nil
            }
            bytesLeft -= buffer.readableBytes
            guard bytesLeft >= 0 else { throw WebError.bodyTooLarge(bytesMax: bytesMax) }
            pending = try parser.feed(buffer.readableBytesView)[...]
        }
    }
}
