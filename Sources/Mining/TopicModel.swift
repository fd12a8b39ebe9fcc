import Foundation

/// What an appeal is about, out of a fixed list of topics: one linear separator per topic over hashed runs of
/// characters (L2-loss support vector machine), its scores calibrated to probabilities.
package struct TopicModel: Sendable {
    /// The topics, in the order they are stored.
    package let labels: [String]
    let features: TopicFeatures
    /// Inverse document frequency by bucket in eighths; 0 where the training texts had nothing.
    private let rarity: [UInt8]
    /// Bucket-major: for each bucket one byte per topic; ±127 stands for the topic's scale, growing with the square.
    private let weights: [Int8]
    private let scales: [Float]
    private let biases: [Float]
    /// How scores become probabilities: softmax of slope · score + shift.
    private let slope: Float
    private let shifts: [Float]

    package struct Prediction: Sendable, Equatable {
        package let label: String
        /// Calibrated probability of being right, in thousandths.
        package let permille: Int
    }

    /// The most likely topic; of equal scores the one stored first. An empty text gets the commonest topic, unsurely.
    package func predict(_ text: String) -> Prediction {
        let probabilities = self.probabilities(text)
        var best = 0
        for topic in probabilities.indices where probabilities[topic] > probabilities[best] { best = topic }
        return Prediction(label: labels[best], permille: Int((probabilities[best] * 1_000).rounded()))
    }

    /// In the order of `labels`; they sum to one.
    package func probabilities(_ text: String) -> [Double] {
        Self.softmax(scores(text), slope: slope, shifts: shifts)
    }

    private func scores(_ text: String) -> [Float] {
        var sums = [Float](repeating: 0, count: labels.count)
        var norm: Float = 0
        for (bucket, count) in features.counts(text) where rarity[Int(bucket)] > 0 {
            let value = Self.value(count: count, rarity: rarity[Int(bucket)])
            norm += value * value
            let row = Int(bucket) * labels.count
            for topic in labels.indices {
                let weight = Float(weights[row + topic])
                sums[topic] += value * weight * abs(weight)
            }
        }
        let length = max(norm.squareRoot(), 1e-6)
        return labels.indices.map { sums[$0] / length * scales[$0] / (127 * 127) + biases[$0] }
    }

    static func value(count: UInt32, rarity: UInt8) -> Float {
        (1 + logf(Float(count))) * Float(rarity) / 8
    }

    static func softmax(_ scores: [Float], slope: Float, shifts: [Float]) -> [Double] {
        let logits = zip(scores, shifts).map { Double(slope * $0 + $1) }
        let top = logits.max() ?? 0
        let powers = logits.map { exp($0 - top) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}

extension TopicModel {
    /// What training found, before it is packed.
    struct Fitted {
        let labels: [String]
        let features: TopicFeatures
        let rarity: [UInt8]
        /// By topic, then bucket; the last is the bias.
        let weights: [[Float]]
        let slope: Float
        let shifts: [Float]
    }

    init(_ fitted: Fitted) {
        let buckets = fitted.features.buckets
        let scales = fitted.weights.map { $0.prefix(buckets).reduce(1e-6) { max($0, abs($1)) } }
        var packed = [Int8](repeating: 0, count: buckets * fitted.labels.count)
        for (topic, weights) in fitted.weights.enumerated() {
            for bucket in 0..<buckets where weights[bucket] != 0 {
                let root = (abs(weights[bucket]) / scales[topic]).squareRoot() * 127
                packed[bucket * fitted.labels.count + topic] = Int8(
                    weights[bucket] < 0 ? -root.rounded() : root.rounded())
            }
        }
        self.init(
            labels: fitted.labels, features: fitted.features, rarity: fitted.rarity, weights: packed, scales: scales,
            biases: fitted.weights.map { $0[buckets] }, slope: fitted.slope, shifts: fitted.shifts)
    }

    package init(bytes: [UInt8]) throws(ModelFileError) {
        var reader = try ModelFile.Reader(bytes, kind: "SZTM", version: 1)
        let (topics, buckets) = (Int(try reader.uint32()), Int(try reader.uint32()))
        guard (2...MiningLimits.topicsMax).contains(topics), (1...MiningLimits.bucketsMax).contains(buckets) else {
            throw .damaged
        }
        let slope = try reader.float()
        var (labels, scales, biases, shifts): ([String], [Float], [Float], [Float]) = ([], [], [], [])
        for _ in 0..<topics {
            labels.append(try reader.text())
            scales.append(try reader.float())
            biases.append(try reader.float())
            shifts.append(try reader.float())
        }
        let rarity = try reader.bytes(count: buckets)
        let weights = try reader.bytes(count: buckets * topics)
        try reader.end()
        guard ([slope] + scales + biases + shifts).allSatisfy(\.isFinite) else { throw .damaged }
        self.init(
            labels: labels, features: TopicFeatures(buckets: buckets), rarity: rarity,
            weights: weights.map { Int8(bitPattern: $0) }, scales: scales, biases: biases, slope: slope,
            shifts: shifts)
    }

    package func bytes() -> [UInt8] {
        var writer = ModelFile.Writer(kind: "SZTM", version: 1)
        writer.uint32(UInt32(labels.count))
        writer.uint32(UInt32(features.buckets))
        writer.float(slope)
        for topic in labels.indices {
            writer.text(labels[topic])
            writer.float(scales[topic])
            writer.float(biases[topic])
            writer.float(shifts[topic])
        }
        writer.bytes(rarity)
        writer.bytes(weights.map { UInt8(bitPattern: $0) })
        return writer.finished()
    }

    /// Seven topics of citizens' messages, trained on a public collection (see Mining.md); nil where the program was
    /// moved without its resources.
    package static let standard: TopicModel? = ModelFile.shipped("topics.bin").flatMap { try? TopicModel(bytes: $0) }
}
