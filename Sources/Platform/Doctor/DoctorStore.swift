internal import Store

/// What only the doctor asks of a database.
enum DoctorStore {
    /// Some cases and their titles, spread over all by the low digits of their identifiers.
    static func sampleTitles(limit: Int, in tx: any Transaction) throws -> [(Int64, String)] {
        try tx.all("SELECT id, title FROM case_file ORDER BY id % 997, id LIMIT \(limit)").map {
            (try $0.get("id"), try $0.get("title"))
        }
    }

    /// Current problems that count other appeals than are theirs.
    static func problemsOutOfStep(in tx: any Transaction) throws -> [Int64] {
        try tx.all(
            """
            SELECT p.id AS id FROM problem p LEFT JOIN problem_member m ON m.problem_id = p.id
            WHERE p.retired_at_ms IS NULL GROUP BY p.id, p.size HAVING COUNT(m.appeal_id) <> p.size ORDER BY p.id
            """
        ).map { try $0.get("id") }
    }
}
