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
        let counted = Parallel.map(examples.count, scratch: { TopicFeatures.Scratch() }) { row, scratch in
            features.count(examples[row].text, into: &scratch)
            return scratch.counts
        }
        let targets = examples.map { places[$0.label] ?? 0 }
        let task = TopicTask(counted: counted, targets: targets, topics: labels.count, buckets: features.buckets)
        let folds = Self.folds(examples.count, seed: seed)
        // The last fit is on all examples; the others leave one fold out, which then tells what confidence is worth.
        let fits = Parallel.map(folds.count + 1, chunk: 1) { number in
            let position = folds.count - number
            let held = position < folds.count ? Set(folds[position]) : []
            return task.fit(rows: targets.indices.filter { !held.contains($0) }, seed: seed)
        }
        var (scores, truths): ([[Float]], [Int]) = ([], [])
        for (position, fold) in folds.enumerated() {
            for row in fold {
                scores.append(task.scores(of: row, by: fits[folds.count - position]))
                truths.append(targets[row])
            }
        }
        let (slope, shifts) = TopicCalibration.leastLogLoss(scores, truths, topics: labels.count)
        let whole = fits[0]
        return TopicModel(
            Fitted(
                labels: labels, features: features, rarity: whole.rarity,
                weights: labels.indices.map { whole.weights(of: $0) },
                biases: labels.indices.map { whole.bias[$0 >> 3][$0 & 7] }, slope: slope, shifts: shifts))
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

/// One training: texts as counts, and the topic of each.
struct TopicTask: Sendable {
    let counted: [TopicFeatures.Counts]
    let targets: [Int]
    let topics: Int
    let buckets: Int

    /// A fit: rarity and weights by bucket; topics eight to a block.
    struct Fit: Sendable {
        let rarity: [UInt8]
        /// Where a bucket's weights stand; `Int32.max` where it has none.
        let places: [Int32]
        /// By block, then place.
        let blocks: [[SIMD8<Float>]]
        let bias: [SIMD8<Float>]

        func weights(of topic: Int) -> [Float] {
            let block = blocks[topic >> 3]
            return places.map { $0 == .max ? 0 : block[Int($0)][topic & 7] }
        }
    }

    func fit(rows: [Int], seed: UInt64) -> Fit {
        let rarity = rarities(rows)
        let (places, count) = places(rarity)
        let vectors = vectors(rows, rarity, places)
        var blocks: [[SIMD8<Float>]] = []
        var bias: [SIMD8<Float>] = []
        for first in stride(from: 0, to: topics, by: 8) {
            let ratios = ratios(rows, places, count: count, first: first)
            let separators = TopicSeparators(
                vectors: vectors, targets: rows.map { targets[$0] - first },
                squares: ratios.map { $0 * $0 }, lanes: min(8, topics - first))
            let (weights, own) = separators.fit(seed: seed)
            blocks.append(weights)
            bias.append(own)
        }
        return Fit(rarity: rarity, places: places, blocks: blocks, bias: bias)
    }

    /// Texts a bucket must occur in: what is rarer tells little about others.
    private static let textsMin: UInt32 = 3

    private func rarities(_ rows: [Int]) -> [UInt8] {
        var seen = [UInt32](repeating: 0, count: buckets)
        for row in rows { for entry in counted[row].all { seen[Int(entry.bucket)] += 1 } }
        let texts = Float(rows.count + 1)
        return seen.map { $0 < Self.textsMin ? 0 : UInt8(min(127, ((logf(texts / Float($0 + 1)) + 1) * 8).rounded())) }
    }

    /// Used buckets side by side, the commonest first, so that what is often read lies together.
    private func places(_ rarity: [UInt8]) -> (places: [Int32], count: Int) {
        var starts = [Int](repeating: 0, count: 257)
        for value in rarity { starts[Int(value) + 1] += 1 }
        starts[1] = 0
        for value in 1...256 { starts[value] += starts[value - 1] }
        let count = starts[256]
        let places = rarity.map { value -> Int32 in
            if value == 0 { return .max }
            defer { starts[Int(value)] += 1 }
            return Int32(starts[Int(value)])
        }
        return (places, count)
    }

    /// Whole text and head, each of unit length, the head weighed.
    private func vectors(_ rows: [Int], _ rarity: [UInt8], _ places: [Int32]) -> TopicVectors {
        var vectors = TopicVectors()
        vectors.reserve(rows.reduce(0) { $0 + counted[$1].all.count })
        for row in rows {
            let counts = counted[row]
            append(counts.all[..<counts.head], weight: 1, rarity, places, to: &vectors)
            append(counts.all[counts.head...], weight: TopicModel.headWeight, rarity, places, to: &vectors)
            vectors.starts.append(vectors.values.count)
        }
        return vectors
    }

    private func append(
        _ counts: ArraySlice<TopicFeatures.Count>, weight: Float, _ rarity: [UInt8], _ places: [Int32],
        to vectors: inout TopicVectors
    ) {
        let start = vectors.values.count
        let logs = TopicModel.logs
        var norm: Float = 0
        for entry in counts where rarity[Int(entry.bucket)] > 0 {
            let value = TopicModel.value(count: entry.count, rarity: rarity[Int(entry.bucket)], logs)
            norm += value * value
            vectors.places.append(places[Int(entry.bucket)])
            vectors.values.append(value)
        }
        let factor = weight / max(norm.squareRoot(), 1e-6)
        for index in start..<vectors.values.count { vectors.values[index] *= factor }
    }

    /// How much each run tells of each of eight topics: the size of its log-count ratio (Wang and Manning 2012).
    private func ratios(_ rows: [Int], _ places: [Int32], count: Int, first: Int) -> [SIMD8<Float>] {
        var inside = [SIMD8<Float>](repeating: .one, count: count)
        var all = [Float](repeating: 2, count: count)
        for row in rows {
            let topic = targets[row] - first
            for entry in counted[row].all {
                let place = places[Int(entry.bucket)]
                if place == .max { continue }
                all[Int(place)] += 1
                if (0..<8).contains(topic) { inside[Int(place)][topic] += 1 }
            }
        }
        let insides = inside.reduce(SIMD8<Float>.zero, +)
        let total = all.reduce(0, +)
        return zip(inside, all).map { inside, all in
            let ratio = inside / insides / ((all - inside) / (total - insides))
            var sizes = SIMD8<Float>.zero
            for lane in 0..<8 { sizes[lane] = abs(logf(max(ratio[lane], 1e-9))) + Self.ratioFloor }
            return sizes
        }
    }

    private static let ratioFloor: Float = 0.3

    func scores(of row: Int, by fit: Fit) -> [Float] {
        let counts = counted[row]
        let logs = TopicModel.logs
        var sums = fit.bias
        for (part, weight) in [
            (counts.all[..<counts.head], Float(1)), (counts.all[counts.head...], TopicModel.headWeight),
        ] {
            var norm: Float = 0
            var own = [SIMD8<Float>](repeating: .zero, count: sums.count)
            for entry in part where fit.rarity[Int(entry.bucket)] > 0 {
                let value = TopicModel.value(count: entry.count, rarity: fit.rarity[Int(entry.bucket)], logs)
                norm += value * value
                let place = Int(fit.places[Int(entry.bucket)])
                for block in sums.indices { own[block] += fit.blocks[block][place] * value }
            }
            let factor = weight / max(norm.squareRoot(), 1e-6)
            for block in sums.indices { sums[block] += own[block] * factor }
        }
        return (0..<topics).map { sums[$0 >> 3][$0 & 7] }
    }
}
