/// A quotient of whole numbers, held exactly and rounded only when it is printed.
///
/// Numerator and denominator may be products of two 64-bit numbers; comparing and rounding work in 256 bits.
package struct Ratio: Sendable {
    package let numerator: Int128
    /// Above zero.
    package let denominator: Int128

    package static let million: Int64 = 1_000_000

    /// Nil unless the denominator is above zero.
    package init?(_ numerator: Int128, over denominator: Int128) {
        guard denominator > 0, numerator != Int128.min else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Whether the quotient is at least so many parts per million; decided on the exact quotient.
    package func isAtLeast(ppm: Int64) -> Bool {
        let left = product(numerator.magnitude, UInt128(Self.million))
        let right = product(UInt128(ppm.magnitude), denominator.magnitude)
        let (isNegative, isAsked) = (numerator < 0, ppm < 0)
        if isNegative != isAsked { return !isNegative }
        return isNegative ? !(left > right) : !(right > left)
    }

    /// Parts per million rounded half away from zero (四舍五入); nil beyond 64 bits.
    package var ppm: Int64? { rounded(times: Self.million) }

    /// The quotient times `factor`, rounded half away from zero; nil beyond 64 bits.
    package func rounded(times factor: Int64) -> Int64? {
        guard let (quotient, remainder) = floored(times: factor) else { return nil }
        let down = denominator - remainder
        // Of two equally near, the one further from zero.
        let isUp = remainder > down || (remainder == down && numerator >= 0)
        return Int64(exactly: isUp ? quotient + 1 : quotient)
    }

    /// The quotient times `factor`, rounded up; nil beyond 64 bits.
    package func roundedUp(times factor: Int64) -> Int64? {
        guard let (quotient, remainder) = floored(times: factor) else { return nil }
        return Int64(exactly: remainder > 0 ? quotient + 1 : quotient)
    }

    /// Quotient towards negative infinity and what remains, 0 to below the denominator.
    fileprivate func floored(times factor: Int64) -> (quotient: Int128, remainder: Int128)? {
        guard factor > 0 else { return nil }
        let wide = product(numerator.magnitude, UInt128(factor))
        let divisor = denominator.magnitude
        guard wide.high < divisor else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth((wide.high, wide.low))
        guard let whole = Int128(exactly: quotient) else { return nil }
        let rest = Int128(remainder)
        guard numerator < 0 else { return (whole, rest) }
        return rest == 0 ? (-whole, 0) : (-whole - 1, denominator - rest)
    }

    fileprivate struct Wide {
        let high: UInt128
        let low: UInt128
        static func > (left: Wide, right: Wide) -> Bool {
            left.high == right.high ? left.low > right.low : left.high > right.high
        }
    }

    private func product(_ left: UInt128, _ right: UInt128) -> Wide {
        let (high, low) = left.multipliedFullWidth(by: right)
        return Wide(high: high, low: low)
    }
}

extension Ratio {
    /// Shares a whole of `numerators` ÷ `denominator` out in parts per million by largest remainder.
    ///
    /// The parts sum exactly to the rounded whole, and each is within one part per million of its exact value. Of
    /// equal remainders the earlier part gains. Nil where the whole is beyond 64 bits.
    package static func apportion(_ numerators: [Int128], over denominator: Int128) -> (parts: [Int64], sum: Int64)? {
        var total: Int128 = 0
        for numerator in numerators {
            let (sum, overflow) = total.addingReportingOverflow(numerator)
            guard !overflow else { return nil }
            total = sum
        }
        guard let whole = Ratio(total, over: denominator)?.ppm else { return nil }
        var parts: [(quotient: Int64, remainder: Int128, index: Int)] = []
        for (index, numerator) in numerators.enumerated() {
            guard let (quotient, remainder) = Ratio(numerator, over: denominator)?.floored(times: million),
                let narrow = Int64(exactly: quotient)
            else { return nil }
            parts.append((narrow, remainder, index))
        }
        let floor = parts.reduce(Int128(0)) { $0 + Int128($1.quotient) }
        let missing = Int(Int128(whole) - floor)
        let order = parts.sorted { ($1.remainder, $0.index) < ($0.remainder, $1.index) }
        var shares = parts.map(\.quotient)
        for part in order.prefix(max(0, missing)) { shares[part.index] += 1 }
        return (shares, whole)
    }
}
