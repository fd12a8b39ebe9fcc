internal import Casework
internal import Core
internal import Store

/// The SQL that tells whether sums over tasks may have changed.
enum TaskSumsStore {
    /// The last event of any case, the last round and the last decision about what counts.
    static func lastChange(in tx: any Transaction) throws -> String {
        let round: Int64 = try tx.first("SELECT id FROM report_round ORDER BY id DESC LIMIT 1")?.get("id") ?? 0
        return "\(try CaseStore.lastChange(in: tx)) \(round)"
    }
}
