internal import Synchronization

/// A value that may be stale for a stated time: worked out once for all who ask at a time, and anew behind the back of
/// whoever asks once it is stale. Each process has its own.
package final class Remembered<Value: Sendable>: Sendable {
    private struct Kept {
        var value: (value: Value, at: Instant)?
        var running: Task<Value, any Error>?
    }

    private let kept = Mutex(Kept())
    private let staleAfter: Int64
    private let goneAfter: Int64
    private let turn: Turn?

    /// Older than `staleAfter`, the value is given and made anew; older than `goneAfter`, whoever asks waits for it.
    package convenience init(staleAfterSeconds: Int64, goneAfterSeconds: Int64) {
        self.init(staleAfterSeconds: staleAfterSeconds, goneAfterSeconds: goneAfterSeconds, turn: nil)
    }

    /// - Parameter turn: what is made behind somebody's back waits for it.
    fileprivate init(staleAfterSeconds: Int64, goneAfterSeconds: Int64, turn: Turn?) {
        self.turn = turn
        staleAfter = staleAfterSeconds * 1_000
        goneAfter = goneAfterSeconds * 1_000
    }

    package func value(now: Instant, _ make: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let (old, task) = kept.withLock { kept -> (Value?, Task<Value, any Error>?) in
            // A clock that was set back makes anything gone.
            let since = kept.value.map { now.milliseconds(since: $0.at) } ?? -1
            let age = since < 0 ? .max : since
            if age < staleAfter { return (kept.value?.value, nil) }
            let isUrgent = age >= goneAfter
            let task = kept.running ?? Task { try await self.renew(now, isUrgent, make) }
            kept.running = task
            return (isUrgent ? nil : kept.value?.value, task)
        }
        if let old { return old }
        guard let task else { return try await make() }
        return try await task.value
    }

    private func renew(
        _ now: Instant, _ isUrgent: Bool, _ make: @Sendable () async throws -> Value
    ) async throws -> Value {
        guard !isUrgent, let turn else { return try await renew(now, make) }
        await turn.take()
        defer { turn.pass() }
        return try await renew(now, make)
    }

    private func renew(_ now: Instant, _ make: @Sendable () async throws -> Value) async throws -> Value {
        do {
            let value = try await make()
            kept.withLock { $0 = Kept(value: (value, now), running: nil) }
            return value
        } catch {
            kept.withLock { $0.running = nil }
            throw error
        }
    }
}

/// One at a time, in the order they came.
private final class Turn: Sendable {
    private let line = Mutex<(isTaken: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = line.withLock { line in
                if line.isTaken { line.waiting.append(continuation) }
                defer { line.isTaken = true }
                return !line.isTaken
            }
            if isFree { continuation.resume() }
        }
    }

    func pass() {
        let next = line.withLock { line -> CheckedContinuation<Void, Never>? in
            guard line.waiting.isEmpty else { return line.waiting.removeFirst() }
            line.isTaken = false
            return nil
        }
        next?.resume()
    }
}

/// Many remembered values, each by its key; all are forgotten when there are too many. What is stale is made anew one
/// after the other, so that those who ask meanwhile are not held up by all of it at once.
package final class RememberedByKey<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let kept = Mutex<[Key: Remembered<Value>]>([:])
    private let staleAfterSeconds: Int64
    private let goneAfterSeconds: Int64
    private let keysMax: Int
    private let turn = Turn()

    package init(staleAfterSeconds: Int64, goneAfterSeconds: Int64, keysMax: Int) {
        self.staleAfterSeconds = staleAfterSeconds
        self.goneAfterSeconds = goneAfterSeconds
        self.keysMax = keysMax
    }

    package func value(
        _ key: Key, now: Instant, _ make: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let one = kept.withLock { kept in
            if let found = kept[key] { return found }
            if kept.count >= keysMax { kept.removeAll() }
            let made = Remembered<Value>(
                staleAfterSeconds: staleAfterSeconds, goneAfterSeconds: goneAfterSeconds, turn: turn)
            kept[key] = made
            return made
        }
        return try await one.value(now: now, make)
    }
}
