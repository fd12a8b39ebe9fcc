import Core
import Foundation
import Testing

@testable import Mining

/// A cluster as SaTScan printed it; see Tests/Published/README.md.
private struct PrintedCluster {
    /// Nearest to the centre first.
    let codes: [Int]
    let days: ClosedRange<Int>
    let observed: Int
    /// To the printed digits, so that each digit counts.
    let expected: String
    let llr: String
    /// Nil where it was not printed: the permutation model has none.
    let relativeRisk: String?

    init(
        _ codes: [Int], days: ClosedRange<Int> = 1...1, _ observed: Int, of expected: String, llr: String,
        relativeRisk: String? = nil
    ) {
        self.codes = codes
        self.days = days
        self.observed = observed
        self.expected = expected
        self.llr = llr
        self.relativeRisk = relativeRisk
    }

    /// Whether a number rounds to what was printed.
    static func agrees(_ value: Double, _ printed: String) -> Bool {
        let decimals = printed.split(separator: ".").last.map(\.count) ?? 0
        return String(format: "%.\(decimals)f", value) == printed
    }
}

/// What the scan finds in data of others is what the reference program printed for them.
@Suite("Published scans")
struct PublishedScanTests {
    private static func rows(_ name: String) throws -> [[String]] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Published/\(name)")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    private static func cell(_ row: [String], weight: Int = 1) throws -> ScanCell {
        let centre = Coordinate(latitude: try #require(Double(row[1])), longitude: try #require(Double(row[2])))
        return ScanCell(code: row[0], centre: try #require(centre), weight: weight)
    }

    /// One day: the scan is purely spatial.
    private static func leukaemia() throws -> ScanInput {
        let rows = try rows("new-york-leukemia.csv")
        return try ScanInput(
            cells: rows.map { try cell($0, weight: try #require(Int($0[3]))) }, days: 1,
            counts: rows.map { try #require(Int32($0[4])) }, model: .poisson)
    }

    private static func fever() throws -> ScanInput {
        let rows = try rows("new-york-fever.csv")
        var counts = [Int32](repeating: 0, count: rows.count * 24)
        for (place, row) in rows.enumerated() {
            for day in row[3].split(separator: " ") { counts[place * 24 + (try #require(Int(day))) - 1] += 1 }
        }
        return try ScanInput(cells: rows.map { try cell($0) }, days: 24, counts: counts, model: .permutation)
    }

    private static func expect(
        _ found: [ScanCluster], _ input: ScanInput, are printed: [PrintedCluster],
        at location: SourceLocation = #_sourceLocation
    ) {
        #expect(found.count == printed.count, sourceLocation: location)
        for (ours, theirs) in zip(found, printed) {
            #expect(ours.cells.map { input.cells[$0].code } == theirs.codes.map(String.init), sourceLocation: location)
            #expect(ours.days.lowerBound + 1 == theirs.days.lowerBound, sourceLocation: location)
            #expect(ours.days.upperBound + 1 == theirs.days.upperBound, sourceLocation: location)
            #expect(ours.observed == theirs.observed, sourceLocation: location)
            #expect(PrintedCluster.agrees(ours.expected, theirs.expected), "\(ours)", sourceLocation: location)
            #expect(PrintedCluster.agrees(ours.llr, theirs.llr), "\(ours)", sourceLocation: location)
            if let risk = theirs.relativeRisk {
                #expect(PrintedCluster.agrees(ours.relativeRisk, risk), "\(ours)", sourceLocation: location)
            }
        }
    }

    private static let leukaemiaClusters = [
        PrintedCluster(
            [
                52, 50, 53, 38, 49, 48, 15, 39, 37, 1, 16, 44, 47, 40, 14, 2, 51, 13, 43, 45, 17, 55, 11, 3, 12, 46,
                36, 35, 54, 10, 5,
            ], 106, of: "62.13", llr: "14.780276", relativeRisk: "1.87"),
        PrintedCluster(
            [88, 87, 92, 86, 89, 91, 93, 85, 90], 42, of: "21.24", llr: "8.287056", relativeRisk: "2.06"),
        PrintedCluster(
            [113, 117, 116, 112, 220, 118, 115, 123, 124, 111, 114, 125, 219, 122, 126, 119], 44, of: "23.83",
            llr: "7.199672", relativeRisk: "1.92"),
        PrintedCluster([62, 64, 67, 65], 25, of: "12.82", llr: "4.651839", relativeRisk: "1.99"),
        PrintedCluster([132, 138, 121, 131, 139, 120], 10, of: "3.65", llr: "3.773422", relativeRisk: "2.78"),
        PrintedCluster([166, 159, 167], 11, of: "4.61", llr: "3.209485", relativeRisk: "2.41"),
    ]

    @Test("Leukaemia in New York, purely spatial (Waller and Gotway 2005): the six clusters of SaTScan 9.3.1")
    func leukaemia() throws {
        let input = try Self.leukaemia()
        #expect(input.cells.reduce(0) { $0 + $1.weight } == 1_057_673 && input.total == 552)
        var settings = ScanSettings()
        settings.replicates = 19
        settings.clustersMax = 7
        var found = try SpaceTimeScan(input, settings)()
        let first = try #require(found.first)
        #expect(first.cells.reduce(0) { $0 + input.cells[$1].weight } == 119_050)
        #expect(first.rank == 1)
        // SaTScan keeps one circle of each centre, and of these centres it keeps others.
        let extra = found.remove(at: 4)
        #expect(extra.cells.map { input.cells[$0].code } == ["266", "281", "265"])
        for (cluster, p) in zip(found, [0.000087, 0.033, 0.105, 0.653, 0.901, 0.982]) {
            // Three standard errors of a share of 19, and that no rank is below one.
            let error = 3 * (p * (1 - p) / 19).squareRoot() + 1.0 / 20
            #expect(abs(cluster.pValue - p) < error, "\(cluster.pValue) where \(p) was printed")
        }
        Self.expect(found, input, are: Self.leukaemiaClusters)
    }

    @Test("Of each centre only the strongest circle, as in SaTScan: its six clusters, no seventh between them")
    func strongestOfEachCentre() throws {
        let input = try Self.leukaemia()
        let baseline = ScanBaseline(input, try ScanSettings().checked(days: 1))
        let best = baseline.zones.centres.compactMap { centre -> (cells: [Int], llr: Double)? in
            var (cases, best) = (0, (size: 0, llr: 0.0))
            for (position, cell) in centre.order.enumerated() {
                cases += Int(input.counts[cell])
                let llr = baseline.llr(cases, zoneWeight: centre.weights[position], from: 0, length: 1)
                if llr > best.llr { best = (position + 1, llr) }
            }
            return best.size > 0 ? (Array(centre.order.prefix(best.size)), best.llr) : nil
        }
        var (taken, codes): (Set<Int>, [[Int]]) = ([], [])
        for circle in best.sorted(by: { $0.llr > $1.llr }) where taken.isDisjoint(with: circle.cells) {
            taken.formUnion(circle.cells)
            codes.append(circle.cells.map { $0 + 1 })
        }
        #expect(Array(codes.prefix(6)) == Self.leukaemiaClusters.map(\.codes))
    }

    private static let feverClusters = [
        PrintedCluster(
            [10454, 10455, 10451, 10035, 10037, 10030, 10029, 10456], days: 8...8, 5, of: "0.40", llr: "8.119521"),
        PrintedCluster([11379, 11374, 11373], days: 10...11, 4, of: "0.46", llr: "5.113791"),
        PrintedCluster(
            [11418, 11415, 11419, 11435, 11416, 11421, 11451, 11375, 11417], days: 22...23, 4, of: "0.46",
            llr: "5.113791"),
        PrintedCluster([11434], days: 16...16, 2, of: "0.072", llr: "4.725675"),
        PrintedCluster([10304, 10301], days: 15...15, 2, of: "0.072", llr: "4.725675"),
        PrintedCluster([10460, 10457, 10462], days: 9...9, 3, of: "0.25", llr: "4.696100"),
        PrintedCluster(
            [
                11050, 11024, 11030, 11023, 11021, 11020, 11363, 11359, 11042, 10464, 11005, 11362, 11360, 11004,
                11361, 11040, 10465, 11426, 11364, 11357, 11358, 10475,
            ], days: 4...5, 3, of: "0.28", llr: "4.430018"),
        PrintedCluster(
            [11226, 11218, 11225, 11203, 11210, 11230, 11215, 11213], days: 5...5, 4, of: "0.70", llr: "3.719788"),
    ]

    @Test("Fever in New York City, permutation model: the eight clusters of SaTScan 10.0.2")
    func fever() throws {
        let input = try Self.fever()
        #expect(input.cells.count == 192 && input.total == 194)
        var settings = ScanSettings()
        settings.daysMax = 12
        settings.clustersMax = 8
        settings.replicates = 0
        Self.expect(try SpaceTimeScan(input, settings)(), input, are: Self.feverClusters)
    }

    @Test("Fever that goes on to the last day: the three clusters of SaTScan 9.4.4")
    func ongoingFever() throws {
        let input = try Self.fever()
        var settings = ScanSettings()
        settings.daysMax = 12
        settings.clustersMax = 3
        settings.isOngoingOnly = true
        settings.replicates = 0
        Self.expect(
            try SpaceTimeScan(input, settings)(), input,
            are: [
                PrintedCluster(
                    [11418, 11415, 11419, 11435, 11416, 11421, 11451, 11375, 11417], days: 22...24, 4, of: "0.67",
                    llr: "3.845418"),
                PrintedCluster([11372], days: 24...24, 2, of: "0.16", llr: "3.164201"),
                PrintedCluster(
                    [10464, 10475, 10465, 10469, 10461, 10466, 10462, 10467, 11024, 10472], days: 23...24, 5,
                    of: "1.66", llr: "2.192250"),
            ])
    }
}
