internal import Casework
internal import Core
internal import Store

/// The SQL of the portal: contacts, follow codes, and how often a visitor has come.
enum AppealPortalStore {
    struct Contact: Sendable, Equatable {
        let name: String
        let phone: String
        var isEmpty: Bool { name.isEmpty && phone.isEmpty }
    }

    static func insertContact(
        _ contact: Contact, followCodeHash: String, of id: ID<CaseFile>, in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO appeal_contact (appeal_id, name, phone, follow_code_hash)
            VALUES (\(id), \(contact.name), \(contact.phone), \(followCodeHash))
            """)
    }

    static func contact(of id: ID<CaseFile>, in tx: any Transaction) throws -> Contact? {
        try tx.first("SELECT name, phone FROM appeal_contact WHERE appeal_id = \(id)").map {
            Contact(name: try $0.get("name"), phone: try $0.get("phone"))
        }
    }

    /// Whether the code belongs to the appeal.
    static func isFollowed(_ id: ID<CaseFile>, by hash: String, in tx: any Transaction) throws -> Bool {
        try tx.first("SELECT appeal_id FROM appeal_contact WHERE appeal_id = \(id) AND follow_code_hash = \(hash)")
            != nil
    }

    /// Counts one use and says how many there were in the window, this one included. A window that begins in the
    /// future was counted on a clock that has been set back since, and begins anew.
    static func use(
        _ action: String, by visitorKey: String, windowMilliseconds: Int64, now: Instant, in tx: any Transaction
    ) throws -> Int {
        let begun = now.adding(milliseconds: -windowMilliseconds)
        let row = try tx.first(
            """
            INSERT INTO appeal_throttle (visitor_key, action, window_start_ms, uses)
            VALUES (\(visitorKey), \(action), \(now), 1)
            ON CONFLICT (visitor_key, action) DO UPDATE SET
                uses = CASE WHEN appeal_throttle.window_start_ms > \(begun)
                    AND appeal_throttle.window_start_ms <= \(now) THEN appeal_throttle.uses + 1 ELSE 1 END,
                window_start_ms = CASE WHEN appeal_throttle.window_start_ms > \(begun)
                    AND appeal_throttle.window_start_ms <= \(now)
                    THEN appeal_throttle.window_start_ms ELSE excluded.window_start_ms END
            RETURNING uses
            """)
        return try row?.get("uses") ?? 1
    }

    /// Forgets visitors who have not come for a day.
    static func forget(before limit: Instant, in tx: any Transaction) throws {
        try tx.run("DELETE FROM appeal_throttle WHERE window_start_ms < \(limit)")
    }
}
