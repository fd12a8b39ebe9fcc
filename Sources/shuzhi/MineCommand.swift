import Appeals
import ArgumentParser
import Core
import Foundation
import Mining
import Sheets

/// `shuzhi mine`: the mining engine on files, without a database.
struct Mine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mine", abstract: here("对文件做分析，不需要数据库。", "Run the mining engine on files, without a database."),
        subcommands: [MineProblems.self, MineTopics.self, MinePlaces.self, MineScan.self])
}

/// `shuzhi mine problems`: which messages speak of the same problem, and which problems matter most.
struct MineProblems: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "problems",
        abstract: here("把反映同一问题的诉求归为一组，并排序。", "Group messages about the same problem, and rank the problems."),
        discussion: """
            \(here("示例", "Examples")):
              shuzhi mine problems --input messages.csv --output groups.csv --ranking ranking.csv
              shuzhi mine problems --input export.xlsx --id 工单编号 > groups.csv

            \(here("输入为 CSV 或 XLSX，按表头识别列。", "Input is CSV or XLSX; columns are recognised by their headers."))
            --output: message_id,cluster_id \(here("（单独的诉求 cluster_id 为空）", "(cluster_id empty = alone)"))
            --ranking: rank,cluster_id,title,place,size,people,
              first_at,last_at,frequency,urgency,pain,score
            \(here("退出码", "Exit codes")): 0, 64, 65, 66, 70, 73, 74 (shuzhi --help)
            """)

    @Option(help: ArgumentHelp(here("诉求文件（CSV、XLSX）。", "File of messages (CSV, XLSX)."), valueName: "file"))
    var input: String
    @Option(
        help: ArgumentHelp(here("归组结果；省略则写到标准输出。", "Assignments; standard output when left out."), valueName: "file"))
    var output: String?
    @Option(help: ArgumentHelp(here("问题排名。", "Ranked problems."), valueName: "file"))
    var ranking: String?
    @Option(
        help: ArgumentHelp(
            here("急难、痛点的词取自这个配置。", "Profile by whose words urgency and pain are read."), valueName: "profile"))
    var profile = "putuo"
    @OptionGroup(title: "Columns") var columns: MineColumnOptions

    func run() throws {
        let started = ContinuousClock.now
        let (keys, messages) = try read()
        let lexicon = SeverityLexicon(try ProfileCommand.load(ProfileCommand.folder(profile)))
        var miner = ProblemMiner(gazetteer: .empty, lexicon: lexicon)
        for start in stride(from: 0, to: messages.count, by: Self.batch) {
            miner.insert(Array(messages[start..<min(start + Self.batch, messages.count)]))
            Terminal.progress("\(min(start + Self.batch, messages.count)) / \(messages.count)")
        }
        let problems = miner.problems()
        Terminal.endProgress()
        try writeAssignments(keys, messages, problems)
        if let ranking { try writeRanking(problems, to: ranking) }
        let spent = (ContinuousClock.now - started).formatted(
            .units(allowed: [.seconds], fractionalPart: .show(length: 2)))
        let together = problems.reduce(0) { $0 + $1.members.count }
        Terminal.say(
            "\(messages.count) 条诉求，\(problems.count) 个问题（\(together) 条），用时 \(spent)。",
            "\(messages.count) messages, \(problems.count) problems (\(together) messages), \(spent).")
    }

    private static let batch = 200_000

    /// The identifiers as the file has them, and the messages, in the file's order.
    private func read() throws -> (keys: [String], messages: [MiningMessage]) {
        let table = try MineTable(path: input, named: columns.named, required: [.id])
        guard table.has(.subject) || table.has(.text) else {
            throw MineError.missingColumn(MineColumn.text.rawValue, found: table.titles)
        }
        var (rows, keys, seen, undated): ([MineTable.Row], [String], Set<String>, Int) = ([], [], [], 0)
        while let row = try table.next() {
            let key = row.string(.id)
            if key.isEmpty { continue }
            guard seen.insert(key).inserted else { throw MineError.repeatedID(key, row: row.number) }
            keys.append(key)
            rows.append(row)
            if rows.count % 10_000 == 0 { Terminal.progress("\(table.percent) %") }
        }
        guard !rows.isEmpty else { throw MineError.noRows }
        let numbers = MineNumbers(keys)
        let messages = zip(keys, rows).map { key, row in
            let time = row.time
            if time == nil, !row.string(.time).isEmpty { undated += 1 }
            let author = row.string(.author)
            return MiningMessage(
                id: numbers[key], author: author.isEmpty ? nil : author, subject: row.string(.subject),
                text: row.string(.text), at: time, likes: Int(row.string(.likes)) ?? 0,
                dislikes: Int(row.string(.dislikes)) ?? 0)
        }
        if undated > 0 {
            Terminal.say("\(undated) 行的时间无法识别，按未知处理。", "\(undated) rows have a time that is no date; taken as unknown.")
        }
        return (keys, messages)
    }

    private func writeAssignments(_ keys: [String], _ messages: [MiningMessage], _ problems: [MinedProblem]) throws {
        var cluster: [Int64: Int] = [:]
        for (index, problem) in problems.enumerated() {
            for member in problem.members { cluster[member] = index + 1 }
        }
        let writer = try output.map { try CSVWriter(path: $0, hasMark: false) } ?? CSVWriter(handle: .standardOutput)
        try writer.write(["message_id", "cluster_id"])
        for (key, message) in zip(keys, messages) {
            try writer.write([key, cluster[message.id].map { String($0) } ?? ""])
        }
        try writer.finish()
    }

    private func writeRanking(_ problems: [MinedProblem], to path: String) throws {
        let writer = try CSVWriter(path: path, hasMark: false)
        try writer.write([
            "rank", "cluster_id", "title", "place", "size", "people", "first_at", "last_at", "frequency", "urgency",
            "pain", "score",
        ])
        for (index, problem) in problems.enumerated() {
            let scores = problem.scores
            func number(_ value: Int) -> Cell { .number(String(value)) }
            func time(_ value: Instant?) -> Cell { value.map { .text($0.text(in: .shanghai)) } ?? .empty }
            try writer.write([
                number(index + 1), number(index + 1), .text(problem.title), .text(problem.place),
                number(problem.members.count), number(problem.people), time(problem.firstAt), time(problem.lastAt),
                number(scores.frequency.points), number(scores.urgency.points), number(scores.pain.points),
                number(scores.total),
            ])
        }
        try writer.finish()
    }
}

/// Options that name columns whose headers are not recognised.
struct MineColumnOptions: ParsableArguments {
    @Option(help: ArgumentHelp(here("编号列的表头。", "Header of the identifier."), valueName: "column"))
    var id: String?
    @Option(help: ArgumentHelp(here("标题列的表头。", "Header of the subject."), valueName: "column"))
    var subject: String?
    @Option(help: ArgumentHelp(here("内容列的表头。", "Header of the text."), valueName: "column"))
    var text: String?
    @Option(help: ArgumentHelp(here("时间列的表头。", "Header of the time."), valueName: "column"))
    var time: String?
    @Option(help: ArgumentHelp(here("诉求人列的表头。", "Header of the author."), valueName: "column"))
    var author: String?
    @Option(help: ArgumentHelp(here("点赞数列的表头。", "Header of the likes."), valueName: "column"))
    var likes: String?
    @Option(help: ArgumentHelp(here("反对数列的表头。", "Header of the dislikes."), valueName: "column"))
    var dislikes: String?

    var named: [MineColumn: String] {
        let all: [(MineColumn, String?)] = [
            (.id, id), (.subject, subject), (.text, text), (.time, time), (.author, author), (.likes, likes),
            (.dislikes, dislikes),
        ]
        return Dictionary(uniqueKeysWithValues: all.compactMap { column, name in name.map { (column, $0) } })
    }
}

/// Identifiers of a file as numbers: themselves when all are whole numbers, else their rank in code order, so that the
/// order of the rows does not matter.
struct MineNumbers {
    private let ranks: [String: Int64]

    init(_ keys: [String]) {
        let areNumbers = keys.allSatisfy { key in Int64(key).map { String($0) == key } ?? false }
        ranks =
            areNumbers
            ? [:] : Dictionary(uniqueKeysWithValues: keys.sorted().enumerated().map { ($1, Int64($0) + 1) })
    }

    subscript(key: String) -> Int64 { ranks[key] ?? Int64(key) ?? 0 }
}
