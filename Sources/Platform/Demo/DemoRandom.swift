/// A seeded generator (SplitMix64): the same seed gives the same district on every machine and in every release.
struct DemoRandom: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A whole number from 0 up to and without `bound`; 0 when there is no choice.
    mutating func below(_ bound: Int) -> Int {
        guard bound > 1 else { return 0 }
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    mutating func between(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    mutating func isOneIn(percent: Int) -> Bool { below(100) < percent }

    /// An element, or nil of an empty list.
    mutating func pick<Element>(_ list: [Element]) -> Element? { list.isEmpty ? nil : list[below(list.count)] }

    /// An index by weight; the weights' sum must be positive.
    mutating func index(weights: [Int]) -> Int {
        var left = below(max(1, weights.reduce(0, +)))
        for (index, weight) in weights.enumerated() {
            if left < weight { return index }
            left -= weight
        }
        return 0
    }

    /// From 0 up to and without 1, in 53 bits.
    mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A generator of its own for one part of the work, so that a change there leaves the rest as it was.
    mutating func split() -> DemoRandom { DemoRandom(seed: next()) }
}
