internal import Core
internal import Mining
internal import Store

/// The statements with which `UpdateProblems` writes what mining found.
enum ProblemWritingStore {
    /// Takes the lock under which one run writes, and notes when it was and how many appeals it saw.
    static func beginRun(at now: Instant, appeals: Int, in tx: any Transaction) throws {
        try tx.run("UPDATE problem_run SET ran_at_ms = \(now), appeals = \(appeals) WHERE id = 1")
    }

    /// An appeal as mining sees it, and when it last changed.
    struct Message: Sendable {
        let message: MiningMessage
        let updatedAt: Int64
    }

    /// Appeals changed after a place in the order of changes, in that order.
    static func messages(after place: (updatedAt: Int64, id: Int64), limit: Int, in tx: any Transaction) throws
        -> [Message]
    {
        try tx.all(
            """
            SELECT \(messageColumns) FROM appeal a
            WHERE a.updated_at_ms > \(place.updatedAt) OR (a.updated_at_ms = \(place.updatedAt) AND a.id > \(place.id))
            ORDER BY a.updated_at_ms, a.id LIMIT \(limit)
            """
        ).map(Message.init)
    }

    static func messages(_ ids: some Collection<Int64>, in tx: any Transaction) throws -> [Message] {
        try Array(ids).parts(of: ProblemLimits.identifiersPerStatement).flatMap { part in
            try tx.all("SELECT \(messageColumns) FROM appeal a WHERE a.id IN (\(list: part)) ORDER BY a.id")
                .map(Message.init)
        }
    }

    static func exists(_ appeal: Int64, in tx: any Transaction) throws -> Bool {
        try tx.first("SELECT id FROM appeal WHERE id = \(appeal)") != nil
    }

    static func appealCount(in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM appeal")?.get("n") ?? 0
    }

    static func appealIDs(in tx: any Transaction) throws -> Set<Int64> {
        var ids: Set<Int64> = []
        try tx.forEach("SELECT id FROM appeal") { row in
            ids.insert(try row.get("id"))
            return true
        }
        return ids
    }

    private static let messageColumns: SQL = """
        a.id, a.author_key, a.subject, a.body, a.address, a.submitted_at_ms, a.latitude, a.longitude, a.likes,
        a.dislikes, a.closed_at_ms, a.is_dissatisfied, a.transfers, a.updated_at_ms
        """

    /// The stored problem of every appeal.
    static func membership(in tx: any Transaction) throws -> [Int64: ID<ProblemRecord>] {
        var membership: [Int64: ID<ProblemRecord>] = [:]
        try tx.forEach("SELECT appeal_id, problem_id FROM problem_member") { row in
            membership[try row.get("appeal_id")] = try row.get("problem_id")
            return true
        }
        return membership
    }

    static func current(in tx: any Transaction) throws -> [ID<ProblemRecord>: ProblemRecord] {
        var records: [ID<ProblemRecord>: ProblemRecord] = [:]
        try tx.forEach("SELECT \(ProblemStore.columns) FROM problem p WHERE p.retired_at_ms IS NULL") { row in
            let record = try ProblemRecord(row)
            records[record.id] = record
            return true
        }
        return records
    }

    /// What mining does not know of an appeal, but its problem shows.
    struct Facts {
        let topic: String?
        let townshipCode: String?
        let point: Coordinate?
    }

    static func facts(of appeals: [Int64], in tx: any Transaction) throws -> [Int64: Facts] {
        var facts: [Int64: Facts] = [:]
        for part in appeals.parts(of: ProblemLimits.identifiersPerStatement) {
            try tx.forEach(
                "SELECT id, topic, township_code, latitude, longitude FROM appeal WHERE id IN (\(list: part))"
            ) { row in
                let latitude: Double? = try row.getOptional("latitude")
                let longitude: Double? = try row.getOptional("longitude")
                facts[try row.get("id")] = Facts(
                    topic: try row.getOptional("topic"), townshipCode: try row.getOptional("township_code"),
                    point: latitude.flatMap { latitude in
                        longitude.flatMap { Coordinate(latitude: latitude, longitude: $0) }
                    })
                return true
            }
        }
        return facts
    }

    static func save(_ record: ProblemRecord, in tx: any Transaction) throws {
        let scores = record.scores
        try tx.run(
            """
            INSERT INTO problem (id, title, place, township_code, topic, size, people, first_at_ms, last_at_ms,
                frequency, urgency, pain, score, reasons, latitude, longitude, updated_at_ms)
            VALUES (\(record.id), \(record.minedTitle), \(record.place), \(record.townshipCode), \(record.topic),
                \(record.size), \(record.people), \(record.firstAt), \(record.lastAt), \(scores.frequency.points),
                \(scores.urgency.points), \(scores.pain.points), \(scores.total),
                \(try ProblemScoresJSON.encode(scores)), \(record.point?.latitude), \(record.point?.longitude),
                \(record.updatedAt))
            ON CONFLICT (id) DO UPDATE SET title = excluded.title, place = excluded.place,
                township_code = excluded.township_code, topic = excluded.topic, size = excluded.size,
                people = excluded.people, first_at_ms = excluded.first_at_ms, last_at_ms = excluded.last_at_ms,
                frequency = excluded.frequency, urgency = excluded.urgency, pain = excluded.pain,
                score = excluded.score, reasons = excluded.reasons, latitude = excluded.latitude,
                longitude = excluded.longitude, updated_at_ms = excluded.updated_at_ms
            """)
    }

    static func retire(
        _ id: ID<ProblemRecord>, into other: ID<ProblemRecord>?, at now: Instant, in tx: any Transaction
    ) throws {
        try tx.run(
            """
            UPDATE problem SET retired_at_ms = \(now), merged_into = \(other), updated_at_ms = \(now)
            WHERE id = \(id)
            """)
    }

    static func leave(_ appeals: [Int64], in tx: any Transaction) throws {
        for part in appeals.parts(of: ProblemLimits.identifiersPerStatement) {
            try tx.run("DELETE FROM problem_member WHERE appeal_id IN (\(list: part))")
        }
    }

    static func join(_ pairs: [(appeal: Int64, problem: ID<ProblemRecord>)], in tx: any Transaction) throws {
        try tx.insert(
            into: "problem_member", columns: ["appeal_id", "problem_id"],
            rows: pairs.map { [.integer($0.appeal), .integer($0.problem.rawValue)] })
    }
}

extension ProblemWritingStore.Message {
    init(_ row: Row) throws {
        let latitude: Double? = try row.getOptional("latitude")
        let longitude: Double? = try row.getOptional("longitude")
        let (body, address): (String?, String?) = (try row.getOptional("body"), try row.getOptional("address"))
        updatedAt = try row.get("updated_at_ms")
        message = MiningMessage(
            id: try row.get("id"), author: try row.getOptional("author_key"),
            subject: try row.getOptional("subject") ?? "", text: Self.text(body: body, address: address),
            at: try row.getOptional("submitted_at_ms"),
            point: latitude.flatMap { latitude in
                longitude.flatMap { Coordinate(latitude: latitude, longitude: $0) }
            },
            likes: try row.getOptional("likes") ?? 0, dislikes: try row.getOptional("dislikes") ?? 0,
            handling: MiningMessage.Handling(
                closedAt: try row.getOptional("closed_at_ms"),
                isDissatisfied: try row.getOptional("is_dissatisfied") ?? false,
                transfers: try row.getOptional("transfers") ?? 0))
    }

    /// A clerk writes the place into a field of its own and leaves it out of the words.
    private static func text(body: String?, address: String?) -> String {
        let body = body ?? ""
        guard let address, !address.isEmpty, !body.utf8.contains(address.utf8) else { return body }
        return body + "\n" + address
    }
}
