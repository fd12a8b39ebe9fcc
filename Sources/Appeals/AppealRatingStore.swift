package import Casework
package import Core
package import Store

/// The SQL of ratings.
package enum AppealRatingStore {
    /// Keeps the latest rating of an appeal.
    package static func save(
        _ rating: AppealRating, of id: ID<CaseFile>, now: Instant, in tx: any Transaction
    ) throws {
        try put(rating, of: id, import: nil, over: "", now: now, in: tx)
    }

    /// Ratings that an import brings for appeals which have none yet.
    static func insert(_ appeals: [Appeal], import importID: ID<ImportRecord>, now: Instant, in tx: any Transaction)
        throws
    {
        let rated = appeals.filter { !$0.rating.isEmpty }
        guard !rated.isEmpty else { return }
        try tx.insert(
            into: "appeal_rating",
            columns: ["appeal_id", "is_contacted_first", "verdict", "satisfaction", "rated_at_ms", "import_id"],
            rows: rated.map { appeal in
                [
                    appeal.id.value, appeal.rating.isContactedFirst?.value ?? .null,
                    (appeal.rating.verdict?.rawValue).map(Value.text) ?? .null,
                    (appeal.rating.satisfaction?.rawValue).map(Value.text) ?? .null, now.value, importID.value,
                ]
            })
    }

    /// A rating that an import brings; what somebody here found out by calling back stays.
    static func update(
        _ appeal: Appeal, import importID: ID<ImportRecord>, now: Instant, in tx: any Transaction
    ) throws {
        guard !appeal.rating.isEmpty else { return }
        try put(
            appeal.rating, of: appeal.id, import: importID, over: "WHERE appeal_rating.import_id IS NOT NULL", now: now,
            in: tx)
    }

    /// - Parameter over: which rating that is there already gives way; all where it is empty.
    private static func put(
        _ rating: AppealRating, of id: ID<CaseFile>, import importID: ID<ImportRecord>?, over: SQL, now: Instant,
        in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO appeal_rating (\(content))
            VALUES (\(id), \(rating.isContactedFirst), \(rating.verdict?.rawValue), \(rating.satisfaction?.rawValue),
                \(now), \(importID))
            ON CONFLICT (appeal_id) DO UPDATE SET is_contacted_first = excluded.is_contacted_first,
                verdict = excluded.verdict, satisfaction = excluded.satisfaction, rated_at_ms = excluded.rated_at_ms,
                import_id = excluded.import_id
            \(over)
            """)
    }

    private static let content: SQL =
        "appeal_id, is_contacted_first, verdict, satisfaction, rated_at_ms, import_id"

    /// Keeps the ratings that an import is about to change, unless it has kept them before.
    static func keepBefore(
        _ ids: ArraySlice<ID<CaseFile>>, import importID: ID<ImportRecord>, in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO appeal_rating_before (undo_import_id, \(content))
            SELECT CAST(\(importID) AS BIGINT), \(content) FROM appeal_rating
            WHERE appeal_id IN (\(list: ids)) AND (import_id IS NULL OR import_id <> \(importID))
            ON CONFLICT (undo_import_id, appeal_id) DO NOTHING
            """)
    }

    /// Takes an import's ratings away and puts those before it back.
    static func restore(_ ids: [ID<CaseFile>], import importID: ID<ImportRecord>, in tx: any Transaction) throws {
        try tx.run("DELETE FROM appeal_rating WHERE appeal_id IN (\(list: ids)) AND import_id = \(importID)")
        try tx.run(
            """
            INSERT INTO appeal_rating (\(content)) SELECT \(content) FROM appeal_rating_before
            WHERE undo_import_id = \(importID) AND appeal_id IN (\(list: ids))
            ON CONFLICT (appeal_id) DO NOTHING
            """)
        try tx.run(
            "DELETE FROM appeal_rating_before WHERE undo_import_id = \(importID) AND appeal_id IN (\(list: ids))")
    }

    package static func find(_ id: ID<CaseFile>, in tx: any Transaction) throws -> AppealRating? {
        try tx.first("SELECT * FROM appeal_rating WHERE appeal_id = \(id)").map { row in
            AppealRating(
                isContactedFirst: try row.getOptional("is_contacted_first"),
                verdict: try row.getOptional("verdict"), satisfaction: try row.getOptional("satisfaction"))
        }
    }
}
