import Hummingbird

/// What stands where nothing is: why, and what to do next.
package struct EmptyState: Component {
    package enum Kind: String, Sendable, CaseIterable {
        /// There is nothing yet, or nothing matches.
        case empty
        /// It is being made; the page loads again by itself (`Page.refreshSeconds`).
        case loading
        /// It could not be read.
        case error
        /// It is there, and not for this person.
        case noPermission = "no-permission"
    }

    let kind: Kind
    let title: String
    let detail: String?
    let action: PageAction?

    package init(title: String, detail: String? = nil, action: PageAction? = nil, kind: Kind = .empty) {
        self.kind = kind
        self.title = title
        self.detail = detail
        self.action = action
    }

    /// In place of a part of a page that the visitor's roles do not open; says which would.
    package static func noPermission(_ visit: Visit, needed: Access) -> EmptyState {
        EmptyState(
            title: visit.word("web.state.no_permission"),
            detail: needed.names(visit).map { visit.word("web.state.no_permission.detail", $0) }, kind: .noPermission)
    }

    /// In place of a part of a page that could not be read; the log knows the reference.
    package static func failed(_ visit: Visit) -> EmptyState {
        EmptyState(
            title: visit.word("web.state.error"), detail: visit.word("web.state.error.detail", visit.context.reference),
            action: PageAction(visit.word("web.state.retry"), visit.request.uri.string), kind: .error)
    }

    package static func loading(_ visit: Visit) -> EmptyState {
        EmptyState(
            title: visit.word("web.state.loading"), detail: visit.word("web.state.loading.detail"), kind: .loading)
    }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag(
            "div",
            [
                "class": kind == .empty ? "empty" : "empty empty-\(kind.rawValue)",
                "role": kind == .error ? "alert" : kind == .loading ? "status" : nil,
                "aria-busy": kind == .loading ? "true" : nil,
            ]
        ) { html in
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
