package import Foundation
import Synchronization

/// The program itself, as an operator starts it: a process that can be killed, starved and asked to stop.
package final class ShuzhiProcess: @unchecked Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
        package init(description: String) { self.description = description }
    }

    package let pid: pid_t
    private let output: String
    private var status: Int32?

    /// Starts `shuzhi` with arguments.
    ///
    /// - Parameter limits: shell commands before it: `ulimit -n 64`, `trap '' XFSZ`.
    package init(_ arguments: [String], limits: String = ":") throws {
        output = try ScratchFolder.shared().path("out")
        let program = try Self.program()
        let descriptor = open(output, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(description: "\(output) cannot be written") }
        defer { close(descriptor) }
        let profiles = SourceRoot.url.appendingPathComponent("profiles").path
        // setsid stays in the foreground of its own group, so the process id is the program's.
        pid = try ChildProcess.spawn(
            [
                "sh", "-c", "\(limits); exec env SHUZHI_PROFILES='\(profiles)' LANG=en_US.UTF-8 \"$0\" \"$@\"", program,
            ] + arguments, input: nil, output: descriptor)
        _ = Self.endsThem
        Self.running.withLock { _ = $0.insert(pid) }
    }

    /// Processes that live as long as the tests, such as a server that many look at, end with them.
    private static let running = Mutex<Set<pid_t>>([])
    private static let endsThem: Void = {
        atexit { ShuzhiProcess.running.withLock { for pid in $0 { Foundation.kill(pid, SIGKILL) } } }
    }()

    deinit { if status == nil { kill(SIGKILL) } }

    /// What it has said so far, on stdout and stderr.
    package var said: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

    package func signal(_ signal: Int32) { Foundation.kill(pid, signal) }

    /// Ends it as a power cut would, and waits until it is gone.
    package func kill(_ signal: Int32 = SIGKILL) {
        Foundation.kill(pid, signal)
        _ = wait()
    }

    /// Waits for its end: the exit code, or minus the signal that ended it.
    package func wait() -> Int32 {
        if let status { return status }
        var raw: Int32 = 0
        while waitpid(pid, &raw, 0) < 0, errno == EINTR {}
        return end(raw)
    }

    package var isRunning: Bool {
        guard status == nil else { return false }
        var raw: Int32 = 0
        guard waitpid(pid, &raw, WNOHANG) == pid else { return true }
        end(raw)
        return false
    }

    @discardableResult
    private func end(_ raw: Int32) -> Int32 {
        Self.running.withLock { _ = $0.remove(pid) }
        let ended = raw & 0x7F == 0 ? raw >> 8 & 0xFF : -(raw & 0x7F)
        status = ended
        return ended
    }

    /// Waits until it has said something that matches; throws when it ends before.
    package func line<Output>(_ pattern: Regex<Output>, seconds: Int = 300) throws -> Output {
        for _ in 0..<seconds * 50 {
            if let match = said.firstMatch(of: pattern) { return match.output }
            guard isRunning else { throw Failure(description: "shuzhi ended (\(wait())): \(said)") }
            usleep(20_000)
        }
        throw Failure(description: "shuzhi did not say so in \(seconds) s: \(said)")
    }

    /// The port a server listens on.
    package func port() throws -> Int {
        // Stop with Ctrl-C is its last word, after the link of a first start.
        _ = try line(/Ctrl-C/)
        return Int(try line(/http:\/\/127\.0\.0\.1:(\d+)/).1) ?? 0
    }

    /// Beside the tests' own program.
    private static func program() throws -> String {
        var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<4 {
            let path = folder.appendingPathComponent("shuzhi").path
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue { return path }
            folder.deleteLastPathComponent()
        }
        let path = SourceRoot.url.appendingPathComponent(".build/debug/shuzhi").path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Failure(description: "the program shuzhi is not built: run swift build --build-tests")
        }
        return path
    }
}

/// Where the sources lie.
package enum SourceRoot {
    package static let url = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
