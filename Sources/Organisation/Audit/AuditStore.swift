package import Core
package import Store

/// Which entries of the trail a list shows.
package struct AuditFilter: Sendable, Equatable {
    package var search = ""
    package var kinds: [AuditEvent.Kind] = []
    package var personID: Int64?
    package var from: Instant?
    package var until: Instant?
    package var isOldestFirst = false

    package init() {}
}

package enum AuditStore {
    static let firstHash = String(repeating: "0", count: 64)

    struct Head {
        let sequence: Int64
        let hash: String
    }

    /// Reads the head and holds it: another transaction that wants it waits until this one ends, then reads what this
    /// one left. The update changes nothing but takes the row's lock on both engines.
    static func lockHead(in tx: any Transaction) throws -> Head {
        let row = try tx.first("UPDATE audit_head SET sequence = sequence WHERE id = 1 RETURNING sequence, hash")
        guard let row else { throw OrganisationError.auditHeadMissing }
        return Head(sequence: try row.get("sequence"), hash: try row.get("hash"))
    }

    static func head(in tx: any Transaction) throws -> Head {
        guard let row = try tx.first("SELECT sequence, hash FROM audit_head WHERE id = 1") else {
            throw OrganisationError.auditHeadMissing
        }
        return Head(sequence: try row.get("sequence"), hash: try row.get("hash"))
    }

    static func insert(_ entry: AuditEntry, in tx: any Transaction) throws {
        let event = entry.event
        try tx.run(
            """
            INSERT INTO audit_entry (sequence, at_ms, kind, person_id, subject, detail, address, previous_hash, hash)
            VALUES (\(entry.sequence), \(entry.at), \(event.kind.rawValue), \(event.personID), \(event.subject),
                \(event.detail), \(event.address), \(entry.previousHash), \(entry.hash))
            """)
    }

    static func moveHead(to entry: AuditEntry, in tx: any Transaction) throws {
        try tx.run("UPDATE audit_head SET sequence = \(entry.sequence), hash = \(entry.hash) WHERE id = 1")
    }

    /// All entries in the order of the chain; `body` returns false to stop.
    static func forEach(in tx: any Transaction, _ body: (AuditEntry) throws -> Bool) throws {
        try tx.forEach("SELECT \(columns) FROM audit_entry ORDER BY sequence") { try body(entry($0)) }
    }

    package static func count(_ filter: AuditFilter, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS total FROM audit_entry \(condition(filter))")?.get("total") ?? 0
    }

    package static func list(
        _ filter: AuditFilter, limit: Int, offset: Int, in tx: any Transaction
    ) throws -> [AuditEntry] {
        let direction: SQL = filter.isOldestFirst ? "ASC" : "DESC"
        return try tx.all(
            """
            SELECT \(columns) FROM audit_entry \(condition(filter))
            ORDER BY sequence \(direction) LIMIT \(limit) OFFSET \(offset)
            """
        ).map(entry)
    }

    private static let columns: SQL =
        "sequence, at_ms, kind, person_id, subject, detail, address, previous_hash, hash"

    private static func condition(_ filter: AuditFilter) -> SQL {
        var conditions: [SQL] = []
        if !filter.kinds.isEmpty { conditions.append("kind IN (\(list: filter.kinds.map(\.rawValue)))") }
        if let person = filter.personID { conditions.append("person_id = \(person)") }
        if let from = filter.from { conditions.append("at_ms >= \(from)") }
        if let until = filter.until { conditions.append("at_ms < \(until)") }
        if !filter.search.isEmpty {
            let pattern = LikePattern.containing(filter.search)
            conditions.append(
                "(LOWER(subject) LIKE \(pattern) ESCAPE '~' OR LOWER(detail) LIKE \(pattern) ESCAPE '~')")
        }
        return .whereAll(conditions)
    }

    private static func entry(_ row: Row) throws -> AuditEntry {
        AuditEntry(
            sequence: try row.get("sequence"), at: try row.get("at_ms"),
            event: AuditEvent(
                kind: try row.get("kind"), personID: try row.getOptional("person_id"),
                subject: try row.get("subject"), detail: try row.get("detail"),
                address: try row.getOptional("address")),
            previousHash: try row.get("previous_hash"), hash: try row.get("hash"))
    }
}

/// A text to look for with LIKE, its own wildcards taken for what they are.
enum LikePattern {
    static func containing(_ text: String) -> String {
        var pattern = "%"
        for character in text.lowercased() {
            if "%_~".contains(character) { pattern.append("~") }
            pattern.append(character)
        }
        return pattern + "%"
    }
}
