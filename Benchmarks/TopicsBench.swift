import Foundation
import Mining
import Sheets

/// What texts are about, and who should handle them.
enum TopicsBench {
    static func topics(_: [String]) async throws {
        guard let path = RealData.file("appeals/topic_labels_train.csv") else {
            return Report.skip("topics", because: "the labelled texts are not at hand")
        }
        let examples = try rows(path, ["text", "label"]).map { TopicModel.Example(text: $0[0], label: $0[1]) }
        try quality(examples)
        try await speed(examples, path)
    }

    /// Two divisions into five folds, by position and after a shuffle.
    private static func quality(_ examples: [TopicModel.Example]) throws {
        var random = SeededRandom(seed: 20)
        var answers: [Answer] = []
        var scores: [Double] = []
        for order in [Array(examples.indices), examples.indices.shuffled(using: &random)] {
            var counts = ConfusionCounts()
            for fold in 0..<5 {
                let training = order.indices.filter { $0 % 5 != fold }.map { examples[order[$0]] }
                let model = try TopicModel.train(training)
                for place in order.indices where place % 5 == fold {
                    let truth = examples[order[place]].label
                    let said = model.predict(examples[order[place]].text)
                    counts.add(truth: truth, said: said.label)
                    answers.append(Answer(permille: said.permille, isRight: said.label == truth))
                }
            }
            scores.append(counts.macroF1)
        }
        Report.figure(
            "macro-F1 of \(examples.count) texts", Samples(scores), "", limit: ("at least 0.925", { $0 >= 0.925 }))
        let error = Answer.calibrationError(answers)
        Report.line(
            "expected calibration error, ten bins", Report.number(error), limit: ("at most 0.03", error <= 0.03))
        let sure = Answer.rightAmongSurest(answers, percent: 80)
        Report.line("right among the surest 80 %", Report.number(sure), limit: ("at least 0.97", sure >= 0.97))
    }

    private static func speed(_ examples: [TopicModel.Example], _ path: String) async throws {
        let training = examples.indices.filter { $0 % 5 != 0 }.map { examples[$0] }
        let held = examples.indices.filter { $0 % 5 == 0 }.map { examples[$0].text }
        var model: TopicModel?
        let trained = try CPU.samples(3) { model = try TopicModel.train(training) }
        guard let bytes = model?.bytes() else { return }
        Report.line("model", "\(bytes.count >> 10) KiB", limit: ("at most 16 MB", bytes.count <= 16_000_000))
        let loaded = try await Clock.samples(5) { model = try TopicModel(bytes: bytes) }
        Report.figure(
            "reading a model", Samples(loaded.values.map { $0 * 1_000 }), "ms", limit: ("at most 50 ms", { $0 <= 50 }))
        var scratch = TopicModel.Scratch()
        let predicted = CPU.samples(15) {
            for text in held { _ = model?.predict(text, &scratch) }
        }
        Report.figure("texts told apart per second, one core", predicted.rate(of: Double(held.count)), "texts/s")
        switch Peer("topics").run([path]) {
        case .skipped(let why): Report.skip("beside scikit-learn", because: why)
        case .measured(let answer):
            guard let train = answer.samples("train"), let predict = answer.samples("predict") else { return }
            Report.ratio(
                "telling topics, CPU seconds", ours: predicted, peer: predict, peerName: answer.versions,
                limit: ("at least 20 times", { $0 >= 20 }))
            Report.ratio(
                "training, CPU seconds, calibration included", ours: trained, peer: train, peerName: answer.versions,
                limit: ("at least 10 times", { $0 >= 10 }))
            if let score = answer.figures?["f1"] { Report.line("its macro-F1, one fold", Report.number(score)) }
        }
    }

    /// Who was assigned what: five folds, and the latest fifth after the rest.
    static func dispatch(_: [String]) async throws {
        guard let path = RealData.file("appeals/dispatch_train.csv") else {
            return Report.skip("units", because: "the assigned letters are not at hand")
        }
        let examples = try rows(path, ["id", "title", "content", "assign_organization_name"]).enumerated().map {
            DispatchModel.Example(
                id: Int64($0.element[0]) ?? Int64($0.offset), text: $0.element[1] + "\n" + $0.element[2],
                unit: $0.element[3])
        }
        var (first, three) = (0, 0)
        for fold in 0..<5 {
            let training = examples.indices.filter { $0 % 5 != fold }.map { examples[$0] }
            let held = examples.indices.filter { $0 % 5 == fold }.map { examples[$0] }
            let score = DispatchScore(try DispatchModel.train(training), on: held)
            first += score.first
            three += score.three
        }
        let most = Dictionary(grouping: examples, by: \.unit).values.map(\.count).max() ?? 0
        func share(_ count: Int) -> String { Report.number(Double(count) / Double(max(1, examples.count))) }
        Report.line("the first proposed handled it, of \(examples.count)", share(first))
        Report.line("one of the first three did", share(three))
        Report.line("always the commonest unit", share(most))
    }

    /// The cells of these columns, row by row.
    static func rows(_ path: String, _ columns: [String]) throws -> [[String]] {
        let reader = try SheetFile.open(path: path)
        let titles = try reader.next()?.cells.map(\.string) ?? []
        let places = columns.compactMap { titles.firstIndex(of: $0) }
        guard places.count == columns.count, let last = places.max() else { throw BenchError.failed(path, 0) }
        var rows: [[String]] = []
        while let row = try reader.next() {
            if row.cells.count > last { rows.append(places.map { row.cells[$0].string }) }
        }
        return rows
    }
}

/// An answer with its confidence.
struct Answer {
    let permille: Int
    let isRight: Bool

    /// Mean distance of confidence from truth over ten bins, weighed by their size.
    static func calibrationError(_ answers: [Answer]) -> Double {
        let bins = Dictionary(grouping: answers) { min(9, $0.permille / 100) }
        return bins.values.reduce(0) { sum, bin in
            let confidence = bin.reduce(0) { $0 + $1.permille }
            return sum + abs(Double(confidence) / 1_000 - Double(bin.count { $0.isRight }))
        } / Double(max(1, answers.count))
    }

    static func rightAmongSurest(_ answers: [Answer], percent: Int) -> Double {
        let surest = answers.sorted { $0.permille > $1.permille }.prefix(answers.count * percent / 100)
        return Double(surest.count { $0.isRight }) / Double(max(1, surest.count))
    }
}

/// Seconds of this process's cores: what another program takes of them does not count.
enum CPU {
    static func samples(_ runs: Int, _ body: () throws -> Void) rethrows -> Samples {
        var values: [Double] = []
        for _ in 0..<runs {
            let start = seconds
            try body()
            values.append(seconds - start)
        }
        return Samples(values)
    }

    private static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

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
