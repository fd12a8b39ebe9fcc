/// What this room accepts, and how much at once.
package enum IndicatorLimits {
    // Facts.
    package static let exportRowsMax = 100_000
    package static let factPageRows = 50
}
