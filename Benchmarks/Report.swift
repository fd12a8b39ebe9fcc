import Foundation

/// What a measure says: shown at once, and kept for docs/benchmarks.md.
enum Report {
    /// One row of a section.
    struct Line: Codable, Sendable {
        let what: String
        let figure: String
        /// Least and most of the repeats, and how many there were; nil where it was measured once.
        var spread: String?
        /// The limit and whether it is kept; nil where the figure is only shown.
        var limit: String?
        var isKept: Bool?
    }

    /// A figure in words.
    /// - Parameter limit: what must hold; nil where the figure is only shown.
    static func line(_ what: String, _ figure: String, limit: (text: String, isKept: Bool)? = nil) {
        put(Line(what: what, figure: figure, limit: limit?.text, isKept: limit?.isKept))
    }

    /// The median of repeats, with the least and the most.
    /// - Parameters:
    ///   - unit: after the number, such as `s` or `points/s`.
    ///   - limit: judged by the median.
    static func figure(
        _ what: String, _ samples: Samples, _ unit: String, limit: (text: String, holds: (Double) -> Bool)? = nil
    ) {
        put(
            Line(
                what: what, figure: "\(number(samples.median)) \(unit)", spread: spread(samples), limit: limit?.text,
                isKept: limit.map { $0.holds(samples.median) }))
    }

    /// How many times as fast ours is as a peer measured in the same run: both in seconds for the same work.
    static func ratio(
        _ what: String, ours: Samples, peer: Samples, peerName: String,
        limit: (text: String, holds: (Double) -> Bool)? = nil
    ) {
        let ratio = peer.median / ours.median
        put(
            Line(
                what: what,
                figure: "**\(number(ratio)) times** as fast as \(peerName) "
                    + "(\(number(ours.median)) s beside \(number(peer.median)) s)",
                spread: "\(spread(ours) ?? "once") / \(spread(peer) ?? "once")", limit: limit?.text,
                isKept: limit.map { $0.holds(ratio) }))
    }

    /// Why nothing was measured.
    static func skip(_ what: String, because reason: String) { line(what, "skipped: \(reason)") }

    static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    /// Ends the process with code 1 when a limit was broken. Called for every measure when it has run.
    static func finish() { if broken.withLock({ $0 }) { exit(1) } }

    /// The environment's name for the file that keeps what a measure says.
    static let recordKey = "SHUZHI_BENCH_RECORD"
    static var isRecording: Bool { ProcessInfo.processInfo.environment[recordKey] != nil }

    static func lines(of record: URL) -> [Line] {
        let text = (try? String(contentsOf: record, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    private static func put(_ line: Line) {
        let verdict = line.limit.map { "  \(line.isKept == true ? "ok" : "BROKEN") (\($0))" } ?? ""
        let spread = line.spread.map { " [\($0)]" } ?? ""
        say("\(line.what): \(line.figure)\(spread)\(verdict)")
        if line.isKept == false { broken.withLock { $0 = true } }
        guard let path = ProcessInfo.processInfo.environment[recordKey],
            let data = try? JSONEncoder().encode(line)
        else { return }
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let handle = FileHandle(forWritingAtPath: path) else { return }
        _ = try? handle.seekToEnd()
        handle.write(data + Data("\n".utf8))
        try? handle.close()
    }

    private static let broken = Lock(false)

    private static func spread(_ samples: Samples) -> String? {
        samples.values.count < 2
            ? nil : "\(number(samples.least))–\(number(samples.most)), \(samples.values.count) runs"
    }

    /// Three digits that count; thousands in groups.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "none" }
        let size = abs(value)
        if size >= 100 {
            let whole = String(Int(value.rounded()))
            var out = ""
            for (index, digit) in whole.enumerated() {
                if index > 0, (whole.count - index) % 3 == 0, out.last != "-" { out.append(",") }
                out.append(digit)
            }
            return out
        }
        return String(format: size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3g", value)
    }
}

/// Repeats of one measurement.
struct Samples: Sendable {
    let values: [Double]

    init(_ values: [Double]) { self.values = values.sorted() }

    var median: Double {
        guard !values.isEmpty else { return .nan }
        let half = values.count / 2
        return values.count % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2
    }
    var least: Double { values.first ?? .nan }
    var most: Double { values.last ?? .nan }

    /// The same amount of work per second instead of seconds.
    func rate(of work: Double) -> Samples { Samples(values.map { work / $0 }) }
}

enum Clock {
    static func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await body()
        let parts = (ContinuousClock.now - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }

    /// Seconds of each of several runs.
    static func samples(_ runs: Int, _ body: () async throws -> Void) async rethrows -> Samples {
        var values: [Double] = []
        for _ in 0..<runs { values.append(try await seconds(body)) }
        return Samples(values)
    }
}
