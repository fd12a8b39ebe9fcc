package import Store

package enum ProblemMigrations {
    package static let all: [Migration] = [
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
            "INSERT INTO problem_run (id, ran_at_ms, appeals) VALUES (1, NULL, 0)")
    ]
}
