/// A full-text index of one table's rows, made for Chinese: words of one character and more are found.
///
/// Text is cut into pairs of neighbouring characters by one tokenizer in Swift, so both engines find the same; the
/// why is ADR 003. The index holds no text: whoever changes or removes a document says what its text was.
package struct SearchIndex: Sendable {
    package typealias Document = (id: Int64, text: String)
    private let table: StaticString

    /// - Parameter table: a literal of the program; also the name of a function on PostgreSQL.
    package init(table: StaticString) { self.table = table }

    /// Steps for a migration of the room that owns the index.
    package var migrationSteps: [Migration.Step] {
        [
            .each(
                sqlite: [
                    """
                    CREATE VIRTUAL TABLE \(table) USING fts5(
                        tokens, content='', columnsize=0, detail='none', tokenize='ascii')
                    """
                ],
                postgresql: [
                    "CREATE TABLE \(table) (id BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL)",
                    "CREATE INDEX \(table)_tokens ON \(table) USING GIN (tokens)",
                    // The function gives PostgreSQL the form of question that FTS5 understands.
                    """
                    CREATE FUNCTION \(table)(question TEXT) RETURNS TABLE (rowid BIGINT) LANGUAGE sql STABLE AS $body$
                        SELECT id FROM \(table) WHERE tokens @@
                            CAST(replace(replace(question, '*', ':*'), ' ', ' & ') AS TSQUERY)
                    $body$
                    """,
                ])
        ]
    }

    /// What the index keeps of a text; for measuring and for looking into an index.
    package static func tokens(of text: String) -> String { SearchTokens.split(text) }

    /// Adds documents that are not in the index yet.
    package func insert(_ documents: some Sequence<Document>, in tx: any Transaction) throws {
        let rows = documents.lazy.map { [Value.integer($0.id), .text(SearchTokens.split($0.text))] }
        switch tx.engine {
        case .sqlite: try tx.insert(into: table, columns: ["rowid", "tokens"], rows: rows)
        case .postgresql: try tx.insert(into: table, columns: ["id", "tokens"], rows: rows)
        }
    }

    /// - Parameter old: exactly the text that was indexed.
    package func replace(id: Int64, old: String, new: String, in tx: any Transaction) throws {
        guard old != new else { return }
        try remove(id: id, old: old, in: tx)
        try insert(CollectionOfOne((id: id, text: new)), in: tx)
    }

    /// - Parameter old: exactly the text that was indexed.
    package func remove(id: Int64, old: String, in tx: any Transaction) throws {
        try remove(CollectionOfOne((id: id, text: old)), in: tx)
    }

    /// - Parameter documents: each with exactly the text that was indexed.
    package func remove(_ documents: some Sequence<Document>, in tx: any Transaction) throws {
        let name = SQL(stringLiteral: table.description)
        for document in documents {
            switch tx.engine {
            case .sqlite:
                let tokens = SearchTokens.split(document.text)
                try tx.run("INSERT INTO \(name) (\(name), rowid, tokens) VALUES ('delete', \(document.id), \(tokens))")
            case .postgresql:
                try tx.run("DELETE FROM \(name) WHERE id = \(document.id)")
            }
        }
    }

    /// A statement whose one column, `rowid`, is the documents with every word of the question; nil when nothing is
    /// asked.
    package func matches(_ query: String) -> SQL? {
        guard let tokens = SearchTokens.query(query) else { return nil }
        let name = SQL(stringLiteral: table.description)
        return tokens.isEmpty
            ? "SELECT rowid FROM \(name)('a') WHERE 1 = 0" : "SELECT rowid FROM \(name)(\(tokens))"
    }

    /// A condition that holds for rows whose text has every word of the question; nil when nothing is asked.
    ///
    /// A word of three or more characters matches texts that hold all its pairs, which is nearly always the word.
    /// Nothing in the question is an operator.
    /// - Parameter id: the column that holds the documents' ids, such as `"case_file.id"`.
    package func condition(_ query: String, id: SQL) -> SQL? {
        guard let tokens = SearchTokens.query(query) else { return nil }
        guard !tokens.isEmpty else { return "1 = 0" }
        return "\(id) IN (SELECT rowid FROM \(SQL(stringLiteral: table.description))(\(tokens)))"
    }
}
