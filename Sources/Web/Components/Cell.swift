package import Core

/// One value of a table or a list of facts.
package enum Cell: Sendable {
    case text(String)
    /// Names, days and times beside each other, on one line.
    case whole(String)
    /// Longer text, cut off after two lines; the whole of it in a title.
    case long(String)
    case link(String, String)
    case badge(String, Tone)
    case badges([Badge])
    case light(LightBadge.Colour)
    /// A light with a word of its own.
    case lamp(LightBadge)
    case time(Instant)
    case day(Day)
    case number(Int)
    /// A share in permille.
    case percent(Int)
    /// A share in permille as a bar beside its figure.
    case bar(Int, String)
    /// A list's trend in one line.
    case sparkline(Sparkline)
    case markup(Markup)
    case none

    func write(to html: inout HTML, for visit: Visit) {
        switch self {
        case .text(let text): html.text(text)
        case .whole(let text): html.tag("span", ["class": "whole"], text: text)
        case .long(let text): html.tag("span", ["class": "clamp", "title": text], text: text)
        case .link(let text, let href): html.tag("a", ["href": href], text: text)
        case .badge(let text, let tone): Badge(text, tone).write(to: &html, for: visit)
        case .badges(let badges):
            html.tag("span", ["class": "badges"]) { for badge in badges { badge.write(to: &$0, for: visit) } }
        case .light(let colour): LightBadge(colour).write(to: &html, for: visit)
        case .lamp(let badge): badge.write(to: &html, for: visit)
        case .time(let instant): html.tag("time", text: visit.time(instant))
        case .day(let day): html.tag("time", text: visit.day(day))
        case .number(let value): html.text(grouped(value))
        case .percent(let permille): html.text(visit.percent(permille: permille))
        case .bar(let permille, let text):
            html.tag("span", ["class": "meter-cell"]) {
                $0.tag("span", text: text)
                let value = String(min(max(permille, 0), 1_000))
                $0.tag("progress", ["max": "1000", "value": value, "aria-hidden": "true"], text: "")
            }
        case .sparkline(let sparkline): sparkline.write(to: &html, for: visit)
        case .markup(let markup): html.markup(markup)
        case .none: html.tag("span", ["class": "none"], text: "–")
        }
    }

    /// What it says without any markup, for a file; a picture says nothing.
    package func plain(for visit: Visit) -> String {
        switch self {
        case .text(let text), .whole(let text), .long(let text), .link(let text, _), .badge(let text, _),
            .bar(_, let text):
            text
        case .badges(let badges): badges.map(\.text).joined(separator: " ")
        case .light(let colour): visit.word("web.light.\(colour.rawValue)")
        case .lamp(let badge): badge.text ?? visit.word("web.light.\(badge.colour.rawValue)")
        case .time(let instant): visit.time(instant)
        case .day(let day): visit.day(day)
        case .number(let value): String(value)
        case .percent(let permille): visit.percent(permille: permille)
        case .sparkline, .markup, .none: ""
        }
    }

    /// Case numbers and names of units stay on one line.
    var isShort: Bool {
        guard case .text(let text) = self else { return false }
        return text.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E80 ? 2 : 1) } <= 20
    }
}
