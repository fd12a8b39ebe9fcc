package import Casework
package import Core
internal import Organisation
package import Store
package import Web

/// Carries a problem along its way, renames and pins it. Of two people who act on one page, the second is refused.
///
/// A problem that staff take up becomes a case: with its number, lead unit, deadline, light and timeline.
package struct DecideProblem: Sendable {
    package enum Deed: Sendable, Equatable {
        case move(ProblemEvent, unit: String? = nil)
        /// An empty name takes the mined title again.
        case rename(String)
        case pin(Bool)
    }

    /// What a form says.
    package struct Order: Sendable, Equatable {
        package var deed: Deed
        /// The version of the problem that the form showed.
        package var version: Int
        package var reason: String

        package init(_ deed: Deed, version: Int, reason: String = "") {
            self.deed = deed
            self.version = version
            self.reason = reason
        }
    }

    let database: any Database
    let cases: Cases
    private var surroundings: Surroundings { cases.surroundings }

    package init(database: any Database, cases: Cases) {
        self.database = database
        self.cases = cases
    }

    /// - Throws: `ProblemError` or `CaseError`; then nothing has changed.
    package func callAsFunction(
        _ id: ID<ProblemRecord>, _ order: Order, by account: Visitor.Account
    ) async throws -> ProblemDecision {
        try await database.write { try decide(id, order, account, in: $0) }
    }

    private func decide(
        _ id: ID<ProblemRecord>, _ order: Order, _ account: Visitor.Account, in tx: any Transaction
    ) throws -> ProblemDecision {
        let problem = try ProblemStore.find(id, in: tx)
        try problem.check(version: order.version)
        let file = try CaseStore.ifPresent(problem.caseID, now: surroundings.now(), in: tx)
        let reason = try ProblemText.reason(order.reason)
        switch order.deed {
        case .move(let event, let unit):
            return try move(problem, file, event, unit: unit, reason: reason, account, in: tx)
        case .rename(let name):
            return try rename(problem, file, to: name, account, in: tx)
        case .pin(let isPinned):
            guard ProblemPermission.mayShape(account) else { throw ProblemError.notYours }
            var handling = problem.handling
            handling.isPinned = isPinned
            let kind: ProblemDecision.Kind = isPinned ? .pin : .unpin
            return try record(problem, handling, file, kind, detail: reason, account: account, in: tx)
        }
    }

    // MARK: - On its way

    private func move(
        _ problem: ProblemRecord, _ file: CaseFile?, _ event: ProblemEvent, unit: String?, reason: String,
        _ account: Visitor.Account, in tx: any Transaction
    ) throws -> ProblemDecision {
        guard ProblemPermission.may(event, account, lead: file?.leadUnitCode) else { throw ProblemError.notYours }
        let next = try problem.handling.state.after(event)
        guard !event.needsReason || !reason.isEmpty else { throw ProblemError.reasonMissing }
        if event == .assign, unit?.isEmpty ?? true { throw ProblemError.unitMissing }
        var handling = problem.handling
        handling.state = next
        handling.stateAt = surroundings.now()
        // The problem's row first: it decides who was first.
        let decision = try record(
            problem, handling, nil, .move(event), before: file?.leadUnitCode ?? "",
            detail: event == .assign ? [unit ?? "", reason].joined(separator: "\n") : reason, account: account, in: tx)
        let moved = try file ?? open(problem, event, next, account, in: tx)
        guard let moved else { return decision }
        try carryOut(event, next, moved, unit: unit, reason: reason, isNew: file == nil, account, in: tx)
        return decision
    }

    /// Nil where nobody takes the problem up.
    private func open(
        _ problem: ProblemRecord, _ event: ProblemEvent, _ state: ProblemState, _ account: Visitor.Account,
        in tx: any Transaction
    ) throws -> CaseFile? {
        guard event == .confirm || event == .assign else { return nil }
        let file = try cases.open(
            NewCase(
                id: problem.caseID, kind: ProblemKind.name, title: ProblemText.caseTitle(problem.title),
                state: ProblemState.confirmed.rawValue, isOpen: true, townshipCode: problem.townshipCode,
                openedAt: surroundings.now(), searchText: "", actor: account.actor,
                event: ProblemTimeline.name(.move(.confirm)), detail: ""), in: tx)
        let open = try ProblemMemberStore.openAppeals(
            of: problem.id, limit: ProblemLimits.appealsLinkedMax, in: tx)
        let appeals = try CaseStore.find(open, now: surroundings.now(), in: tx)
        for appeal in appeals { try cases.link(appeal, .raises, to: file, actor: account.actor, in: tx) }
        return try CaseStore.find(file.id, now: surroundings.now(), in: tx)
    }

    private func carryOut(
        _ event: ProblemEvent, _ next: ProblemState, _ file: CaseFile, unit: String?, reason: String, isNew: Bool,
        _ account: Visitor.Account, in tx: any Transaction
    ) throws {
        var file = file
        let actor = account.actor
        if !isNew || event != .confirm {
            file = try cases.move(
                file, to: next.rawValue, isOpen: next.isOpen, event: ProblemTimeline.name(.move(event)),
                detail: reason, actor: actor, in: tx)
        }
        switch event {
        case .assign:
            file = try cases.assign(file, lead: unit, reason: reason, actor: actor, in: tx)
            let deadline = ProblemKind.deadline(from: surroundings.now(), cases.profile)
            _ = try cases.setDeadline(file, deadline, reason: event.title.zh, actor: actor, in: tx)
        case .sendBack:
            _ = try cases.assign(file, lead: nil, reason: reason, actor: actor, in: tx)
        case .confirm, .start, .solve, .reopen, .dismiss, .restore: break
        }
    }

    // MARK: - Name

    private func rename(
        _ problem: ProblemRecord, _ file: CaseFile?, to name: String, _ account: Visitor.Account,
        in tx: any Transaction
    ) throws -> ProblemDecision {
        guard ProblemPermission.mayShape(account) else { throw ProblemError.notYours }
        let name = ImportText.cleaned(name)
        guard !ImportText.isLonger(name, than: ProblemLimits.nameCharactersMax) else {
            throw ProblemError.textTooLong(max: ProblemLimits.nameCharactersMax)
        }
        guard name != problem.title else { throw ProblemError.nameMissing }
        var handling = problem.handling
        handling.name = name.isEmpty || name == problem.minedTitle ? nil : name
        let decision = try record(
            problem, handling, nil, .rename, before: problem.handling.name ?? "", detail: handling.name ?? "",
            account: account, in: tx)
        if let file {
            try cases.retitle(
                file, ProblemText.caseTitle(handling.name ?? problem.minedTitle), searchText: ("", ""),
                actor: account.actor, in: tx)
        }
        return decision
    }

    // MARK: - One conditional statement

    private func record(
        _ problem: ProblemRecord, _ handling: ProblemRecord.Handling, _ file: CaseFile?,
        _ kind: ProblemDecision.Kind, before: String = "", detail: String, account: Visitor.Account,
        in tx: any Transaction
    ) throws -> ProblemDecision {
        guard try ProblemDecisionStore.save(problem, handling, in: tx) else { throw ProblemError.changedMeanwhile }
        let isMove = if case .move = kind { true } else { false }
        let decision = ProblemDecision(
            id: ID(surroundings.newID()), problem: problem.id, kind: kind,
            from: isMove ? problem.handling.state : nil, to: isMove ? handling.state : nil, before: before,
            detail: detail, personID: account.personID, unitCode: account.unitCode, at: surroundings.now())
        try ProblemDecisionStore.insert(decision, in: tx)
        if let file {
            try cases.note(
                file.id, event: ProblemTimeline.name(kind), detail: detail, actor: account.actor, in: tx)
        }
        return decision
    }
}

extension ProblemRecord {
    /// A problem and its case share their identifier.
    package var caseID: ID<CaseFile> { ID(id.rawValue) }

    /// - Throws: `ProblemError` when the problem is not as a form saw it.
    func check(version: Int) throws(ProblemError) {
        guard retiredAt == nil else { throw .retired }
        guard handling.version == version else { throw .changedMeanwhile }
    }
}

extension ProblemText {
    /// - Throws: `ProblemError.textTooLong`.
    static func reason(_ text: String) throws(ProblemError) -> String {
        let text = ImportText.cleaned(text)
        guard !ImportText.isLonger(text, than: ProblemLimits.reasonCharactersMax) else {
            throw .textTooLong(max: ProblemLimits.reasonCharactersMax)
        }
        return text
    }

    /// As a case may have it: cases are listed to all of the desk, so numbers of people are masked.
    static func caseTitle(_ title: String) -> String {
        let title = masked(title)
        guard ImportText.isLonger(title, than: CasesLimits.titleCharactersMax) else { return title }
        return String(String.UnicodeScalarView(title.unicodeScalars.prefix(CasesLimits.titleCharactersMax - 1))) + "…"
    }
}
