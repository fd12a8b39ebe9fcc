internal import Core
package import Sheets

/// Recognises the columns of a file by their headers, and by what their cells hold.
package struct ColumnGuess: Sendable {
    private let headers: [String]
    private let samples: [Sample]

    /// What the sampled cells of a column look like.
    private struct Sample: Sendable {
        var filled = 0
        var rows = 0
        var distinct: Set<String> = []
        var characters = 0
        var dates = 0
        var integers = 0
        /// Degrees, or metres of a city's grid.
        var places = 0
        var types = 0
        var placeholders = 0

        var meanCharacters: Int { filled == 0 ? 0 : characters / filled }
        /// Whether at least so many percent of the filled cells are counted in `part`.
        func isMostly(_ part: Int, percent: Int = 80) -> Bool { filled > 0 && part * 100 >= filled * percent }

        mutating func add(_ cell: Cell) {
            rows += 1
            let text = ImportText.cleaned(cell.string)
            guard !text.isEmpty else { return }
            filled += 1
            distinct.insert(text)
            characters += text.count
            if case .date = cell { dates += 1 } else if DateReader.read(text) != nil { dates += 1 }
            if Int(text) != nil { integers += 1 }
            if let number = Double(text), abs(number) <= 200_000 { places += 1 }
            if AppealType(label: text) != nil, text.count <= 12 { types += 1 }
            if ImportAuthor.isPlaceholder(text) { placeholders += 1 }
        }
    }

    /// - Parameter rows: the first rows after the header.
    package init(headers: [String], rows: [SheetRow]) {
        self.headers = headers.map(ImportText.normalised)
        samples = headers.indices.map { column in
            var sample = Sample()
            for row in rows { sample.add(column < row.cells.count ? row.cells[column] : .empty) }
            return sample
        }
    }

    /// The column of each field that could be recognised.
    package func columns() -> [ImportField: Int] {
        struct Candidate { let field: ImportField, column: Int, score: Int }
        var candidates: [Candidate] = []
        for field in ImportField.allCases {
            for column in headers.indices {
                if let score = score(field, column) {
                    candidates.append(Candidate(field: field, column: column, score: score))
                }
            }
        }
        // Equal scores go to the field that is declared first, then to the leftmost column: the sort is stable.
        candidates.sort { $0.score > $1.score }
        var columns: [ImportField: Int] = [:]
        for candidate in candidates where columns[candidate.field] == nil {
            guard !columns.values.contains(candidate.column) else { continue }
            columns[candidate.field] = candidate.column
        }
        fillByContent(&columns)
        return columns
    }

    /// Whether a header is the name of a field, in some system's words.
    package static func isKnown(_ header: String) -> Bool { knownNames.contains(ImportText.normalised(header)) }

    private static let knownNames = Set(ImportField.allCases.flatMap(\.names))

    private func score(_ field: ImportField, _ column: Int) -> Int? {
        let header = headers[column]
        guard !header.isEmpty, isPlausible(field, samples[column]) else { return nil }
        if let rank = field.names.firstIndex(of: header) { return 1_000 - rank }
        // A longer header that holds a Chinese name, as 市民诉求内容（全文） does, is a weaker sign.
        let held = field.names.firstIndex { $0.count >= 2 && !$0.utf8.allSatisfy { $0 < 128 } && header.contains($0) }
        return held.map { 500 - $0 }
    }

    /// Whether what the column holds can be the field; a column without any cell filled can be any but the main ones.
    private func isPlausible(_ field: ImportField, _ sample: Sample) -> Bool {
        if sample.filled == 0 { return ![.id, .time, .text, .subject].contains(field) }
        switch field {
        // Exports list the versions of an order one below the other, and leave a number out here and there.
        case .id: return sample.filled * 10 >= sample.rows * 9 && sample.distinct.count * 2 >= sample.filled
        // Half may be unreadable: their rows are refused with a reason, which a column left out would not be.
        case .time, .closed: return sample.isMostly(sample.dates, percent: 50)
        case .text, .reply: return sample.meanCharacters >= 4
        case .subject: return sample.meanCharacters >= 2
        case .type: return sample.isMostly(sample.types, percent: 50)
        case .author: return !sample.isMostly(sample.placeholders, percent: 50)
        // In each other's column, or in metres, they are still what the header says.
        case .latitude, .longitude: return sample.isMostly(sample.places, percent: 50)
        case .likes, .dislikes, .transfers: return sample.isMostly(sample.integers, percent: 50)
        case .channel, .township, .satisfaction, .verdict, .contacted, .unit, .topic: return sample.meanCharacters <= 60
        case .phone, .address, .duplicate: return true
        }
    }

    /// Where no header helped, the cells may: dates are times, the longest text is the text, unique marks are ids.
    private func fillByContent(_ columns: inout [ImportField: Int]) {
        let free = headers.indices.filter { column in
            !columns.values.contains(column) && samples[column].filled > 0
                && !ImportLayout.rejectHeaders.map(ImportText.normalised).contains(headers[column])
        }
        if columns[.time] == nil {
            columns[.time] = free.first { samples[$0].isMostly(samples[$0].dates, percent: 95) }
        }
        if columns[.text] == nil, columns[.subject] == nil {
            let longest = free.max { samples[$0].meanCharacters < samples[$1].meanCharacters }
            columns[.text] = longest.flatMap { samples[$0].meanCharacters >= 6 ? $0 : nil }
        }
        if columns[.id] == nil {
            columns[.id] = free.first { column in
                let sample = samples[column]
                return sample.filled >= 3 && sample.distinct.count == sample.rows && sample.meanCharacters <= 40
                    && sample.dates == 0 && column != columns[.text] && headers[column].isEmpty == false
                    && sample.isMostly(sample.integers, percent: 100)
            }
        }
    }
}
