/// A score and what made it, so that nobody has to believe it.
package struct ScoreView: Component {
    package struct Reason: Sendable {
        package let text: String
        package let points: Int
        /// The records behind it.
        package let href: String?

        package init(_ text: String, points: Int, href: String? = nil) {
            self.text = text
            self.points = points
            self.href = href
        }
    }

    let points: Int
    let pointsMax: Int
    let title: String
    let reasons: [Reason]
    let isOpen: Bool

    package init(points: Int, of pointsMax: Int = 100, title: String, reasons: [Reason], isOpen: Bool = false) {
        self.points = points
        self.pointsMax = pointsMax
        self.title = title
        self.reasons = reasons
        self.isOpen = isOpen
    }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("section", ["class": "score"]) { html in
            html.tag("p", ["class": "score-head"]) { html in
                html.tag("span", ["class": "score-title"], text: title)
                html.tag("strong", ["class": "score-points"], text: grouped(points))
                html.tag("span", ["class": "score-max"], text: "/ \(grouped(pointsMax))")
            }
            html.tag(
                "progress",
                ["max": String(pointsMax), "value": String(min(max(points, 0), pointsMax)), "aria-hidden": "true"],
                text: "")
            guard !reasons.isEmpty else { return }
            html.tag("details", ["open": isOpen ? "" : nil]) { html in
                html.tag("summary", text: visit.word("web.score.how"))
                html.tag("ul", ["class": "score-reasons"]) { html in
                    for reason in reasons { write(reason, to: &html) }
                }
            }
        }
    }

    private func write(_ reason: Reason, to html: inout HTML) {
        html.tag("li") { html in
            if let href = reason.href {
                html.tag("a", ["href": href], text: reason.text)
            } else {
                html.tag("span", text: reason.text)
            }
            html.tag("span", ["class": "num"], text: (reason.points >= 0 ? "+" : "") + grouped(reason.points))
        }
    }
}
