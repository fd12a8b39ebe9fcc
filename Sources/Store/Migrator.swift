package import Core
internal import Crypto

/// Brings a namespace up to date. Several processes may try at once: one works, the others wait and find it done.
package struct Migrator: Sendable {
    let migrations: [Migration]

    package init(_ migrations: [Migration]) { self.migrations = migrations }

    /// What would run, and nothing is changed.
    package struct Planned: Sendable, Equatable {
        package let name: String
        package let statements: [String]
    }

    /// The migrations that have not run, with their statements; refuses what `migrate` refuses.
    package func plan(_ database: some Database) async throws -> [Planned] {
        try checkNames()
        return try await database.read { tx in
            let isNew = try !hasTable(in: tx)
            let done = try isNew ? [:] : applied(in: tx)
            return try missing(from: done, engine: tx.engine)
        }
    }

    /// Applies what is missing, in order, each in its own transaction; returns the names applied.
    @discardableResult
    package func migrate(_ database: some Database) async throws -> [String] {
        try checkNames()
        // When there is nothing to do, as at nearly every start, nothing is locked.
        if try await database.read(hasTable), try await plan(database).isEmpty { return [] }
        var names: [String] = []
        while let name = try await database.write(applyNext) { names.append(name) }
        return names
    }

    private func applyNext(in tx: any Transaction) throws -> String? {
        try lock(in: tx)
        try tx.run(
            "CREATE TABLE IF NOT EXISTS schema_migration (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL)")
        guard let next = try missing(from: applied(in: tx), engine: tx.engine).first,
            let migration = migrations.first(where: { $0.name == next.name })
        else { return nil }
        for statement in next.statements { try tx.run(SQL(stringLiteral: statement)) }
        try tx.run(
            "INSERT INTO schema_migration (name, checksum) VALUES (\(migration.name), \(migration.checksum))")
        return migration.name
    }

    /// On SQLite the write transaction is the lock already.
    private func lock(in tx: any Transaction) throws {
        guard tx.engine == .postgresql else { return }
        // Building an index on a large table, or waiting for the process that does, may take any time.
        try tx.run("SET LOCAL statement_timeout = 0")
        try tx.run("SET LOCAL lock_timeout = 0")
        _ = try tx.first("SELECT pg_advisory_xact_lock(\(Self.lockClass), hashtext(current_schema()))")
    }

    /// Arbitrary, but never changed: every version of the program must take the same lock.
    private static let lockClass: SQL = "20210419"

    private func hasTable(in tx: any Transaction) throws -> Bool {
        switch tx.engine {
        case .sqlite:
            try tx.first("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'") != nil
        case .postgresql:
            try tx.first("SELECT 1 AS one WHERE to_regclass('schema_migration') IS NOT NULL") != nil
        }
    }

    private func applied(in tx: any Transaction) throws -> [String: String] {
        var done: [String: String] = [:]
        try tx.forEach("SELECT name, checksum FROM schema_migration ORDER BY name") { row in
            done[try row.get("name")] = try row.get("checksum")
            return true
        }
        return done
    }

    private func missing(from done: [String: String], engine: EngineKind) throws -> [Planned] {
        let known = Set(migrations.map(\.name))
        if let unknown = done.keys.filter({ !known.contains($0) }).max() {
            throw MigrationError.databaseIsNewer(unknown)
        }
        return try migrations.compactMap { migration in
            guard let checksum = done[migration.name] else {
                return Planned(
                    name: migration.name, statements: migration.steps.flatMap { $0.statements(for: engine) })
            }
            guard checksum == migration.checksum else { throw MigrationError.changed(migration.name) }
            return nil
        }
    }

    /// Names are unique, and each room's rise in the order given.
    private func checkNames() throws {
        var last: [Substring: String] = [:]
        for migration in migrations {
            let room = migration.name.prefix { $0 != "." }
            if let before = last[room], before >= migration.name { throw MigrationError.disordered(migration.name) }
            last[room] = migration.name
        }
    }
}

extension Migration {
    /// SHA-256 over the statements of both engines; spaces and line ends do not count, so that a formatter may run.
    package var checksum: String {
        var hash = SHA256()
        for engine in EngineKind.allCases {
            for statement in steps.flatMap({ $0.statements(for: engine) }) {
                let words = statement.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                hash.update(data: Array((words + "\u{0}").utf8))
            }
            hash.update(data: [0xFF])
        }
        return hash.finalize().map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }
}

/// Why a database is not brought up to date.
package enum MigrationError: Problem, Equatable {
    case changed(String)
    case databaseIsNewer(String)
    case disordered(String)

    package var report: ProblemReport {
        switch self {
        case .changed(let name):
            ProblemReport(
                .conflict, "store.migration-changed",
                zh: "数据库升级步骤 \(name) 与当初执行的内容不同。请换回发布的程序版本；已发布的步骤不得修改，只能新增。",
                en:
                    "Migration \(name) is not what this database ran. Use the released program; a"
                    + " shipped migration is never edited, a new one is added."
            )
        case .databaseIsNewer(let name):
            ProblemReport(
                .conflict, "store.database-newer",
                zh: "数据库已由更新版本的程序升级过（\(name)）。请使用该版本或更新的程序，或恢复升级前的备份。",
                en:
                    "The database was brought up to date by a newer program (\(name)). Run that program"
                    + " or a newer one, or restore a backup."
            )
        case .disordered(let name):
            ProblemReport(
                .conflict, "store.migration-disordered",
                zh: "数据库升级步骤 \(name) 重名或次序不对。请联系开发者。",
                en: "Migration \(name) is out of order or named twice. Tell the developers.")
        }
    }
}
