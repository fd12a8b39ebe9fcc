internal import Casework
package import Core
internal import Organisation
package import Store
package import Web

/// Reporting by month or quarter: the unit fills in, its head confirms, the digital office checks. Progress counts
/// once it is checked.
package struct Rounds: Sendable {
    package let tasks: Tasks

    package init(tasks: Tasks) { self.tasks = tasks }

    private var cases: Cases { tasks.cases }

    /// Opens the round of the period that holds `day` and asks each lead unit for its open tasks.
    package func open(
        _ period: ReportRound.Period, around day: Day, due: Day, by person: Int64?, in tx: any Transaction
    ) throws -> ReportRound {
        let span = period.span(around: day)
        guard MechanismLimits.planYears.contains(day.parts.year) else { throw MechanismError.dayOutOfRange(day) }
        guard due >= span.lowerBound, due <= span.upperBound.adding(days: 60) else {
            throw MechanismError.dayOutOfRange(due)
        }
        // A day off moves on to the next working day, as any deadline.
        let calendar = tasks.profile.calendar
        let last = calendar.isWorkday(due) ? due : calendar.count(workingDays: 1, after: due).last
        let round = ReportRound(
            id: ID(cases.surroundings.newID()), period: period, first: span.lowerBound, last: span.upperBound,
            due: last, isOpen: true, openedAt: cases.surroundings.now())
        let asked = try RoundStore.tasksToReport(in: tx)
        guard !asked.isEmpty else { throw MechanismError.roundEmpty }
        do {
            try RoundStore.insert(round, by: person, in: tx)
        } catch StoreError.duplicate {
            throw MechanismError.roundExists(round.title.zh)
        }
        try RoundStore.insert(
            asked.map { (ID(cases.surroundings.newID()), $0.id, $0.unit, $0.ppm) }, of: round.id, in: tx)
        return round
    }

    package func close(_ id: ID<ReportRound>, in tx: any Transaction) throws {
        _ = try RoundStore.find(id, in: tx)
        guard try RoundStore.close(id, at: cases.surroundings.now(), in: tx) else { throw MechanismError.roundClosed }
    }

    /// What a unit fills in.
    package struct Entry: Sendable, Equatable {
        package var text: String
        package var difficulties: String
        package var nextSteps: String
        /// Permille of each milestone, in the order of the plan.
        package var permilles: [Int]
        package var evidence: [Evidence]

        package init(
            text: String, difficulties: String = "", nextSteps: String = "", permilles: [Int],
            evidence: [Evidence] = []
        ) {
            self.text = text
            self.difficulties = difficulties
            self.nextSteps = nextSteps
            self.permilles = permilles
            self.evidence = evidence
        }
    }

    package func fill(
        _ id: ID<TaskReport>, version: Int, _ entry: Entry, by account: Visitor.Account, in tx: any Transaction
    ) throws {
        var (report, task) = try begin(id, version: version, .fill, account, in: tx)
        let plan = try TaskStore.plan(of: task, in: tx)
        guard entry.permilles.count == plan.milestones.count, entry.permilles.allSatisfy({ (0...1_000).contains($0) })
        else { throw MechanismError.progressOutOfRange }
        let reported = plan.with(permilles: entry.permilles)
        report.text = try MechanismText.clean(entry.text)
        guard !report.text.isEmpty else { throw CaseError.textMissing }
        report.difficulties = try MechanismText.clean(entry.difficulties)
        report.nextSteps = try MechanismText.clean(entry.nextSteps)
        guard entry.evidence.count <= MechanismLimits.evidencePerReportMax else {
            throw MechanismError.tooMuchEvidence(max: MechanismLimits.evidencePerReportMax)
        }
        let isMore = zip(plan.milestones, entry.permilles).contains { $1 > $0.permille }
        guard !isMore || !entry.evidence.isEmpty else { throw MechanismError.evidenceMissing }
        guard reported.progressPPM >= task.progressPPM || !report.difficulties.isEmpty else {
            throw MechanismError.progressFell
        }
        report.permilles = entry.permilles
        report.progressPPM = reported.progressPPM
        report.note = ""
        (report.filledBy, report.filledAt) = (account.personID, cases.surroundings.now())
        (report.confirmedBy, report.confirmedAt) = (nil, nil)
        try finish(
            report, TaskTimeline.reported, "\(Points.text(report.progressPPM)) \(report.text)", account, in: tx)
        try RoundStore.replaceEvidence(of: id, by: entry.evidence, in: tx)
    }

    package func confirm(
        _ id: ID<TaskReport>, version: Int, by account: Visitor.Account, in tx: any Transaction
    ) throws {
        var (report, _) = try begin(id, version: version, .confirm, account, in: tx)
        (report.confirmedBy, report.confirmedAt) = (account.personID, cases.surroundings.now())
        try finish(report, TaskTimeline.confirmed, Points.text(report.progressPPM), account, in: tx)
    }

    /// What was reported counts from now on: progress, light, and everything above the task.
    package func check(
        _ id: ID<TaskReport>, version: Int, by account: Visitor.Account, in tx: any Transaction
    ) throws {
        var (report, _) = try begin(id, version: version, .check, account, in: tx)
        // Whatever unit they are of by now.
        guard ![report.filledBy, report.confirmedBy].contains(account.personID) else {
            throw MechanismError.checkerIsOfUnit
        }
        (report.checkedBy, report.checkedAt) = (account.personID, cases.surroundings.now())
        try finish(report, TaskTimeline.checked, Points.text(report.progressPPM), account, in: tx)
        // The entry in the timeline has locked the case: what is read now is the latest.
        var task = try TaskStore.find(report.taskID, in: tx)
        let plan = try TaskStore.plan(of: task, in: tx).with(permilles: report.permilles)
        task.progressPPM = plan.progressPPM
        let file = try CaseStore.find(task.id, now: cases.surroundings.now(), in: tx)
        var state = TaskState(rawValue: file.state)
        if state == .issued, task.progressPPM > 0 {
            // Whoever reports progress has begun.
            task.startedOn = tasks.today
            state = .underway
            _ = try cases.move(
                file, to: TaskState.underway.rawValue, isOpen: true, event: TaskTimeline.name(TaskEvent.start),
                detail: "", actor: account.actor, in: tx)
        }
        try TaskStore.replacePlan(of: task.id, by: plan, in: tx)
        try TaskStore.update(task, in: tx)
        if let state { try tasks.setPace(task, state, in: tx) }
    }

    package func sendBack(
        _ id: ID<TaskReport>, version: Int, reason: String, by account: Visitor.Account, in tx: any Transaction
    ) throws {
        var (report, _) = try begin(id, version: version, .sendBack, account, in: tx)
        report.note = try MechanismText.clean(reason, max: MechanismLimits.reasonCharactersMax)
        guard !report.note.isEmpty else { throw CaseError.reasonMissing }
        (report.confirmedBy, report.confirmedAt) = (nil, nil)
        try finish(report, TaskTimeline.returned, report.note, account, in: tx)
    }

    private func begin(
        _ id: ID<TaskReport>, version: Int, _ event: ReportEvent, _ account: Visitor.Account, in tx: any Transaction
    ) throws -> (TaskReport, WorkTask) {
        var report = try RoundStore.report(id, in: tx)
        guard report.version == version else { throw MechanismError.reportChangedMeanwhile }
        let next = try report.state.after(event)
        // The unit that leads now, should the task have changed hands since the round was opened.
        let file = try CaseStore.find(report.taskID, now: cases.surroundings.now(), in: tx)
        let unit = file.leadUnitCode ?? report.unitCode
        guard MechanismPermission.may(event, account, unit: unit, state: report.state) else {
            throw MechanismError.reportNotYours(event)
        }
        // What was handed in is still checked after the round has closed.
        if event == .fill, try !RoundStore.find(report.roundID, in: tx).isOpen { throw MechanismError.roundClosed }
        report.state = next
        return (report, try TaskStore.find(report.taskID, in: tx))
    }

    private func finish(
        _ report: TaskReport, _ event: String, _ detail: String, _ account: Visitor.Account, in tx: any Transaction
    ) throws {
        try cases.note(report.taskID, event: event, detail: detail, actor: account.actor, in: tx)
        guard try RoundStore.update(report, in: tx) else { throw MechanismError.reportChangedMeanwhile }
    }
}

extension TaskPlan {
    /// The same plan with other progress; what is missing stays as it was.
    package func with(permilles: [Int]) -> TaskPlan {
        TaskPlan(
            start: start,
            sorted: milestones.enumerated().map { index, milestone in
                var milestone = milestone
                if permilles.indices.contains(index) { milestone.permille = permilles[index] }
                return milestone
            })
    }
}
