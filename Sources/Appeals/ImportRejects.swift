package import Core
internal import Sheets
package import Store

/// Writes refused rows as a file that can be corrected and imported again: why, and then the row as it stood.
package struct ImportRejects: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case csv, xlsx
        package var contentType: String {
            switch self {
            case .csv: "text/csv; charset=utf-8"
            case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
        }
    }

    private let database: any Database

    package init(database: any Database) { self.database = database }

    /// - Parameter headers: the headers of the file the rows come from.
    /// - Returns: how many rows were written.
    @discardableResult
    package func write(
        of id: ID<ImportRecord>, headers: [String], isWarning: Bool = false, language: Language, format: Format,
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

/// One way to write both formats; every text is written as text, so that none is a formula.
struct SheetWriting {
    private enum Writer {
        case csv(CSVWriter)
        case xlsx(XLSXWriter)
    }
    private let writer: Writer

    init(path: String, format: ImportRejects.Format) throws {
        switch format {
        case .csv: writer = .csv(try CSVWriter(path: path))
        case .xlsx: writer = .xlsx(try XLSXWriter(path: path))
        }
    }

    func writeHeader(_ titles: [String]) throws {
        switch writer {
        case .csv(let csv): try csv.write(titles)
        case .xlsx(let xlsx): try xlsx.writeHeader(titles)
        }
    }

    func write(_ texts: [String]) throws {
        switch writer {
        case .csv(let csv): try csv.write(texts)
        case .xlsx(let xlsx): try xlsx.write(texts.map { $0.isEmpty ? .empty : .text($0) })
        }
    }

    func finish() throws {
        switch writer {
        case .csv(let csv): try csv.finish()
        case .xlsx(let xlsx): try xlsx.finish()
        }
    }
}
