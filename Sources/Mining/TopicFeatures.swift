import Foundation

/// Hashed runs of one to three characters of a text, without the words that publishers of training texts take out.
struct TopicFeatures: Sendable {
    let buckets: Int

    /// Runs of up to this many characters.
    static let runMax = 3
    /// Characters of a text that count.
    static let charactersMax = 3_000

    /// How often each bucket occurs, buckets ascending.
    func counts(_ text: String) -> [(bucket: UInt32, count: UInt32)] {
        let codes = Self.withoutStopWords(NormalText(text).codes.prefix(Self.charactersMax))
        var hits: [UInt32] = []
        hits.reserveCapacity(codes.count * Self.runMax)
        for start in codes.indices {
            var hash: UInt64 = 0
            for length in 0..<Self.runMax where start + length < codes.count {
                let code = codes[start + length]
                if code == NormalText.gap { break }
                hash = (hash ^ UInt64(code)) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1
                hits.append(UInt32(Grams.mix(hash).multipliedFullWidth(by: UInt64(buckets)).high))
            }
        }
        hits.sort()
        var counts: [(bucket: UInt32, count: UInt32)] = []
        for hit in hits {
            if counts.last?.bucket == hit { counts[counts.count - 1].count += 1 } else { counts.append((hit, 1)) }
        }
        return counts
    }

    /// Words without a topic go, and what stood around them joins, as in the published training texts.
    private static func withoutStopWords(_ codes: ArraySlice<UInt16>) -> [UInt16] {
        var kept: [UInt16] = []
        kept.reserveCapacity(codes.count)
        var at = codes.startIndex
        while at < codes.endIndex {
            if at + 1 < codes.endIndex, stopPairs.contains(Grams.pair(codes[at], codes[at + 1])) {
                at += 2
            } else if stopCodes.contains(codes[at]) {
                at += 1
            } else {
                kept.append(codes[at])
                at += 1
            }
        }
        return kept
    }

    private static let stopCodes = Set(NormalText("的了在是我和就都而及与着或也很到说要去你会这那吗呢吧啊被把对从向还又之").codes + [NormalText.gap])
    private static let stopPairs: Set<UInt32> = Set(
        """
        我们 你们 他们 她们 大家 这个 那个 这样 那样 这些 那些 没有 一个 自己 因为 所以 但是 如果 虽然 可以 已经 现在 就是 还是 不是 什么 怎么 为何 如何 \
        您好 你好 尊敬 领导 谢谢 非常 一直 以及 并且 而且 或者 对于 关于 由于 请问
        """.split(separator: " ").map { word in
            let codes = NormalText(String(word)).codes
            return Grams.pair(codes[0], codes[1])
        })
}
