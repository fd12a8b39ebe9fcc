import Core
import Foundation
import Platform
import TestKit

/// Every page of plans, tasks, reporting, indicators and bulletins at 50 requests a second, with as much in them as a
/// large district has.
enum MechanismBench {
    static func sqlite(_ arguments: [String]) async throws {
        try await LoadDistrict.onSQLite("mechanism", arguments, measure)
    }

    static func postgresql(_ arguments: [String]) async throws {
        try await LoadDistrict.onPostgreSQL("mechanism", arguments, measure)
    }

    private static func measure(_ district: LoadDistrict, _ rows: Int) async throws {
        try await district.fillMechanism(appeals: rows)
        let server = try district.serve(workers: 0)
        defer { server.kill(SIGTERM) }
        let port = try server.port()
        let generator = LoadGenerator(port: port, session: district.session, perSecond: 50)
        let paths = try self.paths(PlainPages(port: port, session: district.session))
        _ = generator.run(seconds: 12) { paths[$0 % paths.count].path }
        var all: [Double] = []
        for (name, path) in paths {
            let outcome = generator.run(seconds: 4) { _ in path }
            all += outcome.latencies
            let p99 = outcome.percentile(0.99)
            Report.line(
                name, String(format: "p99 %.1f ms (median %.1f ms)", p99, outcome.percentile(0.5)),
                limit: ("at most 100 ms at 50/s", p99 <= 100 && outcome.failures.isEmpty))
            if let failure = outcome.failures.first { Report.line("failed", failure) }
        }
        let mixed = generator.run(seconds: 20) { paths[$0 % paths.count].path }
        Report.line(
            "all of them in turn",
            String(format: "p99 %.1f ms (median %.1f ms)", mixed.percentile(0.99), mixed.percentile(0.5)),
            limit: ("at most 100 ms at 50/s", mixed.percentile(0.99) <= 100 && mixed.failures.isEmpty))
        Report.line("server's most memory", "\(ProcessMemory.mebibytes(of: server.pid, "VmHWM:")) MiB")
    }

    /// What a person would open: the lists, and of each kind one that is full.
    private static func paths(_ pages: PlainPages) throws -> [(name: String, path: String)] {
        let lamp = "%E5%BB%BA%E8%AE%BE"
        let plan = try pages.ids("/desk/plans?sort=-position", "/desk/plans").first ?? ""
        let red = try pages.ids("/desk/tasks?light=red", "/desk/tasks").first ?? ""
        let round = try pages.ids("/desk/rounds", "/desk/rounds").last ?? ""
        let report = try pages.ids(round, "/desk/reports").first ?? ""
        let meeting = try pages.ids("/desk/meetings", "/desk/meetings").first ?? ""
        let issued = try pages.ids("/desk/bulletins?state=issued", "/desk/bulletins").first ?? ""
        let draft = try pages.ids("/desk/bulletins?state=draft", "/desk/bulletins").first ?? ""
        let indicator = try pages.ids("/desk/indicators?q=bench", "/desk/indicators").first ?? ""
        return [
            ("plans", "/desk/plans"), ("a plan of 500 tasks", plan), ("tasks", "/desk/tasks"),
            ("tasks, searched", "/desk/tasks?q=\(lamp)"),
            ("tasks of a unit, by due day", "/desk/tasks?unit=finance&sort=due"),
            ("tasks, page 80", "/desk/tasks?sort=progress&page=80"), ("a red task", red), ("rounds", "/desk/rounds"),
            ("a round", round), ("a round's late reports", round + "?late=yes"), ("a report", report),
            ("supervision", "/desk/supervision"), ("lights by unit", "/desk/unit-lights"),
            ("appeals by unit", "/desk/unit-figures/appeals"), ("exclusions", "/desk/exclusions"),
            ("meetings", "/desk/meetings"), ("a meeting", meeting), ("bulletins", "/desk/bulletins"),
            ("an issued bulletin", issued), ("a draft bulletin", draft), ("a draft being edited", draft + "/edit"),
            ("indicators", "/desk/indicators"),
            ("indicators, searched", "/desk/indicators?q=%E5%9F%BA%E5%87%86&page=20"),
            ("an indicator of 120 months", indicator), ("411", "/desk/indicators/411"), ("facts", "/desk/facts"),
            ("a fact and its rows", "/desk/facts/tasks.open"), ("cockpit", "/cockpit"),
        ].map { (name: $0.0, path: $0.1) }
    }

    // MARK: - Screens

    /// Five hundred screens of leaders: how soon each shows an event, and what they cost.
    static func screens(_ arguments: [String]) async throws {
        let count = arguments.compactMap { Int($0) }.first ?? 500
        let folder = URL(fileURLWithPath: ".build/bench/mechanism-20000").path
        let district = try await LoadDistrict(folder: folder, database: "sqlite:\(folder)/a.sqlite")
        try await district.fillMechanism(appeals: 20_000)
        let server = try district.serve(workers: 0)
        defer { server.kill(SIGTERM) }
        let port = try server.port()
        let pages = PlainPages(port: port, session: district.session)
        for _ in 0..<20 { _ = try pages.get("/cockpit") }
        let before = ProcessMemory.mebibytes(of: server.pid, "VmRSS:")
        let screens = try Screens(count: count, port: port, session: district.session)
        defer { screens.close() }
        try screens.settle(seconds: 3)
        var worst: [Double] = []
        for _ in 0..<10 {
            let times = try await screens.update { try await district.happen() }
            worst.append(times.percentile(1))
            try screens.settle(seconds: 1.3)
        }
        let after = ProcessMemory.mebibytes(of: server.pid, "VmRSS:")
        Report.figure(
            "the last of \(count) screens shows an event after", Samples(worst), "ms",
            limit: ("at most 1,000 ms", { $0 <= 1_000 }))
        Report.line("worst of ten events", String(format: "%.0f ms", worst.max() ?? .nan))
        Report.line(
            "more memory with \(count) screens", "\(after - before) MiB (from \(before) MiB)",
            limit: ("at most 100 MiB", after - before <= 100))
    }
}

/// Pages of a signed-in person, read for the addresses on them.
struct PlainPages {
    let port: Int
    let session: String

    func get(_ path: String) throws -> String {
        let answer = try HTTPClient(port: port).send("GET", path, headers: [("Cookie", "shuzhi_session=\(session)")])
        guard answer.status == 200 else { throw ShuzhiProcess.Failure(description: "\(path): \(answer.status)") }
        return answer.body
    }

    func ids(_ list: String, _ base: String) throws -> [String] {
        try get(list).components(separatedBy: "href=\"\(base)/").dropFirst()
            .map { "\(base)/\($0.prefix { $0.isNumber })" }.filter { $0.last?.isNumber == true }
    }
}

enum ProcessMemory {
    /// `VmHWM:` the most it held, `VmRSS:` what it holds.
    static func mebibytes(of pid: Int32, _ key: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(key) } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) / 1_024
    }
}
