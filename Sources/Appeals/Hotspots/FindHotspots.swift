package import Core
internal import Mining
package import Organisation
package import Store

/// Scans the last half-year of appeals for hot spots, and tells what rises; writes both in place of what was there.
package struct FindHotspots: Sendable {
    private let database: any Database
    private let profile: Profile
    private let surroundings: Surroundings
    private let regions: RegionIndex
    /// Random data sets a scan is compared with.
    var replicates = HotspotLimits.replicates

    package init(database: any Database, profile: Profile, surroundings: Surroundings) {
        self.database = database
        self.profile = profile
        self.surroundings = surroundings
        regions = RegionIndex(
            profile.townships.filter { !$0.outlines.isEmpty }.map { .init(code: $0.code, rings: $0.outlines) })
    }

    /// - Parameter report: called with the random data sets compared so far and in all; throws to stop, with nothing
    ///   written.
    /// - Returns: how many hot spots there are.
    @discardableResult
    package func callAsFunction(
        report: @Sendable (_ done: Int, _ total: Int) async throws -> Void = { _, _ in }
    ) async throws -> Int {
        let history = Int64(max(HotspotLimits.days, BurstDetector.daysWanted()))
        let seen = try await database.read { tx -> [HotspotStore.Seen] in
            guard let latest = try HotspotStore.latest(in: tx) else { return [] }
            return try HotspotStore.seen(
                since: latest.adding(days: -history), limit: HotspotLimits.appealsMax, in: tx)
        }
        var run = HotspotRun(
            ranAt: surroundings.now(), days: 0, appeals: 0, cells: 0, edgeMetres: 0)
        var found: [(hotspot: Hotspot, members: [Int64])] = []
        if let layout = HotspotLayout(seen, profile: profile) {
            run.firstDay = layout.firstDay
            run.days = layout.input.days
            run.appeals = layout.appeals.count
            run.cells = layout.input.cells.count
            run.edgeMetres = layout.edgeMetres
            var settings = ScanSettings()
            settings.replicates = replicates
            settings.clustersMax = HotspotLimits.hotspotsMax
            let clusters = try await SpaceTimeScan(layout.input, settings).run(report: report)
            found = clusters.enumerated().map { hotspot($1, rank: $0 + 1, layout) }
        }
        let rising = RisingGroups(seen, zone: profile.zone).rising
        let (written, spots) = (run, found)
        try await database.write { tx in try HotspotStore.replace(written, spots, rising, in: tx) }
        return found.count
    }

    private func hotspot(
        _ cluster: ScanCluster, rank: Int, _ layout: HotspotLayout
    ) -> (hotspot: Hotspot, members: [Int64]) {
        let cells = cluster.cells.map { layout.input.cells[$0] }
        let centre = cells[0].centre
        let (first, last) = (cluster.days.lowerBound, cluster.days.upperBound)
        let inside = Set(cluster.cells)
        let members = layout.appeals.filter { inside.contains($0.cell) && cluster.days.contains($0.day) }
        let radius = cells.map { centre.metres(to: $0.centre) }.max() ?? 0
        let topics = Dictionary(members.compactMap { $0.seen.topic.map { ($0, 1) } }, uniquingKeysWith: +)
        let spot = Hotspot(
            id: ID(surroundings.newID()), rank: rank, townshipCode: regions.nearest(to: centre)?.code ?? cells[0].code,
            topic: topics.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key, centre: centre,
            radiusMetres: max(Int(radius.rounded()), layout.edgeMetres / 2),
            days: layout.firstDay.adding(days: first)...layout.firstDay.adding(days: last),
            observed: cluster.observed, expectedMilli: thousandths(cluster.expected),
            riskMilli: thousandths(cluster.relativeRisk), llrMilli: thousandths(cluster.llr),
            pPpm: Int((cluster.pValue * 1e6).rounded()))
        return (spot, members.map(\.seen.id))
    }
}

/// Whole thousandths; what has no bound is written as the largest.
private func thousandths(_ value: Double) -> Int {
    value.isFinite && value < 1e12 ? Int((value * 1_000).rounded()) : .max / 2
}

/// Appeals laid out in cells and days.
struct HotspotLayout {
    struct Placed {
        let seen: HotspotStore.Seen
        let cell: Int
        let day: Int
    }
    let appeals: [Placed]
    let firstDay: Day
    let edgeMetres: Int
    let input: ScanInput

    /// Nil where there are too few places or days to compare.
    init?(_ all: [HotspotStore.Seen], profile: Profile) {
        guard let last = all.map(\.at).max() else { return nil }
        let end = Day(last, in: profile.zone)
        let first = end.adding(days: 1 - HotspotLimits.days)
        let recent = all.filter { Day($0.at, in: profile.zone) >= first }
        let pointed = recent.filter { $0.point != nil }
        let placed: [(seen: HotspotStore.Seen, cell: Int)]
        let cells: [ScanCell]
        if pointed.count * 100 >= recent.count * HotspotLimits.pointsPercentMin {
            let grid = ScanGrid(pointed.compactMap(\.point), cellsMax: HotspotLimits.cellsMax)
            placed = zip(pointed, grid.cellOf).map { ($0, $1) }
            (cells, edgeMetres) = (grid.cells, grid.edgeMetres)
        } else {
            let townships = profile.townships
            let position = Dictionary(
                townships.enumerated().map { ($1.code, $0) }, uniquingKeysWith: { first, _ in first })
            placed = recent.compactMap { seen in
                seen.townshipCode.flatMap { position[$0] }.map { (seen, $0) }
            }
            (cells, edgeMetres) = (townships.map { ScanCell(code: $0.code, centre: $0.centre) }, 0)
        }
        // Days before the first appeal say nothing.
        let start = placed.map { Day($0.seen.at, in: profile.zone) }.min() ?? end
        let days = end.number - start.number + 1
        var (counts, appeals) = ([Int32](repeating: 0, count: cells.count * max(days, 0)), [Placed]())
        for (seen, cell) in placed {
            let day = Day(seen.at, in: profile.zone).number - start.number
            counts[cell * days + day] += 1
            appeals.append(Placed(seen: seen, cell: cell, day: day))
        }
        guard let input = try? ScanInput(cells: cells, days: days, counts: counts, model: .permutation) else {
            return nil
        }
        (self.appeals, firstDay, self.input) = (appeals, start, input)
    }
}

/// Daily counts of every topic, township and problem, judged together so that their false alarms are counted together.
struct RisingGroups {
    let rising: [Rising]

    init(_ seen: [HotspotStore.Seen], zone: TimeZoneOffset) {
        let days = seen.map { Day($0.at, in: zone).number }
        guard let first = days.min(), let last = days.max() else {
            rising = []
            return
        }
        let count = last - first + 1
        var totals = [Int](repeating: 0, count: count)
        var groups: [String: [Int]] = [:]
        for (one, day) in zip(seen, days) {
            totals[day - first] += 1
            for key in Self.keys(one) { groups[key, default: [Int](repeating: 0, count: count)][day - first] += 1 }
        }
        let series = groups.sorted { $0.key < $1.key }.map { BurstDetector.Series(key: $0.key, counts: $0.value) }
        rising = BurstDetector(totals: totals).bursts(series).prefix(HotspotLimits.risingMax).compactMap { burst in
            let parts = burst.key.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, let kind = Rising.Kind(rawValue: parts[0]), burst.observed > 0 else { return nil }
            return Rising(
                kind: kind, name: parts[1], observed: burst.observed, earlier: burst.before,
                expectedMilli: thousandths(burst.expected), pPpm: Int((burst.pValue * 1e6).rounded(.up)),
                qPpm: Int((burst.qValue * 1e6).rounded(.up)))
        }
    }

    private static func keys(_ one: HotspotStore.Seen) -> [String] {
        [
            one.topic.map { "\(Rising.Kind.topic.rawValue):\($0)" },
            one.townshipCode.map { "\(Rising.Kind.township.rawValue):\($0)" },
            one.problem.map { "\(Rising.Kind.problem.rawValue):\($0)" },
        ].compactMap { $0 }
    }
}

/// The job that looks for hot spots, asked for on their page and after the problems were brought up to date.
package struct FindHotspotsJob: JobHandler {
    package static let kind = "find-hotspots"
    package var kind: String { Self.kind }
    private let find: FindHotspots

    package init(find: FindHotspots) { self.find = find }

    package func run(_ job: Job, progress: JobProgress) async throws {
        try await find { done, total in try await progress.report(done: Int64(done), total: Int64(total)) }
    }

    /// - Parameter after: how long to wait, so that a row of imports is followed by one scan.
    package static func enqueue(
        after seconds: Int64 = 0, createdBy: Int64? = nil, surroundings: Surroundings, in tx: any Transaction
    ) throws {
        let job = try JobQueue.enqueue(
            kind: kind, payload: "{}", key: kind, runAt: surroundings.now().adding(seconds: seconds),
            createdBy: createdBy, surroundings: surroundings, in: tx)
        try HotspotStore.setJob(job, in: tx)
    }
}
