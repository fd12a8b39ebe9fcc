package import Core
package import Store

/// The SQL of imports' records.
package enum IndicatorImportStore {
    package static func insert(_ one: IndicatorImport, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO indicator_import (
                id, kind, basis, file_name, file_path, state, added, changed, same, refused, created_by, created_at_ms)
            VALUES (
                \(one.id), \(one.kind.rawValue), \(one.basis), \(one.fileName), \(one.filePath), \(one.state.rawValue),
                \(one.added), \(one.changed), \(one.same), \(one.refused), \(one.createdBy), \(one.createdAt))
            """)
    }

    package static func find(_ id: ID<IndicatorImport>, in tx: any Transaction) throws -> IndicatorImport {
        guard let row = try tx.first("SELECT * FROM indicator_import WHERE id = \(id)") else {
            throw IndicatorError.importNotFound
        }
        return try record(row)
    }

    package static func list(limit: Int, in tx: any Transaction) throws -> [IndicatorImport] {
        try tx.all("SELECT * FROM indicator_import ORDER BY id DESC LIMIT \(limit)").map(record)
    }

    /// Drafts that nobody confirmed by then.
    static func stale(before: Instant, in tx: any Transaction) throws -> [IndicatorImport] {
        try tx.all(
            """
            SELECT * FROM indicator_import WHERE state = 'draft' AND created_at_ms < \(before)
            ORDER BY id LIMIT \(IndicatorLimits.importsShown)
            """
        ).map(record)
    }

    /// Only from a draft: false where it was confirmed or discarded already.
    static func finish(
        _ id: ID<IndicatorImport>, as state: IndicatorImport.State, _ preview: ImportPreview?, now: Instant,
        in tx: any Transaction
    ) throws -> Bool {
        let counts: SQL =
            preview.map {
                """
                , added = \($0.added.count), changed = \($0.changed.count), same = \($0.same),
                refused = \($0.refused.count)
                """
            } ?? ""
        return try tx.run(
            """
            UPDATE indicator_import SET state = \(state.rawValue), finished_at_ms = \(now) \(counts)
            WHERE id = \(id) AND state = 'draft'
            """) == 1
    }

    private static func record(_ row: Row) throws -> IndicatorImport {
        IndicatorImport(
            id: try row.get("id"), kind: try row.get("kind"), basis: try row.get("basis"),
            fileName: try row.get("file_name"), filePath: try row.get("file_path"), state: try row.get("state"),
            added: try row.get("added"), changed: try row.get("changed"), same: try row.get("same"),
            refused: try row.get("refused"), createdBy: try row.getOptional("created_by"),
            createdAt: try row.get("created_at_ms"))
    }
}
