import Core
import Foundation
import Store
import TestKit
import Testing

@testable import Casework

@Suite("Attachments")
struct AttachmentTests {
    /// A ZIP archive whose parts are empty: enough of one to be told by its names.
    static func zip(_ names: [String]) -> [UInt8] {
        func little(_ value: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(value >> (8 * $0) & 0xFF) } }
        var body: [UInt8] = []
        var directory: [UInt8] = []
        for name in names {
            let bytes = Array(name.utf8)
            directory += little(0x0201_4B50, 4) + [UInt8](repeating: 0, count: 24) + little(bytes.count, 2)
            directory += [UInt8](repeating: 0, count: 12) + little(body.count, 4) + bytes
            body +=
                little(0x0403_4B50, 4) + [UInt8](repeating: 0, count: 22) + little(bytes.count, 2) + little(0, 2)
                + bytes
        }
        return body + directory + little(0x0605_4B50, 4) + little(0, 4) + little(names.count, 2)
            + little(names.count, 2)
            + little(directory.count, 4) + little(body.count, 4) + little(0, 2)
    }

    static let ole: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 64)
    static func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }

    static let accepted: [([UInt8], FileType)] = [
        (Array("%PDF-1.7\n".utf8), .pdf), ([0x89] + Array("PNG\r\n\u{1A}\n".utf8), .png),
        ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg), (Array("GIF89a".utf8), .gif), (Array("RIFF....WEBPVP8 ".utf8), .webp),
        (Array("RIFF....WAVEfmt ".utf8), .wav), (Array("ID3\u{3}".utf8), .mp3), (Array("#!AMR\n".utf8), .amr),
        ([0, 0, 0, 0x18] + Array("ftypmp42".utf8), .mp4),
        (zip(["[Content_Types].xml", "word/document.xml"]), .word),
        (zip(["[Content_Types].xml", "xl/workbook.xml"]), .excel),
        (zip(["[Content_Types].xml", "ppt/presentation.xml"]), .powerpoint), (zip(["OFD.xml", "Doc_0/"]), .ofd),
        (ole, .oldOffice), (Array("现场已处理\n".utf8), .text),
        // "现场" in GB18030.
        ([0xCF, 0xD6, 0xB3, 0xA1, 0x0A], .text),
    ]

    @Test("A file is told by its content", arguments: accepted)
    func types(bytes: [UInt8], type: FileType) { #expect(FileType(of: bytes) == type) }

    @Test(
        "Programs, scripts, pages, archives and documents with macros are refused",
        arguments: [
            Array("MZ\u{90}\0".utf8), [0x7F] + Array("ELF".utf8), Array("#!/bin/sh\nrm -rf /\n".utf8),
            Array("  <html><script>alert(1)</script>".utf8), Array("\u{FEFF}<svg onload=alert(1)>".utf8),
            Array("hello <script>alert(1)</script>".utf8), Array("@echo off\r\ndel *".utf8), Array("%!PS-Adobe".utf8),
            zip(["a.txt", "b.exe"]), zip(["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]),
            ole + utf16("_VBA_PROJECT"), Array("PK\u{3}\u{4}rubbish".utf8), [0x00, 0x01, 0x02], [0xFF, 0xFE, 0x80],
            Array("Rar!\u{1A}\u{7}".utf8), [UInt8](),
        ])
    func refusedTypes(bytes: [UInt8]) { #expect(FileType(of: bytes) == nil) }

    @Test("Broken archives and mutated files are told or refused, never trusted")
    func fuzzed() {
        var generator = SeededGenerator(seed: 31_337)
        for turn in 0..<4_000 {
            var bytes = Self.accepted[turn % Self.accepted.count].0
            for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: at)
                default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: at)
                }
            }
            if let type = FileType(of: bytes) {
                #expect(
                    !type.contentType.contains("html") && !type.contentType.contains("svg"), "seed 31337 turn \(turn)")
            }
        }
    }

    @Test(
        "Hostile names become harmless and keep their ending",
        arguments: [
            ("../../etc/passwd", "passwd"), ("C:\\windows\\evil.pdf", "evil.pdf"), ("现场照片.jpg", "现场照片.jpg"),
            ("a\u{202E}fdp.exe", "afdp.exe"), (".htaccess", "htaccess"), ("  报告 .pdf", "报告 .pdf"),
            ("con.txt", "_con.txt"), ("x\r\nSet-Cookie: a=b.txt", "a=b.txt"), ("a\0b.pdf", "ab.pdf"), ("", "附件"),
            ("...", "附件"), ("what?<>|*.pdf", "what.pdf"),
            (String(repeating: "长", count: 300) + ".docx", String(repeating: "长", count: 95) + ".docx"),
        ])
    func names(name: String, clean: String) { #expect(FileName.clean(name) == clean) }

    static func folder() throws -> BlobFolder {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("shuzhi-blobs-\(UUID().uuidString)")
        let blobs = BlobFolder(url)
        try blobs.makeIncoming()
        return blobs
    }

    static func upload(_ bytes: [UInt8], to blobs: BlobFolder) throws -> URL {
        let url = blobs.incoming.appendingPathComponent(UUID().uuidString)
        try Data(bytes).write(to: url)
        return url
    }

    @Test("A file is taken in once, under its digest, and cannot be run")
    func stored() throws {
        let blobs = try Self.folder()
        defer { try? FileManager.default.removeItem(at: blobs.folder) }
        let pdf = Array("%PDF-1.7\n1".utf8)
        let first = try blobs.receive(try Self.upload(pdf, to: blobs), name: "甲.pdf")
        let second = try blobs.receive(try Self.upload(pdf, to: blobs), name: "../乙.PDF")
        #expect(first.digest == second.digest)
        #expect((second.name, second.contentType, second.bytes) == ("乙.PDF", "application/pdf", pdf.count))
        #expect(blobs.isIntact(first.digest))
        let path = blobs.path(of: first.digest).path
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: blobs.incoming.path).isEmpty)
        try Data("%PDF-1.7\n2".utf8).write(to: blobs.path(of: first.digest))
        #expect(!blobs.isIntact(first.digest))
    }

    @Test("What may not be attached is refused and leaves nothing behind")
    func refused() throws {
        let blobs = try Self.folder()
        defer { try? FileManager.default.removeItem(at: blobs.folder) }
        let wrong: [([UInt8], String, CaseError)] = [
            ([], "a.pdf", .fileEmpty), (Array("MZ\0\0".utf8), "a.exe", .fileTypeRefused),
            (Array("%PDF-1".utf8), "a.jpg", .fileTypeDiffers(found: "PDF")),
            (Array("%PDF-1".utf8), "a.pdf.html", .fileTypeDiffers(found: "PDF")),
            (Array("%PDF-1".utf8), "noending", .fileTypeDiffers(found: "PDF")),
            (
                [UInt8](repeating: 0x41, count: CasesLimits.attachmentBytesMax + 1), "a.txt",
                .fileTooLarge(bytesMax: CasesLimits.attachmentBytesMax)
            ),
        ]
        for (bytes, name, error) in wrong {
            #expect(throws: error) { try blobs.receive(try Self.upload(bytes, to: blobs), name: name) }
        }
        #expect(try FileManager.default.subpathsOfDirectory(atPath: blobs.folder.path) == ["incoming"])
    }

    @Test("A content goes once no attachment has it, and not before a day has passed", arguments: Engine.allCases)
    func swept(on engine: Engine) async throws {
        let blobs = try Self.folder()
        defer { try? FileManager.default.removeItem(at: blobs.folder) }
        let world = try await World(engine)
        let cases = world.cases
        let (a, b) = (try await world.open(Fixture.new(1)), try await world.open(Fixture.new(2)))
        let stored = try blobs.receive(try Self.upload(Array("共同的附件".utf8), to: blobs), name: "说明.txt")
        let ids = try await world.database.write { tx in
            try [a, b].map { try cases.attach(stored, to: $0, actor: Fixture.clerk, in: tx) }
        }
        await #expect(throws: CaseError.fileAlreadyAttached) {
            try await world.database.write { _ = try cases.attach(stored, to: a, actor: Fixture.clerk, in: $0) }
        }
        func sweep(after days: Double) async throws -> Int {
            let now = Instant(millisecondsSince1970: Int64((Date().timeIntervalSince1970 + days * 86_400) * 1_000))
            return try await SweepFiles(database: world.database, blobs: blobs, surroundings: .fixed(at: now)).sweep()
        }
        #expect(try await sweep(after: 2) == 0)
        try await world.database.write { try cases.detach(ids[0], of: a, reason: "传错", actor: Fixture.clerk, in: $0) }
        #expect(try await sweep(after: 2) == 0)
        try await world.database.write { try cases.detach(ids[1], of: b, reason: "传错", actor: Fixture.clerk, in: $0) }
        #expect(try await sweep(after: 0.5) == 0)
        #expect(try await sweep(after: 2) == 1)
        #expect(!blobs.isIntact(stored.digest))
        await #expect(throws: CaseError.attachmentUnknown) {
            try await world.database.write {
                try cases.detach(ids[1], of: b, reason: "再", actor: Fixture.clerk, in: $0)
            }
        }
        let jobs = try await world.database.read { try $0.all("SELECT kind FROM job") }
        #expect(try jobs.map { try $0.get("kind") as String } == [SweepFiles.kind])
        #expect(try await world.timeline(1).last?.event == CaseEvent.detached.rawValue)
    }
}
