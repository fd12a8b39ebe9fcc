package import Core

/// Work that is done after the request that asked for it, at least once, by whichever process is free.
package struct Job: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// Waiting for its time or for a worker.
        case queued
        case running
        case done
        case cancelled
        /// Given up after too many failures; a person looks at it and retries or leaves it.
        case parked
    }

    package let id: ID<Job>
    package let kind: String
    /// JSON that the kind's handler understands.
    package let payload: String
    package let state: State
    /// How often a worker began it.
    package let attempts: Int
    package let progressDone: Int64
    /// Zero while unknown.
    package let progressTotal: Int64
    package let note: String
    package let lastError: String?
    package let isCancelRequested: Bool
    package let createdAt: Instant
    package let startedAt: Instant?
    package let finishedAt: Instant?
    /// Not begun before.
    package let runAt: Instant
    package let createdBy: Int64?
    /// Which claim this is: a worker that lost its lease can no longer write with the old one.
    let lease: Int64?
}

/// Puts work into the queue.
package enum JobQueue {
    /// Enqueues in the caller's transaction: the job exists exactly when the data it is about does.
    ///
    /// - Parameter key: of two jobs with one key the second joins the first while that has not been started.
    /// - Parameter runAt: nil for at once.
    @discardableResult
    package static func enqueue(
        kind: String, payload: String, key: String? = nil, runAt: Instant? = nil, createdBy: Int64? = nil,
        surroundings: Surroundings, in tx: any Transaction
    ) throws -> ID<Job> {
        try JobStore.insert(
            NewJob(
                id: ID(surroundings.newID()), kind: kind, payload: payload, key: key, now: surroundings.now(),
                runAt: runAt, createdBy: createdBy),
            in: tx)
    }
}

/// Does the jobs of one kind.
package protocol JobHandler: Sendable {
    var kind: String { get }
    /// May be called again for the same job after a failure or a lost process, so it must bear repetition.
    ///
    /// A `Problem` whose kind is not `unavailable` or `tooMany` parks the job at once; any other error is tried again.
    func run(_ job: Job, progress: JobProgress) async throws
}

/// When jobs are tried again and given up.
package struct JobTiming: Sendable {
    /// A job whose worker has not been heard of for this long is begun by another.
    package var leaseMilliseconds: Int64 = 60_000
    package var attemptsMax = 5
    /// The wait after the first failure; doubled after each further one.
    package var backOffMilliseconds: Int64 = 5_000
    package var backOffMillisecondsMax: Int64 = 3_600_000
    /// How long an idle worker sleeps, and so how late a job may begin.
    package var pollMilliseconds: Int64 = 250
    /// Progress is written at most this often: each writing waits for the disk.
    package var reportMilliseconds: Int64 = 400

    package init() {}

    func backOff(afterAttempts attempts: Int) -> Int64 {
        let doublings = min(max(attempts - 1, 0), 30)
        return min(backOffMilliseconds << Int64(doublings), backOffMillisecondsMax)
    }
}
