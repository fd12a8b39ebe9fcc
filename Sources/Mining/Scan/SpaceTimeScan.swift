/// Kulldorff's space-time scan: the places and days with more cases than expected that are least likely to be chance.
///
/// Every circle of cells round a cell and every run of days is a window; the strongest of all is compared with the
/// strongest of random data sets. Exact: a cheap bound passes over windows that cannot win, and none that can. The same
/// seed gives the same answer on any number of cores. See Mining.md.
package struct SpaceTimeScan: Sendable {
    private let input: ScanInput
    private let settings: ScanSettings
    private let baseline: ScanBaseline
    private let replicas: ScanReplicas

    /// - Throws: `ScanError.settings` when these are out of range.
    package init(_ input: ScanInput, _ settings: ScanSettings = ScanSettings()) throws(ScanError) {
        self.input = input
        self.settings = try settings.checked(days: input.days)
        baseline = ScanBaseline(input, self.settings)
        replicas = ScanReplicas(input, seed: settings.seed)
    }

    /// Circles of cells looked at, those that another centre has too counted once.
    package static func zoneCount(_ input: ScanInput, _ settings: ScanSettings) -> Int {
        let zones = ScanZones(input.cells, weights: input.marginals.cells, sharePercentMax: settings.sharePercentMax)
        return zones.centres.reduce(0) { $0 + $1.isNew.count { $0 } }
    }

    /// Clusters, the strongest first; a weaker one shares no cell with a stronger one.
    ///
    /// - Parameter report: called between batches with the replicates done and in all; throws to stop.
    package func callAsFunction(
        report: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) rethrows -> [ScanCluster] {
        let candidates = candidates()
        guard !candidates.isEmpty else { return [] }
        var search = Search(candidates)
        while search.maxima.count < settings.replicates {
            try report(search.maxima.count, settings.replicates)
            advance(&search)
        }
        try report(settings.replicates, settings.replicates)
        return clusters(search)
    }

    /// The same, giving way between batches.
    package func run(report: (_ done: Int, _ total: Int) async throws -> Void) async throws -> [ScanCluster] {
        let candidates = candidates()
        guard !candidates.isEmpty else { return [] }
        var search = Search(candidates)
        while search.maxima.count < settings.replicates {
            try await report(search.maxima.count, settings.replicates)
            advance(&search)
        }
        try await report(settings.replicates, settings.replicates)
        return clusters(search)
    }

    /// What is known half-way.
    private struct Search {
        let candidates: [Candidate]
        /// The greatest ratio of each replicate so far.
        var maxima: [Double] = []
        var ladder: [ScanBounds] = []
        init(_ candidates: [Candidate]) { self.candidates = candidates }
    }

    struct Candidate: Sendable {
        let centre: Int
        let position: Int
        let window: ScanSweep.Window
    }

    /// Levels the bounds are made for; a data set whose maximum is below one is looked at again with the next.
    private static let levels: [Double] = [40, 30, 24, 20, 17, 14.5, 12.5, 11, 9.5, 8.2, 7, 5.8, 4.6, 3.4, 2.2, 1, 0]
    private static let batch = 64

    private func advance(_ search: inout Search) {
        if search.ladder.isEmpty { search.ladder = ladder() }
        let (first, ladder) = (search.maxima.count, search.ladder)
        let count = min(Self.batch, settings.replicates - first)
        let cells = input.cells.count
        search.maxima += Parallel.map(
            count, chunk: 4,
            scratch: {
                (ScanSweep(baseline, cells: cells), [Int32](repeating: 0, count: input.counts.count))
            },
            { at, scratch in
                replicas.make(first + at, into: &scratch.1)
                scratch.0.load(scratch.1)
                for bounds in ladder {
                    if let maximum = scratch.0.maximum(bounds) { return maximum }
                }
                return 0
            })
    }

    /// Bounds from a little below what the first replicate reaches, downwards.
    private func ladder() -> [ScanBounds] {
        var sweep = ScanSweep(baseline, cells: input.cells.count)
        var counts = [Int32](repeating: 0, count: input.counts.count)
        replicas.make(0, into: &counts)
        sweep.load(counts)
        var bounds: [ScanBounds] = []
        var isReached = false
        for level in Self.levels {
            let next = ScanBounds(baseline, level: level)
            if isReached {
                bounds.append(next)
                if bounds.count == 3 { break }
            } else if sweep.maximum(next) != nil {
                isReached = true
                bounds = level == 0 ? [next] : []
            }
        }
        if bounds.last?.level != 0 { bounds.append(ScanBounds(baseline, level: 0)) }
        return bounds
    }

    /// The strongest window of every zone of the real data, the strongest first.
    private func candidates() -> [Candidate] {
        let bounds = ScanBounds(baseline, level: 0)
        let (counts, cells) = (input.counts, input.cells.count)
        let found = Parallel.map(
            baseline.zones.centres.count, chunk: 4,
            scratch: {
                var sweep = ScanSweep(baseline, cells: cells)
                sweep.load(counts)
                return sweep
            },
            { centre, sweep in
                sweep.strongest(ofCentre: centre, bounds).enumerated().compactMap { position, window in
                    window.map { Candidate(centre: centre, position: position, window: $0) }
                }
            })
        return found.flatMap { $0 }.sorted {
            ($1.window.llr, $0.position, $0.centre) < ($0.window.llr, $1.position, $1.centre)
        }
    }

    private func clusters(_ search: Search) -> [ScanCluster] {
        var (taken, clusters): (Set<Int>, [ScanCluster]) = ([], [])
        for candidate in search.candidates {
            let centre = baseline.zones.centres[candidate.centre]
            let cells = centre.order.prefix(candidate.position + 1)
            if cells.contains(where: taken.contains) { continue }
            taken.formUnion(cells)
            let window = candidate.window
            let expected = baseline.expected(
                zoneWeight: centre.weights[candidate.position], from: window.start, length: window.length)
            let outside = Double(baseline.total - window.observed) / (Double(baseline.total) - expected)
            clusters.append(
                ScanCluster(
                    cells: Array(cells), days: window.start...(window.start + window.length - 1),
                    observed: window.observed, expected: expected, llr: window.llr,
                    rank: 1 + search.maxima.count { $0 >= window.llr }, replicates: search.maxima.count,
                    relativeRisk: Double(window.observed) / expected / outside))
            if clusters.count == settings.clustersMax { break }
        }
        return clusters
    }
}
