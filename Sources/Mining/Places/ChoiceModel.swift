import Foundation

/// One out of several, each with a row of evidence: conditional logit (McFadden 1974), drawn towards given weights.
enum ChoiceModel {
    struct Case: Sendable {
        /// By alternative, then kind of evidence.
        let rows: [[Double]]
        let truth: Int
        /// How much it counts beside others.
        var weight = 1.0
    }

    static func probabilities(_ rows: [[Double]], _ weights: [Double]) -> [Double] {
        let scores = rows.map { row in zip(row, weights).reduce(0) { $0 + $1.0 * $1.1 } }
        let top = scores.max() ?? 0
        let powers = scores.map { exp($0 - top) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    private static let stepsMax = 30
    private static let halvingsMax = 30

    private static func loss(_ cases: [Case], _ weights: [Double], prior: [Double], pull: Double) -> Double {
        let far = zip(weights, prior).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let logs = cases.reduce(0) { $0 - $1.weight * log(max(1e-300, probabilities($1.rows, weights)[$1.truth])) }
        return logs / cases.reduce(0) { $0 + $1.weight } + pull * far
    }

    /// Least mean log loss plus `pull` times the squared distance from the prior, by Newton's method; the problem is
    /// convex, so the answer is the only one.
    static func fit(_ cases: [Case], prior: [Double], pull: Double) -> [Double] {
        guard !cases.isEmpty else { return prior }
        var weights = prior
        let total = cases.reduce(0) { $0 + $1.weight }
        var loss = loss(cases, weights, prior: prior, pull: pull)
        for _ in 0..<stepsMax {
            var gradient = zip(weights, prior).map { 2 * pull * ($0 - $1) }
            var curve = prior.indices.map { row in prior.indices.map { $0 == row ? 2 * pull : 0 } }
            for one in cases {
                let (probabilities, share) = (probabilities(one.rows, weights), one.weight / total)
                var mean = [Double](repeating: 0, count: prior.count)
                for (row, probability) in zip(one.rows, probabilities) {
                    for kind in prior.indices { mean[kind] += probability * row[kind] }
                }
                for kind in prior.indices { gradient[kind] += share * (mean[kind] - one.rows[one.truth][kind]) }
                for (row, probability) in zip(one.rows, probabilities) where probability > 1e-9 {
                    for first in prior.indices {
                        let factor = share * probability * (row[first] - mean[first])
                        for second in 0...first { curve[first][second] += factor * (row[second] - mean[second]) }
                    }
                }
            }
            for first in prior.indices { for second in 0..<first { curve[second][first] = curve[first][second] } }
            let step = solve(curve, gradient)
            // A whole Newton step from afar may overshoot and never come back: half of it until the loss falls.
            var (share, isLess) = (1.0, false)
            for _ in 0..<halvingsMax {
                let next = weights.indices.map { weights[$0] - share * step[$0] }
                let nextLoss = Self.loss(cases, next, prior: prior, pull: pull)
                isLess = nextLoss < loss
                if isLess {
                    (weights, loss) = (next, nextLoss)
                    break
                }
                share /= 2
            }
            if !isLess || step.allSatisfy({ abs($0) < 1e-7 }) { break }
        }
        return weights
    }

    /// Gaussian elimination of a positive definite matrix.
    private static func solve(_ matrix: [[Double]], _ values: [Double]) -> [Double] {
        var (matrix, values) = (matrix, values)
        for column in values.indices {
            for row in values.indices where row > column {
                let factor = matrix[row][column] / matrix[column][column]
                for index in column..<values.count { matrix[row][index] -= factor * matrix[column][index] }
                values[row] -= factor * values[column]
            }
        }
        for column in values.indices.reversed() {
            for index in column + 1..<values.count { values[column] -= matrix[column][index] * values[index] }
            values[column] /= matrix[column][column]
        }
        return values
    }
}
