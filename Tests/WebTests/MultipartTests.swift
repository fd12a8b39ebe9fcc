import Core
import Foundation
import TestKit
import Testing

@testable import Web

@Suite("Multipart bodies taken apart as they arrive")
struct MultipartTests {
    /// A part as it came out: its head and all its bytes.
    struct Part: Equatable {
        let name: String
        let fileName: String?
        var bytes: [UInt8]
    }

    private func read(_ body: [UInt8], chunk: (Int) -> Int, boundary: String = "XyZ") throws -> [Part] {
        var parser = try #require(MultipartParser(boundary: boundary))
        var parts: [Part] = []
        var isOpen = false
        var at = 0
        while at < body.count {
            let end = min(body.count, at + max(1, chunk(at)))
            for event in try parser.feed(body[at..<end]) {
                switch event {
                case .part(let head):
                    #expect(!isOpen)
                    isOpen = true
                    parts.append(Part(name: head.name, fileName: head.fileName, bytes: []))
                case .data(let bytes):
                    #expect(isOpen && !bytes.isEmpty)
                    parts[parts.count - 1].bytes += bytes
                case .partEnd:
                    #expect(isOpen)
                    isOpen = false
                case .end: #expect(!isOpen)
                }
            }
            at = end
        }
        try parser.finish()
        return parts
    }

    @Test("Any content comes out as it went in, however it was cut on the way")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 1_898)
        // What looks like the delimiter, or begins like it, is content too.
        let lures = ["\r\n", "--XyZ", "\r\n--Xy", "\r\n--", "-", "a", "普", "\u{0}"].map { Array($0.utf8) }
        for round in 0..<300 {
            let parts = (0..<Int.random(in: 1...5, using: &random)).map { index in
                let pieces = (0..<Int.random(in: 0...30, using: &random)).compactMap { _ in
                    lures.randomElement(using: &random)
                }
                var bytes = Array(pieces.joined())
                while let range = find("\r\n--XyZ", in: bytes) { bytes.removeSubrange(range) }
                if bytes.starts(with: Array("--XyZ".utf8)) { bytes.removeFirst() }
                return Part(
                    name: "field\(index)", fileName: Bool.random(using: &random) ? "文件\(index).csv" : nil, bytes: bytes)
            }
            var body: [UInt8] = []
            for part in parts {
                let file = part.fileName.map { "; filename=\"\($0)\"" } ?? ""
                let head = "--XyZ\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(file)\r\n\r\n"
                body += Array(head.utf8) + part.bytes + [13, 10]
            }
            body += Array("--XyZ--\r\n".utf8)
            let most = [1, 3, 17, 4_096][round % 4]
            let out = try read(body, chunk: { _ in Int.random(in: 1...most, using: &random) })
            #expect(out == parts, "seed 1898, round \(round)")
        }
    }

    private func find(_ text: String, in bytes: [UInt8]) -> Range<Int>? {
        let needle = Array(text.utf8)
        guard bytes.count >= needle.count else { return nil }
        return (0...bytes.count - needle.count).first { bytes[$0...].starts(with: needle) }.map {
            $0..<$0 + needle.count
        }
    }

    @Test("A body that was cut off anywhere is refused as incomplete")
    func cutOff() throws {
        let body = multipart([("csrf", nil, "t"), ("file", "a.csv", "1,2\r\n3,4"), ("note", nil, "")])
        #expect(try read(body, chunk: { _ in 5 }).count == 3)
        // The last line break after the closing delimiter may be missing.
        for length in 0..<body.count - 2 {
            #expect(throws: WebError.formMalformed) { try read(Array(body[..<length]), chunk: { _ in 7 }) }
        }
    }

    @Test("Broken bodies are read or refused, never with names that lead elsewhere")
    func fuzz() throws {
        var random = SeededGenerator(seed: 42)
        let good = multipart([
            ("csrf", nil, "t"), ("file", "../诉求 2021.csv", "1,2\r\n3,4"), ("note", nil, "a\r\n--Xy"), ("b", nil, ""),
        ])
        var refused = 0
        for _ in 0..<3_000 {
            let body = mutated(good, &random)
            do {
                for part in try read(body, chunk: { _ in Int.random(in: 1...40, using: &random) }) {
                    #expect(!part.name.isEmpty && part.bytes.count <= body.count)
                    if let name = part.fileName { expectHarmless(name) }
                }
            } catch let error as WebError {
                #expect(error == .formMalformed)
                refused += 1
            }
        }
        #expect(refused > 300 && refused < 2_900, "the mutations are worth their time: \(refused)")
    }

    @Test("Limits: parts, heads and boundaries")
    func limits() throws {
        let many = multipart((0...WebLimits.partsMax).map { ("f\($0)", nil, "") })
        #expect(throws: WebError.tooManyFields) { try read(many, chunk: { _ in 999 }) }
        let most = multipart((0..<WebLimits.partsMax).map { ("f\($0)", nil, "") })
        #expect(try read(most, chunk: { _ in 999 }).count == WebLimits.partsMax)
        let head = Array("--XyZ\r\n".utf8) + [UInt8](repeating: 97, count: WebLimits.partHeadBytesMax + 100)
        #expect(throws: WebError.formMalformed) { try read(head, chunk: { _ in 999 }) }
        #expect(MultipartParser(boundary: "") == nil)
        #expect(MultipartParser(boundary: String(repeating: "a", count: 71)) == nil)
    }

    @Test(
        "The content type must be a form and name its boundary",
        arguments: [
            ("multipart/form-data; boundary=XyZ", true), ("Multipart/Form-Data; charset=utf-8; Boundary=\"XyZ\"", true),
            ("multipart/form-data", false), ("multipart/form-data; boundary=", false),
            ("text/plain; boundary=a", false),
            ("", false), ("multipart/form-data; boundary=\"\"", false),
        ])
    func contentTypes(text: String, isForm: Bool) {
        #expect((MultipartParser(contentType: text) != nil) == isForm)
    }

    @Test(
        "File names are read as all browsers send them",
        arguments: [
            ("form-data; name=\"f\"; filename=\"a.csv\"", "a.csv"),
            ("form-data; name=f; filename=a.csv", "a.csv"),
            ("form-data; name=\"f\"; filename=\"诉求.xlsx\"", "诉求.xlsx"),
            ("form-data; name=\"f\"; filename=\"C:\\fakepath\\a.csv\"", "a.csv"),
            ("form-data; name=\"f\"; filename=\"a\\\"b.csv\"", "ab.csv"),
            ("form-data; name=\"f\"; filename=\"a%22b.csv\"", "ab.csv"),
            ("form-data; name=\"f\"; filename=\"x\"; filename*=UTF-8''%E8%AF%89%E6%B1%82.csv", "诉求.csv"),
            ("form-data; name=\"f\"; filename=\"x.csv\"; filename*=GBK''%CB%DF.csv", "x.csv"),
            ("form-data; name=\"f\"; filename=\"a; name=b.csv\"", "a; name=b.csv"),
            ("form-data; name=\"f\"; filename=\"../../etc/passwd\"", "passwd"),
            ("form-data; name=\"f\"; filename=\"...\"", ""), ("form-data; name=\"f\"; filename=\"\"", ""),
            ("form-data; name=\"f\"; filename=\".htaccess\"", "htaccess"),
            ("form-data; name=\"f\"; filename=\"a\u{202E}gpj.exe\"", "agpj.exe"),
        ])
    func fileNames(disposition: String, expected: String) throws {
        let head = try MultipartHead.read("Content-Disposition: \(disposition)\r\ncontent-type: text/csv")
        #expect(head.name == "f" && head.fileName == expected && head.contentType == "text/csv")
    }

    @Test(
        "A part without a name, or with a head that is none, is refused",
        arguments: [
            "", "Content-Type: text/plain", "Content-Disposition: form-data",
            "Content-Disposition: form-data; name=\"\"",
            "Content-Disposition form-data; name=a", "no head at all",
        ])
    func heads(text: String) {
        #expect(throws: WebError.formMalformed) { try MultipartHead.read(text) }
    }

    @Test("No file name, however mean, leaves its folder or grows too long")
    func meanNames() {
        var random = SeededGenerator(seed: 5)
        let letters = Array("./\\:a普\u{0}\n\u{202E}\u{FEFF}*?<>|\" .e\u{301}")
        for _ in 0..<5_000 {
            let name = String(
                (0..<Int.random(in: 0...200, using: &random)).compactMap { _ in
                    letters.randomElement(using: &random)
                })
            expectHarmless(MultipartHead.cleanFileName(name))
        }
        let long = MultipartHead.cleanFileName(String(repeating: "长", count: 300) + ".xlsx")
        #expect(long.count == WebLimits.fileNameCharactersMax && long.hasSuffix(".xlsx"))
    }

    private func expectHarmless(_ name: String) {
        #expect(name.count <= WebLimits.fileNameCharactersMax, "\(name)")
        #expect(!name.hasPrefix(".") && name != ".." && !name.hasPrefix(" ") && !name.hasSuffix(" "), "“\(name)”")
        #expect(name.unicodeScalars.allSatisfy { $0.value >= 32 && !"/\\:*?\"<>|\u{202E}".unicodeScalars.contains($0) })
    }

    @Test("A download's name reaches old browsers and new ones, and cannot break out of its header")
    func dispositions() {
        #expect(
            contentDisposition(fileName: "诉求 1.csv")
                == "attachment; filename=\"__ 1.csv\"; filename*=UTF-8''%E8%AF%89%E6%B1%82%201.csv")
        let mean = contentDisposition(fileName: "a\"\r\nSet-Cookie: x=1;.csv")
        #expect(!mean.contains("\r") && !mean.contains("\n") && mean.count { $0 == "\"" } == 2)
    }
}
