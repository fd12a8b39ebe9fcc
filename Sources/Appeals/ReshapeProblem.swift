package import Casework
package import Core
package import Mining
internal import Organisation
package import Store
package import Web

/// Merges two problems, or splits one, at once and for good: the miner is bound by it from then on (ADR 045).
///
/// What the problems say is computed by the miner over their own appeals before anything is locked, and written only
/// if nothing has changed meanwhile.
package struct ReshapeProblem: Sendable {
    let database: any Database
    let cases: Cases
    let gazetteer: Gazetteer
    private var surroundings: Surroundings { cases.surroundings }

    package init(database: any Database, cases: Cases, gazetteer: Gazetteer) {
        self.database = database
        self.cases = cases
        self.gazetteer = gazetteer
    }

    /// - Parameter version: of the problem that ends, as the form showed it.
    /// - Throws: `ProblemError`; then nothing has changed.
    package func merge(
        _ ending: ID<ProblemRecord>, into kept: ID<ProblemRecord>, version: Int, reason: String,
        by account: Visitor.Account
    ) async throws -> ProblemDecision {
        guard ProblemPermission.mayShape(account) else { throw ProblemError.notYours }
        guard ending != kept else { throw ProblemError.mergeWithItself }
        let reason = try ProblemText.reason(reason)
        let (gone, stays) = try await database.read { tx in
            (try ProblemShape(ending, in: tx), try ProblemShape(kept, in: tx))
        }
        try gone.problem.check(version: version)
        guard gone.appeals.count + stays.appeals.count <= ProblemLimits.mergedAppealsMax else {
            throw ProblemError.mergeTooLarge(max: ProblemLimits.mergedAppealsMax)
        }
        let all = try await describe(gone.appeals + stays.appeals)
        return try await database.write { tx in
            try ProblemDecisionStore.lock(in: tx)
            for shape in [gone, stays].sorted(by: { $0.problem.id < $1.problem.id }) { try shape.hold(in: tx) }
            try write(all, as: kept, leaving: gone.appeals, in: tx)
            try ProblemWritingStore.retire(ending, into: kept, at: surroundings.now(), in: tx)
            let decision = decision(
                .merge, kept, ending, detail: [gone.problem.title, reason].joined(separator: "\n"), account)
            try ProblemDecisionStore.insert(decision, in: tx)
            try ProblemDecisionStore.insertMembers(
                of: decision.id, stayed: stays.appeals, moved: gone.appeals, in: tx)
            try close(gone.problem, into: stays.problem, decision, account, in: tx)
            try finish(account, in: tx)
            return decision
        }
    }

    /// Takes appeals out: two or more become a problem of their own, one stands alone.
    ///
    /// - Throws: `ProblemError`; then nothing has changed.
    package func split(
        _ id: ID<ProblemRecord>, off appeals: [Int64], version: Int, reason: String, by account: Visitor.Account
    ) async throws -> ProblemDecision {
        guard ProblemPermission.mayShape(account) else { throw ProblemError.notYours }
        let reason = try ProblemText.reason(reason)
        let shape = try await database.read { try ProblemShape(id, in: $0) }
        try shape.problem.check(version: version)
        let moved = Set(appeals).intersection(shape.appeals).sorted()
        let stayed = shape.appeals.filter { !moved.contains($0) }
        guard !moved.isEmpty else { throw ProblemError.splitNothing }
        guard stayed.count >= 2 else { throw ProblemError.splitTooMuch }
        guard moved.count * stayed.count <= ProblemLimits.splitPairsMax else {
            throw ProblemError.splitTooLarge(max: ProblemLimits.splitPairsMax / stayed.count)
        }
        let (rest, new) = try await (describe(stayed), moved.count > 1 ? describe(moved) : nil)
        return try await database.write { tx in
            try ProblemDecisionStore.lock(in: tx)
            try shape.hold(in: tx)
            try ProblemWritingStore.leave(moved, in: tx)
            try write(rest, as: id, leaving: [], in: tx)
            let other = new.map { _ in ID<ProblemRecord>(surroundings.newID()) }
            if let new, let other { try write(new, as: other, leaving: [], in: tx) }
            let detail = [new?.title ?? "", reason].joined(separator: "\n")
            let decision = decision(.split, id, other, detail: detail, account)
            try ProblemDecisionStore.insert(decision, in: tx)
            try ProblemDecisionStore.insertMembers(of: decision.id, stayed: stayed, moved: moved, in: tx)
            try note(shape.problem.caseID, decision, text: "\(moved.count)", account, in: tx)
            try finish(account, in: tx)
            return decision
        }
    }

    // MARK: - Parts

    /// What the miner says of these appeals as one problem.
    func describe(_ appeals: [Int64]) async throws -> MinedProblem {
        let messages = try await database.read { tx in
            try ProblemWritingStore.messages(appeals, in: tx).map(\.message)
        }
        var miner = ProblemMiner(gazetteer: gazetteer, lexicon: SeverityLexicon(cases.profile))
        miner.insert(messages)
        miner.constrain(together: appeals)
        let members = appeals.sorted()
        guard let mined = miner.problems().first(where: { $0.members == members }) else {
            throw ProblemError.changedMeanwhile
        }
        return mined
    }

    /// Writes a problem as mined, and its membership.
    func write(
        _ mined: MinedProblem, as id: ID<ProblemRecord>, leaving: [Int64], in tx: any Transaction
    ) throws {
        let facts = try ProblemWritingStore.facts(of: mined.members, in: tx)
        try ProblemWritingStore.save(
            ProblemRecord(id, mined, known: facts, at: surroundings.now()), in: tx)
        try ProblemWritingStore.leave(leaving, in: tx)
        let held = Set(try ProblemDecisionStore.appeals(of: id, in: tx))
        try ProblemWritingStore.join(
            mined.members.filter { !held.contains($0) }.map { ($0, id) }, in: tx)
    }

    private func decision(
        _ kind: ProblemDecision.Kind, _ problem: ID<ProblemRecord>, _ other: ID<ProblemRecord>?, detail: String,
        _ account: Visitor.Account
    ) -> ProblemDecision {
        ProblemDecision(
            id: ID(surroundings.newID()), problem: problem, other: other, kind: kind, detail: detail,
            personID: account.personID, unitCode: account.unitCode, at: surroundings.now())
    }

    /// The case of a problem that ended is closed, and tied to that of the one it went into.
    func close(
        _ gone: ProblemRecord, into kept: ProblemRecord, _ decision: ProblemDecision, _ account: Visitor.Account,
        in tx: any Transaction
    ) throws {
        if let file = try CaseStore.ifPresent(gone.caseID, now: surroundings.now(), in: tx) {
            try cases.endProblem(
                file, into: kept, event: ProblemTimeline.name(decision.kind), actor: account.actor, in: tx)
        }
        try note(kept.caseID, decision, text: gone.title, account, in: tx)
    }

    private func note(
        _ id: ID<CaseFile>, _ decision: ProblemDecision, text: String, _ account: Visitor.Account,
        in tx: any Transaction
    ) throws {
        guard try CaseStore.ifPresent(id, now: surroundings.now(), in: tx) != nil else { return }
        try cases.note(
            id, event: ProblemTimeline.name(decision.kind), detail: text, actor: account.actor, in: tx)
    }

    /// The miner learns of it in the background.
    func finish(_ account: Visitor.Account, in tx: any Transaction) throws {
        try MineProblemsJob.enqueue(createdBy: account.personID, surroundings: surroundings, in: tx)
    }
}

extension Cases {
    /// Closes the case of a problem that ended, and ties it to that of the one it went into, where that has one.
    func endProblem(
        _ file: CaseFile, into kept: ProblemRecord?, event: String, actor: Actor, in tx: any Transaction
    ) throws {
        let moved = try move(
            file, to: kept == nil ? ProblemKind.ended : ProblemKind.merged, isOpen: false, event: event,
            detail: kept?.title ?? "", actor: actor, in: tx)
        guard let kept, let stays = try CaseStore.ifPresent(kept.caseID, now: surroundings.now(), in: tx) else {
            return
        }
        let isLinked = try CaseLinkStore.links(of: file.id, in: tx).contains { $0.otherID == stays.id }
        if !isLinked { try link(moved, .duplicates, to: stays, actor: actor, in: tx) }
    }
}

/// A problem and its appeals as they were read, to be held against what they are when it is written.
struct ProblemShape: Sendable {
    let problem: ProblemRecord
    let appeals: [Int64]

    init(_ id: ID<ProblemRecord>, in tx: any Transaction) throws {
        problem = try ProblemStore.find(id, in: tx)
        appeals = try ProblemDecisionStore.appeals(of: id, in: tx)
    }

    /// - Throws: `ProblemError.changedMeanwhile` unless everything is as it was read; counts the problem's version up.
    func hold(in tx: any Transaction) throws {
        guard problem.retiredAt == nil else { throw ProblemError.retired }
        guard try ProblemDecisionStore.save(problem, problem.handling, in: tx),
            try ProblemDecisionStore.appeals(of: problem.id, in: tx) == appeals
        else { throw ProblemError.changedMeanwhile }
    }
}
