package import Store

package enum ProblemMigrations {
    package static let all: [Migration] = problems + HotspotMigrations.all

    private static let problems: [Migration] = [
        Migration(
            "problems.0001-problem",
            """
            CREATE TABLE problem (
                id BIGINT PRIMARY KEY, title TEXT NOT NULL, place TEXT NOT NULL, township_code TEXT, topic TEXT,
                size BIGINT NOT NULL, people BIGINT NOT NULL, first_at_ms BIGINT, last_at_ms BIGINT,
                frequency BIGINT NOT NULL, urgency BIGINT NOT NULL, pain BIGINT NOT NULL, score BIGINT NOT NULL,
                reasons TEXT NOT NULL, latitude DOUBLE PRECISION, longitude DOUBLE PRECISION,
                updated_at_ms BIGINT NOT NULL, retired_at_ms BIGINT, merged_into BIGINT)
            """,
            "CREATE INDEX problem_by_score ON problem (retired_at_ms, score, id)",
            "CREATE INDEX problem_by_township ON problem (township_code)",
            """
            CREATE TABLE problem_member (
                appeal_id BIGINT PRIMARY KEY, problem_id BIGINT NOT NULL REFERENCES problem (id))
            """,
            "CREATE INDEX problem_member_by_problem ON problem_member (problem_id)",
            // One row: its lock lets one run write at a time, and pages show how fresh the problems are.
            "CREATE TABLE problem_run (id BIGINT PRIMARY KEY, ran_at_ms BIGINT, appeals BIGINT NOT NULL)",
            "INSERT INTO problem_run (id, ran_at_ms, appeals) VALUES (1, NULL, 0)"),
        decisions,
    ]

    /// What staff decide: kept apart from what is mined, so that no run of the miner touches it.
    private static let decisions = Migration(
        "problems.0002-decisions",
        "ALTER TABLE problem ADD COLUMN name TEXT",
        "ALTER TABLE problem ADD COLUMN state TEXT NOT NULL DEFAULT 'found'",
        "ALTER TABLE problem ADD COLUMN state_at_ms BIGINT",
        "ALTER TABLE problem ADD COLUMN is_pinned BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE problem ADD COLUMN version BIGINT NOT NULL DEFAULT 0",
        """
        CREATE TABLE problem_decision (
            id BIGINT PRIMARY KEY, problem_id BIGINT NOT NULL, other_id BIGINT, kind TEXT NOT NULL,
            from_state TEXT, to_state TEXT, said_before TEXT NOT NULL, detail TEXT NOT NULL,
            person_id BIGINT NOT NULL, unit_code TEXT, at_ms BIGINT NOT NULL,
            undone_at_ms BIGINT, undone_by BIGINT)
        """,
        "CREATE INDEX problem_decision_by_problem ON problem_decision (problem_id, id)",
        "CREATE INDEX problem_decision_by_other ON problem_decision (other_id, id)",
        "CREATE INDEX problem_decision_by_kind ON problem_decision (kind, id)",
        // Side 0 stayed, side 1 moved. By appeal, not by problem: appeals keep their identifiers whatever is mined.
        """
        CREATE TABLE problem_decision_member (
            decision_id BIGINT NOT NULL, side BIGINT NOT NULL, appeal_id BIGINT NOT NULL,
            PRIMARY KEY (decision_id, side, appeal_id))
        """,
        // Every order of the list, and its counts, from an index alone. Partial: PostgreSQL takes a column that is NULL
        // for none that is constant, and would sort.
        "DROP INDEX problem_by_score",
        """
        CREATE INDEX problem_by_rank ON problem (is_pinned DESC, score DESC, id) WHERE retired_at_ms IS NULL
        """,
        "CREATE INDEX problem_by_total ON problem (score, id) WHERE retired_at_ms IS NULL",
        "CREATE INDEX problem_by_frequency ON problem (frequency, id) WHERE retired_at_ms IS NULL",
        "CREATE INDEX problem_by_urgency ON problem (urgency, id) WHERE retired_at_ms IS NULL",
        "CREATE INDEX problem_by_pain ON problem (pain, id) WHERE retired_at_ms IS NULL",
        "CREATE INDEX problem_by_size ON problem (size, id) WHERE retired_at_ms IS NULL",
        "CREATE INDEX problem_by_people ON problem (people, id) WHERE retired_at_ms IS NULL",
        """
        CREATE INDEX problem_by_last ON problem ((COALESCE(last_at_ms, 0)), id) WHERE retired_at_ms IS NULL
        """,
        """
        CREATE INDEX problem_facts ON problem (state, topic, township_code, size, people, last_at_ms)
            WHERE retired_at_ms IS NULL
        """)
}
