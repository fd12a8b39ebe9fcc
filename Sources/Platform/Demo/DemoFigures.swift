internal import Core
internal import Indicators
internal import Organisation

/// Indicators of a believable district, in the size of what is published of Putuo: seeded, and marked as demo.
///
/// Published: total fiscal income of 35.8 (2018) and 30.94 billion (2020, −5.84 %), district income of 11.4 and 11.0
/// billion, four industries at nearly 22 % of tax in 2020, three of them at 16.65 % of district-level tax in 2019
/// (+2.68 points), 2,067 outdoor 5G sites. All else is made up.
struct DemoFigures: Sendable {
    let indicators: [Indicator]
    let values: [IndicatorValue]
    let targets: [IndicatorTarget]
    let enterprises: [EnterpriseTax]

    static let source = "演示数据"

    init(profile: Profile, seed: UInt64, now: Instant, newID: @escaping @Sendable () -> Int64) {
        var maker = FigureMaker(profile: profile, now: now, newID: newID, random: DemoRandom(seed: seed ^ 0x411))
        for basis in FourOneOneData.bases { maker.addTax(basis) }
        maker.addOthers()
        indicators = maker.indicators
        values = maker.values
        targets = maker.targets
        enterprises = maker.enterprises
    }
}

private struct FigureMaker {
    let profile: Profile
    let now: Instant
    let newID: @Sendable () -> Int64
    var random: DemoRandom
    var indicators: [Indicator] = []
    var values: [IndicatorValue] = []
    var targets: [IndicatorTarget] = []
    var enterprises: [EnterpriseTax] = []

    private var today: Day { Day(now, in: profile.zone) }

    init(profile: Profile, now: Instant, newID: @escaping @Sendable () -> Int64, random: DemoRandom) {
        self.profile = profile
        self.now = now
        self.newID = newID
        self.random = random
    }

    // MARK: - Tax

    /// All tax in ten thousands of yuan by year from 2018; later years are made up.
    private static let totals: [String: [Int64]] = [
        IndicatorBasis.totalTax: [
            3_580_000, 3_285_900, 3_094_000, 3_428_200, 3_325_300, 3_642_000, 3_869_100, 4_147_300,
        ],
        IndicatorBasis.districtTax: [
            1_140_000, 1_094_400, 1_100_000, 1_218_800, 1_186_300, 1_298_500, 1_377_400, 1_475_200,
        ],
    ]

    /// Shares in parts per million by year from 2018, of the profile's industries in their order. One misses its yearly
    /// point in 2022, another in 2024 by three hundredths; together they pass 40 % in 2025: the two tests differ.
    private static let shares: [String: [[Int64]]] = [
        IndicatorBasis.totalTax: [
            [41_000, 36_000, 63_000, 37_000], [47_000, 40_500, 69_500, 42_000], [53_000, 45_500, 74_500, 46_500],
            [64_200, 55_800, 85_000, 56_800], [74_500, 66_000, 90_200, 67_100], [87_000, 76_200, 101_100, 77_500],
            [98_500, 86_500, 111_300, 87_200], [109_300, 96_600, 121_400, 97_400],
        ],
        IndicatorBasis.districtTax: [
            [43_200, 36_000, 60_500, 40_500], [52_000, 43_500, 71_000, 45_000], [57_500, 49_000, 76_000, 50_000],
            [68_000, 59_600, 86_400, 60_300], [78_400, 69_900, 94_100, 70_500], [90_100, 80_300, 104_600, 80_900],
            [101_000, 90_700, 115_000, 91_200], [111_600, 101_000, 125_300, 101_500],
        ],
    ]

    mutating func addTax(_ basis: String) {
        let drafts = FourOneOneData.drafts(basis)
        guard drafts.count == 2, let totals = Self.totals[basis], let shares = Self.shares[basis] else { return }
        let unit = profile.units.first { $0.shortName.zh.contains("财政") }?.code
        let (total, industry) = (add(drafts[0], owner: unit), add(drafts[1], owner: unit))
        for (index, amount) in totals.enumerated() {
            guard let period = Period(.year, year: 2018 + index), period.lastDay < today else { continue }
            add(total, .district, period, unscaled: amount * 100, scale: 2)
            for (key, share) in zip(profile.keyIndustries, shares[index]) {
                // A few yuan of jitter, so that no share is a round number.
                let cents = amount * 100 * share / 1_000_000 + Int64(random.below(900))
                add(industry, .industry(key.code), period, unscaled: cents, scale: 2)
                if basis == IndicatorBasis.totalTax, index >= 5 {
                    addEnterprises(key, period, fen: cents * 10_000, isFirst: index == 5)
                }
            }
        }
    }

    private struct Firm {
        let code: String
        let name: String
        var weight: Int
    }
    private var firms: [String: [Firm]] = [:]
    private var registered = 0

    /// Enterprises that hold about 92 % of an industry's tax: some grow, some fade, one is new each year.
    private mutating func addEnterprises(_ industry: KeyIndustry, _ period: Period, fen: Int64, isFirst: Bool) {
        var list = firms[industry.code] ?? []
        if isFirst {
            for rank in 1...36 { addFirm(&list, industry, weight: 12_000 / (rank + 2)) }
        } else {
            for index in list.indices {
                list[index].weight = max(20, list[index].weight * random.between(86...122) / 100)
            }
            addFirm(&list, industry, weight: random.between(600...2_400))
        }
        firms[industry.code] = list
        let all = Int64(list.reduce(0) { $0 + $1.weight })
        let covered = fen / 100 * Int64(random.between(90...94))
        for firm in list {
            enterprises.append(
                EnterpriseTax(
                    id: newID(), basis: IndicatorBasis.totalTax, period: period, code: firm.code, name: firm.name,
                    industry: industry.code, taxFen: covered / all * Int64(firm.weight), isDemo: true))
        }
    }

    private mutating func addFirm(_ list: inout [Firm], _ industry: KeyIndustry, weight: Int) {
        registered += 1
        let digits = String(registered)
        let number = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        // 91: enterprises; 310107: the district; MA1: numbers given since the codes were joined.
        guard let code = CreditCode.completing("91310107MA1" + number) else { return }
        list.append(Firm(code: code.text, name: "演示·\(industry.name.zh)企业 \(list.count + 1)", weight: weight))
    }

    // MARK: - Everything else

    mutating func addOthers() {
        addGrowth()
        addHotline()
        addInfrastructure()
    }

    private mutating func addGrowth() {
        let finance = unit("财政")
        let income = add(
            draft(
                "revenue.district", "区级一般公共预算收入", "District revenue", "亿元", "100 million yuan", "statistics", .year, 1,
                "财政局快报", "区级一般公共预算收入，全年累计。"), owner: finance)
        let years: [Int64] = [1_140, 1_094, 1_100, 1_219, 1_186, 1_299, 1_377, 1_475]
        for (index, value) in years.enumerated() {
            guard let period = Period(.year, year: 2018 + index), period.lastDay < today else { continue }
            add(income, .district, period, unscaled: value, scale: 1)
        }
        if let from = Period(.year, year: 2020), let by = Period(.year, year: 2025) {
            addTarget(income, .growthPercent, 108, 1, from, by, "十四五规划：年均增长 10.8%")
        }
        let gdp = add(
            draft(
                "gdp.annual", "地区生产总值", "Gross domestic product", "亿元", "100 million yuan", "statistics", .year, 1,
                "统计局",
                "按现价计算的地区生产总值。"), owner: unit("统计") ?? unit("发改"))
        for (index, value) in ([10_461, 11_100, 11_295, 12_503, 13_246, 14_408, 15_900, 16_950] as [Int64]).enumerated()
        {
            guard let period = Period(.year, year: 2018 + index), period.lastDay < today else { continue }
            add(gdp, .district, period, unscaled: value, scale: 1)
        }
    }

    private mutating func addHotline() {
        let centre = unit("城运")
        let satisfaction = add(
            draft(
                "hotline.satisfaction", "市民满意率", "Satisfaction with the hotline", "%", "%", "operations", .month, 1,
                "12345 热线系统", "加权满意 ÷ 已评价；满意 1、基本满意 0.8、一般 0.6、不满意 0。"), owner: centre)
        let onTime = add(
            draft(
                "hotline.on-time", "按时办结率", "Closed on time", "%", "%", "operations", .month, 1, "12345 热线系统",
                "期限内办结 ÷ 办结且有期限的。", scope: .township), owner: centre)
        let last = Period(.month, holding: today).previous
        for distance in stride(from: 29, through: 0, by: -1) {
            let month = last.advanced(by: -distance)
            let level = 812 + Int64((29 - distance) * 2) + Int64(random.between(-14...14))
            add(satisfaction, .district, month, unscaled: level, scale: 1, isVerified: distance > 0)
            for (index, township) in profile.townships.enumerated() where distance < 18 {
                let value = min(1_000, 930 + Int64(index * 5 % 37) + Int64(random.between(-18...18)))
                add(onTime, .township(township.code), month, unscaled: value, scale: 1)
            }
        }
        addTarget(
            satisfaction, .level, 90, 0, last.advanced(by: -29), last.advanced(by: 6), "年度工作要点：满意率达到 90%")
    }

    private mutating func addInfrastructure() {
        let science = unit("科委")
        let sites = add(
            draft(
                "5g.sites", "5G 室外基站", "Outdoor 5G sites", "座", "sites", "operations", .quarter, 0, "通信管理部门",
                "已开通的 5G 室外基站，期末数。"), owner: science)
        let online = add(
            draft(
                "online.rate", "全程网办率", "Share done wholly online", "%", "%", "operations", .quarter, 1, "行政服务中心",
                "全程网上办理的办件 ÷ 全部办件。"), owner: unit("府办") ?? science)
        let scenarios = add(
            draft(
                "scenario.live", "上线应用场景", "Live scenarios", "个", "scenarios", "operations", .quarter, 0, "城运中心",
                "已上线运行的数字化应用场景，期末累计。"), owner: unit("城运"))
        guard let first = Period(.quarter, year: 2020, index: 4) else { return }
        var (built, share, live) = (2_067 as Int64, 521 as Int64, 68 as Int64)
        var quarter = first
        while quarter.lastDay < today {
            add(sites, .district, quarter, unscaled: built, scale: 0)
            add(online, .district, quarter, unscaled: share, scale: 1)
            add(scenarios, .district, quarter, unscaled: live, scale: 0)
            built += Int64(random.between(28...96))
            share = min(960, share + Int64(random.between(4...24)))
            live += Int64(random.between(2...9))
            quarter = quarter.next
        }
        let by = quarter.advanced(by: 3)
        addTarget(online, .level, 85, 0, first, by, "全程网办率达到 85%")
        addTarget(scenarios, .level, 150, 0, first, by, "应用场景达到 150 个")
        addTarget(sites, .level, 4_000, 0, first, by, "5G 室外基站达到 4,000 座")
    }

    // MARK: - Parts

    private func unit(_ name: String) -> String? { profile.units.first { $0.shortName.zh.contains(name) }?.code }

    private func draft(
        _ code: String, _ zh: String, _ en: String, _ unit: String, _ unitEn: String, _ basis: String,
        _ kind: PeriodKind, _ places: Int, _ source: String, _ definition: String,
        scope: FigureScope.Kind = .district
    ) -> IndicatorDraft {
        var draft = IndicatorDraft()
        (draft.code, draft.nameZh, draft.nameEn, draft.unitZh, draft.unitEn) = (code, zh, en, unit, unitEn)
        (draft.basis, draft.periodKind, draft.places, draft.source) = (basis, kind, places, source)
        (draft.definition, draft.scopeKind) = (definition, scope)
        return draft
    }

    private mutating func add(_ draft: IndicatorDraft, owner: String?) -> Indicator {
        let indicator = Indicator(
            id: ID(newID()), code: draft.code, name: Bilingual(zh: draft.nameZh, en: draft.nameEn),
            unit: Bilingual(zh: draft.unitZh, en: draft.unitEn), direction: draft.direction, basis: draft.basis,
            periodKind: draft.periodKind, scopeKind: draft.scopeKind, source: draft.source, ownerUnitCode: owner,
            definition: draft.definition, places: draft.places, isVerified: true, updatedAt: now, isDemo: true)
        indicators.append(indicator)
        return indicator
    }

    private mutating func add(
        _ indicator: Indicator, _ scope: FigureScope, _ period: Period, unscaled: Int64, scale: Int,
        isVerified: Bool = true
    ) {
        guard let value = try? ExactDecimal(unscaled: unscaled, scale: scale) else { return }
        // Entered eight days after the period, verified two days later.
        let entered = min(period.end(in: profile.zone).adding(days: 8), now)
        values.append(
            IndicatorValue(
                id: ID(newID()), indicatorID: indicator.id, scope: scope, period: period, value: value,
                state: isVerified ? .verified : .entered, source: DemoFigures.source, enteredAt: entered,
                verifiedAt: isVerified ? min(entered.adding(days: 2), now) : nil))
    }

    private mutating func addTarget(
        _ indicator: Indicator, _ measure: IndicatorTarget.Measure, _ unscaled: Int64, _ scale: Int, _ from: Period,
        _ by: Period, _ note: String
    ) {
        guard let threshold = try? ExactDecimal(unscaled: unscaled, scale: scale) else { return }
        targets.append(
            IndicatorTarget(
                id: ID(newID()), indicatorID: indicator.id, rule: .single, measure: measure, threshold: threshold,
                from: from, by: by, members: [.init(indicatorID: indicator.id, scope: .district)], note: note,
                createdBy: nil, createdAt: now))
    }
}
