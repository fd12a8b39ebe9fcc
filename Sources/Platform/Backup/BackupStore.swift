internal import Store

/// What backup and restore ask of a database.
enum BackupStore {
    static func migrations(in tx: any Transaction) throws -> [String] {
        try tx.all("SELECT name FROM schema_migration ORDER BY name").map { try $0.get("name") }
    }

    /// Whether the namespace holds any table.
    static func isEmpty(in tx: any Transaction) throws -> Bool {
        switch tx.engine {
        case .sqlite: try tx.first("SELECT name FROM sqlite_master LIMIT 1") == nil
        case .postgresql:
            try tx.first("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LIMIT 1") == nil
        }
    }

    /// Makes room for a dump that creates the schema itself.
    static func dropEmptySchema(in tx: any Transaction) throws {
        guard try isEmpty(in: tx) else { return }
        try tx.run("DO $body$ BEGIN EXECUTE format('DROP SCHEMA %I', current_schema()); END $body$")
    }
}
