import Core
import Foundation
import Organisation
import Platform
import Store
import TestKit
import Web

/// The desk at 200 requests a second with a million appeals, beside the server's plainest answer; memory, cold start.
enum LoadBench {
    static func sqlite(_ arguments: [String]) async throws {
        try await LoadDistrict.onSQLite("load", arguments, measure)
    }

    static func postgresql(_ arguments: [String]) async throws {
        try await LoadDistrict.onPostgreSQL("load", arguments, measure)
    }

    private static let mix = 20

    private static func measure(_ district: LoadDistrict, _ rows: Int) async throws {
        try await district.fill(rows)
        let began = ContinuousClock.now
        let server = try district.serve(workers: 0)
        defer { server.kill(SIGTERM) }
        let port = try server.port()
        let first = try HTTPClient(port: port).send("GET", "/")
        let cold = milliseconds(began.duration(to: .now))
        Report.line(
            "cold start to the first page", "\(Int(cold)) ms, status \(first.status)",
            limit: ("at most 1,000 ms", cold <= 1_000))
        let paths = try self.paths(port, district.session, rows)
        let generator = LoadGenerator(port: port, session: district.session, perSecond: 200)
        try slowest(port, district.session, paths)
        _ = generator.run(seconds: 5) { paths[$0 % paths.count] }
        let plain = generator.run(seconds: 10) { _ in "/health/live" }
        let mixed = generator.run(seconds: 30) { paths[$0 % paths.count] }
        Report.line(
            "mix of problems, appeals, an appeal and homes, p99",
            String(
                format: "%.1f ms (median %.1f ms, worst %.0f ms)", mixed.percentile(0.99), mixed.percentile(0.5),
                mixed.percentile(1)),
            limit: ("at most 50 ms at 200/s", mixed.percentile(0.99) <= 50 && mixed.failures.isEmpty))
        if let failure = mixed.failures.first {
            Report.line("failed", "\(mixed.failures.count), first \(failure)", limit: ("none", false))
        }
        Report.line(
            "plain answer at the same rate, p99",
            String(format: "%.1f ms (median %.1f ms)", plain.percentile(0.99), plain.percentile(0.5)))
        let memory = peakMebibytes(server.pid)
        Report.line("server's most memory", "\(memory) MiB", limit: ("at most 300 MiB", memory <= 300))
    }

    /// Each kind of page alone, one after the other: what to look at when the mix is slow.
    private static func slowest(_ port: Int, _ session: String, _ paths: [String]) throws {
        let client = HTTPClient(port: port)
        for path in Set(paths).sorted() where !path.contains(/appeals\/\d/) || path == paths.first {
            var times: [Double] = []
            for _ in 0..<5 {
                let began = ContinuousClock.now
                _ = try client.send("GET", path, headers: [("Cookie", "shuzhi_session=\(session)")])
                times.append(milliseconds(began.duration(to: .now)))
            }
            Report.line("alone \(path)", String(format: "%.1f ms", Samples(times).median))
        }
    }

    private static func paths(_ port: Int, _ session: String, _ rows: Int) throws -> [String] {
        let client = HTTPClient(port: port)
        func ids(_ list: String, _ base: String) throws -> [String] {
            let page = try client.send("GET", list, headers: [("Cookie", "shuzhi_session=\(session)")]).body
            return page.components(separatedBy: "href=\"\(base)/").dropFirst()
                .map { "\(base)/\($0.prefix { $0.isNumber })" }.filter { $0.last?.isNumber == true }
        }
        let appeals = try ids("/desk/appeals?page=\(max(1, rows / 80))&size=50", "/desk/appeals")
        let problems = try ids("/desk/problems", "/desk/problems")
        let lamp = "%E8%B7%AF%E7%81%AF"
        let lists = [
            "/", "/desk", "/desk/problems", "/desk/problems?page=2", "/desk/appeals", "/desk/appeals?q=\(lamp)",
            "/desk/appeals?q=\(lamp)&page=4", "/desk/appeals?state=recorded", "/desk/appeals?township=310107005",
            "/desk/appeals?type=help&page=3", "/desk/appeals?page=\(max(1, rows / 80))&size=50",
        ]
        let singles = Array(appeals.prefix(mix / 4)) + Array(problems.prefix(mix / 4))
        guard singles.count == mix / 2 else {
            throw ShuzhiProcess.Failure(description: "only \(singles.count) appeals and problems to open")
        }
        return singles + lists
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1_000 + Double(attoseconds) / 1e15
    }

    private static func peakMebibytes(_ pid: Int32) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) / 1_024
    }

    /// The browser says when it painted a while after it did.
    private static func paint(_ driver: WebDriver) throws -> Double {
        for _ in 0..<60 {
            let paint = try driver.run(
                "return (performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime")
            if let paint = (paint as? NSNumber)?.doubleValue { return paint }
            usleep(50_000)
        }
        return .infinity
    }

    /// First contentful paint of a page in Chromium on a processor slowed down four times.
    static func firstPaint(_: [String]) async throws {
        try await Scratch.with { folder in
            let district = try await LoadDistrict(folder: folder.path, database: "sqlite:\(folder.path)/a.sqlite")
            try await district.fill(4_000)
            let server = try district.serve(workers: 0)
            defer { server.kill(SIGTERM) }
            let port = try server.port()
            let driver = try WebDriver()
            defer { driver.end() }
            try driver.command("Emulation.setCPUThrottlingRate", ["rate": 4])
            for path in ["/", "/sign-in", "/appeals/new", "/problems"] {
                var times: [Double] = []
                for _ in 0..<5 {
                    try driver.open("http://127.0.0.1:\(port)\(path)")
                    times.append(try paint(driver))
                }
                Report.figure(
                    "first contentful paint of \(path)", Samples(times), "ms", limit: ("at most 800 ms", { $0 <= 800 }))
            }
        }
    }
}

/// A district on disk with many appeals, and somebody signed in.
struct LoadDistrict: Sendable {
    let folder: String
    let database: String
    let session: String

    init(folder: String, database: String) async throws {
        self.folder = folder
        self.database = database
        let district = try await Self.open(folder, database)
        try await district.migrate()
        let context = try OrganisationContext(
            profile: district.profile, database: district.database, surroundings: district.surroundings,
            secret: district.secret)
        let name = "bench\(district.surroundings.newID())"
        let draft = PersonDraft(signInName: name, name: "张三", unitCode: nil, roles: [.digitalOffice])
        let link = try await district.database.write { try ManagePeople(context).inviteBySystem(draft, in: $0).link }
        session = try await OneTimeLinks(context).follow(
            String(link.split(separator: "/").last ?? ""), password: "correct kettle 42 garden", replacing: nil,
            from: Origin(address: nil)
        ).token
        try await district.close()
    }

    /// Measures with so many appeals as the first argument says, a million unless it does; what was filled is kept.
    static func onSQLite(
        _ name: String, _ arguments: [String], _ measure: (LoadDistrict, Int) async throws -> Void
    ) async throws {
        let rows = rows(arguments)
        let folder = URL(fileURLWithPath: ".build/bench/\(name)-\(rows)").path
        try await measure(try await LoadDistrict(folder: folder, database: "sqlite:\(folder)/a.sqlite"), rows)
    }

    /// The same on PostgreSQL as it is shipped: a throw-away server filled anew, or, kept as SQLite's file is, the one
    /// whose URL `SHUZHI_BENCH_POSTGRESQL` has.
    static func onPostgreSQL(
        _ name: String, _ arguments: [String], _ measure: (LoadDistrict, Int) async throws -> Void
    ) async throws {
        let rows = rows(arguments)
        if let kept = ProcessInfo.processInfo.environment["SHUZHI_BENCH_POSTGRESQL"] {
            let folder = URL(fileURLWithPath: ".build/bench/postgresql-\(name)-\(rows)").path
            let database = "\(kept)&schema=bench_\(name)_\(rows)"
            return try await measure(try await LoadDistrict(folder: folder, database: database), rows)
        }
        try await Scratch.with { folder in
            let server = try PostgreSQLServer(isHurried: false)
            let database = "\(server.url)&schema=bench"
            try await measure(try await LoadDistrict(folder: folder.path, database: database), rows)
            withExtendedLifetime(server) {}
        }
    }

    private static func rows(_ arguments: [String]) -> Int { arguments.compactMap { Int($0) }.first ?? 1_000_000 }

    private var arguments: [String] { ["--data", folder, "--database", database] }

    func serve(workers: Int) throws -> ShuzhiProcess {
        try ShuzhiProcess(["serve", "--port", "0", "--workers", "\(workers)"] + arguments)
    }

    /// The demo district with its problems, as many as a district has, and appeals of an import up to so many; unless
    /// they are there.
    func fill(_ rows: Int, withPlans: Bool = false) async throws {
        let mark = "\(folder)/filled-\(rows)"
        guard !FileManager.default.fileExists(atPath: mark) else { return }
        let few = min(rows, 3_000)
        try await within { _ = try await LoadDemo($0)(count: few, withPlans: withPlans) }
        if rows > few { try importRows(few..<rows) }
        try await analyse()
        _ = FileManager.default.createFile(atPath: mark, contents: nil)
    }

    /// What PostgreSQL does by itself within minutes of so many changes.
    func analyse() async throws {
        guard database.hasPrefix("postgresql") else { return }
        try await within { district in _ = try await district.database.write { try $0.run("ANALYZE") } }
    }

    /// The district in this process, for what no command does.
    func within(_ body: (District) async throws -> Void) async throws {
        let district = try await Self.open(folder, database)
        try await body(district)
        try await district.close()
    }

    private static func open(_ folder: String, _ database: String) async throws -> District {
        var flags = SettingFlags()
        flags.values = [.data: folder, .database: database]
        let settings = try Settings.read(environment: ["SHUZHI_PROFILES": "profiles"], flags: flags)
        return try await District.open(settings.districts[0], of: settings, logger: quiet)
    }

    private func importRows(_ range: Range<Int>) throws {
        let path = "\(folder)/rows-\(range.lowerBound).csv"
        try Generated.writeCSV(rows: range, sentences: 1, to: path)
        let process = try ShuzhiProcess(["import", "appeals", path, "--source", "bench"] + arguments)
        guard process.wait() == 0 else { throw ShuzhiProcess.Failure(description: process.said) }
        try FileManager.default.removeItem(atPath: path)
    }
}
