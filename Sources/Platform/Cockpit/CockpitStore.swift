internal import Core
internal import Store

/// The SQL of the cockpit: what no room reads for itself.
enum CockpitStore {
    /// Appeals received from one instant until before another.
    static func received(from: Instant, before: Instant, in tx: any Transaction) throws -> Int {
        try tx.first(
            """
            SELECT COUNT(*) AS n FROM appeal WHERE submitted_at_ms >= \(from) AND submitted_at_ms < \(before)
            """)?.get("n") ?? 0
    }

    struct Happening: Sendable, Equatable {
        let id: Int64
        let kind: String
        let number: String
        let title: String
        let state: String
        let unitCode: String?
        let at: Instant
    }

    /// What happened last, newest first.
    static func happenings(limit: Int, in tx: any Transaction) throws -> [Happening] {
        try tx.all(
            """
            SELECT id, kind, number, title, state, lead_unit_code, updated_at_ms FROM case_file
            ORDER BY updated_at_ms DESC LIMIT \(limit)
            """
        ).map {
            Happening(
                id: try $0.get("id"), kind: try $0.get("kind"), number: try $0.get("number"),
                title: try $0.get("title"), state: try $0.get("state"),
                unitCode: try $0.getOptional("lead_unit_code"), at: try $0.get("updated_at_ms"))
        }
    }
}
