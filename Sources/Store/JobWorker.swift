package import Core
package import Logging

/// Takes jobs one at a time and does them. Any number of workers, in any number of processes, may share a database.
package struct JobWorker: Sendable {
    private let database: any Database
    private let handlers: [String: any JobHandler]
    private let subscribers: [any OutboxSubscriber]
    private let surroundings: Surroundings
    private let timing: JobTiming
    private let logger: Logger

    package init(
        database: any Database, handlers: [any JobHandler], surroundings: Surroundings, logger: Logger,
        subscribers: [any OutboxSubscriber] = [], timing: JobTiming = JobTiming()
    ) {
        self.database = database
        let all = handlers + subscribers.map { OutboxDelivery(subscriber: $0) }
        self.handlers = Dictionary(all.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        self.subscribers = subscribers
        self.surroundings = surroundings
        self.timing = timing
        self.logger = logger
    }

    /// Works until the task is cancelled; a job cut off by that is queued again for the next process.
    package func run() async throws {
        var failures = 0
        while !Task.isCancelled {
            do {
                let didSomething = try await runOnce()
                failures = 0
                if didSomething { continue }
            } catch is CancellationError {
                break
            } catch {
                failures += 1
                logger.error("The job queue cannot be read", metadata: ["error": "\(JobFailure.text(error))"])
            }
            let pause = min(timing.pollMilliseconds << Int64(min(failures, 8)), 30_000)
            do { try await Task.sleep(for: .milliseconds(pause)) } catch { break }
        }
    }

    /// Forwards the outbox and does at most one job; false when there was neither.
    @discardableResult
    package func runOnce() async throws -> Bool {
        let forwarded = try await Outbox.forward(to: subscribers, database: database, surroundings: surroundings)
        guard let claim = try await claim() else { return forwarded > 0 }
        await carryOut(claim)
        return true
    }

    private func claim() async throws -> JobClaim? {
        let now = surroundings.now()
        // A look costs no lock; most looks find nothing.
        guard try await database.read({ try JobStore.isAnyDue(now: now, in: $0) }) else { return nil }
        let lease = surroundings.newID()
        let until = now.adding(milliseconds: timing.leaseMilliseconds)
        let job = try await database.write { try JobStore.claim(lease: lease, until: until, now: now, in: $0) }
        return job.map {
            JobClaim(job: $0, lease: lease, database: database, surroundings: surroundings, timing: timing)
        }
    }

    private func carryOut(_ claim: JobClaim) async {
        let job = claim.job
        guard let handler = handlers[job.kind] else {
            return await settle(claim, .finish(.parked, error: "no handler for this kind of job"))
        }
        guard job.attempts <= timing.attemptsMax else {
            return await settle(claim, .finish(.parked, error: job.lastError ?? "its worker was lost each time"))
        }
        guard !job.isCancelRequested else { return await settle(claim, .finish(.cancelled, error: nil)) }
        do {
            try await attempt(handler, claim)
            await settle(claim, .finish(.done, error: nil))
        } catch {
            await settle(claim, ending(of: claim, after: error))
        }
    }

    /// Runs the handler with a heart beat beside it; whichever ends first ends the other.
    private func attempt(_ handler: any JobHandler, _ claim: JobClaim) async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask(executorPreference: BackgroundExecutor.shared) {
                    try await handler.run(claim.job, progress: JobProgress(claim: claim))
                    claim.complete()
                }
                group.addTask { try await claim.keep() }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch {
            if !claim.isCompleted { throw error }
        }
    }

    private enum Ending: Sendable {
        case finish(Job.State, error: String?)
        case requeue(afterMilliseconds: Int64, error: String?, isCounted: Bool)
    }

    private func ending(of claim: JobClaim, after error: any Error) -> Ending {
        if claim.current == .cancelRequested { return .finish(.cancelled, error: nil) }
        if Task.isCancelled || error is CancellationError {
            return .requeue(afterMilliseconds: 0, error: nil, isCounted: false)
        }
        let text = JobFailure.text(error)
        if JobFailure.isFinal(error) || claim.job.attempts >= timing.attemptsMax {
            return .finish(.parked, error: text)
        }
        return .requeue(
            afterMilliseconds: timing.backOff(afterAttempts: claim.job.attempts), error: text, isCounted: true)
    }

    /// Writes how the attempt ended. Not stopped by cancellation: a stopping process still gives its job back.
    private func settle(_ claim: JobClaim, _ ending: Ending) async {
        let (id, lease, now) = (claim.job.id, claim.lease, surroundings.now())
        let database = database
        let writing = Task {
            try await database.write { tx in
                switch ending {
                case .finish(let state, let error):
                    try JobStore.finish(id, lease: lease, as: state, error: error, now: now, in: tx)
                case .requeue(let delay, let error, let isCounted):
                    try JobStore.requeue(
                        id, lease: lease, at: now.adding(milliseconds: delay), error: error, isCounted: isCounted,
                        in: tx)
                }
            }
        }
        do {
            let isOurs = try await writing.value
            log(claim.job, isOurs ? ending : nil)
        } catch {
            // The lease runs out and another worker takes the job: at least once, never lost.
            logger.error("The end of a job cannot be written", metadata: ["job": "\(id)", "kind": "\(claim.job.kind)"])
        }
    }

    private func log(_ job: Job, _ ending: Ending?) {
        var metadata: Logger.Metadata = ["job": "\(job.id)", "kind": "\(job.kind)", "attempt": "\(job.attempts)"]
        switch ending {
        case .finish(.parked, let error):
            metadata["error"] = "\(error ?? "")"
            logger.error("A job is parked", metadata: metadata)
        case .requeue(let delay, let error?, _):
            metadata["error"] = "\(error)"
            metadata["again_in_ms"] = "\(delay)"
            logger.warning("A job failed and is tried again", metadata: metadata)
        case .finish(let state, _):
            metadata["state"] = "\(state.rawValue)"
            logger.info("A job is over", metadata: metadata)
        case .requeue: logger.info("A job is queued again", metadata: metadata)
        case nil: logger.warning("A job was taken by another worker meanwhile", metadata: metadata)
        }
    }
}

/// What is kept of a failure: enough to act on, no values of rows.
enum JobFailure {
    static func text(_ error: any Error) -> String {
        let text =
            switch error {
            case let problem as any Problem: "\(problem.report.code): \(problem.report.explanation.en)"
            case let row as RowError: "column \(row.column) is absent or of another type"
            case let store as StoreError: "\(store)"
            default: "\(type(of: error)): \(error)"
            }
        return String(text.prefix(StoreLimits.jobErrorCharactersMax))
    }

    /// True when trying again cannot help.
    static func isFinal(_ error: any Error) -> Bool {
        guard let problem = error as? any Problem else { return false }
        return problem.report.kind != .unavailable && problem.report.kind != .tooMany
    }
}
