import Core
import Store

/// The running numbers of cases.
///
/// A counter's row stays locked until its transaction ends, so its numbers have no gap: a transaction that fails gives
/// them back. Where gaps do no harm, writers on PostgreSQL take their numbers from small blocks instead, each from one
/// that nobody else holds, and do not wait for one another. SQLite has one writer, so nobody waits there anyway.
enum CaseNumberStore {
    /// A statement whose one column is the case that has the number.
    static func holder(of number: String) -> SQL { "SELECT id FROM case_file WHERE number = \(number)" }

    /// The first of `count` consecutive numbers.
    static func take(
        _ count: Int, scope: NumberPattern.Scope, isGapless: Bool, in tx: any Transaction
    ) throws -> Int64 {
        if count == 1, !isGapless, tx.engine == .postgresql { return try takeFromBlock(scope.key, in: tx) }
        return try advance(scope.key, by: count, in: tx)
    }

    private static func advance(_ scope: String, by count: Int, in tx: any Transaction) throws -> Int64 {
        let row = try tx.first(
            """
            INSERT INTO case_counter (scope, next_number) VALUES (\(scope), \(count + 1))
            ON CONFLICT (scope) DO UPDATE SET next_number = case_counter.next_number + \(count)
            RETURNING next_number
            """)
        guard let row else { throw StoreError.defect("a counter returned no number") }
        return try row.get("next_number") as Int64 - Int64(count)
    }

    private static func takeFromBlock(_ scope: String, in tx: any Transaction) throws -> Int64 {
        let taken = try tx.first(
            """
            UPDATE case_number_block SET next_number = next_number + 1
            WHERE scope = \(scope) AND first_number = (
                SELECT first_number FROM case_number_block WHERE scope = \(scope) AND next_number <= last_number
                ORDER BY first_number LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING first_number, next_number, last_number
            """)
        if let taken {
            let next: Int64 = try taken.get("next_number")
            if try next > taken.get("last_number") {
                let first: Int64 = try taken.get("first_number")
                try tx.run("DELETE FROM case_number_block WHERE scope = \(scope) AND first_number = \(first)")
            }
            return next - 1
        }
        let first = try advance(scope, by: CasesLimits.numberBlock, in: tx)
        try tx.run(
            """
            INSERT INTO case_number_block (scope, first_number, next_number, last_number)
            VALUES (\(scope), \(first), \(first + 1), \(first + Int64(CasesLimits.numberBlock) - 1))
            """)
        return first
    }
}
