/// What the runs of characters that training knew weigh for each topic. Only those have a row, so that the rows of a
/// text are few cache lines; others weigh nothing.
struct TopicRows: Sendable {
    let topics: Int
    /// The bucket of each row, ascending.
    let buckets: [UInt32]
    private let index: BucketIndex
    /// One row after the other: inverse document frequency in eighths, then one byte per topic; ±127 stands for the
    /// topic's largest weight, growing with the square.
    private let table: [Int8]
    private let width: Int

    /// A row's last topics are read eight at a time, beyond its end.
    static let room = 8

    /// - Parameter table: `width(topics:)` bytes for each of `buckets`, and `room`.
    init(topics: Int, buckets: [UInt32], of all: Int, table: [Int8]) {
        self.topics = topics
        self.buckets = buckets
        self.table = table
        index = BucketIndex(buckets, of: all)
        width = Self.width(topics: topics)
    }

    /// A row's bytes.
    static func width(topics: Int) -> Int { 1 + topics }

    var bytes: ArraySlice<Int8> { table.dropLast(Self.room) }

    /// Inverse document frequency in eighths; 0 of what has no row.
    func rarity(of bucket: UInt32) -> Int8 { index.number(of: bucket).map { table[$0 * width] } ?? 0 }

    /// How strongly a run speaks for a topic; below 0 where it speaks against it.
    func strength(of bucket: UInt32, topic: Int) -> Float {
        guard let row = index.number(of: bucket) else { return 0 }
        let weight = Float(table[row * width + 1 + topic])
        return Float(table[row * width]) * weight * abs(weight)
    }

    /// Memory that is used again from text to text.
    struct Scratch {
        /// The rows of a text, each once, and how much each counts.
        fileprivate var rows: [UInt32] = []
        fileprivate var values: [Float] = []
        /// How often a text has each row; all 0 between texts.
        fileprivate var counts: [UInt8] = []
    }

    /// Adds to each topic what a text's runs weigh, as a vector of length `weight`.
    func add(
        _ codes: ArraySlice<UInt16>, seed: UInt64, weight: Float, _ features: TopicFeatures,
        to sums: inout [SIMD8<Float>], _ scratch: inout Scratch
    ) {
        let codes = codes.prefix(TopicFeatures.charactersMax)
        if scratch.counts.count < buckets.count { scratch.counts = [UInt8](repeating: 0, count: buckets.count) }
        if scratch.rows.isEmpty {
            scratch.rows = [UInt32](repeating: 0, count: TopicFeatures.runMax * TopicFeatures.charactersMax)
            scratch.values = [Float](repeating: 0, count: scratch.rows.count)
        }
        scratch.counts.withUnsafeMutableBufferPointer { counts in
            scratch.rows.withUnsafeMutableBufferPointer { rows in
                scratch.values.withUnsafeMutableBufferPointer { values in
                    let found = find(codes, seed: seed, features, rows, counts)
                    let known = UnsafeBufferPointer(rebasing: rows[..<found])
                    let norm = weigh(known, counts, values)
                    let factor = weight / max(norm.squareRoot(), 1e-6)
                    for block in sums.indices {
                        sums[block] += sum(known, UnsafeBufferPointer(values), block: block) * factor
                    }
                }
            }
        }
    }

    /// Writes the rows of a text in the order of first occurrence, and counts each up to 64. One step after the other
    /// for the whole text, none with a branch on what it reads.
    private func find(
        _ codes: ArraySlice<UInt16>, seed: UInt64, _ features: TopicFeatures,
        _ rows: UnsafeMutableBufferPointer<UInt32>, _ counts: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var runs = 0
        features.runs(codes, seed: seed) { _, _, bucket in
            rows[runs] = bucket
            runs += 1
        }
        let known = index.number(UnsafeMutableBufferPointer(rebasing: rows[..<runs]))
        var found = 0
        for place in 0..<known {
            let row = rows[place]
            let count = counts[Int(row)]
            rows[found] = row
            found += count == 0 ? 1 : 0
            counts[Int(row)] = min(count &+ 1, TopicModel.countMax)
        }
        return found
    }

    /// What each row counts, for which its own count is set back; the squared length of all.
    private func weigh(
        _ rows: UnsafeBufferPointer<UInt32>, _ counts: UnsafeMutableBufferPointer<UInt8>,
        _ values: UnsafeMutableBufferPointer<Float>
    ) -> Float {
        var norm: Float = 0
        let logs = TopicModel.logs
        table.withUnsafeBufferPointer { table in
            for place in rows.indices {
                let row = Int(rows[place])
                let value = TopicModel.value(
                    count: counts[row], rarity: UInt8(bitPattern: table[row * width]), logs)
                counts[row] = 0
                values[place] = value
                norm += value * value
            }
        }
        return norm
    }

    private func sum(
        _ rows: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>, block: Int
    ) -> SIMD8<Float> {
        table.withUnsafeBytes { table in
            var sum = SIMD8<Float>.zero
            for place in rows.indices {
                let from = Int(rows[place]) * width + 1 + block * 8
                let wide = SIMD8<Int16>(
                    truncatingIfNeeded: table.loadUnaligned(fromByteOffset: from, as: SIMD8<Int8>.self))
                let sign = wide &>> 15
                sum += SIMD8<Float>(wide &* ((wide ^ sign) &- sign)) * values[place]
            }
            return sum
        }
    }
}
