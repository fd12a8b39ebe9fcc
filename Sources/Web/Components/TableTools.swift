/// The tools above a table: search, filters, columns, size, exports.
extension Table {
    func writeTools(to html: inout HTML, _ visit: Visit) {
        html.tag("form", ["class": "table-tools", "method": "get", "action": path, "role": "search"]) { html in
            if hasSearch {
                html.tag("label", ["class": "tool-search"]) { html in
                    html.tag("span", ["class": "hidden"], text: visit.word("web.table.search"))
                    html.void(
                        "input",
                        [
                            "type": "search", "name": "q", "value": query.search, "data-key": "/",
                            "placeholder": visit.word("web.table.search"),
                            "maxlength": String(WebLimits.searchCharactersMax),
                        ])
                }
            }
            for filter in filters { write(filter, to: &html, visit) }
            writeKept(to: &html)
            if hasSearch || !filters.isEmpty {
                html.tag("button", ["class": "button", "type": "submit"], text: visit.word("web.table.apply"))
            }
            html.tag("span", ["class": "tool-spacer"], text: "")
            writeColumns(to: &html, visit)
            writeExports(to: &html, visit)
        }
    }

    private func write(_ filter: Filter, to html: inout HTML, _ visit: Visit) {
        html.tag("label", ["class": "tool-filter"]) { html in
            html.tag("span", text: filter.title)
            html.tag("select", ["name": filter.name, "data-submit": ""]) { html in
                html.tag("option", ["value": ""], text: visit.word("web.table.all"))
                for option in filter.options {
                    let isChosen = query.filters[filter.name]?.contains(option.value) == true
                    let count = option.count.map { " (\(grouped($0)))" } ?? ""
                    html.tag(
                        "option", ["value": option.value, "selected": isChosen ? "" : nil],
                        text: option.title + count)
                }
            }
        }
    }

    /// What the form must carry on so that a search keeps order, size and columns.
    private func writeKept(to html: inout HTML) {
        html.void(
            "input", ["type": "hidden", "name": "sort", "value": (query.isDescending ? "-" : "") + query.sort])
        if query.pageSize != WebLimits.pageSizes[1] {
            html.void("input", ["type": "hidden", "name": "size", "value": String(query.pageSize)])
        }
        let offered = Set(filters.map(\.name))
        for (name, values) in query.filters.sorted(by: { $0.key < $1.key }) where !offered.contains(name) {
            for value in values { html.void("input", ["type": "hidden", "name": "\(name)", "value": value]) }
        }
        for column in query.hiddenColumns.sorted() {
            html.void("input", ["type": "hidden", "name": "hide", "value": column])
        }
    }

    private func writeColumns(to html: inout HTML, _ visit: Visit) {
        let optional = columns.filter { !$0.isFixed }
        guard columns.count > 4, !rows.isEmpty else { return }
        html.tag("details", ["class": "menu"]) { html in
            html.tag("summary", ["class": "button button-quiet"], text: visit.word("web.table.columns"))
            html.tag("ul", ["class": "menu-list"]) { html in
                for column in optional {
                    let isHidden = query.hiddenColumns.contains(column.key)
                    let next = query.with {
                        if isHidden { $0.hiddenColumns.remove(column.key) } else { $0.hiddenColumns.insert(column.key) }
                    }
                    html.tag("li") { html in
                        html.tag("a", ["href": next.href(path), "class": isHidden ? "check" : "check check-on"]) {
                            $0.text(column.title)
                            $0.tag(
                                "span", ["class": "hidden"],
                                text: visit.word(isHidden ? "web.table.column_hidden" : "web.table.column_shown"))
                        }
                    }
                }
            }
        }
    }

    private func writeExports(to html: inout HTML, _ visit: Visit) {
        guard let exportPath, !rows.isEmpty else { return }
        let state = query.with { $0.page = 1 }.encoded()
        html.tag("details", ["class": "menu"]) { html in
            html.tag("summary", ["class": "button button-quiet"], text: visit.word("web.table.export"))
            html.tag("ul", ["class": "menu-list"]) { html in
                for format in ["xlsx", "csv"] {
                    let href = "\(exportPath)?format=\(format)" + (state.isEmpty ? "" : "&" + state)
                    html.tag("li") {
                        $0.tag("a", ["href": href], text: visit.word("web.table.export.\(format)", grouped(total)))
                    }
                }
            }
        }
    }

    /// The chosen filters as removable words, and how many rows there are.
    func writeChosen(to html: inout HTML, _ visit: Visit) {
        html.tag("p", ["class": "table-summary"]) { html in
            html.tag("span", ["role": "status"], text: visit.word("web.table.total", grouped(total)))
            for (name, values) in query.filters.sorted(by: { $0.key < $1.key }) {
                for value in values { writeChip(name, value, to: &html, visit) }
            }
            if !query.search.isEmpty {
                let rest = query.with {
                    $0.search = ""; $0.page = 1
                }
                chip(visit.word("web.table.chip.search", query.search), rest, to: &html, visit)
            }
            if !query.search.isEmpty || !query.filters.isEmpty {
                html.tag("a", ["href": path], text: visit.word("web.table.clear"))
            }
        }
    }

    private func writeChip(_ name: String, _ value: String, to html: inout HTML, _ visit: Visit) {
        let filter = filters.first { $0.name == name }
        let title = filter?.options.first { $0.value == value }?.title ?? value
        let rest = query.with {
            $0.filters[name]?.removeAll { $0 == value }
            if $0.filters[name]?.isEmpty == true { $0.filters[name] = nil }
            $0.page = 1
        }
        chip(filter.map { visit.word("web.table.chip.filter", $0.title, title) } ?? title, rest, to: &html, visit)
    }

    private func chip(_ text: String, _ rest: ListQuery, to html: inout HTML, _ visit: Visit) {
        html.tag("a", ["class": "chip", "href": rest.href(path), "title": visit.word("web.table.remove")]) {
            $0.text(text)
            $0.tag("span", ["aria-hidden": "true"], text: " ×")
        }
    }
}
