import Foundation
import Store
import TestKit
import Testing

@testable import Platform

/// What an operator does after a fire: the last backup, on another machine.
@Suite("Backup drill", .serialized)
struct BackupDrillTests {
    /// Numbers that visitors were told.
    private final class Told: @unchecked Sendable {
        private let lock = NSLock()
        private var numbers: Set<String> = []
        func add(_ number: String) { lock.withLock { _ = numbers.insert(number) } }
        var all: Set<String> { lock.withLock { numbers } }
    }

    @Test(
        "A backup taken while people write is whole elsewhere: sound, and with all that was acknowledged before it",
        arguments: Engine.allCases)
    func whileWriting(engine: Engine) async throws {
        let district = try await FaultDistrict(engine)
        let told = Told()
        let server = try district.serve()
        let port = try await onThread { try server.port() }
        let visitors = (0..<2).map { visitor in
            Task { try? await onThread { Self.report(port, visitor, told) } }
        }
        try await onThread { for _ in 0..<3_000 where told.all.count < 20 { usleep(20_000) } }
        let before = told.all
        let file = try ScratchFolder.shared().path("tar")
        try await run(["backup", file] + district.arguments)
        #expect(before.count >= 20 && told.all.count > before.count, "people wrote before and meanwhile")
        server.kill(SIGTERM)
        for visitor in visitors { _ = await visitor.value }

        // On PostgreSQL a backup goes back to a schema of the same name, so elsewhere is another server.
        let other = engine == .postgresql ? try PostgreSQLServer() : nil
        let schema = district.database.split(separator: "schema=").last.map(String.init)
        let elsewhere = try FaultDistrict(nothingIn: engine, server: other, schema: schema)
        try await run(["restore", file] + elsewhere.arguments)
        try await run(["doctor"] + elsewhere.arguments)
        try await elsewhere.expectSound("restored elsewhere")
        let numbers = try await elsewhere.open { district in
            try await district.database.read { tx in
                try tx.all("SELECT number FROM case_file").map { try $0.get("number") as String }
            }
        }
        #expect(before.isSubset(of: numbers), "acknowledged before the backup: \(before.subtracting(numbers))")
        #expect(Set(numbers).count == numbers.count && numbers.count <= told.all.count + 2)
        // What was restored goes on: the next number is no old one.
        let revived = try elsewhere.serve()
        let later = Told()
        try await onThread { Self.report(try revived.port(), 9, later, count: 1) }
        #expect(later.all.count == 1 && later.all.isDisjoint(with: numbers))
        revived.kill(SIGTERM)
        withExtendedLifetime(other) {}
    }

    private func run(_ arguments: [String]) async throws {
        let process = try ShuzhiProcess(arguments)
        let status = try await onThread { process.wait() }
        #expect(status == 0, "\(process.said)")
    }

    /// Posts appeals until the server is gone, or so many.
    private static func report(_ port: Int, _ visitor: Int, _ told: Told, count: Int = .max) {
        for number in 0..<count {
            let browser = PlainBrowser(port: port)
            browser.headers = [("X-Forwarded-For", "10.\(visitor).\(number / 250 % 250).\(number % 250)")]
            let form = ["type": "help", "text": "路灯坏了，\(visitor)号第\(number)次说", "address": "兰溪路\(number)号"]
            guard let answer = try? browser.submit(form, to: "/appeals/new", from: "/appeals/new") else { return }
            if let number = answer.body.firstMatch(of: /<code>(PT-\d{8}-\d{5})<\/code>/)?.output.1 {
                told.add(String(number))
            }
        }
    }
}
