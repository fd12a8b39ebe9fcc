package import Core
package import Store

/// The SQL of comparisons between two periods, and of the map of one.
package enum ProblemCompareStore {
    package enum Sort: String, Sendable, CaseIterable {
        case difference, first, second, people, title
    }

    package struct Query: Sendable {
        package var periods: ProblemPeriods
        package var zone: TimeZoneOffset
        package var changes: [ProblemChange] = []
        package var townshipCodes: [String] = []
        package var search = ""
        package var sort = Sort.difference
        package var isDescending = true

        package init(periods: ProblemPeriods, zone: TimeZoneOffset) {
            self.periods = periods
            self.zone = zone
        }
    }

    package static func list(
        _ query: Query, limit: Int, offset: Int = 0, in tx: any Transaction
    ) throws -> [ProblemComparison] {
        try tx.all(page(query, limit: limit, offset: offset)).map(ProblemComparison.init)
    }

    static func page(_ query: Query, limit: Int, offset: Int) -> SQL {
        """
        SELECT id, title, township_code, state, first_size, first_people, second_size, second_people
        FROM (\(compared(query))) c \(conditions(query))
        ORDER BY \(ordering(query)) LIMIT \(limit) OFFSET \(offset)
        """
    }

    /// How many problems of each change there are, whatever changes are asked for.
    package static func counts(_ query: Query, in tx: any Transaction) throws -> [ProblemChange: Int] {
        var all = query
        all.changes = []
        let wanted = all
        let row = try tx.first(
            """
            SELECT
                COALESCE(SUM(CASE WHEN first_size = 0 THEN 1 ELSE 0 END), 0) AS appeared,
                COALESCE(SUM(CASE WHEN second_size = 0 THEN 1 ELSE 0 END), 0) AS gone,
                COALESCE(SUM(CASE WHEN first_size > 0 AND second_size > first_size THEN 1 ELSE 0 END), 0) AS grown,
                COALESCE(SUM(CASE WHEN second_size > 0 AND second_size < first_size THEN 1 ELSE 0 END), 0) AS shrunk,
                COALESCE(SUM(CASE WHEN second_size = first_size THEN 1 ELSE 0 END), 0) AS same
            FROM (\(compared(wanted))) c \(conditions(wanted))
            """)
        guard let row else { return [:] }
        return [
            .new: try row.get("appeared"), .gone: try row.get("gone"), .grown: try row.get("grown"),
            .shrunk: try row.get("shrunk"), .same: try row.get("same"),
        ]
    }

    /// Each period is read through the index of appeals by time. Whoever is unknown counts as one person an appeal.
    private static func compared(_ query: Query) -> SQL {
        let (first, second) = (query.periods.first, query.periods.second)
        let zone = query.zone
        return """
            SELECT p.id, COALESCE(p.name, p.title) AS title, p.place, p.township_code, p.state,
                SUM(1 - b.is_second) AS first_size, SUM(b.is_second) AS second_size,
                COUNT(DISTINCT CASE WHEN b.is_second = 0 THEN b.person END) AS first_people,
                COUNT(DISTINCT CASE WHEN b.is_second = 1 THEN b.person END) AS second_people
            FROM (
                SELECT a.id, COALESCE(a.author_key, CAST(a.id AS TEXT)) AS person, 0 AS is_second FROM appeal a
                WHERE a.submitted_at_ms >= \(first.start(in: zone)) AND a.submitted_at_ms < \(first.end(in: zone))
                UNION ALL
                SELECT a.id, COALESCE(a.author_key, CAST(a.id AS TEXT)) AS person, 1 AS is_second FROM appeal a
                WHERE a.submitted_at_ms >= \(second.start(in: zone)) AND a.submitted_at_ms < \(second.end(in: zone))
            ) b
            JOIN problem_member m ON m.appeal_id = b.id
            JOIN problem p ON p.id = m.problem_id
            GROUP BY p.id, p.name, p.title, p.place, p.township_code, p.state
            """
    }

    private static func conditions(_ query: Query) -> SQL {
        var all: [SQL] = []
        if !query.townshipCodes.isEmpty { all.append("c.township_code IN (\(list: query.townshipCodes))") }
        if !query.search.isEmpty {
            let pattern = ProblemStore.pattern(query.search)
            all.append("(c.title LIKE \(pattern) ESCAPE '!' OR c.place LIKE \(pattern) ESCAPE '!')")
        }
        let changes = query.changes.map { change -> SQL in
            switch change {
            case .new: "c.first_size = 0"
            case .gone: "c.second_size = 0"
            case .grown: "(c.first_size > 0 AND c.second_size > c.first_size)"
            case .shrunk: "(c.second_size > 0 AND c.second_size < c.first_size)"
            case .same: "c.second_size = c.first_size"
            }
        }
        if let changes = SQL.joined(changes, by: " OR ") { all.append("(\(changes))") }
        return .whereAll(all)
    }

    private static func ordering(_ query: Query) -> SQL {
        let column: SQL =
            switch query.sort {
            case .difference: "second_size - first_size"
            case .first: "first_size"
            case .second: "second_size"
            case .people: "second_people"
            case .title: "title"
            }
        return query.isDescending ? "\(column) DESC, second_size DESC, id" : "\(column), first_size DESC, id"
    }

    // MARK: - The map of one period

    /// A problem with what came of it in a period.
    package struct Active: Sendable {
        package let problem: ProblemRecord
        package let size: Int
    }

    /// Problems with an appeal in the period, those with the most first.
    package static func active(
        from: Instant, before: Instant, topics: [String], limit: Int, in tx: any Transaction
    ) throws -> [Active] {
        try tx.all(activePage(from: from, before: before, topics: topics, limit: limit)).map {
            Active(problem: try ProblemRecord($0), size: try $0.get("active_size"))
        }
    }

    static func activePage(from: Instant, before: Instant, topics: [String], limit: Int) -> SQL {
        """
        SELECT \(ProblemStore.listed), b.size AS active_size
        FROM (\(members(from: from, before: before))) b JOIN problem p ON p.id = b.problem_id
        \(listed(topics)) ORDER BY b.size DESC, p.score DESC, p.id LIMIT \(limit)
        """
    }

    /// Problems with an appeal in the period, and those appeals, by township.
    package static func countsByTownship(
        from: Instant, before: Instant, topics: [String], in tx: any Transaction
    ) throws -> [ProblemStore.TownshipCount] {
        try tx.all(
            """
            SELECT COALESCE(p.township_code, '') AS code, COUNT(*) AS problems, SUM(b.size) AS appeals
            FROM (\(members(from: from, before: before))) b JOIN problem p ON p.id = b.problem_id
            \(listed(topics)) GROUP BY COALESCE(p.township_code, '') ORDER BY 1
            """
        ).map {
            ProblemStore.TownshipCount(
                townshipCode: try $0.get("code"), problems: try $0.get("problems"), appeals: try $0.get("appeals"))
        }
    }

    private static func members(from: Instant, before: Instant) -> SQL {
        """
        SELECT m.problem_id, COUNT(*) AS size FROM appeal a JOIN problem_member m ON m.appeal_id = a.id
        WHERE a.submitted_at_ms >= \(from) AND a.submitted_at_ms < \(before) GROUP BY m.problem_id
        """
    }

    private static func listed(_ topics: [String]) -> SQL {
        var all: [SQL] = ["p.state <> 'dismissed'"]
        if !topics.isEmpty { all.append("p.topic IN (\(list: topics))") }
        return .whereAll(all)
    }

    /// The first and the last appeal of any current problem: what a slider spans.
    package static func span(in tx: any Transaction) throws -> (first: Instant, last: Instant)? {
        let first = try tx.first(
            "SELECT MIN(first_at_ms) AS at FROM problem WHERE retired_at_ms IS NULL AND first_at_ms IS NOT NULL")
        guard let from: Instant = try first?.getOptional("at"),
            let last = try ProblemStore.latestAppeal(in: tx)
        else { return nil }
        return (from, last)
    }
}

extension ProblemComparison {
    init(_ row: Row) throws {
        self.init(
            problem: try row.get("id"), title: try row.get("title"), townshipCode: try row.getOptional("township_code"),
            state: try row.get("state"), firstSize: try row.get("first_size"),
            firstPeople: try row.get("first_people"), secondSize: try row.get("second_size"),
            secondPeople: try row.get("second_people"))
    }
}
