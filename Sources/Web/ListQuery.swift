/// What a list shows: search, filters, order and page, all of it in the URL so that it can be kept and passed on.
///
/// `q` text · `sort` key, `-key` descending · `page` from 1 · `size` · each filter under its own name, repeatable ·
/// `show` the columns chosen, or `hide` those left out. An address that asks for nothing takes the person's own first
/// choice of views, if they saved one; `view=none` asks for the list as it is.
package struct ListQuery: Sendable, Equatable {
    package var search: String
    package var sort: String
    package var isDescending: Bool
    package var page: Int
    package var pageSize: Int
    package var filters: [String: [String]]
    package var hiddenColumns: Set<String> = []
    /// The columns to show beside the fixed ones; nil shows all but the hidden.
    package var shownColumns: Set<String>?

    package init(
        search: String = "", sort: String, isDescending: Bool = false, page: Int = 1,
        pageSize: Int = WebLimits.pageSizes[1], filters: [String: [String]] = [:]
    ) {
        self.search = search
        self.sort = sort
        self.isDescending = isDescending
        self.page = page
        self.pageSize = pageSize
        self.filters = filters
    }

    package var offset: Int { (page - 1) * pageSize }

    /// The first value chosen in a filter.
    package func filter(_ name: String) -> String? { filters[name]?.first }

    /// Reads what the visitor asked; what is unknown or out of bounds falls back to the list's own order and size.
    /// `defaultSort` with a leading `-` is descending.
    package static func read(
        _ visit: Visit, sorts: [String], defaultSort: String, filters: [String]
    ) -> ListQuery {
        var fields = visit.queryFields
        if !fields.pairs.contains(where: { $0.name != "lang" }),
            let view = visit.context.savedViews?.first(where: \.isDefault),
            let chosen = try? Fields(urlEncoded: Array(view.query.utf8))
        {
            fields = chosen
        }
        return read(fields, sorts: sorts, defaultSort: defaultSort, filters: filters)
    }

    static func read(_ fields: Fields, sorts: [String], defaultSort: String, filters: [String]) -> ListQuery {
        func split(_ text: String) -> (String, Bool) {
            text.hasPrefix("-") ? (String(text.dropFirst()), true) : (text, false)
        }
        var (sort, isDescending) = split(fields["sort"] ?? defaultSort)
        if !sorts.contains(sort) { (sort, isDescending) = split(defaultSort) }
        let size = fields["size"].flatMap(Int.init) ?? WebLimits.pageSizes[1]
        var query = ListQuery(
            search: String(fields.text("q").prefix(WebLimits.searchCharactersMax)), sort: sort,
            isDescending: isDescending,
            page: min(max(1, fields["page"].flatMap(Int.init) ?? 1), WebLimits.pageMax),
            pageSize: min(max(1, size), WebLimits.pageSizeMax))
        for name in filters {
            let values = Array(fields.all(name).prefix(WebLimits.filterValuesMax))
            if !values.isEmpty { query.filters[name] = values }
        }
        query.hiddenColumns = Set(fields.all("hide").prefix(WebLimits.filterValuesMax))
        let shown = Set(fields.all("show").prefix(WebLimits.filterValuesMax))
        if !shown.isEmpty { query.shownColumns = shown }
        return query
    }

    /// The URL's query for this state; `page` 1 is left out, so that a changed filter starts at the first page.
    package func encoded(defaultSort: String? = nil) -> String {
        var pairs: [(String, String)] = []
        if !search.isEmpty { pairs.append(("q", search)) }
        for (name, values) in filters.sorted(by: { $0.key < $1.key }) { pairs += values.map { (name, $0) } }
        let order = (isDescending ? "-" : "") + sort
        if order != defaultSort { pairs.append(("sort", order)) }
        if pageSize != WebLimits.pageSizes[1] { pairs.append(("size", String(pageSize))) }
        pairs += columnPairs
        if page > 1 { pairs.append(("page", String(page))) }
        return pairs.map { "\(urlEncoded($0.0))=\(urlEncoded($0.1))" }.joined(separator: "&")
    }

    var columnPairs: [(String, String)] {
        shownColumns.map { $0.sorted().map { ("show", $0) } } ?? hiddenColumns.sorted().map { ("hide", $0) }
    }

    func isShown(_ column: String) -> Bool { shownColumns?.contains(column) ?? !hiddenColumns.contains(column) }

    func href(_ path: String) -> String {
        let query = encoded()
        return query.isEmpty ? path : "\(path)?\(query)"
    }

    func with(_ change: (inout ListQuery) -> Void) -> ListQuery {
        var copy = self
        change(&copy)
        return copy
    }
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
package func urlEncoded(_ text: String) -> String {
    func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
    guard !text.utf8.allSatisfy(isUnreserved) else { return text }
    let digits = Array("0123456789ABCDEF".utf8)
    var out: [UInt8] = []
    for byte in text.utf8 {
        if isUnreserved(byte) {
            out.append(byte)
        } else {
            out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: out, as: UTF8.self)
}
