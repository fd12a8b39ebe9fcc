/// A decimal number held exactly: `unscaled` × 10⁻ˢᶜᵃˡᵉ. Nothing is rounded before it is printed.
///
/// Equal numbers are equal whatever their scale: 1.50 is 1.5. The scale is kept: a figure prints as it was given.
package struct ExactDecimal: Sendable {
    package let unscaled: Int64
    /// Digits behind the point, 0 to `scaleMax`.
    package let scale: Int

    package static let scaleMax = 9
    package static let zero = ExactDecimal(0)

    package init(_ whole: Int64) {
        unscaled = whole
        scale = 0
    }

    /// - Throws: `tooManyPlaces` when `scale` is out of range.
    package init(unscaled: Int64, scale: Int) throws(DecimalFault) {
        guard (0...Self.scaleMax).contains(scale) else { throw .tooManyPlaces(max: Self.scaleMax) }
        self.unscaled = unscaled
        self.scale = scale
    }

    private init(wide: Int128, scale: Int) throws(DecimalFault) {
        guard let narrow = Int64(exactly: wide) else { throw .tooLarge }
        try self.init(unscaled: narrow, scale: scale)
    }

    /// Reads what a person or a sheet writes: `1,234.50`, `-3`, `＋０．５`, blanks around it. A comma stands only between
    /// groups of three digits; exponents, percent signs and units are refused.
    package init(_ text: some StringProtocol) throws(DecimalFault) {
        var scalars = text.unicodeScalars.map(Self.narrow)
        while scalars.last == 32 { scalars.removeLast() }
        scalars = Array(scalars.drop { $0 == 32 })
        guard !scalars.isEmpty else { throw .empty }
        let isNegative = scalars[0] == 45
        if isNegative || scalars[0] == 43 { scalars.removeFirst() }
        let halves = scalars.split(separator: 46, omittingEmptySubsequences: false)
        guard halves.count <= 2, let whole = Self.digits(grouped: halves[0]),
            halves.count == 1 || !halves[1].isEmpty, halves.count == 1 || halves[1].allSatisfy(Self.isDigit)
        else { throw .notNumber }
        var fraction = halves.count == 2 ? Array(halves[1]) : []
        // Zeros beyond what can be held say nothing.
        while fraction.count > Self.scaleMax, fraction.last == 48 { fraction.removeLast() }
        guard fraction.count <= Self.scaleMax else { throw .tooManyPlaces(max: Self.scaleMax) }
        var value: Int128 = 0
        for digit in whole.drop(while: { $0 == 48 }) + fraction {
            value = value * 10 + Int128(digit - 48)
            guard value <= Int128(Int64.max) else { throw .tooLarge }
        }
        try self.init(wide: isNegative ? -value : value, scale: fraction.count)
    }

    /// Full-width forms and the signs people type become ASCII; every blank becomes a space.
    private static func narrow(_ scalar: Unicode.Scalar) -> UInt32 {
        switch scalar.value {
        case 0xFF01...0xFF5E: scalar.value - 0xFEE0
        case 0x2212, 0x2013: 45
        case 0x3000, 0xA0, 0xFEFF, 0x200B, 9, 10, 13: 32
        default: scalar.value
        }
    }

    private static func isDigit(_ scalar: UInt32) -> Bool { (48...57).contains(scalar) }

    /// Digits with commas taken out; nil when a comma stands where no group ends.
    private static func digits(grouped part: ArraySlice<UInt32>) -> [UInt32]? {
        let groups = part.split(separator: 44, omittingEmptySubsequences: false)
        guard groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else { return nil }
        if groups.count > 1 {
            guard groups[0].count <= 3, groups.dropFirst().allSatisfy({ $0.count == 3 }) else { return nil }
        }
        return groups.flatMap { $0 }
    }
}

/// Why a text is no exact decimal, or a sum cannot be held.
package enum DecimalFault: Problem, Equatable {
    case empty
    case notNumber
    case tooManyPlaces(max: Int)
    case tooLarge

    package var report: ProblemReport {
        switch self {
        case .empty:
            .init(
                .invalid, "decimal.empty", zh: "没有填写数值。请填写一个数，例如 12.5。",
                en: "No number is given. Write one, such as 12.5.")
        case .notNumber:
            .init(
                .invalid, "decimal.not_a_number", zh: "不是数值。只写数字、小数点和负号，不写单位、百分号或科学记数。",
                en: "This is no number. Write digits, a point and a minus only: no unit, percent sign or exponent.")
        case .tooManyPlaces(let max):
            .init(
                .invalid, "decimal.too_many_places", zh: "小数超过 \(max) 位。请按指标的精度填写。",
                en: "There are more than \(max) decimals. Give the figure to the precision of the indicator.")
        case .tooLarge:
            .init(
                .invalid, "decimal.too_large", zh: "数值太大。请核对单位，例如应填亿元而不是元。",
                en: "The number is too large. Check its unit, for instance hundred millions instead of yuan.")
        }
    }
}

extension ExactDecimal: Hashable, Comparable {
    package static func == (left: Self, right: Self) -> Bool { compared(left, right) { $0 == $1 } }
    package static func < (left: Self, right: Self) -> Bool { compared(left, right) { $0 < $1 } }

    private static func compared(_ left: Self, _ right: Self, _ test: (Int128, Int128) -> Bool) -> Bool {
        let scale = max(left.scale, right.scale)
        return test(left.wide(at: scale), right.wide(at: scale))
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(wide(at: Self.scaleMax)) }

    /// The number in units of 10⁻ᵃᵗ, `at` not below the scale; 64 bits times 10⁹ fit in 128.
    private func wide(at other: Int) -> Int128 { Int128(unscaled) * Self.power(other - scale) }

    private static func power(_ exponent: Int) -> Int128 { (0..<max(0, exponent)).reduce(1) { value, _ in value * 10 } }
}

extension ExactDecimal {
    package func adding(_ other: Self) throws(DecimalFault) -> Self {
        let scale = max(scale, other.scale)
        return try Self(wide: wide(at: scale) + other.wide(at: scale), scale: scale)
    }

    package func subtracting(_ other: Self) throws(DecimalFault) -> Self {
        let scale = max(scale, other.scale)
        return try Self(wide: wide(at: scale) - other.wide(at: scale), scale: scale)
    }

    /// The whole product where its decimals can be held, rounded half away from zero beyond.
    package func times(_ other: Self) throws(DecimalFault) -> Self {
        try multiplied(by: other, places: min(scale + other.scale, Self.scaleMax))
    }

    /// The product, rounded half away from zero to `places`.
    package func multiplied(by other: Self, places: Int) throws(DecimalFault) -> Self {
        let product = Int128(unscaled) * Int128(other.unscaled)
        let excess = scale + other.scale - places
        if excess <= 0 { return try Self(wide: product * Self.power(-excess), scale: places) }
        return try Self(wide: Self.divided(product, by: Self.power(excess)), scale: places)
    }

    /// The quotient, rounded half away from zero to `places`; nil where the divisor is zero or the result too large.
    package func divided(by other: Self, places: Int) -> Self? {
        guard other.unscaled != 0 else { return nil }
        let exponent = places + other.scale - scale
        let top = Int128(unscaled).multipliedReportingOverflow(by: Self.power(exponent))
        let bottom = Int128(other.unscaled).multipliedReportingOverflow(by: Self.power(-exponent))
        guard !top.overflow, !bottom.overflow else { return nil }
        return try? Self(wide: Self.divided(top.partialValue, by: bottom.partialValue), scale: places)
    }

    /// Rounded half away from zero (四舍五入); a coarser number than `places` stays as it is.
    package func rounded(places: Int) -> Self {
        guard places < scale else { return self }
        let value = Self.divided(Int128(unscaled), by: Self.power(scale - places))
        return (try? Self(wide: value, scale: max(0, places))) ?? self
    }

    package var negated: Self { (try? Self(unscaled: 0 &- unscaled, scale: scale)) ?? self }
    package var isNegative: Bool { unscaled < 0 }

    /// For drawing and for forecasts only.
    package var approximate: Double { Double(unscaled) / Double(Self.power(scale)) }

    /// Division rounded half away from zero.
    static func divided(_ top: Int128, by bottom: Int128) -> Int128 {
        let (quotient, remainder) = top.quotientAndRemainder(dividingBy: bottom)
        guard remainder.magnitude >= bottom.magnitude - remainder.magnitude else { return quotient }
        return (top < 0) == (bottom < 0) ? quotient + 1 : quotient - 1
    }
}

extension ExactDecimal: CustomStringConvertible {
    /// Plain digits with as many decimals as the scale says: what a file and a database keep.
    package var description: String { text(isGrouped: false) }

    /// `1,234.50`; rounded half away from zero where `places` are fewer than the number has.
    package func text(places: Int? = nil, isGrouped: Bool = true) -> String {
        let shown = places.map { rounded(places: $0) } ?? self
        var digits = String(shown.unscaled.magnitude)
        let scale = max(shown.scale, min(places ?? 0, Self.scaleMax))
        digits += String(repeating: "0", count: scale - shown.scale)
        if digits.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.count) + digits }
        let whole = digits.dropLast(scale)
        var out = shown.unscaled < 0 ? "-" : ""
        for (index, digit) in whole.enumerated() {
            if isGrouped, index > 0, (whole.count - index) % 3 == 0 { out += "," }
            out.append(digit)
        }
        return scale == 0 ? out : out + "." + digits.suffix(scale)
    }
}
