/// A list's rows with search, filters, order, columns, pages and exports, all of it links and one GET form.
package struct Table: Component {
    package struct Column: Sendable {
        package let key: String
        package let title: String
        package let isSortable: Bool
        package let isNumeric: Bool
        /// Never offered for hiding.
        package let isFixed: Bool

        package init(
            _ key: String, _ title: String, isSortable: Bool = false, isNumeric: Bool = false, isFixed: Bool = false
        ) {
            self.key = key
            self.title = title
            self.isSortable = isSortable
            self.isNumeric = isNumeric
            self.isFixed = isFixed
        }
    }

    package struct Row: Sendable {
        /// The first cell links here.
        package let href: String?
        package let cells: [Cell]

        package init(href: String? = nil, cells: [Cell]) {
            self.href = href
            self.cells = cells
        }
    }

    package struct Filter: Sendable {
        package struct Option: Sendable {
            package let value: String
            package let title: String
            package let count: Int?

            package init(_ value: String, _ title: String, count: Int? = nil) {
                self.value = value
                self.title = title
                self.count = count
            }
        }
        package let name: String
        package let title: String
        package let options: [Option]

        package init(_ name: String, _ title: String, options: [Option]) {
            self.name = name
            self.title = title
            self.options = options
        }
    }

    let path: String
    let query: ListQuery
    let columns: [Column]
    let rows: [Row]
    let total: Int
    let filters: [Filter]
    let exportPath: String?
    let emptyKey: String
    let hasSearch: Bool
    /// Filters that tabs of the page say already: kept in every link, not shown as narrowing the list.
    let tabFilters: Set<String>

    /// `rows` are the page that `query` asks for; `total` counts all that match it. `exportPath` receives the same
    /// query and `format=csv` or `format=xlsx`. `emptyKey` is the word for no rows at all.
    package init(
        visit: Visit, query: ListQuery, columns: [Column], rows: [Row], total: Int, filters: [Filter] = [],
        exportPath: String? = nil, emptyKey: String = "web.table.empty", hasSearch: Bool = true,
        tabFilters: Set<String> = []
    ) {
        path = visit.path
        self.query = query
        self.columns = columns
        self.rows = rows
        self.total = total
        self.filters = filters
        self.exportPath = exportPath
        self.emptyKey = emptyKey
        self.hasSearch = hasSearch
        self.tabFilters = tabFilters
    }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("section", ["class": "table-block"]) { html in
            writeTools(to: &html, visit)
            if rows.isEmpty {
                writeEmpty(to: &html, visit)
            } else {
                writeRows(to: &html, visit)
                Pager(path: path, query: query, total: total).write(to: &html, for: visit)
            }
        }
    }

    /// The list as it is, whatever view the person made their own.
    func plainHref(_ visit: Visit) -> String {
        visit.context.savedViews?.contains(where: \.isDefault) == true ? path + "?view=none" : path
    }

    var isNarrowed: Bool { !query.search.isEmpty || !chosenFilters.isEmpty }
    var chosenFilters: [(name: String, values: [String])] {
        query.filters.filter { !tabFilters.contains($0.key) }.sorted { $0.key < $1.key }
            .map { (name: $0.key, values: $0.value) }
    }

    private func writeEmpty(to html: inout HTML, _ visit: Visit) {
        if query.page > 1, total > 0 {
            EmptyState(
                title: visit.word("web.table.beyond"),
                action: PageAction(visit.word("web.table.first_page"), query.with { $0.page = 1 }.href(path))
            ).write(to: &html, for: visit)
        } else if isNarrowed {
            EmptyState(
                title: visit.word("web.table.no_match"), detail: visit.word("web.table.no_match.detail"),
                action: PageAction(visit.word("web.table.clear"), plainHref(visit))
            ).write(to: &html, for: visit)
        } else {
            EmptyState(title: visit.word(emptyKey)).write(to: &html, for: visit)
        }
    }

    private func writeRows(to html: inout HTML, _ visit: Visit) {
        let shown = columns.indices.filter { columns[$0].isFixed || query.isShown(columns[$0].key) }
        html.tag(
            "div",
            ["class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": visit.word("web.table.rows")]
        ) { html in
            html.open("table", ["class": "table"])
            html.open("thead")
            html.open("tr")
            for index in shown { writeHeading(columns[index], to: &html, visit) }
            html.close("tr")
            html.close("thead")
            html.open("tbody")
            for row in rows {
                html.open("tr")
                for index in shown where row.cells.indices.contains(index) {
                    let style = columns[index].isNumeric ? "num" : row.cells[index].isShort ? "short" : nil
                    html.open("td", ["class": style, "data-label": columns[index].title])
                    if let href = row.href, index == shown.first {
                        html.tag("a", ["href": href, "class": "row-link"]) {
                            row.cells[index].write(to: &$0, for: visit)
                        }
                    } else {
                        row.cells[index].write(to: &html, for: visit)
                    }
                    html.close("td")
                }
                html.close("tr")
            }
            html.close("tbody")
            html.close("table")
        }
    }

    private func writeHeading(_ column: Column, to html: inout HTML, _ visit: Visit) {
        let isCurrent = column.key == query.sort
        let order = !column.isSortable || !isCurrent ? nil : query.isDescending ? "descending" : "ascending"
        html.tag("th", ["scope": "col", "class": column.isNumeric ? "num" : nil, "aria-sort": order]) { html in
            guard column.isSortable else {
                html.text(column.title)
                return
            }
            let next = query.with {
                // A second click turns the order round; numbers start with the largest.
                $0.isDescending = isCurrent ? !query.isDescending : column.isNumeric
                $0.sort = column.key
                $0.page = 1
            }
            html.tag("a", ["href": next.href(path), "class": "sort"], text: column.title)
        }
    }
}
