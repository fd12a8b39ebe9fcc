/// What this room accepts, and how much at once.
package enum IndicatorLimits {
    // Facts.
    /// How old a figure on a page may be before it is measured anew.
    package static let factSeconds: Int64 = 5
    /// Different figures that a process remembers.
    static let factsRemembered = 2_000
    package static let exportRowsMax = 100_000

    // Indicators.
    package static let codeCharactersMax = 60
    package static let nameCharactersMax = 100
    package static let unitCharactersMax = 20
    package static let basisCharactersMax = 60
    package static let textCharactersMax = 1_000
    package static let placesMax = 6
    package static let indicatorsMax = 20_000
    package static let targetsPerIndicator = 20
    package static let targetMembersMax = 60

    // Values: 120 periods are ten years of months.
    package static let chartPeriods = 60
    package static let sparklinePeriods = 24
    static let indicatorsPerStatement = 200
    package static let revisionsShown = 100
    package static let seriesPeriodsMax = 1_200

    // Imports.
    package static let importBytesMax = 20 << 20
    package static let importRowsMax = 50_000
    package static let previewRowsShown = 100
    package static let importsShown = 20
    package static let draftDaysMax: Int64 = 7

    // 411.
    package static let enterprisesShown = 20
    /// Growth somebody may ask about, in hundredths of a per cent.
    package static let growthMin: Int64 = -10_000
    package static let growthMax: Int64 = 100_000

    // Forecasts.
    package static let forecastValuesMin = 4
    package static let forecastPeriodsMax = 12

    /// Identifiers bound in one statement.
    static let identifiersPerStatement = 500
}
