import Core

/// How a text file divides its rows.
struct CSVDialect: Equatable, Sendable {
    /// One byte, or the three of a full-width comma.
    var separator: [UInt8] = [UInt8(ascii: ",")]
    /// Excel writes `sep=;` in front of the rows; that line is none of them.
    var hasSeparatorLine = false

    private static let candidates: [[UInt8]] = [",", "\t", ";", "|", "，"].map { Array($0.utf8) }

    /// The separator that cuts most rows of the sample into the same number of columns, more than one.
    /// - Parameter isWhole: false when the sample ends in the middle of a row.
    static func detect(_ sample: [UInt8], isWhole: Bool) -> CSVDialect {
        if let named = separatorLine(sample) { return CSVDialect(separator: [named], hasSeparatorLine: true) }
        var best = (score: 0, separator: candidates[0])
        for separator in candidates {
            var widths = columnCounts(sample, separator)
            if !isWhole, widths.count > 1 { widths.removeLast() }
            var tally: [Int: Int] = [:]
            for width in widths where width > 1 { tally[width, default: 0] += 1 }
            guard
                let mode = tally.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
                !widths.isEmpty
            else { continue }
            // Agreement first, in tenths, so that a stray separator in a text does not outweigh five columns.
            let score = (mode.value * 10 / widths.count) * 10_000 + min(mode.key, 9_999)
            if score > best.score { best = (score, separator) }
        }
        return CSVDialect(separator: best.separator)
    }

    private static func separatorLine(_ sample: [UInt8]) -> UInt8? {
        guard sample.count > 5, sample[5] == 0x0A || sample[5] == 0x0D,
            sample[..<4].map({ $0 | 0x20 }).elementsEqual("sep=".utf8.map { $0 | 0x20 })
        else { return nil }
        return candidates.contains([sample[4]]) ? sample[4] : nil
    }

    /// Columns of each of the first hundred rows, quotes respected.
    private static func columnCounts(_ sample: [UInt8], _ separator: [UInt8]) -> [Int] {
        var counts: [Int] = []
        var columns = 1
        var (at, isQuoted, isAtStart, isBlank) = (0, false, true, true)
        while at < sample.count, counts.count < 100 {
            let byte = sample[at]
            if isQuoted {
                if byte == 0x22 { isQuoted = false }
                at += 1
                continue
            }
            if byte == 0x0A || byte == 0x0D {
                if !isBlank { counts.append(columns) }
                (columns, isAtStart, isBlank) = (1, true, true)
                at += 1
                continue
            }
            isBlank = false
            if byte == separator[0], sample[at...].starts(with: separator) {
                columns += 1
                at += separator.count
                isAtStart = true
                continue
            }
            // A quote inside a doubled pair opens again at once, which counts the same.
            if byte == 0x22, isAtStart || sample[at - 1] == 0x22 { isQuoted = true }
            isAtStart = false
            at += 1
        }
        if !isBlank || isQuoted, counts.count < 100 { counts.append(columns) }
        return counts
    }
}
