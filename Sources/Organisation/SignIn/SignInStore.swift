package import Core
internal import Store
import Web

/// A browser that is signed in.
package struct Session: Sendable, Equatable {
    package let id: ID<Session>
    package let personID: ID<Person>
    package let createdAt: Instant
    package let seenAt: Instant
    package let endsAt: Instant
    package let address: String?
    /// The browser in a few words, as it named itself.
    package let device: String?
}

/// A link that works once, until a time.
package struct OneTimeLink: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable { case firstStart = "first_start", invite, reset }
    package let kind: Kind
    package let personID: ID<Person>?
    package let endsAt: Instant
}

struct Credential {
    let hash: PasswordHash?
    let mustChange: Bool
}

struct SecondFactor {
    let sealed: String
    let isConfirmed: Bool
    let lastStep: Int64
}

enum SignInStore {
    // MARK: Credentials

    static func credential(of id: ID<Person>, in tx: any Transaction) throws -> Credential? {
        let row = try tx.first("SELECT password_hash, must_change FROM credential WHERE person_id = \(id)")
        return try row.map {
            Credential(hash: PasswordHash(text: try $0.get("password_hash")), mustChange: try $0.get("must_change"))
        }
    }

    static func setCredential(
        _ hash: PasswordHash, mustChange: Bool, of id: ID<Person>, at now: Instant, in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO credential (person_id, password_hash, must_change, changed_at_ms)
            VALUES (\(id), \(hash.text), \(mustChange), \(now))
            ON CONFLICT (person_id) DO UPDATE SET password_hash = EXCLUDED.password_hash,
                must_change = EXCLUDED.must_change, changed_at_ms = EXCLUDED.changed_at_ms
            """)
    }

    /// Replaces a hash by one of today's cost, unless the password was changed meanwhile.
    static func rehash(_ old: PasswordHash, to new: PasswordHash, of id: ID<Person>, in tx: any Transaction) throws {
        try tx.run(
            """
            UPDATE credential SET password_hash = \(new.text)
            WHERE person_id = \(id) AND password_hash = \(old.text)
            """)
    }

    // MARK: The second factor

    static func secondFactor(of id: ID<Person>, in tx: any Transaction) throws -> SecondFactor? {
        let row = try tx.first(
            "SELECT secret_sealed, is_confirmed, last_step FROM second_factor WHERE person_id = \(id)")
        return try row.map {
            SecondFactor(
                sealed: try $0.get("secret_sealed"), isConfirmed: try $0.get("is_confirmed"),
                lastStep: try $0.get("last_step"))
        }
    }

    static func setSecondFactor(_ factor: SecondFactor, of id: ID<Person>, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO second_factor (person_id, secret_sealed, is_confirmed, last_step)
            VALUES (\(id), \(factor.sealed), \(factor.isConfirmed), \(factor.lastStep))
            ON CONFLICT (person_id) DO UPDATE SET secret_sealed = EXCLUDED.secret_sealed,
                is_confirmed = EXCLUDED.is_confirmed, last_step = EXCLUDED.last_step
            """)
    }

    /// Uses a step up; false when another request was first with it or a later one.
    static func useStep(_ step: Int64, of id: ID<Person>, in tx: any Transaction) throws -> Bool {
        try tx.run("UPDATE second_factor SET last_step = \(step) WHERE person_id = \(id) AND last_step < \(step)") == 1
    }

    static func removeSecondFactor(of id: ID<Person>, in tx: any Transaction) throws {
        try tx.run("DELETE FROM second_factor WHERE person_id = \(id)")
        try tx.run("DELETE FROM recovery_code WHERE person_id = \(id)")
    }

    static func replaceRecoveryCodes(_ hashes: [String], of id: ID<Person>, in tx: any Transaction) throws {
        try tx.run("DELETE FROM recovery_code WHERE person_id = \(id)")
        for hash in hashes {
            try tx.run("INSERT INTO recovery_code (person_id, code_hash) VALUES (\(id), \(hash))")
        }
    }

    /// True once for each code.
    static func useRecoveryCode(_ hash: String, of id: ID<Person>, in tx: any Transaction) throws -> Bool {
        try tx.run("DELETE FROM recovery_code WHERE person_id = \(id) AND code_hash = \(hash)") == 1
    }

    static func recoveryCodesLeft(of id: ID<Person>, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS total FROM recovery_code WHERE person_id = \(id)")?.get("total") ?? 0
    }

    // MARK: Sessions

    static func insertSession(_ session: Session, tokenHash: String, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO person_session
                (id, token_hash, person_id, created_at_ms, seen_at_ms, ends_at_ms, address, device)
            VALUES (\(session.id), \(tokenHash), \(session.personID), \(session.createdAt), \(session.seenAt),
                \(session.endsAt), \(session.address), \(session.device))
            """)
    }

    static func session(tokenHash: String, in tx: any Transaction) throws -> Session? {
        try tx.first("SELECT \(sessionColumns) FROM person_session WHERE token_hash = \(tokenHash)").map(session)
    }

    /// A session and whose it is.
    struct SignedIn {
        let session: Session
        let account: Visitor.Account
        let isEnabled: Bool
        /// Also without a password.
        let mustChangePassword: Bool
    }

    /// All that every request asks, in one statement: there is a row for each role.
    static func signedIn(tokenHash: String, in tx: any Transaction) throws -> SignedIn? {
        let rows = try tx.all(
            """
            SELECT s.id, s.person_id, s.created_at_ms, s.seen_at_ms, s.ends_at_ms, s.address, s.device,
                p.name, p.unit_code, p.is_enabled, COALESCE(c.must_change, 1) AS must_change, r.role
            FROM person_session s JOIN person p ON p.id = s.person_id
            LEFT JOIN credential c ON c.person_id = p.id LEFT JOIN person_role r ON r.person_id = p.id
            WHERE s.token_hash = \(tokenHash)
            """)
        guard let first = rows.first else { return nil }
        let session = try session(first)
        // A role of a later release is unknown here and opens nothing.
        let roles = try rows.compactMap { try $0.getOptional("role").flatMap(Role.init(rawValue:)) }
        return SignedIn(
            session: session,
            account: Visitor.Account(
                personID: session.personID.rawValue, name: try first.get("name"),
                unitCode: try first.getOptional("unit_code"), roles: Set(roles)),
            isEnabled: try first.get("is_enabled"), mustChangePassword: try first.get("must_change"))
    }

    /// Newest first.
    static func sessions(of id: ID<Person>, in tx: any Transaction) throws -> [Session] {
        try tx.all(
            "SELECT \(sessionColumns) FROM person_session WHERE person_id = \(id) ORDER BY seen_at_ms DESC, id DESC"
        ).map(session)
    }

    static func touch(_ id: ID<Session>, at now: Instant, in tx: any Transaction) throws {
        try tx.run("UPDATE person_session SET seen_at_ms = \(now) WHERE id = \(id) AND seen_at_ms < \(now)")
    }

    static func removeSession(tokenHash: String, in tx: any Transaction) throws -> Bool {
        try tx.run("DELETE FROM person_session WHERE token_hash = \(tokenHash)") == 1
    }

    static func removeSession(_ id: ID<Session>, of person: ID<Person>, in tx: any Transaction) throws -> Bool {
        try tx.run("DELETE FROM person_session WHERE id = \(id) AND person_id = \(person)") == 1
    }

    static func removeSessions(of id: ID<Person>, except kept: ID<Session>?, in tx: any Transaction) throws -> Int {
        try tx.run("DELETE FROM person_session WHERE person_id = \(id) AND id <> \(kept?.rawValue ?? 0)")
    }

    /// Drops sessions that are over; called at sign-in, so that the table stays as small as the staff.
    static func removeEndedSessions(at now: Instant, idleSince: Instant, in tx: any Transaction) throws {
        try tx.run("DELETE FROM person_session WHERE ends_at_ms <= \(now) OR seen_at_ms <= \(idleSince)")
    }

    private static let sessionColumns: SQL = "id, person_id, created_at_ms, seen_at_ms, ends_at_ms, address, device"

    private static func session(_ row: Row) throws -> Session {
        Session(
            id: try row.get("id"), personID: try row.get("person_id"), createdAt: try row.get("created_at_ms"),
            seenAt: try row.get("seen_at_ms"), endsAt: try row.get("ends_at_ms"),
            address: try row.getOptional("address"), device: try row.getOptional("device"))
    }

    // MARK: One-time links

    static func insertLink(
        _ link: OneTimeLink, tokenHash: String, at now: Instant, by actor: Int64?, in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO one_time_link (token_hash, kind, person_id, created_at_ms, ends_at_ms, created_by)
            VALUES (\(tokenHash), \(link.kind.rawValue), \(link.personID), \(now), \(link.endsAt), \(actor))
            """)
    }

    static func link(tokenHash: String, in tx: any Transaction) throws -> OneTimeLink? {
        try tx.first("SELECT kind, person_id, ends_at_ms FROM one_time_link WHERE token_hash = \(tokenHash)").map {
            OneTimeLink(
                kind: try $0.get("kind"), personID: try $0.getOptional("person_id"), endsAt: try $0.get("ends_at_ms"))
        }
    }

    /// Uses a link up: of two who follow it, the second finds nothing.
    static func takeLink(tokenHash: String, in tx: any Transaction) throws -> OneTimeLink? {
        try tx.first(
            "DELETE FROM one_time_link WHERE token_hash = \(tokenHash) RETURNING kind, person_id, ends_at_ms"
        ).map {
            OneTimeLink(
                kind: try $0.get("kind"), personID: try $0.getOptional("person_id"), endsAt: try $0.get("ends_at_ms"))
        }
    }

    /// Earlier links of a person, or of the first start, stop working once a new one is made.
    static func removeLinks(of id: ID<Person>?, in tx: any Transaction) throws {
        if let id {
            try tx.run("DELETE FROM one_time_link WHERE person_id = \(id)")
        } else {
            try tx.run("DELETE FROM one_time_link WHERE person_id IS NULL")
        }
    }

    // MARK: Throttling

    static func blockedUntil(_ subject: String, in tx: any Transaction) throws -> Instant? {
        try tx.first("SELECT blocked_until_ms FROM sign_in_throttle WHERE subject = \(subject)")?
            .get("blocked_until_ms")
    }

    /// Counts one failure more, starting anew when the last is older than `since`, and holds the subject's row until
    /// the transaction ends.
    ///
    /// - Returns: How many there are now, and until when the subject is blocked.
    static func countFailure(
        _ subject: String, at now: Instant, since: Instant, in tx: any Transaction
    ) throws -> (failures: Int, blockedUntil: Instant) {
        let row = try tx.first(
            """
            INSERT INTO sign_in_throttle (subject, failures, failed_at_ms, blocked_until_ms)
            VALUES (\(subject), 1, \(now), 0)
            ON CONFLICT (subject) DO UPDATE SET
                failures = CASE WHEN sign_in_throttle.failed_at_ms < \(since) THEN 1
                    ELSE sign_in_throttle.failures + 1 END,
                failed_at_ms = EXCLUDED.failed_at_ms
            RETURNING failures, blocked_until_ms
            """)
        guard let row else { throw StoreError.defect("counting a failure gave no row") }
        return (try row.get("failures"), try row.get("blocked_until_ms"))
    }

    static func block(_ subject: String, until: Instant, in tx: any Transaction) throws {
        try tx.run("UPDATE sign_in_throttle SET blocked_until_ms = \(until) WHERE subject = \(subject)")
    }

    static func forgetFailures(_ subject: String, in tx: any Transaction) throws {
        try tx.run("DELETE FROM sign_in_throttle WHERE subject = \(subject)")
    }

    static func forgetFailures(before: Instant, in tx: any Transaction) throws {
        try tx.run("DELETE FROM sign_in_throttle WHERE failed_at_ms < \(before)")
    }
}
