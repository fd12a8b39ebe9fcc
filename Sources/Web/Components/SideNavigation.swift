/// The entries at the side of every page. It writes itself: on most pages Mustache would spend more on it than on all
/// else.
struct SideNavigation: Component {
    struct Group {
        let title: String?
        let entries: [Layout.Entry]
    }

    let groups: [Group]

    func write(to html: inout HTML, for visit: Visit) {
        for group in groups {
            if let title = group.title { html.tag("p", ["class": "side-title"], text: title) }
            html.tag("ul") { html in
                for entry in group.entries {
                    html.tag("li") {
                        $0.tag(
                            "a",
                            [
                                "href": entry.href, "aria-current": entry.isCurrent ? "page" : nil,
                                "data-go": entry.shortcut,
                            ], text: entry.title)
                    }
                }
            }
        }
    }
}

/// In the help for keys: what opens after `g`.
struct ShortcutList: Component {
    let entries: [Layout.Entry]

    func write(to html: inout HTML, for visit: Visit) {
        for entry in entries {
            guard let key = entry.shortcut else { continue }
            html.tag("div") { html in
                html.tag("dt") {
                    $0.tag("kbd", text: "g")
                    $0.text(" ")
                    $0.tag("kbd", text: key)
                }
                html.tag("dd", text: entry.title)
            }
        }
    }
}
