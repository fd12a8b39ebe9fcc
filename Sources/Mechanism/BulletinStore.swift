package import Core
internal import Indicators
package import Store

/// The SQL of bulletins.
package enum BulletinStore {
    private static let columns: SQL = "id, period, title, body, state, version, issued_at_ms, is_demo"

    package static func find(_ id: ID<Bulletin>, in tx: any Transaction) throws -> Bulletin {
        guard let row = try tx.first("SELECT \(columns) FROM bulletin WHERE id = \(id)") else {
            throw MechanismError.bulletinUnknown
        }
        return try Bulletin(row)
    }

    /// Newest period first.
    package static func list(in tx: any Transaction) throws -> [Bulletin] {
        try tx.all("SELECT \(columns) FROM bulletin ORDER BY id DESC LIMIT \(MechanismLimits.bulletinsListed)")
            .map(Bulletin.init)
    }

    static func insert(
        _ id: ID<Bulletin>, _ period: Period, title: String, text: String, isDemo: Bool, by person: Int64, at: Instant,
        in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO bulletin (id, period, title, body, state, version, is_demo, created_by, created_at_ms)
            VALUES (\(id), \(period.description), \(title), \(text), 'draft', 1, \(isDemo), \(person), \(at))
            """)
    }

    /// False when it was issued or changed meanwhile.
    static func update(
        _ id: ID<Bulletin>, version: Int, title: String, text: String, in tx: any Transaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE bulletin SET title = \(title), body = \(text), version = version + 1
            WHERE id = \(id) AND version = \(version) AND state = 'draft'
            """) == 1
    }

    static func issue(
        _ id: ID<Bulletin>, version: Int, by person: Int64, at: Instant, in tx: any Transaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE bulletin SET state = 'issued', version = version + 1, issued_by = \(person), issued_at_ms = \(at)
            WHERE id = \(id) AND version = \(version) AND state = 'draft'
            """) == 1
    }
}

extension Bulletin {
    init(_ row: Row) throws {
        guard let period = Period(reading: try row.get("period") as String) else {
            throw RowError(column: "period", found: try row.value("period"))
        }
        self.init(
            id: try row.get("id"), period: period, title: try row.get("title"), text: try row.get("body"),
            isIssued: try row.get("state") as String == "issued", version: try row.get("version"),
            issuedAt: try row.getOptional("issued_at_ms"), isDemo: try row.get("is_demo"))
    }
}
