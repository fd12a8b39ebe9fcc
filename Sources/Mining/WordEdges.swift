import Foundation

/// Where words begin and end: the log-odds of an edge between two characters, from the runs of characters around it,
/// hashed. Learnt once from public collections cut by a dictionary (`scripts/train-words`); shipped as numbers.
struct WordEdges: Sendable {
    private static let bits = 18
    private let weights: [Int8]

    /// For each place of the codes, and the end, whether a word may begin there.
    func edges(_ codes: [UInt16]) -> [Bool] {
        (0...codes.count).map { at in
            at == 0 || at == codes.count || isApart(codes[at - 1]) || isApart(codes[at]) || score(codes, at) > 0
        }
    }

    private func isApart(_ code: UInt16) -> Bool { code == NormalText.gap }

    /// Above zero where an edge before `at` is likelier than none, in sixteenths of log-odds.
    private func score(_ codes: [UInt16], _ at: Int) -> Int {
        func code(_ place: Int) -> UInt64 { codes.indices.contains(place) ? UInt64(codes[place]) : 0 }
        let (before, left, right, behind) = (code(at - 2), code(at - 1), code(at), code(at + 1))
        return weight(1, left | right << 16) + weight(2, before | left << 16) + weight(3, right | behind << 16)
            + weight(4, before | left << 16 | right << 32) + weight(5, left | right << 16 | behind << 32)
            + weight(6, left) + weight(7, right)
    }

    private func weight(_ kind: UInt64, _ run: UInt64) -> Int {
        Int(weights[Int(((kind << 48 | run) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - Self.bits))])
    }

    init(bytes: [UInt8]) throws(ModelFileError) {
        var reader = try ModelFile.Reader(bytes, kind: "SZWE", version: 1)
        weights = try reader.signedBytes(count: 1 << Self.bits, room: 0)
        try reader.end()
    }

    /// Knows no words: every place may be an edge.
    private init() { weights = [Int8](repeating: 1, count: 1 << Self.bits) }

    static let standard: WordEdges = {
        guard let bytes = ModelFile.shipped("words.bin"), let edges = try? WordEdges(bytes: bytes) else {
            return WordEdges()
        }
        return edges
    }()
}
