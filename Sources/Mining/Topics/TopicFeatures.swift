/// Hashed runs of one to three characters of a text, without the words that publishers of training texts take out; what
/// stands at the head of a text, where people name their matter, once more by itself.
struct TopicFeatures: Sendable {
    let buckets: Int

    /// Runs of up to this many characters.
    static let runMax = 3
    /// Characters of a text that count.
    static let charactersMax = 3_000
    /// Characters of the head.
    static let headMax = 30

    /// A bucket and how often it occurs.
    struct Count: Equatable {
        let bucket: UInt32
        var count: UInt32
    }

    /// Buckets of one text, each once: those of the whole text, then those of its head.
    struct Counts {
        var all: [Count] = []
        /// Where in `all` the head begins.
        var head = 0
    }

    /// Memory that is used again from text to text.
    struct Scratch {
        fileprivate var slots = [UInt64](repeating: 0, count: 1 << 14)
        fileprivate var round: UInt64 = 0
        var counts = Counts()
        init() {}
    }

    /// In the order of first occurrence.
    func count(_ text: String, into scratch: inout Scratch) {
        let codes = Self.kept(text)
        scratch.counts.all.removeAll(keepingCapacity: true)
        count(codes[...], seed: Self.textSeed, &scratch)
        scratch.counts.head = scratch.counts.all.count
        count(codes.prefix(Self.headMax), seed: Self.headSeed, &scratch)
    }

    static let (textSeed, headSeed): (UInt64, UInt64) = (0, 0xC2B2_AE3D_27D4_EB4F)

    /// Characters that count, in order; none is a gap.
    static func kept(_ text: String) -> [UInt16] {
        [UInt16](unsafeUninitializedCapacity: charactersMax) { codes, count in
            var text = text
            let all = text.withUTF8 {
                NormalText.write($0, to: UnsafeMutableBufferPointer(rebasing: codes[..<charactersMax]))
            }
            count = dropStopWords(codes, count: all)
        }
    }

    /// Each run with its bucket; `visit` gets where it starts, how long it is, and its bucket.
    @inline(__always)
    func runs(_ codes: ArraySlice<UInt16>, seed: UInt64, _ visit: (Int, Int, UInt32) -> Void) {
        let buckets = UInt64(buckets)
        codes.withUnsafeBufferPointer { codes in
            for start in codes.indices {
                var hash = seed
                for length in 1...min(Self.runMax, codes.count &- start) {
                    let code = UInt64(codes[start &+ length &- 1])
                    hash = (hash ^ code) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1
                    let (bucket, _) = Grams.mix(hash).multipliedFullWidth(by: buckets)
                    visit(start, length, UInt32(truncatingIfNeeded: bucket))
                }
            }
        }
    }

    private func count(_ codes: ArraySlice<UInt16>, seed: UInt64, _ scratch: inout Scratch) {
        scratch.round = scratch.round &+ 1 & 0xFF_FFFF
        if scratch.round == 0 {
            for slot in scratch.slots.indices { scratch.slots[slot] = 0 }
            scratch.round = 1
        }
        // A slot holds the round (24 bits), the place in the list (16 bits) and the bucket (24 bits).
        let round = scratch.round
        var all: [Count] = []
        swap(&all, &scratch.counts.all)
        scratch.slots.withUnsafeMutableBufferPointer { slots in
            let mask = slots.count - 1
            runs(codes, seed: seed) { _, _, bucket in
                let key = UInt64(bucket)
                var at = Int(bucket &* 0x9E37_79B1 >> 8) & mask
                while slots[at] >> 40 == round {
                    if slots[at] & 0xFF_FFFF == key {
                        all[Int(slots[at] >> 24 & 0xFFFF)].count += 1
                        return
                    }
                    at = (at + 1) & mask
                }
                slots[at] = round << 40 | UInt64(all.count) << 24 | key
                all.append(Count(bucket: bucket, count: 1))
            }
        }
        swap(&all, &scratch.counts.all)
    }

    /// The runs of the text that fall into each bucket, the first of each: for saying why.
    func spelled(_ text: String) -> [(run: String, bucket: UInt32, isHead: Bool)] {
        let codes = Self.kept(text)
        var found: [(run: String, bucket: UInt32, isHead: Bool)] = []
        var seen: Set<UInt32> = []
        func add(_ codes: ArraySlice<UInt16>, seed: UInt64, isHead: Bool) {
            runs(codes, seed: seed) { start, length, bucket in
                guard seen.insert(bucket).inserted else { return }
                let first = codes.startIndex + start
                found.append((NormalText.string(codes[first..<first + length]), bucket, isHead))
            }
        }
        add(codes[...], seed: Self.textSeed, isHead: false)
        add(codes.prefix(Self.headMax), seed: Self.headSeed, isHead: true)
        return found
    }

    /// Words without a topic go, and what stood around them joins, as in the published training texts.
    /// - Returns: how many characters are left.
    private static func dropStopWords(_ codes: UnsafeMutableBufferPointer<UInt16>, count: Int) -> Int {
        let (stops, starts, ends, pairs) = (stopCodes, stopStarts, stopEnds, stopPairs)
        var (at, kept) = (0, 0)
        while at < count {
            let code = codes[at]
            if starts.contains(code), at + 1 < count, ends.contains(codes[at + 1]),
                pairs.contains(Grams.pair(code, codes[at + 1]))
            {
                at += 2
            } else {
                codes[kept] = code
                kept += stops.contains(code) ? 0 : 1
                at += 1
            }
        }
        return kept
    }

    private static let stopCodes = CodeSet(
        NormalText("的了在是我和就都而及与着或也很到说要去你会这那吗呢吧啊被把对从向还又之").codes + [NormalText.gap])
    private static let stopStarts = CodeSet(stopPairs.map { Grams.codes(of: $0).0 })
    private static let stopEnds = CodeSet(stopPairs.map { Grams.codes(of: $0).1 })
    private static let stopPairs: Set<UInt32> = Set(
        """
        我们 你们 他们 她们 大家 这个 那个 这样 那样 这些 那些 没有 一个 自己 因为 所以 但是 如果 虽然 可以 已经 现在 就是 还是 不是 什么 怎么 为何 如何 \
        您好 你好 尊敬 领导 谢谢 非常 一直 以及 并且 而且 或者 对于 关于 由于 请问
        """.split(separator: " ").map { word in
            let codes = NormalText(String(word)).codes
            return Grams.pair(codes[0], codes[1])
        })
}
