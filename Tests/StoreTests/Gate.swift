import Core
import Foundation
import Synchronization

/// Lets a test hold a synchronous body until it says go.
final class Gate: Sendable {
    private let signal = DispatchSemaphore(value: 0)
    func wait() { _ = signal.wait(timeout: .now() + 600) }
    func open() { signal.signal() }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let time = Mutex<Int64>(1_618_794_000_000)
    private let ids = Mutex<Int64>(0)

    var surroundings: Surroundings {
        Surroundings(
            now: { Instant(millisecondsSince1970: self.time.withLock { $0 }) },
            newID: {
                self.ids.withLock {
                    $0 += 1; return $0
                }
            })
    }

    var now: Instant { surroundings.now() }
    func advance(milliseconds: Int64) { time.withLock { $0 += milliseconds } }
}
