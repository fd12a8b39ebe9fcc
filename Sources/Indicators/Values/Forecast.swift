package import Core
internal import Foundation

/// A look ahead at a series: which method, how it did on this very series, and what it expects.
///
/// Floating point is allowed here and nowhere else in this room: a forecast is an estimate, never a figure that is
/// counted, cited or paid.
package struct Forecast: Sendable, Equatable {
    /// Simple methods only: an official must be able to follow each with a pocket calculator.
    package enum Method: String, Sendable, CaseIterable {
        /// The last value stays.
        case last
        /// The mean change so far goes on.
        case drift
        /// The straight line of least squares goes on.
        case trend
        /// The same part of the year before, moved by the last year's mean change; needs two years.
        case seasonal

        package var title: Bilingual {
            switch self {
            case .last: Bilingual(zh: "保持上期数", en: "the last value stays")
            case .drift: Bilingual(zh: "平均变化延续", en: "the mean change goes on")
            case .trend: Bilingual(zh: "直线趋势延续", en: "the straight trend goes on")
            case .seasonal: Bilingual(zh: "上年同期加年度变化", en: "the same part of last year, plus the year's change")
            }
        }
    }

    package struct Step: Sendable, Equatable {
        package let period: Period
        package let value: Double
        /// The interval that held four of five back-tested values.
        package let low: Double
        package let high: Double
    }

    package let method: Method
    /// One-period forecasts of the past that were compared with what came.
    package let tests: Int
    /// Mean absolute error of the chosen method in those.
    package let error: Double
    /// The same of every method that could be tested, for comparison.
    package let errors: [Method: Double]
    package let steps: [Step]

    /// Nil for fewer than `IndicatorLimits.forecastValuesMin` values, or with a hole in the series.
    ///
    /// Each method forecasts every later value from those before it (rolling origin); the one with the least mean
    /// absolute error is taken, the simpler of equals. The interval is ± the 80th percentile of those errors, widened
    /// with the square root of the distance.
    package init?(_ series: [(period: Period, value: ExactDecimal)], ahead: Int) {
        let values = series.map(\.value.approximate)
        guard let last = series.last?.period, values.count >= IndicatorLimits.forecastValuesMin,
            zip(series, series.dropFirst()).allSatisfy({ $0.period.next == $1.period })
        else { return nil }
        let season = last.kind.perYear ?? 1
        var errors: [Method: Double] = [:]
        var deviations: [Method: [Double]] = [:]
        for method in Method.allCases {
            let first = Self.valuesNeeded(method, season: season)
            guard first <= values.count - 2 else { continue }
            let misses = (max(first, 2)..<values.count).compactMap { index in
                Self.forecast(method, Array(values[..<index]), season: season, ahead: 1).map { abs($0 - values[index]) }
            }
            guard misses.count >= 2 else { continue }
            deviations[method] = misses
            errors[method] = misses.reduce(0, +) / Double(misses.count)
        }
        let tested = Method.allCases.filter { errors[$0] != nil }
        guard let best = tested.min(by: { (errors[$0] ?? 0) < (errors[$1] ?? 0) }), let misses = deviations[best],
            let error = errors[best]
        else { return nil }
        let sorted = misses.sorted()
        let spread = sorted[min(sorted.count - 1, Int((Double(sorted.count) * 0.8).rounded(.up)) - 1)]
        var steps: [Step] = []
        for distance in 1...max(1, min(ahead, IndicatorLimits.forecastPeriodsMax)) {
            guard let value = Self.forecast(best, values, season: season, ahead: distance) else { return nil }
            let reach = spread * Double(distance).squareRoot()
            steps.append(
                Step(period: last.advanced(by: distance), value: value, low: value - reach, high: value + reach))
        }
        method = best
        tests = misses.count
        self.error = error
        self.errors = errors
        self.steps = steps
    }

    private static func valuesNeeded(_ method: Method, season: Int) -> Int {
        switch method {
        case .last: 1
        case .drift: 2
        case .trend: 3
        case .seasonal: season > 1 ? season * 2 : .max
        }
    }

    private static func forecast(_ method: Method, _ values: [Double], season: Int, ahead: Int) -> Double? {
        guard values.count >= valuesNeeded(method, season: season), let last = values.last else { return nil }
        let count = values.count
        switch method {
        case .last: return last
        case .drift: return last + (last - values[0]) / Double(count - 1) * Double(ahead)
        case .trend:
            let middle = Double(count - 1) / 2
            let mean = values.reduce(0, +) / Double(count)
            var (top, bottom) = (0.0, 0.0)
            for (index, value) in values.enumerated() {
                let x = Double(index) - middle
                top += x * (value - mean)
                bottom += x * x
            }
            return mean + top / bottom * (Double(count - 1 + ahead) - middle)
        case .seasonal:
            let recent = values.suffix(season).reduce(0, +)
            let before = values.dropLast(season).suffix(season).reduce(0, +)
            let years = (ahead - 1) / season + 1
            let same = values[count - season + (ahead - 1) % season]
            return same + (recent - before) / Double(season) * Double(years)
        }
    }
}
