import Core
import Foundation
import Mining
import Sheets

/// The scan statistic on half a year of a city's real requests.
enum ScanBench {
    static func scan(_ arguments: [String]) async throws {
        guard let path = RealData.file("open311/boston_2011H2.csv") else {
            return Report.skip("scan", because: "the real requests are not at hand")
        }
        let input = try input(path)
        let cells = "\(input.cells.count) cells × \(input.days) days"
        var settings = ScanSettings()
        settings.replicates = arguments.first.flatMap { Int($0) } ?? 999
        var clusters: [ScanCluster] = []
        let seconds = try await Clock.samples(1) { clusters = try SpaceTimeScan(input, settings)() }
        Report.figure(
            "\(cells), \(settings.replicates) replicates", seconds, "s",
            limit: settings.replicates == 999 ? ("at most 60 s", { $0 <= 60 }) : nil)
        Report.line("windows looked at per second", Report.number(windows(input, settings) / seconds.median))
        if let first = clusters.first {
            let sure = clusters.count { $0.pValue <= 0.05 }
            Report.line(
                "strongest of \(clusters.count) clusters (\(sure) of p ≤ 0.05)",
                "\(first.observed) observed, \(Report.number(first.expected)) expected, "
                    + "ratio \(Report.number(first.llr)), p = \(Report.number(first.pValue))")
        }
        try await beside(input, settings, seconds)
    }

    /// The same windows and ratio in numpy, one thread; its time of one replicate beside ours.
    private static func beside(_ input: ScanInput, _ settings: ScanSettings, _ ours: Samples) async throws {
        try await Scratch.with { folder in
            let path = folder.appendingPathComponent("counts.txt").path
            var text = "\(input.cells.count) \(input.days) \(settings.daysMax)\n"
            for (number, cell) in input.cells.enumerated() {
                let counts = input.counts[number * input.days..<(number + 1) * input.days]
                text += "\(cell.centre.latitude) \(cell.centre.longitude) "
                text += counts.map { String($0) }.joined(separator: " ") + "\n"
            }
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            switch Peer("scan").run([path]) {
            case .skipped(let why): Report.skip("beside numpy", because: why)
            case .measured(let answer):
                guard let peer = answer.samples("replicate") else { return }
                let each = Samples(ours.values.map { $0 / Double(settings.replicates + 1) })
                Report.ratio(
                    "one replicate (ours on all cores)", ours: each, peer: peer, peerName: answer.versions)
                if let ratio = answer.figures?["llr"], let first = try SpaceTimeScan(input, one(settings))().first {
                    Report.line(
                        "the strongest ratio, ours and numpy's",
                        String(format: "%.6f and %.6f", first.llr, ratio),
                        limit: ("the same", abs(first.llr - ratio) < 1e-6))
                }
            }
        }
    }

    private static func one(_ settings: ScanSettings) -> ScanSettings {
        var settings = settings
        settings.replicates = 0
        return settings
    }

    static func input(_ path: String) throws -> ScanInput {
        let reader = try SheetFile.open(path: path)
        let titles = try reader.next()?.cells.map(\.string) ?? []
        guard let time = titles.firstIndex(of: "open_dt"), let latitude = titles.firstIndex(of: "latitude"),
            let longitude = titles.firstIndex(of: "longitude")
        else { throw BenchError.failed(path, 0) }
        var (points, days): ([Coordinate], [Int]) = ([], [])
        while let row = try reader.next() {
            guard row.cells.count > longitude, let at = DateReader.read(row.cells[time].string),
                let north = Double(row.cells[latitude].string), let east = Double(row.cells[longitude].string),
                let point = Coordinate(latitude: north, longitude: east)
            else { continue }
            points.append(point)
            days.append(Day(at, in: .shanghai).number)
        }
        let grid = ScanGrid(points, cellsMax: 200)
        let (first, last) = (days.min() ?? 0, days.max() ?? 0)
        let length = last - first + 1
        var counts = [Int32](repeating: 0, count: grid.cells.count * length)
        for (cell, day) in zip(grid.cellOf, days) { counts[cell * length + day - first] += 1 }
        return try ScanInput(cells: grid.cells, days: length, counts: counts, model: .permutation)
    }

    /// Windows of all data sets together: zones of every centre times intervals.
    private static func windows(_ input: ScanInput, _ settings: ScanSettings) -> Double {
        let intervals = (1...settings.daysMax).reduce(0) { $0 + input.days - $1 + 1 }
        return Double(SpaceTimeScan.zoneCount(input, settings)) * Double(intervals) * Double(settings.replicates + 1)
    }
}
