import Foundation
import Testing

@testable import Web

@Suite("What the fuzzer was given and what it found, for forms")
struct FormCorpusTests {
    @Test("Every file of Tests/Corpus/form gives fields or a web error, the same however it is cut")
    func replay() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Corpus/form")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count >= 4)
        for file in files {
            let bytes = try [UInt8](Data(contentsOf: file))
            do { _ = try Fields(urlEncoded: bytes) } catch is WebError {}
            let whole = outcome(bytes, chunk: max(bytes.count, 1))
            for chunk in [1, 2, 7] { #expect(outcome(bytes, chunk: chunk) == whole, "\(file.lastPathComponent)") }
        }
    }

    private func outcome(_ bytes: [UInt8], chunk: Int) -> [String] {
        guard var parser = MultipartParser(boundary: "b") else { return [] }
        var said: [String] = []
        var body: [UInt8] = []
        do {
            for at in stride(from: 1, to: bytes.count, by: chunk) {
                for event in try parser.feed(bytes[at..<min(at + chunk, bytes.count)]) {
                    guard case .data(let data) = event else {
                        said += ["\(body)", "\(event)"]
                        body = []
                        continue
                    }
                    body += data
                }
            }
            try parser.finish()
            return said
        } catch { return ["refused"] }
    }
}
