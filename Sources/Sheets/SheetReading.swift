import Core

/// One row of a sheet, cells in column order. `number` is the row as the program that wrote the file counts it, from 1.
package struct SheetRow: Sendable, Equatable {
    package let number: Int
    package let cells: [Cell]
    package init(number: Int, cells: [Cell]) {
        self.number = number
        self.cells = cells
    }

    /// Empty beyond the last cell: rows may be ragged.
    package subscript(column: Int) -> Cell {
        column >= 0 && column < cells.count ? cells[column] : .empty
    }
}

/// What a cell holds once the format has been read. CSV has only text and empty.
package enum Cell: Sendable, Equatable {
    case empty
    case text(String)
    /// As written in the file, so that an identifier keeps its digits; never with an exponent.
    case number(String)
    /// Wall-clock time without a zone; milliseconds since 1970-01-01T00:00.
    case date(milliseconds: Int64)
    case boolean(Bool)

    /// The cell as text: dates as `yyyy-MM-dd HH:mm:ss`.
    package var string: String {
        switch self {
        case .empty: ""
        case .text(let text): text
        case .number(let digits): digits
        case .boolean(let isTrue): isTrue ? "TRUE" : "FALSE"
        case .date(let milliseconds): Cell.text(ofMilliseconds: milliseconds)
        }
    }

    package var isEmpty: Bool {
        switch self {
        case .empty: true
        case .text(let text): text.isEmpty
        default: false
        }
    }

    private static func text(ofMilliseconds milliseconds: Int64) -> String {
        let instant = Instant(millisecondsSince1970: milliseconds)
        let seconds = milliseconds.flooringDivision(by: 1_000)
        let second = Int(seconds - seconds.flooringDivision(by: 60) * 60)
        return "\(instant.text(in: .utc)):\(Day.padded(second, 2))"
    }
}

/// Reads rows in constant memory, whatever the format. Rows without any content are passed over.
package protocol SheetReader: AnyObject {
    /// Names of the sheets; CSV has one without a name.
    var sheetNames: [String] { get }
    /// The one that is read; nil for CSV.
    var sheetName: String? { get }
    /// The next row of the chosen sheet; nil at the end.
    /// - Throws: `SheetError`, and after that nothing more can be read.
    func next() throws -> SheetRow?
    /// Bytes consumed and in all, for progress: of the file, or of the sheet inside a workbook.
    var progress: (done: Int, total: Int) { get }
}
