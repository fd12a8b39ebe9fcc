import Core
import Foundation
import TestKit
import Testing

@testable import Organisation

@Suite("Profiles that are broken")
struct ProfileCorpusTests {
    /// A good profile with one file replaced.
    private func load(_ name: String, _ data: Data, into folder: URL) throws -> Bool {
        let good = SourceRoot.url.appendingPathComponent("profiles/putuo")
        for other in ProfileLoader.fileNames {
            let bytes = other == name ? data : try Data(contentsOf: good.appendingPathComponent(other))
            try bytes.write(to: folder.appendingPathComponent(other))
        }
        do {
            _ = try ProfileLoader.load(folder: folder)
            return true
        } catch ProfileError.faulty(let faults) {
            #expect(!faults.isEmpty)
            for fault in faults {
                #expect(fault.line >= 0 && !fault.reason.zh.isEmpty && !fault.reason.en.isEmpty)
            }
            return false
        }
    }

    private func folder() throws -> URL {
        let folder = URL(fileURLWithPath: try ScratchFolder.shared().path("profile")).appendingPathComponent("putuo")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test("Every file of Tests/Corpus/profile gives a profile or its faults")
    func replay() throws {
        let corpus = SourceRoot.url.appendingPathComponent("Tests/Corpus/profile")
        let files = try FileManager.default.contentsOfDirectory(at: corpus, includingPropertiesForKeys: nil)
        #expect(files.count >= 6)
        let folder = try folder()
        for file in files {
            let bytes = try [UInt8](Data(contentsOf: file))
            guard let first = bytes.first else { continue }
            let name = ProfileLoader.fileNames[Int(first) % ProfileLoader.fileNames.count]
            _ = try load(name, Data(bytes.dropFirst()), into: folder)
        }
    }

    @Test("600 mutations of each file end in a profile or in faults", arguments: ProfileLoader.fileNames)
    func mutated(name: String) throws {
        var generator = SeededGenerator(seed: 7)
        let good = SourceRoot.url.appendingPathComponent("profiles/putuo/\(name)")
        let original = try [UInt8](Data(contentsOf: good))
        let (folder, rounds) = (try folder(), original.count > 20_000 ? 40 : 600)
        var refused = 0
        for _ in 0..<rounds {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: at)
                case 2:
                    bytes.insert(Array("\"{}[]:,-#&*!|>'%@\n\t ".utf8).randomElement(using: &generator) ?? 0, at: at)
                default: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...30, using: &generator)))
                }
            }
            if try !load(name, Data(bytes), into: folder) { refused += 1 }
        }
        #expect(refused > 0)
    }
}
