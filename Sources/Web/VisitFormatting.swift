package import Core
import Foundation

/// Numbers and times as the pages show them: the same in both languages, in the site's zone.
extension Visit {
    /// `2021-04-19 09:05`
    package func time(_ instant: Instant) -> String { "\(day(instant)) \(clock(instant))" }

    /// `2021-04-19`
    package func day(_ instant: Instant) -> String { day(Day(instant, in: site.zone)) }

    package func day(_ day: Day) -> String {
        let (year, month, date) = day.parts
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(date, 2))"
    }

    /// `09:05`
    package func clock(_ instant: Instant) -> String {
        let midnight = Day(instant, in: site.zone).start(in: site.zone)
        let minutes = Int(instant.milliseconds(since: midnight) / 60_000)
        return "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
    }

    /// `12,345`
    package func number(_ value: Int) -> String { grouped(value) }
    package func number(_ value: Int64) -> String { grouped(Int(value)) }

    /// `9,547.9`, with at most so many decimals. Not for money.
    package func number(_ value: Double, places: Int) -> String {
        let text = plain(value, places: places)
        return (try? ExactDecimal(text))?.text() ?? text
    }

    /// Permille as per cent with one decimal: 874 → `87.4%`.
    package func percent(permille: Int) -> String {
        let sign = permille < 0 ? "-" : ""
        return "\(sign)\(grouped(abs(permille) / 10)).\(abs(permille) % 10)%"
    }

    /// A stretch of time in its largest useful unit: `3 分 20 秒`, `2 小时 5 分`.
    package func duration(seconds: Int) -> String {
        switch seconds {
        case ..<60: word("web.duration.seconds", String(max(0, seconds)))
        case ..<3_600: word("web.duration.minutes", String(seconds / 60), String(seconds % 60))
        case ..<86_400: word("web.duration.hours", String(seconds / 3_600), String(seconds % 3_600 / 60))
        default: word("web.duration.days", String(seconds / 86_400), String(seconds % 86_400 / 3_600))
        }
    }
}

/// Thousands separated by commas.
package func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var out = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { out += "," }
        out.append(digit)
    }
    return out
}

/// At most `places` decimals (0 to 9), half away from zero, none that are zero at the end: 12.50 → `12.5`. Not for
/// money.
package func plain(_ value: Double, places: Int = 2) -> String {
    guard value.isFinite else { return "–" }
    let scale = powersOfTen[places]
    // A page draws thousands of these, and a format string takes thirty times as long.
    guard let scaled = Int64(exactly: (value * Double(scale)).rounded()) else { return String(format: "%.0f", value) }
    let (whole, rest) = scaled.magnitude.quotientAndRemainder(dividingBy: scale)
    var text = scaled < 0 ? "-\(whole)" : "\(whole)"
    guard rest != 0 else { return text }
    let digits = String(rest)
    text += "."
    for _ in digits.utf8.count..<places { text += "0" }
    text += digits
    while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
    return text
}

private let powersOfTen = (0...9).map { (0..<$0).reduce(UInt64(1)) { power, _ in power * 10 } }

private func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
