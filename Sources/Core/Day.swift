/// A day of the proleptic Gregorian calendar, without a time or a zone.
package struct Day: Hashable, Sendable, Comparable {
    /// Days since 1970-01-01.
    package let number: Int

    package init(number: Int) { self.number = number }

    /// Nil when the parts name no day, such as 2021-02-29.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9_999).contains(year), (1...12).contains(month), day >= 1,
            day <= Day.length(ofMonth: month, year: year)
        else { return nil }
        // Hinnant, "chrono-Compatible Low-Level Date Algorithms": years start in March.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
    }

    /// Reads `yyyy-MM-dd`; nil for anything else.
    package init?(iso text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),  // Int reads "+4" too.
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package init(_ instant: Instant, in zone: TimeZoneOffset) {
        let local = instant.millisecondsSince1970 + Int64(zone.minutes) * 60_000
        number = Int(local.flooringDivision(by: Instant.millisecondsPerDay))
    }

    package var parts: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = shifted.flooringDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    package enum Weekday: Int, Sendable, CaseIterable {
        case monday = 1
        case tuesday, wednesday, thursday, friday, saturday, sunday
        package var isWeekend: Bool { self == .saturday || self == .sunday }
    }

    package var weekday: Weekday {
        let index = number + 3  // 1970-01-01 was a Thursday.
        return Weekday(rawValue: index - index.flooringDivision(by: 7) * 7 + 1)!
    }

    package func adding(days: Int) -> Day { Day(number: number + days) }

    /// Midnight at the start of the day.
    package func start(in zone: TimeZoneOffset) -> Instant {
        Instant(
            millisecondsSince1970: Int64(number) * Instant.millisecondsPerDay - Int64(zone.minutes) * 60_000)
    }

    package static func < (left: Day, right: Day) -> Bool { left.number < right.number }

    package static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}

extension Day: CustomStringConvertible {
    /// `yyyy-MM-dd`.
    package var description: String {
        let (year, month, day) = parts
        return "\(Day.padded(year, 4))-\(Day.padded(month, 2))-\(Day.padded(day, 2))"
    }

    package static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return digits.count >= width ? digits : String(repeating: "0", count: width - digits.count) + digits
    }
}

extension Instant {
    /// `yyyy-MM-dd HH:mm`, the way the district writes a time.
    package func text(in zone: TimeZoneOffset) -> String {
        let day = Day(self, in: zone)
        let minutes = Int(milliseconds(since: day.start(in: zone)) / 60_000)
        return "\(day) \(Day.padded(minutes / 60, 2)):\(Day.padded(minutes % 60, 2))"
    }
}

extension BinaryInteger {
    /// Division rounded towards negative infinity, so that days before 1970 count right.
    package func flooringDivision(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder != 0 && (remainder < 0) != (divisor < 0) ? quotient - 1 : quotient
    }
}
