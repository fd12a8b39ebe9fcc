package import Store

/// The tables of plans, tasks, rounds, supervision and meetings. Days are numbers since 1970-01-01, so that both
/// engines count with them.
package enum MechanismMigrations {
    package static let all: [Migration] = [plans, tasks, rounds, meetings, bulletins, figures, lights]

    private static let plans = Migration(
        "mechanism.0001-plans",
        """
        CREATE TABLE plan_node (
            id BIGINT PRIMARY KEY,
            parent_id BIGINT REFERENCES plan_node (id),
            root_id BIGINT NOT NULL,
            level TEXT NOT NULL CHECK (level IN ('outline', 'special', 'action', 'measure')),
            position BIGINT NOT NULL,
            code TEXT NOT NULL,
            title TEXT NOT NULL,
            industry_code TEXT,
            document TEXT NOT NULL,
            is_demo BIGINT NOT NULL,
            version BIGINT NOT NULL,
            updated_at_ms BIGINT NOT NULL
        )
        """,
        "CREATE INDEX plan_node_by_root ON plan_node (root_id, parent_id, position)",
        // One row, whose update keeps two writers from closing a circle together.
        "CREATE TABLE mechanism_lock (name TEXT PRIMARY KEY, uses BIGINT NOT NULL)",
        "INSERT INTO mechanism_lock (name, uses) VALUES ('blocks', 0)")

    private static let tasks = Migration(
        "mechanism.0002-tasks",
        """
        CREATE TABLE work_task (
            id BIGINT PRIMARY KEY,
            node_id BIGINT REFERENCES plan_node (id),
            root_id BIGINT,
            code TEXT NOT NULL,
            detail TEXT NOT NULL,
            target TEXT NOT NULL,
            weight BIGINT NOT NULL CHECK (weight BETWEEN 1 AND 1000),
            source TEXT NOT NULL CHECK (source IN ('plan', 'meeting', 'instruction', 'proposal', 'promise')),
            source_text TEXT NOT NULL,
            start_day BIGINT NOT NULL,
            due_day BIGINT NOT NULL,
            started_day BIGINT,
            progress_ppm BIGINT NOT NULL CHECK (progress_ppm BETWEEN 0 AND 1000000),
            supervision TEXT NOT NULL,
            search_text TEXT NOT NULL,
            is_demo BIGINT NOT NULL,
            CHECK (due_day >= start_day)
        )
        """,
        "CREATE INDEX work_task_by_node ON work_task (node_id, id)",
        "CREATE INDEX work_task_by_root ON work_task (root_id, id)",
        "CREATE INDEX work_task_supervised ON work_task (supervision, id) WHERE supervision <> 'none'",
        """
        CREATE TABLE task_milestone (
            task_id BIGINT NOT NULL REFERENCES work_task (id),
            position BIGINT NOT NULL,
            title TEXT NOT NULL,
            weight BIGINT NOT NULL CHECK (weight BETWEEN 1 AND 100),
            before_day BIGINT NOT NULL,
            due_day BIGINT NOT NULL,
            permille BIGINT NOT NULL CHECK (permille BETWEEN 0 AND 1000),
            PRIMARY KEY (task_id, position)
        )
        """,
        """
        CREATE TABLE task_block (
            task_id BIGINT NOT NULL REFERENCES work_task (id),
            blocker_id BIGINT NOT NULL REFERENCES work_task (id),
            at_ms BIGINT NOT NULL,
            PRIMARY KEY (task_id, blocker_id),
            CHECK (task_id <> blocker_id)
        )
        """,
        "CREATE INDEX task_block_by_blocker ON task_block (blocker_id, task_id)",
        // What a date or target was stays here for ever, whatever it has become.
        """
        CREATE TABLE task_change (
            id BIGINT PRIMARY KEY,
            task_id BIGINT NOT NULL REFERENCES work_task (id),
            kind TEXT NOT NULL CHECK (kind IN ('due', 'target')),
            old_value TEXT NOT NULL,
            new_value TEXT NOT NULL,
            reason TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'refused')),
            asked_by BIGINT NOT NULL,
            asked_at_ms BIGINT NOT NULL,
            decided_by BIGINT,
            decided_at_ms BIGINT,
            decision TEXT NOT NULL
        )
        """,
        "CREATE INDEX task_change_by_task ON task_change (task_id, id)",
        "CREATE INDEX task_change_open ON task_change (id) WHERE state = 'asked'",
        """
        CREATE TABLE task_step (
            id BIGINT PRIMARY KEY,
            task_id BIGINT NOT NULL REFERENCES work_task (id),
            step TEXT NOT NULL,
            text TEXT NOT NULL,
            answer_day BIGINT,
            by_person BIGINT NOT NULL,
            at_ms BIGINT NOT NULL,
            answer TEXT,
            answered_by BIGINT,
            answered_at_ms BIGINT
        )
        """,
        "CREATE INDEX task_step_by_task ON task_step (task_id, id)")

    private static let rounds = Migration(
        "mechanism.0003-rounds",
        """
        CREATE TABLE report_round (
            id BIGINT PRIMARY KEY,
            period TEXT NOT NULL CHECK (period IN ('month', 'quarter')),
            first_day BIGINT NOT NULL,
            last_day BIGINT NOT NULL,
            due_day BIGINT NOT NULL,
            is_open BIGINT NOT NULL,
            opened_at_ms BIGINT NOT NULL,
            opened_by BIGINT,
            closed_at_ms BIGINT,
            UNIQUE (period, first_day)
        )
        """,
        """
        CREATE TABLE task_report (
            id BIGINT PRIMARY KEY,
            round_id BIGINT NOT NULL REFERENCES report_round (id),
            task_id BIGINT NOT NULL REFERENCES work_task (id),
            unit_code TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('due', 'filled', 'confirmed', 'checked', 'returned')),
            text TEXT NOT NULL,
            difficulties TEXT NOT NULL,
            next_steps TEXT NOT NULL,
            progress TEXT NOT NULL,
            progress_ppm BIGINT NOT NULL,
            note TEXT NOT NULL,
            filled_by BIGINT,
            filled_at_ms BIGINT,
            confirmed_by BIGINT,
            confirmed_at_ms BIGINT,
            checked_by BIGINT,
            checked_at_ms BIGINT,
            version BIGINT NOT NULL,
            UNIQUE (round_id, task_id)
        )
        """,
        "CREATE INDEX task_report_by_unit ON task_report (round_id, unit_code, state)",
        "CREATE INDEX task_report_by_task ON task_report (task_id, id)",
        """
        CREATE TABLE report_evidence (
            report_id BIGINT NOT NULL REFERENCES task_report (id),
            kind TEXT NOT NULL CHECK (kind IN ('attachment', 'case', 'fact')),
            reference TEXT NOT NULL,
            title TEXT NOT NULL,
            PRIMARY KEY (report_id, kind, reference)
        )
        """)

    private static let bulletins = Migration(
        "mechanism.0005-bulletins",
        """
        CREATE TABLE bulletin (
            id BIGINT PRIMARY KEY,
            period TEXT NOT NULL,
            title TEXT NOT NULL,
            body TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('draft', 'issued')),
            version BIGINT NOT NULL,
            created_by BIGINT NOT NULL,
            created_at_ms BIGINT NOT NULL,
            issued_by BIGINT,
            issued_at_ms BIGINT
        )
        """)

    /// Demo bulletins are told apart; a round's figures are counted from an index alone.
    private static let figures = Migration(
        "mechanism.0006-figures",
        "ALTER TABLE bulletin ADD COLUMN is_demo BIGINT NOT NULL DEFAULT 0",
        "CREATE INDEX task_report_by_state ON task_report (round_id, state, confirmed_at_ms)")

    /// Everything a list of tasks, its count and its lights ask of the spine, in one index of tasks alone: they are
    /// thousands among a million cases.
    private static let lights = Migration(
        "mechanism.0007-lights",
        """
        CREATE INDEX case_file_tasks ON case_file (is_open, due_at_ms, id, state, lead_unit_code, closed_at_ms,
            light_floor, light_approved, light_approved_until_ms, notice_at_ms, warn_at_ms, red_at_ms)
        WHERE kind = 'task'
        """)

    private static let meetings = Migration(
        "mechanism.0004-meetings",
        """
        CREATE TABLE group_meeting (
            id BIGINT PRIMARY KEY,
            title TEXT NOT NULL,
            held_day BIGINT NOT NULL,
            place TEXT NOT NULL,
            chair TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('planned', 'held')),
            minutes TEXT NOT NULL,
            version BIGINT NOT NULL,
            is_demo BIGINT NOT NULL,
            created_by BIGINT,
            created_at_ms BIGINT NOT NULL
        )
        """,
        "CREATE INDEX group_meeting_by_day ON group_meeting (held_day, id)",
        """
        CREATE TABLE meeting_item (
            id BIGINT PRIMARY KEY,
            meeting_id BIGINT NOT NULL REFERENCES group_meeting (id),
            position BIGINT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('red', 'change', 'follow_up', 'other')),
            title TEXT NOT NULL,
            task_id BIGINT
        )
        """,
        "CREATE INDEX meeting_item_by_meeting ON meeting_item (meeting_id, position)",
        """
        CREATE TABLE meeting_decision (
            id BIGINT PRIMARY KEY,
            meeting_id BIGINT NOT NULL REFERENCES group_meeting (id),
            text TEXT NOT NULL,
            task_id BIGINT NOT NULL REFERENCES work_task (id),
            at_ms BIGINT NOT NULL
        )
        """,
        "CREATE INDEX meeting_decision_by_meeting ON meeting_decision (meeting_id, id)")
}
