import Core
import Foundation
import Mining
import Sheets

/// Speed, memory and quality, as ratios beside a peer or a limit measured in the same run. `make bench`.
///
///     bench                     every measure, and docs/benchmarks.md anew
///     bench scan topics         the measures whose names begin so, shown only
///     bench --write scan        the same, and their sections of docs/benchmarks.md anew
///
/// Each measure runs in a process of its own, so that one's memory does not count for another. Exit code 1 when a
/// limit is broken. How to add one: `Measures.swift`.
@main struct Bench {
    static func main() async throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "pair-table" { return try PairTable.command(Array(arguments.dropFirst())) }
        let hasOptions = arguments.count > 1 && arguments[1...].allSatisfy { Int($0) != nil }
        if let name = arguments.first, let measure = all.first(where: { $0.name == name }),
            Report.isRecording || hasOptions
        {
            try await measure.run(Array(arguments.dropFirst()))
            return Report.finish()
        }
        let isAll = arguments.isEmpty
        let isWriting = isAll || arguments.contains("--write")
        arguments.removeAll { $0 == "--write" }
        let wanted = all.filter { measure in
            arguments.isEmpty || arguments.contains { measure.name.hasPrefix($0) }
        }
        guard !wanted.isEmpty else {
            Report.say("No such measure. There are: \(all.map(\.name).joined(separator: ", "))")
            exit(64)
        }
        var (isKept, document) = (true, BenchDocument.stored())
        for measure in wanted {
            Report.say("\n\(measure.name): \(measure.title)")
            let outcome = try Child.run(measure.name)
            isKept = outcome.isKept && isKept
            document.put(measure, outcome)
            if isWriting { try document.write(order: all.map(\.name)) }
        }
        exit(isKept ? 0 : 1)
    }
}

/// One thing to measure: a section of docs/benchmarks.md.
struct Measure: Sendable {
    /// What it is called on the command line; unique.
    let name: String
    /// The heading of its section.
    let title: String
    /// What is measured, on what, and how: one or two sentences.
    let about: String
    let run: @Sendable ([String]) async throws -> Void

    init(
        _ name: String, _ title: String, about: String = "",
        _ run: @escaping @Sendable ([String]) async throws -> Void
    ) {
        self.name = name
        self.title = title
        self.about = about
        self.run = run
    }
}

/// This program again, for one measure.
enum Child {
    struct Outcome {
        /// False when the measure broke a limit or failed.
        let isKept: Bool
        let lines: [Report.Line]
    }

    static func run(_ name: String) throws -> Outcome {
        let record = FileManager.default.temporaryDirectory
            .appendingPathComponent("shuzhi-bench-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: record) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = [name]
        process.environment = ProcessInfo.processInfo.environment.merging([Report.recordKey: record.path]) { $1 }
        try process.run()
        process.waitUntilExit()
        var lines = Report.lines(of: record)
        if process.terminationStatus > 1 {
            lines.append(Report.Line(what: "failed", figure: "exit status \(process.terminationStatus)"))
        }
        return Outcome(isKept: process.terminationStatus == 0, lines: lines)
    }
}

final class Lock<State>: @unchecked Sendable {
    private var state: State
    private let lock = NSLock()
    init(_ state: State) { self.state = state }
    func withLock<T>(_ body: (inout State) -> T) -> T {
        lock.lock()
        defer { lock.unlock() }
        return body(&state)
    }
}

enum Memory {
    /// The most this process has held, in MiB.
    static var peakMebibytes: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) / 1_024
    }
}

/// Where the real files lie beside the project, when they do.
enum RealData {
    static func file(_ path: String) -> String? {
        let file = "../shared/data/\(path)"
        return FileManager.default.fileExists(atPath: file) ? file : nil
    }

    /// The 4,326 letters, in the file's order.
    static func letters() throws -> [MiningMessage]? {
        guard let path = file("appeals/messages_4326.csv") else { return nil }
        let reader = try SheetFile.open(path: path)
        let titles = try reader.next()?.cells.map(\.string) ?? []
        func text(_ title: String, _ row: SheetRow) -> String {
            titles.firstIndex(of: title).flatMap { $0 < row.cells.count ? row.cells[$0].string : nil } ?? ""
        }
        var letters: [MiningMessage] = []
        while let row = try reader.next() {
            guard let id = Int64(text("留言编号", row)) else { continue }
            letters.append(
                MiningMessage(
                    id: id, author: text("留言用户", row), subject: text("留言主题", row), text: text("留言详情", row),
                    at: DateReader.read(text("留言时间", row)), likes: Int(text("点赞数", row)) ?? 0,
                    dislikes: Int(text("反对数", row)) ?? 0))
        }
        return letters
    }
}

enum Scratch {
    static func with<T>(_ body: (URL) async throws -> T) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shuzhi-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}
