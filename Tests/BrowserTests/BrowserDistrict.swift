import Foundation
import TestKit
import Testing

/// A district set up through its own pages: first start, an invitation, a sign-in. Blocking, as the browser is.
final class BrowserDistrict: @unchecked Sendable {
    static let password = "correct kettle 42 garden"
    /// One for all tests that only look, made by the first that needs it.
    static let shared = Result { try BrowserDistrict() }

    /// A row's way to its problem, on any list of problems.
    static let problemLink = "main tbody a[href^='/desk/problems/']"

    let server: ShuzhiProcess
    let base: String
    /// Where the browser was after the first start, and after following the invitation.
    let started: String
    let invited: String

    init() throws {
        let folder = try ScratchFolder.shared().path("browser")
        server = try ShuzhiProcess(["serve", "--port", "0", "--data", folder])
        base = "http://127.0.0.1:\(try server.port())"
        let link = try server.line(/http:\/\/127\.0\.0\.1:\d+\/first-start\/\S+/)
        let driver = try WebDriver()
        defer { driver.end() }
        (started, invited) = try Self.setUp(driver, base, String(link))
    }

    private static func setUp(_ driver: WebDriver, _ base: String, _ link: String) throws -> (String, String) {
        do {
            try driver.open(link)
            try driver.type("security", into: "input[name=name]")
            try driver.type("安全员", into: "input[name=person]")
            for name in ["password", "again"] { try driver.type(password, into: "input[name=\(name)]") }
            try driver.click("form[action^='/first-start'] button[type=submit]")
            _ = try driver.find("form[action='/sign-out']")
            let started = try driver.url
            try driver.open(base + "/admin/people/new")
            try driver.type("office", into: "input[name=signin]")
            try driver.type("陈晓", into: "form[method=post][action='/admin/people'] input[name=name]")
            try driver.click("input[name=role][value=digital_office]")
            try driver.click("form[method=post][action='/admin/people'] button[type=submit]")
            let code = try driver.text("code")
            let path = code.firstMatch(of: /\/link\/\S+/).map { String($0.output) } ?? ""
            try driver.open(base + path)
            for name in ["password", "again"] { try driver.type(password, into: "input[name=\(name)]") }
            try driver.click("form[action^='/link'] button[type=submit]")
            _ = try driver.find("form[action='/sign-out']")
            return (started, try driver.url)
        } catch {
            Failures.keep(driver, "set-up")
            throw error
        }
    }

    func signIn(_ driver: WebDriver) throws {
        try driver.open(base + "/sign-in")
        try driver.type("office", into: "input[name=name]")
        try driver.type(Self.password, into: "input[name=password]")
        try driver.click("form[method=post][action='/sign-in'] button[type=submit]")
        _ = try driver.find("form[action='/sign-out']")
    }

    /// Chooses a file, confirms what was recognised and waits for the result; calls `watch` while it runs.
    func importFile(_ path: String, _ driver: WebDriver, watch: (WebDriver) throws -> Void = { _ in }) throws {
        try driver.open(base + "/desk/import")
        try driver.choose(path, in: "form[method=post][action='/desk/import'] input[type=file]")
        try driver.click("form[method=post][action='/desk/import'] button[type=submit]")
        try driver.click("form[action$='/confirm'] button[type=submit]")
        for _ in 0..<6_000 {
            try watch(driver)
            if try !driver.elements("a[href*='/rejects'], form[action$='/undo']").isEmpty { return }
            try driver.tryAgain()
            usleep(100_000)
        }
        throw WebDriver.Failure(description: "the import did not end: \(try driver.url)")
    }

    /// Loads what the tests look at, and waits until problems are found in it. Once for all tests.
    func fill() throws {
        try filled.withLock { isFilled in
            guard !isFilled else { return }
            let driver = try WebDriver()
            defer { driver.end() }
            do {
                try signIn(driver)
                try importFile(try Self.file(), driver)
                for _ in 0..<600 {
                    try driver.open(base + "/desk/problems")
                    if try !driver.elements(Self.problemLink).isEmpty {
                        isFilled = true
                        return
                    }
                    usleep(200_000)
                }
                throw WebDriver.Failure(description: "no problem was found")
            } catch {
                Failures.keep(driver, "fill")
                throw error
            }
        }
    }
    private let filled = Guarded(false)

    /// A hotline export in which three matters come up again and again.
    private static func file() throws -> String {
        let matters = [
            ("曹杨五村夜间施工噪音扰民", "曹杨五村旁边的工地夜间施工到凌晨，噪音很大，老人无法休息，请尽快处理。", "曹杨路"),
            ("武宁路路灯损坏多日无人修", "武宁路口的路灯坏了半个月，晚上看不清台阶，请安排人来维修。", "武宁路"),
            ("桃浦新村垃圾堆放发出异味", "桃浦新村门口垃圾堆放没有人清运，气味难闻，请尽快清运。", "桃浦路"),
        ]
        var rows = ["工单编号,来电人,受理时间,标题,诉求内容,地址,纬度,经度"]
        for (index, matter) in matters.enumerated() {
            for number in 0..<12 {
                rows.append(
                    "G\(index)\(number + 10),来电人\(index)\(number),2021-04-\(number + 10) 09:30,\(matter.0),"
                        + "\(matter.1),\(matter.2)\(number + 1)号,31.2\(40 + index)\(number),121.4\(index)0\(number)")
            }
        }
        let path = try ScratchFolder.shared().path("csv")
        try rows.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}

/// Keeps what the browser showed when a test failed.
enum Failures {
    static func keep(_ driver: WebDriver, _ name: String) {
        let folder = SourceRoot.url.appendingPathComponent(".build/browser-failures")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? driver.screenshot().write(to: folder.appendingPathComponent("\(name).png"))
        try? driver.source.write(
            to: folder.appendingPathComponent("\(name).html"), atomically: true, encoding: .utf8)
    }

    /// Runs a test's steps in a browser of its own, on a thread of its own.
    static func kept<T: Sendable>(
        _ name: String, width: Int = 1_440, hasScripts: Bool = true,
        _ body: @escaping @Sendable (BrowserDistrict, WebDriver) throws -> T
    ) async throws -> T {
        try await onThread {
            let district = try BrowserDistrict.shared.get()
            let driver = try WebDriver(width: width, hasScripts: hasScripts)
            defer { driver.end() }
            do { return try body(district, driver) } catch {
                keep(driver, name)
                throw error
            }
        }
    }
}

/// A value that only one thread at a time has.
final class Guarded<Value>: @unchecked Sendable {
    private var value: Value
    private let lock = NSLock()
    init(_ value: Value) { self.value = value }
    func withLock<T>(_ body: (inout Value) throws -> T) rethrows -> T {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
