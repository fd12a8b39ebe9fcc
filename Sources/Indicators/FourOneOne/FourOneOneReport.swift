package import Core

/// Both tests of "411" on a table of yearly tax, decided on exact quotients.
package struct FourOneOneReport: Sendable {
    package struct IndustryLine: Sendable, Equatable {
        package let code: String
        package let taxFen: Int64?
        /// Half up, of the exact share.
        package let sharePPM: Int64?
        /// Of the exact change, rounded once: it may differ by one from the difference of the rounded shares.
        package let changePPM: Int64?
        /// Nil in the first period, after a gap, and where figures are missing or contradict each other.
        package let annualOK: Bool?
    }

    package struct PeriodLine: Sendable, Equatable {
        package let period: Period
        package let totalFen: Int64?
        /// The period that changes are counted from; nil for the first.
        package let changeFrom: Period?
        package let industries: [IndustryLine]
        /// Half up, of the exact sum: it may differ by up to two from the sum of the rounded shares.
        package let sumPPM: Int64?
        package let sumChangePPM: Int64?
        package let isSound: Bool
    }

    package let plan: FourOneOnePlan
    package let codes: [String]
    package let periods: [PeriodLine]
    /// By industry: true when every year of the table passed, false as soon as one failed, else nil.
    package let annualOK: [String: Bool?]
    /// Nil without sound figures of the final year.
    package let finalOK: Bool?

    package init(_ table: TaxTable, plan: FourOneOnePlan = .letter) {
        self.plan = plan
        codes = table.codes
        var lines: [PeriodLine] = []
        for (index, now) in table.periods.enumerated() {
            let before = index > 0 ? table.periods[index - 1] : nil
            lines.append(Self.line(now, since: before, table.codes, plan))
        }
        periods = lines
        var verdicts: [String: Bool?] = [:]
        for code in table.codes {
            let steps = lines.dropFirst().map { line in line.industries.first { $0.code == code }?.annualOK }
            verdicts[code] = Self.verdict(Array(steps))
        }
        annualOK = verdicts
        let last = table.periods.first { $0.period.kind == .year && $0.period.year == plan.finalYear }
        finalOK = last.flatMap { last in
            last.isSound ? last.sum(table.codes)?.isAtLeast(ppm: plan.finalPPM) : nil
        }
    }

    private static func verdict(_ steps: [Bool?]) -> Bool? {
        if steps.contains(where: { $0 == false }) { return false }
        return steps.isEmpty || steps.contains(where: { $0 == nil }) ? nil : true
    }

    private static func line(
        _ now: TaxPeriod, since before: TaxPeriod?, _ codes: [String], _ plan: FourOneOnePlan
    ) -> PeriodLine {
        let isNext = before.map { $0.period.next == now.period } ?? false
        let industries = codes.map { code in
            let change = before.flatMap { now.change(code, since: $0) }
            return IndustryLine(
                code: code, taxFen: now.industries[code], sharePPM: now.share(code)?.ppm, changePPM: change?.ppm,
                annualOK: isNext ? change?.isAtLeast(ppm: plan.annualPPM) : nil)
        }
        return PeriodLine(
            period: now.period, totalFen: now.total, changeFrom: before?.period, industries: industries,
            sumPPM: now.sum(codes)?.ppm, sumChangePPM: before.flatMap { sumChange(now, since: $0, codes)?.ppm },
            isSound: now.isSound)
    }

    /// What the shares together gained, exact.
    private static func sumChange(_ now: TaxPeriod, since before: TaxPeriod, _ codes: [String]) -> Ratio? {
        var sum: Int128 = 0
        var denominator: Int128?
        for code in codes {
            guard let change = now.change(code, since: before) else { return nil }
            sum += change.numerator
            denominator = change.denominator
        }
        return denominator.flatMap { Ratio(sum, over: $0) }
    }
}
