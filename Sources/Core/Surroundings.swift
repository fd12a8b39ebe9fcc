import Synchronization

/// The world outside the process: the clock and new identifiers. Tests pass fixed ones.
package struct Surroundings: Sendable {
    package var now: @Sendable () -> Instant
    /// A new identifier, larger than any this process made before.
    package var newID: @Sendable () -> Int64

    package init(now: @escaping @Sendable () -> Instant, newID: @escaping @Sendable () -> Int64) {
        self.now = now
        self.newID = newID
    }
}

/// Makes 63-bit identifiers that sort by time: 43 bits of milliseconds since 2020, 8 bits of maker,
/// 12 bits of sequence.
///
/// A clock set back does not repeat an identifier: the maker keeps the latest millisecond it used. Processes
/// that share a database draw different makers at random; a primary key catches the rare clash.
package final class IDMaker: Sendable {
    private let now: @Sendable () -> Instant
    private let maker: Int64
    private let last = Mutex<Int64>(0)

    package init(maker: UInt8 = .random(in: 0...255), now: @escaping @Sendable () -> Instant) {
        self.maker = Int64(maker)
        self.now = now
    }

    package func next() -> Int64 {
        let tick = max(0, now().millisecondsSince1970 - Self.epochMilliseconds) << 12
        // The sequence overflows into the next millisecond rather than waiting for it.
        let slot = last.withLock { last in
            last = max(tick, last + 1)
            return last
        }
        return (slot >> 12) << 20 | maker << 12 | (slot & 0xFFF)
    }

    private static let epochMilliseconds: Int64 = 1_577_836_800_000
}
