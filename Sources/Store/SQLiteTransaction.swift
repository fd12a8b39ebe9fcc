internal import GRDBSQLite

/// Runs statements on one connection, inside the transaction GRDB opened.
///
/// A statement that failed has failed the whole transaction, as on PostgreSQL: what the tests of one engine allow,
/// the other must allow too.
final class SQLiteTransaction: Transaction {
    private let connection: SQLiteConnection
    /// Why the transaction cannot be committed.
    private(set) var failure: (any Error)?

    init(_ connection: SQLiteConnection) { self.connection = connection }

    var engine: EngineKind { .sqlite }

    /// Nothing is far from here.
    func readAhead(_ statements: [SQL]) {}

    func all(_ sql: SQL) throws -> [Row] {
        var rows: [Row] = []
        try forEach(sql) {
            rows.append($0); return true
        }
        return rows
    }

    func first(_ sql: SQL) throws -> Row? {
        var found: Row?
        try forEach(sql) {
            found = $0; return false
        }
        return found
    }

    func forEach(_ sql: SQL, _ body: (Row) throws -> Bool) throws {
        let text = sql.text
        let statement = try prepare(text, sql.bindings)
        defer { connection.giveBack(statement, text) }
        guard try step(statement) else { return }
        let columns = statement.columns
        repeat {
            guard try body(statement.row(columns)) else {
                return try finish(statement)
            }
        } while try step(statement)
    }

    func run(_ sql: SQL) throws -> Int {
        let text = sql.text
        let statement = try prepare(text, sql.bindings)
        defer { connection.giveBack(statement, text) }
        let before = sqlite3_total_changes(connection.handle)
        while try step(statement) {}
        return sqlite3_total_changes(connection.handle) == before ? 0 : Int(sqlite3_changes(connection.handle))
    }

    func insert(into table: StaticString, columns: [StaticString], rows: some Sequence<[Value]>) throws {
        let names = columns.map(\.description).joined(separator: ", ")
        let marks = repeatElement("?", count: columns.count).joined(separator: ", ")
        let text = "INSERT INTO \(table) (\(names)) VALUES (\(marks))"
        let statement = try prepare(text, [])
        defer { connection.giveBack(statement, text) }
        for row in rows {
            guard row.count == columns.count else {
                throw failed(StoreError.defect("\(table): \(row.count) values for \(columns.count) columns"))
            }
            try bind(statement, row)
            while try step(statement) {}
            sqlite3_reset(statement.handle)
        }
    }

    /// After the body has returned, nothing may use this again.
    func end() { failure = failure ?? StoreError.defect("the transaction is over") }

    private func prepare(_ text: String, _ values: [Value]) throws -> SQLiteStatement {
        if let failure { throw failure }
        do {
            let statement = try connection.take(text)
            try bind(statement, values)
            return statement
        } catch {
            throw failed(error)
        }
    }

    private func bind(_ statement: SQLiteStatement, _ values: [Value]) throws {
        do {
            guard try statement.bind(values) == SQLITE_OK else { throw connection.error() }
        } catch {
            throw failed(error)
        }
    }

    /// True while there is a row.
    private func step(_ statement: SQLiteStatement) throws -> Bool {
        switch sqlite3_step(statement.handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failed(connection.error())
        }
    }

    /// A statement that writes and returns rows has written once it is stepped to its end.
    private func finish(_ statement: SQLiteStatement) throws {
        guard sqlite3_stmt_readonly(statement.handle) == 0 else { return }
        while try step(statement) {}
    }

    private func failed(_ error: any Error) -> any Error {
        failure = failure ?? error
        return error
    }
}
