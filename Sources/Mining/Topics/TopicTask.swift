import Foundation

/// One training: the texts of a collection as counts, side by side, and the topic of each.
struct TopicTask: Sendable {
    let targets: [Int]
    let topics: Int
    /// The buckets that enough texts have, ascending, and the place of each. The commonest have the first places, so
    /// that what is often read lies together.
    let buckets: [UInt32]
    let placeOfBucket: [UInt32]
    private var places: [UInt32] = []
    /// How often, 64 at most, as `TopicModel.value` counts.
    private var counts: [UInt8] = []
    /// Where each text begins, and where its head does.
    private var starts = [0]
    private var heads: [Int] = []

    /// A fit on some of the texts.
    struct Fit: Sendable {
        /// By place; 0 where too few texts have it.
        let rarity: [UInt8]
        /// By block of eight topics, then place.
        let blocks: [[SIMD8<Float>]]
        let bias: [SIMD8<Float>]
        /// Of the texts that were left out.
        let heldScores: [[Float]]
    }

    /// Texts a bucket must occur in: what is rarer tells little about others.
    private static let textsMin: UInt16 = 4

    /// - Parameters:
    ///   - buckets: how many there are.
    ///   - placesMax: of more than so many, those that most texts have are taken.
    init(_ counted: [TopicFeatures.Counts], targets: [Int], topics: Int, buckets: Int, placesMax: Int) {
        self.targets = targets
        self.topics = topics
        let (known, seen) = Self.known(counted, buckets: buckets, placesMax: placesMax)
        let index = BucketIndex(known, of: buckets)
        self.buckets = known
        placeOfBucket = Self.places(seen.map { Self.rarity($0, of: counted.count) })
        let room = counted.reduce(0) { $0 + $1.all.count }
        places.reserveCapacity(room)
        counts.reserveCapacity(room)
        for text in counted {
            for (position, entry) in text.all.enumerated() {
                if position == text.head { heads.append(places.count) }
                guard let number = index.number(of: entry.bucket) else { continue }
                places.append(placeOfBucket[number])
                counts.append(UInt8(min(entry.count, UInt32(TopicModel.countMax))))
            }
            if text.head == text.all.count { heads.append(places.count) }
            starts.append(places.count)
        }
    }

    /// The buckets that enough texts have, ascending, and how many have each.
    private static func known(
        _ counted: [TopicFeatures.Counts], buckets: Int, placesMax: Int
    ) -> (buckets: [UInt32], seen: [UInt32]) {
        var seen = [UInt16](repeating: 0, count: buckets)
        for text in counted {
            for entry in text.all where seen[Int(entry.bucket)] < .max { seen[Int(entry.bucket)] += 1 }
        }
        var least = textsMin
        var known = seen.indices.filter { seen[$0] >= least }
        while known.count > placesMax {
            least += 1 + least / 8
            known.removeAll { seen[$0] < least }
        }
        return (known.map { UInt32($0) }, known.map { UInt32(seen[$0]) })
    }

    /// In eighths; 0 of what too few texts have.
    private static func rarity(_ seen: UInt32, of count: Int) -> UInt8 {
        seen < textsMin ? 0 : UInt8(min(127, ((logf(Float(count + 1) / Float(seen + 1)) + 1) * 8).rounded()))
    }

    /// The place of each when they are sorted by rarity, the least rare first.
    private static func places(_ rarity: [UInt8]) -> [UInt32] {
        var starts = [UInt32](repeating: 0, count: 257)
        for value in rarity { starts[Int(value) + 1] += 1 }
        for value in 1...256 { starts[value] += starts[value - 1] }
        return rarity.map { value in
            defer { starts[Int(value)] += 1 }
            return starts[Int(value)]
        }
    }

    /// - Parameter held: rows that are left out and then scored.
    func fit(without held: [Int], seed: UInt64) -> Fit {
        var isHeld = [Bool](repeating: false, count: targets.count)
        for row in held { isHeld[row] = true }
        let rows = targets.indices.filter { !isHeld[$0] }
        var seen = [UInt32](repeating: 0, count: buckets.count)
        for row in rows { for index in starts[row]..<starts[row + 1] { seen[Int(places[index])] += 1 } }
        let rarity = seen.map { Self.rarity($0, of: rows.count) }
        let vectors = TopicVectors(starts: starts, places: places, values: values(rarity))
        var blocks: [[SIMD8<Float>]] = []
        var bias: [SIMD8<Float>] = []
        for first in stride(from: 0, to: topics, by: 8) {
            let separators = TopicSeparators(
                vectors: vectors, rows: rows, targets: targets.map { $0 - first },
                ratios: ratios(rows, seen, first: first), lanes: min(8, topics - first))
            let (weights, own) = separators.fit(seed: seed)
            blocks.append(weights)
            bias.append(own)
        }
        let scores = held.map { row in
            let sums = blocks.indices.map { vectors.dot(row, blocks[$0]) + bias[$0] }
            return (0..<topics).map { sums[$0 >> 3][$0 & 7] }
        }
        return Fit(rarity: rarity, blocks: blocks, bias: bias, heldScores: scores)
    }

    /// Whole text and head, each of unit length, the head weighed.
    private func values(_ rarity: [UInt8]) -> [Float] {
        let logs = TopicModel.logs
        return [Float](unsafeUninitializedCapacity: places.count) { values, count in
            for row in targets.indices {
                for (range, weight) in [
                    (starts[row]..<heads[row], Float(1)), (heads[row]..<starts[row + 1], TopicModel.headWeight),
                ] {
                    var norm: Float = 0
                    for index in range {
                        let value = TopicModel.value(count: counts[index], rarity: rarity[Int(places[index])], logs)
                        norm += value * value
                        values[index] = value
                    }
                    let factor = weight / max(norm.squareRoot(), 1e-6)
                    for index in range { values[index] *= factor }
                }
            }
            count = places.count
        }
    }

    /// How much each run tells of each of eight topics: the size of its log-count ratio (Wang and Manning 2012).
    private func ratios(_ rows: [Int], _ seen: [UInt32], first: Int) -> [SIMD8<Float>] {
        var inside = [SIMD8<Float>](repeating: .one, count: seen.count)
        inside.withUnsafeMutableBytes { bytes in
            let inside = bytes.bindMemory(to: Float.self)
            for row in rows {
                let topic = targets[row] - first
                guard (0..<8).contains(topic) else { continue }
                for index in starts[row]..<starts[row + 1] { inside[Int(places[index]) * 8 + topic] += 1 }
            }
        }
        let insides = inside.reduce(SIMD8<Float>.zero, +)
        let total = seen.reduce(0) { $0 + Float($1 + 2) }
        return zip(inside, seen).map { inside, seen in
            let ratio = inside / insides / ((Float(seen + 2) - inside) / (total - insides))
            var sizes = SIMD8<Float>.zero
            for lane in 0..<8 { sizes[lane] = abs(logf(max(ratio[lane], 1e-9))) + Self.ratioFloor }
            return sizes
        }
    }

    private static let ratioFloor: Float = 0.3
}
