internal import Core
internal import Organisation
internal import Store
internal import Synchronization

/// Indicators as facts: `indicators.CODE`. Only verified values may be cited.
struct IndicatorFactSource: FactSource {
    let profile: Profile
    private let known = KnownDefinitions()

    init(profile: Profile) { self.profile = profile }

    var domain: String { "indicators" }
    var title: Bilingual { Bilingual(zh: "指标", en: "Indicators") }
    /// All are defined by data.
    var definitions: [FactDefinition] { [] }

    func listed(in tx: any Transaction) throws -> [FactDefinition] {
        try known.definitions(as: try IndicatorStore.stamp(in: tx)) {
            try IndicatorStore.byCode(in: tx).values.map(Self.definition).sorted { $0.name < $1.name }
        }
    }

    func definition(_ name: String, in tx: any Transaction) throws -> FactDefinition? {
        try indicator(name, in: tx).map(Self.definition)
    }

    private func indicator(_ name: String, in tx: any Transaction) throws -> Indicator? {
        guard name.hasPrefix("indicators.") else { return nil }
        return try IndicatorStore.find(code: String(name.dropFirst("indicators.".count)), in: tx)
    }

    private static func definition(_ indicator: Indicator) -> FactDefinition {
        let basis = IndicatorBasis.title(indicator.basis)
        return FactDefinition(
            "indicators.\(indicator.code)", title: indicator.name, unit: indicator.unit,
            basis: Bilingual(zh: "\(basis.zh)；\(indicator.source)", en: "\(basis.en); \(indicator.source)"),
            query: Bilingual(
                zh: "指标“\(indicator.code)”在周期内已核验的数值；未核验的不引用",
                en: "the verified value of “\(indicator.code)” for the period; one not verified is never cited"),
            places: indicator.places, periods: [indicator.periodKind], scopes: [indicator.scopeKind])
    }

    func values(
        of name: String, _ period: Period, scopes: [FigureScope], in tx: any Transaction
    ) throws -> [FigureScope: FactValue] {
        guard let indicator = try indicator(name, in: tx) else { throw FactError.unknown(name) }
        var values: [FigureScope: FactValue] = [:]
        for scope in scopes {
            let value = try IndicatorValueStore.current(indicator.id, scope, period, in: tx)
            values[scope] = value.flatMap { $0.state == .verified ? .decimal($0.value) : nil } ?? .blank
        }
        return values
    }

    func rows(
        of name: String, _ period: Period, _ scope: FigureScope, limit: Int, offset: Int, in tx: any Transaction
    ) throws -> FactRows {
        guard let indicator = try indicator(name, in: tx) else { throw FactError.unknown(name) }
        let current = try IndicatorValueStore.current(indicator.id, scope, period, in: tx)
        let revisions = try current.map { try IndicatorValueStore.revisions(of: $0, in: tx) } ?? []
        return FactRows(
            columns: [
                .init(Bilingual(zh: "周期", en: "Period")), .init(Bilingual(zh: "数值", en: "Value"), isNumeric: true),
                .init(Bilingual(zh: "核验", en: "Verification")), .init(Bilingual(zh: "来源", en: "Source")),
                .init(Bilingual(zh: "填报时间", en: "Entered at")),
            ],
            rows: revisions.dropFirst(offset).prefix(limit).map { one in
                .init(
                    href: "/desk/indicators/\(indicator.id)/values/\(one.id)",
                    [
                        .words(one.period.title), .number(one.value),
                        .words(one.isCurrent ? one.state.title : Bilingual(zh: "已被更正", en: "Corrected since")),
                        .text(one.source), .time(one.enteredAt),
                    ])
            },
            total: revisions.count)
    }
}

/// What indicators define, kept until one of them changes: a district has thousands, and lists ask for all.
private final class KnownDefinitions: Sendable {
    private let kept = Mutex<(stamp: IndicatorStore.Stamp, definitions: [FactDefinition])?>(nil)

    func definitions(
        as stamp: IndicatorStore.Stamp, _ read: () throws -> [FactDefinition]
    ) rethrows -> [FactDefinition] {
        if let kept = kept.withLock({ $0 }), kept.stamp == stamp { return kept.definitions }
        let definitions = try read()
        kept.withLock { $0 = (stamp, definitions) }
        return definitions
    }
}

/// The shares of the key industries as facts, by basis: together for the district, and each for its industry.
struct EconomyFactSource: FactSource {
    let profile: Profile

    var domain: String { "economy" }
    var title: Bilingual { Bilingual(zh: "经济", en: "Economy") }

    var definitions: [FactDefinition] {
        FourOneOneData.bases.map { basis in
            let title = IndicatorBasis.title(basis)
            return FactDefinition(
                "economy.key_share.\(basis)",
                title: Bilingual(zh: "重点产业税收占比（\(title.zh)）", en: "Tax share of key industries (\(title.en))"),
                unit: Bilingual(zh: "%", en: "%"), basis: title,
                query: Bilingual(
                    zh: "重点产业税收 ÷ 全区税收，同一口径；只用已核验的数值",
                    en: "tax of key industries ÷ all tax, of one basis; verified only"),
                places: 2, periods: [.year], scopes: [.district, .industry])
        }
    }

    private func line(
        of name: String, _ period: Period, in tx: any Transaction
    ) throws -> (line: TaxPeriod, data: FourOneOneData)? {
        let basis = String(name.dropFirst("economy.key_share.".count))
        let data = try FourOneOneData(basis: basis, profile: profile, isVerifiedOnly: true, in: tx)
        return data.table.periods.first { $0.period == period && $0.isSound }.map { ($0, data) }
    }

    func values(
        of name: String, _ period: Period, scopes: [FigureScope], in tx: any Transaction
    ) throws -> [FigureScope: FactValue] {
        guard let (line, _) = try line(of: name, period, in: tx), let total = line.total else { return [:] }
        var values: [FigureScope: FactValue] = [:]
        for scope in scopes {
            let codes = scope.kind == .district ? profile.keyIndustries.map(\.code) : [scope.code]
            let parts = codes.compactMap { line.industries[$0] }
            guard parts.count == codes.count else { continue }
            values[scope] = .share(part: parts.reduce(0, +), whole: total)
        }
        return values
    }

    func rows(
        of name: String, _ period: Period, _ scope: FigureScope, limit: Int, offset: Int, in tx: any Transaction
    ) throws -> FactRows {
        let columns: [FactRows.Column] = [
            .init(Bilingual(zh: "产业", en: "Industry")),
            .init(Bilingual(zh: "税收（元）", en: "Tax (yuan)"), isNumeric: true),
        ]
        guard let (line, data) = try line(of: name, period, in: tx) else {
            return FactRows(columns: columns, rows: [], total: 0)
        }
        func money(_ fen: Int64) throws -> FactRows.Value { .number(try ExactDecimal(unscaled: fen, scale: 2)) }
        var rows: [FactRows.Row] = []
        for industry in profile.keyIndustries where scope.kind == .district || scope.code == industry.code {
            guard let tax = line.industries[industry.code] else { continue }
            let href = data.industry.map { "/desk/indicators/\($0.id)?scope=industry:\(industry.code)" }
            rows.append(.init(href: href, [.words(industry.name), try money(tax)]))
        }
        if let total = line.total {
            let href = data.total.map { "/desk/indicators/\($0.id)" }
            rows.append(.init(href: href, [.words(Bilingual(zh: "全区", en: "Whole district")), try money(total)]))
        }
        return FactRows(columns: columns, rows: Array(rows.dropFirst(offset).prefix(limit)), total: rows.count)
    }
}
