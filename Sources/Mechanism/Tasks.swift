package import Casework
package import Core
import Foundation
package import Organisation
package import Store
package import Web

/// Everything that may be done to a task, each deed in the caller's transaction and in the case's timeline.
package struct Tasks: Sendable {
    package let cases: Cases

    package init(cases: Cases) { self.cases = cases }

    package var profile: Profile { cases.profile }
    package var today: Day { Day(cases.surroundings.now(), in: profile.zone) }

    /// A task about to be opened.
    package struct Draft: Sendable, Equatable {
        package var title: String
        package var nodeID: ID<PlanNode>?
        package var code: String
        package var detail: String
        package var target: String
        package var weight: Int
        package var source: TaskSource
        package var sourceText: String
        package var lead: String?
        package var supporting: [String]
        package var start: Day
        package var due: Day
        /// Empty for one that spans the whole.
        package var milestones: [Milestone]
        package var isDemo: Bool

        package init(
            title: String, nodeID: ID<PlanNode>? = nil, code: String = "", detail: String = "", target: String = "",
            weight: Int = 10, source: TaskSource = .plan, sourceText: String = "", lead: String? = nil,
            supporting: [String] = [], start: Day, due: Day, milestones: [Milestone] = [], isDemo: Bool = false
        ) {
            self.title = title
            self.nodeID = nodeID
            self.code = code
            self.detail = detail
            self.target = target
            self.weight = weight
            self.source = source
            self.sourceText = sourceText
            self.lead = lead
            self.supporting = supporting
            self.start = start
            self.due = due
            self.milestones = milestones
            self.isDemo = isDemo
        }
    }

    /// Opens tasks as `planned`; their numbers come in the same order.
    package func open(_ drafts: [Draft], actor: Actor, in tx: any Transaction) throws -> [ID<CaseFile>] {
        let now = cases.surroundings.now()
        var roots: [ID<PlanNode>: ID<PlanNode>] = [:]
        var news: [NewCase] = []
        var rows: [(WorkTask, TaskPlan)] = []
        for draft in drafts {
            let id = ID<CaseFile>(cases.surroundings.newID())
            if let node = draft.nodeID, roots[node] == nil { roots[node] = try PlanStore.find(node, in: tx).rootID }
            let (task, plan) = try task(draft, id: id, root: draft.nodeID.flatMap { roots[$0] })
            try checkUnits(draft.lead, draft.supporting)
            rows.append((task, plan))
            news.append(
                NewCase(
                    id: id, kind: TaskKind.name, title: try MechanismText.title(draft.title),
                    state: TaskState.planned.rawValue, isOpen: true, leadUnitCode: draft.lead,
                    supportingUnitCodes: draft.supporting,
                    townshipCode: draft.lead.flatMap { profile.township($0)?.code }, openedAt: now,
                    deadline: TaskKind.deadline(task.due, task.source, profile), pace: Pace(),
                    searchText: task.searchText, actor: actor, event: TaskTimeline.opened, detail: task.sourceText))
        }
        for (root, count) in Dictionary(rows.compactMap { $0.0.rootID }.map { ($0, 1) }, uniquingKeysWith: +) {
            guard try TaskStore.count(ofRoot: root, in: tx) + count <= MechanismLimits.tasksPerPlanMax else {
                throw MechanismError.planFull(max: MechanismLimits.tasksPerPlanMax)
            }
        }
        _ = try cases.openMany(news, in: tx)
        try TaskStore.insert(rows, in: tx)
        return news.map(\.id)
    }

    private func task(_ draft: Draft, id: ID<CaseFile>, root: ID<PlanNode>?) throws -> (WorkTask, TaskPlan) {
        guard (1...MechanismLimits.weightMax).contains(draft.weight) else {
            throw MechanismError.weightOutOfRange(max: MechanismLimits.weightMax)
        }
        let plan = try plan(start: draft.start, due: draft.due, draft.milestones, title: draft.title)
        let task = WorkTask(
            id: id, nodeID: draft.nodeID, rootID: root,
            code: try MechanismText.clean(draft.code, max: MechanismLimits.shortCharactersMax),
            detail: try MechanismText.clean(draft.detail), target: try MechanismText.clean(draft.target),
            weight: draft.weight, source: draft.source,
            sourceText: try MechanismText.clean(draft.sourceText, max: MechanismLimits.reasonCharactersMax),
            start: draft.start, due: plan.due, progressPPM: plan.progressPPM, isDemo: draft.isDemo)
        return (task, plan)
    }

    /// The milestones as given, or one that spans the whole; the last is due when the task is.
    func plan(start: Day, due: Day, _ milestones: [Milestone], title: String) throws(MechanismError) -> TaskPlan {
        for day in [start, due] where !MechanismLimits.planYears.contains(day.parts.year) { throw .dayOutOfRange(day) }
        guard due >= start else { throw .dueBeforeStart }
        if milestones.isEmpty {
            return try TaskPlan(start: start, milestones: [Milestone(title: title, weight: 100, due: due)])
        }
        return try TaskPlan(start: start, milestones: milestones)
    }

    /// Exactly one lead, none twice, and none that has been dissolved by today.
    package func checkUnits(_ lead: String?, _ supporting: [String]) throws(MechanismError) {
        for code in [lead].compactMap({ $0 }) + supporting {
            guard let change = profile.mechanism.successor(of: code, on: today) else { continue }
            throw .unitDissolved(
                unit: profile.unit(code)?.name.zh ?? code, on: change.on,
                successor: profile.unit(change.successorCode)?.name.zh ?? change.successorCode)
        }
    }

    // MARK: - The flow

    /// What a form says.
    package struct Order: Sendable, Equatable {
        package var event: TaskEvent
        /// The version of the case that the form showed.
        package var version: Int
        package var reason: String

        package init(event: TaskEvent, version: Int, reason: String = "") {
            self.event = event
            self.version = version
            self.reason = reason
        }
    }

    /// - Throws: `MechanismError` or `CaseError`; then nothing has changed.
    @discardableResult
    package func move(
        _ id: ID<CaseFile>, _ order: Order, by account: Visitor.Account, in tx: any Transaction
    ) throws -> CaseFile {
        let seen = try TaskStore.find(id, in: tx)
        let file = try CaseStore.find(id, now: cases.surroundings.now(), in: tx)
        guard file.version == order.version else { throw CaseError.movedMeanwhile }
        let supporting = try CaseStore.supportingUnits(of: id, in: tx)
        guard let state = TaskState(rawValue: file.state) else { throw CaseError.unknownState(file.state) }
        let next = try state.after(order.event)
        guard MechanismPermission.may(order.event, account, lead: file.leadUnitCode, supporting: supporting) else {
            let isChecking = order.event == .closeOut || order.event == .sendBack
            guard isChecking, MechanismPermission.steers(account) else { throw MechanismError.notYours(order.event) }
            throw MechanismError.checkerIsOfUnit
        }
        let reason = try MechanismText.clean(order.reason, max: MechanismLimits.textCharactersMax)
        guard !order.event.needsReason || !reason.isEmpty else { throw CaseError.reasonMissing }
        switch order.event {
        case .issue:
            guard let lead = file.leadUnitCode else { throw MechanismError.leadMissing }
            try checkUnits(lead, supporting)
        case .closeOut, .sendBack:
            // Whoever reported on it does not check it, whatever unit they are of by now.
            guard
                try !RoundStore.reports(ofTask: id, in: tx).contains(where: {
                    [$0.filledBy, $0.confirmedBy].contains(account.personID)
                })
            else { throw MechanismError.checkerIsOfUnit }
        case .deliver:
            guard seen.progressPPM == 1_000_000 else {
                throw MechanismError.notComplete(done: Points.text(seen.progressPPM))
            }
        default: break
        }
        let moved = try cases.move(
            file, to: next.rawValue, isOpen: next.isOpen, event: TaskTimeline.name(order.event), detail: reason,
            actor: account.actor, in: tx)
        // Read again now that the move has locked the case, so that what was written meanwhile stays.
        var task = try TaskStore.find(id, in: tx)
        if order.event == .start { task.startedOn = task.startedOn ?? today }
        if !next.isOpen { task.supervision = .none }
        try TaskStore.update(task, in: tx)
        try setPace(task, next, in: tx)
        return moved
    }

    /// Works out anew from when the light gets worse. To be called after anything that plan or progress depend on.
    func setPace(_ task: WorkTask, _ state: TaskState, in tx: any Transaction) throws {
        let lights = try lights(of: task, state: state, in: tx)
        try cases.setPace(task.id, lights.pace(in: profile.zone), in: tx)
    }

    package func lights(of task: WorkTask, state: TaskState, in tx: any Transaction) throws -> TaskLights {
        let last = try CaseStore.deadline(of: task.id, in: tx)?.last ?? task.due
        return TaskLights(
            plan: try TaskStore.plan(of: task, in: tx), state: state, startedOn: task.startedOn, last: last,
            rule: profile.mechanism.lights)
    }

    // MARK: - Milestones

    /// Milestones may be changed freely until the task is handed down; afterwards by a change of date.
    package func setMilestones(
        _ id: ID<CaseFile>, _ milestones: [Milestone], by account: Visitor.Account, in tx: any Transaction
    ) throws {
        let file = try CaseStore.find(id, now: cases.surroundings.now(), in: tx)
        var task = try TaskStore.find(id, in: tx)
        guard MechanismPermission.steers(account) else { throw MechanismError.notYours(.issue) }
        guard file.state == TaskState.planned.rawValue else { throw MechanismError.planFixed }
        let plan = try plan(start: task.start, due: task.due, milestones, title: file.title)
        let lines = plan.milestones.map { "\($0.title) \($0.weight)% \($0.due)" }
        try cases.note(
            id, event: TaskTimeline.planChanged, detail: lines.joined(separator: "\n"), actor: account.actor, in: tx)
        try TaskStore.replacePlan(of: id, by: plan, in: tx)
        if plan.due != task.due {
            _ = try cases.setDeadline(
                file, TaskKind.deadline(plan.due, task.source, profile), reason: TaskTimeline.planChanged,
                actor: account.actor, in: tx)
        }
        task.due = plan.due
        task.progressPPM = plan.progressPPM
        try TaskStore.update(task, in: tx)
        try setPace(task, .planned, in: tx)
    }

    // MARK: - What waits for what

    /// Says that a task cannot be finished before another is.
    package func block(
        _ id: ID<CaseFile>, byNumber number: String, account: Visitor.Account, in tx: any Transaction
    ) throws {
        let now = cases.surroundings.now()
        let file = try CaseStore.find(id, now: now, in: tx)
        guard MechanismPermission.mayAsk(account, lead: file.leadUnitCode) else {
            throw MechanismError.notYours(.start)
        }
        let typed = number.trimmingCharacters(in: .whitespaces).uppercased()
        guard let other = try CaseStore.find(number: typed, now: now, in: tx), other.kind == TaskKind.name else {
            throw MechanismError.blockUnknown
        }
        try TaskStore.lockBlocks(in: tx)
        let pairs = try TaskStore.blocks(in: tx)
        let pair = BlockedBy.Pair(task: id, blocker: other.id)
        guard !pairs.contains(pair) else { throw MechanismError.blockExists }
        guard pairs.count(where: { $0.task == id }) < MechanismLimits.blockersPerTaskMax,
            pairs.count < MechanismLimits.blocksMax
        else { throw MechanismError.tooManyBlockers(max: MechanismLimits.blockersPerTaskMax) }
        if let way = BlockedBy(pairs).cycle(closedBy: pair) {
            let files = try CaseStore.find(way, now: now, in: tx)
            let numbers = Dictionary(files.map { ($0.id, $0.number) }, uniquingKeysWith: { first, _ in first })
            throw MechanismError.blockCycle(numbers: (way + [other.id]).map { numbers[$0] ?? "?" })
        }
        try cases.note(
            id, event: TaskTimeline.blocked, detail: "\(other.number) \(other.title)", actor: account.actor, in: tx)
        try TaskStore.insert(pair, at: now, in: tx)
    }

    package func unblock(
        _ id: ID<CaseFile>, from blocker: ID<CaseFile>, account: Visitor.Account, in tx: any Transaction
    ) throws {
        let now = cases.surroundings.now()
        let (file, other) = (try CaseStore.find(id, now: now, in: tx), try CaseStore.find(blocker, now: now, in: tx))
        guard MechanismPermission.mayAsk(account, lead: file.leadUnitCode) else {
            throw MechanismError.notYours(.start)
        }
        guard try TaskStore.delete(BlockedBy.Pair(task: id, blocker: blocker), in: tx) else {
            throw MechanismError.blockUnknown
        }
        try cases.note(
            id, event: TaskTimeline.unblocked, detail: "\(other.number) \(other.title)", actor: account.actor, in: tx)
    }
}
