import Core
internal import Foundation

/// The names of the columns, and the rows they were read from.
package struct SheetHeader: Sendable, Equatable {
    /// One for each column, trimmed; empty where the sheet names none.
    package let titles: [String]
    /// Index of the first header row among the rows looked at, and how many rows make the header: one or two.
    package let index: Int
    package let height: Int
}

/// Finds the header below the title, notes and blank lines that office exports put first.
package enum HeaderFinder {
    /// - Parameters:
    ///   - rows: the first rows of the sheet, at most `SheetLimits.headerRowsMax` are looked at.
    ///   - isKnown: whether a title is one the caller expects; two known titles decide.
    package static func find(_ rows: [SheetRow], isKnown: (String) -> Bool = { _ in false }) -> SheetHeader? {
        let rows = Array(rows.prefix(SheetLimits.headerRowsMax))
        guard !rows.isEmpty else { return nil }
        let known = rows.map { row in Set(row.cells.map { title(of: $0) }.filter { !$0.isEmpty && isKnown($0) }).count }
        let scores = rows.map(score)
        let width = rows.map { $0.cells.count { !$0.isEmpty } }.max() ?? 0
        let best: Int
        if let most = known.max(), most >= min(2, width), most > 0, let row = known.firstIndex(of: most) {
            best = row
        } else if let highest = scores.max(), highest > 0,
            let row = scores.firstIndex(where: { $0 * 10 >= highest * 6 })
        {
            best = row
        } else {
            return nil
        }
        for top in [best, best - 1] where top >= 0 && top + 1 < rows.count {
            if let titles = joined(rows[top], rows[top + 1]) {
                return SheetHeader(titles: titles, index: top, height: 2)
            }
        }
        return SheetHeader(titles: rows[best].cells.map(title), index: best, height: 1)
    }

    /// A title as it is compared and shown: no line ends, no space between Chinese characters.
    package static func title(of cell: Cell) -> String {
        let words = cell.string.split { $0.isWhitespace || $0 == "\u{FEFF}" || $0 == "\u{200B}" }
        var title = ""
        for word in words {
            if let last = title.last, let first = word.first, last.isASCII || first.isASCII { title += " " }
            title += word
        }
        return title
    }

    /// How much a row looks like a header: short, distinct texts; numbers, dates and repetitions speak against it.
    private static func score(_ row: SheetRow) -> Int {
        var seen: Set<String> = []
        var score = 0
        for cell in row.cells where !cell.isEmpty {
            let title = title(of: cell)
            if isTitle(cell), seen.insert(title).inserted { score += 10 } else { score -= 5 }
        }
        return score
    }

    private static func isTitle(_ cell: Cell) -> Bool {
        guard case .text(let text) = cell, text.count <= titleCharactersMax else { return false }
        // Something to read: no date, no amount in text form, no note such as “单位：某街道”.
        return text.unicodeScalars.contains { $0.properties.isAlphabetic } && !startsWithDate(text)
            && !text.dropLast().contains { $0 == "：" || $0 == ":" }
    }

    private static func startsWithDate(_ text: String) -> Bool {
        text.prefix(4).allSatisfy(\.isNumber) && text.count >= 6
    }

    /// Two rows read as one: each group in the upper row stands over named columns of the lower one, and a title
    /// without a group has nothing below it. Nil when the rows are not of this shape.
    private static func joined(_ top: SheetRow, _ bottom: SheetRow) -> [String]? {
        let width = max(top.cells.count, bottom.cells.count)
        guard width >= 2, !top[0].isEmpty, bottom.cells.allSatisfy({ $0.isEmpty || isTitle($0) }),
            top.cells.allSatisfy({ $0.isEmpty || isTitle($0) })
        else { return nil }
        var titles: [String] = []
        var (groups, open) = (0, 0)
        var column = 0
        while column < width {
            var end = column + 1
            while end < width, top[end].isEmpty { end += 1 }
            let group = title(of: top[column])
            let names = (column..<end).map { title(of: bottom[$0]) }
            if names.count == 1 {
                if names[0].isEmpty { open += 1 }
                titles.append(names[0].isEmpty ? group : names[0])
            } else {
                guard names.allSatisfy({ !$0.isEmpty && $0.count <= groupedTitleCharactersMax }),
                    Set(names).count == names.count
                else { return nil }
                groups += 1
                titles += names.map { group + " " + $0 }
            }
            column = end
        }
        guard groups > 0, open > 0 || groups > 1 || groups * 2 > titles.count else { return nil }
        return shortened(titles, bottom)
    }

    /// A lower title alone says enough when no other column has it.
    private static func shortened(_ titles: [String], _ bottom: SheetRow) -> [String] {
        let short = titles.indices.map { column in
            let name = title(of: bottom[column])
            return name.isEmpty ? titles[column] : name
        }
        let counts = Dictionary(short.map { ($0, 1) }, uniquingKeysWith: +)
        return titles.indices.map { counts[short[$0]] == 1 ? short[$0] : titles[$0] }
    }

    private static let titleCharactersMax = 40
    private static let groupedTitleCharactersMax = 20
}

/// A sheet read from below its header.
package final class HeadedSheet {
    package let titles: [String]
    /// The row of the (lower) header, as the sheet counts.
    package let headerRow: Int
    package let reader: any SheetReader
    private var first: [SheetRow]

    /// - Throws: `SheetError.empty` when there is no row, `.noHeader` when none of the first rows is a header.
    package init(_ reader: any SheetReader, isKnown: (String) -> Bool = { _ in false }) throws {
        var rows: [SheetRow] = []
        while rows.count < SheetLimits.headerRowsMax, let row = try reader.next() { rows.append(row) }
        guard !rows.isEmpty else { throw SheetError.empty }
        guard let header = HeaderFinder.find(rows, isKnown: isKnown) else { throw SheetError.noHeader }
        let data = header.index + header.height
        titles = header.titles
        headerRow = rows[data - 1].number
        first = rows[data...].reversed()
        self.reader = reader
    }

    /// The next row below the header; nil at the end.
    package func next() throws -> SheetRow? {
        if let row = first.popLast() { return row }
        return try reader.next()
    }
}
