import Core
import Foundation
import Mining
import Sheets

/// Grouping, judged on the annotated half where the real files are at hand.
enum MiningBench {
    /// `shuzhi mine problems`, the whole process, on 4,326 real letters; then its quality by the published scorer.
    static func problems(_: [String]) async throws {
        guard let messages = RealData.file("appeals/messages_4326.csv") else {
            return Report.line("mine problems", "skipped: the real messages are not at hand")
        }
        try await Scratch.with { folder in
            let output = folder.appendingPathComponent("assignments.csv").path
            var best = Double.infinity
            for _ in 0..<3 {
                best = min(
                    best,
                    try await Clock.seconds {
                        try run(
                            beside("shuzhi"), ["mine", "problems", "--input", messages, "--output", output])
                    })
            }
            Report.line(
                "mine problems, 4,326 letters, whole process", String(format: "%.2f s", best),
                limit: ("at most 1 s", best <= 1))
            if let gold = RealData.file("appeals/gold_dev") {
                try run("/usr/bin/env", ["python3", "../shared/tools/score_hot_problems.py", output, gold])
            }
        }
        Report.finish()
    }

    private static func beside(_ name: String) -> String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(name).path
    }

    private static func run(_ path: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchError.failed(path, process.terminationStatus) }
    }
}

enum BenchError: Error { case failed(String, Int32) }
