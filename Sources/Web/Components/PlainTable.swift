/// Rows without search, order and pages, for a part of a page: `{{#table}}{{> web/table}}{{/table}}`.
package struct PlainTable: Component {
    let label: String
    let columns: [String]
    let rows: [Table.Row]

    /// - Parameters:
    ///   - label: what the table is called where it cannot be seen.
    ///   - columns: empty for rows that speak for themselves.
    package init(label: String, columns: [String] = [], rows: [Table.Row]) {
        self.label = label
        self.columns = columns
        self.rows = rows
    }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("div", ["class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": label]) { html in
            html.open("table", ["class": "table"])
            if !columns.isEmpty {
                html.tag("thead") { html in
                    html.tag("tr") { html in
                        for column in columns { html.tag("th", ["scope": "col"], text: column) }
                    }
                }
            }
            html.open("tbody")
            for row in rows { write(row, to: &html, visit) }
            html.close("tbody")
            html.close("table")
        }
    }

    private func write(_ row: Table.Row, to html: inout HTML, _ visit: Visit) {
        html.open("tr")
        for (index, cell) in row.cells.enumerated() {
            html.open("td", ["class": cell.isFigure ? "num" : cell.isShort ? "short" : nil])
            if index == 0, let href = row.href {
                html.tag("a", ["href": href, "class": "row-link"]) { cell.write(to: &$0, for: visit) }
            } else {
                cell.write(to: &html, for: visit)
            }
            html.close("td")
        }
        html.close("tr")
    }
}

extension Cell {
    /// Whether it stands at the right, digits below digits.
    fileprivate var isFigure: Bool {
        switch self {
        case .number, .percent, .bar: true
        case .link(let text, _): !text.isEmpty && text.allSatisfy { $0.isNumber || ",.%–".contains($0) }
        default: false
        }
    }
}
