package import Core

/// Tax of the whole and of each key industry in one period, in fen, all of one basis.
package struct TaxPeriod: Sendable, Equatable {
    package let period: Period
    /// Nil where it is missing or contradicts itself.
    package var total: Int64?
    /// By industry code; an industry without a figure is absent.
    package var industries: [String: Int64]
    /// False where the figures contradict each other: then no test is decided on them.
    package var isSound: Bool

    package init(period: Period, total: Int64?, industries: [String: Int64], isSound: Bool = true) {
        self.period = period
        self.total = total
        self.industries = industries
        self.isSound = isSound
    }

    /// The industry's share of all tax, exact.
    package func share(_ industry: String) -> Ratio? {
        guard let total, let tax = industries[industry] else { return nil }
        return Ratio(Int128(tax), over: Int128(total))
    }

    /// The sum of the industries' shares, exact; nil unless all of them are there.
    package func sum(_ codes: [String]) -> Ratio? {
        guard let total else { return nil }
        var sum: Int128 = 0
        for code in codes {
            guard let tax = industries[code] else { return nil }
            sum += Int128(tax)
        }
        return Ratio(sum, over: Int128(total))
    }

    /// What the industry's share gained since `earlier`, exact; nil where a figure is missing or contradicts others.
    package func change(_ industry: String, since earlier: TaxPeriod) -> Ratio? {
        guard isSound, earlier.isSound, let total, let tax = industries[industry], let before = earlier.total,
            let taxBefore = earlier.industries[industry]
        else { return nil }
        return Ratio(
            Int128(tax) * Int128(before) - Int128(taxBefore) * Int128(total), over: Int128(total) * Int128(before))
    }
}

/// Periods of one kind and one basis, in order.
package struct TaxTable: Sendable, Equatable {
    /// The key industries' codes, in the profile's order.
    package let codes: [String]
    package let periods: [TaxPeriod]

    package init(codes: [String], periods: [TaxPeriod]) {
        self.codes = codes
        self.periods = periods.sorted { $0.period < $1.period }
    }
}
