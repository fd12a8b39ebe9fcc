internal import Sheets

/// What an import takes, and how it goes about it.
package enum ImportLimits {
    package static let fileBytesMax = 512 << 20
    package static let fileNameCharactersMax = 200
    package static let sourceCharactersMax = 60
    /// Rows looked through for the header.
    package static let headerRowsMax = SheetLimits.headerRowsMax
    /// Columns of a file; the rest of a row is not read.
    package static let columnsMax = 200
    /// Rows whose content is weighed to recognise the columns.
    package static let sampleRows = 200
    /// Least points, and least lead in thousandths of all, for which a system of coordinates is taken without asking.
    package static let datumPointsMin = 50
    package static let datumLeadPermille = 50
    package static let previewRows = 20
    package static let previewCharacters = 60
    /// Rows of one transaction.
    package static let batchRows = 2_000
    /// Text held for one transaction; longer rows make smaller batches.
    package static let batchBytes = 8 << 20
    /// Refused rows kept; after as many an import stops, for its columns are surely wrong.
    package static let rejectsMax = 100_000
    /// Warnings kept to be shown; all are counted.
    package static let warningsKeptMax = 10_000
    package static let rejectsShown = 100
    package static let excerptCharacters = 120
    /// Characters of one cell kept with a refused row.
    package static let rejectCellCharactersMax = 32_000
    /// Sheets of one workbook imported at once.
    package static let sheetsMax = 50
    /// An uploaded file that nobody has imported is cleared away after as many days.
    package static let uploadKeptDays: Int64 = 14
    /// The earliest year an appeal can be from, and how far a clock may be ahead.
    package static let yearMin = 1990
    package static let futureDaysMax = 2
    /// A point within so many metres of a township's centre is near the district.
    package static let nearDistrictMetres = 20_000
    /// Different names of a township column that are remembered.
    package static let townshipNamesKept = 10_000
    /// Milliseconds between two reports of progress.
    package static let progressEveryMilliseconds: Int64 = 500
}
