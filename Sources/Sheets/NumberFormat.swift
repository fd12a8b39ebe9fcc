import Core

/// What a number format makes of a number, as far as reading is concerned.
enum NumberFormat: UInt8, Sendable {
    case number, date
    /// Hours and minutes of a day, without the day.
    case time
    /// `[h]:mm`: a span that may exceed a day.
    case elapsed

    /// The formats every workbook has without naming them, those of Chinese Excel included (ECMA-376 part 1, 18.8.30).
    static func builtIn(_ id: Int) -> NumberFormat {
        switch id {
        case 14...17, 22, 27...31, 36, 50...54, 57, 58: .date
        case 18...21, 32...35, 45, 47, 55, 56: .time
        case 46: .elapsed
        default: .number
        }
    }

    /// Reads a format code such as `yyyy"年"m"月"d"日"` or `[$-804]h:mm`; only its first section counts.
    init(code: String) {
        var letters: Set<UInt8> = []
        var isElapsed = false
        var bytes = Array(code.utf8)[...]
        scan: while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "_"), UInt8(ascii: "*"): _ = bytes.popFirst()
            case UInt8(ascii: "\""):
                bytes = bytes.drop { $0 != UInt8(ascii: "\"") }.dropFirst()
            case UInt8(ascii: "["):
                let inside = bytes.prefix { $0 != UInt8(ascii: "]") }
                bytes = bytes.dropFirst(inside.count + 1)
                let units = Set(inside.map { $0 | 0x20 })
                if units.count == 1, units.isSubset(of: "hms".utf8) { isElapsed = true }
            case UInt8(ascii: ";"): break scan
            case UInt8(ascii: "G"), UInt8(ascii: "g"):
                // "General", and the era of a Japanese date.
                if bytes.prefix(6).map({ $0 | 0x20 }).elementsEqual("eneral".utf8) { bytes = bytes.dropFirst(6) }
            case UInt8(ascii: "E"), UInt8(ascii: "e"):
                let isExponent = bytes.first == UInt8(ascii: "+") || bytes.first == UInt8(ascii: "-")
                if !isExponent { letters.insert(UInt8(ascii: "y")) }
            case UInt8(ascii: "A"), UInt8(ascii: "a"):
                // AM/PM and A/P belong to a time; aaa is a weekday.
                let rest = bytes.prefix(4).map { $0 | 0x20 }
                if rest.elementsEqual("m/pm".utf8.map { $0 | 0x20 }) {
                    bytes = bytes.dropFirst(4)
                } else if rest.starts(with: [0x2F, UInt8(ascii: "p")]) {
                    bytes = bytes.dropFirst(2)
                } else {
                    letters.insert(UInt8(ascii: "d"))
                }
            default:
                if "ymdhsb".utf8.contains(byte | 0x20), byte >= 0x41 { letters.insert(byte | 0x20) }
            }
        }
        let hasTime = letters.contains(UInt8(ascii: "h")) || letters.contains(UInt8(ascii: "s"))
        if letters.contains(UInt8(ascii: "y")) || letters.contains(UInt8(ascii: "d"))
            || letters.contains(UInt8(ascii: "b"))
            || (letters.contains(UInt8(ascii: "m")) && !hasTime && !isElapsed)
        {
            self = .date
        } else {
            self = isElapsed ? .elapsed : hasTime ? .time : .number
        }
    }
}

/// The day numbers of a workbook.
enum Epoch: Sendable {
    /// Day 1 is 1900-01-01, and 1900 counts as a leap year, as it did in Lotus 1-2-3.
    case from1900
    /// Day 0 is 1904-01-01, from the first Macintosh.
    case from1904

    /// - Returns: nil outside 1900-01-01…9999-12-31, where Excel shows no date either.
    func cell(serial: Double, format: NumberFormat) -> Cell? {
        guard serial.isFinite, serial >= 0, serial < 2_958_466 else { return nil }
        // Serial numbers are good to about a microsecond; a millisecond hides their noise.
        let milliseconds = Int64((serial * 86_400_000).rounded())
        switch format {
        case .number: return nil
        case .elapsed: return .text(Epoch.clock(milliseconds))
        case .time where milliseconds < Instant.millisecondsPerDay: return .text(Epoch.clock(milliseconds))
        case .time, .date: break
        }
        let day = milliseconds / Instant.millisecondsPerDay
        switch self {
        case .from1904: return .date(milliseconds: milliseconds - 24_107 * Instant.millisecondsPerDay)
        case .from1900:
            if day == 60 { return .text("1900-02-29") }
            let shift: Int64 = day < 60 ? 25_568 : 25_569
            return .date(milliseconds: milliseconds - shift * Instant.millisecondsPerDay)
        }
    }

    /// `HH:mm:ss`; hours go on counting beyond a day.
    private static func clock(_ milliseconds: Int64) -> String {
        let seconds = Int((milliseconds + 500) / 1_000)
        return "\(Day.padded(seconds / 3_600, 2)):\(Day.padded(seconds / 60 % 60, 2)):\(Day.padded(seconds % 60, 2))"
    }
}
