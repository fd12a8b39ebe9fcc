package import Store

/// The tables of indicators, of enterprises' contributions and of frozen facts.
package enum IndicatorMigrations {
    package static let all: [Migration] = [facts, indicators, imports, enterprises]

    static let facts = Migration(
        "indicators.0001-frozen-facts",
        """
        CREATE TABLE frozen_fact (
            id BIGINT PRIMARY KEY,
            holder TEXT NOT NULL,
            name TEXT NOT NULL,
            title_zh TEXT NOT NULL,
            title_en TEXT NOT NULL,
            unit_zh TEXT NOT NULL,
            unit_en TEXT NOT NULL,
            basis_zh TEXT NOT NULL,
            basis_en TEXT NOT NULL,
            query_zh TEXT NOT NULL,
            query_en TEXT NOT NULL,
            places BIGINT NOT NULL,
            period TEXT NOT NULL,
            scope TEXT NOT NULL,
            value_kind TEXT NOT NULL,
            value_first BIGINT,
            value_second BIGINT,
            measured_at_ms BIGINT NOT NULL,
            frozen_at_ms BIGINT NOT NULL,
            frozen_by BIGINT
        )
        """,
        "CREATE INDEX frozen_fact_by_holder ON frozen_fact (holder, id)")

    static let indicators = Migration(
        "indicators.0002-indicators",
        """
        CREATE TABLE indicator (
            id BIGINT PRIMARY KEY,
            code TEXT NOT NULL UNIQUE,
            name_zh TEXT NOT NULL,
            name_en TEXT NOT NULL,
            unit_zh TEXT NOT NULL,
            unit_en TEXT NOT NULL,
            direction TEXT NOT NULL CHECK (direction IN ('higher', 'lower', 'none')),
            basis TEXT NOT NULL,
            period_kind TEXT NOT NULL,
            scope_kind TEXT NOT NULL,
            source TEXT NOT NULL,
            owner_unit_code TEXT,
            definition TEXT NOT NULL,
            places BIGINT NOT NULL,
            is_verified BIGINT NOT NULL CHECK (is_verified IN (0, 1)),
            version BIGINT NOT NULL,
            updated_at_ms BIGINT NOT NULL,
            is_demo BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE indicator_value (
            id BIGINT PRIMARY KEY,
            indicator_id BIGINT NOT NULL REFERENCES indicator (id),
            scope TEXT NOT NULL,
            period TEXT NOT NULL,
            first_day BIGINT NOT NULL,
            unscaled BIGINT NOT NULL,
            scale BIGINT NOT NULL,
            revision BIGINT NOT NULL,
            is_current BIGINT NOT NULL CHECK (is_current IN (0, 1)),
            state TEXT NOT NULL CHECK (state IN ('entered', 'verified')),
            source TEXT NOT NULL,
            note TEXT NOT NULL,
            entered_by BIGINT,
            entered_at_ms BIGINT NOT NULL,
            verified_by BIGINT,
            verified_at_ms BIGINT,
            import_id BIGINT,
            UNIQUE (indicator_id, scope, period, revision)
        )
        """,
        // One value counts for each scope and period: two clerks who correct at once cannot both win.
        """
        CREATE UNIQUE INDEX indicator_value_current ON indicator_value (indicator_id, scope, first_day)
        WHERE is_current = 1
        """,
        """
        CREATE INDEX indicator_value_to_verify ON indicator_value (entered_at_ms)
        WHERE is_current = 1 AND state = 'entered'
        """,
        """
        CREATE TABLE indicator_target (
            id BIGINT PRIMARY KEY,
            indicator_id BIGINT NOT NULL REFERENCES indicator (id),
            rule TEXT NOT NULL CHECK (rule IN ('single', 'each', 'sum')),
            measure TEXT NOT NULL CHECK (measure IN ('level', 'growth', 'growth_percent')),
            unscaled BIGINT NOT NULL,
            scale BIGINT NOT NULL,
            from_period TEXT NOT NULL,
            by_period TEXT NOT NULL,
            note TEXT NOT NULL,
            created_by BIGINT,
            created_at_ms BIGINT NOT NULL,
            removed_at_ms BIGINT
        )
        """,
        "CREATE INDEX indicator_target_by_indicator ON indicator_target (indicator_id, id)",
        """
        CREATE TABLE indicator_target_member (
            target_id BIGINT NOT NULL REFERENCES indicator_target (id),
            position BIGINT NOT NULL,
            indicator_id BIGINT NOT NULL REFERENCES indicator (id),
            scope TEXT NOT NULL,
            PRIMARY KEY (target_id, position)
        )
        """)

    static let imports = Migration(
        "indicators.0003-imports",
        """
        CREATE TABLE indicator_import (
            id BIGINT PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('values', 'enterprises')),
            basis TEXT NOT NULL,
            file_name TEXT NOT NULL,
            file_path TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('draft', 'done', 'discarded')),
            added BIGINT NOT NULL,
            changed BIGINT NOT NULL,
            same BIGINT NOT NULL,
            refused BIGINT NOT NULL,
            created_by BIGINT,
            created_at_ms BIGINT NOT NULL,
            finished_at_ms BIGINT
        )
        """,
        "CREATE INDEX indicator_import_by_time ON indicator_import (created_at_ms)")

    static let enterprises = Migration(
        "indicators.0004-enterprises",
        """
        CREATE TABLE enterprise_tax (
            id BIGINT PRIMARY KEY,
            basis TEXT NOT NULL,
            period TEXT NOT NULL,
            credit_code TEXT NOT NULL,
            name TEXT NOT NULL,
            industry_code TEXT NOT NULL,
            tax_fen BIGINT NOT NULL,
            revision BIGINT NOT NULL,
            is_current BIGINT NOT NULL CHECK (is_current IN (0, 1)),
            import_id BIGINT,
            entered_by BIGINT,
            entered_at_ms BIGINT NOT NULL,
            is_demo BIGINT NOT NULL,
            UNIQUE (basis, period, credit_code, revision)
        )
        """,
        // One primary industry for each enterprise and period: no double count.
        """
        CREATE UNIQUE INDEX enterprise_tax_current ON enterprise_tax (basis, period, credit_code) WHERE is_current = 1
        """,
        "CREATE INDEX enterprise_tax_by_industry ON enterprise_tax (basis, period, industry_code) WHERE is_current = 1")
}
