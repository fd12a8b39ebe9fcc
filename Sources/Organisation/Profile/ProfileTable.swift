internal import Core

/// A table of a profile: RFC 4180 with commas, read strictly, because its lines are what faults point at.
struct ProfileTable {
    /// The records below the header; nil when the form itself is wrong.
    static func records(_ file: String, _ text: String, columns: [String], _ log: inout FaultLog) -> [ProfileRecord]? {
        guard let rows = rows(file, text, &log) else { return nil }
        guard let header = rows.first, header.cells == columns else {
            log.add(
                file, 1, zh: "第一行应是：\(columns.joined(separator: ","))",
                en: "the first line must be: \(columns.joined(separator: ","))")
            return nil
        }
        var records: [ProfileRecord] = []
        for row in rows.dropFirst() {
            guard row.cells.count == columns.count else {
                log.add(
                    file, row.line, zh: "这一行有 \(row.cells.count) 列，应有 \(columns.count) 列。",
                    en: "this line has \(row.cells.count) columns instead of \(columns.count).")
                continue
            }
            let fields = zip(columns, row.cells).map { ($0, ProfileRecord.Field(text: $1, line: row.line)) }
            records.append(
                ProfileRecord(file: file, line: row.line, fields: Dictionary(uniqueKeysWithValues: fields)))
        }
        return records
    }

    private struct Row {
        var cells: [String]
        let line: Int
    }

    private static func rows(_ file: String, _ text: String, _ log: inout FaultLog) -> [Row]? {
        var rows: [Row] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if line.allSatisfy(\.isWhitespace) { continue }
            guard let cells = cells(line) else {
                log.add(
                    file, index + 1, zh: "引号不成对。表中的值不能换行。",
                    en: "quotes are not in pairs. Values of a table cannot hold a line break.")
                return nil
            }
            rows.append(Row(cells: cells, line: index + 1))
        }
        return rows
    }

    private static func cells(_ line: Substring) -> [String]? {
        var cells: [String] = []
        var cell = ""
        var isQuoted = false
        var rest = line[...]
        while let character = rest.popFirst() {
            switch (character, isQuoted) {
            case ("\"", true) where rest.first == "\"":
                cell.append("\"")
                rest.removeFirst()
            case ("\"", true): isQuoted = false
            case ("\"", false) where cell.isEmpty: isQuoted = true
            case (",", false):
                cells.append(cell)
                cell = ""
            default: cell.append(character)
            }
        }
        return isQuoted ? nil : cells + [cell]
    }
}
