package import Casework
package import Core
package import Store

/// The SQL of ratings.
package enum AppealRatingStore {
    /// Keeps the latest rating of an appeal.
    package static func save(
        _ rating: AppealRating, of id: ID<CaseFile>, now: Instant, in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO appeal_rating (appeal_id, is_contacted_first, verdict, satisfaction, rated_at_ms)
            VALUES (\(id), \(rating.isContactedFirst), \(rating.verdict?.rawValue), \(rating.satisfaction?.rawValue),
                \(now))
            ON CONFLICT (appeal_id) DO UPDATE SET is_contacted_first = excluded.is_contacted_first,
                verdict = excluded.verdict, satisfaction = excluded.satisfaction, rated_at_ms = excluded.rated_at_ms
            """)
    }

    package static func find(_ id: ID<CaseFile>, in tx: any Transaction) throws -> AppealRating? {
        try tx.first("SELECT * FROM appeal_rating WHERE appeal_id = \(id)").map { row in
            AppealRating(
                isContactedFirst: try row.getOptional("is_contacted_first"),
                verdict: try row.getOptional("verdict"), satisfaction: try row.getOptional("satisfaction"))
        }
    }
}
