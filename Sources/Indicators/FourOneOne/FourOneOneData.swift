package import Core
package import Organisation
package import Store

/// Money units of indicators, in fen.
package enum MoneyUnit {
    package static func fen(_ unit: String) -> Int64? {
        switch unit {
        case "分": 1
        case "元": 100
        case "千元": 100_000
        case "万元": 1_000_000
        case "百万元": 100_000_000
        case "亿元": 10_000_000_000
        default: nil
        }
    }

    /// Exactly, or nil where the figure is finer than a fen or beyond 64 bits.
    package static func fen(_ value: ExactDecimal, unit: String) -> Int64? {
        guard let factor = fen(unit), let product = try? value.times(ExactDecimal(factor)) else { return nil }
        let whole = product.rounded(places: 0)
        return whole == product ? whole.unscaled : nil
    }
}

/// The tax that "411" is tested on, from the indicators of one basis.
package struct FourOneOneData: Sendable {
    package let basis: String
    package let total: Indicator?
    package let industry: Indicator?
    package let table: TaxTable
    /// Values that nobody has verified yet.
    package let unverified: Int
    package let isDemo: Bool

    /// Codes of the two indicators of a basis.
    package static func codes(_ basis: String) -> (total: String, industry: String) {
        let name = basis.replacing("_", with: "-")
        return ("411.\(name).total", "411.\(name).industry")
    }

    package static let bases = [IndicatorBasis.totalTax, IndicatorBasis.districtTax]

    /// - Parameter isVerifiedOnly: leaves out values that nobody has verified.
    package init(
        basis: String, profile: Profile, isVerifiedOnly: Bool = false, in tx: any Transaction
    ) throws {
        self.basis = basis
        let codes = Self.codes(basis)
        total = try IndicatorStore.find(code: codes.total, in: tx)
        industry = try IndicatorStore.find(code: codes.industry, in: tx)
        let keys = profile.keyIndustries.map(\.code)
        guard let total, let industry else {
            table = TaxTable(codes: keys, periods: [])
            unverified = 0
            isDemo = false
            return
        }
        let totals = try IndicatorValueStore.series(total.id, .district, in: tx)
        let series = try IndicatorValueStore.allSeries(industry.id, in: tx)
        var periods: [Period: TaxPeriod] = [:]
        for value in totals where !isVerifiedOnly || value.state == .verified {
            periods[value.period] = TaxPeriod(
                period: value.period, total: MoneyUnit.fen(value.value, unit: total.unit.zh), industries: [:])
        }
        var open = totals.count { $0.state == .entered }
        for code in keys {
            for value in series[.industry(code)] ?? [] {
                open += value.state == .entered ? 1 : 0
                if isVerifiedOnly, value.state == .entered { continue }
                guard let tax = MoneyUnit.fen(value.value, unit: industry.unit.zh), tax >= 0 else { continue }
                periods[value.period, default: TaxPeriod(period: value.period, total: nil, industries: [:])]
                    .industries[code] = tax
            }
        }
        table = TaxTable(codes: keys, periods: periods.values.map(Self.judged))
        unverified = open
        isDemo = total.isDemo || industry.isDemo
    }

    private static func judged(_ line: TaxPeriod) -> TaxPeriod {
        var line = line
        if let total = line.total, total <= 0 { line.total = nil }
        let sum = line.industries.values.reduce(Int128(0)) { $0 + Int128($1) }
        if let total = line.total, sum > Int128(total) { line.isSound = false }
        return line
    }

    /// What the digital office defines once, before figures are entered.
    package static func drafts(_ basis: String) -> [IndicatorDraft] {
        let title = IndicatorBasis.title(basis)
        func draft(_ code: String, zh: String, en: String, _ scope: FigureScope.Kind, _ text: String) -> IndicatorDraft
        {
            var draft = IndicatorDraft()
            draft.code = code
            draft.nameZh = zh
            draft.nameEn = en
            draft.unitZh = "万元"
            draft.unitEn = "10,000 yuan"
            draft.basis = basis
            draft.periodKind = .year
            draft.scopeKind = scope
            draft.source = "区税务局"
            draft.definition = text
            return draft
        }
        let codes = codes(basis)
        return [
            draft(
                codes.total, zh: "全区税收（\(title.zh)）", en: "Tax of the district (\(title.en))", .district,
                "“411”目标的分母：全区税收，\(title.zh)。"),
            draft(
                codes.industry, zh: "重点产业税收（\(title.zh)）", en: "Tax of key industries (\(title.en))", .industry,
                "“411”目标的分子：各重点产业税收，\(title.zh)。一户企业在一个周期只归一个主要产业。"),
        ]
    }
}
