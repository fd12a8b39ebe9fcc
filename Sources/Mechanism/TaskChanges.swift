package import Casework
package import Core
import Foundation
package import Store
package import Web

/// Changes of dates and targets, and supervision.
extension Tasks {
    /// Asks for another date or target. Nothing changes before somebody else has approved it.
    @discardableResult
    package func askChange(
        _ id: ID<CaseFile>, _ kind: TaskChange.Kind, to value: String, reason: String, by account: Visitor.Account,
        in tx: any Transaction
    ) throws -> ID<TaskChange> {
        let task = try TaskStore.find(id, in: tx)
        let now = cases.surroundings.now()
        let file = try CaseStore.find(id, now: now, in: tx)
        guard file.isOpen else { throw CaseError.closed }
        guard MechanismPermission.mayAsk(account, lead: file.leadUnitCode) else { throw CaseError.notYours }
        let reason = try MechanismText.clean(reason, max: MechanismLimits.reasonCharactersMax)
        guard !reason.isEmpty else { throw CaseError.reasonMissing }
        let (old, new): (String, String)
        switch kind {
        case .due:
            guard let day = Day(iso: value.trimmingCharacters(in: .whitespaces)) else {
                throw MechanismError.dayMissing
            }
            _ = try moved(try TaskStore.plan(of: task, in: tx), to: day)
            (old, new) = (task.due.description, day.description)
        case .target:
            let text = try MechanismText.clean(value)
            guard !text.isEmpty else { throw CaseError.textMissing }
            (old, new) = (task.target, text)
        }
        guard old != new else { throw MechanismError.changeIsNone }
        guard try !TaskChangeStore.changes(of: id, in: tx).contains(where: { $0.kind == kind && $0.state == .asked })
        else { throw MechanismError.changeWaiting }
        let change = TaskChange(
            id: ID(cases.surroundings.newID()), taskID: id, kind: kind, oldValue: old, newValue: new, reason: reason,
            state: .asked, askedBy: account.personID, askedAt: now, decidedBy: nil, decidedAt: nil, decision: "")
        try cases.note(
            id, event: TaskTimeline.changeAsked, detail: "\(kind.title.zh)：\(old) → \(new)\n\(reason)",
            actor: account.actor, in: tx)
        try TaskChangeStore.insert(change, in: tx)
        return change.id
    }

    /// Approves or refuses a change; an approved one holds from now on, and the old value stays on record.
    package func decide(
        _ id: ID<TaskChange>, approve: Bool, _ decision: String, by account: Visitor.Account, in tx: any Transaction
    ) throws {
        let change = try TaskChangeStore.find(id, in: tx)
        guard MechanismPermission.mayDecide(change.kind, account) else { throw MechanismError.changeNotYours }
        guard change.askedBy != account.personID else { throw MechanismError.ownChange }
        let decision = try MechanismText.clean(decision, max: MechanismLimits.reasonCharactersMax)
        guard approve || !decision.isEmpty else { throw CaseError.reasonMissing }
        let now = cases.surroundings.now()
        guard
            try TaskChangeStore.decide(
                id, approve ? .approved : .refused, by: account.personID, at: now, decision, in: tx)
        else { throw MechanismError.changeDecided }
        let detail = "\(change.kind.title.zh)：\(change.oldValue) → \(change.newValue)\n\(decision)"
        try cases.note(
            change.taskID, event: approve ? TaskTimeline.changeApproved : TaskTimeline.changeRefused, detail: detail,
            actor: account.actor, in: tx)
        if approve { try apply(change, by: account, in: tx) }
    }

    private func apply(_ change: TaskChange, by account: Visitor.Account, in tx: any Transaction) throws {
        var task = try TaskStore.find(change.taskID, in: tx)
        let file = try CaseStore.find(change.taskID, now: cases.surroundings.now(), in: tx)
        guard file.isOpen else { throw CaseError.closed }
        let oldText = try TaskStore.searchText(of: task.id, in: tx)
        switch change.kind {
        case .target: task.target = change.newValue
        case .due:
            guard let day = Day(iso: change.newValue) else { throw MechanismError.dayMissing }
            let plan = try moved(try TaskStore.plan(of: task, in: tx), to: day)
            task.due = plan.due
            try TaskStore.replacePlan(of: task.id, by: plan, in: tx)
            _ = try cases.setDeadline(
                file, TaskKind.deadline(plan.due, task.source, profile), reason: change.reason, actor: account.actor,
                in: tx)
        }
        try TaskStore.update(task, in: tx)
        try cases.updateSearchText(task.id, old: oldText, new: task.searchText, in: tx)
        if let state = TaskState(rawValue: file.state) { try setPace(task, state, in: tx) }
    }

    /// The plan with another end: milestones that are not done move with it, in proportion to what is left; those that
    /// are done stay where they were.
    func moved(_ plan: TaskPlan, to due: Day) throws(MechanismError) -> TaskPlan {
        guard MechanismLimits.planYears.contains(due.parts.year) else { throw .dayOutOfRange(due) }
        guard due >= plan.start else { throw .dueBeforeStart }
        let fixed = plan.milestones.prefix { $0.permille == 1_000 && $0.due < plan.due }
        let from = fixed.last?.due ?? plan.start
        guard due >= from else { throw .milestonesAfterDue(due) }
        let (before, after) = (plan.due.number - from.number, due.number - from.number)
        let milestones = plan.milestones.enumerated().map { index, milestone in
            guard index >= fixed.count, before > 0 else {
                return Milestone(
                    title: milestone.title, weight: milestone.weight,
                    due: index == plan.milestones.count - 1 ? due : milestone.due, permille: milestone.permille)
            }
            let shifted = from.number + (milestone.due.number - from.number) * after / before
            return Milestone(
                title: milestone.title, weight: milestone.weight, due: Day(number: shifted),
                permille: milestone.permille)
        }
        return try TaskPlan(start: plan.start, milestones: milestones)
    }

    // MARK: - Supervision

    /// Reminds, urges, lists, interviews or lifts; each step is recorded.
    package func supervise(
        _ id: ID<CaseFile>, _ step: SupervisionStep, _ text: String, answerDue: Day?, by account: Visitor.Account,
        in tx: any Transaction
    ) throws {
        guard MechanismPermission.steers(account) else { throw MechanismError.supervisionNotYours }
        let task = try TaskStore.find(id, in: tx)
        let now = cases.surroundings.now()
        let file = try CaseStore.find(id, now: now, in: tx)
        guard file.isOpen, file.state != TaskState.planned.rawValue else { throw CaseError.closed }
        let level = try task.supervision.after(step)
        if step == .lift, task.supervision >= .listed, file.light == .red { throw MechanismError.stillRed }
        let text = try MechanismText.clean(text)
        guard !text.isEmpty else { throw CaseError.textMissing }
        try cases.note(id, event: TaskTimeline.name(step), detail: text, actor: account.actor, in: tx)
        guard try TaskChangeStore.setLevel(of: id, from: task.supervision, to: level, in: tx) else {
            throw CaseError.movedMeanwhile
        }
        try TaskChangeStore.insert(
            TaskStep(
                id: ID(cases.surroundings.newID()), taskID: id, step: step, text: text,
                answerDue: step.asksAnswer ? answerDue : nil, byPerson: account.personID, at: now, answer: nil,
                answeredBy: nil, answeredAt: nil), in: tx)
    }

    package func answer(
        _ id: ID<TaskStep>, _ text: String, by account: Visitor.Account, in tx: any Transaction
    ) throws {
        let step = try TaskChangeStore.findStep(id, in: tx)
        let now = cases.surroundings.now()
        let file = try CaseStore.find(step.taskID, now: now, in: tx)
        guard MechanismPermission.mayAnswer(account, lead: file.leadUnitCode) else {
            throw MechanismError.supervisionNotYours
        }
        let text = try MechanismText.clean(text)
        guard !text.isEmpty else { throw CaseError.textMissing }
        guard step.step.asksAnswer,
            try TaskChangeStore.answer(id, text, by: account.personID, at: now, in: tx)
        else { throw MechanismError.stepAnswered }
        try cases.note(step.taskID, event: TaskTimeline.answered, detail: text, actor: account.actor, in: tx)
    }
}
