package import Core
package import Store

/// Full-text search over all cases: by their titles and by what their domains know of them.
package enum CaseSearch {
    static let index = SearchIndex(table: "case_search")

    /// The text that stands in the index for a case.
    static func document(title: String, searchText: String) -> String { "\(title)\n\(searchText)" }

    /// A condition on `case_file`; nil when nothing was asked. A whole number finds its case too.
    static func condition(_ query: String) -> SQL? {
        guard let found = index.condition(query, id: "case_file.id") else { return nil }
        return number(query).map { "(case_file.number = \($0) OR \(found))" } ?? found
    }

    /// A statement whose one column is the cases found; nil when nothing was asked. A whole number finds its case too.
    package static func matches(_ query: String) -> SQL? {
        guard let found = index.matches(query) else { return nil }
        return number(query).map { "\(found) UNION \(CaseNumberStore.holder(of: $0))" } ?? found
    }

    /// The one word of a query that may be a number.
    private static func number(_ query: String) -> String? {
        let words = query.split(whereSeparator: \.isWhitespace)
        guard words.count == 1, let word = words.first, word.utf8.count <= 2 * CasesLimits.numberPatternCharactersMax,
            word.contains(where: \.isNumber)
        else { return nil }
        return word.uppercased()
    }

    /// A condition that asks the index about one case at a time: for words that nearly every case has.
    ///
    /// - Parameter id: the column that holds the case's identifier.
    package static func holds(_ query: String, id: SQL) -> SQL? {
        // A value rather than EXISTS, which PostgreSQL takes for a join of the whole tables.
        index.matches(query).map { "\(id) = (\($0) WHERE rowid = \(id))" }
    }
}

extension Cases {
    /// Tells the index that what a domain knows of a case has changed.
    ///
    /// - Parameter old: exactly the search text given before.
    package func updateSearchText(_ id: ID<CaseFile>, old: String, new: String, in tx: any Transaction) throws {
        guard old != new else { return }
        let title = try CaseStore.find(id, now: surroundings.now(), in: tx).title
        try CaseSearch.index.replace(
            id: id.rawValue, old: CaseSearch.document(title: title, searchText: old),
            new: CaseSearch.document(title: title, searchText: new), in: tx)
    }

    /// Gives a case another title, as a repeated import may; the timeline keeps the one before.
    ///
    /// - Parameter searchText: the search text before and after, which may be the same.
    package func retitle(
        _ file: CaseFile, _ title: String, searchText: (old: String, new: String), actor: Actor,
        in tx: any Transaction
    ) throws {
        let title = try CaseText.title(title)
        try CaseSearch.index.replace(
            id: file.id.rawValue, old: CaseSearch.document(title: file.title, searchText: searchText.old),
            new: CaseSearch.document(title: title, searchText: searchText.new), in: tx)
        guard title != file.title else { return }
        try note(file.id, .retitled, [file.title, title], actor: actor, in: tx)
        try CaseFileStore.setTitle(of: file.id, to: title, in: tx)
    }
}
