import Foundation
import Sheets

/// A file of a million rows is read in constant memory.
enum SheetsBench {
    static func csv(_: [String]) async throws {
        try await measure(ending: "csv") { try Generated.writeCSV(rows: rows, sentences: 1, to: $0) }
    }

    static func xlsx(_: [String]) async throws {
        try await measure(ending: "xlsx") { try Generated.writeXLSX(rows: rows, sentences: 1, to: $0) }
    }

    private static let rows = 1_000_000

    private static func measure(ending: String, write: (String) throws -> Void) async throws {
        try await Scratch.with { folder in
            let path = folder.appendingPathComponent("million.\(ending)").path
            try write(path)
            let reader = try SheetFile.open(path: path)
            var count = 0
            let seconds = try await Clock.seconds { while try reader.next() != nil { count += 1 } }
            let peak = Memory.peakMebibytes
            Report.line(
                "read \(ending.uppercased()) of \(count) rows",
                "\(Int(Double(count) / seconds)) rows/s, peak \(peak) MiB with writing it",
                limit: ("at most 300 MiB", peak <= 300))
        }
        Report.finish()
    }
}
