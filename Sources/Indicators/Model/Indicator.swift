package import Core

/// What better means for an indicator.
package enum IndicatorDirection: String, Sendable, CaseIterable {
    case higher, lower
    /// Neither: a figure that is only watched.
    case none

    package var title: Bilingual {
        switch self {
        case .higher: Bilingual(zh: "越高越好", en: "Higher is better")
        case .lower: Bilingual(zh: "越低越好", en: "Lower is better")
        case .none: Bilingual(zh: "仅监测", en: "Only watched")
        }
    }
}

/// 口径: on what basis a figure is counted. Figures of different bases are never added or compared.
package enum IndicatorBasis {
    /// Bases with a name in both languages; any other text is a basis of its own, shown as it is written.
    package static let known: [(code: String, title: Bilingual)] = [
        (totalTax, Bilingual(zh: "全口径税收", en: "Total tax")),
        (districtTax, Bilingual(zh: "区级税收", en: "District-level tax")),
        ("statistics", Bilingual(zh: "统计局口径", en: "Statistics bureau")),
        ("operations", Bilingual(zh: "业务系统口径", en: "Operational systems")),
    ]
    package static let totalTax = "total_tax"
    package static let districtTax = "district_tax"

    package static func title(_ code: String) -> Bilingual {
        known.first { $0.code == code }?.title ?? Bilingual(zh: code, en: code)
    }

    /// The code of a basis that somebody names by its title.
    static func code(of text: String) -> String {
        known.first { $0.code == text || $0.title.zh == text || $0.title.en == text }?.code ?? text
    }
}

/// A measured figure's definition: what is measured, of what, by whom and on what basis.
package struct Indicator: Sendable, Equatable {
    package let id: ID<Indicator>
    /// Unique; lower-case letters, digits, `.`, `-`, `_`.
    package var code: String
    package var name: Bilingual
    package var unit: Bilingual
    package var direction: IndicatorDirection
    /// A code of `IndicatorBasis.known`, or a text of its own.
    package var basis: String
    package var periodKind: PeriodKind
    package var scopeKind: FigureScope.Kind
    package var source: String
    /// The unit that enters its values; nil for the digital office alone.
    package var ownerUnitCode: String?
    package var definition: String
    /// Decimals shown.
    package var places: Int
    /// Whether the digital office has confirmed the definition.
    package var isVerified: Bool
    package var version: Int
    package var updatedAt: Instant
    package let isDemo: Bool

    package init(
        id: ID<Indicator>, code: String, name: Bilingual, unit: Bilingual, direction: IndicatorDirection, basis: String,
        periodKind: PeriodKind, scopeKind: FigureScope.Kind, source: String, ownerUnitCode: String?,
        definition: String, places: Int, isVerified: Bool, version: Int = 1, updatedAt: Instant, isDemo: Bool = false
    ) {
        self.id = id
        self.code = code
        self.name = name
        self.unit = unit
        self.direction = direction
        self.basis = basis
        self.periodKind = periodKind
        self.scopeKind = scopeKind
        self.source = source
        self.ownerUnitCode = ownerUnitCode
        self.definition = definition
        self.places = places
        self.isVerified = isVerified
        self.version = version
        self.updatedAt = updatedAt
        self.isDemo = isDemo
    }

    package static let periodKinds: [PeriodKind] = [.year, .half, .quarter, .month]

    /// - Throws: `differ` where two indicators must not be added or compared.
    package static func checkSame(_ one: Indicator, _ other: Indicator) throws(IndicatorError) {
        guard one.basis == other.basis else {
            throw .basesDiffer(
                one.name, IndicatorBasis.title(one.basis), other.name, IndicatorBasis.title(other.basis))
        }
        guard one.unit == other.unit else { throw .unitsDiffer(one.name, one.unit, other.name, other.unit) }
        guard one.periodKind == other.periodKind else { throw .periodsDiffer(one.name, other.name) }
    }

    /// The sum of figures, refused unless all are of one basis, unit and period type.
    package static func sum(_ figures: [(indicator: Indicator, value: ExactDecimal)]) throws -> ExactDecimal {
        var sum = ExactDecimal.zero
        for figure in figures {
            try checkSame(figures[0].indicator, figure.indicator)
            sum = try sum.adding(figure.value)
        }
        return sum
    }
}

extension PeriodKind {
    package var title: Bilingual {
        switch self {
        case .year: Bilingual(zh: "年度", en: "Year")
        case .half: Bilingual(zh: "半年", en: "Half year")
        case .quarter: Bilingual(zh: "季度", en: "Quarter")
        case .month: Bilingual(zh: "月度", en: "Month")
        case .day: Bilingual(zh: "每日", en: "Day")
        }
    }
}

/// One value of an indicator, for a scope and a period, as it was entered. A correction is a new revision; the old one
/// stays.
package struct IndicatorValue: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        case entered, verified

        package var title: Bilingual {
            switch self {
            case .entered: Bilingual(zh: "待核验", en: "To be verified")
            case .verified: Bilingual(zh: "已核验", en: "Verified")
            }
        }

        /// The only way is from entered to verified; a correction begins anew as entered.
        package func verifying() throws(IndicatorError) -> State {
            switch self {
            case .entered: .verified
            case .verified: throw .alreadyVerified
            }
        }
    }

    package let id: ID<IndicatorValue>
    package let indicatorID: ID<Indicator>
    package let scope: FigureScope
    package let period: Period
    package let value: ExactDecimal
    /// From 1 within scope and period.
    package let revision: Int
    package let isCurrent: Bool
    package let state: State
    package let source: String
    /// Why it was corrected; empty for the first revision.
    package let note: String
    package let enteredBy: Int64?
    package let enteredAt: Instant
    package let verifiedBy: Int64?
    package let verifiedAt: Instant?
    package let importID: Int64?

    package init(
        id: ID<IndicatorValue>, indicatorID: ID<Indicator>, scope: FigureScope, period: Period, value: ExactDecimal,
        revision: Int = 1, isCurrent: Bool = true, state: State = .entered, source: String = "", note: String = "",
        enteredBy: Int64? = nil, enteredAt: Instant, verifiedBy: Int64? = nil, verifiedAt: Instant? = nil,
        importID: Int64? = nil
    ) {
        self.id = id
        self.indicatorID = indicatorID
        self.scope = scope
        self.period = period
        self.value = value
        self.revision = revision
        self.isCurrent = isCurrent
        self.state = state
        self.source = source
        self.note = note
        self.enteredBy = enteredBy
        self.enteredAt = enteredAt
        self.verifiedBy = verifiedBy
        self.verifiedAt = verifiedAt
        self.importID = importID
    }
}
