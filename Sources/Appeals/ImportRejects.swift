package import Core
package import Sheets
package import Store

/// Writes refused rows as a file that can be corrected and imported again: why, and then the row as it stood.
package struct ImportRejects: Sendable {
    private let database: any Database

    package init(database: any Database) { self.database = database }

    /// - Parameter headers: the headers of the file the rows come from.
    /// - Returns: how many rows were written.
    @discardableResult
    package func write(
        of id: ID<ImportRecord>, headers: [String], isWarning: Bool = false, language: Language, format: SheetFormat,
        to path: String
    ) async throws -> Int {
        try await database.read { tx in
            let sheet = try SheetWriting(path: path, format: format)
            try sheet.writeHeader(ImportLayout.rejectHeaders + headers)
            var rows = 0
            let most = isWarning ? ImportLimits.warningsKeptMax : ImportLimits.rejectsMax
            try ImportStore.forEachReject(of: id, isWarning: isWarning, limit: most, in: tx) { reject in
                try sheet.write(
                    [String(reject.rowNumber), reject.column, reject.reason.explanation(language)] + reject.cells)
                rows += 1
                return true
            }
            try sheet.finish()
            return rows
        }
    }
}
