import Appeals
import ArgumentParser
import Core
import Foundation
import Platform

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: here("导入文件。", "Import a file."), subcommands: [ImportAppealsCommand.self])
}

struct ImportAppealsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "appeals", abstract: here("导入诉求（CSV 或 Excel）。", "Import appeals from CSV or Excel."),
        discussion: """
            \(here("""
                列按表头识别；认不出的用 --id 等指定。可重复导入：同一来源的同一编号只更新。中断后再次运行会接着导入。
                stdout 最后一行：accepted A, updated U, rejected R。
                """, """
                Columns are recognised by their headers; name those that are not with --id and the like. Safe to
                repeat: equal numbers of one source are updated. Run again after an interruption, it goes on.
                The last line on stdout is: accepted A, updated U, rejected R.
                """))

            \(here("示例", "Examples")):
              shuzhi import appeals hotline.xlsx
              shuzhi import appeals old.csv --id 编号 --text 内容 --source old --database sqlite:test.sqlite
            """)

    @OptionGroup var options: SettingOptions
    @Argument(help: .init(here("CSV 或 Excel 文件。", "The CSV or Excel file."), valueName: "file"))
    var file: String
    @Option(help: .init(here("来源系统的名称。", "Name of the system it comes from."), valueName: "name")) var source: String?
    @Option(help: .init(here("Excel 工作表。", "Sheet of a workbook."), valueName: "name")) var sheet: String?
    @Option(help: .init(here("编号列的表头。", "Header of the number."), valueName: "header")) var id: String?
    @Option(help: .init(here("标题列的表头。", "Header of the subject."), valueName: "header")) var subject: String?
    @Option(help: .init(here("内容列的表头。", "Header of the text."), valueName: "header")) var text: String?
    @Option(help: .init(here("时间列的表头。", "Header of the time."), valueName: "header")) var time: String?
    @Option(help: .init(here("反映人列的表头。", "Header of the author."), valueName: "header")) var author: String?
    @Option(help: .init(here("点赞列的表头。", "Header of the likes."), valueName: "header")) var likes: String?
    @Option(help: .init(here("反对列的表头。", "Header of the dislikes."), valueName: "header")) var dislikes: String?
    @Option(help: .init(here("有几个区时，导入哪一个。", "Which district, where there are several."), valueName: "name"))
    var only: String?

    func run() async throws {
        guard FileManager.default.fileExists(atPath: file) else {
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: file])
        }
        let settings = try options.settings()
        let given: [String: String?] = [
            ImportField.id.rawValue: id, ImportField.subject.rawValue: subject, ImportField.text.rawValue: text,
            ImportField.time.rawValue: time, ImportField.author.rawValue: author,
            ImportField.likes.rawValue: likes, ImportField.dislikes.rawValue: dislikes,
        ]
        let names = given.compactMapValues { $0 }
        let record = try await Commands.with(try settings.district(named: only), of: settings) { district in
            try await ImportFile(district)(path: file, sheet: sheet, source: source, names: names) { progress in
                Terminal.progress(here("已导入 \(progress.record.tally.rows) 行", "\(progress.record.tally.rows) rows"))
            }
        }
        Terminal.endProgress()
        let tally = record.tally
        print("accepted \(tally.accepted), updated \(tally.updated), rejected \(tally.rejected)")
    }
}
