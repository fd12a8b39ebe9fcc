internal import Foundation

/// Runs `pg_dump` and `psql`. The password goes by environment, for command lines are seen by everyone.
struct PostgreSQLTool: Sendable {
    let name: String

    func run(_ arguments: [String], url: String, output: URL? = nil) throws {
        guard let program = Self.find(name) else { throw BackupError.toolMissing(name: name) }
        let process = Process()
        process.executableURL = program
        var environment = ProcessInfo.processInfo.environment
        var plain = url
        if var parts = URLComponents(string: url), let password = parts.password {
            environment["PGPASSWORD"] = password
            parts.password = nil
            plain = parts.string ?? url
        }
        environment["PGCONNECT_TIMEOUT"] = "10"
        process.environment = environment
        process.arguments = ["--dbname=\(plain)"] + arguments
        let errors = FileManager.default.temporaryDirectory.appendingPathComponent("shuzhi-\(UUID().uuidString).log")
        // Where it could not be made it cannot be opened either, which throws.
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil, attributes: [.posixPermissions: 0o600])
        defer { try? FileManager.default.removeItem(at: errors) }
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try output.map { try FileHandle(forWritingTo: $0) } ?? FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let detail = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
            throw BackupError.toolFailed(
                name: name,
                detail: detail.split(separator: "\n").first.map(String.init) ?? "\(process.terminationStatus)")
        }
    }

    private static func find(_ name: String) -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").lazy
            .map { URL(fileURLWithPath: String($0)).appendingPathComponent(name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
