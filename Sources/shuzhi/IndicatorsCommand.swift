import ArgumentParser
import Core
import Foundation
import Indicators
import Organisation
import Sheets

/// `shuzhi indicators`: measured figures on files, without a database.
struct IndicatorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "indicators", abstract: here("计算指标，不需要数据库。", "Compute indicators, without a database."),
        subcommands: [FourOneOneCommand.self])
}

/// `shuzhi indicators 411`: both tests of the goal, on a file of tax.
struct FourOneOneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "411",
        abstract: here("按年度税收检验“411”目标，输出 JSON。", "Test the “411” goal on yearly tax; prints JSON."),
        discussion: """
            \(here("""
                输入：CSV 或 Excel，列为 period,industry,tax_fen；每年各产业一行，另有一行 total（全区合计）。
                period 是年份；industry 写代码（software、rnd、fintech、health）或中文名；tax_fen 是整数分。
                各行须为同一口径（全口径或区级），不可混用。
                """, """
                Input: CSV or Excel with the columns period,industry,tax_fen: for each year one row for each key
                industry and one row total. period is a year; industry a code (software, rnd, fintech, health) or its
                Chinese name; tax_fen whole fen. All rows must be of one basis (total or district-level tax).
                """))

            share_ppm        \(here("占比，百万分之一，四舍五入", "tax ÷ total, parts per million, half up"))
            change_ppm       \(here("占比变化：先算精确差再舍入一次，可能与两个已舍入占比之差相差 1", """
                change since change_from, rounded once from the exact difference; may differ by 1 from the difference
                                             of two rounded shares
                """))
            annual_ok        \(here("提高 ≥ 1.00 个百分点；按精确值判断，不按舍入值；首年、断年、缺数为 null", """
                gained at least 1.00 percentage point; decided on exact values; null in the first year, after a gap
                                             and where figures are missing
                """))
            sum_share_ppm    \(here("四产业占比之和，由精确和舍入", "sum of the shares, rounded from the exact sum"))
            final_ok         \(here("2025 年之和 ≥ 40%；按精确值判断", "the sum of 2025 is at least 40 %, on exact values"))
            \(here("顶层 annual_ok：每一年都达标为 true，有一年未达标为 false，有一年无法判断为 null。", """
                At the top, annual_ok is true when every year passed, false as soon as one failed, else null.
                """))
            problems         \(here("输入中的问题：code、row、period、industry、message", "what is wrong in the input"))

            \(here("示例", "Example")):
              shuzhi indicators 411 --tax tax.csv
            \(here("退出码：0 已输出（即使有 problems）；65 表格不可用；66 没有文件。", """
                Exit codes: 0 printed (even with problems); 65 the sheet is of no use; 66 there is no file.
                """))
            """)

    @Option(help: .init(here("税收文件（CSV、XLSX）。", "The file of tax (CSV, XLSX)."), valueName: "file"))
    var tax: String

    @Option(help: .init(here("区档案：文件夹或名称。", "The profile: a folder or a name."), valueName: "name"))
    var profile = "putuo"

    func run() throws {
        guard FileManager.default.fileExists(atPath: tax) else {
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: tax])
        }
        let industries = try ProfileLoader.load(folder: ProfileCommand.folder(profile)).keyIndustries
        let reader = ReadTaxSheet(industries: industries)
        let outcome: ReadTaxSheet.Outcome
        do {
            outcome = try reader(HeadedSheet(SheetFile.open(path: tax), isKnown: ReadTaxSheet.isKnown))
        } catch let error as SheetError {
            outcome = reader.unreadable(error)
        }
        let json = FourOneOneJSON(
            FourOneOneReport(outcome.table), problems: outcome.problems, industries: industries,
            language: Terminal.language)
        try FileHandle.standardOutput.write(contentsOf: Data(json.text.utf8))
        if !outcome.isUsable { throw ExitCode(65) }
    }
}
