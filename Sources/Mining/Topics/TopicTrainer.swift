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
    /// - Parameter buckets: so many runs of characters can be told apart. Only those that some texts have take room in
    ///   the model, of which 16 MB hold some hundred thousand.
    package static func train(
        _ examples: [Example], buckets: Int = MiningLimits.topicBuckets, seed: UInt64 = 1
    ) throws(TrainingError) -> TopicModel {
        let labels = Array(Set(examples.map(\.label))).sorted()
        guard (2...MiningLimits.topicsMax).contains(labels.count) else { throw .topics(found: labels.count) }
        let features = TopicFeatures(buckets: buckets)
        let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        // Few chunks, since each makes its scratch anew.
        let counted = Parallel.map(examples.count, chunk: 256, scratch: { TopicFeatures.Scratch() }) { row, scratch in
            features.count(examples[row].text, into: &scratch)
            return scratch.counts
        }
        let targets = examples.map { places[$0.label] ?? 0 }
        let task = TopicTask(
            counted, targets: targets, topics: labels.count, buckets: buckets,
            placesMax: Self.modelBytesMax / (4 + TopicRows.width(topics: labels.count)))
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
                labels: labels, features: features, buckets: task.buckets, places: task.placeOfBucket, fit: fits[0],
                slope: slope, shifts: shifts))
    }

    /// For buckets and rows: a model is 16 MB at most.
    private static let modelBytesMax = 15 << 20

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
