internal import Core

/// A year of tax carried forward by growth rates, rounded to the fen each year as money is; exact from there.
package struct WhatIf: Sendable {
    /// Growth in hundredths of a per cent: 1250 is 12.5 %.
    package struct Growth: Sendable, Equatable {
        /// By industry code; an industry without an entry stays as it is.
        package var industries: [String: Int64]
        /// All that is not a key industry.
        package var rest: Int64

        package init(industries: [String: Int64], rest: Int64) {
            self.industries = industries
            self.rest = rest
        }
    }

    /// The base first, then one period for each year through `through`.
    package let periods: [TaxPeriod]

    /// Nil where the base lacks a figure or a year is beyond 64 bits.
    package init?(base: TaxPeriod, codes: [String], growth: Growth, through year: Int) {
        guard base.isSound, let total = base.total, base.sum(codes) != nil else { return nil }
        var industries = base.industries.filter { codes.contains($0.key) }
        var rest = Int128(total) - industries.values.reduce(Int128(0)) { $0 + Int128($1) }
        var periods = [base]
        var period = base.period
        while period.year < year {
            period = period.next
            for (code, tax) in industries {
                guard let grown = Self.grown(Int128(tax), growth.industries[code] ?? 0) else { return nil }
                industries[code] = grown
            }
            guard let grownRest = Self.grown(rest, growth.rest) else { return nil }
            rest = Int128(grownRest)
            let sum = industries.values.reduce(rest) { $0 + Int128($1) }
            guard let whole = Int64(exactly: sum), whole > 0 else { return nil }
            periods.append(TaxPeriod(period: period, total: whole, industries: industries))
        }
        self.periods = periods
    }

    /// Rounded half up to the fen.
    static func grown(_ tax: Int128, _ hundredths: Int64) -> Int64? {
        Ratio(tax * Int128(10_000 + hundredths), over: 10_000)?.rounded(times: 1)
    }
}

/// What an industry must do in the next year so that its share gains what the plan asks, given growth of the whole.
package struct RequiredGrowth: Sendable, Equatable {
    package let code: String
    package let taxFen: Int64
    /// The least tax that passes, in fen.
    package let requiredFen: Int64
    /// The growth to it in hundredths of a per cent, rounded up, so that what is printed suffices; nil from zero.
    package let growth: Int64?

    /// - Parameter whole: growth of all tax in hundredths of a per cent.
    package init?(_ code: String, base: TaxPeriod, whole: Int64, plan: FourOneOnePlan) {
        guard base.isSound, let total = base.total, let tax = base.industries[code],
            let next = WhatIf.grown(Int128(total), whole), next > 0
        else { return nil }
        // tax' ÷ total' ≥ tax ÷ total + p  ⟺  tax' ≥ total' × (tax × 10⁶ + p × total) ÷ (total × 10⁶)
        let million = Int128(Ratio.million)
        let wanted = Int128(tax) * million + Int128(plan.annualPPM) * Int128(total)
        let (top, overflow) = Int128(next).multipliedReportingOverflow(by: wanted)
        guard !overflow, let required = Ratio(top, over: Int128(total) * million)?.roundedUp(times: 1) else {
            return nil
        }
        self.code = code
        taxFen = tax
        requiredFen = required
        growth = tax > 0 ? Ratio(Int128(required) - Int128(tax), over: Int128(tax))?.roundedUp(times: 10_000) : nil
    }
}

/// Shares are not additive with growth: what each industry gains when it grows alone, and what they gain together.
package struct GrowthTogether: Sendable, Equatable {
    /// What the industry's share gains when only it grows, by industry code.
    package let alonePPM: [String: Int64]
    /// The exact sum of those, rounded once.
    package let sumOfAlonePPM: Int64
    /// What the shares together gain when all grow at once.
    package let togetherPPM: Int64

    package init?(base: TaxPeriod, codes: [String], growth: WhatIf.Growth) {
        let year = base.period.year + 1
        var alone: [String: Int64] = [:]
        var sum: Int64 = 0
        for code in codes {
            let only = WhatIf.Growth(industries: [code: growth.industries[code] ?? 0], rest: 0)
            guard let next = WhatIf(base: base, codes: codes, growth: only, through: year)?.periods.last,
                let change = next.change(code, since: base)?.ppm
            else { return nil }
            alone[code] = change
            sum += change
        }
        let all = WhatIf.Growth(industries: growth.industries, rest: 0)
        guard let next = WhatIf(base: base, codes: codes, growth: all, through: year)?.periods.last else { return nil }
        let report = FourOneOneReport(TaxTable(codes: codes, periods: [base, next]))
        guard let together = report.periods.last?.sumChangePPM else { return nil }
        alonePPM = alone
        sumOfAlonePPM = sum
        togetherPPM = together
    }
}
