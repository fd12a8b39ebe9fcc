package import Core

/// A running job: how far, how fast, how long still. JavaScript asks `poll` every second for `Status` as JSON and
/// opens `Status.next` at the end; without it the page sets `refreshSeconds`.
package struct ProgressView: Component {
    /// What `poll` answers, with `visit.json`.
    package struct Status: Encodable, Sendable, Equatable {
        /// `queued`, `running`, `done`, `cancelled` or `parked`, as jobs call their states.
        package let state: String
        package let done: Int
        /// 0 while unknown.
        package let total: Int
        /// One line about what is being done, in the visitor's language.
        package let note: String
        package let perSecond: Int
        package let secondsLeft: Int?
        /// Sentences made here, so that the script needs no words.
        package let figures: String
        /// Where to go when it is over.
        package let next: String?

        package var isOver: Bool { ["done", "cancelled", "parked"].contains(state) }

        /// Rate and time left are computed from `startedAt` to the visit's now.
        package init(
            state: String, done: Int, total: Int, note: String, startedAt: Instant?, next: String?, visit: Visit
        ) {
            self.state = state
            self.done = done
            self.total = total
            self.note = note
            self.next = next
            let milliseconds = startedAt.map { max(1, visit.now.milliseconds(since: $0)) } ?? 0
            perSecond = milliseconds == 0 ? 0 : Int(Int64(done) * 1_000 / milliseconds)
            secondsLeft = perSecond > 0 && total > done ? (total - done) / perSecond : nil
            var parts = [
                total > 0
                    ? visit.word("web.progress.of", grouped(done), grouped(total))
                    : visit.word("web.progress.so_far", grouped(done))
            ]
            if perSecond > 0 { parts.append(visit.word("web.progress.rate", grouped(perSecond))) }
            if let secondsLeft {
                parts.append(visit.word("web.progress.left", visit.duration(seconds: secondsLeft)))
            }
            figures = parts.joined(separator: " · ")
        }
    }

    let title: String
    let poll: String
    let status: Status
    let cancelPath: String?

    package init(title: String, poll: String, status: Status, cancelPath: String? = nil) {
        self.title = title
        self.poll = poll
        self.status = status
        self.cancelPath = cancelPath
    }

    package func write(to html: inout HTML, for visit: Visit) {
        // A bar without a value moves as if work went on.
        let (value, most) =
            status.total > 0
            ? (status.done, status.total) : status.isOver ? (status.state == "done" ? 1 : 0, 1) : (nil, nil)
        html.tag("section", ["class": "card progress", "data-poll": status.isOver ? nil : poll]) { html in
            html.tag("h2", text: title)
            html.tag(
                "progress",
                [
                    "max": most.map(String.init), "value": value.map(String.init), "aria-label": title,
                ], text: "")
            html.tag("p", ["class": "progress-figures", "data-figures": "", "role": "status"], text: status.figures)
            html.tag("p", ["class": "hint", "data-note": ""], text: status.note)
            if let cancelPath, !status.isOver {
                html.tag("form", ["method": "post", "action": cancelPath]) { html in
                    html.void("input", ["type": "hidden", "name": "csrf", "value": visit.context.csrfToken])
                    html.tag(
                        "button",
                        ["class": "button", "type": "submit", "data-confirm": visit.word("web.progress.cancel_sure")],
                        text: visit.word("web.progress.cancel"))
                }
            }
        }
    }
}
