import Core
import Foundation
import Mining
import Organisation
import Sheets

/// The rows of a file as cases of a scan: a day and a place each.
struct ScanCases {
    struct Row {
        let key: String
        let day: Day
        let point: Coordinate?
        let township: String
    }

    let rows: [Row]
    let kind: MineScan.CellKind
    private let undated: Int
    private let unplaced: Int

    /// - Throws: `SheetError`, `MineError.missingColumn`, `ScanFault`.
    init(path: String, columns: ScanColumnOptions, cells: MineScan.CellKind?, from: Day?, to: Day?) throws {
        let table = try MineTable(path: path, named: columns.named, required: [.time])
        let hasPoints = table.has(.latitude) && table.has(.longitude)
        guard hasPoints || table.has(.township) else { throw ScanFault.noPlace(found: table.titles) }
        if cells == .grid, !hasPoints { throw ScanFault.noPlace(found: table.titles) }
        if cells == .township, !table.has(.township) { throw ScanFault.noPlace(found: table.titles) }
        let kind = cells ?? (hasPoints ? .grid : .township)
        var (rows, undated, unplaced): ([Row], Int, Int) = ([], 0, 0)
        while let row = try table.next() {
            guard let time = row.time else {
                undated += 1
                continue
            }
            let day = Day(time, in: .shanghai)
            if let from, day < from { continue }
            if let to, day > to { continue }
            let point = Double(row.string(.latitude)).flatMap { latitude in
                Double(row.string(.longitude)).flatMap { Coordinate(latitude: latitude, longitude: $0) }
            }
            let township = row.string(.township)
            guard kind == .grid ? point != nil : !township.isEmpty else {
                unplaced += 1
                continue
            }
            let key = row.string(.id)
            rows.append(Row(key: key.isEmpty ? String(row.number) : key, day: day, point: point, township: township))
            if rows.count % 10_000 == 0 { Terminal.progress("\(table.percent) %") }
        }
        Terminal.endProgress()
        guard !rows.isEmpty else { throw MineError.noRows }
        (self.rows, self.kind, self.undated, self.unplaced) = (rows, kind, undated, unplaced)
    }

    func tellSkipped() {
        guard undated + unplaced > 0 else { return }
        Terminal.say(
            "未计入：时间无法识别 \(undated) 行，没有地点 \(unplaced) 行。",
            "Left out: \(undated) rows without a date, \(unplaced) without a place.")
    }
}

/// Cases laid out for a scan.
struct ScanPlan {
    let cells: [ScanCell]
    /// The cell of each case, in their order.
    let cellOf: [Int]
    let firstDay: Day
    let input: ScanInput

    init(_ cases: ScanCases, layout: ScanLayoutOptions, search: ScanSearchOptions) throws {
        let population = try layout.population.map(Self.population)
        var (cells, cellOf) = try Self.cells(cases, layout)
        if let population {
            cells = try cells.map { cell in
                guard let weight = population[cell.code] else { throw ScanFault.noPopulation(cell.code) }
                return ScanCell(code: cell.code, centre: cell.centre, weight: weight)
            }
        }
        let numbers = cases.rows.map(\.day.number)
        let first = layout.from?.number ?? numbers.min() ?? 0
        let days = (layout.to?.number ?? numbers.max() ?? 0) - first + 1
        guard (2...MiningLimits.scanDaysMax).contains(days) else { throw ScanFault.cannot(.days(days)) }
        var counts = [Int32](repeating: 0, count: cells.count * days)
        for (cell, day) in zip(cellOf, numbers) { counts[cell * days + day - first] += 1 }
        do throws(ScanError) {
            input = try ScanInput(
                cells: cells, days: days, counts: counts, model: search.model == .poisson ? .poisson : .permutation)
        } catch { throw ScanFault.cannot(error) }
        (self.cells, self.cellOf, firstDay) = (cells, cellOf, Day(number: first))
    }

    private static func cells(
        _ cases: ScanCases, _ layout: ScanLayoutOptions
    ) throws -> (cells: [ScanCell], cellOf: [Int]) {
        if cases.kind == .grid {
            let grid = ScanGrid(
                cases.rows.compactMap(\.point), cellsMax: layout.cellsMax, edgeMetres: layout.grid)
            Terminal.say(
                "方格边长 \(grid.edgeMetres) 米，\(grid.cells.count) 格。",
                "Squares of \(grid.edgeMetres) m, \(grid.cells.count) of them.")
            return (grid.cells, grid.cellOf)
        }
        let names = Set(cases.rows.map(\.township)).sorted()
        guard names.count <= MiningLimits.scanCellsMax else { throw ScanFault.cannot(.cells(names.count)) }
        let position = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let points = Dictionary(grouping: cases.rows, by: \.township).mapValues { $0.compactMap(\.point) }
        let profile =
            try points.values.contains { $0.isEmpty }
            ? ProfileCommand.load(ProfileCommand.folder(layout.profile)) : nil
        let cells = try names.map { name in
            let centre =
                middle(points[name] ?? [])
                ?? profile?.townships.first {
                    $0.code == name || $0.name.zh == name || $0.name.en == name || $0.aliases.contains(name)
                }?.centre
            guard let centre else { throw ScanFault.unknownTownship(name, profile: layout.profile) }
            return ScanCell(code: name, centre: centre)
        }
        return (cells, cases.rows.map { position[$0.township] ?? 0 })
    }

    /// In whole millionths of a degree, so that the order of the rows does not matter.
    private static func middle(_ points: [Coordinate]) -> Coordinate? {
        guard !points.isEmpty else { return nil }
        func mean(_ values: [Double]) -> Double {
            Double(values.reduce(0) { $0 + Int(($1 * 1e6).rounded()) } / values.count) / 1e6
        }
        return Coordinate(latitude: mean(points.map(\.latitude)), longitude: mean(points.map(\.longitude)))
    }

    private static func population(_ path: String) throws -> [String: Int] {
        let table = try MineTable(path: path, named: [:], required: [.township, .population])
        var population: [String: Int] = [:]
        while let row = try table.next() {
            guard let count = Int(row.string(.population)), count >= 0 else {
                throw ScanFault.notACount(row.string(.population), row: row.number)
            }
            population[row.string(.township)] = count
        }
        return population
    }
}

/// What can be wrong with what a scan is given.
enum ScanFault: Problem, Equatable {
    case noPlace(found: [String])
    case unknownTownship(String, profile: String)
    case noPopulation(String)
    case notACount(String, row: Int)
    case cannot(ScanError)

    var report: ProblemReport {
        switch self {
        case .noPlace(let found):
            ProblemReport(
                .invalid, "mine.scan-no-place",
                zh: "文件中没有需要的地点列。文件中的列：\(found.joined(separator: "、"))。请用 --latitude 与 --longitude，或 --township 指定。",
                en: "The file lacks the columns of the place. It has: \(found.joined(separator: ", ")). Name them by "
                    + "--latitude and --longitude, or by --township.")
        case .unknownTownship(let name, let profile):
            ProblemReport(
                .invalid, "mine.scan-unknown-township",
                zh: "配置 \(profile) 中没有“\(name)”，不知道它在哪里。请改正名称，或在文件中加经纬度。",
                en: "The profile \(profile) has no “\(name)”, so its place is unknown. Correct the name, or add points."
            )
        case .noPopulation(let cell):
            ProblemReport(
                .invalid, "mine.scan-no-population", zh: "人口文件中没有“\(cell)”。请补上这一行。",
                en: "The file of populations has no row for “\(cell)”. Add it.")
        case .notACount(let text, let row):
            ProblemReport(
                .invalid, "mine.scan-not-a-count", zh: "人口文件第 \(row) 行的“\(text)”不是整数。",
                en: "Row \(row) of the populations has “\(text)”, which is no whole number.")
        case .cannot(let error): Self.report(error)
        }
    }

    private static func report(_ error: ScanError) -> ProblemReport {
        switch error {
        case .cells(let count):
            ProblemReport(
                .invalid, "mine.scan-cells", zh: "扫描需要 2 到 \(MiningLimits.scanCellsMax) 个格，现在有 \(count) 个。",
                en: "A scan needs 2 to \(MiningLimits.scanCellsMax) cells; there are \(count).")
        case .days(let count):
            ProblemReport(
                .invalid, "mine.scan-days",
                zh: "扫描需要 2 到 \(MiningLimits.scanDaysMax) 天，现在有 \(count) 天。请用 --from、--to 限定。",
                en: "A scan needs 2 to \(MiningLimits.scanDaysMax) days; there are \(count). Narrow with --from, --to.")
        case .cases(let count):
            ProblemReport(
                .invalid, "mine.scan-cases", zh: "扫描需要 2 到 \(MiningLimits.scanCasesMax) 件，现在有 \(count) 件。",
                en: "A scan needs 2 to \(MiningLimits.scanCasesMax) cases; there are \(count).")
        case .counts, .weights:
            ProblemReport(
                .invalid, "mine.scan-weights",
                zh: "人口须为不超过 \(MiningLimits.scanWeightMax) 的整数，有案件的格不能为零。",
                en: "Populations are whole, at most \(MiningLimits.scanWeightMax), and not zero where there are cases.")
        case .settings:
            ProblemReport(
                .invalid, "mine.scan-settings",
                zh: "--days 为 1 到 \(MiningLimits.scanWindowDaysMax)，--share 为 1 到 50，--replicates 至多 "
                    + "\(MiningLimits.scanReplicatesMax)，--clusters 至少 1。",
                en: "--days is 1 to \(MiningLimits.scanWindowDaysMax), --share 1 to 50, --replicates at most "
                    + "\(MiningLimits.scanReplicatesMax), --clusters at least 1.")
        }
    }
}
