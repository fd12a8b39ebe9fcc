import Casework
import Core
import Foundation
import Store
import TestKit
import Testing
import Web

@testable import Appeals
@testable import Platform

/// `kill -9` at any moment: what was acknowledged is there, nothing is half there, every chain verifies.
@Suite("Killed at any moment", .serialized)
struct KillTests {
    @Test(
        "An import killed again and again loses nothing it had written, and comes to its end",
        arguments: Engine.allCases)
    func imports(engine: Engine) async throws {
        let district = try await FaultDistrict(engine)
        var generator = SeededGenerator(seed: Rounds.seed)
        let (rows, warmUp) = (9_000, try district.file(rows: 200, from: 1_000_000))
        // How long a start takes here, so that kills fall into the work and not only before it.
        let began = ContinuousClock.now
        let first = try ShuzhiProcess(["import", "appeals", warmUp] + district.arguments)
        let ended = try await onThread { first.wait() }
        #expect(ended == 0, "\(first.said)")
        let start = began.duration(to: .now)
        var (file, firstRow, before, kills) = (try district.file(rows: rows), 1, 200, 0)
        while kills < Rounds.kills {
            let process = try ShuzhiProcess(["import", "appeals", file] + district.arguments)
            let delay = start * 0.5 + .milliseconds(Int.random(in: 0...2_500, using: &generator))
            try await Task.sleep(for: delay)
            let isKilled = process.isRunning
            process.kill()
            let comment = "seed \(Rounds.seed), kill \(kills) after \(delay)"
            try await district.expectSound(comment)
            let count = try await district.count()
            #expect(count >= before, "\(comment): \(count) of \(before)")
            // Whole batches of the file in hand.
            #expect((count - 200) % rows % ImportLimits.batchRows == 0, "\(comment): \(count)")
            before = count
            if isKilled { kills += 1 }
            guard count - 200 == firstRow - 1 + rows else { continue }
            firstRow += rows
            file = try district.file(rows: rows, from: firstRow)
        }
        let last = try ShuzhiProcess(["import", "appeals", file] + district.arguments)
        let status = try await onThread { last.wait() }
        #expect(status == 0 && last.said.contains("rejected 0"), "\(last.said)")
        #expect(try await district.count() == 200 + firstRow - 1 + rows)
        try await district.expectSound("at the end")
    }

    /// What visitors were told, by the number of the round.
    private final class Told: @unchecked Sendable {
        private let lock = NSLock()
        private var appeals: [(number: String, code: String)] = []
        private var moves: [Int64] = []
        func add(_ number: String, _ code: String) { lock.withLock { appeals.append((number, code)) } }
        func add(move: Int64) { lock.withLock { moves.append(move) } }
        var all: (appeals: [(number: String, code: String)], moves: [Int64]) { lock.withLock { (appeals, moves) } }
    }

    @Test(
        "Of forms that are posted while the server is killed, none that was acknowledged is lost or doubled",
        arguments: Engine.allCases)
    func forms(engine: Engine) async throws {
        let district = try await FaultDistrict(engine)
        var generator = SeededGenerator(seed: Rounds.seed)
        let told = Told()
        for round in 0..<Rounds.kills {
            let server = try district.serve(["--workers", round % 2 == 0 ? "1" : "0"])
            let port = try await onThread { try server.port() }
            let visitors = (0..<3).map { visitor in
                Task { try? await onThread { Self.report(port, "\(round)-\(visitor)", told) } }
            }
            let session = district.session
            let clerk = Task { try? await onThread { Self.dispatch(port, session, told) } }
            try await Task.sleep(for: .milliseconds(Int.random(in: 50...1_500, using: &generator)))
            server.kill()
            for task in visitors { _ = await task.value }
            _ = await clerk.value
            try await district.expectSound("seed \(Rounds.seed), round \(round)")
        }
        try await expectTold(told, district)
    }

    /// Posts appeals until the server is gone.
    private static func report(_ port: Int, _ name: String, _ told: Told) {
        for number in 0... {
            let browser = PlainBrowser(port: port)
            browser.headers = [("X-Forwarded-For", "10.\(number / 250 % 250).\(number % 250).\(name.hashValue & 0xFF)")]
            let form = ["type": "help", "text": "路灯坏了，\(name)号第\(number)次说", "address": "兰溪路\(number)号"]
            guard let answer = try? browser.submit(form, to: "/appeals/new", from: "/appeals/new") else { return }
            guard let number = answer.body.firstMatch(of: /<code>(PT-\d{8}-\d{5})<\/code>/)?.output.1,
                let code = answer.body.firstMatch(of: /<code>([2-9A-Z]{8})<\/code>/)?.output.1
            else { continue }
            told.add(String(number), String(code))
        }
    }

    /// Dispatches whatever waits, until the server is gone.
    private static func dispatch(_ port: Int, _ session: String, _ told: Told) {
        let browser = PlainBrowser(port: port, session: session)
        while let list = try? browser.get("/desk/appeals?state=received") {
            let ids = list.body.matches(of: /\/desk\/appeals\/(\d+)/).map { String($0.output.1) }
            for id in Set(ids) {
                let path = "/desk/appeals/\(id)/move"
                guard let page = try? browser.get("/desk/appeals/\(id)") else { return }
                var fields = browser.hidden(of: path, in: page.body)
                guard fields["csrf"] != nil else { continue }
                fields.merge(["event": "dispatch", "unit": "construction", "reason": "请办"]) { $1 }
                guard let answer = try? browser.post(path, fields) else { return }
                if answer.status == 303, let id = Int64(id) { told.add(move: id) }
            }
        }
    }

    private func expectTold(_ told: Told, _ district: FaultDistrict) async throws {
        let (appeals, moves) = told.all
        #expect(appeals.count >= Rounds.kills && Set(appeals.map(\.number)).count == appeals.count)
        #expect(Set(moves).count == moves.count, "nobody dispatches one appeal twice")
        let server = try district.serve(["--workers", "0"])
        let port = try await onThread { try server.port() }
        let lost = try await onThread {
            try appeals.filter { appeal in
                let browser = PlainBrowser(port: port)
                browser.headers = [
                    (
                        "X-Forwarded-For",
                        "10.9.\(abs(appeal.number.hashValue) % 250).\(abs(appeal.code.hashValue) % 250)"
                    )
                ]
                let answer = try browser.submit(
                    ["number": appeal.number, "code": appeal.code], to: "/appeals/find", from: "/appeals/find")
                return answer.status != 200
            }
        }
        #expect(lost.isEmpty, "acknowledged and gone: \(lost)")
        server.kill(SIGTERM)
        let states = try await district.open { district in
            try await district.database.read { tx in
                try moves.map { id -> String in
                    try tx.first("SELECT state FROM case_file WHERE id = \(id)")?.get("state") ?? "gone"
                }
            }
        }
        #expect(states.allSatisfy { $0 == "dispatched" }, "\(states)")
    }
}

extension FaultDistrict {
    func count() async throws -> Int {
        try await open { district in
            try await district.database.read { try $0.first("SELECT COUNT(*) AS n FROM appeal")?.get("n") ?? 0 }
        }
    }
}
