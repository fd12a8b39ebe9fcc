import Foundation

/// What staff's merges and splits teach beyond the pairs they name: small corrections of the score, one for each of a
/// few plain properties of a pair. Five numbers, kept and shown like any setting.
package struct PairAdjustment: Sendable, Equatable {
    /// Of a pair: always, a shared place, one author, one matter, within thirty days. In 65,536ths of log-odds.
    package let weights: [Int]

    package static let none = PairAdjustment([0, 0, 0, 0, 0])
    static let terms = 5
    /// No property shifts a score further, whatever staff did: 1.5 of log-odds.
    package static let weightMax = 3 * PairModel.unit / 2

    private let isNone: Bool

    private init(_ weights: [Int]) {
        self.weights = weights
        isNone = weights.allSatisfy { $0 == 0 }
    }

    /// Nil when these are not five numbers within ±`weightMax`, such as another version might have stored.
    package init?(weights: [Int]) {
        guard weights.count == Self.terms, weights.allSatisfy({ abs($0) <= Self.weightMax }) else { return nil }
        self.init(weights)
    }

    /// What it adds to the score of a pair, in units.
    func shift(_ features: PairFeatures) -> Int {
        if isNone { return 0 }
        return zip(weights, Self.properties(features)).reduce(0) { $0 + Int((Double($1.0) * $1.1).rounded()) }
    }

    /// The same, of features that lie somewhere.
    @inline(__always)
    func shift(_ values: UnsafeMutableBufferPointer<Float>) -> Int {
        isNone ? 0 : shift(PairFeatures(values: Array(values)))
    }

    static func properties(_ features: PairFeatures) -> [Double] {
        [
            1, features[.sitesShared] > 0 ? 1 : 0, Double(features[.sameAuthor]),
            Double(max(0, min(1, features[.matter]))), features[.daysApart] < monthLog ? 1 : 0,
        ]
    }

    /// log₂(1 + 30 days), as the feature has it.
    private static let monthLog = Float(4.954)
}

/// What a round of learning found, for whoever decides whether to adopt it.
package struct StaffLesson: Sendable, Equatable {
    package let adjustment: PairAdjustment
    /// Pairs of messages staff decided about that the miner holds.
    package let pairs: Int
    /// Mean surprise (log loss, in thousandths) at decisions that were left out of learning: before, and after.
    package let lossBefore: Int
    package let lossAfter: Int
    /// Whether it is worth adopting: enough decisions, and less surprise at those it had not seen.
    package var isBetter: Bool { pairs >= Self.pairsMin && lossAfter < lossBefore }

    package static let pairsMin = 20
}

/// Logistic regression on the model's score as offset, drawn strongly towards no change (ridge, Hoerl and Kennard
/// 1970); Newton's method, in one order, so that the same decisions teach the same.
struct StaffLearning {
    struct Example {
        let score: Int
        let features: PairFeatures
        let isTogether: Bool
        /// A merge of many names many pairs; each message counts once.
        let weight: Double
        /// Which half of the decisions it belongs to, for the comparison.
        let half: Int
    }

    let lesson: StaffLesson

    init(_ examples: [Example]) {
        let rows = examples.map(Row.init)
        var (before, after) = (0.0, 0.0)
        for half in 0..<2 {
            let fitted = Self.fitted(rows.filter { $0.half != half })
            for row in rows where row.half == half {
                before += row.loss([])
                after += row.loss(fitted)
            }
        }
        let weight = max(1e-9, rows.reduce(0) { $0 + $1.weight })
        let limit = Double(PairAdjustment.weightMax)
        let weights = Self.fitted(rows).map {
            Int(min(limit, max(-limit, $0 * Double(PairModel.unit))).rounded())
        }
        lesson = StaffLesson(
            adjustment: PairAdjustment(weights: weights) ?? .none, pairs: examples.count,
            lossBefore: Int((before / weight * 1_000).rounded()), lossAfter: Int((after / weight * 1_000).rounded()))
    }

    private struct Row {
        let offset: Double
        let properties: [Double]
        let target: Double
        let weight: Double
        let half: Int

        init(_ example: Example) {
            offset = Double(example.score) / Double(PairModel.unit)
            properties = PairAdjustment.properties(example.features)
            target = example.isTogether ? 1 : 0
            (weight, half) = (example.weight, example.half)
        }

        func probability(_ weights: [Double]) -> Double {
            1 / (1 + exp(-zip(weights, properties).reduce(offset) { $0 + $1.0 * $1.1 }))
        }

        func loss(_ weights: [Double]) -> Double {
            let right = target == 1 ? probability(weights) : 1 - probability(weights)
            return -weight * log(max(1e-9, right))
        }
    }

    /// Prior of each weight: zero, give or take 0.5 of log-odds.
    private static let precision = 4.0
    private static let steps = 25

    private static func fitted(_ rows: [Row]) -> [Double] {
        let terms = PairAdjustment.terms
        var weights = [Double](repeating: 0, count: terms)
        for _ in 0..<steps {
            var gradient = weights.map { -precision * $0 }
            var curve = (0..<terms).map { row in (0..<terms).map { $0 == row ? precision : 0 } }
            for row in rows {
                let p = row.probability(weights)
                for i in 0..<terms {
                    gradient[i] += row.weight * (row.target - p) * row.properties[i]
                    for j in 0..<terms {
                        curve[i][j] += row.weight * p * (1 - p) * row.properties[i] * row.properties[j]
                    }
                }
            }
            let step = solved(curve, gradient)
            // Never more than one unit at a time, so that it cannot overshoot.
            for i in 0..<terms { weights[i] += max(-1, min(1, step[i])) }
        }
        return weights
    }

    /// Gauss's elimination; the matrix is positive definite because of the prior.
    private static func solved(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        var (rows, values) = (matrix, right)
        for pivot in rows.indices {
            for row in rows.indices where row != pivot {
                let factor = rows[row][pivot] / rows[pivot][pivot]
                for column in rows.indices { rows[row][column] -= factor * rows[pivot][column] }
                values[row] -= factor * values[pivot]
            }
        }
        return values.indices.map { values[$0] / rows[$0][$0] }
    }
}
