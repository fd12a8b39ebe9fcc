import Core
import Store
import Synchronization
import TestKit
import Testing

@Suite("Jobs")
struct JobTests {
    struct Handler: JobHandler {
        var kind = "work"
        let body: @Sendable (Job, JobProgress) async throws -> Void
        init(kind: String = "work", _ body: @escaping @Sendable (Job, JobProgress) async throws -> Void) {
            self.kind = kind
            self.body = body
        }
        func run(_ job: Job, progress: JobProgress) async throws { try await body(job, progress) }
    }
    struct Failure: Error {}

    let clock = TestClock()

    func worker(
        _ database: any Database, _ timing: JobTiming = JobTiming(),
        _ body: @escaping @Sendable (Job, JobProgress) async throws -> Void
    ) -> JobWorker {
        JobWorker(
            database: database, handlers: [Handler(body)], surroundings: clock.surroundings, logger: quiet,
            timing: timing)
    }

    func enqueue(
        _ database: any Database, kind: String = "work", key: String? = nil, runAt: Instant? = nil
    ) async throws -> ID<Job> {
        let surroundings = clock.surroundings
        return try await database.write { tx in
            try JobQueue.enqueue(
                kind: kind, payload: "{\"a\":1}", key: key, runAt: runAt, createdBy: 7, surroundings: surroundings,
                in: tx)
        }
    }

    func find(_ id: ID<Job>, _ database: any Database) async throws -> Job {
        try #require(try await database.read { try JobStore.find(id, in: $0) })
    }

    @Test("A job is done once, with its payload, and shown with its progress", arguments: Engine.allCases)
    func done(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        let id = try await enqueue(database)
        let runs = Mutex(0)
        let worker = worker(database) { job, progress in
            #expect(job.payload == "{\"a\":1}" && job.createdBy == 7 && job.state == .running)
            try await progress.report(done: 3, total: 10, note: "三行")
            runs.withLock { $0 += 1 }
        }
        #expect(try await worker.runOnce())
        #expect(try await !worker.runOnce())
        let job = try await find(id, database)
        #expect(runs.withLock { $0 } == 1)
        #expect(job.state == .done && job.attempts == 1 && job.progressDone == 3 && job.progressTotal == 10)
        #expect(job.note == "三行" && job.finishedAt == clock.now && job.lastError == nil)
    }

    @Test("Many workers never take one job twice", arguments: Engine.allCases)
    func race(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        for _ in 0..<40 { _ = try await enqueue(database) }
        let seen = Mutex<[ID<Job>]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<5 {
                let worker = worker(database) { job, _ in seen.withLock { $0.append(job.id) } }
                // On PostgreSQL a worker may find every due job locked by others and look again.
                group.addTask {
                    while try await database.read({ try JobStore.count(state: .queued, in: $0) }) > 0 {
                        try await worker.runOnce()
                    }
                }
            }
            try await group.waitForAll()
        }
        let ids = seen.withLock { $0 }
        #expect(ids.count == 40 && Set(ids).count == 40)
        #expect(try await database.read { try JobStore.countsByState(in: $0) } == [.done: 40])
    }

    @Test("A failing job waits longer each time and is then parked; a person can retry it", arguments: Engine.allCases)
    func backOff(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        let id = try await enqueue(database)
        let isBroken = Mutex(true)
        let worker = worker(database) { _, _ in if isBroken.withLock({ $0 }) { throw Failure() } }
        for wait: Int64 in [5_000, 10_000, 20_000, 40_000] {
            #expect(try await worker.runOnce())
            #expect(try await find(id, database).state == .queued)
            clock.advance(milliseconds: wait - 1)
            #expect(try await !worker.runOnce())
            clock.advance(milliseconds: 1)
        }
        #expect(try await worker.runOnce())
        let parked = try await find(id, database)
        #expect(parked.state == .parked && parked.attempts == 5 && parked.lastError?.contains("Failure") == true)
        clock.advance(milliseconds: 100_000_000)
        #expect(try await !worker.runOnce())
        isBroken.withLock { $0 = false }
        let now = clock.now
        #expect(try await database.write { try JobStore.retry(id, now: now, in: $0) })
        #expect(try await worker.runOnce())
        #expect(try await find(id, database).state == .done)
        #expect(try await database.write { try !JobStore.retry(id, now: now, in: $0) })
    }

    @Test("A job whose input is wrong, or that nobody knows, is parked at once", arguments: Engine.allCases)
    func poisoned(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        let wrong = try await enqueue(database)
        let unknown = try await enqueue(database, kind: "unheard-of")
        let worker = worker(database) { _, _ in throw DatabaseAddressError.unknownScheme }
        while try await worker.runOnce() {}
        #expect(try await find(wrong, database).lastError?.hasPrefix("store.address-unknown") == true)
        #expect(try await find(wrong, database).state == .parked)
        #expect(try await find(unknown, database).state == .parked)
        #expect(
            try await database.read { try JobStore.list(state: .parked, limit: 10, in: $0).map(\.id) } == [
                unknown, wrong,
            ])
    }

    @Test("A lost worker's job is taken again, and the lost one can no longer write", arguments: Engine.allCases)
    func lease(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        let id = try await enqueue(database)
        let clock = clock
        let second = worker(database) { _, _ in }
        let first = worker(database) { job, progress in
            // As if this process had been frozen past its lease while another took the job and finished it.
            clock.advance(milliseconds: JobTiming().leaseMilliseconds + 1)
            #expect(try await second.runOnce())
            try await progress.report(done: 9, total: 9, note: "late")
        }
        #expect(try await first.runOnce())
        let job = try await find(id, database)
        #expect(job.state == .done && job.attempts == 2 && job.note == "")
    }

    @Test("A job that takes its worker down each time is parked", arguments: Engine.allCases)
    func killer(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        let id = try await enqueue(database)
        let clock = clock
        for attempt in 1...5 {
            let (now, lease) = (clock.now, Int64(1_000 + attempt))
            let job = try await database.write {
                try JobStore.claim(lease: lease, until: now.adding(seconds: 60), now: now, in: $0)
            }
            #expect(job?.id == id && job?.attempts == attempt)
            clock.advance(milliseconds: 60_001)
        }
        #expect(try await worker(database) { _, _ in Issue.record("run once too often") }.runOnce())
        #expect(try await find(id, database).state == .parked)
    }

    @Test("A queued job is cancelled at once, a running one when it next reports", arguments: Engine.allCases)
    func cancel(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        let (queued, running) = (try await enqueue(database), try await enqueue(database))
        let now = clock.now
        #expect(try await database.write { try JobStore.requestCancel(queued, now: now, in: $0) })
        #expect(try await find(queued, database).state == .cancelled)
        let worker = worker(database) { job, progress in
            #expect(job.id == running)
            #expect(try await database.write { try JobStore.requestCancel(running, now: now, in: $0) })
            try await progress.report(done: 1, total: 2)
            Issue.record("the report did not stop the job")
        }
        #expect(try await worker.runOnce())
        #expect(try await find(running, database).state == .cancelled)
        #expect(try await !worker.runOnce())
        #expect(try await database.write { try !JobStore.requestCancel(running, now: now, in: $0) })
    }

    @Test("A handler that never reports is stopped by its heart beat", arguments: Engine.allCases)
    func heartBeat(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        let id = try await enqueue(database)
        var timing = JobTiming()
        timing.leaseMilliseconds = 60
        let now = clock.now
        let worker = worker(database, timing) { job, _ in
            _ = try await database.write { try JobStore.requestCancel(job.id, now: now, in: $0) }
            try await Task.sleep(for: .seconds(3_600))
        }
        #expect(try await worker.runOnce())
        #expect(try await find(id, database).state == .cancelled)
    }

    @Test("A stopping process gives its job back unharmed", arguments: Engine.allCases)
    func graceful(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        let id = try await enqueue(database)
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let worker = worker(database) { _, _ in
            start.yield()
            try await Task.sleep(for: .seconds(3_600))
        }
        let running = Task { try await worker.run() }
        for await _ in started { break }
        running.cancel()
        try await running.value
        let job = try await find(id, database)
        #expect(job.state == .queued && job.attempts == 0 && job.runAt == clock.now)
    }

    @Test("Two jobs with one key are one until it starts; the earlier time wins", arguments: Engine.allCases)
    func keys(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        let late = try await enqueue(database, key: "k", runAt: clock.now.adding(seconds: 100))
        #expect(try await enqueue(database, key: "k") == late)
        #expect(try await enqueue(database, key: "other") != late)
        #expect(try await find(late, database).runAt == clock.now)
        let during = Mutex<ID<Job>?>(nil)
        let test = self
        let worker = worker(database) { job, _ in
            guard job.id == late else { return }
            let again = try await test.enqueue(database, key: "k")
            during.withLock { $0 = again }
        }
        #expect(try await worker.runOnce())
        let again = try #require(during.withLock { $0 })
        #expect(again != late)
        #expect(try await find(again, database).state == .queued)
    }

    @Test("A job waits for its time, and finished ones can be cleared away", arguments: Engine.allCases)
    func time(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        let id = try await enqueue(database, runAt: clock.now.adding(seconds: 60))
        let worker = worker(database) { _, _ in }
        #expect(try await !worker.runOnce())
        clock.advance(milliseconds: 60_000)
        #expect(try await worker.runOnce())
        let later = clock.now.adding(seconds: 1)
        #expect(try await database.write { try JobStore.removeFinished(before: later, in: $0) } == 1)
        #expect(try await database.read { try JobStore.find(id, in: $0) } == nil)
    }

    @Test("A job enqueued in a transaction that fails does not exist", arguments: Engine.allCases)
    func transactional(engine: Engine) async throws {
        let database = try await engine.database(StoreMigrations.all)
        let surroundings = clock.surroundings
        await #expect(throws: Failure.self) {
            try await database.write { tx in
                try JobQueue.enqueue(kind: "work", payload: "{}", surroundings: surroundings, in: tx)
                throw Failure()
            }
        }
        #expect(try await database.read { try JobStore.count(in: $0) } == 0)
    }
}
