/// How rows come out as a file.
package enum SheetFormat: String, Sendable, CaseIterable {
    case csv, xlsx

    package var contentType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
    }
}

/// One way to write both formats; every text is written as text, so that none is a formula.
package struct SheetWriting {
    private enum Writer {
        case csv(CSVWriter)
        case xlsx(XLSXWriter)
    }
    private let writer: Writer

    /// - Parameter sheet: the name of a workbook's sheet.
    package init(path: String, format: SheetFormat, sheet: String? = nil) throws {
        switch format {
        case .csv: writer = .csv(try CSVWriter(path: path))
        case .xlsx: writer = .xlsx(try sheet.map { try XLSXWriter(path: path, sheet: $0) } ?? XLSXWriter(path: path))
        }
    }

    package func writeHeader(_ titles: [String]) throws {
        switch writer {
        case .csv(let csv): try csv.write(titles)
        case .xlsx(let xlsx): try xlsx.writeHeader(titles)
        }
    }

    package func write(_ texts: [String]) throws { try write(texts.map { $0.isEmpty ? .empty : .text($0) }) }

    package func write(_ cells: [Cell]) throws {
        switch writer {
        case .csv(let csv): try csv.write(cells)
        case .xlsx(let xlsx): try xlsx.write(cells)
        }
    }

    package func finish() throws {
        switch writer {
        case .csv(let csv): try csv.finish()
        case .xlsx(let xlsx): try xlsx.finish()
        }
    }
}
