/// The tools above a table: search, filters, columns, size, exports.
extension Table {
    func writeTools(to html: inout HTML, _ visit: Visit) {
        if hasSearch || !filters.isEmpty {
            html.tag("div", ["class": "table-tools"]) { writeNarrowing(to: &$0, visit) }
        }
        html.tag("div", ["class": "table-bar"]) { html in
            writeChosen(to: &html, visit)
            html.tag("div", ["class": "table-menus"]) { html in
                writeViews(to: &html, visit)
                writeColumns(to: &html, visit)
                writeExports(to: &html, visit)
            }
        }
    }

    private func writeNarrowing(to html: inout HTML, _ visit: Visit) {
        html.tag("form", ["class": "table-filter", "method": "get", "action": path, "role": "search"]) { html in
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
            let offered = Set(filters.map(\.name))
            writeKept(to: &html, filters: { !offered.contains($0) })
            for (name, value) in query.columnPairs { writeHidden(name, value, to: &html) }
            html.tag("button", ["class": "button", "type": "submit"], text: visit.word("web.table.apply"))
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

    /// What a form must carry on so that a search keeps order and size, and a choice of columns the search.
    private func writeKept(to html: inout HTML, filters isKept: (String) -> Bool) {
        writeHidden("sort", (query.isDescending ? "-" : "") + query.sort, to: &html)
        if query.pageSize != WebLimits.pageSizes[1] { writeHidden("size", String(query.pageSize), to: &html) }
        for (name, values) in query.filters.sorted(by: { $0.key < $1.key }) where isKept(name) {
            for value in values { writeHidden(name, value, to: &html) }
        }
    }

    private func writeHidden(_ name: String, _ value: String, to html: inout HTML) {
        html.void("input", ["type": "hidden", "name": name, "value": value])
    }

    private func writeColumns(to html: inout HTML, _ visit: Visit) {
        let optional = columns.filter { !$0.isFixed }
        guard columns.count > 4, !rows.isEmpty else { return }
        menu("web.table.columns", to: &html, visit) { html in
            html.tag("form", ["class": "menu-form", "method": "get", "action": path]) { html in
                if !query.search.isEmpty { writeHidden("q", query.search, to: &html) }
                writeKept(to: &html, filters: { _ in true })
                html.tag("fieldset") { html in
                    html.tag("legend", ["class": "hint"], text: visit.word("web.table.columns.hint"))
                    for column in optional {
                        html.tag("label", ["class": "choice"]) { html in
                            html.void(
                                "input",
                                [
                                    "type": "checkbox", "name": "show", "value": column.key,
                                    "checked": query.isShown(column.key) ? "" : nil,
                                ])
                            html.tag("span", text: column.title)
                        }
                    }
                }
                html.tag("button", ["class": "button", "type": "submit"], text: visit.word("web.table.columns.apply"))
            }
        }
    }

    /// The person's own views of this list, and a form to keep the present one.
    private func writeViews(to html: inout HTML, _ visit: Visit) {
        guard let views = visit.context.savedViews, hasSearch || !filters.isEmpty else { return }
        let present = query.with { $0.page = 1 }.encoded()
        menu("web.views.title", to: &html, visit) { html in
            if !views.isEmpty {
                html.tag("ul", ["class": "views"]) { html in
                    html.tag("li") { $0.tag("a", ["href": plainHref(visit)], text: visit.word("web.views.plain")) }
                    for view in views { write(view, isPresent: view.query == present, to: &html, visit) }
                }
            }
            html.tag("form", ["class": "menu-form", "method": "post", "action": SavedViewRoutes.path]) { html in
                writeHidden("csrf", visit.context.csrfToken, to: &html)
                writeHidden("path", path, to: &html)
                writeHidden("query", present, to: &html)
                html.tag("label") { html in
                    html.tag("span", ["class": "hint"], text: visit.word("web.views.name"))
                    html.void(
                        "input",
                        [
                            "type": "text", "name": "name", "required": "", "autocomplete": "off",
                            "maxlength": String(WebLimits.viewNameCharactersMax),
                        ])
                }
                html.tag("label", ["class": "choice"]) { html in
                    html.void("input", ["type": "checkbox", "name": "default", "value": "1"])
                    html.tag("span", text: visit.word("web.views.default"))
                }
                html.tag("button", ["class": "button", "type": "submit"], text: visit.word("web.views.save"))
            }
        }
    }

    private func write(_ view: SavedView, isPresent: Bool, to html: inout HTML, _ visit: Visit) {
        html.tag("li") { html in
            html.tag(
                "a",
                [
                    "href": view.query.isEmpty ? path + "?view=none" : "\(path)?\(view.query)",
                    "aria-current": isPresent ? "true" : nil,
                ],
                text: view.isDefault ? visit.word("web.views.is_default", view.name) : view.name)
            html.tag(
                "form", ["method": "post", "action": "\(SavedViewRoutes.path)/\(view.id)/remove"]
            ) { html in
                writeHidden("csrf", visit.context.csrfToken, to: &html)
                let label = visit.word("web.views.remove", view.name)
                html.tag("button", ["class": "link", "type": "submit", "title": label, "aria-label": label], text: "×")
            }
        }
    }

    private func menu(_ key: String, to html: inout HTML, _ visit: Visit, _ content: (inout HTML) -> Void) {
        html.tag("details", ["class": "menu"]) { html in
            html.tag("summary", ["class": "button button-quiet"], text: visit.word(key))
            html.tag("div", ["class": "menu-list"], content)
        }
    }

    private func writeExports(to html: inout HTML, _ visit: Visit) {
        guard let exportPath, !rows.isEmpty else { return }
        let state = query.with { $0.page = 1 }.encoded()
        menu("web.table.export", to: &html, visit) { html in
            html.tag("ul") { html in
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
    private func writeChosen(to html: inout HTML, _ visit: Visit) {
        html.tag("p", ["class": "table-summary"]) { html in
            html.tag("span", ["role": "status"], text: visit.word("web.table.total", grouped(total)))
            for (name, values) in chosenFilters {
                for value in values { writeChip(name, value, to: &html, visit) }
            }
            if !query.search.isEmpty {
                let rest = query.with {
                    $0.search = ""; $0.page = 1
                }
                chip(visit.word("web.table.chip.search", query.search), rest, to: &html, visit)
            }
            if isNarrowed {
                html.tag("a", ["href": plainHref(visit)], text: visit.word("web.table.clear"))
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
