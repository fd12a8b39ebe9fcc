package import Core
internal import Mining
package import Store

/// Every statement that reads the tables `problem` and `problem_member`; `ProblemWritingStore` has those that write.
package enum ProblemStore {
    static let columns: SQL = """
        p.id, p.title, p.place, p.township_code, p.topic, p.size, p.people, p.first_at_ms, p.last_at_ms,
        p.frequency, p.urgency, p.pain, p.score, p.reasons, p.latitude, p.longitude, p.updated_at_ms,
        p.retired_at_ms, p.merged_into, p.name, p.state, p.state_at_ms, p.is_pinned, p.version
        """
    /// The same without what made the scores, which may name thousands of appeals: for lists.
    static let listed: SQL = """
        p.id, p.title, p.place, p.township_code, p.topic, p.size, p.people, p.first_at_ms, p.last_at_ms,
        p.frequency, p.urgency, p.pain, p.score, '' AS reasons, p.latitude, p.longitude, p.updated_at_ms,
        p.retired_at_ms, p.merged_into, p.name, p.state, p.state_at_ms, p.is_pinned, p.version
        """

    /// - Throws: `ProblemError.missing`.
    package static func find(_ id: ID<ProblemRecord>, in tx: any Transaction) throws -> ProblemRecord {
        guard let row = try tx.first("SELECT \(columns) FROM problem p WHERE p.id = \(id)") else {
            throw ProblemError.missing
        }
        return try ProblemRecord(row)
    }

    /// Current problems, in the filter's order; ties go to the older problem, in ascending and descending order alike
    /// reversed.
    ///
    /// - Parameter withReasons: false leaves the reasons of the scores out.
    package static func list(
        _ filter: ProblemFilter, limit: Int, offset: Int = 0, withReasons: Bool = false, in tx: any Transaction
    ) throws -> [ProblemRecord] {
        try tx.all(page(filter, limit: limit, offset: offset, withReasons: withReasons)).map(ProblemRecord.init)
    }

    static func page(_ filter: ProblemFilter, limit: Int, offset: Int, withReasons: Bool = false) -> SQL {
        """
        SELECT \(withReasons ? columns : listed) FROM problem p \(conditions(filter))
        ORDER BY \(ordering(filter)) LIMIT \(limit) OFFSET \(offset)
        """
    }

    package static func count(_ filter: ProblemFilter, in tx: any Transaction) throws -> Int {
        try tx.first(counting(filter))?.get("n") ?? 0
    }

    static func counting(_ filter: ProblemFilter) -> SQL {
        "SELECT COUNT(*) AS n FROM problem p \(conditions(filter))"
    }

    /// The problem an appeal belongs to, if any.
    package static func problem(ofAppeal id: Int64, in tx: any Transaction) throws -> ProblemRecord? {
        try tx.first(
            """
            SELECT \(columns) FROM problem p JOIN problem_member m ON m.problem_id = p.id
            WHERE m.appeal_id = \(id)
            """
        ).map(ProblemRecord.init)
    }

    /// The appeals of a problem, the newest first.
    package static func members(
        of id: ID<ProblemRecord>, limit: Int = ProblemLimits.membersShownMax, offset: Int = 0, in tx: any Transaction
    ) throws -> [Int64] {
        try tx.all(
            """
            SELECT m.appeal_id FROM problem_member m JOIN appeal a ON a.id = m.appeal_id
            WHERE m.problem_id = \(id)
            ORDER BY COALESCE(a.submitted_at_ms, 0) DESC, m.appeal_id LIMIT \(limit) OFFSET \(offset)
            """
        ).map { try $0.get("appeal_id") }
    }

    /// When the appeals of each problem came, ascending; appeals without a time are left out.
    package static func times(
        of problems: [ProblemRecord], since: Instant = Instant(millisecondsSince1970: .min), in tx: any Transaction
    ) throws -> [ID<ProblemRecord>: [Instant]] {
        var times: [ID<ProblemRecord>: [Instant]] = [:]
        func add(_ row: Row) throws -> Bool {
            times[try row.get("problem_id"), default: []].append(try row.get("submitted_at_ms"))
            return true
        }
        for part in problems.parts(of: ProblemLimits.identifiersPerStatement) {
            let statement: SQL = """
                SELECT m.problem_id, a.submitted_at_ms FROM problem_member m JOIN appeal a ON a.id = m.appeal_id
                WHERE m.problem_id IN (\(list: part.map(\.id))) AND a.submitted_at_ms >= \(since)
                ORDER BY a.submitted_at_ms
                """
            // A cursor is planned anew each time, so only many appeals are worth one.
            if part.reduce(0, { $0 + $1.size }) <= ProblemLimits.timesAtOnceMax {
                for row in try tx.all(statement) { _ = try add(row) }
            } else {
                try tx.forEach(statement, add)
            }
        }
        return times
    }

    /// One value of a problem's appeals and how many carry it, the most frequent first.
    package struct Share: Sendable, Equatable {
        package let value: String
        package let appeals: Int
    }

    /// Which units have the appeals of a problem, by code.
    package static func units(of id: ID<ProblemRecord>, in tx: any Transaction) throws -> [Share] {
        try tx.all(
            """
            SELECT c.lead_unit_code AS value, COUNT(*) AS appeals
            FROM problem_member m JOIN case_file c ON c.id = m.appeal_id
            WHERE m.problem_id = \(id) AND c.lead_unit_code IS NOT NULL
            GROUP BY c.lead_unit_code ORDER BY COUNT(*) DESC, c.lead_unit_code
            """
        ).map(Share.init)
    }

    /// The addresses the appeals of a problem give, as written.
    package static func addresses(of id: ID<ProblemRecord>, limit: Int = 20, in tx: any Transaction) throws -> [Share] {
        try tx.all(
            """
            SELECT a.address AS value, COUNT(*) AS appeals
            FROM problem_member m JOIN appeal a ON a.id = m.appeal_id
            WHERE m.problem_id = \(id) AND a.address IS NOT NULL AND a.address <> ''
            GROUP BY a.address ORDER BY COUNT(*) DESC, a.address LIMIT \(limit)
            """
        ).map(Share.init)
    }

    /// Problems and appeals by township, for the map; problems of no known township are under the empty code.
    package struct TownshipCount: Sendable, Equatable {
        package let townshipCode: String
        package let problems: Int
        package let appeals: Int
    }

    package static func countsByTownship(_ filter: ProblemFilter, in tx: any Transaction) throws -> [TownshipCount] {
        try tx.all(countingByTownship(filter)).map {
            TownshipCount(
                townshipCode: try $0.get("code"), problems: try $0.get("problems"), appeals: try $0.get("appeals"))
        }
    }

    static func countingByTownship(_ filter: ProblemFilter) -> SQL {
        """
        SELECT COALESCE(p.township_code, '') AS code, COUNT(*) AS problems, SUM(p.size) AS appeals
        FROM problem p \(conditions(filter)) GROUP BY COALESCE(p.township_code, '') ORDER BY 1
        """
    }

    /// Topics of current problems, the most frequent first.
    package static func topics(in tx: any Transaction) throws -> [Share] {
        try tx.all(countingByTopic).map(Share.init)
    }

    static let countingByTopic: SQL = """
        SELECT topic AS value, COUNT(*) AS appeals FROM problem
        WHERE retired_at_ms IS NULL AND topic IS NOT NULL GROUP BY topic ORDER BY COUNT(*) DESC, topic
        """

    /// When problems were last brought up to date, and from how many appeals; nil before the first run.
    package static func lastRun(in tx: any Transaction) throws -> (at: Instant, appeals: Int)? {
        guard let row = try tx.first("SELECT ran_at_ms, appeals FROM problem_run WHERE ran_at_ms IS NOT NULL") else {
            return nil
        }
        return (try row.get("ran_at_ms"), try row.get("appeals"))
    }

    /// The latest appeal of any current problem: what "the last weeks" of a list end with.
    package static func latestAppeal(in tx: any Transaction) throws -> Instant? {
        try tx.first(
            """
            SELECT last_at_ms AS latest FROM problem WHERE retired_at_ms IS NULL
            ORDER BY COALESCE(last_at_ms, 0) DESC LIMIT 1
            """)?.getOptional("latest")
    }

    private static func conditions(_ filter: ProblemFilter) -> SQL {
        var all: [SQL] = ["p.retired_at_ms IS NULL"]
        if !filter.search.isEmpty {
            let pattern = pattern(filter.search)
            all.append(
                """
                (p.title LIKE \(pattern) ESCAPE '!' OR p.place LIKE \(pattern) ESCAPE '!'
                    OR p.name LIKE \(pattern) ESCAPE '!')
                """)
        }
        if !filter.townshipCodes.isEmpty { all.append("p.township_code IN (\(list: filter.townshipCodes))") }
        if !filter.topics.isEmpty { all.append("p.topic IN (\(list: filter.topics))") }
        if filter.peopleMin > 0 { all.append("p.people >= \(filter.peopleMin)") }
        if let since = filter.activeSince { all.append("COALESCE(p.last_at_ms, 0) >= \(since)") }
        if filter.states.isEmpty {
            if !filter.hasDismissed { all.append("p.state <> 'dismissed'") }
        } else {
            all.append("p.state IN (\(list: filter.states.map(\.rawValue)))")
        }
        if let unit = filter.leadUnitCode {
            all.append("EXISTS (SELECT 1 FROM case_file l WHERE l.id = p.id AND l.lead_unit_code = \(unit))")
        }
        if let isOpen = filter.hasOpenAppeals { all.append(isOpen ? hasOpenAppeals : "NOT \(hasOpenAppeals)") }
        return .whereAll(all)
    }

    private static let hasOpenAppeals: SQL = """
        EXISTS (SELECT 1 FROM problem_member m JOIN case_file c ON c.id = m.appeal_id
            WHERE m.problem_id = p.id AND c.is_open = 1)
        """

    /// What holds the text anywhere, `%` and `_` being themselves.
    static func pattern(_ text: String) -> String { "%\(escaped(text))%" }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { out, character in
            if "!%_".contains(character) { out.append("!") }
            out.append(character)
        }
    }

    private static func ordering(_ filter: ProblemFilter) -> SQL {
        let column: SQL =
            switch filter.sort {
            case .score: "p.score"
            case .frequency: "p.frequency"
            case .urgency: "p.urgency"
            case .pain: "p.pain"
            case .size: "p.size"
            case .people: "p.people"
            case .title: "COALESCE(p.name, p.title)"
            // A problem without a time sorts as the oldest on both engines.
            case .firstAt: "COALESCE(p.first_at_ms, 0)"
            case .lastAt: "COALESCE(p.last_at_ms, 0)"
            }
        // What is pinned leads the ranking; the directions of both columns are those of an index.
        if filter.sort == .score, filter.isDescending { return "p.is_pinned DESC, p.score DESC, p.id" }
        let direction: SQL = filter.isDescending ? "DESC" : "ASC"
        return "\(column) \(direction), p.id \(direction)"
    }
}

extension ProblemStore.Share {
    init(_ row: Row) throws { self.init(value: try row.get("value"), appeals: try row.get("appeals")) }
}

extension ProblemRecord {
    init(_ row: Row) throws {
        let latitude: Double? = try row.getOptional("latitude")
        let longitude: Double? = try row.getOptional("longitude")
        self.init(
            id: try row.get("id"), title: try row.get("title"), place: try row.get("place"),
            townshipCode: try row.getOptional("township_code"), topic: try row.getOptional("topic"),
            size: try row.get("size"), people: try row.get("people"), firstAt: try row.getOptional("first_at_ms"),
            lastAt: try row.getOptional("last_at_ms"),
            scores: try ProblemScoresJSON.decode(
                try row.get("reasons"), frequency: try row.get("frequency"), urgency: try row.get("urgency"),
                pain: try row.get("pain"), total: try row.get("score")),
            point: latitude.flatMap { latitude in
                longitude.flatMap { Coordinate(latitude: latitude, longitude: $0) }
            },
            updatedAt: try row.get("updated_at_ms"), retiredAt: try row.getOptional("retired_at_ms"),
            mergedInto: try row.getOptional("merged_into"), handling: try Handling(row))
    }
}

extension ProblemRecord.Handling {
    init(_ row: Row) throws {
        self.init()
        name = try row.getOptional("name")
        state = try row.get("state")
        stateAt = try row.getOptional("state_at_ms")
        isPinned = try row.get("is_pinned")
        version = try row.get("version")
    }
}

extension Array {
    /// Consecutive parts of at most `count` elements.
    func parts(of count: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: self.count, by: count).map { self[$0..<Swift.min($0 + count, self.count)] }
    }
}
