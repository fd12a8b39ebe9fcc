/// Names and values of one record.
package struct KeyValues: Component {
    let pairs: [(String, Cell)]

    package init(_ pairs: [(String, Cell)]) { self.pairs = pairs }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("dl", ["class": "facts"]) { html in
            for (name, value) in pairs {
                html.tag("div") { html in
                    html.tag("dt", text: name)
                    html.tag("dd") { value.write(to: &$0, for: visit) }
                }
            }
        }
    }
}

/// The few figures a page starts with.
package struct StatTiles: Component {
    package struct Tile: Sendable {
        package let label: String
        package let value: String
        package let unit: String?
        package let note: String?
        package let href: String?
        package let tone: Tone
        package let trend: Sparkline?

        package init(
            _ label: String, _ value: String, unit: String? = nil, note: String? = nil, href: String? = nil,
            tone: Tone = .neutral, trend: Sparkline? = nil
        ) {
            self.label = label
            self.value = value
            self.unit = unit
            self.note = note
            self.href = href
            self.tone = tone
            self.trend = trend
        }
    }

    let tiles: [Tile]

    package init(_ tiles: [Tile]) { self.tiles = tiles }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("ul", ["class": "tiles"]) { html in
            for tile in tiles {
                html.tag("li", ["class": "tile tone-\(tile.tone.rawValue)"]) { html in
                    html.tag("p", ["class": "tile-label"]) {
                        if let href = tile.href {
                            $0.tag("a", ["href": href], text: tile.label)
                        } else {
                            $0.text(tile.label)
                        }
                    }
                    html.tag("p", ["class": "tile-value"]) {
                        $0.text(tile.value)
                        if let unit = tile.unit { $0.tag("span", ["class": "tile-unit"], text: unit) }
                    }
                    if let trend = tile.trend { trend.write(to: &html, for: visit) }
                    if let note = tile.note { html.tag("p", ["class": "tile-note"], text: note) }
                }
            }
        }
    }
}

/// Views of the same thing, each a page of its own.
package struct Tabs: Component {
    package struct Tab: Sendable {
        package let title: String
        package let href: String
        package let isCurrent: Bool
        package let count: Int?

        package init(_ title: String, _ href: String, isCurrent: Bool = false, count: Int? = nil) {
            self.title = title
            self.href = href
            self.isCurrent = isCurrent
            self.count = count
        }
    }

    let tabs: [Tab]

    package init(_ tabs: [Tab]) { self.tabs = tabs }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("nav", ["class": "tabs", "aria-label": visit.word("web.tabs.label")]) { html in
            for tab in tabs {
                html.tag("a", ["href": tab.href, "aria-current": tab.isCurrent ? "page" : nil]) {
                    $0.text(tab.title)
                    if let count = tab.count { $0.tag("span", ["class": "count"], text: grouped(count)) }
                }
            }
        }
    }
}
