package import Core

/// One place of a scan: where it is, and how many people, or what other weight, it has.
package struct ScanCell: Sendable, Equatable {
    /// Stable name, such as the code of a township.
    package let code: String
    package let centre: Coordinate
    /// Population at risk; used by the Poisson model alone.
    package let weight: Int
    package init(code: String, centre: Coordinate, weight: Int = 1) {
        self.code = code
        self.centre = centre
        self.weight = weight
    }
}

/// Cases by cell and day, and what a scan needs to know to judge them.
package struct ScanInput: Sendable, Equatable {
    /// What is expected where nothing is unusual.
    package enum Model: String, Sendable, CaseIterable {
        /// Cases fall on cells and days in proportion to the weights of both (Kulldorff 1997, 2001).
        case poisson
        /// Place and day are independent; needs nothing but the cases (Kulldorff et al. 2005).
        case permutation
    }

    package let cells: [ScanCell]
    /// One makes a Poisson scan purely spatial.
    package let days: Int
    /// Cases, day by day of the first cell, then of the next.
    package let counts: [Int32]
    package let model: Model
    /// How many cases a day of its season and weekday has, relative to others; nil where all are alike. Poisson only.
    package let dayWeights: [Int]?

    /// - Throws: `ScanError` when the numbers do not fit each other or the limits.
    package init(
        cells: [ScanCell], days: Int, counts: [Int32], model: Model, dayWeights: [Int]? = nil
    ) throws(ScanError) {
        guard (2...MiningLimits.scanCellsMax).contains(cells.count) else { throw .cells(cells.count) }
        // Of one day the permutation model has nothing to permute.
        let daysMin = model == .poisson ? 1 : 2
        guard (daysMin...MiningLimits.scanDaysMax).contains(days) else { throw .days(days) }
        guard counts.count == cells.count * days, counts.allSatisfy({ $0 >= 0 }) else { throw .counts }
        let total = counts.reduce(0) { $0 + Int($1) }
        guard (2...MiningLimits.scanCasesMax).contains(total) else { throw .cases(total) }
        if model == .poisson {
            guard cells.allSatisfy({ (0...MiningLimits.scanWeightMax).contains($0.weight) }) else { throw .weights }
            for (index, cell) in cells.enumerated() where cell.weight == 0 {
                guard counts[index * days..<(index + 1) * days].allSatisfy({ $0 == 0 }) else { throw .weights }
            }
        }
        if let dayWeights {
            guard dayWeights.count == days, dayWeights.allSatisfy({ (1...MiningLimits.scanWeightMax).contains($0) })
            else { throw .weights }
        }
        self.cells = cells
        self.days = days
        self.counts = counts
        self.model = model
        self.dayWeights = model == .poisson ? dayWeights : nil
    }

    var total: Int { counts.reduce(0) { $0 + Int($1) } }

    /// What expectation is in proportion to: of each cell, and of each day.
    var marginals: (cells: [Int], days: [Int]) {
        switch model {
        case .poisson: (cells.map(\.weight), dayWeights ?? [Int](repeating: 1, count: days))
        case .permutation:
            (
                cells.indices.map { cell in counts[cell * days..<(cell + 1) * days].reduce(0) { $0 + Int($1) } },
                (0..<days).map { day in cells.indices.reduce(0) { $0 + Int(counts[$1 * days + day]) } }
            )
        }
    }
}

/// How far a scan looks and how sure it wants to be.
package struct ScanSettings: Sendable, Equatable {
    /// Longest window.
    package var daysMax = 30
    /// Largest share of the weight a window may hold, in percent.
    package var sharePercentMax = 50
    /// Fewest cases of a cluster.
    package var casesMin = 2
    /// Random data sets the real one is compared with; 999 makes the smallest p-value 0.001.
    package var replicates = 999
    package var seed: UInt64 = 1
    /// Only windows that end on the last day: what is hot now.
    package var isOngoingOnly = false
    package var clustersMax = 20

    package init() {}

    func checked(days: Int) throws(ScanError) -> ScanSettings {
        guard (1...MiningLimits.scanWindowDaysMax).contains(daysMax), (1...50).contains(sharePercentMax),
            casesMin >= 1, (0...MiningLimits.scanReplicatesMax).contains(replicates), clustersMax >= 1
        else { throw .settings }
        var settings = self
        settings.daysMax = min(daysMax, max(1, days - 1))
        return settings
    }
}

/// Why a scan cannot be made.
package enum ScanError: Error, Equatable, Sendable {
    case cells(Int), days(Int), cases(Int)
    /// Counts that are negative or do not match cells and days.
    case counts
    /// Weights that are negative or too large, or zero where there are cases.
    case weights
    case settings
}

/// A place and a time with more cases than expected.
package struct ScanCluster: Sendable, Equatable {
    /// Positions of the cells, nearest to the centre first; the first is the centre.
    package let cells: [Int]
    /// Positions of the days.
    package let days: ClosedRange<Int>
    package let observed: Int
    package let expected: Double
    /// Log likelihood ratio.
    package let llr: Double
    /// Where it would stand among the random data sets' strongest clusters: 1 is above all of them.
    package let rank: Int
    package let replicates: Int
    /// Risk inside divided by risk outside; infinite when nothing is outside.
    package let relativeRisk: Double

    /// Chance of a cluster as strong as this anywhere when nothing is unusual; no smaller than 1 ÷ (replicates + 1).
    package var pValue: Double { Double(rank) / Double(replicates + 1) }
}
