import ArgumentParser
import Core
import Foundation
import Mining
import Organisation
import Sheets

/// `shuzhi mine scan`: where and when there was more than chance explains.
struct MineScan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: here("时空扫描：找出不能用偶然解释的热点。", "Space-time scan: the hot spots that chance does not explain."),
        discussion: """
            \(here("示例", "Examples")):
              shuzhi mine scan --input appeals.csv --output hotspots.csv --members members.csv
              shuzhi mine scan --input requests.csv --grid 800 --from 2011-07-01 --to 2011-12-31
              shuzhi mine scan --input appeals.xlsx --model poisson --population townships.csv --ongoing

            \(here(
                "每行一件，需有时间，以及经纬度或街镇。有经纬度按方格分，只有街镇按街镇分；用 --cells 指定。",
                "One case a row, with a time and either a point or a township. Points are put into squares, else "
                    + "townships are used; --cells decides."))
            --output: rank,cells,centre,latitude,longitude,radius_m,from,to,days,
              observed,expected,relative_risk,llr,p_value
            --members: id,rank \(here("（热点中的每一件）", "(every case of a hot spot)"))
            \(here(
                "模型 permutation 只需要案件本身；poisson 需要各格人口（--population，列 township,population）。",
                "The permutation model needs the cases alone; poisson needs each cell's population (--population, "
                    + "columns township,population)."))
            \(here("退出码", "Exit codes")): 0, 64, 65, 66, 70, 73, 74 (shuzhi --help)
            """)

    enum CellKind: String, ExpressibleByArgument, CaseIterable { case grid, township }
    enum ModelName: String, ExpressibleByArgument, CaseIterable { case permutation, poisson }

    @Option(help: ArgumentHelp(here("案件文件（CSV、XLSX）。", "File of cases (CSV, XLSX)."), valueName: "file"))
    var input: String
    @Option(help: ArgumentHelp(here("热点；省略则写到标准输出。", "Clusters; standard output when left out."), valueName: "file"))
    var output: String?
    @Option(help: ArgumentHelp(here("热点中的每一件。", "The cases of the clusters."), valueName: "file"))
    var members: String?
    @OptionGroup(title: "Columns") var columns: ScanColumnOptions
    @OptionGroup(title: "Cells") var layout: ScanLayoutOptions
    @OptionGroup(title: "Search") var search: ScanSearchOptions

    func validate() throws {
        if search.model == .poisson, layout.population == nil {
            throw ValidationError(
                here("poisson 模型需要 --population。", "The poisson model needs --population."))
        }
    }

    func run() throws {
        let started = ContinuousClock.now
        let cases = try ScanCases(
            path: input, columns: columns, cells: layout.cells, from: layout.from, to: layout.to)
        let plan = try ScanPlan(cases, layout: layout, search: search)
        let scan: SpaceTimeScan
        do throws(ScanError) {
            scan = try SpaceTimeScan(plan.input, search.settings)
        } catch { throw ScanFault.cannot(error) }
        let clusters = scan { done, total in Terminal.progress("\(done) / \(total)") }
        Terminal.endProgress()
        try write(clusters, plan)
        if let members { try writeMembers(clusters, plan, cases, to: members) }
        let spent = (ContinuousClock.now - started).formatted(
            .units(allowed: [.seconds], fractionalPart: .show(length: 1)))
        let sure = clusters.count { $0.pValue <= 0.05 }
        let size = "\(plan.cells.count) × \(plan.input.days)"
        Terminal.say(
            "\(cases.rows.count) 件，\(size)（格×天），\(clusters.count) 个热点，其中 \(sure) 个 p ≤ 0.05，用时 \(spent)。",
            "\(cases.rows.count) cases, \(size) cells × days, \(clusters.count) clusters, \(sure) p ≤ 0.05, \(spent)")
        cases.tellSkipped()
    }

    private func write(_ clusters: [ScanCluster], _ plan: ScanPlan) throws {
        let writer = try output.map { try CSVWriter(path: $0, hasMark: false) } ?? CSVWriter(handle: .standardOutput)
        try writer.write([
            "rank", "cells", "centre", "latitude", "longitude", "radius_m", "from", "to", "days", "observed",
            "expected", "relative_risk", "llr", "p_value",
        ])
        for (index, cluster) in clusters.enumerated() {
            let cells = cluster.cells.map { plan.cells[$0] }
            let centre = cells[0]
            let radius = cells.map { centre.centre.metres(to: $0.centre) }.max() ?? 0
            func number(_ value: Double, _ digits: Int) -> Cell { .number(String(format: "%.\(digits)f", value)) }
            try writer.write([
                .number(String(index + 1)), .text(cells.map(\.code).joined(separator: ";")), .text(centre.code),
                number(centre.centre.latitude, 6), number(centre.centre.longitude, 6), number(radius, 0),
                .text(plan.firstDay.adding(days: cluster.days.lowerBound).description),
                .text(plan.firstDay.adding(days: cluster.days.upperBound).description),
                .number(String(cluster.days.count)), .number(String(cluster.observed)), number(cluster.expected, 3),
                cluster.relativeRisk.isFinite ? number(cluster.relativeRisk, 3) : .text("inf"),
                number(cluster.llr, 4), number(cluster.pValue, 5),
            ])
        }
        try writer.finish()
    }

    private func writeMembers(
        _ clusters: [ScanCluster], _ plan: ScanPlan, _ cases: ScanCases, to path: String
    ) throws {
        let writer = try CSVWriter(path: path, hasMark: false)
        try writer.write(["id", "rank"])
        for (rank, cluster) in clusters.enumerated() {
            let inside = Set(cluster.cells)
            for (row, cell) in zip(cases.rows, plan.cellOf) {
                let day = row.day.number - plan.firstDay.number
                guard inside.contains(cell), cluster.days.contains(day) else { continue }
                try writer.write([row.key, String(rank + 1)])
            }
        }
        try writer.finish()
    }
}

struct ScanColumnOptions: ParsableArguments {
    @Option(help: ArgumentHelp(here("编号列的表头。", "Header of the identifier."), valueName: "column"))
    var id: String?
    @Option(help: ArgumentHelp(here("时间列的表头。", "Header of the time."), valueName: "column"))
    var time: String?
    @Option(help: ArgumentHelp(here("纬度列的表头。", "Header of the latitude."), valueName: "column"))
    var latitude: String?
    @Option(help: ArgumentHelp(here("经度列的表头。", "Header of the longitude."), valueName: "column"))
    var longitude: String?
    @Option(help: ArgumentHelp(here("街镇列的表头。", "Header of the township."), valueName: "column"))
    var township: String?

    var named: [MineColumn: String] {
        let all: [(MineColumn, String?)] = [
            (.id, id), (.time, time), (.latitude, latitude), (.longitude, longitude), (.township, township),
        ]
        return Dictionary(uniqueKeysWithValues: all.compactMap { column, name in name.map { (column, $0) } })
    }
}

struct ScanLayoutOptions: ParsableArguments {
    @Option(help: ArgumentHelp(here("按方格或街镇分。", "Squares or townships."), valueName: "grid|township"))
    var cells: MineScan.CellKind?
    @Option(help: ArgumentHelp(here("方格边长（米）；省略则自动。", "Edge of the squares in metres."), valueName: "metres"))
    var grid: Int?
    @Option(help: ArgumentHelp(here("方格最多多少个。", "At most so many squares."), valueName: "n"))
    var cellsMax = 200
    @Option(
        help: ArgumentHelp(
            here("没有经纬度时，街镇中心取自这个配置。", "Profile with the townships' centres, for files without points."),
            valueName: "profile"))
    var profile = "putuo"
    @Option(help: ArgumentHelp(here("各格人口。", "Population of each cell."), valueName: "file"))
    var population: String?
    @Option(help: ArgumentHelp(here("第一天。", "First day."), valueName: "yyyy-MM-dd"), transform: day)
    var from: Day?
    @Option(help: ArgumentHelp(here("最后一天。", "Last day."), valueName: "yyyy-MM-dd"), transform: day)
    var to: Day?

    func validate() throws {
        guard (2...MiningLimits.scanCellsMax).contains(cellsMax), (grid ?? 100) >= 10 else {
            throw ValidationError(
                here(
                    "--cells-max 为 2 到 \(MiningLimits.scanCellsMax)，--grid 至少 10。",
                    "--cells-max is 2 to \(MiningLimits.scanCellsMax); --grid at least 10."))
        }
    }

    private static func day(_ text: String) throws -> Day {
        guard let day = Day(iso: text) else {
            throw ValidationError(here("“\(text)”不是日期，例：2026-03-01。", "“\(text)” is no day such as 2026-03-01."))
        }
        return day
    }
}

struct ScanSearchOptions: ParsableArguments {
    @Option(help: ArgumentHelp(here("模型。", "Model."), valueName: "permutation|poisson"))
    var model = MineScan.ModelName.permutation
    @Option(help: ArgumentHelp(here("最长多少天。", "Longest window in days."), valueName: "days"))
    var days = 30
    @Option(help: ArgumentHelp(here("最多占总量的百分之几。", "Largest share of the whole in percent."), valueName: "percent"))
    var share = 50
    @Option(help: ArgumentHelp(here("随机重复次数。", "Random data sets."), valueName: "n"))
    var replicates = 999
    @Option(help: ArgumentHelp(here("随机种子；相同则结果相同。", "Seed; the same gives the same result."), valueName: "n"))
    var seed: UInt64 = 1
    @Flag(help: ArgumentHelp(here("只找持续到最后一天的热点。", "Only windows that reach the last day.")))
    var ongoing = false
    @Option(help: ArgumentHelp(here("最多列出多少个。", "At most so many clusters."), valueName: "n"))
    var clusters = 20

    var settings: ScanSettings {
        var settings = ScanSettings()
        settings.daysMax = days
        settings.sharePercentMax = share
        settings.replicates = replicates
        settings.seed = seed
        settings.isOngoingOnly = ongoing
        settings.clustersMax = clusters
        return settings
    }
}
