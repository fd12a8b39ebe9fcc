/// What grew beyond what season, weekday and the district as a whole explain, each with its chance.
///
/// A group's last weeks are compared with the weeks before, in proportion to everything else that was reported on the
/// same days: holidays, weekends and campaigns touch all alike and cancel out. Where a year of history is there, the
/// group's own season is taken from the same weeks a year ago. How much weeks scatter beyond chance is learnt from the
/// weeks before, and how uncertain a small group's rate is widens the rest: the tail is that of a negative binomial.
package struct BurstDetector: Sendable {
    package struct Settings: Sendable, Equatable {
        /// Whole weeks, so that each weekday counts equally on both sides.
        package var recentWeeks = 2
        package var baseWeeks = 12
        package init() {}
        var recentDays: Int { recentWeeks * 7 }
        var baseDays: Int { baseWeeks * 7 }
    }

    /// Counts of one group, day by day; the last is the last day looked at.
    package struct Series: Sendable, Equatable {
        package let key: String
        package let counts: [Int]
        package init(key: String, counts: [Int]) {
            self.key = key
            self.counts = counts
        }
    }

    private let totals: [Int]
    private let settings: Settings

    /// - Parameter totals: all that was reported, day by day, over at least base and recent weeks.
    package init(totals: [Int], settings: Settings = Settings()) {
        self.totals = totals
        self.settings = settings
    }

    /// Days of history that are looked at where they are there: base and recent weeks, and both a year ago.
    package static func daysWanted(_ settings: Settings = Settings()) -> Int {
        settings.recentDays + settings.baseDays + yearDays
    }

    /// Every group with its chance, the least first; of equals in order of their keys. Empty when the history is too
    /// short.
    package func bursts(_ groups: [Series]) -> [Burst] {
        guard totals.count >= settings.recentDays + settings.baseDays else { return [] }
        let fits = groups.filter { $0.counts.count == totals.count }
        let spread = pooledSpread(fits)
        let tested = fits.map { burst($0, spread: spread) }.sorted { ($0.pValue, $0.key) < ($1.pValue, $1.key) }
        return Self.withFalseDiscovery(tested)
    }

    private func burst(_ group: Series, spread: Double) -> Burst {
        let end = totals.count
        let (recent, base) = windows(endingAt: end)
        let observed = sum(group.counts, recent)
        let before = sum(group.counts, base)
        let othersBefore = sum(totals, base) - before
        let othersNow = sum(totals, recent) - observed
        // Half a case more than there were: a group that was never seen may still come by chance.
        let seen = Double(before) + 0.5
        let ratio = (Double(othersNow) + 0.5) / (Double(othersBefore) + 0.5)
        let mean = seen * ratio * season(group, endingAt: end)
        let variance = max(spread, ownSpread(group) ?? 1) * mean + mean * mean / seen
        return Burst(
            key: group.key, observed: observed, before: before, expected: mean,
            pValue: ExactTail.negativeBinomial(atLeast: observed, mean: mean, variance: variance), qValue: 1)
    }

    private func windows(endingAt end: Int) -> (recent: Range<Int>, base: Range<Int>) {
        let start = end - settings.recentDays
        return (start..<end, (start - settings.baseDays)..<start)
    }

    private func sum(_ counts: [Int], _ range: Range<Int>) -> Int { counts[range].reduce(0, +) }

    /// 52 weeks, so that weekdays fall together.
    private static let yearDays = 364
    /// Cases that weigh as much as a year-old season's own.
    private static let seasonPrior = 20.0

    /// How many times its usual share the group had in these weeks a year ago; 1 where that is not known.
    private func season(_ group: Series, endingAt end: Int) -> Double {
        let then = end - Self.yearDays
        guard then - settings.recentDays - settings.baseDays >= 0 else { return 1 }
        let (recent, base) = windows(endingAt: then)
        let (now, before) = (sum(group.counts, recent), sum(group.counts, base))
        let others = (now: sum(totals, recent) - now, before: sum(totals, base) - before)
        guard others.before > 0 else { return 1 }
        let expected = Double(before) * Double(others.now) / Double(others.before)
        return (Double(now) + Self.seasonPrior) / (expected + Self.seasonPrior)
    }

    /// How much more than by chance the weeks before scatter (Pearson's statistic over its degrees of freedom), of all
    /// groups together; at least 1.
    private func pooledSpread(_ groups: [Series]) -> Double {
        var (statistic, degrees) = (0.0, 0)
        for group in groups {
            guard let own = scatter(group) else { continue }
            statistic += own
            degrees += settings.baseWeeks - 1
        }
        return degrees > 0 ? max(1, statistic / Double(degrees)) : 1
    }

    private func ownSpread(_ group: Series) -> Double? {
        scatter(group).map { $0 / Double(settings.baseWeeks - 1) }
    }

    /// Nil for groups of fewer cases than there are weeks: their scatter says nothing.
    private func scatter(_ group: Series) -> Double? {
        let base = windows(endingAt: totals.count).base
        let (own, all) = (sum(group.counts, base), sum(totals, base))
        guard own >= settings.baseWeeks, all > 0, settings.baseWeeks > 1 else { return nil }
        return (0..<settings.baseWeeks).reduce(0) { total, week in
            let days = (base.lowerBound + week * 7)..<(base.lowerBound + week * 7 + 7)
            let mean = Double(own) * Double(sum(totals, days)) / Double(all)
            guard mean > 0 else { return total }
            let off = Double(sum(group.counts, days)) - mean
            return total + off * off / mean
        }
    }

    /// Benjamini and Hochberg 1995: the share of false ones among all that are no less likely.
    private static func withFalseDiscovery(_ sorted: [Burst]) -> [Burst] {
        var (least, out) = (1.0, [Burst]())
        for (index, burst) in sorted.enumerated().reversed() {
            least = min(least, burst.pValue * Double(sorted.count) / Double(index + 1))
            out.append(
                Burst(
                    key: burst.key, observed: burst.observed, before: burst.before, expected: burst.expected,
                    pValue: burst.pValue, qValue: least))
        }
        return out.reversed()
    }
}

/// How a group's last weeks stand against what was to be expected.
package struct Burst: Sendable, Equatable {
    package let key: String
    package let observed: Int
    /// Cases of the weeks before.
    package let before: Int
    package let expected: Double
    /// Chance of so many or more when nothing changed.
    package let pValue: Double
    /// Share of false alarms to be expected among all groups at least as unlikely.
    package let qValue: Double
}
