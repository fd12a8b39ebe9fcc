package import Store

package enum OrganisationMigrations {
    package static let all: [Migration] = [people, signIn, auditTrail, savedViews]

    private static let people = Migration(
        "organisation.0001-people",
        """
        CREATE TABLE person (
            id BIGINT PRIMARY KEY,
            sign_in_name TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            unit_code TEXT,
            is_enabled BIGINT NOT NULL,
            version BIGINT NOT NULL,
            created_at_ms BIGINT NOT NULL,
            updated_at_ms BIGINT NOT NULL,
            signed_in_at_ms BIGINT)
        """,
        """
        CREATE TABLE person_role (
            person_id BIGINT NOT NULL REFERENCES person (id),
            role TEXT NOT NULL,
            granted_at_ms BIGINT NOT NULL,
            granted_by BIGINT,
            PRIMARY KEY (person_id, role))
        """,
        """
        CREATE TABLE credential (
            person_id BIGINT PRIMARY KEY REFERENCES person (id),
            password_hash TEXT NOT NULL,
            must_change BIGINT NOT NULL,
            changed_at_ms BIGINT NOT NULL)
        """,
        """
        CREATE TABLE second_factor (
            person_id BIGINT PRIMARY KEY REFERENCES person (id),
            secret_sealed TEXT NOT NULL,
            is_confirmed BIGINT NOT NULL,
            last_step BIGINT NOT NULL)
        """,
        """
        CREATE TABLE recovery_code (
            person_id BIGINT NOT NULL REFERENCES person (id),
            code_hash TEXT NOT NULL,
            PRIMARY KEY (person_id, code_hash))
        """)

    private static let signIn = Migration(
        "organisation.0002-sign-in",
        """
        CREATE TABLE person_session (
            id BIGINT PRIMARY KEY,
            token_hash TEXT NOT NULL UNIQUE,
            person_id BIGINT NOT NULL REFERENCES person (id),
            created_at_ms BIGINT NOT NULL,
            seen_at_ms BIGINT NOT NULL,
            ends_at_ms BIGINT NOT NULL,
            address TEXT,
            device TEXT)
        """,
        "CREATE INDEX person_session_person ON person_session (person_id)",
        """
        CREATE TABLE one_time_link (
            token_hash TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            person_id BIGINT REFERENCES person (id),
            created_at_ms BIGINT NOT NULL,
            ends_at_ms BIGINT NOT NULL,
            created_by BIGINT)
        """,
        """
        CREATE TABLE sign_in_throttle (
            subject TEXT PRIMARY KEY,
            failures BIGINT NOT NULL,
            failed_at_ms BIGINT NOT NULL,
            blocked_until_ms BIGINT NOT NULL)
        """)

    private static let savedViews = Migration(
        "organisation.0004-saved-views",
        """
        CREATE TABLE saved_view (
            id BIGINT PRIMARY KEY,
            person_id BIGINT NOT NULL REFERENCES person (id),
            path TEXT NOT NULL,
            name TEXT NOT NULL,
            query TEXT NOT NULL,
            is_default BIGINT NOT NULL,
            created_at_ms BIGINT NOT NULL,
            UNIQUE (person_id, path, name))
        """)

    /// Entries are kept from change by the engine itself; the head has one row, whose update puts writers in order.
    private static let auditTrail = Migration(
        "organisation.0003-audit-trail",
        """
        CREATE TABLE audit_entry (
            sequence BIGINT PRIMARY KEY,
            at_ms BIGINT NOT NULL,
            kind TEXT NOT NULL,
            person_id BIGINT,
            subject TEXT NOT NULL,
            detail TEXT NOT NULL,
            address TEXT,
            previous_hash TEXT NOT NULL UNIQUE,
            hash TEXT NOT NULL)
        """,
        "CREATE INDEX audit_entry_at ON audit_entry (at_ms)",
        "CREATE INDEX audit_entry_person ON audit_entry (person_id, sequence)",
        "CREATE INDEX audit_entry_kind ON audit_entry (kind, sequence)",
        """
        CREATE TABLE audit_head (
            id BIGINT PRIMARY KEY CHECK (id = 1),
            sequence BIGINT NOT NULL,
            hash TEXT NOT NULL)
        """,
        """
        INSERT INTO audit_head (id, sequence, hash)
        VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')
        """,
        .each(
            sqlite: [
                """
                CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
                BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
                """,
                """
                CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
                BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
                """,
                """
                CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
                BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
                """,
            ],
            postgresql: [
                """
                CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
                $body$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $body$
                """,
                """
                CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
                FOR EACH ROW EXECUTE FUNCTION audit_refuse()
                """,
                """
                CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
                FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
                """,
                """
                CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
                FOR EACH ROW EXECUTE FUNCTION audit_refuse()
                """,
                """
                CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head
                FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
                """,
            ]))
}
