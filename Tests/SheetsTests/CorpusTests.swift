import Foundation
import Testing

@testable import Sheets

@Suite("What the fuzzer was given and what it found, for sheets")
struct SheetCorpusTests {
    @Test("Every file of Tests/Corpus/sheet gives rows or a sheet error, and ends")
    func replay() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Corpus/sheet")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count >= 10)
        let scratch = try Folder()
        var rows = 0
        for file in files {
            let bytes = try [UInt8](Data(contentsOf: file))
            guard let first = bytes.first else { continue }
            // The first byte says what the file claims to be, as in Fuzz/sheet.swift.
            let name = ["a.csv", "a.xlsx", "a", "a.txt"][Int(first) % 4]
            do {
                let reader = try SheetFile.open(path: scratch.write(Array(bytes.dropFirst()), "fuzz"), name: name)
                while try reader.next() != nil {
                    rows += 1
                    #expect(reader.progress.done <= reader.progress.total)
                }
            } catch is SheetError {}
        }
        #expect(rows > 10)
    }
}
