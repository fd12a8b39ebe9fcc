import Core
import Foundation
import Mining
import Sheets

/// Speed and memory, as ratios beside a limit measured in the same run. `make bench`.
///
/// Each measure runs in a process of its own, so that one's memory does not count for another. Exit code 1 when a
/// limit is broken.
@main struct Bench {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "pair-table" { return try PairTable.command(Array(arguments.dropFirst())) }
        if let name = arguments.first, let measure = all.first(where: { $0.name == name }) {
            try await measure.run(Array(arguments.dropFirst()))
            return
        }
        let wanted = all.filter { measure in arguments.isEmpty || arguments.contains { measure.name.hasPrefix($0) } }
        var isKept = true
        for measure in wanted { isKept = try Child.run(measure.name) && isKept }
        exit(isKept ? 0 : 1)
    }

    static let all: [Measure] = [
        Measure("import-csv", ImportBench.csv), Measure("import-xlsx", ImportBench.xlsx),
        Measure("import-long", ImportBench.long), Measure("sheets-csv", SheetsBench.csv),
        Measure("sheets-xlsx", SheetsBench.xlsx), Measure("mine-problems", MiningBench.problems),
        Measure("topics", MiningBench.topics), Measure("mine-scale", ScaleBench.scale),
    ]
}

struct Measure: Sendable {
    let name: String
    let run: @Sendable ([String]) async throws -> Void

    init(_ name: String, _ run: @escaping @Sendable ([String]) async throws -> Void) {
        self.name = name
        self.run = run
    }
}

/// This program again, for one measure.
enum Child {
    /// False when the measure broke a limit.
    static func run(_ name: String) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = [name]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

/// One line of the report.
enum Report {
    /// - Parameter limit: what must hold; nil where the figure is only shown.
    static func line(_ what: String, _ figure: String, limit: (text: String, isKept: Bool)? = nil) {
        let verdict = limit.map { "  \($0.isKept ? "ok" : "BROKEN") (\($0.text))" } ?? ""
        FileHandle.standardOutput.write(Data("\(what): \(figure)\(verdict)\n".utf8))
        if let limit, !limit.isKept { broken.withLock { $0 = true } }
    }

    /// To be called last by a measure that has limits.
    static func finish() { if broken.withLock({ $0 }) { exit(1) } }

    private static let broken = Lock(false)
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

enum Clock {
    static func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await body()
        let parts = (ContinuousClock.now - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
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
