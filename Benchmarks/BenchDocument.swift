import Foundation

/// docs/benchmarks.md: one section per measure, each with its own date and machine, so that one can be written anew
/// without the others.
struct BenchDocument {
    private var sections: [String: String]

    static let path = "docs/benchmarks.md"

    static func stored() -> BenchDocument {
        BenchDocument(text: (try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
    }

    init(text: String) {
        sections = [:]
        var (name, lines): (String?, [Substring]) = (nil, [])
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix(Self.opening), line.hasSuffix(Self.closing) {
                if let name { sections[name] = Self.trimmed(lines) }
                name = String(line.dropFirst(Self.opening.count).dropLast(Self.closing.count))
                lines = []
            } else {
                lines.append(line)
            }
        }
        if let name { sections[name] = Self.trimmed(lines) }
    }

    mutating func put(_ measure: Measure, _ outcome: Child.Outcome) {
        var text = "## \(measure.title)\n\n"
        if !measure.about.isEmpty { text += measure.about + "\n\n" }
        text += "| what | measured | least–most | limit |\n|---|---|---|---|\n"
        for line in outcome.lines {
            let limit = line.limit.map { "\($0): \(line.isKept == true ? "kept" : "**broken**")" } ?? ""
            text += "| \(Self.cell(line.what)) | \(Self.cell(line.figure)) | \(line.spread ?? "") | \(limit) |\n"
        }
        if outcome.lines.isEmpty { text += "| nothing was measured | | | |\n" }
        sections[measure.name] = text + "\n`bench \(measure.name)` · \(Machine.today) · \(Machine.line)"
    }

    func write(order: [String]) throws {
        var text = Self.head
        for name in order {
            if let section = sections[name] { text += "\n\(Self.opening)\(name)\(Self.closing)\n\(section)\n" }
        }
        try text.write(toFile: Self.path, atomically: true, encoding: .utf8)
    }

    private static let opening = "<!-- bench: "
    private static let closing = " -->"
    private static let head = """
        # Benchmarks

        Written by `make bench`; do not edit by hand. The figure is the median of the runs; beside it the least and the
        most. Absolute figures depend on the machine and on what else it does: trust the ratios, which are measured
        beside a peer or a limit in the same run. Peers are pinned in `bench/peers/`; one that cannot be installed is
        skipped and says so. What reads real data is skipped where the data are absent.

        """

    private static func cell(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "|", with: "\\|")
    }

    private static func trimmed(_ lines: [Substring]) -> String {
        lines.joined(separator: "\n").trimmingCharacters(in: .newlines)
    }
}

/// Where the figures were measured.
enum Machine {
    static var today: String {
        let parts = Calendar(identifier: .gregorian).dateComponents(in: .gmt, from: Date())
        return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
    }

    static var line: String {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let memory = ProcessInfo.processInfo.physicalMemory >> 30
        return "\(processor), \(cores) cores, \(memory) GiB, \(system), \(build) build"
    }

    private static var processor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    }

    private static var system: String {
        let text = (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        return line.map { $0.dropFirst(12).trimmingCharacters(in: ["\""]) }
            ?? ProcessInfo.processInfo.operatingSystemVersionString
    }

    #if DEBUG
        private static let build = "debug"
    #else
        private static let build = "release"
    #endif
}
