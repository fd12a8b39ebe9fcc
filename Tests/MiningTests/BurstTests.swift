import Core
import Testing

@testable import Mining

@Suite("Bursts")
struct BurstTests {
    /// Days with weekends, a season and weeks that scatter more than by chance; nothing changes at the end.
    private func quiet(
        _ random: inout SeededRandom, groups: Int, days: Int
    ) -> (totals: [Int], groups: [BurstDetector.Series]) {
        var totals = [Int](repeating: 0, count: days)
        var series: [BurstDetector.Series] = []
        for number in 0..<groups {
            let rate = 0.05 * Double(1 + number % 12)
            var counts = [Int](repeating: 0, count: days)
            var week = 1.0
            for day in 0..<days {
                // A week's own luck: gamma-like with a variance of an eighth.
                if day % 7 == 0 { week = (0..<8).reduce(0.0) { sum, _ in sum - Self.log(&random) } / 8 }
                let weekday = [1.3, 1.2, 1.1, 1.1, 1.1, 0.6, 0.6][day % 7]
                let season = day / 90 % 2 == 0 ? 1.2 : 0.8
                counts[day] = Self.poisson(rate * weekday * season * week, &random)
                totals[day] += counts[day]
            }
            series.append(.init(key: "g\(number)", counts: counts))
        }
        return (totals, series)
    }

    /// Of an even number between 0 and 1, its logarithm.
    private static func log(_ random: inout SeededRandom) -> Double {
        // −Σ (1 − u)ⁿ/n is the logarithm; 200 terms are enough for a test.
        let u = Double.random(in: 0.02..<1, using: &random)
        var (power, sum) = (1.0, 0.0)
        for n in 1...200 {
            power *= 1 - u
            sum -= power / Double(n)
        }
        return sum
    }

    private static func poisson(_ mean: Double, _ random: inout SeededRandom) -> Int {
        // Many small chances: exact enough, and the same on every machine.
        (0..<64).count { _ in Double.random(in: 0..<1, using: &random) < mean / 64 }
    }

    @Test("Where nothing changed, chances are no smaller than they should be")
    func falseAlarms() {
        var random = SeededRandom(seed: 11)
        var (tested, below5, alarms) = (0, 0, 0)
        for _ in 0..<30 {
            let (totals, groups) = quiet(&random, groups: 40, days: 98)
            let found = BurstDetector(totals: totals).bursts(groups)
            tested += found.count
            below5 += found.count { $0.pValue <= 0.05 }
            if found.contains(where: { $0.qValue <= 0.1 }) { alarms += 1 }
        }
        #expect(tested == 1_200)
        // One in twenty may be below 0.05; three standard deviations of chance are allowed on top.
        #expect(below5 <= 60 + 23, "\(below5) of \(tested)")
        // Of thirty quiet districts, a tenth may raise any alarm at all; again with three deviations.
        #expect(alarms <= 3 + 5, "\(alarms)")
    }

    @Test("A group that grows stands first and is sure; one that grows with all others does not stand out")
    func grows() {
        var random = SeededRandom(seed: 12)
        var (totals, groups) = quiet(&random, groups: 30, days: 98)
        var counts = groups[5].counts
        for day in 84..<98 {
            counts[day] += 2
            totals[day] += 2
        }
        groups[5] = .init(key: "grown", counts: counts)
        let found = BurstDetector(totals: totals).bursts(groups)
        #expect(found.first?.key == "grown" && (found.first?.qValue ?? 1) < 0.01)

        // Everything trebles: nothing stands out.
        let campaign = groups.map { group in
            BurstDetector.Series(
                key: group.key, counts: group.counts.enumerated().map { $0.offset >= 84 ? 3 * $0.element : $0.element })
        }
        let all = (0..<98).map { day in campaign.reduce(0) { $0 + $1.counts[day] } }
        let calm = BurstDetector(totals: all).bursts(campaign.filter { $0.key != "grown" })
        #expect(calm.count { $0.qValue <= 0.01 } <= 1)
    }

    @Test("What comes every year in these weeks is expected")
    func season() {
        let days = BurstDetector.daysWanted()
        var counts = [Int](repeating: 1, count: days)
        for day in counts.indices where day >= days - 14 || (day >= days - 378 && day < days - 364) { counts[day] = 4 }
        let others = [Int](repeating: 40, count: days)
        let totals = zip(others, counts).map(+)
        let withYear = BurstDetector(totals: totals).bursts([.init(key: "a", counts: counts)])
        let short = BurstDetector(totals: Array(totals.suffix(98)))
            .bursts([.init(key: "a", counts: Array(counts.suffix(98)))])
        #expect(withYear[0].expected > 1.8 * short[0].expected && withYear[0].pValue > 100 * short[0].pValue)
    }

    @Test("False discovery rates rise with the chances, and too short a history says nothing")
    func rates() {
        var random = SeededRandom(seed: 13)
        let (totals, groups) = quiet(&random, groups: 20, days: 98)
        let found = BurstDetector(totals: totals).bursts(groups)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.pValue <= $1.pValue && $0.qValue <= $1.qValue })
        #expect(found.allSatisfy { $0.qValue >= $0.pValue && $0.qValue <= 1 })
        #expect(BurstDetector(totals: [1, 2]).bursts([.init(key: "a", counts: [1, 1])]).isEmpty)
    }
}
