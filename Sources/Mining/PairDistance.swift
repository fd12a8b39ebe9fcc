internal import Core

/// What is known of where two appeals are, beyond the words: of two that were put on the map far apart, hardly any are
/// one concrete problem, however alike their wording.
///
/// The public letters that the pair model was learnt from have no coordinates, so this is a plain rule instead of a
/// learnt one: nothing up to `nearMetres` (an estate, a market, a stretch of road), then evenly down to `farShift`.
enum PairDistance {
    static let nearMetres = 400
    static let farMetres = 2_000
    /// Log-odds, in units, of a pair `farMetres` apart and more.
    static let farShift = -8 * PairModel.unit

    /// Whole metres between the two; nil when one is nowhere on the map.
    static func metres(_ a: MessageDigest, _ b: MessageDigest) -> Int? {
        MessageDigest.with(a, b) { metres($0.facts, $1.facts) }
    }

    @inline(__always)
    private static func metres(
        _ a: UnsafePointer<MessageDigest.Facts>, _ b: UnsafePointer<MessageDigest.Facts>
    ) -> Int? {
        guard let first = a.pointee.point, let second = b.pointee.point else { return nil }
        return Int(first.metres(to: second).rounded())
    }

    /// Log-odds in units, never above zero: two strangers at one address may have two problems.
    static func shift(_ a: MessageDigest, _ b: MessageDigest) -> Int {
        MessageDigest.with(a, b) { shift($0, $1) }
    }

    @inline(__always)
    static func shift(_ a: MessageDigest.View, _ b: MessageDigest.View) -> Int {
        metres(a.facts, b.facts).map(shift(metres:)) ?? 0
    }

    static func shift(metres: Int) -> Int {
        let beyond = min(max(0, metres - nearMetres), farMetres - nearMetres)
        return farShift * beyond / (farMetres - nearMetres)
    }
}
