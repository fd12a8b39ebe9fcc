import CZlib
import Foundation
import Hummingbird
import Testing

@testable import Web

@Suite("Answers are compressed for whoever takes it")
struct CompressionTests {
    private func unpacked(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(&stream) }
        var input = bytes
        let capacity = 4 << 20
        var result: Int32 = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            input.withUnsafeMutableBufferPointer { source in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(capacity)
                result = inflate(&stream, Z_FINISH)
            }
            count = capacity - Int(stream.avail_out)
        }
        return result == Z_STREAM_END ? output : nil
    }

    @Test("What is packed unpacks to itself", arguments: [0, 1, 511, 70_000, 1 << 20])
    func round(count: Int) throws {
        var state: UInt32 = 7
        let bytes = (0..<count).map { index -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return index % 3 == 0 ? UInt8(truncatingIfNeeded: state >> 24) : 0x61
        }
        for level in [Compression.quick, Compression.best] {
            #expect(unpacked(try #require(Compression.gzip(bytes, level: level))) == bytes)
        }
    }

    @Test(
        "The header decides",
        arguments: [
            (nil, false), ("gzip", true), ("gzip, deflate, br", true), ("br;q=1.0, gzip;q=0.8", true),
            ("gzip;q=0", false), ("identity", false), ("*", true), ("*;q=0", false), ("GZIP", true), ("", false),
        ] as [(String?, Bool)])
    func header(header: String?, isPacked: Bool) async throws {
        let site = try TestSite()
        let text = String(repeating: "词", count: 400)
        let uri = "/form?text=" + urlEncoded(text)
        let answer = try await site.get(uri, headers: header.map { [.acceptEncoding: $0] } ?? [:])
        #expect(answer.status == 200 && (answer.headers[.contentEncoding] == "gzip") == isPacked)
        #expect(answer.headers[.vary] == "Accept-Encoding")
        if !isPacked { #expect(answer.text.contains(text)) }
    }

    @Test("A page weighs a fraction of what it was, and says its new length")
    func page() async throws {
        let site = try TestSite()
        let plain = try await site.get("/desk/components", as: "leader")
        let packed = try await site.get(
            "/desk/components", as: "leader", headers: [.acceptEncoding: "gzip"])
        let length = try #require(packed.headers[.contentLength].flatMap { Int($0) })
        #expect(length * 3 < plain.text.utf8.count && length < 60_000)
    }

    @Test("Style sheets come packed, files to be saved and short answers as they are")
    func others() async throws {
        var routes = Routes()
        routes.get("/file", .anyone) { visit in
            visit.download(
                name: "a.csv", contentType: "text/csv",
                body: .init(byteBuffer: ByteBuffer(string: String(repeating: "a,", count: 2_000))))
        }
        routes.get("/short", .anyone) { try $0.json(["ok"]) }
        let site = try TestSite(routes)
        let page = try await site.get("/form")
        let sheet = try #require(page.text.firstMatch(of: /href="(\/assets\/shuzhi-[0-9a-f]+\.css)"/)).output.1
        let headers: HTTPFields = [.acceptEncoding: "gzip"]
        #expect(try await site.get(String(sheet), headers: headers).headers[.contentEncoding] == "gzip")
        #expect(try await site.get(String(sheet)).headers[.contentEncoding] == nil)
        for path in ["/file", "/short"] {
            #expect(try await site.get(path, headers: headers).headers[.contentEncoding] == nil, "\(path)")
        }
    }
}
