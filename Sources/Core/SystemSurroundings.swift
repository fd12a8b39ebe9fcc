import Foundation

extension Surroundings {
    /// The machine's clock, and identifiers made from it.
    package static func system() -> Surroundings {
        let now: @Sendable () -> Instant = {
            Instant(millisecondsSince1970: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
        }
        let maker = IDMaker(now: now)
        return Surroundings(now: now, newID: { maker.next() })
    }
}
