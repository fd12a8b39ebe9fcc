internal import Appeals
internal import Core
internal import Mining
internal import Store

/// A problem that more appeals speak of in the last 30 days than in the 30 before.
struct RisingProblem: Sendable {
    let record: ProblemRecord
    let recent: Int
    let before: Int
    /// Appeals in each of the last weeks, the present one last.
    let weeks: [Int]

    /// Those whose rise is least likely to be chance, then those that rise most. Looks at the problems with the highest
    /// scores among those still spoken of; chances are those of the last scan (`HotspotStore`).
    static func all(now: Instant, in tx: any Transaction) throws -> [RisingProblem] {
        let recently = now.adding(days: Int64(-Figure.windowDays))
        let long = now.adding(days: Int64(-7 * PlatformLimits.risingWeeks))
        let records = try ProblemStore.list(
            ProblemFilter(activeSince: recently), limit: PlatformLimits.risingCandidates, in: tx)
        let times = try ProblemStore.times(of: records, since: long, in: tx)
        let rising = records.compactMap { rise($0, times[$0.id] ?? [], now: now) }
        let sure = try HotspotStore.rising(in: tx).filter { $0.kind == .problem && $0.isSure }
        let chances = Dictionary(sure.map { ($0.name, $0.pPpm) }, uniquingKeysWith: min)
        func order(_ one: RisingProblem) -> (Int, Int, Int) {
            (chances[one.record.id.description] ?? .max, one.before - one.recent, -one.record.scores.total)
        }
        return Array(rising.sorted { order($0) < order($1) }.prefix(PlatformLimits.homeRows))
    }

    /// Nil for a problem that does not rise.
    static func rise(_ record: ProblemRecord, _ times: [Instant], now: Instant) -> RisingProblem? {
        let recently = now.adding(days: Int64(-Figure.windowDays))
        let earlier = now.adding(days: Int64(-2 * Figure.windowDays))
        let recent = times.count { $0 >= recently && $0 <= now }
        let before = times.count { $0 >= earlier && $0 < recently }
        guard recent > before, recent >= PlatformLimits.risingAppealsMin else { return nil }
        var weeks = [Int](repeating: 0, count: PlatformLimits.risingWeeks)
        for time in times where time <= now {
            let ago = Int(now.milliseconds(since: time) / (7 * 86_400_000))
            if ago < weeks.count { weeks[weeks.count - 1 - ago] += 1 }
        }
        return RisingProblem(record: record, recent: recent, before: before, weeks: weeks)
    }
}
