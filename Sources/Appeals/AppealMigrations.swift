package import Store

/// The tables of appeals and of their import.
package enum AppealMigrations {
    package static let all: [Migration] = [
        appeal, imports, DispatchMigrations.models, ratings, demo, importedRatings, statistics, datum,
    ]

    static let appeal = Migration(
        "appeals.0001-appeal",
        """
        CREATE TABLE appeal (
            id BIGINT PRIMARY KEY,
            source TEXT NOT NULL,
            source_id TEXT NOT NULL,
            import_id BIGINT,
            appeal_type TEXT NOT NULL,
            channel TEXT NOT NULL,
            subject TEXT NOT NULL,
            body TEXT NOT NULL,
            submitted_at_ms BIGINT,
            author_key TEXT,
            address TEXT NOT NULL,
            latitude DOUBLE PRECISION,
            longitude DOUBLE PRECISION,
            township_code TEXT,
            topic TEXT,
            topic_permille BIGINT,
            unit_text TEXT NOT NULL,
            likes BIGINT NOT NULL,
            dislikes BIGINT NOT NULL,
            transfers BIGINT NOT NULL,
            is_dissatisfied BIGINT NOT NULL,
            closed_at_ms BIGINT,
            reply TEXT NOT NULL,
            duplicate_of TEXT,
            row_checksum TEXT NOT NULL,
            updated_at_ms BIGINT NOT NULL,
            is_demo BIGINT NOT NULL,
            UNIQUE (source, source_id)
        )
        """,
        "CREATE INDEX appeal_by_update ON appeal (updated_at_ms, id)",
        // Lists show the newest first and what has no time last; an index must say so for PostgreSQL to use it.
        .each(
            sqlite: [
                "CREATE INDEX appeal_by_time ON appeal (submitted_at_ms, id)",
                "CREATE INDEX appeal_by_township ON appeal (township_code, submitted_at_ms, id)",
                "CREATE INDEX appeal_by_topic ON appeal (topic, submitted_at_ms, id)",
            ],
            postgresql: [
                "CREATE INDEX appeal_by_time ON appeal (submitted_at_ms DESC NULLS LAST, id DESC)",
                "CREATE INDEX appeal_by_township ON appeal (township_code, submitted_at_ms DESC NULLS LAST, id DESC)",
                "CREATE INDEX appeal_by_topic ON appeal (topic, submitted_at_ms DESC NULLS LAST, id DESC)",
            ]),
        "CREATE INDEX appeal_by_import ON appeal (import_id)",
        // What a resident may leave on the portal so that somebody can call back; read only with an audit entry.
        """
        CREATE TABLE appeal_contact (
            appeal_id BIGINT PRIMARY KEY,
            name TEXT NOT NULL,
            phone TEXT NOT NULL,
            follow_code_hash TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE appeal_throttle (
            visitor_key TEXT NOT NULL,
            action TEXT NOT NULL,
            window_start_ms BIGINT NOT NULL,
            uses BIGINT NOT NULL,
            PRIMARY KEY (visitor_key, action)
        )
        """)

    static let imports = Migration(
        "appeals.0002-import",
        """
        CREATE TABLE appeal_import (
            id BIGINT PRIMARY KEY,
            source TEXT NOT NULL,
            file_name TEXT NOT NULL,
            file_path TEXT NOT NULL,
            file_checksum TEXT NOT NULL,
            sheet TEXT,
            headers TEXT NOT NULL,
            mapping TEXT NOT NULL,
            state TEXT NOT NULL,
            job_id BIGINT,
            row_number BIGINT NOT NULL,
            bytes_done BIGINT NOT NULL,
            bytes_total BIGINT NOT NULL,
            accepted BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            unchanged BIGINT NOT NULL,
            rejected BIGINT NOT NULL,
            warned BIGINT NOT NULL,
            kept BIGINT NOT NULL,
            failure_zh TEXT NOT NULL,
            failure_en TEXT NOT NULL,
            created_by BIGINT,
            created_at_ms BIGINT NOT NULL,
            started_at_ms BIGINT,
            finished_at_ms BIGINT
        )
        """,
        "CREATE INDEX appeal_import_by_time ON appeal_import (created_at_ms)",
        "CREATE INDEX appeal_import_by_file ON appeal_import (file_checksum)",
        // A row that was refused, with its cells, until the import is undone or forgotten.
        """
        CREATE TABLE appeal_import_reject (
            import_id BIGINT NOT NULL,
            row_number BIGINT NOT NULL,
            is_warning BIGINT NOT NULL,
            column_name TEXT NOT NULL,
            reason TEXT NOT NULL,
            cells TEXT NOT NULL,
            PRIMARY KEY (import_id, row_number, is_warning)
        )
        """,
        // What an appeal said before an import changed it, so that the import can be undone: the columns of `appeal`.
        """
        CREATE TABLE appeal_import_before (
            undo_import_id BIGINT NOT NULL,
            id BIGINT NOT NULL,
            appeal_type TEXT NOT NULL,
            channel TEXT NOT NULL,
            subject TEXT NOT NULL,
            body TEXT NOT NULL,
            submitted_at_ms BIGINT,
            author_key TEXT,
            address TEXT NOT NULL,
            latitude DOUBLE PRECISION,
            longitude DOUBLE PRECISION,
            township_code TEXT,
            topic TEXT,
            topic_permille BIGINT,
            unit_text TEXT NOT NULL,
            likes BIGINT NOT NULL,
            dislikes BIGINT NOT NULL,
            transfers BIGINT NOT NULL,
            is_dissatisfied BIGINT NOT NULL,
            closed_at_ms BIGINT,
            reply TEXT NOT NULL,
            duplicate_of TEXT,
            row_checksum TEXT NOT NULL,
            PRIMARY KEY (undo_import_id, id)
        )
        """,
        "CREATE INDEX appeal_import_before_by_appeal ON appeal_import_before (id)",
        // The columns of files of one layout, as somebody confirmed them last.
        """
        CREATE TABLE appeal_import_layout (
            fingerprint TEXT PRIMARY KEY,
            source TEXT NOT NULL,
            mapping TEXT NOT NULL,
            updated_at_ms BIGINT NOT NULL
        )
        """)

    /// In what system the places of a file are written, as chosen.
    static let datum = Migration(
        "appeals.0064-datum", "ALTER TABLE appeal_import ADD COLUMN datum TEXT",
        "ALTER TABLE appeal_import_layout ADD COLUMN datum TEXT")

    /// As for cases.
    static let statistics = Migration(
        "appeals.0063-statistics", .each(sqlite: [], postgresql: [Migration.lookedAtOften("appeal")]))

    /// Ratings of the hotline's own exports: an import neither writes over what was found here, nor stays when undone.
    static let importedRatings = Migration(
        "appeals.0062-imported-ratings",
        "ALTER TABLE appeal_rating ADD COLUMN import_id BIGINT",
        """
        CREATE TABLE appeal_rating_before (
            undo_import_id BIGINT NOT NULL,
            appeal_id BIGINT NOT NULL,
            is_contacted_first BIGINT,
            verdict TEXT,
            satisfaction TEXT,
            rated_at_ms BIGINT NOT NULL,
            import_id BIGINT,
            PRIMARY KEY (undo_import_id, appeal_id)
        )
        """)

    static let ratings = Migration(
        "appeals.0051-ratings",
        // What the call-back found; rates count it by the time the case was closed.
        """
        CREATE TABLE appeal_rating (
            appeal_id BIGINT PRIMARY KEY,
            is_contacted_first BIGINT CHECK (is_contacted_first IN (0, 1)),
            verdict TEXT CHECK (verdict IN ('resolved', 'explained')),
            satisfaction TEXT CHECK (satisfaction IN ('satisfied', 'basically', 'neutral', 'dissatisfied')),
            rated_at_ms BIGINT NOT NULL
        )
        """)

    /// Every home page asks whether there are any, of a table of a million rows.
    static let demo = Migration(
        "appeals.0061-demo", "CREATE INDEX appeal_demo ON appeal (id) WHERE is_demo = 1")
}
