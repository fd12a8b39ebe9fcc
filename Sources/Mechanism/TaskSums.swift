internal import Casework
internal import Core
internal import Store
internal import Synchronization

/// Sums over all tasks, worked out once for all who ask within a few seconds. Whatever happens to a case makes them
/// anew, so that nobody misses their own deed; each process has its own.
package final class TaskSums: Sendable {
    private let milliseconds: Int64
    private let kept = Mutex<[String: (key: String, value: any Sendable)]>([:])

    /// - Parameter seconds: how old a sum may be; 0 remembers nothing.
    package init(seconds: Int64) { milliseconds = seconds * 1_000 }

    /// - Parameter name: of what is summed, with all it depends on but the tasks and the time.
    func value<Value: Sendable>(
        _ name: String, now: Instant, in tx: any Transaction, _ make: () throws -> Value
    ) throws -> Value {
        guard milliseconds > 0 else { return try make() }
        let change = try TaskSumsStore.lastChange(in: tx)
        let key = "\(change) \(now.millisecondsSince1970 / milliseconds)"
        if let found = kept.withLock({ $0[name] }), found.key == key, let value = found.value as? Value { return value }
        let value = try make()
        kept.withLock { kept in
            if kept.count >= MechanismLimits.sumsKept { kept.removeAll() }
            kept[name] = (key, value)
        }
        return value
    }
}
