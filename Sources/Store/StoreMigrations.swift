/// The tables the Store room keeps in every district.
package enum StoreMigrations {
    package static let all: [Migration] = [
        Migration(
            "store.0001-jobs",
            """
            CREATE TABLE job (
                id BIGINT NOT NULL PRIMARY KEY,
                kind TEXT NOT NULL,
                payload TEXT NOT NULL,
                waiting_key TEXT UNIQUE,
                state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'cancelled', 'parked')),
                attempts BIGINT NOT NULL,
                progress_done BIGINT NOT NULL,
                progress_total BIGINT NOT NULL,
                note TEXT NOT NULL,
                last_error TEXT,
                is_cancel_requested BIGINT NOT NULL CHECK (is_cancel_requested IN (0, 1)),
                lease BIGINT,
                due_at_ms BIGINT,
                run_at_ms BIGINT NOT NULL,
                created_at_ms BIGINT NOT NULL,
                started_at_ms BIGINT,
                finished_at_ms BIGINT,
                created_by BIGINT
            )
            """,
            "CREATE INDEX job_due ON job (due_at_ms, id) WHERE due_at_ms IS NOT NULL",
            "CREATE INDEX job_state ON job (state, created_at_ms)"),
        Migration(
            "store.0002-outbox",
            """
            CREATE TABLE outbox (
                id BIGINT NOT NULL PRIMARY KEY,
                topic TEXT NOT NULL,
                payload TEXT NOT NULL,
                created_at_ms BIGINT NOT NULL
            )
            """),
    ]
}
