import Casework
import Core
import Foundation
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Appeals
@testable import Platform

/// The machine fails the program: a full disk, no file handles, a request to stop, a crash.
@Suite("A machine that fails", .serialized)
struct MachineTests {
    @Test("A disk that is full stops an import with a sentence; with room again it goes on where it stood")
    func diskFull() async throws {
        let district = try await FaultDistrict(.sqlite)
        let file = try district.file(rows: 8_000)
        // Files may grow to 4 MiB here, which the database passes after its first batches. (XFSZ would kill.)
        let starved = try ShuzhiProcess(
            ["import", "appeals", file] + district.arguments, limits: "trap '' XFSZ; ulimit -f 8192")
        let status = try await onThread { starved.wait() }
        #expect(status > 0 && starved.said.contains("disk is full"), "\(status): \(starved.said)")
        try await district.expectSound("after the disk was full")
        let count = try await district.count()
        #expect(count < 8_000 && count % ImportLimits.batchRows == 0, "\(count)")
        let again = try ShuzhiProcess(["import", "appeals", file] + district.arguments)
        #expect(try await onThread { again.wait() } == 0, "\(again.said)")
        #expect(try await district.count() == 8_000)
        try await district.expectSound("with room again")
    }

    @Test("Where the disk is full, a form is answered with 503 and the server goes on")
    func diskFullWhileServing() async throws {
        let district = try await FaultDistrict(.sqlite)
        let server = try district.serve(["--workers", "0"], limits: "trap '' XFSZ; ulimit -f 6144")
        let port = try await onThread { try server.port() }
        let (kept, refused) = try await onThread {
            var (kept, refused): (Int, Set<Int>) = (0, [])
            for number in 0..<400 where refused.isEmpty {
                let browser = PlainBrowser(port: port)
                browser.headers = [("X-Forwarded-For", "10.1.\(number / 200).\(number % 200)")]
                let text = String(repeating: "路灯坏了，晚上看不清路。", count: 150) + "\(number)"
                let answer = try browser.submit(
                    ["type": "help", "text": text], to: "/appeals/new", from: "/appeals/new")
                if answer.status == 200 { kept += 1 } else { refused.insert(answer.status) }
            }
            // Reading needs no room.
            #expect(try PlainBrowser(port: port).get("/appeals/find").status == 200)
            return (kept, refused)
        }
        #expect(refused == [503] && kept > 0, "\(refused) after \(kept)")
        server.kill(SIGTERM)
        try await district.expectSound("after the disk was full")
        #expect(try await district.count() == kept)
    }

    @Test("Out of file handles, visitors wait or are turned away, and the server answers once there are some again")
    func outOfHandles() async throws {
        let district = try await FaultDistrict(.sqlite)
        let server = try district.serve(["--workers", "0"], limits: "ulimit -n 64")
        let port = try await onThread { try server.port() }
        try await onThread {
            // Each holds a connection open, more than there are handles.
            var visitors = (0..<60).map { _ in HTTPClient(port: port, timeoutSeconds: 1) }
            var answered = 0
            for visitor in visitors {
                if (try? visitor.send("GET", "/health/live"))?.status == 200 { answered += 1 }
            }
            #expect(answered > 0 && answered < visitors.count, "\(answered)")
            try #require(server.isRunning, "it ended with \(server.wait()): \(server.said)")
            visitors = []
            var status = 0
            for _ in 0..<100 where status != 200 {
                status = (try? HTTPClient(port: port, timeoutSeconds: 5).send("GET", "/appeals/new"))?.status ?? 0
                if status != 200 { usleep(100_000) }
            }
            #expect(status == 200)
        }
        server.kill(SIGTERM)
        try await district.expectSound("after handles ran out")
    }

    @Test(
        "Asked to stop during an import, it stops at once and orderly, and the next process finishes it",
        arguments: Engine.allCases)
    func terminated(engine: Engine) async throws {
        let district = try await FaultDistrict(engine)
        let file = try district.file(rows: 12_000)
        let id = try await district.open { district in
            let importing = try Rooms(district).appeals.importAppeals
            let draft = try await importing.draft(path: file, name: "热线.csv", source: "热线")
            let surroundings = district.surroundings
            return try await importing.confirm(draft.id, source: "热线", names: draft.names) { record, tx in
                try ImportAppealsJob.enqueue(record, surroundings: surroundings, in: tx)
            }.id
        }
        let server = try district.serve(["--workers", "1"])
        _ = try await onThread { try server.port() }
        let session = district.session
        let port = try await onThread { try server.port() }
        try await onThread {
            let browser = PlainBrowser(port: port, session: session)
            for _ in 0..<3_000 {
                let progress = try browser.get("/desk/imports/\(id)/progress")
                #expect(progress.status == 200)
                if progress.body.contains("\"state\":\"running\"") { break }
                usleep(20_000)
            }
        }
        server.signal(SIGTERM)
        #expect(try await onThread { server.wait() } == 0, "\(server.said)")
        try await district.expectSound("after SIGTERM")
        let (state, jobs) = try await district.open { district in
            try await district.database.read {
                (try ImportStore.find(id, in: $0).state, try JobStore.list(state: .queued, limit: 10, in: $0))
            }
        }
        #expect(state == .running || state == .queued, "\(state)")
        #expect(jobs.contains { $0.kind == ImportAppealsJob.kind && $0.attempts == 0 })
        let next = try district.serve(["--workers", "1"])
        let nextPort = try await onThread { try next.port() }
        try await onThread {
            let browser = PlainBrowser(port: nextPort, session: session)
            for _ in 0..<6_000 {
                if try browser.get("/desk/imports/\(id)/progress").body.contains("\"state\":\"done\"") { return }
                usleep(50_000)
            }
            Issue.record("the import did not come to its end")
        }
        next.kill(SIGTERM)
        #expect(try await district.count() == 12_000)
        try await district.expectSound("finished")
    }

    @Test("While the database is gone pages say 503 with a number to ask by; when it is back they work")
    func databaseGone() async throws {
        let postgres = try PostgreSQLServer()
        let district = try await FaultDistrict(.postgresql, server: postgres)
        let server = try district.serve(["--workers", "1"])
        let (port, session) = (try await onThread { try server.port() }, district.session)
        try await onThread {
            let browser = PlainBrowser(port: port, session: session)
            #expect(try browser.get("/desk/appeals").status == 200)
            try postgres.stop()
            let gone = try browser.get("/desk/appeals")
            #expect(gone.status == 503, "\(gone.status)")
            #expect(gone.body.contains(/[2-9A-Z]{8}/), "a reference number")
            #expect(!gone.body.contains("connection") && !gone.body.contains("/tmp/"))
            #expect(try browser.get("/health").status == 503)
            // Monitoring brings no cookie, so nobody has to be looked up for it.
            #expect(try HTTPClient(port: port).send("GET", "/health/live").status == 200)
            try postgres.start()
            #expect(try browser.get("/desk/appeals").status == 200)
            #expect(try browser.get("/health").status == 200)
        }
        server.kill(SIGTERM)
        try await district.expectSound("after an outage")
    }

    @Test("The first page of a cold start comes once the process serves, and the first link works once")
    func coldStart() async throws {
        let folder = try ScratchFolder.shared().path("cold")
        let server = try ShuzhiProcess(["serve", "--port", "0", "--data", folder])
        try await onThread {
            let port = try server.port()
            let link = String(try server.line(/http:\/\/127\.0\.0\.1:\d+(\/first-start\/\S+)/).1)
            let browser = PlainBrowser(port: port)
            #expect(try browser.get("/").status == 200)
            let form = [
                "name": "security", "person": "安全员", "password": "correct kettle 42 garden",
                "again": "correct kettle 42 garden",
            ]
            let started = try browser.submit(form, to: link, from: link)
            #expect(started.status == 303 && started.header("location") == "/admin/people")
            #expect(try browser.get("/admin/people").status == 200)
            #expect(try PlainBrowser(port: port).get(link).status >= 400)
        }
        server.kill(SIGTERM)
    }
}
