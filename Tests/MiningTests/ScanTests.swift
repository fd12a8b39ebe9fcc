import Core
import Testing

@testable import Mining

/// Every window looked at by plain loops: what the scan must equal.
private struct BruteForce {
    let input: ScanInput
    let settings: ScanSettings

    struct Found {
        var cells: [Int]
        var days: ClosedRange<Int>
        var observed: Int
        var llr: Double
    }

    /// The strongest window of every circle of cells.
    func zones(_ counts: [Int32]) -> [Found] {
        let (weights, days) = input.marginals
        let total = counts.reduce(0) { $0 + Int($1) }
        let scale = Double(total) / (Double(weights.reduce(0, +)) * Double(days.reduce(0, +)))
        var found: [Found] = []
        for centre in input.cells.indices {
            let order = input.cells.indices.sorted { a, b in
                let (near, far) = (distance(centre, a), distance(centre, b))
                return near == far ? a < b : near < far
            }
            for size in 1...order.count {
                let zone = Array(order.prefix(size))
                let weight = zone.reduce(0) { $0 + weights[$1] }
                guard weight > 0, weight * 100 <= weights.reduce(0, +) * settings.sharePercentMax else { continue }
                var best: Found?
                for length in 1...settings.daysMax {
                    for start in 0...(input.days - length)
                    where !settings.isOngoingOnly || start == input.days - length {
                        let window = start...(start + length - 1)
                        let cases = zone.reduce(0) { sum, cell in
                            sum + window.reduce(0) { $0 + Int(counts[cell * input.days + $1]) }
                        }
                        let expected = scale * (Double(weight) * Double(window.reduce(0) { $0 + days[$1] }))
                        guard cases >= settings.casesMin else { continue }
                        let llr = ScanStatistic.llr(observed: cases, expected: expected, total: total)
                        if llr > best?.llr ?? 0 {
                            best = Found(cells: zone, days: window, observed: cases, llr: llr)
                        }
                    }
                }
                if let best { found.append(best) }
            }
        }
        return found
    }

    private func distance(_ a: Int, _ b: Int) -> Double {
        a == b ? -1 : input.cells[a].centre.metres(to: input.cells[b].centre)
    }

    /// Strongest first, none sharing a cell with a stronger one.
    func clusters() -> [Found] {
        var taken: Set<Int> = []
        let sorted = zones(input.counts).enumerated().sorted {
            ($1.element.llr, $0.element.cells.count, $0.offset) < ($0.element.llr, $1.element.cells.count, $1.offset)
        }
        return sorted.map(\.element).filter { found in
            guard taken.isDisjoint(with: found.cells) else { return false }
            taken.formUnion(found.cells)
            return true
        }
    }

    func rank(of llr: Double) -> Int {
        let replicas = ScanReplicas(input, seed: settings.seed)
        var counts = [Int32](repeating: 0, count: input.counts.count)
        return 1
            + (0..<settings.replicates).count { number in
                replicas.make(number, into: &counts)
                return (zones(counts).map(\.llr).max() ?? 0) >= llr
            }
    }
}

private func cells(_ count: Int, _ random: inout SeededRandom) -> [ScanCell] {
    (0..<count).compactMap { number in
        Coordinate(
            latitude: 31.2 + Double.random(in: 0..<0.1, using: &random),
            longitude: 121.3 + Double.random(in: 0..<0.1, using: &random)
        ).map { ScanCell(code: "c\(number)", centre: $0, weight: Int.random(in: 1...9, using: &random)) }
    }
}

private func randomInput(
    _ seed: UInt64, cells cellCount: Int, days: Int, cases: Int, model: ScanInput.Model
) throws -> ScanInput {
    var random = SeededRandom(seed: seed)
    let cells = cells(cellCount, &random)
    let table = AliasTable(cells.map(\.weight))
    var counts = [Int32](repeating: 0, count: cellCount * days)
    for _ in 0..<cases { counts[table.draw(&random) * days + Int.random(in: 0..<days, using: &random)] += 1 }
    let weights = model == .poisson && seed % 2 == 0 ? (0..<days).map { 5 + $0 % 7 } : nil
    return try ScanInput(cells: cells, days: days, counts: counts, model: model, dayWeights: weights)
}

@Suite("Space-time scan")
struct ScanTests {
    @Test("Clusters, ratios and ranks equal those of plain loops over every window", arguments: 0..<12)
    func bruteForce(seed: Int) throws {
        let model: ScanInput.Model = seed % 2 == 0 ? .permutation : .poisson
        let input = try randomInput(
            UInt64(seed), cells: 4 + seed % 5, days: 6 + seed % 6, cases: 30 + 20 * (seed % 4), model: model)
        var settings = ScanSettings()
        settings.daysMax = 3 + seed % 3
        settings.replicates = 9
        settings.seed = UInt64(seed) + 100
        settings.isOngoingOnly = seed % 3 == 0
        settings.casesMin = 1 + seed % 2
        let brute = BruteForce(input: input, settings: settings)
        let (expected, found) = (brute.clusters(), try SpaceTimeScan(input, settings)())
        #expect(found.count == min(expected.count, settings.clustersMax), "seed \(seed)")
        for (ours, theirs) in zip(found, expected) {
            #expect(ours.cells == theirs.cells && ours.days == theirs.days, "seed \(seed)")
            #expect(ours.llr == theirs.llr && ours.observed == theirs.observed, "seed \(seed)")
        }
        if let first = found.first { #expect(first.rank == brute.rank(of: first.llr), "seed \(seed)") }
        if let last = found.last { #expect(last.rank == brute.rank(of: last.llr), "seed \(seed)") }
    }

    @Test("The ratio of a window worked out by hand")
    func byHand() throws {
        // Two cells of equal weight, two days: a quarter of sixteen cases is expected in each window of one cell and
        // one day. Eight are there: 8 ln(8/4) + 8 ln(8/12) = 5.545177 − 3.243721 = 2.301456.
        let places = [(0, 31.2), (1, 31.3)].compactMap { number, latitude in
            Coordinate(latitude: latitude, longitude: 121.4).map { ScanCell(code: "\(number)", centre: $0) }
        }
        let input = try ScanInput(cells: places, days: 2, counts: [8, 2, 2, 4], model: .poisson)
        var settings = ScanSettings()
        settings.replicates = 0
        let found = try SpaceTimeScan(input, settings)()
        let first = try #require(found.first)
        #expect(first.cells == [0] && first.days == 0...0 && first.observed == 8 && first.expected == 4)
        #expect(abs(first.llr - 2.301456) < 1e-6)
        // Inside 8 of 4, outside 8 of 12.
        #expect(abs(first.relativeRisk - 3) < 1e-12)
        // The permutation model takes its expectation from the sums of places and of days.
        let permuted = try SpaceTimeScan(
            ScanInput(cells: places, days: 2, counts: [8, 2, 2, 4], model: .permutation), settings)()
        // The first cell holds 10 of 16, more than half, so only the second is a window: 6 × 6 ÷ 16 = 2.25 are
        // expected, 4 are there: 4 ln(4/2.25) + 12 ln(12/13.75) = 2.301456 − 1.633585 = 0.667871.
        #expect(permuted.first?.cells == [1] && permuted.first?.days == 1...1 && permuted.first?.expected == 2.25)
        #expect(abs((permuted.first?.llr ?? 0) - 0.667871) < 1e-6)
    }

    @Test("How many cases reach a level is the turning round of the ratio")
    func inverse() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<2_000 {
            let total = Int.random(in: 2...60_000, using: &random)
            let expected = Double(total) * Double.random(in: 1e-5..<0.5, using: &random)
            let level = Double.random(in: 0.01..<40, using: &random)
            guard let cases = ScanStatistic.cases(reaching: level, expected: expected, total: total) else {
                #expect(ScanStatistic.llr(observed: total, expected: expected, total: total) < level)
                continue
            }
            let above = Int(cases.rounded(.up))
            #expect(ScanStatistic.llr(observed: above, expected: expected, total: total) >= level - 1e-5)
            let below = above - 1
            #expect(ScanStatistic.llr(observed: below, expected: expected, total: total) < level + 1e-5)
        }
    }

    @Test("Where nothing is unusual, every p-value is as likely as any other", arguments: ScanInput.Model.allCases)
    func uniform(model: ScanInput.Model) throws {
        var settings = ScanSettings()
        settings.daysMax = 5
        settings.replicates = 9
        var ranks = [Int](repeating: 0, count: 10)
        let sets = 200
        for number in 0..<sets {
            // Of data with the weights of the model, so that nothing is unusual.
            let base = try randomInput(1, cells: 10, days: 14, cases: 240, model: model)
            var counts = base.counts
            ScanReplicas(base, seed: UInt64(70_000 + number)).make(0, into: &counts)
            let input = try ScanInput(
                cells: base.cells, days: base.days, counts: counts, model: model, dayWeights: base.dayWeights)
            settings.seed = UInt64(number)
            if let first = try SpaceTimeScan(input, settings)().first { ranks[first.rank - 1] += 1 }
        }
        let expected = Double(sets) / 10
        let chi = ranks.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        // 27.88 is passed once in a thousand with nine degrees of freedom; the seeds are fixed.
        #expect(chi < 27.88, "ranks \(ranks)")
    }

    @Test("A made cluster is found where and when it was made")
    func planted() throws {
        var random = SeededRandom(seed: 9)
        let places = cells(12, &random)
        var counts = [Int32](repeating: 2, count: 12 * 20)
        for day in 7...9 { counts[4 * 20 + day] += 9 }
        let input = try ScanInput(cells: places, days: 20, counts: counts, model: .permutation)
        var settings = ScanSettings()
        settings.replicates = 99
        settings.daysMax = 6
        let found = try SpaceTimeScan(input, settings)()
        #expect(found.first?.cells == [4] && found.first?.days == 7...9 && found.first?.observed == 33)
        #expect(found.first?.rank == 1)
    }

    @Test("A replicate is the same whichever came before it; another seed makes others")
    func replicas() throws {
        let input = try randomInput(3, cells: 6, days: 10, cases: 100, model: .permutation)
        let replicas = ScanReplicas(input, seed: 7)
        var (first, again, other) = (input.counts, input.counts, input.counts)
        replicas.make(5, into: &first)
        replicas.make(1, into: &again)
        replicas.make(5, into: &again)
        ScanReplicas(input, seed: 8).make(5, into: &other)
        #expect(first == again && first != other)
        // Permuted data keep the sums of places and of days.
        let same = try ScanInput(cells: input.cells, days: 10, counts: first, model: .permutation)
        #expect(same.marginals == input.marginals)
    }

    @Test("An alias table gives each position exactly its share")
    func alias() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<50 {
            let weights = (0..<Int.random(in: 1...40, using: &random)).map { _ in Int.random(in: 0...9, using: &random)
            }
            guard weights.reduce(0, +) > 0 else { continue }
            #expect(AliasTable(weights).shares == weights.map { $0 * weights.count })
        }
    }

    @Test("What cannot be scanned is refused by name")
    func refused() throws {
        var random = SeededRandom(seed: 1)
        let two = cells(2, &random)
        func error(
            _ cells: [ScanCell], _ days: Int, _ counts: [Int32], _ model: ScanInput.Model = .poisson
        ) -> ScanError? {
            do throws(ScanError) {
                _ = try ScanInput(cells: cells, days: days, counts: counts, model: model)
                return nil
            } catch { return error }
        }
        #expect(error([], 3, []) == .cells(0))
        #expect(error(two, 0, []) == .days(0))
        #expect(error(two, 1, [1, 1], .permutation) == .days(1))
        #expect(error(two, 1, [1, 1]) == nil)
        #expect(error(two, 2, [1, 1, 1]) == .counts)
        #expect(error(two, 2, [1, 0, 0, 0]) == .cases(1))
        let empty = [two[0], ScanCell(code: "x", centre: two[1].centre, weight: 0)]
        #expect(error(empty, 2, [1, 1, 1, 1]) == .weights)
        #expect(error(two, 2, [1, 1, 1, 1]) == nil)
    }

    @Test("A grid has no more cells than asked for, and does not depend on the order of the points")
    func grid() {
        var random = SeededRandom(seed: 4)
        let points = (0..<500).compactMap { _ in
            Coordinate(
                latitude: 31.2 + Double.random(in: 0..<0.08, using: &random),
                longitude: 121.35 + Double.random(in: 0..<0.1, using: &random))
        }
        let grid = ScanGrid(points, cellsMax: 40)
        #expect((2...40).contains(grid.cells.count) && grid.cellOf.count == points.count)
        #expect(ScanGrid(points.reversed(), cellsMax: 40).cells == grid.cells)
        for (point, cell) in zip(points, grid.cellOf) {
            #expect(point.metres(to: grid.cells[cell].centre) < Double(grid.edgeMetres) * 1.5)
        }
    }
}
