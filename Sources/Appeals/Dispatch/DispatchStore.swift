internal import Casework
internal import Core
internal import Mining
internal import Store

/// The SQL of the table `dispatch_model`, and of the cases it learns from.
enum DispatchStore {
    /// A handled case: who handled it is settled, not only proposed.
    struct Handled: Sendable {
        let example: DispatchModel.Example
        let at: Instant
    }

    private static let settled = [
        "recorded", "accepted", "contacted", "handling", "extended", "submitted", "callback", "closed",
    ]

    /// The latest handled cases, the oldest of them first.
    static func handled(limit: Int, in tx: any Transaction) throws -> [Handled] {
        try tx.all(
            """
            SELECT a.id, a.subject, a.body, c.lead_unit_code AS unit,
                COALESCE(a.submitted_at_ms, c.opened_at_ms) AS at_ms
            FROM appeal a JOIN case_file c ON c.id = a.id
            WHERE c.lead_unit_code IS NOT NULL AND c.state IN (\(list: settled))
            ORDER BY at_ms DESC, a.id DESC LIMIT \(limit)
            """
        ).reversed().map { row in
            let (subject, body): (String, String) = (try row.get("subject"), try row.get("body"))
            return Handled(
                example: DispatchModel.Example(
                    id: try row.get("id"), text: subject + "\n" + body, unit: try row.get("unit")),
                at: try row.get("at_ms"))
        }
    }

    static func inUse(in tx: any Transaction) throws -> DispatchRecord? {
        try tx.first(
            """
            SELECT version, trained_at_ms, learnt_until_ms, cases, units, held_out, right_first, right_three,
                rival_first, is_in_use
            FROM dispatch_model WHERE is_in_use = 1
            """
        ).map(record)
    }

    static func model(_ version: Int, in tx: any Transaction) throws -> [UInt8]? {
        try tx.first("SELECT model FROM dispatch_model WHERE version = \(version) AND model IS NOT NULL")?.get("model")
    }

    static func list(limit: Int, offset: Int, in tx: any Transaction) throws -> [DispatchRecord] {
        try tx.all(
            """
            SELECT version, trained_at_ms, learnt_until_ms, cases, units, held_out, right_first, right_three,
                rival_first, is_in_use
            FROM dispatch_model ORDER BY version DESC LIMIT \(limit) OFFSET \(offset)
            """
        ).map(record)
    }

    static func count(in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM dispatch_model")?.get("n") ?? 0
    }

    /// Writes the next version; one that comes into use takes the place of the other, whose model is let go.
    static func insert(_ record: DispatchRecord, model: [UInt8]?, in tx: any Transaction) throws -> Int {
        let last: Int? = try tx.first("SELECT MAX(version) AS last FROM dispatch_model")?.getOptional("last")
        let version = (last ?? 0) + 1
        if record.isInUse {
            try tx.run("UPDATE dispatch_model SET is_in_use = 0, model = NULL WHERE is_in_use = 1")
        }
        try tx.run(
            """
            INSERT INTO dispatch_model (version, trained_at_ms, learnt_until_ms, cases, units, held_out, right_first,
                right_three, rival_first, is_in_use, model)
            VALUES (\(version), \(record.trainedAt), \(record.learntUntil), \(record.cases), \(record.units),
                \(record.heldOut), \(record.rightFirst), \(record.rightThree), \(record.rivalFirst),
                \(record.isInUse), \(model))
            """)
        let oldest = version - DispatchLimits.versionsMax
        try tx.run("DELETE FROM dispatch_model WHERE version <= \(oldest) AND is_in_use = 0")
        return version
    }

    private static func record(_ row: Row) throws -> DispatchRecord {
        DispatchRecord(
            version: try row.get("version"), trainedAt: try row.get("trained_at_ms"),
            learntUntil: try row.get("learnt_until_ms"), cases: try row.get("cases"), units: try row.get("units"),
            heldOut: try row.get("held_out"), rightFirst: try row.get("right_first"),
            rightThree: try row.get("right_three"), rivalFirst: try row.getOptional("rival_first"),
            isInUse: try row.get("is_in_use"))
    }

    /// A past case as a suggestion names it.
    struct PastCase: Sendable {
        let id: Int64
        let number: String
        let title: String
    }

    static func pastCases(_ ids: [Int64], in tx: any Transaction) throws -> [Int64: PastCase] {
        guard !ids.isEmpty else { return [:] }
        let found = try tx.all("SELECT id, number, title FROM case_file WHERE id IN (\(list: ids))").map { row in
            PastCase(id: try row.get("id"), number: try row.get("number"), title: try row.get("title"))
        }
        return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
    }
}
