import Foundation
package import Logging
package import Store
import Synchronization

/// A throw-away PostgreSQL server: its own folder, a socket and no port, gone with this process.
///
/// `shared` serves all tests of the process; a test that stops or restarts a server starts one of its own.
package final class PostgreSQLServer: Sendable {
    /// Started on first use. A test that cannot have it fails with the reason.
    package static func shared() throws -> PostgreSQLServer { try started.get() }
    private static let started = Result { try PostgreSQLServer() }

    /// Why there is no server, in a sentence.
    package struct Unavailable: Error, CustomStringConvertible {
        package let description: String

        init(_ reason: String) {
            description =
                "No PostgreSQL server for the tests: \(reason). Run scripts/install test, or install the package"
                + " postgresql yourself."
        }
    }

    private let folder: String
    private let tools: Tools
    /// Held open: when this process ends, however it ends, the watcher reads its end and clears up.
    private let leash: Int32

    /// With the settings that make tests quick, and that no installation has; else with those it is shipped with.
    private let isHurried: Bool

    package init(isHurried: Bool = true) throws {
        self.isHurried = isHurried
        tools = try Tools.find()
        folder = try tools.makeFolder()
        leash = try tools.startWatcher(of: folder)
        try tools.runAsServer(
            "initdb", "-D", "\(folder)/data", "-U", "shuzhi", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
            "--no-sync")
        try start()
    }

    package var url: String { "postgresql:///postgres?host=\(folder)&user=shuzhi&connect_timeout=120" }

    /// A database on a schema of its own.
    package func database(connectionsMax: Int = 6) async throws -> PostgreSQLDatabase {
        try await PostgreSQLDatabase.open(settings(connectionsMax: connectionsMax), logger: quiet)
    }

    package func settings(connectionsMax: Int = 6) -> PostgreSQLSettings {
        var settings = PostgreSQLSettings(url: url, schema: Self.newSchema())
        settings.connectionsMax = connectionsMax
        // Hundreds of tests share two cores: what is late here is not broken.
        settings.poolTimeoutMilliseconds = 300_000
        settings.lockTimeoutMilliseconds = 120_000
        settings.statementTimeoutMilliseconds = 300_000
        return settings
    }

    /// Stops at once, as a power cut would end it, and starts again.
    package func restart() throws {
        try stop()
        try start()
    }

    package func stop() throws {
        try tools.runAsServer("pg_ctl", "-D", "\(folder)/data", "-w", "-s", "-m", "immediate", "stop")
    }

    package func start() throws {
        let hurry = [
            "fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=800",
            "shared_buffers=64MB", "max_wal_senders=0", "wal_level=minimal", "autovacuum=off",
            "deadlock_timeout=200ms",
        ]
        let options =
            ["listen_addresses=''", "unix_socket_directories='\(folder)'"] + (isHurried ? hurry : [])
        try tools.runAsServer(
            "pg_ctl", "-D", "\(folder)/data", "-l", "\(folder)/log", "-w", "-s", "-o",
            options.map { "-c \($0)" }.joined(separator: " "), "start")
    }

    private static let schemas = Mutex(0)
    private static func newSchema() -> String {
        let number = schemas.withLock {
            $0 += 1; return $0
        }
        return "t\(number)_\(UInt32.random(in: 0...UInt32.max))"
    }
}

/// Says nothing: what a test wants to know, it asks.
package let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// The server's programs, and the account they run as: they refuse root.
private struct Tools: Sendable {
    let bin: String
    let isRoot = geteuid() == 0

    static func find() throws -> Tools {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let places =
            versions.compactMap(Int.init).sorted(by: >).map { "\(root)/\($0)/bin" }
            + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        guard let bin = places.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") }) else {
            throw PostgreSQLServer.Unavailable("its program initdb is not on this machine")
        }
        return Tools(bin: bin)
    }

    /// Below /tmp, because a socket's path may have 107 bytes at most.
    func makeFolder() throws -> String {
        var template = Array("/tmp/shuzhi-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw PostgreSQLServer.Unavailable("/tmp cannot be written") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard isRoot else { return folder }
        guard let account = getpwnam("postgres") else {
            throw PostgreSQLServer.Unavailable("there is no account postgres to run it")
        }
        chown(folder, account.pointee.pw_uid, account.pointee.pw_gid)
        return folder
    }

    func runAsServer(_ program: String, _ arguments: String...) throws {
        do {
            try ChildProcess.run(
                (isRoot ? ["runuser", "-u", "postgres", "--"] : []) + ["\(bin)/\(program)"] + arguments)
        } catch let failure as ChildProcess.Failure {
            throw PostgreSQLServer.Unavailable("\(program) failed (\(failure.status)): \(failure.output)")
        }
    }

    /// A shell that waits for the end of a pipe only we hold open, then kills the server and removes its folder.
    func startWatcher(of folder: String) throws -> Int32 {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw PostgreSQLServer.Unavailable("no pipe can be made") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let script = """
            read line
            pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null)
            if [ -n "$pid" ]; then
                kill -QUIT "$pid"
                for i in 1 2 3 4 5 6 7 8 9; do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
            fi
            rm -rf "$0"
            """
        do {
            try ChildProcess.spawn(["sh", "-c", script, folder], input: ends[0], output: nil)
        } catch {
            throw PostgreSQLServer.Unavailable("its watcher cannot be run")
        }
        close(ends[0])
        return ends[1]
    }
}
