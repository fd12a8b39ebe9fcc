internal import Casework
internal import Core
internal import Store

/// The SQL with which an import finds, changes and restores appeals.
extension AppealStore {
    /// Whether anything of the source is known, so that a first import need not look each number up.
    static func isKnown(source: String, in tx: any Transaction) throws -> Bool {
        try tx.first("SELECT id FROM appeal WHERE source = \(source) LIMIT 1") != nil
    }

    /// The known ones of these numbers.
    static func known(
        source: String, sourceIDs: [String], in tx: any Transaction
    ) throws -> [String: (id: ID<CaseFile>, checksum: String)] {
        var known: [String: (id: ID<CaseFile>, checksum: String)] = [:]
        for part in sourceIDs.parts(of: AppealLimits.identifiersPerStatement) {
            try tx.forEach(
                """
                SELECT id, source_id, row_checksum FROM appeal
                WHERE source = \(source) AND source_id IN (\(list: part))
                """
            ) { row in
                known[try row.get("source_id")] = (try row.get("id"), try row.get("row_checksum"))
                return true
            }
        }
        return known
    }

    private static let content: SQL = """
        appeal_type, channel, subject, body, submitted_at_ms, author_key, address, latitude, longitude,
        township_code, topic, topic_permille, unit_text, likes, dislikes, transfers, is_dissatisfied, closed_at_ms,
        reply, duplicate_of, row_checksum
        """

    /// Keeps what appeals of other imports say now, unless this import has kept it before.
    static func keepBefore(_ ids: [ID<CaseFile>], import importID: ID<ImportRecord>, in tx: any Transaction) throws {
        for part in ids.parts(of: AppealLimits.identifiersPerStatement) {
            try tx.run(
                """
                INSERT INTO appeal_import_before (undo_import_id, id, \(content))
                SELECT CAST(\(importID) AS BIGINT), id, \(content) FROM appeal
                WHERE id IN (\(list: part)) AND (import_id IS NULL OR import_id <> \(importID))
                ON CONFLICT (undo_import_id, id) DO NOTHING
                """)
            try AppealRatingStore.keepBefore(part, import: importID, in: tx)
        }
    }

    /// Appeals that the import changed, by id.
    static func changed(by importID: ID<ImportRecord>, limit: Int, in tx: any Transaction) throws -> [ID<CaseFile>] {
        try tx.all("SELECT id FROM appeal_import_before WHERE undo_import_id = \(importID) ORDER BY id LIMIT \(limit)")
            .map { try $0.get("id") }
    }

    /// Puts back what the appeals said before the import.
    static func restore(
        _ ids: [ID<CaseFile>], import importID: ID<ImportRecord>, now: Instant, in tx: any Transaction
    ) throws {
        try tx.run(
            """
            UPDATE appeal SET (\(content)) = (
                    SELECT \(content) FROM appeal_import_before b
                    WHERE b.undo_import_id = \(importID) AND b.id = appeal.id),
                updated_at_ms = \(now)
            WHERE id IN (\(list: ids))
            """)
        try AppealRatingStore.restore(ids, import: importID, in: tx)
        try tx.run(
            "DELETE FROM appeal_import_before WHERE undo_import_id = \(importID) AND id IN (\(list: ids))")
    }

    /// Appeals that the import brought, after an id.
    static func brought(
        by importID: ID<ImportRecord>, after id: Int64, limit: Int, in tx: any Transaction
    ) throws -> [Appeal] {
        try tx.all(
            "SELECT * FROM appeal WHERE import_id = \(importID) AND id > \(id) ORDER BY id LIMIT \(limit)"
        ).map(Appeal.init)
    }

    static func delete(_ ids: [ID<CaseFile>], in tx: any Transaction) throws {
        for part in ids.parts(of: AppealLimits.identifiersPerStatement) {
            try tx.run("DELETE FROM appeal_import_before WHERE id IN (\(list: part))")
            try tx.run("DELETE FROM appeal_contact WHERE appeal_id IN (\(list: part))")
            try tx.run("DELETE FROM appeal_rating WHERE appeal_id IN (\(list: part))")
            try tx.run("DELETE FROM appeal_rating_before WHERE appeal_id IN (\(list: part))")
            try tx.run("DELETE FROM appeal WHERE id IN (\(list: part))")
        }
    }

    /// The file of a later import that changed something this one brought or changed.
    static func laterImport(than importID: ID<ImportRecord>, in tx: any Transaction) throws -> String? {
        try tx.first(
            """
            SELECT i.file_name FROM appeal_import_before b JOIN appeal_import i ON i.id = b.undo_import_id
            WHERE b.undo_import_id > \(importID) AND (
                b.id IN (SELECT id FROM appeal WHERE import_id = \(importID))
                OR b.id IN (SELECT id FROM appeal_import_before WHERE undo_import_id = \(importID)))
            ORDER BY i.id DESC LIMIT 1
            """
        )?.get("file_name")
    }
}
