import Synchronization
import Testing

@testable import Core

@Suite("Figures that may be a little old")
struct RememberedTests {
    private final class Counter: Sendable {
        private let value = Mutex(0)
        var count: Int { value.withLock { $0 } }
        func next() -> Int {
            value.withLock {
                $0 += 1
                return $0
            }
        }
    }

    private func at(_ seconds: Int64) -> Instant { Instant(millisecondsSince1970: seconds * 1_000) }

    @Test("Made once while it is fresh, given and made anew once stale, waited for once it is gone")
    func ages() async throws {
        let remembered = Remembered<Int>(staleAfterSeconds: 30, goneAfterSeconds: 300)
        let counter = Counter()
        let make: @Sendable () async throws -> Int = { counter.next() }
        #expect(try await remembered.value(now: at(0), make) == 1)
        #expect(try await remembered.value(now: at(29), make) == 1)
        #expect(try await remembered.value(now: at(30), make) == 1, "stale is still given")
        while try await remembered.value(now: at(31), make) == 1 { await Task.yield() }
        #expect(counter.count == 2, "once, however often it was asked meanwhile")
        #expect(try await remembered.value(now: at(31 + 300), make) == 3, "gone is not")
        #expect(try await remembered.value(now: at(100), make) == 4, "a clock set back makes it anew")
    }

    @Test("Many who ask at once wait for one")
    func together() async throws {
        let remembered = Remembered<Int>(staleAfterSeconds: 30, goneAfterSeconds: 300)
        let counter = Counter()
        let now = at(5)
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await remembered.value(now: now) {
                        try await Task.sleep(for: .milliseconds(20))
                        return counter.next()
                    }
                }
            }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(values == [1] && counter.count == 1)
    }

    @Test("A failure is not kept: whoever asks next tries again")
    func failure() async throws {
        struct Failed: Error {}
        let remembered = Remembered<Int>(staleAfterSeconds: 30, goneAfterSeconds: 300)
        await #expect(throws: Failed.self) { try await remembered.value(now: at(0)) { throw Failed() } }
        #expect(try await remembered.value(now: at(0)) { 7 } == 7)
    }

    @Test("Each key has its own value, and too many keys forget all")
    func keys() async throws {
        let remembered = RememberedByKey<String, Int>(staleAfterSeconds: 30, goneAfterSeconds: 300, keysMax: 2)
        let counter = Counter()
        let make: @Sendable () async throws -> Int = { counter.next() }
        #expect(try await remembered.value("a", now: at(0), make) == 1)
        #expect(try await remembered.value("b", now: at(0), make) == 2)
        #expect(try await remembered.value("a", now: at(1), make) == 1)
        #expect(try await remembered.value("c", now: at(1), make) == 3)
        #expect(try await remembered.value("a", now: at(1), make) == 4)
    }

    @Test("What is stale is made anew one after the other, and what is gone at once")
    func oneAtATime() async throws {
        let remembered = RememberedByKey<Int, Int>(staleAfterSeconds: 30, goneAfterSeconds: 300, keysMax: 100)
        let running = Mutex((now: 0, most: 0, made: 0))
        let make: @Sendable () async throws -> Int = {
            running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.made) }
            try await Task.sleep(for: .milliseconds(5))
            return running.withLock {
                $0 = ($0.now - 1, $0.most, $0.made + 1)
                return $0.made
            }
        }
        func askAll(_ seconds: Int64) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for key in 0..<20 {
                    group.addTask { _ = try await remembered.value(key, now: self.at(seconds), make) }
                }
                try await group.waitForAll()
            }
        }
        try await askAll(0)
        #expect(running.withLock { $0.made } == 20 && running.withLock { $0.most } > 1, "nobody waits for another's")
        running.withLock { $0 = (0, 0, 0) }
        try await askAll(60)
        while running.withLock({ $0.made }) < 20 { try await Task.sleep(for: .milliseconds(2)) }
        #expect(running.withLock { $0.most } == 1)
    }
}
