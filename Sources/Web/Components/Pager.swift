/// The pages of a list: first, last, and those around the present one.
package struct Pager: Component {
    let path: String
    let query: ListQuery
    let total: Int

    package init(path: String, query: ListQuery, total: Int) {
        self.path = path
        self.query = query
        self.total = total
    }

    package var pages: Int { max(1, (total + query.pageSize - 1) / query.pageSize) }

    package func write(to html: inout HTML, for visit: Visit) {
        guard total > WebLimits.pageSizes[0] || query.page > 1 else { return }
        html.tag("nav", ["class": "pager", "aria-label": visit.word("web.pager.label")]) { html in
            writePages(to: &html, visit)
            html.tag("span", ["class": "pager-sizes"]) { html in
                html.tag("span", text: visit.word("web.pager.size"))
                for size in WebLimits.pageSizes {
                    let next = query.with {
                        $0.pageSize = size; $0.page = 1
                    }
                    html.tag(
                        "a", ["href": next.href(path), "aria-current": size == query.pageSize ? "true" : nil],
                        text: String(size))
                }
            }
        }
    }

    private func writePages(to html: inout HTML, _ visit: Visit) {
        guard pages > 1 else { return }
        html.tag("span", ["class": "pager-pages"]) { html in
            step(-1, "web.pager.previous", "prev", to: &html, visit)
            for page in shownPages {
                guard let page else {
                    html.tag("span", ["class": "pager-gap"], text: "…")
                    continue
                }
                html.tag(
                    "a",
                    [
                        "href": query.with { $0.page = page }.href(path),
                        "aria-current": page == query.page ? "page" : nil,
                    ],
                    text: grouped(page))
            }
            step(1, "web.pager.next", "next", to: &html, visit)
        }
    }

    private func step(_ by: Int, _ key: String, _ rel: String, to html: inout HTML, _ visit: Visit) {
        let page = query.page + by
        guard (1...pages).contains(page) else {
            html.tag("span", ["class": "pager-off"], text: visit.word(key))
            return
        }
        html.tag("a", ["href": query.with { $0.page = page }.href(path), "rel": rel], text: visit.word(key))
    }

    /// Nil stands for a gap.
    var shownPages: [Int?] {
        let current = min(query.page, pages)
        let wanted = Set([1, pages] + (current - 2...current + 2)).filter { (1...pages).contains($0) }.sorted()
        return wanted.reduce(into: []) { out, page in
            if let last = out.last, let last, page > last + 1 { out.append(nil) }
            out.append(page)
        }
    }
}
