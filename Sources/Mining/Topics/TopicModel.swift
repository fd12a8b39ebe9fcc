import Foundation

/// What an appeal is about, out of a fixed list of topics: one linear separator per topic over hashed runs of
/// characters of the text and of its head, its scores calibrated to probabilities. The same model proposes a unit.
package struct TopicModel: Sendable {
    /// The topics, in the order they are stored.
    package let labels: [String]
    let features: TopicFeatures
    let rows: TopicRows
    let scales: [Float]
    private let biases: [Float]
    /// How scores become probabilities: softmax of slope · score + shift.
    private let slope: Float
    private let shifts: [Float]

    /// How much the head weighs beside the whole text.
    static let headWeight: Float = 0.6

    package struct Prediction: Sendable, Equatable {
        package let label: String
        /// Calibrated probability of being right, in thousandths.
        package let permille: Int
    }

    /// Memory that predictions of one core use again.
    package struct Scratch {
        fileprivate var rows = TopicRows.Scratch()
        fileprivate var sums: [SIMD8<Float>] = []
        package init() {}
    }

    /// The most likely topic; of equal scores the one stored first. An empty text gets the commonest topic, unsurely.
    package func predict(_ text: String) -> Prediction {
        var scratch = Scratch()
        return predict(text, &scratch)
    }

    package func predict(_ text: String, _ scratch: inout Scratch) -> Prediction {
        let probabilities = probabilities(text, &scratch)
        var best = 0
        for topic in probabilities.indices where probabilities[topic] > probabilities[best] { best = topic }
        return Prediction(label: labels[best], permille: Int((probabilities[best] * 1_000).rounded()))
    }

    /// The likeliest topics, the likeliest first; of equal ones those stored first.
    package func ranked(_ text: String, count: Int) -> [Prediction] {
        var scratch = Scratch()
        return probabilities(text, &scratch).enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
            .prefix(count).map { Prediction(label: labels[$0.offset], permille: Int(($0.element * 1_000).rounded())) }
    }

    /// All texts on all cores, in their order.
    package func predict(_ texts: [String]) -> [Prediction] {
        Parallel.map(texts.count, scratch: { Scratch() }) { predict(texts[$0], &$1) }
    }

    /// In the order of `labels`; they sum to one.
    package func probabilities(_ text: String, _ scratch: inout Scratch) -> [Double] {
        Self.softmax(scores(text, &scratch), slope: slope, shifts: shifts)
    }

    private func scores(_ text: String, _ scratch: inout Scratch) -> [Float] {
        let codes = TopicFeatures.kept(text)
        scratch.sums = [SIMD8<Float>](repeating: .zero, count: (labels.count + 7) / 8)
        rows.add(codes[...], seed: TopicFeatures.textSeed, weight: 1, features, to: &scratch.sums, &scratch.rows)
        rows.add(
            codes.prefix(TopicFeatures.headMax), seed: TopicFeatures.headSeed, weight: Self.headWeight, features,
            to: &scratch.sums, &scratch.rows)
        return labels.indices.map { scratch.sums[$0 >> 3][$0 & 7] * scales[$0] / (127 * 127) + biases[$0] }
    }

    /// More often counts as so often.
    static let countMax: UInt8 = 64

    /// Grows with the logarithm of the count, which is `countMax` at most.
    @inline(__always)
    static func value(count: UInt8, rarity: UInt8, _ logs: [Float]) -> Float { logs[Int(count)] * Float(rarity) }

    /// 1 + ln(count), in eighths as rarity is.
    static let logs: [Float] = (0...Int(countMax)).map { (1 + logf(Float(max(1, $0)))) / 8 }

    static func softmax(_ scores: [Float], slope: Float, shifts: [Float]) -> [Double] {
        let logits = zip(scores, shifts).map { Double(slope * $0 + $1) }
        let top = logits.max() ?? 0
        let powers = logits.map { exp($0 - top) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    /// The runs of characters that speak most for a topic in this text, the strongest first; a run that lies within a
    /// stronger one is left out. Empty where the topic is unknown.
    package func reasons(_ text: String, for label: String, count: Int) -> [String] {
        guard let topic = labels.firstIndex(of: label) else { return [] }
        var weighed: [(run: String, weight: Float)] = features.spelled(text).compactMap { run, bucket, isHead in
            let strength = rows.strength(of: bucket, topic: topic) * (isHead ? Self.headWeight : 1)
            return strength > 0 && run.utf16.count > 1 && !run.allSatisfy(\.isNumber) ? (run, strength) : nil
        }
        weighed.sort { ($1.weight, $0.run) < ($0.weight, $1.run) }
        var kept: [String] = []
        for (run, _) in weighed where !kept.contains(where: { $0.contains(run) || run.contains($0) }) {
            kept.append(run)
            if kept.count == count { break }
        }
        return kept
    }
}

extension TopicModel {
    /// The rarest buckets of a text that training knew, ascending: what tells it from others.
    func rarest(_ text: String, count: Int) -> [UInt32] {
        var scratch = TopicFeatures.Scratch()
        features.count(text, into: &scratch)
        return scratch.counts.all[..<scratch.counts.head]
            .map { (rarity: rows.rarity(of: $0.bucket), bucket: $0.bucket) }.filter { $0.rarity > 0 }
            .sorted { ($1.rarity, $0.bucket) < ($0.rarity, $1.bucket) }.prefix(count).map(\.bucket).sorted()
    }

    /// What training found, before it is packed.
    struct Fitted {
        let labels: [String]
        let features: TopicFeatures
        /// Ascending, and the place of each in the fit.
        let buckets: [UInt32]
        let places: [UInt32]
        let fit: TopicTask.Fit
        let slope: Float
        let shifts: [Float]
    }

    init(_ fitted: Fitted) {
        let (fit, topics) = (fitted.fit, fitted.labels.indices)
        let width = TopicRows.width(topics: topics.count)
        let largest = fit.blocks.map { block in
            block.reduce(SIMD8<Float>(repeating: 1e-6)) { pointwiseMax($0, pointwiseMax($1, -$1)) }
        }
        var table = [Int8](repeating: 0, count: fitted.buckets.count * width + TopicRows.room)
        for (number, place) in fitted.places.enumerated() {
            let (row, place) = (number * width, Int(place))
            table[row] = Int8(bitPattern: fit.rarity[place])
            for block in largest.indices {
                let weights = fit.blocks[block][place]
                let roots = (pointwiseMax(weights, -weights) / largest[block]).squareRoot() * 127 + 0.5
                for lane in 0..<min(8, topics.count - block * 8) {
                    let root = Int8(roots[lane])
                    table[row + 1 + block * 8 + lane] = weights[lane] < 0 ? -root : root
                }
            }
        }
        self.init(
            labels: fitted.labels, features: fitted.features,
            rows: TopicRows(
                topics: topics.count, buckets: fitted.buckets, of: fitted.features.buckets, table: table),
            scales: topics.map { largest[$0 >> 3][$0 & 7] }, biases: topics.map { fit.bias[$0 >> 3][$0 & 7] },
            slope: fitted.slope, shifts: fitted.shifts)
    }

    private static let fileVersion: UInt32 = 3

    package init(bytes: [UInt8]) throws(ModelFileError) {
        var reader = try ModelFile.Reader(bytes, kind: "SZTM", version: Self.fileVersion)
        let (topics, all) = (Int(try reader.uint32()), Int(try reader.uint32()))
        guard (2...MiningLimits.topicsMax).contains(topics), (1...MiningLimits.bucketsMax).contains(all) else {
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
        let buckets = try reader.uint32s(count: Int(try reader.uint32()))
        let isAscending = zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }
        guard isAscending, buckets.last.map({ Int($0) < all }) ?? true else { throw .damaged }
        let table = try reader.signedBytes(
            count: buckets.count * TopicRows.width(topics: topics), room: TopicRows.room)
        try reader.end()
        guard ([slope] + scales + biases + shifts).allSatisfy(\.isFinite) else { throw .damaged }
        self.init(
            labels: labels, features: TopicFeatures(buckets: all),
            rows: TopicRows(topics: topics, buckets: buckets, of: all, table: table), scales: scales, biases: biases,
            slope: slope, shifts: shifts)
    }

    package func bytes() -> [UInt8] {
        var writer = ModelFile.Writer(kind: "SZTM", version: Self.fileVersion)
        writer.uint32(UInt32(labels.count))
        writer.uint32(UInt32(features.buckets))
        writer.float(slope)
        for topic in labels.indices {
            writer.text(labels[topic])
            writer.float(scales[topic])
            writer.float(biases[topic])
            writer.float(shifts[topic])
        }
        writer.uint32(UInt32(rows.buckets.count))
        for bucket in rows.buckets { writer.uint32(bucket) }
        writer.bytes(rows.bytes.map { UInt8(bitPattern: $0) })
        return writer.finished()
    }

    /// Seven topics of citizens' messages, trained on a public collection (see Mining.md); nil where the program was
    /// moved without its resources.
    package static let standard: TopicModel? = ModelFile.shipped("topics.bin").flatMap { try? TopicModel(bytes: $0) }
}
