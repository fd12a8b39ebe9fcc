import Foundation

/// In how many texts out of how many each pair of characters occurs: what is common wording and what is telling.
///
/// Frozen and shipped, so that one appeal more changes no weight of another pair. Counts are kept in a table of 2¹⁸
/// one-byte buckets addressed by two hashes (count-min, Cormode and Muthukrishnan 2005); no text can be read back.
package struct Background: Sendable, Equatable {
    private static let bucketBits: UInt32 = 18
    /// Sixteenths of a bit.
    private var weights: [UInt8]
    package let texts: Int

    /// The weight of a pair nobody wrote yet, the largest there is.
    package let weightMax: UInt8

    /// Counts each pair once per text.
    package init(counting texts: some Sequence<NormalText>) {
        let size = 1 << Int(Self.bucketBits)
        var counts = [UInt32](repeating: 0, count: size)
        var total = 0
        for text in texts {
            total += 1
            for gram in Set(Grams.pairs(text.codes)) {
                let (first, second) = Self.buckets(gram)
                // Conservative update: only the smaller of the two grows, so that clashes inflate less.
                let least = min(counts[first], counts[second])
                if counts[first] == least { counts[first] += 1 }
                if second != first, counts[second] == least { counts[second] += 1 }
            }
        }
        self.texts = total
        weightMax = Self.weight(count: 0, of: total)
        weights = counts.map { Self.weight(count: $0, of: total) }
    }

    /// Inverse document frequency in sixteenths of a bit.
    @inline(__always)
    func weight(_ gram: UInt32) -> UInt8 {
        let (first, second) = Self.buckets(gram)
        return max(weights[first], weights[second])
    }

    private static func weight(count: UInt32, of total: Int) -> UInt8 {
        let bits = Foundation.log2(Double(total + 1) / Double(count + 1))
        return UInt8(min(255, max(0, (bits * 16).rounded())))
    }

    @inline(__always)
    private static func buckets(_ gram: UInt32) -> (Int, Int) {
        let mixed = UInt64(gram) &* 0x9E37_79B9_7F4A_7C15
        return (Int(mixed >> 46), Int((mixed &* 0xD1B5_4A32_D192_ED03) >> 46))
    }
}

extension Background {
    /// Counted over four public collections of appeals (see Mining.md); loaded once.
    package static let standard: Background = {
        guard let bytes = ModelFile.shipped("background.bin"), let table = try? Background(bytes: bytes) else {
            return Background(counting: [])
        }
        return table
    }()

    package init(bytes: [UInt8]) throws(ModelFileError) {
        var reader = try ModelFile.Reader(bytes, kind: "SZBG", version: 1)
        texts = Int(try reader.uint32())
        weights = try reader.bytes(count: 1 << Int(Self.bucketBits))
        try reader.end()
        weightMax = Self.weight(count: 0, of: texts)
    }

    package func bytes() -> [UInt8] {
        var writer = ModelFile.Writer(kind: "SZBG", version: 1)
        writer.uint32(UInt32(texts))
        writer.bytes(weights)
        return writer.finished()
    }
}
