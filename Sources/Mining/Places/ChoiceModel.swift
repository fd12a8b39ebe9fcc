import Foundation

/// One out of several, each with a row of evidence: conditional logit (McFadden 1974), drawn towards given weights.
enum ChoiceModel {
    struct Case: Sendable {
        /// By alternative, then kind of evidence.
        let rows: [[Double]]
        let truth: Int
    }

    static func probabilities(_ rows: [[Double]], _ weights: [Double]) -> [Double] {
        let scores = rows.map { row in zip(row, weights).reduce(0) { $0 + $1.0 * $1.1 } }
        let top = scores.max() ?? 0
        let powers = scores.map { exp($0 - top) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    private static let stepsMax = 30

    /// Least mean log loss plus `pull` times the squared distance from the prior, by Newton's method; the problem is
    /// convex, so the answer is the only one.
    static func fit(_ cases: [Case], prior: [Double], pull: Double) -> [Double] {
        guard !cases.isEmpty else { return prior }
        var weights = prior
        let count = Double(cases.count)
        for _ in 0..<stepsMax {
            var gradient = zip(weights, prior).map { 2 * pull * ($0 - $1) }
            var curve = prior.indices.map { row in prior.indices.map { $0 == row ? 2 * pull : 0 } }
            for one in cases {
                let probabilities = probabilities(one.rows, weights)
                var mean = [Double](repeating: 0, count: prior.count)
                for (row, probability) in zip(one.rows, probabilities) {
                    for kind in prior.indices { mean[kind] += probability * row[kind] }
                }
                for kind in prior.indices { gradient[kind] += (mean[kind] - one.rows[one.truth][kind]) / count }
                for (row, probability) in zip(one.rows, probabilities) where probability > 1e-9 {
                    for first in prior.indices {
                        let factor = probability * (row[first] - mean[first]) / count
                        for second in 0...first { curve[first][second] += factor * (row[second] - mean[second]) }
                    }
                }
            }
            for first in prior.indices { for second in 0..<first { curve[second][first] = curve[first][second] } }
            let step = solve(curve, gradient)
            for kind in weights.indices { weights[kind] -= step[kind] }
            if step.allSatisfy({ abs($0) < 1e-7 }) { break }
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
