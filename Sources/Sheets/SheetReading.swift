package import Core

/// One row of a sheet, cells in column order. `number` is the row as the program that wrote the file counts it, from 1.
package struct SheetRow: Sendable, Equatable {
    package let number: Int
    package let cells: [Cell]
    package init(number: Int, cells: [Cell]) {
        self.number = number
        self.cells = cells
    }
}

/// What a cell holds once the format has been read. CSV has only text and empty.
package enum Cell: Sendable, Equatable {
    case empty
    case text(String)
    /// As written in the file, so that an identifier keeps its digits.
    case number(String)
    /// Wall-clock time without a zone; milliseconds since 1970-01-01T00:00.
    case date(milliseconds: Int64)
    case boolean(Bool)

    /// The cell as text: dates as `yyyy-MM-dd HH:mm:ss`, whole numbers without a fraction.
    package var string: String {
        switch self {
        case .empty: ""
        case .text(let text): text
        case .number(let digits): digits
        case .boolean(let isTrue): isTrue ? "TRUE" : "FALSE"
        case .date(let milliseconds):
            Instant(millisecondsSince1970: milliseconds).text(in: .utc)
        }
    }
}

/// Reads rows in constant memory, whatever the format.
package protocol SheetReader: AnyObject {
    /// Names of the sheets; CSV has one without a name.
    var sheetNames: [String] { get }
    /// The next row of the chosen sheet; nil at the end.
    func next() throws -> SheetRow?
    /// Bytes of the file consumed and in all, for progress.
    var progress: (done: Int, total: Int) { get }
}
