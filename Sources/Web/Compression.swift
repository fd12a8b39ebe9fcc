import CZlib
import Foundation
import Hummingbird
import NIOCore
import Synchronization

/// Answers in gzip for whoever takes it. Tokens of forms are masked anew in every page (`Seal`), so that the length of
/// a compressed page tells nothing of them.
enum Compression {
    /// For pages: most of what the best level saves, at a fraction of its time.
    static let quick: Int32 = 4
    /// For files that are compressed once.
    static let best: Int32 = 9

    /// The bytes in gzip (RFC 1952); nil when zlib refuses, which leaves them as they are.
    static func gzip(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        var stream = z_stream()
        // 16 more than the window's bits ask for gzip instead of zlib's own frame.
        guard
            deflateInit2_(
                &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        let capacity = Int(deflateBound(&stream, UInt(bytes.count)))
        var result: Int32 = Z_STREAM_ERROR
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            input.withUnsafeMutableBufferPointer { source in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(capacity)
                result = deflate(&stream, Z_FINISH)
            }
            count = capacity - Int(stream.avail_out)
        }
        return result == Z_STREAM_END ? output : nil
    }

    /// Whether a request takes gzip; `gzip;q=0` does not.
    static func isAccepted(by request: Request) -> Bool {
        (request.headers[.acceptEncoding] ?? "").split(separator: ",").contains { part in
            let words = part.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard words.first == "gzip" || words.first == "*" else { return false }
            let quality = words.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return quality > 0
        }
    }

    /// Compresses an answer whose length is known and worth it; files to be saved and streams pass as they are.
    static func compress(_ response: Response, for request: Request) async -> Response {
        guard let length = response.body.contentLength, WebLimits.compressedBytes.contains(length),
            response.headers[.contentEncoding] == nil, response.headers[.contentDisposition] == nil,
            let type = response.headers[.contentType], isText(type)
        else { return response }
        var response = response
        response.headers[.vary] = "Accept-Encoding"
        guard isAccepted(by: request), request.method != .head else { return response }
        let kept = Kept()
        do { try await response.body.write(kept.writer) } catch { return response }
        let bytes = kept.bytes
        guard let smaller = gzip(bytes, level: quick) else {
            response.body = .init(byteBuffer: ByteBuffer(bytes: bytes))
            return response
        }
        response.headers[.contentEncoding] = "gzip"
        response.body = .init(byteBuffer: ByteBuffer(bytes: smaller))
        return response
    }

    private static func isText(_ type: String) -> Bool {
        type.hasPrefix("text/") || type.hasPrefix("application/json") || type.hasPrefix("application/problem+json")
            || type.hasPrefix("image/svg+xml")
    }

    /// What a body writes.
    private final class Kept: Sendable {
        private let kept = Mutex<[UInt8]>([])
        var bytes: [UInt8] { kept.withLock { $0 } }
        var writer: Writer { Writer(kept: self) }

        struct Writer: ResponseBodyWriter {
            let kept: Kept

            mutating func write(_ buffer: ByteBuffer) async throws {
                kept.kept.withLock { $0 += buffer.readableBytesView }
            }

            consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
        }
    }
}
