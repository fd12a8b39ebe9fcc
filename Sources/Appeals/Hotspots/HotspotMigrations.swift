package import Store

package enum HotspotMigrations {
    package static let all: [Migration] = [
        Migration(
            "hotspots.0001-hotspot",
            // One row: what the last scan looked at, and the job of the one that is asked for.
            """
            CREATE TABLE hotspot_run (id BIGINT PRIMARY KEY, ran_at_ms BIGINT, first_day BIGINT, days BIGINT,
                appeals BIGINT NOT NULL, cells BIGINT NOT NULL, edge_m BIGINT NOT NULL, job_id BIGINT)
            """,
            "INSERT INTO hotspot_run (id, appeals, cells, edge_m) VALUES (1, 0, 0, 0)",
            """
            CREATE TABLE hotspot (
                id BIGINT PRIMARY KEY, rank_no BIGINT NOT NULL, township_code TEXT, topic TEXT,
                latitude DOUBLE PRECISION NOT NULL, longitude DOUBLE PRECISION NOT NULL, radius_m BIGINT NOT NULL,
                first_day BIGINT NOT NULL, last_day BIGINT NOT NULL, observed BIGINT NOT NULL,
                expected_milli BIGINT NOT NULL, risk_milli BIGINT NOT NULL, llr_milli BIGINT NOT NULL,
                p_ppm BIGINT NOT NULL)
            """,
            """
            CREATE TABLE hotspot_member (
                hotspot_id BIGINT NOT NULL REFERENCES hotspot (id), appeal_id BIGINT NOT NULL,
                PRIMARY KEY (hotspot_id, appeal_id))
            """,
            """
            CREATE TABLE rising (
                kind TEXT NOT NULL, name TEXT NOT NULL, observed BIGINT NOT NULL, earlier BIGINT NOT NULL,
                expected_milli BIGINT NOT NULL, p_ppm BIGINT NOT NULL, q_ppm BIGINT NOT NULL,
                PRIMARY KEY (kind, name))
            """)
    ]
}
