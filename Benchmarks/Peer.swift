import Foundation

/// What others use for the same work, run in the same session: scripts of `bench/peers/`, each in an environment of
/// pinned packages made once below `.build/peers`.
struct Peer: Sendable {
    /// The name of `bench/peers/<name>.py` and of `bench/peers/<name>.txt`, its pinned packages.
    let name: String

    init(_ name: String) { self.name = name }

    /// What a script answers: seconds of each run by the name of the work, and figures that are no times.
    struct Answer: Decodable {
        let seconds: [String: [Double]]
        let figures: [String: Double]?
        /// What it is and in which version, for the report.
        let versions: String

        func samples(_ work: String) -> Samples? { seconds[work].map(Samples.init) }
    }

    enum Outcome {
        case measured(Answer)
        case skipped(because: String)
    }

    /// - Parameter arguments: handed to the script, which prints one line of JSON: an `Answer`.
    func run(_ arguments: [String] = []) -> Outcome {
        let folder = "bench/peers"
        guard FileManager.default.fileExists(atPath: "\(folder)/\(name).py") else {
            return .skipped(because: "\(folder)/\(name).py is not at hand")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["bash", "\(folder)/run", name] + arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        do { try process.run() } catch { return .skipped(because: "bash cannot be run") }
        let said = Lock(Data())
        let reading = DispatchQueue(label: "peer-errors")
        reading.async { said.withLock { $0 = errors.fileHandleForReading.readDataToEndOfFile() } }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        reading.sync {}
        guard process.terminationStatus == 0 else {
            let last = String(decoding: said.withLock { $0 }, as: UTF8.self).split(separator: "\n").last ?? "it failed"
            return .skipped(because: String(last.prefix(160)))
        }
        do {
            let line = data.split(separator: UInt8(ascii: "\n")).last.map { Data($0) } ?? Data()
            return .measured(try JSONDecoder().decode(Answer.self, from: line))
        } catch {
            return .skipped(because: "\(name).py did not answer with one line of JSON")
        }
    }
}
