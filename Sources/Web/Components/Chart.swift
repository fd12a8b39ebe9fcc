/// A chart drawn on the server as SVG, with its figures in a table below it.
package struct Chart: Component {
    package enum Kind: String, Sendable, CaseIterable { case line, bar, stacked }

    package struct Series: Sendable {
        package let name: String
        package let values: [Double]

        package init(_ name: String, _ values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    let title: String
    let kind: Kind
    let labels: [String]
    let series: [Series]
    let unit: String

    /// Each series has one value per label; at most six series keep colours apart.
    package init(title: String, kind: Kind, labels: [String], series: [Series], unit: String = "") {
        self.title = title
        self.kind = kind
        self.labels = Array(labels.prefix(WebLimits.chartPointsMax))
        self.series = series.prefix(6).map { Series($0.name, Array($0.values.prefix(WebLimits.chartPointsMax))) }
        self.unit = unit
    }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("figure", ["class": "chart"]) { html in
            html.tag("figcaption") {
                $0.tag("span", ["class": "chart-title"], text: title)
                if !unit.isEmpty { $0.tag("span", ["class": "hint"], text: visit.word("web.chart.unit", unit)) }
            }
            if labels.isEmpty || series.isEmpty {
                EmptyState(title: visit.word("web.chart.empty")).write(to: &html, for: visit)
                return
            }
            if series.count > 1 { writeLegend(to: &html) }
            writeDrawing(to: &html)
            writeTable(to: &html, visit)
        }
    }

    private func writeLegend(to html: inout HTML) {
        html.tag("ul", ["class": "legend"]) { html in
            for (index, one) in series.enumerated() {
                html.tag("li", ["class": "series-\(index + 1)"], text: one.name)
            }
        }
    }

    private func writeTable(to html: inout HTML, _ visit: Visit) {
        html.tag("details", ["class": "chart-data"]) { html in
            html.tag("summary", text: visit.word("web.chart.data"))
            html.tag("div", ["class": "table-scroll"]) { html in
                html.tag("table", ["class": "table"]) { html in
                    html.tag("thead") { html in
                        html.tag("tr") { html in
                            html.tag("th", ["scope": "col"], text: visit.word("web.chart.label"))
                            for one in series { html.tag("th", ["scope": "col", "class": "num"], text: one.name) }
                        }
                    }
                    html.tag("tbody") { html in
                        for (index, label) in labels.enumerated() {
                            html.tag("tr") { html in
                                html.tag("th", ["scope": "row"], text: label)
                                for one in series {
                                    html.tag("td", ["class": "num"], text: figure(one.values, index))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    func figure(_ values: [Double], _ index: Int) -> String {
        guard values.indices.contains(index), values[index].isFinite else { return "–" }
        let value = values[index]
        return value == value.rounded() && abs(value) < 1e15 ? grouped(Int(value)) : plain(value)
    }
}
