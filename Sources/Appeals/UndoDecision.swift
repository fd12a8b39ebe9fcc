internal import Casework
package import Core
internal import Mining
internal import Organisation
internal import Store
package import Web

/// Takes a decision about a problem back. It stays in the timeline, marked as undone, with who undid it.
///
/// Only the latest of its sort that still holds can be undone, so that nothing later is left standing on air.
package struct UndoDecision: Sendable {
    private let reshape: ReshapeProblem
    private var database: any Database { reshape.database }
    private var cases: Cases { reshape.cases }
    private var surroundings: Surroundings { cases.surroundings }

    package init(reshape: ReshapeProblem) { self.reshape = reshape }

    /// - Throws: `ProblemError`; then nothing has changed.
    /// - Returns: the problem to go back to.
    @discardableResult
    package func callAsFunction(
        _ id: ID<ProblemDecision>, by account: Visitor.Account
    ) async throws -> ID<ProblemRecord> {
        let now = surroundings.now()
        let (decision, file) = try await database.read { tx in
            let decision = try ProblemDecisionStore.find(id, in: tx)
            let problem = try ProblemStore.find(decision.problem, in: tx)
            return (decision, try CaseStore.ifPresent(problem.caseID, now: now, in: tx))
        }
        guard ProblemPermission.mayUndo(decision, account, lead: file?.leadUnitCode) else {
            throw ProblemError.notYours
        }
        switch decision.kind {
        case .merge: try await undoMerge(decision, account)
        case .split: try await undoSplit(decision, account)
        case .move, .rename, .pin, .unpin:
            try await database.write { try undoHandling(decision, account, in: $0) }
        }
        return decision.problem
    }

    private func mark(
        _ decision: ProblemDecision, _ account: Visitor.Account, in tx: any Transaction
    ) throws {
        guard decision.undoneAt == nil else { throw ProblemError.undoneAlready }
        guard try ProblemDecisionStore.latest(like: decision, in: tx) == decision.id else {
            throw try ProblemDecisionStore.find(decision.id, in: tx).undoneAt == nil
                ? ProblemError.undoTooLate : .undoneAlready
        }
        guard
            try ProblemDecisionStore.markUndone(
                decision.id, by: account.personID, at: surroundings.now(), in: tx)
        else { throw ProblemError.undoneAlready }
    }

    // MARK: - State, name, pin

    private func undoHandling(
        _ decision: ProblemDecision, _ account: Visitor.Account, in tx: any Transaction
    ) throws {
        let problem = try ProblemStore.find(decision.problem, in: tx)
        guard problem.retiredAt == nil else { throw ProblemError.retired }
        var handling = problem.handling
        switch decision.kind {
        case .move:
            guard let from = decision.from, handling.state == decision.to else { throw ProblemError.undoTooLate }
            handling.state = from
            handling.stateAt = surroundings.now()
        case .rename: handling.name = decision.before.isEmpty ? nil : decision.before
        case .pin: handling.isPinned = false
        case .unpin: handling.isPinned = true
        case .merge, .split: break
        }
        guard try ProblemDecisionStore.save(problem, handling, in: tx) else { throw ProblemError.changedMeanwhile }
        try mark(decision, account, in: tx)
        guard let file = try CaseStore.ifPresent(problem.caseID, now: surroundings.now(), in: tx) else { return }
        try undoCase(file, decision, problem, handling, account, in: tx)
    }

    private func undoCase(
        _ file: CaseFile, _ decision: ProblemDecision, _ problem: ProblemRecord, _ handling: ProblemRecord.Handling,
        _ account: Visitor.Account, in tx: any Transaction
    ) throws {
        let (event, actor) = (ProblemTimeline.undone, account.actor)
        switch decision.kind {
        case .move(let done):
            var file = try cases.move(
                file, to: handling.state.rawValue, isOpen: handling.state.isOpen, event: event,
                detail: done.title.zh, actor: actor, in: tx)
            if done == .assign || done == .sendBack {
                let lead = decision.before.isEmpty ? nil : decision.before
                file = try cases.assign(file, lead: lead, reason: done.title.zh, actor: actor, in: tx)
                if lead == nil, file.dueAt != nil {
                    _ = try cases.setDeadline(file, nil, reason: done.title.zh, actor: actor, in: tx)
                }
            }
        case .rename:
            try cases.retitle(
                file, ProblemText.caseTitle(handling.name ?? problem.minedTitle), searchText: ("", ""), actor: actor,
                in: tx)
        case .pin, .unpin, .merge, .split:
            try cases.note(file.id, event: event, detail: decision.kind.title.zh, actor: actor, in: tx)
        }
    }

    // MARK: - Merge and split

    private func undoMerge(_ decision: ProblemDecision, _ account: Visitor.Account) async throws {
        guard decision.undoneAt == nil else { throw ProblemError.undoneAlready }
        guard let ended = decision.other else { throw ProblemError.undoTooLate }
        let (kept, gone, moved) = try await database.read { tx in
            (
                try ProblemShape(decision.problem, in: tx), try ProblemStore.find(ended, in: tx),
                Set(try ProblemDecisionStore.members(of: decision.id, side: 1, in: tx))
            )
        }
        // What has gone meanwhile, with an import undone, does not come back; what came since stays.
        let back = kept.appeals.filter(moved.contains)
        let rest = kept.appeals.filter { !moved.contains($0) }
        guard back.count >= 2, rest.count >= 2, gone.retiredAt != nil, gone.mergedInto == kept.problem.id else {
            throw ProblemError.undoTooLate
        }
        let (first, second) = (try await reshape.describe(rest), try await reshape.describe(back))
        try await database.write { tx in
            try ProblemDecisionStore.lock(in: tx)
            try kept.hold(in: tx)
            guard try ProblemDecisionStore.revive(gone, at: surroundings.now(), in: tx) else {
                throw ProblemError.changedMeanwhile
            }
            try mark(decision, account, in: tx)
            try ProblemWritingStore.leave(back, in: tx)
            try reshape.write(first, as: kept.problem.id, leaving: [], in: tx)
            try reshape.write(second, as: ended, leaving: [], in: tx)
            if let file = try CaseStore.ifPresent(gone.caseID, now: surroundings.now(), in: tx) {
                let state = gone.handling.state
                _ = try cases.move(
                    file, to: state.rawValue, isOpen: state.isOpen, event: ProblemTimeline.undone,
                    detail: decision.kind.title.zh, actor: account.actor, in: tx)
            }
            try note(kept.problem.caseID, decision, account, in: tx)
            try reshape.finish(account, in: tx)
        }
    }

    private func undoSplit(_ decision: ProblemDecision, _ account: Visitor.Account) async throws {
        guard decision.undoneAt == nil else { throw ProblemError.undoneAlready }
        let (kept, new, alone) = try await database.read { tx in
            (
                try ProblemShape(decision.problem, in: tx),
                try decision.other.map { try ProblemShape($0, in: tx) },
                try decision.other == nil ? ProblemDecisionStore.members(of: decision.id, side: 1, in: tx) : []
            )
        }
        if let new, new.problem.retiredAt != nil { throw ProblemError.undoTooLate }
        let back = try await database.read { tx in
            try (new?.appeals ?? alone).filter { appeal in
                let home = try ProblemStore.problem(ofAppeal: appeal, in: tx)?.id
                return try home == nil ? ProblemWritingStore.exists(appeal, in: tx) : home == new?.problem.id
            }
        }
        guard !back.isEmpty else { throw ProblemError.undoTooLate }
        let all = try await reshape.describe(kept.appeals + back)
        try await database.write { tx in
            try ProblemDecisionStore.lock(in: tx)
            for shape in [kept, new].compactMap({ $0 }) { try shape.hold(in: tx) }
            try mark(decision, account, in: tx)
            try reshape.write(all, as: kept.problem.id, leaving: back, in: tx)
            if let new {
                try ProblemWritingStore.retire(new.problem.id, into: kept.problem.id, at: surroundings.now(), in: tx)
                try reshape.close(new.problem, into: kept.problem, decision, account, in: tx)
            } else {
                try note(kept.problem.caseID, decision, account, in: tx)
            }
            try reshape.finish(account, in: tx)
        }
    }

    private func note(
        _ id: ID<CaseFile>, _ decision: ProblemDecision, _ account: Visitor.Account, in tx: any Transaction
    ) throws {
        guard try CaseStore.ifPresent(id, now: surroundings.now(), in: tx) != nil else { return }
        try cases.note(
            id, event: ProblemTimeline.undone, detail: decision.kind.title.zh, actor: account.actor, in: tx)
    }
}
