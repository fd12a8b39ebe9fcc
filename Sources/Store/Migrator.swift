package import Core

/// Brings a namespace up to date.
package struct Migrator: Sendable {
    let migrations: [Migration]

    package init(_ migrations: [Migration]) { self.migrations = migrations }

    /// Applies what is missing, in order, each in its own transaction; returns the names applied.
    @discardableResult
    package func migrate(_ database: some Database) async throws -> [String] {
        try await database.write { tx in
            try tx.run("CREATE TABLE IF NOT EXISTS schema_migration (name TEXT PRIMARY KEY, checksum TEXT NOT NULL)")
        }
        var applied: [String] = []
        for migration in migrations {
            let isNew = try await database.write { tx -> Bool in
                if try tx.first("SELECT name FROM schema_migration WHERE name = \(migration.name)") != nil { return false }
                for statement in migration.steps.flatMap({ $0.statements(for: tx.engine) }) {
                    try tx.run(SQL(stringLiteral: statement))
                }
                try tx.run("INSERT INTO schema_migration (name, checksum) VALUES (\(migration.name), '')")
                return true
            }
            if isNew { applied.append(migration.name) }
        }
        return applied
    }
}
