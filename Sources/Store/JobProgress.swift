internal import Core
internal import Synchronization

/// How a handler says how far it is.
package struct JobProgress: Sendable {
    let claim: JobClaim

    /// Shows progress and keeps the job; a handler of more than a minute calls it in its loop.
    ///
    /// - Parameter total: zero while unknown.
    /// - Throws: `CancellationError` when a person asked to cancel the job, or another worker has taken it.
    package func report(done: Int64, total: Int64, note: String = "") async throws {
        try Task.checkCancellation()
        guard claim.mayReport(isLast: total > 0 && done >= total) else { return }
        try await claim.renew(report: (done, total, note))
    }
}

/// One worker's hold on one job.
final class JobClaim: Sendable {
    enum Standing: Sendable { case held, cancelRequested, lost }

    let job: Job
    let lease: Int64
    private let database: any Database
    private let surroundings: Surroundings
    private let timing: JobTiming
    private let standing = Mutex(Standing.held)
    private let lastReport = Mutex<ContinuousClock.Instant?>(nil)
    private let completed = Mutex(false)

    init(job: Job, lease: Int64, database: any Database, surroundings: Surroundings, timing: JobTiming) {
        self.job = job
        self.lease = lease
        self.database = database
        self.surroundings = surroundings
        self.timing = timing
    }

    var current: Standing { standing.withLock { $0 } }
    /// The handler returned by itself.
    var isCompleted: Bool { completed.withLock { $0 } }
    func complete() { completed.withLock { $0 = true } }

    func mayReport(isLast: Bool) -> Bool {
        lastReport.withLock { last in
            let now = ContinuousClock.now
            if let last, !isLast, now - last < .milliseconds(timing.reportMilliseconds) { return false }
            last = now
            return true
        }
    }

    /// Extends the lease; throws `CancellationError` when the job is to stop.
    func renew(report: (done: Int64, total: Int64, note: String)?) async throws {
        let until = surroundings.now().adding(milliseconds: timing.leaseMilliseconds)
        let (id, lease) = (job.id, lease)
        let shouldStop = try await database.write { tx in
            try JobStore.renew(id, lease: lease, until: until, report: report, in: tx)
        }
        guard shouldStop != false else { return }
        standing.withLock { $0 = shouldStop == nil ? .lost : .cancelRequested }
        throw CancellationError()
    }

    /// Renews the lease while the handler runs; returns only by throwing.
    func keep() async throws {
        while true {
            try await Task.sleep(for: .milliseconds(max(timing.leaseMilliseconds / 3, 1)))
            do {
                try await renew(report: nil)
            } catch is StoreError {
                // The next beat tries again; if none succeeds, the lease runs out, which is what it is for.
                continue
            }
        }
    }
}
