/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
package struct Instant: Hashable, Sendable, Comparable {
    package let millisecondsSince1970: Int64

    package init(millisecondsSince1970: Int64) { self.millisecondsSince1970 = millisecondsSince1970 }

    package static func < (left: Self, right: Self) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }

    package func adding(milliseconds: Int64) -> Instant {
        Instant(millisecondsSince1970: millisecondsSince1970 + milliseconds)
    }
    package func adding(seconds: Int64) -> Instant { adding(milliseconds: seconds * 1_000) }
    package func adding(days: Int64) -> Instant { adding(milliseconds: days * Instant.millisecondsPerDay) }

    /// Milliseconds from `earlier` to this instant; negative when `earlier` is later.
    package func milliseconds(since earlier: Instant) -> Int64 {
        millisecondsSince1970 - earlier.millisecondsSince1970
    }

    package static let millisecondsPerDay: Int64 = 86_400_000
}

/// A fixed offset from UTC. China has kept one zone without summer time since 1992.
package struct TimeZoneOffset: Hashable, Sendable {
    package let minutes: Int
    package init(minutes: Int) { self.minutes = minutes }
    package static let shanghai = TimeZoneOffset(minutes: 480)
    package static let utc = TimeZoneOffset(minutes: 0)
}
