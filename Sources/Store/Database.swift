internal import Core

/// Which engine runs underneath. Domain code asks only where the two dialects truly part.
package enum EngineKind: String, Sendable, CaseIterable {
    case sqlite, postgresql

    /// As it is called wherever people read it.
    package var title: String { self == .sqlite ? "SQLite" : "PostgreSQL" }
}

/// One district's namespace: a SQLite file, or a PostgreSQL schema.
///
/// Asynchronous outside, synchronous inside: nobody awaits within a transaction. A body that throws leaves nothing
/// written. A write that returned survives a power cut.
package protocol Database: Sendable {
    var engine: EngineKind { get }
    /// Runs `body` on a consistent snapshot.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T
    /// Runs `body` in one transaction, alone among writers on SQLite, READ COMMITTED on PostgreSQL.
    func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T
    /// Closes connections once running bodies have returned.
    func close() async throws
}

/// What SQL can do inside `read` and `write`; valid only during the call.
package protocol Transaction {
    var engine: EngineKind { get }
    func all(_ sql: SQL) throws -> [Row]
    func first(_ sql: SQL) throws -> Row?
    /// Streams rows in constant memory; `body` returns false to stop.
    func forEach(_ sql: SQL, _ body: (Row) throws -> Bool) throws
    /// The number of rows changed.
    @discardableResult func run(_ sql: SQL) throws -> Int
    /// Inserts many rows by the engine's fastest way: prepared on SQLite, COPY on PostgreSQL.
    ///
    /// - Parameter table: table and columns are literals of the program (`StaticString`), never input.
    func insert(into table: StaticString, columns: [StaticString], rows: some Sequence<[Value]>) throws
    /// Runs reads in one trip, where a trip costs anything; `all` and `first` take the answers when they are asked the
    /// same, unless something was written meanwhile. `together` is how to say it.
    func readAhead(_ statements: [SQL]) throws
}

/// A value the engine refused because of a rule of the schema.
package enum StoreError: Error, Sendable, Equatable {
    /// A unique key or primary key is taken already.
    case duplicate(String)
    /// A CHECK, NOT NULL or foreign key refused the row.
    case constraint(String)
    /// The database is locked, out of connections or past a time limit; trying again may help.
    case busy(String)
    /// The database cannot be reached, or the connection was lost.
    case unavailable(String)
    /// The disk is full or the file cannot be written.
    case full(String)
    /// The statement itself is wrong: a defect.
    case defect(String)
}

extension StoreError: Outage {
    package var isTemporary: Bool {
        switch self {
        case .busy, .unavailable, .full: true
        case .duplicate, .constraint, .defect: false
        }
    }
}

extension Database {
    /// `write`, tried again when another transaction was in the way (`StoreError.busy`).
    ///
    /// Only for a body that may run twice: one that reads nothing but the database and the values it captured.
    package func writeRetrying<T: Sendable>(
        attemptsMax: Int = 3, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        for attempt in 1..<max(attemptsMax, 1) {
            do { return try await write(body) } catch StoreError.busy {
                try await Task.sleep(for: .milliseconds(20 << attempt))
            }
        }
        return try await write(body)
    }
}
