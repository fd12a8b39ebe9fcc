internal import Crypto
internal import Foundation

/// The columns of one file: where its header is, what its columns are called, and what they mean.
package struct ImportLayout: Sendable, Equatable {
    /// The number of the row that holds the header.
    package let headerRow: Int
    /// Unique names: a column without one is named by its letter, a repeated one gets ` (2)`.
    package let headers: [String]
    /// Which column each field is read from.
    package private(set) var columns: [ImportField: Int]
    /// The same for files whose headers are the same in any order.
    package let fingerprint: String

    package init(headerRow: Int, headers: [String], columns: [ImportField: Int] = [:]) {
        self.headerRow = headerRow
        self.headers = Self.unique(headers)
        self.columns = columns
        fingerprint = Self.fingerprint(of: self.headers)
    }

    /// Three columns that a file of refused rows has before the original ones; they mean nothing to an import.
    package static let rejectHeaders = ["行号 Row", "列 Column", "原因 Reason"]

    /// The name by which a source is known until somebody gives it one.
    package var defaultSource: String { "sheet-\(fingerprint.prefix(8))" }

    /// Field → header, as stored and as `--map` gives it.
    package var names: [String: String] {
        Dictionary(uniqueKeysWithValues: columns.map { ($0.key.rawValue, headers[$0.value]) })
    }

    /// The field a column is read as; nil when it is left out.
    package func field(ofColumn column: Int) -> ImportField? {
        columns.first { $0.value == column }?.key
    }

    /// Takes the columns as somebody gave them instead of those recognised.
    ///
    /// - Parameter names: field → header; an empty header leaves the field out.
    /// - Throws: `AppealError` for a field, or a header, that does not exist, and for a column given twice.
    package mutating func assign(_ names: [String: String]) throws(AppealError) {
        for (name, header) in names.sorted(by: { $0.key < $1.key }) {
            guard let field = ImportField(rawValue: name) else { throw .importFieldUnknown(name) }
            if header.isEmpty { columns[field] = nil; continue }
            let wanted = ImportText.normalised(header)
            guard
                let column = headers.firstIndex(of: header)
                    ?? headers.firstIndex(where: { ImportText.normalised($0) == wanted })
            else { throw .importColumnUnknown(header) }
            for (other, taken) in columns where taken == column && other != field { columns[other] = nil }
            columns[field] = column
        }
    }

    /// Takes these columns and no other: what is not given is left out, for the form shows every column.
    package mutating func assign(only names: [String: String]) throws(AppealError) {
        columns = [:]
        try assign(names)
    }

    /// - Throws: `AppealError.importNoText` unless a column holds what the appeal says.
    package func check() throws(AppealError) {
        guard columns[.text] != nil || columns[.subject] != nil else { throw .importNoText }
    }

    private static func unique(_ headers: [String]) -> [String] {
        var seen: [String: Int] = [:]
        return headers.prefix(ImportLimits.columnsMax).enumerated().map { index, header in
            let flat = ImportText.cleaned(header).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            let name =
                flat.isEmpty ? letters(ofColumn: index) : String(flat.prefix(AppealLimits.shortTextCharactersMax))
            seen[name, default: 0] += 1
            let count = seen[name] ?? 1
            return count == 1 ? name : "\(name) (\(count))"
        }
    }

    /// `A`, `B`, … `Z`, `AA`: the way spreadsheet programs name columns.
    static func letters(ofColumn index: Int) -> String {
        var (left, name) = (index, "")
        repeat {
            name = String(UnicodeScalar(UInt8(65 + left % 26))) + name
            left = left / 26 - 1
        } while left >= 0
        return name
    }

    private static func fingerprint(of headers: [String]) -> String {
        let names = headers.filter { !rejectHeaders.contains($0) }.map(ImportText.normalised).sorted()
        let digest = SHA256.hash(data: Data(names.joined(separator: "\u{1F}").utf8))
        return Hex.text(digest.prefix(8))
    }
}
