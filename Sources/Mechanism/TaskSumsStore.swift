internal import Core
internal import Store

/// The SQL that tells whether sums over tasks may have changed.
enum TaskSumsStore {
    /// The last event of any case, the last round and the last decision about what counts.
    static func lastChange(in tx: any Transaction) throws -> String {
        func number(_ statement: SQL) throws -> Int64 { try tx.first(statement)?.getOptional("n") ?? 0 }
        return """
            \(try number("SELECT updated_at_ms AS n FROM case_file ORDER BY updated_at_ms DESC LIMIT 1")) \
            \(try number("SELECT id AS n FROM report_round ORDER BY id DESC LIMIT 1"))
            """
    }
}
