import Core
import Foundation
import Store
import TestKit
import Testing

/// The database is locked, gone, and back again: each time a word that says so, and nothing half written.
@Suite("A database that goes away and comes back")
struct OutageTests {
    private static let migrations = [
        Migration("test.0001-thing", "CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY)")
    ]

    private func ids(_ database: any Database) async throws -> [Int64] {
        try await database.read { try $0.all("SELECT id FROM thing ORDER BY id").map { try $0.get("id") } }
    }

    private func failure(_ work: () async throws -> Void) async -> String {
        do { try await work() } catch let error as StoreError {
            return String("\(error)".prefix { $0 != "(" })
        } catch { return "\(error)" }
        return "nothing"
    }

    @Test("SQLite held by another process: a write waits, is refused in the end, and works when it is free again")
    func locked() async throws {
        let path = try ScratchFolder.shared().path("sqlite")
        let (ours, theirs) = (try SQLiteDatabase(path: path), try SQLiteDatabase(path: path))
        try await Migrator(Self.migrations).migrate(ours)
        let (gate, (held, hold)) = (Gate(), AsyncStream.makeStream(of: Void.self))
        let holding = Task {
            try await theirs.write { tx in
                try tx.run("INSERT INTO thing (id) VALUES (1)")
                hold.yield()
                gate.wait()
            }
        }
        for await _ in held { break }
        #expect(try await ids(ours) == [], "readers go on")
        #expect(
            await failure { try await ours.write { _ = try $0.run("INSERT INTO thing (id) VALUES (2)") } } == "busy")
        let waiting = Task { try await ours.write { _ = try $0.run("INSERT INTO thing (id) VALUES (3)") } }
        gate.open()
        try await holding.value
        try await waiting.value
        #expect(try await ids(ours) == [1, 3])
    }

    @Test("A SQLite file that is not one, or lies where nobody may write, is refused with its path")
    func notADatabase() async throws {
        let path = try ScratchFolder.shared().path("sqlite")
        try Data(repeating: 0x41, count: 8_192).write(to: URL(fileURLWithPath: path))
        let refused = await failure {
            let database = try SQLiteDatabase(path: path)
            _ = try await ids(database)
        }
        #expect(refused == "unavailable")
        #expect(await failure { _ = try SQLiteDatabase(path: "/proc/nothing/a.sqlite") } == "unavailable")
    }

    @Test("PostgreSQL gone: reads and writes say so at once; back again, they go on without a restart of ours")
    func gone() async throws {
        let server = try PostgreSQLServer()
        let database = try await server.database(connectionsMax: 2)
        try await Migrator(Self.migrations).migrate(database)
        try await database.write { _ = try $0.run("INSERT INTO thing (id) VALUES (1)") }
        try await onThread { try server.stop() }
        for _ in 1...3 { #expect(await failure { _ = try await ids(database) } == "unavailable") }
        #expect(
            await failure { try await database.write { _ = try $0.run("INSERT INTO thing (id) VALUES (2)") } }
                == "unavailable")
        try await onThread { try server.start() }
        #expect(try await ids(database) == [1])
        try await database.write { _ = try $0.run("INSERT INTO thing (id) VALUES (3)") }
        #expect(try await ids(database) == [1, 3])
    }

    @Test("PostgreSQL restarted in the middle of a transaction: nothing of it stays, and the next one works")
    func restartedMidway() async throws {
        let server = try PostgreSQLServer()
        let database = try await server.database(connectionsMax: 2)
        try await Migrator(Self.migrations).migrate(database)
        let refused = await failure {
            try await database.write { tx in
                try tx.run("INSERT INTO thing (id) VALUES (1)")
                try server.restart()
                try tx.run("INSERT INTO thing (id) VALUES (2)")
            }
        }
        #expect(refused == "unavailable")
        #expect(try await ids(database) == [])
        let swallowed = await failure {
            try await database.write { tx in
                try tx.run("INSERT INTO thing (id) VALUES (3)")
                try server.restart()
            }
        }
        #expect(swallowed == "unavailable", "lost while committing, and said")
        #expect(try await ids(database) == [])
        try await database.write { _ = try $0.run("INSERT INTO thing (id) VALUES (4)") }
        #expect(try await ids(database) == [4])
    }

    @Test(
        "After a clock was set back, what is queued is done now and not when the clock has caught up",
        arguments: Engine.allCases)
    func clockSetBack(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        let clock = TestClock()
        let surroundings = clock.surroundings
        _ = try await database.write {
            try JobQueue.enqueue(kind: "work", payload: "{}", surroundings: surroundings, in: $0)
        }
        clock.advance(milliseconds: -3_600_000)
        let worker = JobWorker(
            database: database, handlers: [JobTests.Handler { _, _ in }], surroundings: surroundings, logger: quiet)
        #expect(try await worker.runOnce())
        #expect(try await database.read { try JobStore.countsByState(in: $0) } == [.done: 1])
    }
}
