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
    /// The same examples in the same order and the same seed give the same bytes.
    /// - Parameter buckets: room for runs of characters; each costs one byte and one per topic.
    package static func train(
        _ examples: [Example], buckets: Int = 1 << 20, seed: UInt64 = 1
    ) throws(TrainingError) -> TopicModel {
        let labels = Array(Set(examples.map(\.label))).sorted()
        guard (2...MiningLimits.topicsMax).contains(labels.count) else { throw .topics(found: labels.count) }
        let features = TopicFeatures(buckets: buckets)
        let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        let counted = examples.map { features.counts($0.text) }
        let targets = examples.map { places[$0.label] ?? 0 }
        let all = Array(examples.indices)
        let (slope, shifts) = calibrate(counted, targets, labels.count, buckets, seed)
        let (rarity, weights) = fit(counted, targets, labels.count, rows: all, buckets: buckets, seed: seed)
        return TopicModel(
            Fitted(
                labels: labels, features: features, rarity: rarity, weights: weights, slope: slope, shifts: shifts))
    }

    private typealias Counts = [(bucket: UInt32, count: UInt32)]

    // MARK: vectors

    private struct Vectors {
        var starts = [0]
        var buckets: [UInt32] = []
        var values: [Float] = []
    }

    /// Buckets seen in one text only tell nothing about others and are left out.
    private static func rarities(_ counted: [Counts], rows: [Int], buckets: Int) -> [UInt8] {
        var seen = [UInt32](repeating: 0, count: buckets)
        for row in rows { for (bucket, _) in counted[row] { seen[Int(bucket)] += 1 } }
        let texts = Float(rows.count + 1)
        return seen.map { $0 < 2 ? 0 : UInt8(min(255, ((logf(texts / Float($0 + 1)) + 1) * 8).rounded())) }
    }

    /// Unit length; the last entry of each is the bias.
    private static func vectors(_ counted: [Counts], rows: [Int], rarity: [UInt8]) -> Vectors {
        var vectors = Vectors()
        for row in rows {
            let start = vectors.values.count
            var norm: Float = 0
            for (bucket, count) in counted[row] where rarity[Int(bucket)] > 0 {
                let value = TopicModel.value(count: count, rarity: rarity[Int(bucket)])
                norm += value * value
                vectors.buckets.append(bucket)
                vectors.values.append(value)
            }
            let length = max(norm.squareRoot(), 1e-6)
            for index in start..<vectors.values.count { vectors.values[index] /= length }
            vectors.buckets.append(UInt32(rarity.count))
            vectors.values.append(1)
            vectors.starts.append(vectors.values.count)
        }
        return vectors
    }

    // MARK: separators

    private static let cost: Float = 1
    private static let epochs = 16

    private static func fit(
        _ counted: [Counts], _ targets: [Int], _ topics: Int, rows: [Int], buckets: Int, seed: UInt64
    ) -> (rarity: [UInt8], weights: [[Float]]) {
        let rarity = rarities(counted, rows: rows, buckets: buckets)
        let vectors = vectors(counted, rows: rows, rarity: rarity)
        let weights = (0..<topics).map { topic in
            separator(vectors, isTopic: rows.map { targets[$0] == topic }, size: buckets + 1, seed: seed)
        }
        return (rarity, weights)
    }

    /// Dual coordinate descent for the L2-loss support vector machine (Hsieh et al. 2008).
    private static func separator(_ vectors: Vectors, isTopic: [Bool], size: Int, seed: UInt64) -> [Float] {
        var weights = [Float](repeating: 0, count: size)
        var alphas = [Float](repeating: 0, count: isTopic.count)
        var order = Array(isTopic.indices)
        var random = SeededRandom(seed: seed)
        let softness = 1 / (2 * cost)
        weights.withUnsafeMutableBufferPointer { weights in
            vectors.values.withUnsafeBufferPointer { values in
                vectors.buckets.withUnsafeBufferPointer { buckets in
                    for _ in 0..<epochs {
                        order.shuffle(using: &random)
                        for row in order {
                            let range = vectors.starts[row]..<vectors.starts[row + 1]
                            let sign: Float = isTopic[row] ? 1 : -1
                            var (dot, norm): (Float, Float) = (0, softness)
                            for index in range {
                                dot += weights[Int(buckets[index])] * values[index]
                                norm += values[index] * values[index]
                            }
                            let gradient = sign * dot - 1 + softness * alphas[row]
                            let alpha = max(0, alphas[row] - gradient / norm)
                            let step = (alpha - alphas[row]) * sign
                            alphas[row] = alpha
                            if step == 0 { continue }
                            for index in range { weights[Int(buckets[index])] += step * values[index] }
                        }
                    }
                }
            }
        }
        return weights
    }

    // MARK: calibration

    private static let foldCount = 3

    /// Slope and shifts that make held-out probabilities truest (least log loss; Platt 1999, for many classes).
    private static func calibrate(
        _ counted: [Counts], _ targets: [Int], _ topics: Int, _ buckets: Int, _ seed: UInt64
    ) -> (slope: Float, shifts: [Float]) {
        var order = Array(counted.indices)
        var random = SeededRandom(seed: seed)
        order.shuffle(using: &random)
        var scores: [[Float]] = []
        var truths: [Int] = []
        for fold in 0..<foldCount {
            let held = order.enumerated().filter { $0.offset % foldCount == fold }.map(\.element)
            let rest = order.enumerated().filter { $0.offset % foldCount != fold }.map(\.element)
            guard !held.isEmpty, !rest.isEmpty else { continue }
            let (rarity, weights) = fit(counted, targets, topics, rows: rest, buckets: buckets, seed: seed)
            let vectors = vectors(counted, rows: held, rarity: rarity)
            for row in held.indices {
                scores.append(
                    weights.map { weights in
                        (vectors.starts[row]..<vectors.starts[row + 1]).reduce(Float(0)) {
                            $0 + weights[Int(vectors.buckets[$1])] * vectors.values[$1]
                        }
                    })
                truths.append(targets[held[row]])
            }
        }
        return leastLogLoss(scores, truths, topics)
    }

    private static func leastLogLoss(_ scores: [[Float]], _ truths: [Int], _ topics: Int) -> (Float, [Float]) {
        var slope: Float = 3
        var shifts = [Float](repeating: 0, count: topics)
        for _ in 0..<300 {
            var slopeGradient = 0.0
            var gradients = [Double](repeating: 0, count: topics)
            for (row, truth) in zip(scores, truths) {
                let probabilities = softmax(row, slope: slope, shifts: shifts)
                for topic in 0..<topics {
                    let error = probabilities[topic] - (topic == truth ? 1 : 0)
                    slopeGradient += error * Double(row[topic])
                    gradients[topic] += error
                }
            }
            let count = Double(max(1, truths.count))
            slope -= Float(slopeGradient / count * 4)
            for topic in 0..<topics { shifts[topic] -= Float(gradients[topic] / count * 2) }
        }
        return (slope, shifts)
    }
}

/// A generator that gives the same numbers on every machine (splitmix64).
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64
    package init(seed: UInt64) { state = seed }
    package mutating func next() -> UInt64 {
        defer { state &+= 0x9E37_79B9_7F4A_7C15 }
        return Grams.mix(state)
    }
}
