package import Casework
internal import Core
package import Mining
internal import Organisation
package import Store

/// Brings the problems up to date with the appeals. Each process keeps its own miner; the database decides.
///
/// A run reads only appeals that changed since this process' last run, mines only what they touch, and writes only
/// differences, in one transaction.
package actor UpdateProblems {
    private let database: any Database
    private let cases: Cases
    private var miner: ProblemMiner
    /// The appeals the miner holds, and when each had last changed.
    private var known: [Int64: Int64] = [:]
    private var latest: Int64 = 0
    /// The merges and splits of staff that the miner is bound by, in their order.
    private var bound: [ID<ProblemDecision>] = []
    /// The appeals those are about.
    private var decided: Set<Int64> = []
    /// One run at a time: what one has read and not yet mined would be lost on another.
    private var isRunning = false

    package init(
        database: any Database, cases: Cases, gazetteer: Gazetteer, lexicon: SeverityLexicon = .empty
    ) {
        self.database = database
        self.cases = cases
        miner = ProblemMiner(gazetteer: gazetteer, lexicon: lexicon)
    }

    package struct Outcome: Sendable, Equatable {
        package let appeals: Int
        package let problems: Int
        package let created: Int
        package let saved: Int
        package let retired: Int
    }

    /// - Parameter report: called with what is done so far and in all, where each appeal is to be read and to be
    ///   compared; throws to stop, with nothing written.
    @discardableResult
    package func callAsFunction(
        report: @Sendable (_ done: Int, _ total: Int) async throws -> Void = { _, _ in }
    ) async throws -> Outcome {
        while isRunning { try await Task.sleep(for: .milliseconds(50)) }
        isRunning = true
        defer { isRunning = false }
        var touched = try await readChanges(report: report)
        touched.formUnion(try await reconcile())
        while true {
            try await bind()
            while let step = miner.searchOn() {
                try Task.checkCancellation()
                let appeals = known.count
                try await report(appeals + appeals * step.done / max(1, step.total), 2 * appeals)
            }
            let mined = miner.problems()
            if let plan = try await write(mined, touched: touched) {
                return Outcome(
                    appeals: known.count, problems: mined.count, created: plan.created, saved: plan.saved.count,
                    retired: plan.retired.count)
            }
            try Task.checkCancellation()
        }
    }

    /// Writes the differences; nil when staff merged or split something since the miner was told.
    private func write(_ mined: [MinedProblem], touched: Set<Int64>) async throws -> ProblemPlan? {
        let (cases, appeals, bound) = (cases, known.count, bound)
        let surroundings = cases.surroundings
        return try await database.write { tx in
            try ProblemWritingStore.beginRun(at: surroundings.now(), appeals: appeals, in: tx)
            guard try ProblemDecisionStore.structural(in: tx) == bound else { return nil }
            let plan = try ProblemPlan(
                mined: mined,
                stored: ProblemPlan.Stored(
                    current: try ProblemWritingStore.current(in: tx),
                    membership: try ProblemWritingStore.membership(in: tx)),
                touched: touched, surroundings: surroundings,
                facts: { try ProblemWritingStore.facts(of: $0, in: tx) })
            try Self.apply(plan, cases, in: tx)
            if !touched.isEmpty {
                try FindHotspotsJob.enqueue(after: 30, surroundings: surroundings, in: tx)
            }
            return plan
        }
    }

    /// Tells the miner what staff merged and split since it was last told; after one was undone, all of it anew.
    private func bind() async throws {
        let held = try await database.read { try ProblemDecisionStore.structural(in: $0) }
        guard held != bound else { return }
        let isLonger = held.starts(with: bound)
        if !isLonger {
            miner.release(decided.sorted())
            decided = []
        }
        let new = isLonger ? Array(held.dropFirst(bound.count)) : held
        let constraints = try await database.read { try ProblemDecisionStore.constraints(new, in: $0) }
        for constraint in constraints {
            decided.formUnion(constraint.stayed + constraint.moved)
            if constraint.kind == .merge {
                miner.constrain(together: constraint.stayed + constraint.moved)
            } else {
                miner.constrain(apart: constraint.stayed, from: constraint.moved)
                miner.constrain(together: constraint.moved)
            }
        }
        bound = held
    }

    /// Reads what changed since the last run, and a little before it: a transaction may commit after a later one.
    private func readChanges(report: @Sendable (Int, Int) async throws -> Void) async throws -> Set<Int64> {
        var touched: Set<Int64> = []
        var place = (updatedAt: max(0, latest - Self.overlapMilliseconds), id: Int64.min)
        let total = try await database.read { try ProblemWritingStore.appealCount(in: $0) }
        while true {
            try Task.checkCancellation()
            let from = place
            let messages = try await database.read {
                try ProblemWritingStore.messages(after: from, limit: ProblemLimits.appealsPerReport, in: $0)
            }
            guard let last = messages.last else { break }
            touched.formUnion(take(messages))
            place = (last.updatedAt, last.message.id)
            latest = max(latest, last.updatedAt)
            try await report(min(known.count, total), 2 * total)
        }
        return touched
    }

    /// Gives the miner what it does not hold yet in this form; returns the appeals given.
    private func take(_ messages: [ProblemWritingStore.Message]) -> [Int64] {
        let fresh = messages.filter { known[$0.message.id] != $0.updatedAt }
        miner.insert(fresh.map(\.message))
        for message in fresh { known[message.message.id] = message.updatedAt }
        return fresh.map(\.message.id)
    }

    /// Removes appeals that are gone (an import undone) and reads any that were missed. Costs one count when all fits.
    private func reconcile() async throws -> [Int64] {
        let count = try await database.read { try ProblemWritingStore.appealCount(in: $0) }
        guard count != known.count else { return [] }
        let ids = try await database.read { try ProblemWritingStore.appealIDs(in: $0) }
        let gone = known.keys.filter { !ids.contains($0) }
        miner.remove(gone)
        for id in gone { known[id] = nil }
        let missed = ids.subtracting(known.keys)
        let messages = try await database.read { try ProblemWritingStore.messages(missed, in: $0) }
        return take(messages)
    }

    private static func apply(_ plan: ProblemPlan, _ cases: Cases, in tx: any Transaction) throws {
        try ProblemWritingStore.leave(plan.leaving, in: tx)
        for record in plan.saved { try ProblemWritingStore.save(record, in: tx) }
        for retirement in plan.retired {
            try ProblemWritingStore.retire(
                retirement.id, into: retirement.into, at: cases.surroundings.now(), in: tx)
            try close(retirement, cases, in: tx)
        }
        try ProblemWritingStore.join(plan.joining.map { ($0.appeal, $0.problem) }, in: tx)
    }

    /// A problem that ended takes no further step, so its case must not wait on anybody's worklist: it is closed, says
    /// why, and points to the one that most of its appeals went to.
    private static func close(_ gone: ProblemPlan.Retirement, _ cases: Cases, in tx: any Transaction) throws {
        let now = cases.surroundings.now()
        let id = ID<CaseFile>(gone.id.rawValue)
        guard let file = try CaseStore.ifPresent(id, now: now, in: tx), file.isOpen else { return }
        let heir = try gone.into.map { try ProblemStore.find($0, in: tx) }
        try cases.endProblem(file, into: heir, event: ProblemTimeline.regrouped, actor: .system("mining"), in: tx)
    }

    private static let overlapMilliseconds: Int64 = 60_000
}
