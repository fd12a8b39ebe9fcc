import Foundation

extension TopicModel {
    package struct Example: Sendable {
        package let text: String
        package let label: String
        package init(text: String, label: String) {
            self.text = text
            self.label = label
        }
    }

    /// Fewer than two topics, or more than `MiningLimits.topicsMax`.
    package enum TrainingError: Error, Equatable { case topics(found: Int) }

    /// Trains on all examples; how often its confidence is right is learnt on folds held out of training.
    /// The same examples in the same order and the same seed give the same bytes, on any number of cores.
    /// - Parameter buckets: room for runs of characters; each costs one byte and one per topic. Left out: as many as
    ///   16 MB hold, at most a million.
    package static func train(
        _ examples: [Example], buckets: Int? = nil, seed: UInt64 = 1
    ) throws(TrainingError) -> TopicModel {
        let labels = Array(Set(examples.map(\.label))).sorted()
        guard (2...MiningLimits.topicsMax).contains(labels.count) else { throw .topics(found: labels.count) }
        let features = TopicFeatures(buckets: buckets ?? room(topics: labels.count))
        let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        // Few chunks, since each makes its scratch anew.
        let counted = Parallel.map(examples.count, chunk: 256, scratch: { TopicFeatures.Scratch() }) { row, scratch in
            features.count(examples[row].text, into: &scratch)
            return scratch.counts
        }
        let targets = examples.map { places[$0.label] ?? 0 }
        let task = TopicTask(counted, targets: targets, topics: labels.count, buckets: features.buckets)
        let folds = Self.folds(examples.count, seed: seed)
        // The last fit is on all examples; the others leave one fold out, which then tells what confidence is worth.
        let fits = Parallel.map(folds.count + 1, chunk: 1) { number in
            let position = folds.count - number
            return task.fit(without: position < folds.count ? folds[position] : [], seed: seed)
        }
        var (scores, truths): ([[Float]], [Int]) = ([], [])
        for (position, fold) in folds.enumerated() {
            scores += fits[folds.count - position].heldScores
            truths += fold.map { targets[$0] }
        }
        let (slope, shifts) = TopicCalibration.leastLogLoss(scores, truths, topics: labels.count)
        return TopicModel(
            Fitted(
                labels: labels, features: features, buckets: task.bucketOfPlace, fit: fits[0], slope: slope,
                shifts: shifts))
    }

    /// Buckets that fit the file's bound.
    private static func room(topics: Int) -> Int {
        var buckets = 1 << 20
        while buckets * width(topics: topics) > 15 << 20 { buckets /= 2 }
        return buckets
    }

    /// A fold costs a training. A quarter of many examples tells enough of confidence; of few, all quarters are needed.
    private static let foldCount = 4
    private static let fewExamples = 2_000

    private static func folds(_ count: Int, seed: UInt64) -> [[Int]] {
        var order = Array(0..<count)
        var random = SeededRandom(seed: seed)
        order.shuffle(using: &random)
        return (0..<(count < fewExamples ? foldCount : 1)).map { fold in
            order.enumerated().filter { $0.offset % foldCount == fold }.map(\.element).sorted()
        }.filter { !$0.isEmpty && $0.count < count }
    }
}
