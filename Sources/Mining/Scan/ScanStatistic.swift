internal import Foundation

/// Kulldorff's log likelihood ratio, and its turning round: how many cases reach a given ratio.
enum ScanStatistic {
    /// Zero where there are no more cases than expected.
    /// - Parameters:
    ///   - observed: cases in the window, at most `total`.
    ///   - expected: more than zero, less than `total`.
    @inline(__always)
    static func llr(observed: Int, expected: Double, total: Int) -> Double {
        let (c, all) = (Double(observed), Double(total))
        guard c > expected else { return 0 }
        let inside = c * log(c / expected)
        return c < all ? inside + (all - c) * log((all - c) / (all - expected)) : inside
    }

    /// The least number of cases, as a real number, whose ratio is `level`; nil when not even all cases reach it.
    ///
    /// Newton's method from the right: the ratio is convex and rising in the cases, so it never steps past the root.
    static func cases(reaching level: Double, expected: Double, total: Int) -> Double? {
        let all = Double(total)
        if level <= 0 { return expected }
        guard all * log(all / expected) >= level else { return nil }
        // Bernstein's inequality: this many reach the level for certain.
        let more = level / 3 + (level * level / 9 + 2 * level * expected).squareRoot()
        var c = min(all, expected + more)
        for _ in 0..<60 {
            let outside = all - c
            let value = c * log(c / expected) + (outside > 0 ? outside * log(outside / (all - expected)) : 0) - level
            let slope = log(c / expected) - (outside > 0 ? log(outside / (all - expected)) : -40)
            let step = value / slope
            c -= step
            if step < 1e-7 * c { break }
        }
        return c
    }
}
