package import Store

/// The tables of indicators, of enterprises' contributions and of frozen facts.
package enum IndicatorMigrations {
    package static let all: [Migration] = [facts]

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
}
