internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// The SQLite engine: WAL, one writer, a pool of readers, `synchronous=FULL`.
package struct SQLiteDatabase: Database {
    package let engine = EngineKind.sqlite
    private let pool: DatabasePool
    private let connections = Connections()

    /// Opens the file; makes it, readable by its owner only, when it is not there.
    package init(path: String) throws {
        do {
            try Self.makeFile(path)
            pool = try DatabasePool(path: path, configuration: Self.configuration())
        } catch {
            throw StoreError(opening: error, path: path)
        }
    }

    package func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await mappingErrors { try await pool.read { try run(body, on: $0) } }
    }

    package func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await mappingErrors { try await pool.write { try run(body, on: $0) } }
    }

    package func close() async throws {
        try await mappingErrors {
            try await pool.barrierWriteWithoutTransaction { _ in connections.forgetStatements() }
            try pool.close()
        }
    }

    /// Copies the whole database to a new file while others read and write; the copy is one consistent moment.
    package func backup(to path: String) async throws {
        try await mappingErrors {
            try Self.makeFile(path)
            let target = try DatabaseQueue(path: path)
            try pool.backup(to: target, pagesPerStep: 2_000)
            try await target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
            try target.close()
        }
    }

    /// What SQLite's own check and the foreign keys find wrong; empty when the file is whole. Reads the whole file.
    package func integrityProblems() async throws -> [String] {
        try await read { tx in
            let pages = try tx.all("PRAGMA integrity_check(20)").compactMap { row -> String? in
                let line: String = try row.get("integrity_check")
                return line == "ok" ? nil : line
            }
            let keys = try tx.all("PRAGMA foreign_key_check").map { row -> String in
                "\(try row.get("table") as String): a row points at nothing in \(try row.get("parent") as String)"
            }
            return pages + keys.prefix(20)
        }
    }

    private func run<T>(_ body: (any Transaction) throws -> T, on db: GRDB.Database) throws -> T {
        let tx = SQLiteTransaction(try connections.connection(for: db))
        defer { tx.end() }
        let result = try body(tx)
        if let failure = tx.failure { throw failure }
        return result
    }

    private func mappingErrors<T: Sendable>(_ work: () async throws -> T) async throws -> T {
        do { return try await work() } catch let error as DatabaseError { throw StoreError(error) }
    }

    private static func makeFile(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(StoreLimits.busyTimeoutSeconds)
        configuration.maximumReaderCount = StoreLimits.sqliteReadersMax
        configuration.prepareDatabase { db in
            // Readers leave it to the system to keep pages for all of them; a writer's are its own until it commits.
            let cache =
                db.configuration.readonly
                ? StoreLimits.sqliteReaderCacheKibibytes : StoreLimits.sqliteWriterCacheKibibytes
            // LIKE tells capitals apart, as on PostgreSQL.
            for pragma in [
                "synchronous = FULL", "case_sensitive_like = ON", "temp_store = MEMORY",
                "cache_size = -\(cache)",
                "wal_autocheckpoint = \(StoreLimits.sqliteCheckpointPages)",
                "journal_size_limit = 67108864",
            ] {
                try db.execute(sql: "PRAGMA \(pragma)")
            }
        }
        return configuration
    }
}

/// The statement caches of a pool's connections.
private final class Connections: Sendable {
    private let known = Mutex<[ObjectIdentifier: SQLiteConnection]>([:])

    func connection(for db: GRDB.Database) throws -> SQLiteConnection {
        guard let handle = db.sqliteConnection else { throw StoreError.unavailable("the database is closed") }
        return known.withLock { known in
            if let connection = known[ObjectIdentifier(db)], connection.handle == handle { return connection }
            let connection = SQLiteConnection(handle)
            known[ObjectIdentifier(db)] = connection
            return connection
        }
    }

    func forgetStatements() {
        known.withLock { known in
            for connection in known.values { connection.forgetStatements() }
            known = [:]
        }
    }
}

extension StoreError {
    /// From SQLite's extended result code.
    init(sqlite code: Int32, message: String) {
        switch ResultCode(rawValue: code) {
        case .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_ROWID:
            self = .duplicate(message)
        case .SQLITE_CONSTRAINT: self = .constraint(message)
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_INTERRUPT: self = .busy(message)
        case .SQLITE_FULL, .SQLITE_IOERR: self = .full(message)
        case .SQLITE_CANTOPEN, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_NOMEM, .SQLITE_PERM:
            self = .unavailable(message)
        default: self = .defect(message)
        }
    }

    init(_ error: DatabaseError) {
        self.init(sqlite: error.extendedResultCode.rawValue, message: error.message ?? "SQLite \(error.resultCode)")
    }

    init(opening error: any Error, path: String) {
        switch error {
        case let error as DatabaseError:
            self = .unavailable("\(path): \(error.message ?? "SQLite \(error.resultCode)")")
        case let error as StoreError: self = error
        default: self = .unavailable("\(path): \(error.localizedDescription)")
        }
    }
}
