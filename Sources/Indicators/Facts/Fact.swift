package import Core

/// What a figure came to. A share keeps its part and whole, so that it is rounded once, when it is printed.
package enum FactValue: Sendable, Equatable {
    /// Nothing to measure, or a share of nothing: printed as a dash, never as zero.
    case blank
    case decimal(ExactDecimal)
    /// `whole` is above zero; make it with `share(of:in:)`.
    case share(part: Int64, whole: Int64)

    package static func count(_ number: Int) -> FactValue { .decimal(ExactDecimal(Int64(number))) }

    /// Blank where there is no whole.
    package static func share(of part: Int, in whole: Int) -> FactValue {
        whole > 0 ? .share(part: Int64(part), whole: Int64(whole)) : .blank
    }

    /// The number, a share in per cent, rounded half up to `places`; nil when blank.
    package func number(places: Int) -> ExactDecimal? {
        switch self {
        case .blank: nil
        case .decimal(let value): value.rounded(places: places)
        case .share(let part, let whole):
            (try? ExactDecimal(100).multiplied(by: ExactDecimal(part), places: 0))?
                .divided(by: ExactDecimal(whole), places: places)
        }
    }

    /// As it is printed: `1,234`, `74.9%`, `–`.
    package func text(places: Int) -> String {
        guard let number = number(places: places) else { return "–" }
        if case .share = self { return number.text(places: places) + "%" }
        return number.text(places: places)
    }
}

/// What a figure means, whatever its period: its unit, its basis (口径) and what is counted.
package struct FactDefinition: Sendable, Equatable {
    /// Stable, `domain.name`: bulletins and letters cite it.
    package let name: String
    package let title: Bilingual
    package let unit: Bilingual
    /// 口径: what counts and what does not.
    package let basis: Bilingual
    /// The query behind it, in words an official can check.
    package let query: Bilingual
    package let places: Int
    package let periods: [PeriodKind]
    package let scopes: [FigureScope.Kind]

    package init(
        _ name: String, title: Bilingual, unit: Bilingual, basis: Bilingual, query: Bilingual, places: Int = 0,
        periods: [PeriodKind] = [.month, .quarter, .half, .year, .day], scopes: [FigureScope.Kind] = [.district]
    ) {
        self.name = name
        self.title = title
        self.unit = unit
        self.basis = basis
        self.query = query
        self.places = places
        self.periods = periods
        self.scopes = scopes
    }

    package var domain: String { String(name.prefix { $0 != "." }) }
}

/// A named, dated figure with its unit, its basis, the query behind it and a page that lists the rows.
package struct Fact: Sendable, Equatable {
    package let definition: FactDefinition
    package let period: Period
    package let scope: FigureScope
    package let value: FactValue
    package let measuredAt: Instant

    package init(
        _ definition: FactDefinition, period: Period, scope: FigureScope, value: FactValue, measuredAt: Instant
    ) {
        self.definition = definition
        self.period = period
        self.scope = scope
        self.value = value
        self.measuredAt = measuredAt
    }

    package var name: String { definition.name }
    package var text: String { value.text(places: definition.places) }
    /// The page that lists the rows behind it.
    package var path: String { FactDefinition.path(name, period, scope) }
}

extension FactDefinition {
    package static func path(_ name: String, _ period: Period, _ scope: FigureScope) -> String {
        let tail = scope == .district ? "" : "&scope=\(scope)"
        return "/desk/facts/\(name)?period=\(period)\(tail)"
    }
}

/// The rows behind a figure, a page of them.
package struct FactRows: Sendable, Equatable {
    package struct Column: Sendable, Equatable {
        package let title: Bilingual
        package let isNumeric: Bool

        package init(_ title: Bilingual, isNumeric: Bool = false) {
            self.title = title
            self.isNumeric = isNumeric
        }
    }

    package enum Value: Sendable, Equatable {
        /// Masked already, where the page may be seen by people who need not know.
        case text(String)
        case words(Bilingual)
        case number(ExactDecimal)
        case time(Instant)
        case none
    }

    package struct Row: Sendable, Equatable {
        /// Where the row itself is shown.
        package let href: String?
        package let values: [Value]

        package init(href: String? = nil, _ values: [Value]) {
            self.href = href
            self.values = values
        }
    }

    package let columns: [Column]
    package let rows: [Row]
    /// All rows of the figure, not only this page's.
    package let total: Int

    package init(columns: [Column], rows: [Row], total: Int) {
        self.columns = columns
        self.rows = rows
        self.total = total
    }
}
