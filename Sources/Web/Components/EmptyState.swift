/// What stands where nothing is: why, and what to do next.
package struct EmptyState: Component {
    let title: String
    let detail: String?
    let action: PageAction?

    package init(title: String, detail: String? = nil, action: PageAction? = nil) {
        self.title = title
        self.detail = detail
        self.action = action
    }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("div", ["class": "empty"]) { html in
            html.tag("p", ["class": "empty-title"], text: title)
            if let detail { html.tag("p", text: detail) }
            if let action {
                html.tag("p") {
                    $0.tag(
                        "a", ["class": action.isPrimary ? "button button-primary" : "button", "href": action.href],
                        text: action.title)
                }
            }
        }
    }
}

/// A message about what just happened, or about the state of the whole page.
package struct Toast: Component {
    let text: String
    let tone: Tone

    package init(_ text: String, tone: Tone = .good) {
        self.text = text
        self.tone = tone
    }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("div", ["class": "notice notice-\(tone.rawValue)", "role": tone == .danger ? "alert" : "status"]) {
            $0.tag("p", text: text)
        }
    }
}
