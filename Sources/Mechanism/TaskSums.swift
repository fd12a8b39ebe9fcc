internal import Casework
internal import Core
internal import Store
internal import Synchronization

/// Sums over all tasks, worked out once for all who ask within a few seconds. Whatever happens to a case makes them
/// anew, so that nobody misses their own deed; each process has its own.
package final class TaskSums: Sendable {
    private let milliseconds: Int64
    private struct Kept {
        let change: String
        let turn: Int64
        let value: any Sendable
    }

    private let kept = Mutex<(sums: [String: Kept], making: Set<String>)>(([:], []))

    /// - Parameter seconds: how old a sum may be; 0 remembers nothing.
    package init(seconds: Int64) { milliseconds = seconds * 1_000 }

    /// - Parameter name: of what is summed, with all it depends on but the tasks and the time.
    func value<Value: Sendable>(
        _ name: String, now: Instant, in tx: any Transaction, _ make: () throws -> Value
    ) throws -> Value {
        guard milliseconds > 0 else { return try make() }
        let change = try TaskSumsStore.lastChange(in: tx)
        let turn = now.millisecondsSince1970 / milliseconds
        let found: Value? = kept.withLock { kept in
            // Where only time has passed, one sums anew and the others take what there is.
            if let sum = kept.sums[name], sum.change == change, sum.turn == turn || kept.making.contains(name) {
                return sum.value as? Value
            }
            kept.making.insert(name)
            return nil
        }
        if let found { return found }
        defer { _ = kept.withLock { $0.making.remove(name) } }
        let value = try make()
        kept.withLock { kept in
            if kept.sums.count >= MechanismLimits.sumsKept { kept.sums.removeAll() }
            kept.sums[name] = Kept(change: change, turn: turn, value: value)
        }
        return value
    }
}
