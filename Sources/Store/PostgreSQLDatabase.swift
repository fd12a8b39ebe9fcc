internal import CLibpq
package import Logging

/// How the PostgreSQL engine connects and how long it waits.
package struct PostgreSQLSettings: Sendable {
    /// A libpq connection URL, without the schema.
    package var url: String
    package var schema: String
    package var connectionsMax = StoreLimits.postgresConnectionsMax
    /// How long a transaction waits for a free connection.
    package var poolTimeoutMilliseconds = 10_000
    package var statementTimeoutMilliseconds = 60_000
    package var lockTimeoutMilliseconds = 10_000
    package var idleInTransactionMilliseconds = 300_000

    package init(url: String, schema: String) {
        self.url = url
        self.schema = schema
    }

    var quotedSchema: String {
        "\""
            + schema.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}

/// The PostgreSQL engine: libpq on a bounded pool of connections, each with a thread of its own.
///
/// Reads are REPEATABLE READ READ ONLY, writes READ COMMITTED. A deadlock or a lock that was not given fails the
/// transaction with `StoreError.busy`; nothing is run twice behind the caller's back, since a body may have read a
/// file along the way. `writeRetrying` is for those that may.
package struct PostgreSQLDatabase: Database {
    package let engine = EngineKind.postgresql
    private let pool: PostgreSQLPool

    /// Connects, and makes the schema when it is not there.
    package static func open(_ settings: PostgreSQLSettings, logger: Logger) async throws -> PostgreSQLDatabase {
        let database = PostgreSQLDatabase(pool: PostgreSQLPool(settings: settings, logger: logger))
        let schema = settings.schema
        let quoted = SQL(stringLiteral: settings.quotedSchema)
        try await database.write { tx in
            let encoding: String? = try tx.first("SHOW server_encoding")?.get("server_encoding")
            guard encoding == "UTF8" else {
                throw StoreError.unavailable("the database's encoding is \(encoding ?? "unknown"), and must be UTF8")
            }
            if try tx.first("SELECT 1 AS one FROM pg_namespace WHERE nspname = \(schema)") != nil { return }
            _ = try tx.first("SELECT pg_advisory_xact_lock(20210418, hashtext(\(schema)))")
            try tx.run("CREATE SCHEMA IF NOT EXISTS \(quoted)")
        }
        return database
    }

    package func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await pool.withConnection { try $0.transaction("REPEATABLE READ READ ONLY", isReading: true, body) }
    }

    package func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await pool.withConnection { try $0.transaction("READ COMMITTED READ WRITE", isReading: false, body) }
    }

    package func close() async throws { await pool.close() }
}

extension PostgreSQLConnection {
    /// Runs `body` between BEGIN and COMMIT. Nothing of it stays when it throws or the connection is lost.
    func transaction<T>(_ level: String, isReading: Bool, _ body: (any Transaction) throws -> T) throws -> T {
        begin("BEGIN ISOLATION LEVEL \(level)")
        let tx = PostgreSQLTransaction(self)
        defer { tx.end() }
        do {
            let result = try body(tx)
            if let failure = tx.failure { throw failure }
            if isReading { endReading() } else { try commit() }
            return result
        } catch {
            rollback()
            throw error
        }
    }
}
