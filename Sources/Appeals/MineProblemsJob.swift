package import Core
package import Store

/// The job that brings the problems up to date, queued by whatever changes appeals.
package struct MineProblemsJob: JobHandler {
    package static let kind = "mine-problems"
    package var kind: String { Self.kind }
    private let update: UpdateProblems

    package init(update: UpdateProblems) { self.update = update }

    package func run(_ job: Job, progress: JobProgress) async throws {
        try await update { done, total in
            try await progress.report(done: Int64(done), total: Int64(total))
        }
    }

    /// In the transaction that changed appeals: the job exists exactly when the change does.
    package static func enqueue(createdBy: Int64? = nil, surroundings: Surroundings, in tx: any Transaction) throws {
        try JobQueue.enqueue(
            kind: kind, payload: "{}", key: kind, createdBy: createdBy, surroundings: surroundings, in: tx)
    }
}
