import Foundation

/// What an appeal is about, out of a fixed list of topics: one linear separator per topic over hashed runs of
/// characters of the text and of its head, its scores calibrated to probabilities. The same model proposes a unit.
package struct TopicModel: Sendable {
    /// The topics, in the order they are stored.
    package let labels: [String]
    let features: TopicFeatures
    /// One row per bucket: inverse document frequency in eighths (0 where the training texts had nothing), then one
    /// byte per topic; ±127 stands for the topic's scale, growing with the square.
    private let table: [Int8]
    private let width: Int
    private let scales: [Float]
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
        var features = TopicFeatures.Scratch()
        var sums: [SIMD8<Float>] = []
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
        features.count(text, into: &scratch.features)
        let blocks = (labels.count + 7) / 8
        scratch.sums = [SIMD8<Float>](repeating: .zero, count: blocks)
        let counts = scratch.features.counts
        add(counts.all[..<counts.head], weight: 1, to: &scratch.sums)
        add(counts.all[counts.head...], weight: Self.headWeight, to: &scratch.sums)
        return labels.indices.map { scratch.sums[$0 >> 3][$0 & 7] * scales[$0] / (127 * 127) + biases[$0] }
    }

    private func add(_ counts: ArraySlice<TopicFeatures.Count>, weight: Float, to sums: inout [SIMD8<Float>]) {
        var norm: Float = 0
        var part = [SIMD8<Float>](repeating: .zero, count: sums.count)
        let (logs, blocks) = (Self.logs, sums.count)
        table.withUnsafeBytes { table in
            part.withUnsafeMutableBufferPointer { part in
                for entry in counts {
                    let row = Int(entry.bucket) * width
                    // No branch for what training did not see: its row is zeros, and rows are read ahead.
                    let rarity = table.load(fromByteOffset: row, as: UInt8.self)
                    let value = Self.value(count: entry.count, rarity: rarity, logs)
                    norm += value * value
                    for block in 0..<blocks {
                        let bytes = table.loadUnaligned(fromByteOffset: row + 1 + block * 8, as: SIMD8<Int8>.self)
                        let wide = SIMD8<Int16>(truncatingIfNeeded: bytes)
                        let sign = wide &>> 15
                        part[block] += SIMD8<Float>(wide &* ((wide ^ sign) &- sign)) * value
                    }
                }
            }
        }
        let factor = weight / max(norm.squareRoot(), 1e-6)
        for block in sums.indices { sums[block] += part[block] * factor }
    }

    /// Grows with the logarithm of the count; more than 64 times count as 64.
    @inline(__always)
    static func value(count: UInt32, rarity: UInt8, _ logs: [Float]) -> Float {
        logs[Int(min(count, 64))] * Float(rarity)
    }

    /// 1 + ln(count), in eighths as rarity is.
    static let logs: [Float] = (0...64).map { (1 + logf(Float(max(1, $0)))) / 8 }

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
            let row = Int(bucket) * width
            let weight = Float(table[row + 1 + topic])
            let strength =
                Float(table[row]) * weight * abs(weight)
                * (isHead ? Self.headWeight : 1)
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
        let known = scratch.counts.all[..<scratch.counts.head].filter { table[Int($0.bucket) * width] > 0 }
        return known.map { (rarity: table[Int($0.bucket) * width], bucket: $0.bucket) }
            .sorted { ($1.rarity, $0.bucket) < ($0.rarity, $1.bucket) }.prefix(count).map(\.bucket).sorted()
    }

    /// What training found, before it is packed.
    struct Fitted {
        let labels: [String]
        let features: TopicFeatures
        /// The bucket of each place that was fitted.
        let buckets: [UInt32]
        let fit: TopicTask.Fit
        let slope: Float
        let shifts: [Float]
    }

    init(_ fitted: Fitted) {
        let (fit, topics) = (fitted.fit, fitted.labels.indices)
        let width = Self.width(topics: topics.count)
        let largest = fit.blocks.map { block in
            block.reduce(SIMD8<Float>(repeating: 1e-6)) { pointwiseMax($0, pointwiseMax($1, -$1)) }
        }
        // A row's last topics are read eight at a time, beyond its end.
        var table = [Int8](repeating: 0, count: fitted.features.buckets * width + 8)
        for (place, bucket) in fitted.buckets.enumerated() where fit.rarity[place] > 0 {
            let row = Int(bucket) * width
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
            labels: fitted.labels, features: fitted.features, table: table, width: width,
            scales: topics.map { largest[$0 >> 3][$0 & 7] }, biases: topics.map { fit.bias[$0 >> 3][$0 & 7] },
            slope: fitted.slope, shifts: fitted.shifts)
    }

    /// A row's bytes.
    static func width(topics: Int) -> Int { 1 + topics }

    package init(bytes: [UInt8]) throws(ModelFileError) {
        var reader = try ModelFile.Reader(bytes, kind: "SZTM", version: 2)
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
        let width = Self.width(topics: topics)
        let table = try reader.signedBytes(count: buckets * width, room: 8)
        try reader.end()
        guard ([slope] + scales + biases + shifts).allSatisfy(\.isFinite) else { throw .damaged }
        self.init(
            labels: labels, features: TopicFeatures(buckets: buckets), table: table, width: width, scales: scales,
            biases: biases, slope: slope, shifts: shifts)
    }

    package func bytes() -> [UInt8] {
        var writer = ModelFile.Writer(kind: "SZTM", version: 2)
        writer.uint32(UInt32(labels.count))
        writer.uint32(UInt32(features.buckets))
        writer.float(slope)
        for topic in labels.indices {
            writer.text(labels[topic])
            writer.float(scales[topic])
            writer.float(biases[topic])
            writer.float(shifts[topic])
        }
        writer.bytes(table.dropLast(8).map { UInt8(bitPattern: $0) })
        return writer.finished()
    }

    /// Seven topics of citizens' messages, trained on a public collection (see Mining.md); nil where the program was
    /// moved without its resources.
    package static let standard: TopicModel? = ModelFile.shipped("topics.bin").flatMap { try? TopicModel(bytes: $0) }
}
