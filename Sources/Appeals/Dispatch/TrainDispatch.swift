package import Core
internal import Mining
package import Store

/// Learns who handles what from the cases that were handled, and takes the new model only where it does no worse than
/// the one in use on cases that neither has learnt from.
package struct TrainDispatch: Sendable {
    package enum Outcome: Sendable, Equatable {
        /// Too few handled cases, or all of one unit.
        case tooFew
        /// Too few new ones since the model in use.
        case nothingNew
        case replaced(version: Int)
        case kept(version: Int)
    }

    private let database: any Database
    private let surroundings: Surroundings

    package init(database: any Database, surroundings: Surroundings) {
        self.database = database
        self.surroundings = surroundings
    }

    @discardableResult
    package func callAsFunction(progress: @Sendable (Int, Int) async throws -> Void) async throws -> Outcome {
        let (handled, current, bytes) = try await database.read { tx in
            let current = try DispatchStore.inUse(in: tx)
            return (
                try DispatchStore.handled(limit: DispatchLimits.casesMax, in: tx), current,
                try current.flatMap { try DispatchStore.model($0.version, in: tx) }
            )
        }
        guard handled.count >= DispatchLimits.casesMin, let latest = handled.last else { return .tooFew }
        // A model that can't be read any more, after an update of the program, counts as none.
        let rival = bytes.flatMap { try? DispatchModel(bytes: $0) }
        let learntUntil = rival == nil ? nil : current?.learntUntil
        let (learnt, judging) = Self.split(handled, learntUntil: learntUntil)
        guard judging.count >= (learntUntil == nil ? 1 : DispatchLimits.heldOutMin) else { return .nothingNew }
        try await progress(1, Self.steps)
        guard let candidate = try? DispatchModel.train(learnt) else { return .tooFew }
        try await progress(2, Self.steps)
        let score = DispatchScore(candidate, on: judging)
        let rivalFirst = rival.map { DispatchScore($0, on: judging).first }
        let isBetter = score.first >= (rivalFirst ?? 0)
        try await progress(3, Self.steps)
        let final = isBetter ? try? DispatchModel.train(handled.map(\.example)) : nil
        let record = DispatchRecord(
            version: 0, trainedAt: surroundings.now(), learntUntil: latest.at, cases: handled.count,
            units: (final ?? candidate).units.count, heldOut: score.cases, rightFirst: score.first,
            rightThree: score.three, rivalFirst: rivalFirst, isInUse: final != nil)
        let model = final?.bytes()
        let version = try await database.write { try DispatchStore.insert(record, model: model, in: $0) }
        try await progress(Self.steps, Self.steps)
        return final == nil ? .kept(version: version) : .replaced(version: version)
    }

    private static let steps = 4

    /// What is learnt from, and the later cases that judge: those the model in use has not seen, or the latest fifth.
    private static func split(
        _ handled: [DispatchStore.Handled], learntUntil: Instant?
    ) -> (learnt: [DispatchModel.Example], judging: [DispatchModel.Example]) {
        let new = learntUntil.map { until in handled.count { $0.at > until } }
        let count = min(DispatchLimits.heldOutMax, new ?? handled.count / DispatchLimits.firstShare)
        let examples = handled.map(\.example)
        return (Array(examples.dropLast(count)), Array(examples.suffix(count)))
    }
}

/// The job that trains, queued when cases are closed and when somebody asks for it.
package struct TrainDispatchJob: JobHandler {
    package static let kind = "train-dispatch"
    package var kind: String { Self.kind }
    private let train: TrainDispatch

    package init(train: TrainDispatch) { self.train = train }

    package func run(_ job: Job, progress: JobProgress) async throws {
        try await train { done, total in try await progress.report(done: Int64(done), total: Int64(total)) }
    }

    /// - Parameter isSoon: at once, for somebody who waits; else after a while, so that many closings train once.
    package static func enqueue(
        isSoon: Bool, createdBy: Int64?, surroundings: Surroundings, in tx: any Transaction
    ) throws {
        let runAt = isSoon ? nil : surroundings.now().adding(milliseconds: DispatchLimits.waitMilliseconds)
        try JobQueue.enqueue(
            kind: kind, payload: "{}", key: isSoon ? kind + "-now" : kind, runAt: runAt, createdBy: createdBy,
            surroundings: surroundings, in: tx)
    }
}
