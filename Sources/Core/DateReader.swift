/// Reads the times people and programs write in sheets. No locale machinery: the same text gives the same instant
/// on every machine.
///
/// Understood, with `/`, `-`, `.` or 年月日 between the parts, full-width or not, the time optional:
/// `2019/2/28 11:25:05`, `2019-02-28 11:25`, `2019年2月28日 下午3点05分`, `2015-12-02 08:45:40.000`, ISO 8601 with `T` and a
/// zone, `12/31/2016` (month first, as spreadsheet programs write it; day first only when the month cannot be),
/// `20190228`, `20190228112505`, serial days of a spreadsheet (`43524.476`), and seconds or milliseconds since 1970.
package enum DateReader {
    /// Nil for what is no date, and for dates and times that do not exist, such as 2021-02-29 or 25:00.
    /// `zone` holds for texts that name none.
    package static func read(_ text: String, zone: TimeZoneOffset = .shanghai) -> Instant? {
        var cursor = Cursor(text)
        guard !cursor.isAtEnd, let reading = cursor.reading() else { return nil }
        return Instant(
            millisecondsSince1970: reading.milliseconds - (reading.isUTC ? 0 : Int64(zone.minutes) * 60_000))
    }

    /// The instant of a wall clock without a zone, in milliseconds since 1970-01-01T00:00 on that clock.
    package static func instant(wallClockMilliseconds: Int64, zone: TimeZoneOffset = .shanghai) -> Instant {
        Instant(millisecondsSince1970: wallClockMilliseconds - Int64(zone.minutes) * 60_000)
    }

    /// Milliseconds on the text's own clock; `isUTC` when the text named its zone and it has been taken off.
    private typealias Reading = (milliseconds: Int64, isUTC: Bool)

    /// The text in half-width scalars, blanks at the ends gone, and a place in it.
    private struct Cursor {
        private var scalars: [UInt32] = []
        private var at = 0

        /// Longer texts are no dates; the limit keeps a cell of a megabyte cheap.
        private static let charactersMax = 40

        init(_ text: String) {
            for scalar in text.unicodeScalars.prefix(Self.charactersMax + 1) {
                let value = scalar.value
                // Full-width forms lie 0xFEE0 above ASCII; the ideographic and no-break blanks become blanks.
                let narrow = (0xFF01...0xFF5E).contains(value) ? value - 0xFEE0 : value
                let isBlank = [0x3000, 0xA0, 0xFEFF, 0x200B, 9, 10, 13].contains(narrow)
                if isBlank || narrow == 32 {
                    if !scalars.isEmpty { scalars.append(32) }
                } else {
                    scalars.append(narrow)
                }
            }
            if scalars.count > Self.charactersMax { scalars = [] }
            while scalars.last == 32 { scalars.removeLast() }
        }

        var isAtEnd: Bool { at >= scalars.count }

        mutating func reading() -> Reading? {
            let firstDigits = scalars.prefix { (48...57).contains($0) }.count
            if firstDigits == scalars.count || (firstDigits == 5 && scalars[firstDigits] == 46) { return bareNumber() }
            guard let day = day() else { return nil }
            let midnight = Int64(day.number) * Instant.millisecondsPerDay
            skipBlanks()
            if accept("T") || accept("t") { skipBlanks() }
            skipWeekday()
            if isAtEnd { return (midnight, false) }
            guard let time = timeOfDay() else { return nil }
            skipBlanks()
            if isAtEnd { return (midnight + time, false) }
            guard let offset = zoneMinutes(), isAtEnd else { return nil }
            return (midnight + time - Int64(offset) * 60_000, true)
        }

        /// Only digits: a compact date, a serial day, or a count since 1970.
        private mutating func bareNumber() -> Reading? {
            let whole = digits(maximum: 14) ?? ""
            guard let value = Int64(whole) else { return nil }
            if accept(".") {
                guard let fraction = digits(maximum: 15), isAtEnd, let parts = Double("0." + fraction) else {
                    return nil
                }
                return serial(days: value, fraction: parts)
            }
            guard isAtEnd else { return nil }
            switch whole.count {
            case 5: return serial(days: value, fraction: 0)
            case 8: return compact(date: value, time: 0)
            case 12: return compact(date: value / 10_000, time: value % 10_000 * 100)
            case 14: return compact(date: value / 1_000_000, time: value % 1_000_000)
            case 10: return (value * 1_000, true)
            case 13: return (value, true)
            default: return nil
            }
        }

        /// Days since 1899-12-30, the count spreadsheet programs keep; 1954 to 2118, so that a house number is no date.
        private func serial(days: Int64, fraction: Double) -> Reading? {
            guard (20_000...80_000).contains(days) else { return nil }
            let seconds = (fraction * 86_400).rounded()
            return ((days - 25_569) * Instant.millisecondsPerDay + Int64(seconds) * 1_000, false)
        }

        private func compact(date: Int64, time: Int64) -> Reading? {
            let (year, month, dayOfMonth) = (Int(date / 10_000), Int(date / 100 % 100), Int(date % 100))
            guard (1_900...2_199).contains(year), let day = Day(year: year, month: month, day: dayOfMonth),
                let within = Self.milliseconds(hour: time / 10_000, minute: time / 100 % 100, second: time % 100)
            else { return nil }
            return (Int64(day.number) * Instant.millisecondsPerDay + within, false)
        }

        private mutating func day() -> Day? {
            guard let first = digits(maximum: 4), let separator = separator(), let second = digits(maximum: 2),
                self.separator() != nil, let third = digits(maximum: 4)
            else { return nil }
            _ = accept("日") || accept("号")
            guard let a = Int(first), let b = Int(second), let c = Int(third) else { return nil }
            if first.count == 4, third.count <= 2 { return Day(year: a, month: b, day: c) }
            guard third.count == 4, first.count <= 2, separator != "年" else { return nil }
            return a > 12 ? Day(year: c, month: b, day: a) : Day(year: c, month: a, day: b)
        }

        private mutating func separator() -> Character? {
            skipBlanks()
            for candidate: Character in ["/", "-", ".", "年", "月"] where accept(candidate) {
                skipBlanks()
                return candidate
            }
            return nil
        }

        /// Milliseconds since midnight; hours of a half-day clock when 上午, 下午, AM or PM says so.
        private mutating func timeOfDay() -> Int64? {
            var half = halfOfDay()
            guard let hour = digits(maximum: 2).flatMap({ Int64($0) }) else { return nil }
            let isChinese = accept("时") || accept("点")
            guard isChinese || accept(":") else { return nil }
            var (minute, second, fraction): (Int64, Int64, Int64) = (0, 0, 0)
            if let text = digits(maximum: 2) {
                minute = Int64(text) ?? 60
                if accept(":") || (accept("分") && !isAtEnd && scalars[at] != 32) {
                    second = digits(maximum: 2).flatMap { Int64($0) } ?? 60
                    _ = accept("秒")
                    if accept(".") || accept(",") {
                        guard let text = digits(maximum: 9) else { return nil }
                        fraction = Int64((text + "00").prefix(3)) ?? 0
                    }
                }
            } else if !isChinese {
                return nil
            }
            skipBlanks()
            half = half ?? halfOfDay()
            guard let within = Self.milliseconds(hour: hour, minute: minute, second: second) else { return nil }
            let shift: Int64 =
                switch half {
                case .morning where hour == 12: -12
                case .afternoon where hour < 12: 12
                default: 0
                }
            return within + shift * 3_600_000 + fraction
        }

        private enum HalfOfDay { case morning, afternoon }

        private mutating func halfOfDay() -> HalfOfDay? {
            for word in ["上午", "凌晨", "早上", "AM", "am"] where accept(word: word) { return .morning }
            for word in ["下午", "晚上", "中午", "PM", "pm"] where accept(word: word) { return .afternoon }
            return nil
        }

        /// Minutes east of UTC, from `Z`, `+08`, `+0800` or `+08:00`.
        private mutating func zoneMinutes() -> Int? {
            if accept("Z") || accept("z") { return 0 }
            let isWest = accept("-")
            guard isWest || accept("+"), let hours = digits(maximum: 2).flatMap({ Int($0) }) else { return nil }
            _ = accept(":")
            let minutes = digits(maximum: 2).flatMap { Int($0) } ?? 0
            guard hours <= 14, minutes < 60 else { return nil }
            return (hours * 60 + minutes) * (isWest ? -1 : 1)
        }

        /// 星期三 or 周三 between date and time says nothing that the date does not.
        private mutating func skipWeekday() {
            guard accept(word: "星期") || accept(word: "周") else { return }
            at = min(at + 1, scalars.count)
            skipBlanks()
        }

        private static func milliseconds(hour: Int64, minute: Int64, second: Int64) -> Int64? {
            guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
            return ((hour * 60 + minute) * 60 + second) * 1_000
        }

        private mutating func digits(maximum: Int) -> String? {
            var text = ""
            while at < scalars.count, (48...57).contains(scalars[at]), text.utf8.count < maximum {
                text.append(Character(UnicodeScalar(UInt8(scalars[at]))))
                at += 1
            }
            return text.isEmpty ? nil : text
        }

        private mutating func accept(_ character: Character) -> Bool { accept(word: String(character)) }

        private mutating func accept(word: String) -> Bool {
            let wanted = word.unicodeScalars.map(\.value)
            guard at + wanted.count <= scalars.count, scalars[at..<at + wanted.count].elementsEqual(wanted) else {
                return false
            }
            at += wanted.count
            return true
        }

        private mutating func skipBlanks() {
            while at < scalars.count, scalars[at] == 32 { at += 1 }
        }
    }
}
