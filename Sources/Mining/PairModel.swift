import Foundation

/// The probability that two messages speak of the same concrete problem.
struct PairModel: Sendable {
    let bias: Float
    let weights: [Float]

    /// Thousandths, so that sums over pairs are exact in any order.
    func permille(_ features: PairFeatures) -> Int {
        var sum = bias
        for (weight, value) in zip(weights, features.values) { sum += weight * value }
        return Int((1_000 / (1 + exp(-Double(sum)))).rounded())
    }

    static let standard = PairModel(
        bias: -6.5,
        weights: [5, 3, 2, 1, 1, 0, 1, 0.1, 2, 2, 0.02, 0.05, 1.5, -0.15, 0, 1, 0, 0, -1, 0.2, 0.02, 2, -1, 0.5, 2, -1.5])
}
