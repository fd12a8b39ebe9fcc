import Core
import Foundation
import Mining
import Sheets

/// Grouping and topics, judged on the annotated half where the real files are at hand.
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

    /// Five-fold cross-validation of the topic model.
    static func topics(_: [String]) async throws {
        guard let path = RealData.file("appeals/topic_labels_train.csv") else {
            return Report.line("topics", "skipped: the labelled texts are not at hand")
        }
        let reader = try SheetFile.open(path: path)
        _ = try reader.next()  // The header: id, text, label.
        var examples: [TopicModel.Example] = []
        while let row = try reader.next(), row.cells.count >= 3 {
            examples.append(TopicModel.Example(text: row.cells[1].string, label: row.cells[2].string))
        }
        var counts = ConfusionCounts()
        let seconds = try await Clock.seconds {
            for fold in 0..<5 {
                let training = examples.indices.filter { $0 % 5 != fold }.map { examples[$0] }
                let model = try TopicModel.train(training)
                for index in examples.indices where index % 5 == fold {
                    counts.add(truth: examples[index].label, said: model.predict(examples[index].text).label)
                }
            }
        }
        let score = counts.macroF1
        Report.line(
            "topics, macro-F1 by 5-fold cross-validation of \(examples.count) texts",
            String(format: "%.3f (%.1f s for five trainings)", score, seconds),
            limit: ("at least 0.90", score >= 0.90))
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

/// Truths and answers, for the mean of each label's F1.
struct ConfusionCounts {
    private var right: [String: Int] = [:]
    private var truths: [String: Int] = [:]
    private var answers: [String: Int] = [:]

    mutating func add(truth: String, said: String) {
        truths[truth, default: 0] += 1
        answers[said, default: 0] += 1
        if truth == said { right[truth, default: 0] += 1 }
    }

    var macroF1: Double {
        let scores = truths.keys.map { label in
            2 * Double(right[label] ?? 0) / Double(truths[label, default: 0] + answers[label, default: 0])
        }
        return scores.reduce(0, +) / Double(max(1, scores.count))
    }
}
