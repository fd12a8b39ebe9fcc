package import Core

/// Township outlines shaded by a value, and points, drawn without any map server; a list says the same in words.
package struct MapView: Component {
    package struct Township: Sendable {
        package let code: String
        package let name: String
        package let outline: [Ring]
        /// What shades it; nil leaves it white.
        package let value: Int?
        package let href: String?

        package init(code: String, name: String, outline: [Ring], value: Int?, href: String? = nil) {
            self.code = code
            self.name = name
            self.outline = outline
            self.value = value
            self.href = href
        }
    }

    package struct Point: Sendable {
        package let at: Coordinate
        package let title: String
        package let href: String?
        /// Area of the circle, 1 to 100.
        package let weight: Int
        package let tone: Tone

        package init(at: Coordinate, title: String, href: String? = nil, weight: Int = 10, tone: Tone = .danger) {
            self.at = at
            self.title = title
            self.href = href
            self.weight = weight
            self.tone = tone
        }
    }

    let title: String
    let townships: [Township]
    let points: [Point]
    let legend: String

    /// `legend` says what the shades count: 诉求件数.
    package init(title: String, townships: [Township], points: [Point] = [], legend: String) {
        self.title = title
        self.townships = townships
        self.points = Array(points.prefix(WebLimits.mapPointsMax))
        self.legend = legend
    }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("figure", ["class": "map"]) { html in
            html.tag("div", ["class": "map-sheet"]) { html in
                writeDrawing(to: &html, visit)
                writeLegend(to: &html)
            }
            html.tag("div", ["class": "map-list"]) { writeList(to: &$0, visit) }
        }
    }

    /// Upper bounds of the five shades, each holding about a fifth of the townships.
    var bounds: [Int] {
        let values = townships.compactMap(\.value).filter { $0 > 0 }.sorted()
        guard !values.isEmpty else { return [] }
        let cuts = (1...5).map { values[min(values.count - 1, max(0, ($0 * values.count + 4) / 5 - 1))] }
        return cuts.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    /// 0 for none, 1 to 5 from light to dark.
    func shade(_ value: Int?, _ bounds: [Int]) -> Int {
        guard let value, value > 0, let index = bounds.firstIndex(where: { value <= $0 }) else { return 0 }
        return bounds.count == 1 ? 3 : 1 + index * 4 / (bounds.count - 1)
    }

    private func writeLegend(to html: inout HTML) {
        let bounds = bounds
        html.tag("figcaption", ["class": "map-legend"]) { html in
            html.tag("span", text: legend)
            html.tag("ul") { html in
                var low = 1
                for bound in bounds {
                    let text = low >= bound ? grouped(bound) : "\(grouped(low))–\(grouped(bound))"
                    html.tag("li", ["class": "shade-\(shade(bound, bounds))"], text: text)
                    low = bound + 1
                }
            }
        }
    }

    private func writeList(to html: inout HTML, _ visit: Visit) {
        let bounds = bounds
        let sorted = townships.sorted { ($0.value ?? -1, $1.code) > ($1.value ?? -1, $0.code) }
        html.tag("table", ["class": "table"]) { html in
            html.tag("thead") { html in
                html.tag("tr") { html in
                    html.tag("th", ["scope": "col"], text: visit.word("web.map.township"))
                    html.tag("th", ["scope": "col", "class": "num"], text: legend)
                }
            }
            html.tag("tbody") { html in
                for township in sorted {
                    html.tag("tr") { html in
                        html.tag("th", ["scope": "row", "class": "swatch shade-\(shade(township.value, bounds))"]) {
                            if let href = township.href {
                                $0.tag("a", ["href": href], text: township.name)
                            } else {
                                $0.text(township.name)
                            }
                        }
                        html.tag("td", ["class": "num"], text: township.value.map { grouped($0) } ?? "–")
                    }
                }
            }
        }
    }
}
