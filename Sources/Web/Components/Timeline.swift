/// What happened to a case, latest last.
package struct Timeline: Component {
    package struct Entry: Sendable {
        package let at: String
        package let title: String
        package let detail: String?
        package let who: String?
        package let tone: Tone

        package init(at: String, title: String, detail: String? = nil, who: String? = nil, tone: Tone = .neutral) {
            self.at = at
            self.title = title
            self.detail = detail
            self.who = who
            self.tone = tone
        }
    }

    let entries: [Entry]

    package init(_ entries: [Entry]) { self.entries = entries }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("ol", ["class": "timeline"]) { html in
            for entry in entries.suffix(WebLimits.timelineEntriesMax) {
                html.tag("li", ["class": "timeline-entry tone-\(entry.tone.rawValue)"]) { html in
                    html.tag("p", ["class": "timeline-head"]) { html in
                        html.tag("strong", text: entry.title)
                        if let who = entry.who { html.tag("span", ["class": "timeline-who"], text: who) }
                        html.tag("time", text: entry.at)
                    }
                    if let detail = entry.detail, !detail.isEmpty {
                        html.tag("p", ["class": "timeline-detail"], text: detail)
                    }
                }
            }
        }
    }
}
