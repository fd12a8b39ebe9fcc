package import Core
internal import Foundation
internal import GRDB

/// The SQLite engine: WAL, one writer, a pool of readers, `synchronous=FULL`.
package struct SQLiteDatabase: Database {
    package let engine = EngineKind.sqlite
    private let pool: DatabasePool

    package init(path: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
        }
        pool = try DatabasePool(path: path, configuration: configuration)
    }

    package func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await pool.read { try body(SQLiteTransaction(db: $0)) }
    }
    package func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await pool.write { try body(SQLiteTransaction(db: $0)) }
    }
    package func close() async throws { try pool.close() }
}

struct SQLiteTransaction: Transaction {
    let db: GRDB.Database
    var engine: EngineKind { .sqlite }

    func forEach(_ sql: SQL, _ body: (Row) throws -> Bool) throws {
        let statement = try db.cachedStatement(sql: sql.text)
        let cursor = try GRDB.Row.fetchCursor(statement, arguments: arguments(sql.bindings))
        let columns = Row.Columns(statement.columnNames)
        while let row = try cursor.next() {
            guard try body(Row(columns: columns, values: row.databaseValues.map(Value.init))) else { return }
        }
    }
    func all(_ sql: SQL) throws -> [Row] {
        var rows: [Row] = []
        try forEach(sql) { rows.append($0); return true }
        return rows
    }
    func first(_ sql: SQL) throws -> Row? {
        var found: Row?
        try forEach(sql) { found = $0; return false }
        return found
    }
    func run(_ sql: SQL) throws -> Int {
        try db.cachedStatement(sql: sql.text).execute(arguments: arguments(sql.bindings))
        return db.changesCount
    }
    func insert(into table: StaticString, columns: [StaticString], rows: some Sequence<[Value]>) throws {
        let names = columns.map(\.description).joined(separator: ", ")
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let statement = try db.cachedStatement(sql: "INSERT INTO \(table) (\(names)) VALUES (\(marks))")
        for row in rows { try statement.execute(arguments: arguments(row)) }
    }

    private func arguments(_ values: [Value]) -> StatementArguments {
        StatementArguments(
            values.map { value -> DatabaseValue in
                switch value {
                case .null: .null
                case .integer(let number): number.databaseValue
                case .real(let number): number.databaseValue
                case .text(let text): text.databaseValue
                case .blob(let bytes): Data(bytes).databaseValue
                }
            })
    }
}

extension Value {
    init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob([UInt8](data))
        }
    }
}
