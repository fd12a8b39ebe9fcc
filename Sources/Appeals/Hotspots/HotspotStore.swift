package import Core
package import Store

/// The tables of hot spots and of what rises. The map and other pages read them here.
package enum HotspotStore {
    /// Strongest first.
    package static func list(in tx: any Transaction) throws -> [Hotspot] {
        try tx.all("SELECT * FROM hotspot ORDER BY rank_no LIMIT \(HotspotLimits.hotspotsMax)").map(Hotspot.init)
    }

    package static func find(_ id: ID<Hotspot>, in tx: any Transaction) throws -> Hotspot? {
        try tx.first("SELECT * FROM hotspot WHERE id = \(id)").map(Hotspot.init)
    }

    /// Least likely first.
    package static func rising(in tx: any Transaction) throws -> [Rising] {
        try tx.all("SELECT * FROM rising ORDER BY q_ppm, p_ppm, kind, name LIMIT \(HotspotLimits.risingMax)").map {
            row in
            Rising(
                kind: Rising.Kind(rawValue: try row.get("kind")) ?? .topic, name: try row.get("name"),
                observed: try row.get("observed"), earlier: try row.get("earlier"),
                expectedMilli: try row.get("expected_milli"), pPpm: try row.get("p_ppm"), qPpm: try row.get("q_ppm"))
        }
    }

    package static func run(in tx: any Transaction) throws -> HotspotRun {
        guard let row = try tx.first("SELECT * FROM hotspot_run WHERE id = 1") else {
            return HotspotRun(days: 0, appeals: 0, cells: 0, edgeMetres: 0)
        }
        let first: Int? = try row.getOptional("first_day")
        return HotspotRun(
            ranAt: try row.getOptional("ran_at_ms"), firstDay: first.map(Day.init(number:)),
            days: try row.getOptional("days") ?? 0, appeals: try row.get("appeals"), cells: try row.get("cells"),
            edgeMetres: try row.get("edge_m"), jobID: try row.getOptional("job_id"))
    }

    static func setJob(_ id: ID<Job>, in tx: any Transaction) throws {
        try tx.run("UPDATE hotspot_run SET job_id = \(id) WHERE id = 1")
    }

    /// Titles of problems by their identifiers.
    static func problemTitles(_ ids: [Int64], in tx: any Transaction) throws -> [Int64: String] {
        guard !ids.isEmpty else { return [:] }
        var titles: [Int64: String] = [:]
        for row in try tx.all("SELECT id, title FROM problem WHERE id IN (\(list: ids))") {
            titles[try row.get("id")] = try row.get("title")
        }
        return titles
    }

    /// The appeals of a hot spot, the newest first.
    static func members(
        of id: ID<Hotspot>, limit: Int, offset: Int, in tx: any Transaction
    ) throws -> [ProblemMember] {
        try tx.all(
            """
            SELECT a.id, c.number, c.title, a.submitted_at_ms, c.is_open, c.lead_unit_code
            FROM hotspot_member m JOIN appeal a ON a.id = m.appeal_id JOIN case_file c ON c.id = m.appeal_id
            WHERE m.hotspot_id = \(id)
            ORDER BY COALESCE(a.submitted_at_ms, 0) DESC, a.id LIMIT \(limit) OFFSET \(offset)
            """
        ).map { row in
            ProblemMember(
                id: try row.get("id"), number: try row.get("number"), title: try row.get("title"),
                submittedAt: try row.getOptional("submitted_at_ms"), isOpen: try row.get("is_open"),
                leadUnitCode: try row.getOptional("lead_unit_code"))
        }
    }

    static func memberCount(of id: ID<Hotspot>, in tx: any Transaction) throws -> Int {
        try tx.first(
            """
            SELECT COUNT(*) AS n FROM hotspot_member m JOIN case_file c ON c.id = m.appeal_id
            WHERE m.hotspot_id = \(id)
            """)?.get("n") ?? 0
    }

    /// An appeal as a scan sees it.
    struct Seen: Sendable {
        let id: Int64
        let at: Instant
        let point: Coordinate?
        let townshipCode: String?
        let topic: String?
        let problem: Int64?
    }

    static func latest(in tx: any Transaction) throws -> Instant? {
        try tx.first("SELECT MAX(submitted_at_ms) AS t FROM appeal")?.getOptional("t")
    }

    /// Appeals since an instant, the latest first; no more than the limit.
    static func seen(since start: Instant, limit: Int, in tx: any Transaction) throws -> [Seen] {
        var seen: [Seen] = []
        try tx.forEach(
            """
            SELECT a.id, a.submitted_at_ms, a.latitude, a.longitude, a.township_code, a.topic, m.problem_id
            FROM appeal a LEFT JOIN problem_member m ON m.appeal_id = a.id
            WHERE a.submitted_at_ms >= \(start) ORDER BY a.submitted_at_ms DESC, a.id DESC LIMIT \(limit)
            """
        ) { row in
            let latitude: Double? = try row.getOptional("latitude")
            let longitude: Double? = try row.getOptional("longitude")
            seen.append(
                Seen(
                    id: try row.get("id"), at: try row.get("submitted_at_ms"),
                    point: latitude.flatMap { latitude in
                        longitude.flatMap { Coordinate(latitude: latitude, longitude: $0) }
                    },
                    townshipCode: try row.getOptional("township_code"), topic: try row.getOptional("topic"),
                    problem: try row.getOptional("problem_id")))
            return true
        }
        return seen
    }

    /// In place of all that the last scan found.
    static func replace(
        _ run: HotspotRun, _ hotspots: [(hotspot: Hotspot, members: [Int64])], _ rising: [Rising],
        in tx: any Transaction
    ) throws {
        try tx.run(
            """
            UPDATE hotspot_run SET ran_at_ms = \(run.ranAt), first_day = \(run.firstDay?.number), days = \(run.days),
                appeals = \(run.appeals), cells = \(run.cells), edge_m = \(run.edgeMetres) WHERE id = 1
            """)
        try tx.run("DELETE FROM hotspot_member WHERE hotspot_id IS NOT NULL")
        try tx.run("DELETE FROM hotspot WHERE id IS NOT NULL")
        try tx.run("DELETE FROM rising WHERE kind IS NOT NULL")
        for (spot, members) in hotspots {
            try tx.run(
                """
                INSERT INTO hotspot (id, rank_no, township_code, topic, latitude, longitude, radius_m, first_day,
                    last_day, observed, expected_milli, risk_milli, llr_milli, p_ppm)
                VALUES (\(spot.id), \(spot.rank), \(spot.townshipCode), \(spot.topic), \(spot.centre.latitude),
                    \(spot.centre.longitude), \(spot.radiusMetres), \(spot.days.lowerBound.number),
                    \(spot.days.upperBound.number), \(spot.observed), \(spot.expectedMilli), \(spot.riskMilli),
                    \(spot.llrMilli), \(spot.pPpm))
                """)
            try tx.insert(
                into: "hotspot_member", columns: ["hotspot_id", "appeal_id"],
                rows: members.map { [.integer(spot.id.rawValue), .integer($0)] })
        }
        for one in rising {
            try tx.run(
                """
                INSERT INTO rising (kind, name, observed, earlier, expected_milli, p_ppm, q_ppm)
                VALUES (\(one.kind.rawValue), \(one.name), \(one.observed), \(one.earlier), \(one.expectedMilli),
                    \(one.pPpm), \(one.qPpm))
                """)
        }
    }
}

extension Hotspot {
    fileprivate init(_ row: Row) throws {
        let (latitude, longitude): (Double, Double) = (try row.get("latitude"), try row.get("longitude"))
        guard let centre = Coordinate(latitude: latitude, longitude: longitude) else { throw ProblemError.missing }
        let first: Int = try row.get("first_day")
        let last: Int = try row.get("last_day")
        self.init(
            id: try row.get("id"), rank: try row.get("rank_no"), townshipCode: try row.getOptional("township_code"),
            topic: try row.getOptional("topic"), centre: centre, radiusMetres: try row.get("radius_m"),
            days: Day(number: first)...Day(number: max(first, last)), observed: try row.get("observed"),
            expectedMilli: try row.get("expected_milli"), riskMilli: try row.get("risk_milli"),
            llrMilli: try row.get("llr_milli"), pPpm: try row.get("p_ppm"))
    }
}
