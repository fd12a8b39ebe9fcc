package import Store

package enum CaseworkMigrations {
    package static let all: [Migration] = [
        cases, timeline, companions, guards, search, pace, recent, closed, openByTime, exclusions,
        statistics, states,
    ]

    private static let cases = Migration(
        "casework.0001-cases",
        """
        CREATE TABLE case_file (
            id BIGINT PRIMARY KEY,
            kind TEXT NOT NULL,
            number TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            state TEXT NOT NULL,
            is_open BIGINT NOT NULL CHECK (is_open IN (0, 1)),
            lead_unit_code TEXT,
            township_code TEXT,
            opened_at_ms BIGINT NOT NULL,
            due_at_ms BIGINT,
            warn_at_ms BIGINT,
            deadline TEXT,
            closed_at_ms BIGINT,
            light_floor BIGINT NOT NULL DEFAULT 0 CHECK (light_floor IN (0, 1, 2)),
            light_approved BIGINT CHECK (light_approved IN (0, 1, 2)),
            light_approved_until_ms BIGINT,
            version BIGINT NOT NULL,
            timeline_count BIGINT NOT NULL,
            timeline_hash TEXT NOT NULL,
            updated_at_ms BIGINT NOT NULL,
            CHECK ((due_at_ms IS NULL) = (deadline IS NULL)),
            CHECK ((light_approved IS NULL) = (light_approved_until_ms IS NULL)),
            CHECK (is_open = 0 OR closed_at_ms IS NULL)
        )
        """,
        "CREATE INDEX case_file_opened ON case_file (opened_at_ms, id)",
        "CREATE INDEX case_file_state ON case_file (kind, state, opened_at_ms)",
        // Most cases of a district are closed: what worklists read stays small.
        "CREATE INDEX case_file_unit_open ON case_file (lead_unit_code, due_at_ms) WHERE is_open = 1",
        "CREATE INDEX case_file_due_open ON case_file (due_at_ms, id) WHERE is_open = 1",
        """
        CREATE TABLE case_unit (
            case_id BIGINT NOT NULL REFERENCES case_file (id),
            unit_code TEXT NOT NULL,
            PRIMARY KEY (case_id, unit_code)
        )
        """,
        "CREATE INDEX case_unit_unit ON case_unit (unit_code, case_id)",
        "CREATE TABLE case_counter (scope TEXT PRIMARY KEY, next_number BIGINT NOT NULL)",
        """
        CREATE TABLE case_number_block (
            scope TEXT NOT NULL,
            first_number BIGINT NOT NULL,
            next_number BIGINT NOT NULL,
            last_number BIGINT NOT NULL,
            PRIMARY KEY (scope, first_number)
        )
        """)

    // No foreign key from the timeline to its case: it would cost a look-up for every imported row, and a check of
    // the chains finds orphans. See docs/adr/014-timeline.md.
    private static let timeline = Migration(
        "casework.0002-timeline",
        .each(
            sqlite: [timelineTable + " WITHOUT ROWID"],
            postgresql: [timelineTable]),
        """
        CREATE TABLE case_tombstone (
            case_id BIGINT PRIMARY KEY,
            kind TEXT NOT NULL,
            number TEXT NOT NULL UNIQUE,
            timeline_count BIGINT NOT NULL,
            timeline_hash TEXT NOT NULL,
            removed_at_ms BIGINT NOT NULL,
            reason TEXT NOT NULL,
            actor_kind TEXT NOT NULL,
            actor_person_id BIGINT,
            actor_unit_code TEXT,
            actor_system TEXT
        )
        """)

    private static let timelineTable = """
        CREATE TABLE case_timeline (
            case_id BIGINT NOT NULL,
            sequence BIGINT NOT NULL CHECK (sequence >= 1),
            at_ms BIGINT NOT NULL,
            event TEXT NOT NULL,
            detail TEXT NOT NULL,
            from_state TEXT,
            to_state TEXT,
            actor_kind TEXT NOT NULL CHECK (actor_kind IN ('person', 'system', 'resident')),
            actor_person_id BIGINT,
            actor_unit_code TEXT,
            actor_system TEXT,
            hash TEXT NOT NULL,
            PRIMARY KEY (case_id, sequence)
        )
        """

    private static let companions = Migration(
        "casework.0003-companions",
        """
        CREATE TABLE case_link (
            id BIGINT PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('raises', 'answers', 'delivers', 'duplicates', 'causes')),
            from_case_id BIGINT NOT NULL REFERENCES case_file (id),
            to_case_id BIGINT NOT NULL REFERENCES case_file (id),
            at_ms BIGINT NOT NULL,
            UNIQUE (from_case_id, to_case_id, kind),
            CHECK (from_case_id <> to_case_id)
        )
        """,
        "CREATE INDEX case_link_to ON case_link (to_case_id)",
        """
        CREATE TABLE case_comment (
            id BIGINT NOT NULL,
            version BIGINT NOT NULL,
            case_id BIGINT NOT NULL REFERENCES case_file (id),
            body TEXT NOT NULL,
            at_ms BIGINT NOT NULL,
            author_person_id BIGINT NOT NULL,
            author_unit_code TEXT,
            PRIMARY KEY (id, version)
        )
        """,
        "CREATE INDEX case_comment_case ON case_comment (case_id, id, version)",
        """
        CREATE TABLE case_attachment (
            id BIGINT PRIMARY KEY,
            case_id BIGINT NOT NULL REFERENCES case_file (id),
            digest TEXT NOT NULL,
            name TEXT NOT NULL,
            content_type TEXT NOT NULL,
            bytes BIGINT NOT NULL,
            at_ms BIGINT NOT NULL,
            actor_kind TEXT NOT NULL,
            actor_person_id BIGINT,
            actor_unit_code TEXT,
            actor_system TEXT,
            removed_at_ms BIGINT
        )
        """,
        "CREATE INDEX case_attachment_case ON case_attachment (case_id)",
        "CREATE INDEX case_attachment_digest ON case_attachment (digest)")

    /// The timeline and the comments are append-only, in the engine itself. The rows of a case may go only once its
    /// tombstone stands, and tombstones stay for ever.
    private static let guards = Migration(
        "casework.0004-append-only",
        .each(
            sqlite: [
                refusal(sqlite: "case_timeline", of: "UPDATE"),
                refusal(sqlite: "case_comment", of: "UPDATE"),
                refusal(sqlite: "case_tombstone", of: "UPDATE"),
                refusal(sqlite: "case_tombstone", of: "DELETE"),
                refusal(sqlite: "case_timeline", of: "DELETE", unlessTombstone: true),
                refusal(sqlite: "case_comment", of: "DELETE", unlessTombstone: true),
                refusal(sqlite: "case_file", of: "DELETE", unlessTombstone: true, key: "id"),
            ],
            postgresql: [
                """
                CREATE FUNCTION case_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
                BEGIN
                    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
                END
                $body$
                """,
                refusalUnlessTombstone(function: "case_refuse_unless_tombstone", key: "case_id"),
                refusalUnlessTombstone(function: "case_file_refuse_unless_tombstone", key: "id"),
                "CREATE TRIGGER case_timeline_no_update BEFORE UPDATE ON case_timeline"
                    + " FOR EACH ROW EXECUTE FUNCTION case_refuse()",
                "CREATE TRIGGER case_comment_no_update BEFORE UPDATE ON case_comment"
                    + " FOR EACH ROW EXECUTE FUNCTION case_refuse()",
                "CREATE TRIGGER case_tombstone_no_change BEFORE UPDATE OR DELETE ON case_tombstone"
                    + " FOR EACH ROW EXECUTE FUNCTION case_refuse()",
                truncationRefusal("case_timeline"),
                truncationRefusal("case_comment"),
                truncationRefusal("case_tombstone"),
                deletionRefusal("case_timeline", by: "case_refuse_unless_tombstone"),
                deletionRefusal("case_comment", by: "case_refuse_unless_tombstone"),
                deletionRefusal("case_file", by: "case_file_refuse_unless_tombstone"),
            ]))

    private static let search = Migration("casework.0005-search", CaseSearch.index.migrationSteps)

    /// Where a plan turns the light blue and red; yellow has its column already.
    private static let pace = Migration(
        "casework.0006-pace",
        "ALTER TABLE case_file ADD COLUMN notice_at_ms BIGINT",
        "ALTER TABLE case_file ADD COLUMN red_at_ms BIGINT")

    /// What was closed in a month is read by every bulletin and most facts.
    private static let closed = Migration(
        "casework.0051-closed",
        "CREATE INDEX case_file_closed ON case_file (closed_at_ms, id) WHERE closed_at_ms IS NOT NULL")

    /// What is new and open: a handful among a million that were only recorded.
    private static let openByTime = Migration(
        "casework.0061-open-by-time",
        "CREATE INDEX case_file_open_by_time ON case_file (opened_at_ms, id) WHERE is_open = 1")

    /// For screens that show what just happened, and ask every second whether anything did.
    private static let recent = Migration(
        "casework.0007-recent", "CREATE INDEX case_file_updated ON case_file (updated_at_ms)")

    /// By itself PostgreSQL looks at a table again when a tenth of it has changed. Of a million cases that is too late:
    /// a district's tasks would be planned for as if there were none.
    private static let statistics = Migration(
        "casework.0063-statistics",
        .each(
            sqlite: [],
            postgresql: ["case_file", "case_search", "case_timeline"].map(Migration.lookedAtOften)))

    /// Where nearly all cases are in one state, lists leave out the few that are not: they are read from the index
    /// alone, which on SQLite holds the identifier anyway.
    private static let states = Migration(
        "casework.0064-states",
        .each(
            sqlite: [],
            postgresql: [
                "DROP INDEX case_file_state",
                "CREATE INDEX case_file_state ON case_file (kind, state, opened_at_ms) INCLUDE (id)",
            ]))

    /// A reason is never written over: taken back in and left out again, a case has two rows.
    private static let exclusions = Migration(
        "casework.0062-exclusions",
        """
        CREATE TABLE case_exclusion (
            id BIGINT PRIMARY KEY,
            case_id BIGINT NOT NULL REFERENCES case_file (id),
            ground TEXT NOT NULL CHECK (ground IN ('unreasonable', 'out_of_scope')),
            reason TEXT NOT NULL,
            by_person BIGINT NOT NULL,
            at_ms BIGINT NOT NULL,
            lifted_by BIGINT,
            lifted_at_ms BIGINT,
            lift_reason TEXT,
            CHECK ((lifted_by IS NULL) = (lifted_at_ms IS NULL)),
            CHECK ((lifted_by IS NULL) = (lift_reason IS NULL))
        )
        """,
        "CREATE UNIQUE INDEX case_exclusion_standing ON case_exclusion (case_id) WHERE lifted_at_ms IS NULL",
        "CREATE INDEX case_exclusion_case ON case_exclusion (case_id, id)")

    private static func refusal(
        sqlite table: String, of change: String, unlessTombstone: Bool = false, key: String = "case_id"
    ) -> String {
        let condition =
            unlessTombstone ? "WHEN NOT EXISTS (SELECT 1 FROM case_tombstone WHERE case_id = OLD.\(key)) " : ""
        return """
            CREATE TRIGGER \(table)_no_\(change.lowercased()) BEFORE \(change) ON \(table) \
            \(condition)BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END
            """
    }

    private static func refusalUnlessTombstone(function: String, key: String) -> String {
        """
        CREATE FUNCTION \(function)() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM case_tombstone WHERE case_id = OLD.\(key)) THEN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN OLD;
        END
        $body$
        """
    }

    private static func deletionRefusal(_ table: String, by function: String) -> String {
        "CREATE TRIGGER \(table)_no_delete BEFORE DELETE ON \(table) FOR EACH ROW EXECUTE FUNCTION \(function)()"
    }

    private static func truncationRefusal(_ table: String) -> String {
        "CREATE TRIGGER \(table)_no_truncate BEFORE TRUNCATE ON \(table)"
            + " FOR EACH STATEMENT EXECUTE FUNCTION case_refuse()"
    }
}
