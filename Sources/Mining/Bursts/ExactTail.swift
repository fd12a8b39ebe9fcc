internal import Foundation

/// Chances of at least so many, summed exactly term by term; no approximation by a bell curve.
enum ExactTail {
    /// At least `k` of `n`, each with the chance numerator ÷ denominator.
    static func binomial(atLeast k: Int, of n: Int, numerator: Int, denominator: Int) -> Double {
        if k <= 0 { return 1 }
        if k > n { return 0 }
        let (log1, log0) = (
            log(Double(numerator) / Double(denominator)), log(Double(denominator - numerator) / Double(denominator))
        )
        let logs = (k...n).map { i in
            logChoose(n, i) + Double(i) * log1 + Double(n - i) * log0
        }
        return sum(logs)
    }

    /// At least `k` of a negative binomial with this mean and variance; Poisson where the variance is no larger.
    static func negativeBinomial(atLeast k: Int, mean: Double, variance: Double) -> Double {
        if k <= 0 { return 1 }
        guard mean > 0 else { return 0 }
        // The shorter side is summed: what is below k, unless k is so far out that nothing would be left.
        let isFar = Double(k) > mean + 4 * variance.squareRoot()
        guard isFar else {
            return max(0, 1 - sum((0..<k).map { logMass($0, mean: mean, variance: variance) }))
        }
        var (logs, i, first) = ([Double](), k, -Double.infinity)
        while true {
            let mass = logMass(i, mean: mean, variance: variance)
            if logs.isEmpty { first = mass }
            logs.append(mass)
            // Beyond the mode the terms fall at least geometrically in the end.
            if mass < first - 40 || logs.count > 100_000 { break }
            i += 1
        }
        return sum(logs)
    }

    private static func logMass(_ k: Int, mean: Double, variance: Double) -> Double {
        let x = Double(k)
        guard variance > mean * (1 + 1e-9) else { return x * log(mean) - mean - lgamma(x + 1) }
        let size = mean * mean / (variance - mean)
        return lgamma(x + size) - lgamma(size) - lgamma(x + 1) + size * log(size / (size + mean))
            + x * log(mean / (size + mean))
    }

    private static func logChoose(_ n: Int, _ k: Int) -> Double {
        lgamma(Double(n) + 1) - lgamma(Double(k) + 1) - lgamma(Double(n - k) + 1)
    }

    private static func sum(_ logs: [Double]) -> Double {
        guard let most = logs.max(), most > -.infinity else { return 0 }
        return min(1, exp(most) * logs.reduce(0) { $0 + exp($1 - most) })
    }

    /// `0.0031`, `< 0.0001`: as people write a chance.
    static func text(_ chance: Double) -> String {
        if chance < 0.0001 { return "<0.0001" }
        return String(format: chance < 0.001 ? "%.4f" : "%.3f", chance)
    }
}
