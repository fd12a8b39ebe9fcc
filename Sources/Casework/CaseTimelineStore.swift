package import Core
package import Store

/// The append-only timelines.
package enum CaseTimelineStore {
    /// Where the next entry of a case goes: its sequence, and the hash it follows on.
    struct Head {
        let sequence: Int64
        let previous: String
    }

    /// Oldest first; the newest `limit` of them when there are more.
    package static func entries(
        of id: ID<CaseFile>, limit: Int = CasesLimits.timelineShownMax, in tx: any Transaction
    ) throws -> [TimelineEntry] {
        try tx.all(
            "SELECT \(columns) FROM case_timeline WHERE case_id = \(id) ORDER BY sequence DESC LIMIT \(limit)"
        ).reversed().map(TimelineEntry.init)
    }

    /// Reserves the next place in a case's timeline; nil when there is no such case.
    static func advance(_ id: ID<CaseFile>, now: Instant, in tx: any Transaction) throws -> Head? {
        try tx.first(
            """
            UPDATE case_file SET timeline_count = timeline_count + 1, updated_at_ms = \(now) WHERE id = \(id)
            RETURNING timeline_count, timeline_hash
            """
        ).map(Head.init)
    }

    /// The same, and changes the case, unless it has moved since `file` was read: then nil.
    static func advance(_ file: CaseFile, setting changes: SQL, now: Instant, in tx: any Transaction) throws -> Head? {
        try tx.first(
            """
            UPDATE case_file SET \(changes), version = version + 1, timeline_count = timeline_count + 1,
                updated_at_ms = \(now)
            WHERE id = \(file.id) AND version = \(file.version) AND state = \(file.state)
            RETURNING timeline_count, timeline_hash
            """
        ).map(Head.init)
    }

    /// Writes the entry that `head` reserved.
    static func append(
        _ head: Head, to id: ID<CaseFile>, at: Instant, event: String, detail: String, fromState: String?,
        toState: String?, actor: Actor, in tx: any Transaction
    ) throws {
        var chain = TimelineChain()
        let hash = chain.hash(
            previous: head.previous, caseID: id, sequence: head.sequence, at: at, event: event, detail: detail,
            fromState: fromState, toState: toState, actor: actor)
        let who = ActorColumns(actor)
        try tx.run(
            """
            INSERT INTO case_timeline (\(columns)) VALUES (\(id), \(head.sequence), \(at), \(event), \(detail),
                \(fromState), \(toState), \(who.kind), \(who.personID), \(who.unitCode), \(who.systemName), \(hash))
            """)
        try tx.run("UPDATE case_file SET timeline_hash = \(hash) WHERE id = \(id)")
    }

    static let columns: SQL = """
        case_id, sequence, at_ms, event, detail, from_state, to_state, actor_kind, actor_person_id, actor_unit_code,
        actor_system, hash
        """
    package static let columnNames: [StaticString] = [
        "case_id", "sequence", "at_ms", "event", "detail", "from_state", "to_state", "actor_kind", "actor_person_id",
        "actor_unit_code", "actor_system", "hash",
    ]
}

extension CaseTimelineStore.Head {
    init(_ row: Row) throws {
        self.init(sequence: try row.get("timeline_count"), previous: try row.get("timeline_hash"))
    }
}

extension TimelineEntry {
    init(_ row: Row) throws {
        let columns = ActorColumns(
            kind: try row.get("actor_kind"), personID: try row.getOptional("actor_person_id"),
            unitCode: try row.getOptional("actor_unit_code"), systemName: try row.getOptional("actor_system"))
        guard let actor = columns.actor else {
            throw StoreError.defect("an entry of a timeline names no actor")
        }
        self.init(
            caseID: try row.get("case_id"), sequence: try row.get("sequence"), at: try row.get("at_ms"),
            event: try row.get("event"), detail: try row.get("detail"),
            fromState: try row.getOptional("from_state"), toState: try row.getOptional("to_state"), actor: actor,
            hash: try row.get("hash"))
    }
}
