/// Pairs of neighbouring characters, the unit in which wording is compared: Chinese needs no word list for it.
enum Grams {
    /// All pairs in order, with repeats; none crosses a gap.
    static func pairs(_ codes: some Collection<UInt16>) -> [UInt32] {
        var pairs: [UInt32] = []
        pairs.reserveCapacity(codes.count)
        var previous: UInt16 = NormalText.gap
        for code in codes {
            if previous != NormalText.gap, code != NormalText.gap { pairs.append(pair(previous, code)) }
            previous = code
        }
        return pairs
    }

    /// Ascending: by counting, a byte at a time, which for some hundreds is faster than comparing.
    static func sorted(_ grams: [UInt32]) -> [UInt32] {
        guard grams.count > 48 else {
            var grams = grams
            grams.withUnsafeMutableBufferPointer(sortFew)
            return grams
        }
        guard grams.count > 128 else { return sortedSome(grams) }
        return [UInt32](unsafeUninitializedCapacity: grams.count) { sorted, count in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: grams.count) { other in
                withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * 256) { starts in
                    grams.withUnsafeBufferPointer {
                        sort($0, UnsafeMutableBufferPointer(rebasing: sorted[..<grams.count]), other, starts)
                    }
                }
            }
            count = grams.count
        }
    }

    /// - Parameters:
    ///   - other: as much room as `sorted`.
    ///   - starts: room for four times 256.
    private static func sort(
        _ grams: UnsafeBufferPointer<UInt32>, _ sorted: UnsafeMutableBufferPointer<UInt32>,
        _ other: UnsafeMutableBufferPointer<UInt32>, _ starts: UnsafeMutableBufferPointer<UInt32>
    ) {
        starts.initialize(repeating: 0)
        for gram in grams {
            starts[Int(gram & 255)] &+= 1
            starts[256 | Int(gram >> 8 & 255)] &+= 1
            starts[512 | Int(gram >> 16 & 255)] &+= 1
            starts[768 | Int(gram >> 24)] &+= 1
        }
        deal(grams, to: other, by: 0, starts)
        deal(UnsafeBufferPointer(other), to: sorted, by: 1, starts)
        deal(UnsafeBufferPointer(sorted), to: other, by: 2, starts)
        deal(UnsafeBufferPointer(other), to: sorted, by: 3, starts)
    }

    /// Deals words out by one of their bytes, of which `starts` says how often each value occurs.
    @inline(__always)
    private static func deal(
        _ from: UnsafeBufferPointer<UInt32>, to: UnsafeMutableBufferPointer<UInt32>, by byte: Int,
        _ starts: UnsafeMutableBufferPointer<UInt32>
    ) {
        var sum: UInt32 = 0
        for value in byte << 8..<(byte + 1) << 8 { (starts[value], sum) = (sum, sum &+ starts[value]) }
        for word in from.prefix(to.count) {
            let value = byte << 8 | Int(word >> UInt32(8 * byte) & 255)
            to[Int(starts[value])] = word
            starts[value] &+= 1
        }
    }

    /// Dealt out by the first byte, which leaves little for insertion to do.
    private static func sortedSome(_ grams: [UInt32]) -> [UInt32] {
        [UInt32](unsafeUninitializedCapacity: grams.count) { sorted, count in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { starts in
                starts.initialize(repeating: 0)
                for gram in grams { starts[Int(gram >> 24)] &+= 1 }
                var sum: UInt8 = 0
                for value in starts.indices { (starts[value], sum) = (sum, sum &+ starts[value]) }
                for gram in grams {
                    sorted[Int(starts[Int(gram >> 24)])] = gram
                    starts[Int(gram >> 24)] &+= 1
                }
            }
            count = grams.count
            var dealt = UnsafeMutableBufferPointer(rebasing: sorted[..<count])
            sortFew(&dealt)
        }
    }

    /// By insertion.
    private static func sortFew(_ grams: inout UnsafeMutableBufferPointer<UInt32>) {
        for next in grams.indices.dropFirst() {
            let gram = grams[next]
            var at = next
            while at > 0, grams[at - 1] > gram {
                grams[at] = grams[at - 1]
                at -= 1
            }
            grams[at] = gram
        }
    }

    /// Whether a word stands at a place of a text.
    @inline(__always)
    static func stands(_ word: [UInt16], in codes: [UInt16], at place: Int) -> Bool {
        guard place + word.count <= codes.count else { return false }
        for at in word.indices where codes[place + at] != word[at] { return false }
        return true
    }

    @inline(__always)
    static func pair(_ first: UInt16, _ second: UInt16) -> UInt32 { UInt32(first) << 16 | UInt32(second) }

    static func codes(of pair: UInt32) -> (UInt16, UInt16) {
        (UInt16(truncatingIfNeeded: pair >> 16), UInt16(truncatingIfNeeded: pair))
    }

    /// A well-spread 64-bit value (splitmix64, Steele et al. 2014).
    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    static func hash(_ codes: some Sequence<UInt16>, seed: UInt64 = 0) -> UInt64 {
        codes.reduce(mix(seed)) { mix($0 ^ UInt64($1)) }
    }
}

/// A set of characters, one bit each.
struct CodeSet: Sendable {
    private var words = [UInt64](repeating: 0, count: 1_024)

    init(_ codes: some Sequence<UInt16>) { for code in codes { insert(code) } }

    mutating func insert(_ code: UInt16) { words[Int(code >> 6)] |= 1 << UInt64(code & 63) }

    @inline(__always)
    func contains(_ code: UInt16) -> Bool { words[Int(code >> 6)] >> UInt64(code & 63) & 1 == 1 }
}
