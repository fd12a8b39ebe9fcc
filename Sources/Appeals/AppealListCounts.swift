internal import Core
internal import Store

/// How many appeals match a filter, and how its list is best read: asked once and kept for a while.
///
/// Counting a million is dearer than a page of them. What is shown may be stale by `keptMilliseconds`; rows never are.
actor AppealListCounts {
    struct Known: Sendable {
        let way: AppealListWay
        let total: Int
        let at: Instant
    }

    private var known: [AppealFilter: Known] = [:]

    static let keptMilliseconds: Int64 = 10_000
    static let keptMax = 500

    func known(_ filter: AppealFilter, now: Instant) -> Known? {
        known[filter].flatMap { abs(now.milliseconds(since: $0.at)) < Self.keptMilliseconds ? $0 : nil }
    }

    func keep(_ found: Known, of filter: AppealFilter) {
        if known.count >= Self.keptMax { known = [:] }
        known[filter] = found
    }
}
