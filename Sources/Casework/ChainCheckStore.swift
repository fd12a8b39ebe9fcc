import Core
import Store

extension CaseTimelineStore {
    /// An entry as it stands in the table, even where somebody has edited it into nonsense.
    struct RawEntry {
        let caseID: ID<CaseFile>
        let sequence: Int64
        let at: Instant
        let event: String
        let detail: String
        let fromState: String?
        let toState: String?
        let actor: ActorColumns
        let hash: String

        /// Empty where the entry names no possible actor, which equals no hash.
        func hash(after previous: String, by chain: inout TimelineChain) -> String {
            guard let actor = actor.actor else { return "" }
            return chain.hash(
                previous: previous, caseID: caseID, sequence: sequence, at: at, event: event, detail: detail,
                fromState: fromState, toState: toState, actor: actor)
        }
    }

    /// All entries by case and sequence, each with what its case says of the whole.
    static func forEachWithHead(
        in tx: any Transaction, _ body: (RawEntry, ChainReport.Head?) throws -> Bool
    ) throws {
        try tx.forEach(
            """
            SELECT t.case_id, t.sequence, t.at_ms, t.event, t.detail, t.from_state, t.to_state, t.actor_kind,
                t.actor_person_id, t.actor_unit_code, t.actor_system, t.hash,
                f.timeline_count, f.timeline_hash, f.state
            FROM case_timeline t LEFT JOIN case_file f ON f.id = t.case_id
            ORDER BY t.case_id, t.sequence
            """
        ) { row in
            let head: ChainReport.Head? = try row.getOptional("timeline_count").map { (count: Int64) in
                ChainReport.Head(count: count, hash: try row.get("timeline_hash"), state: try row.get("state"))
            }
            let actor = ActorColumns(
                kind: try row.get("actor_kind"), personID: try row.getOptional("actor_person_id"),
                unitCode: try row.getOptional("actor_unit_code"), systemName: try row.getOptional("actor_system"))
            let entry = RawEntry(
                caseID: try row.get("case_id"), sequence: try row.get("sequence"), at: try row.get("at_ms"),
                event: try row.get("event"), detail: try row.get("detail"),
                fromState: try row.getOptional("from_state"), toState: try row.getOptional("to_state"),
                actor: actor, hash: try row.get("hash"))
            return try body(entry, head)
        }
    }

    static func casesWithoutEntries(in tx: any Transaction) throws -> [ID<CaseFile>] {
        try tx.all(
            """
            SELECT id FROM case_file
            WHERE NOT EXISTS (SELECT 1 FROM case_timeline WHERE case_timeline.case_id = case_file.id)
            ORDER BY id LIMIT \(CasesLimits.faultsNamedMax)
            """
        ).map { try $0.get("id") }
    }

    static func removedThatStand(in tx: any Transaction) throws -> [ID<CaseFile>] {
        try tx.all(
            """
            SELECT case_id FROM case_tombstone
            WHERE EXISTS (SELECT 1 FROM case_file WHERE case_file.id = case_tombstone.case_id)
                OR EXISTS (SELECT 1 FROM case_timeline WHERE case_timeline.case_id = case_tombstone.case_id)
            ORDER BY case_id LIMIT \(CasesLimits.faultsNamedMax)
            """
        ).map { try $0.get("case_id") }
    }
}
