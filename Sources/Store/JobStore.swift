package import Core

struct NewJob {
    let id: ID<Job>
    let kind: String
    let payload: String
    let key: String?
    let now: Instant
    let runAt: Instant?
    let createdBy: Int64?
}

/// The table of jobs.
///
/// `due_at_ms` is when a worker may take the job: its time while it is queued, the end of its lease while it runs,
/// NULL once it is over. `waiting_key` is NULL as soon as the job has been started.
package enum JobStore {
    package static func find(_ id: ID<Job>, in tx: any Transaction) throws -> Job? {
        try tx.first("SELECT * FROM job WHERE id = \(id)").map(job)
    }

    /// Newest first.
    package static func list(
        state: Job.State? = nil, kind: String? = nil, limit: Int, offset: Int = 0, in tx: any Transaction
    ) throws -> [Job] {
        try tx.all(
            """
            SELECT * FROM job \(SQL.whereAll(conditions(state, kind))) ORDER BY created_at_ms DESC, id DESC
            LIMIT \(min(max(limit, 0), StoreLimits.jobPageMax)) OFFSET \(max(offset, 0))
            """
        ).map(job)
    }

    package static func count(
        state: Job.State? = nil, kind: String? = nil, in tx: any Transaction
    ) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM job \(SQL.whereAll(conditions(state, kind)))")?.get("n") ?? 0
    }

    package static func countsByState(in tx: any Transaction) throws -> [Job.State: Int] {
        var counts: [Job.State: Int] = [:]
        try tx.forEach("SELECT state, COUNT(*) AS n FROM job GROUP BY state") { row in
            counts[try row.get("state")] = try row.get("n")
            return true
        }
        return counts
    }

    /// A queued job is cancelled at once, a running one when it next reports; false when it is over already.
    @discardableResult
    package static func requestCancel(_ id: ID<Job>, now: Instant, in tx: any Transaction) throws -> Bool {
        let wasQueued = try tx.run(
            """
            UPDATE job SET state = 'cancelled', finished_at_ms = \(now), due_at_ms = NULL, waiting_key = NULL
            WHERE id = \(id) AND state = 'queued'
            """)
        if wasQueued > 0 { return true }
        return try tx.run("UPDATE job SET is_cancel_requested = 1 WHERE id = \(id) AND state = 'running'") > 0
    }

    /// Queues a parked or cancelled job again, with all its attempts; false when it is neither.
    @discardableResult
    package static func retry(_ id: ID<Job>, now: Instant, in tx: any Transaction) throws -> Bool {
        try tx.run(
            """
            UPDATE job SET state = 'queued', attempts = 0, is_cancel_requested = 0, run_at_ms = \(now),
                due_at_ms = \(now), finished_at_ms = NULL, progress_done = 0, progress_total = 0, note = ''
            WHERE id = \(id) AND state IN ('parked', 'cancelled')
            """) > 0
    }

    /// Removes what is done or cancelled since before `limit`; parked jobs stay until a person has looked.
    @discardableResult
    package static func removeFinished(before limit: Instant, in tx: any Transaction) throws -> Int {
        try tx.run("DELETE FROM job WHERE state IN ('done', 'cancelled') AND finished_at_ms < \(limit)")
    }

    static func insert(_ new: NewJob, in tx: any Transaction) throws -> ID<Job> {
        let runAt = new.runAt ?? new.now
        let row = try tx.first(
            """
            INSERT INTO job (id, kind, payload, waiting_key, state, attempts, progress_done, progress_total, note,
                is_cancel_requested, due_at_ms, run_at_ms, created_at_ms, created_by)
            VALUES (\(new.id), \(new.kind), \(new.payload), \(new.key), 'queued', 0, 0, 0, '', 0, \(runAt), \(runAt),
                \(new.now), \(new.createdBy))
            ON CONFLICT (waiting_key) DO UPDATE SET
                run_at_ms = CASE WHEN excluded.run_at_ms < job.run_at_ms THEN excluded.run_at_ms ELSE job.run_at_ms END,
                due_at_ms = CASE WHEN excluded.due_at_ms < job.due_at_ms THEN excluded.due_at_ms ELSE job.due_at_ms END
            RETURNING id
            """)
        return try row?.get("id") ?? new.id
    }

    static func isAnyDue(now: Instant, in tx: any Transaction) throws -> Bool {
        try tx.first("SELECT id FROM job WHERE \(isDue(now)) LIMIT 1") != nil
    }

    /// Due, or queued in what is the future now: the clock was set back, and nobody should wait for it to catch up.
    private static func isDue(_ now: Instant) -> SQL {
        "due_at_ms IS NOT NULL AND (due_at_ms <= \(now) OR (state = 'queued' AND created_at_ms > \(now)))"
    }

    /// Takes the job that has been due longest; a job whose worker's lease has run out is due again.
    package static func claim(lease: Int64, until: Instant, now: Instant, in tx: any Transaction) throws -> Job? {
        let skip: SQL = tx.engine == .postgresql ? "FOR UPDATE SKIP LOCKED" : ""
        return try tx.first(
            """
            UPDATE job SET state = 'running', attempts = attempts + 1, lease = \(lease), due_at_ms = \(until),
                started_at_ms = \(now), waiting_key = NULL
            WHERE id = (SELECT id FROM job WHERE \(isDue(now)) ORDER BY due_at_ms, id LIMIT 1 \(skip))
            RETURNING *
            """
        ).map(job)
    }

    /// Nil when another worker has the job by now; otherwise whether it should stop.
    static func renew(
        _ id: ID<Job>, lease: Int64, until: Instant, report: (done: Int64, total: Int64, note: String)?,
        in tx: any Transaction
    ) throws -> Bool? {
        let progress: SQL =
            report.map { ", progress_done = \($0.done), progress_total = \($0.total), note = \($0.note)" } ?? ""
        return try tx.first(
            """
            UPDATE job SET due_at_ms = \(until)\(progress) WHERE id = \(id) AND lease = \(lease) AND state = 'running'
            RETURNING is_cancel_requested
            """)?.get("is_cancel_requested")
    }

    /// Ends a claim as done, cancelled or parked; false when another worker has the job by now.
    static func finish(
        _ id: ID<Job>, lease: Int64, as state: Job.State, error: String?, now: Instant, in tx: any Transaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE job SET state = \(state.rawValue), finished_at_ms = \(now), due_at_ms = NULL, lease = NULL,
                last_error = \(error)
            WHERE id = \(id) AND lease = \(lease) AND state = 'running'
            """) > 0
    }

    /// Ends a claim by queueing the job again.
    /// - Parameter isCounted: false when the worker was stopped, which is not the job's fault.
    static func requeue(
        _ id: ID<Job>, lease: Int64, at time: Instant, error: String?, isCounted: Bool, in tx: any Transaction
    ) throws -> Bool {
        let attempts: SQL = isCounted ? "attempts" : "attempts - 1"
        return try tx.run(
            """
            UPDATE job SET state = 'queued', due_at_ms = \(time), run_at_ms = \(time), lease = NULL,
                attempts = \(attempts), last_error = COALESCE(\(error), last_error)
            WHERE id = \(id) AND lease = \(lease) AND state = 'running'
            """) > 0
    }

    private static func conditions(_ state: Job.State?, _ kind: String?) -> [SQL] {
        var conditions: [SQL] = []
        if let state { conditions.append("state = \(state.rawValue)") }
        if let kind { conditions.append("kind = \(kind)") }
        return conditions
    }

    private static func job(_ row: Row) throws -> Job {
        Job(
            id: try row.get("id"), kind: try row.get("kind"), payload: try row.get("payload"),
            state: try row.get("state"), attempts: try row.get("attempts"),
            progressDone: try row.get("progress_done"), progressTotal: try row.get("progress_total"),
            note: try row.get("note"), lastError: try row.getOptional("last_error"),
            isCancelRequested: try row.get("is_cancel_requested"), createdAt: try row.get("created_at_ms"),
            startedAt: try row.getOptional("started_at_ms"), finishedAt: try row.getOptional("finished_at_ms"),
            runAt: try row.get("run_at_ms"), createdBy: try row.getOptional("created_by"),
            lease: try row.getOptional("lease"))
    }
}
