internal import Casework
internal import Core
internal import Organisation
internal import Web

/// Puts the page of a task together.
struct TaskPageMaker {
    let visit: Visit
    let facts: TaskFacts
    let profile: Profile
    let account: Visitor.Account
    let typed: TypedMechanismForm?

    private var words: MechanismWords { MechanismWords(visit: visit, profile: profile) }
    private var task: WorkTask { facts.task }
    private var file: CaseFile { facts.file }
    private var today: Day { Day(visit.now, in: profile.zone) }
    private var path: String { "/desk/tasks/\(file.id)" }
    private func word(_ key: String) -> String { visit.word(key) }
    private func who(_ id: Int64?) -> String { id.map { facts.names[$0] ?? word("mechanism.who.unknown") } ?? "" }

    func page(facet: CaseFacet) -> TaskPage {
        let state = TaskState(rawValue: file.state)
        let events = (state?.events ?? []).filter {
            MechanismPermission.may($0, account, lead: file.leadUnitCode, supporting: facts.supporting)
        }
        let isRunning = file.isOpen && state != .planned
        let mayAsk = isRunning && MechanismPermission.mayAsk(account, lead: file.leadUnitCode)
        let held = facts.heldUp
        return TaskPage(
            title: file.title, subtitle: "\(file.number)\(task.code.isEmpty ? "" : " · \(task.code)")",
            breadcrumbs: breadcrumbs, isDemo: task.isDemo, problem: typed?.message, tiles: tiles,
            light: words.light(file.light), derivation: facts.lights.sentence(on: today, visit.language),
            facts: KeyValues(pairs), detail: task.detail.isEmpty ? nil : task.detail,
            target: task.target.isEmpty ? nil : task.target, milestones: milestones,
            milestoneForm: state == .planned && MechanismPermission.steers(account) ? milestoneForm : nil,
            chart: chart, movePath: path + "/move", version: file.version, canMove: !events.isEmpty,
            events: events.map {
                .init(value: $0.rawValue, label: visit.text($0.title), isPrimary: $0 == events.first)
            },
            reason: Field(
                label: word("tasks.reason"), name: "reason", kind: .longText,
                value: typed?.value("move", "reason") ?? "", hint: word("tasks.reason.hint"),
                dependsOnStep: true, charactersMax: MechanismLimits.textCharactersMax),
            reports: reports, hasReports: !facts.reports.isEmpty, reportAction: reportAction, changes: changes,
            hasChanges: !facts.changes.isEmpty, dueForm: mayAsk ? dueForm : nil, targetForm: mayAsk ? targetForm : nil,
            blockers: facts.blockers.map { other($0, canRemove: mayAsk) }, hasBlockers: !facts.blockers.isEmpty,
            blockForm: mayAsk ? blockForm : nil, heldUp: held.map { other($0, canRemove: false) },
            hasHeldUp: !held.isEmpty,
            heldUpNote: file.light == .red && !held.isEmpty
                ? visit.word("tasks.held_up.red", visit.number(held.count)) : nil,
            steps: steps, hasSteps: !facts.steps.isEmpty,
            level: Badge(visit.text(task.supervision.title), task.supervision >= .urged ? .danger : .neutral),
            supervisionForm: isRunning && MechanismPermission.steers(account) ? supervisionForm : nil, facet: facet)
    }

    private var breadcrumbs: [Breadcrumb] {
        [Breadcrumb(word("tasks.list.title"), "/desk/tasks")]
            + (facts.root.map { [Breadcrumb($0.title, "/desk/plans/\($0.id)")] } ?? [])
    }

    private var tiles: StatTiles {
        let planned = facts.lights.plan.plannedPPM(on: today)
        let behind = planned - task.progressPPM
        let rule = profile.mechanism.lights
        let tone: Tone =
            behind > rule.behindRedPoints * 10_000
            ? .danger : behind >= rule.behindYellowPoints * 10_000 ? .warning : .good
        return StatTiles([
            .init(word("tasks.progress"), Points.text(task.progressPPM), note: word("tasks.progress.note")),
            .init(word("tasks.planned"), Points.text(planned), note: visit.day(today)),
            .init(word("tasks.gap"), words.behind(behind), tone: file.isOpen ? tone : .neutral),
            .init(
                word("tasks.due"), visit.day(task.due),
                note: dueNote, tone: file.isOpen && lastDay < today ? .danger : .neutral),
        ])
    }

    /// A time limit that ends on a day of rest runs to the next working day.
    private var lastDay: Day {
        file.dueAt.map { max(task.due, Day($0.adding(milliseconds: -1), in: profile.zone)) } ?? task.due
    }

    private var dueNote: String? {
        let moved = lastDay > task.due ? visit.word("tasks.due_moved", visit.day(lastDay)) : nil
        let days = lastDay.number - today.number
        let left =
            !file.isOpen
            ? nil : visit.word(days < 0 ? "tasks.days_over" : "tasks.days_left", visit.number(abs(days)))
        let notes = [left, moved].compactMap(\.self)
        return notes.isEmpty ? nil : notes.joined(separator: visit.word("tasks.due_separator"))
    }

    private var pairs: [(String, Cell)] {
        var pairs: [(String, Cell)] = [
            (word("tasks.state"), words.state(file)),
            (
                word("tasks.lead"),
                words.unit(file.leadUnitCode).map(Cell.text) ?? .badge(word("tasks.no_lead"), .warning)
            ),
            (word("tasks.supporting"), facts.supporting.isEmpty ? .none : .text(words.units(facts.supporting))),
        ]
        if let node = facts.node {
            pairs.append(
                (visit.text(node.level.title), .link(node.title, "/desk/plans/\(node.rootID)#node-\(node.id)")))
        }
        pairs.append((word("tasks.source"), .text(visit.text(task.source.title))))
        if !task.sourceText.isEmpty { pairs.append((word("tasks.source_text"), .text(task.sourceText))) }
        pairs.append((word("tasks.start"), .day(task.start)))
        pairs.append((word("tasks.started_on"), task.startedOn.map(Cell.day) ?? .text(word("tasks.not_started"))))
        pairs.append((word("tasks.weight"), .number(task.weight)))
        return pairs
    }

    private var milestones: [TaskPage.MilestoneRow] {
        facts.lights.plan.milestones.map { milestone in
            TaskPage.MilestoneRow(
                name: milestone.title, weight: "\(milestone.weight)%", due: visit.day(milestone.due),
                permille: milestone.permille, done: visit.percent(permille: milestone.permille),
                isLate: file.isOpen && milestone.due < today && milestone.permille < 1_000)
        }
    }

    private var milestoneForm: SmallForm {
        let lines = facts.lights.plan.milestones.map { "\($0.title)|\($0.weight)|\($0.due)" }.joined(separator: "\n")
        return SmallForm(
            path: path + "/milestones", version: "\(file.version)",
            fields: [
                Field(
                    label: word("tasks.milestones.edit"), name: "milestones", kind: .longText,
                    value: typed?.value("milestones", "milestones") ?? lines, hint: word("tasks.milestones.hint"),
                    isRequired: true)
            ], problem: nil, button: word("mechanism.save"))
    }

    /// What was planned and what was checked, month by month from the start to the end.
    private var chart: Chart {
        let plan = facts.lights.plan
        var day = plan.start
        var labels: [String] = []
        var (planned, checked): ([Double], [Double]) = ([], [])
        let marks = facts.reports.compactMap { one in
            one.report.checkedAt.map { (Day($0, in: profile.zone), one.report.progressPPM) }
        }.sorted { $0.0 < $1.0 }
        let step = max(1, (plan.due.number - plan.start.number) / 12)
        while labels.count < 40 {
            labels.append(visit.day(day))
            planned.append(Double(plan.plannedPPM(on: day.adding(days: 1)) / 1_000) / 10)
            let latest = marks.last { $0.0 <= day }?.1 ?? (marks.isEmpty && day <= today ? task.progressPPM : 0)
            checked.append(day <= today ? Double(latest / 1_000) / 10 : .nan)
            if day >= plan.due { break }
            day = min(plan.due, day.adding(days: step))
        }
        return Chart(
            title: word("tasks.chart"), kind: .line, labels: labels,
            series: [.init(word("tasks.planned"), planned), .init(word("tasks.progress"), checked)], unit: "%")
    }

    private var reports: [TaskPage.ReportRow] {
        facts.reports.map { report, round in
            TaskPage.ReportRow(
                roundTitle: visit.text(round.title), href: "/desk/reports/\(report.id)",
                state: badge(words.report(report.state)),
                progress: report.state == .due ? "" : Points.text(report.progressPPM), text: report.text,
                who: report.filledAt.map { "\(who(report.filledBy)) \(visit.time($0))" } ?? "")
        }
    }

    private var reportAction: PageAction? {
        guard
            let open = facts.reports.first(where: { one in
                one.round.isOpen
                    && ReportEvent.allCases.contains { event in
                        (try? one.report.state.after(event)) != nil
                            && MechanismPermission.may(
                                event, account, unit: file.leadUnitCode ?? one.report.unitCode, state: one.report.state)
                    }
            })
        else { return nil }
        return PageAction(
            visit.word("tasks.report.now", visit.text(open.round.title)), "/desk/reports/\(open.report.id)")
    }

    private func badge(_ cell: Cell) -> Badge {
        if case .badge(let text, let tone) = cell { Badge(text, tone) } else { Badge("") }
    }

    private var changes: [TaskPage.ChangeRow] {
        facts.changes.map { change in
            let mayDecide =
                change.state == .asked && file.isOpen && MechanismPermission.mayDecide(change.kind, account)
                && change.askedBy != account.personID
            let form = "decide-\(change.id)"
            return TaskPage.ChangeRow(
                kind: visit.text(change.kind.title), old: change.oldValue.isEmpty ? "–" : change.oldValue,
                new: change.newValue, reason: change.reason,
                asked: "\(who(change.askedBy)) \(visit.time(change.askedAt))",
                state: Badge(
                    visit.text(change.state.title),
                    change.state == .asked ? .warning : change.state == .approved ? .good : .neutral),
                decided: change.decidedAt.map { "\(who(change.decidedBy)) \(visit.time($0))" },
                decision: change.decision.isEmpty ? nil : change.decision,
                form: mayDecide
                    ? SmallForm(
                        path: path + "/changes/\(change.id)", version: "\(file.version)",
                        fields: [
                            Field(
                                label: word("tasks.change.decision"), name: form,
                                value: typed?.value("decide", form) ?? "",
                                charactersMax: MechanismLimits.reasonCharactersMax, autocomplete: "off")
                        ], problem: nil, button: "") : nil)
        }
    }

    private func reasonField(_ form: String) -> Field {
        Field(
            label: word("tasks.change.reason"), name: "\(form)-reason", kind: .longText,
            value: typed?.value(form, "\(form)-reason") ?? "", isRequired: true,
            charactersMax: MechanismLimits.reasonCharactersMax)
    }

    private var dueForm: SmallForm {
        SmallForm(
            path: path + "/changes", version: "due",
            fields: [
                Field(
                    label: word("tasks.change.due"), name: "due", kind: .date,
                    value: typed?.value("due", "due") ?? task.due.description, isRequired: true), reasonField("due"),
            ], problem: nil, button: word("tasks.change.ask"))
    }

    private var targetForm: SmallForm {
        SmallForm(
            path: path + "/changes", version: "target",
            fields: [
                Field(
                    label: word("tasks.change.target"), name: "target", kind: .longText,
                    value: typed?.value("target", "target") ?? task.target, isRequired: true,
                    charactersMax: MechanismLimits.textCharactersMax), reasonField("target"),
            ], problem: nil, button: word("tasks.change.ask"))
    }

    private var blockForm: SmallForm {
        SmallForm(
            path: path + "/blocks", version: "",
            fields: [
                Field(
                    label: word("tasks.block.number"), name: "number", value: typed?.value("block", "number") ?? "",
                    hint: word("tasks.block.hint"), isRequired: true, charactersMax: MechanismLimits.shortCharactersMax,
                    autocomplete: "off")
            ], problem: nil, button: word("tasks.block.add"))
    }

    private func other(_ entry: TaskListStore.Entry, canRemove: Bool) -> TaskPage.OtherRow {
        TaskPage.OtherRow(
            number: entry.file.number, name: entry.file.title, href: "/desk/tasks/\(entry.file.id)",
            light: words.light(entry.file.light), unit: words.unit(entry.file.leadUnitCode) ?? "–",
            due: visit.day(entry.task.due),
            removal: canRemove
                ? SmallForm(
                    path: path + "/blocks/\(entry.file.id)/remove", version: "", fields: [], problem: nil,
                    button: word("tasks.block.remove")) : nil)
    }

    private var steps: [TaskPage.StepRow] {
        facts.steps.map { step in
            let mayAnswer =
                step.answer == nil && step.step.asksAnswer && file.isOpen
                && MechanismPermission.mayAnswer(account, lead: file.leadUnitCode)
            let name = "answer-\(step.id)"
            return TaskPage.StepRow(
                step: Badge(visit.text(step.step.title), step.step == .lift ? .good : .warning), text: step.text,
                who: "\(who(step.byPerson)) \(visit.time(step.at))",
                answerDue: step.answerDue.map { visit.word("tasks.step.answer_by", visit.day($0)) },
                answer: step.answer,
                answered: step.answeredAt.map { "\(who(step.answeredBy)) \(visit.time($0))" },
                form: mayAnswer
                    ? SmallForm(
                        path: path + "/steps/\(step.id)", version: "",
                        fields: [
                            Field(
                                label: word("tasks.step.answer"), name: name, kind: .longText,
                                value: typed?.value("answer", name) ?? "", isRequired: true,
                                charactersMax: MechanismLimits.textCharactersMax)
                        ], problem: nil, button: word("tasks.step.send")) : nil)
        }
    }

    private var supervisionForm: SmallForm {
        SmallForm(
            path: path + "/steps", version: "",
            fields: [
                Field(
                    label: word("tasks.step.kind"), name: "step", kind: .select,
                    value: typed?.value("supervise", "step") ?? "",
                    options: task.supervision.steps.map { .init($0.rawValue, visit.text($0.title)) }, isRequired: true),
                Field(
                    label: word("tasks.step.text"), name: "text", kind: .longText,
                    value: typed?.value("supervise", "text") ?? "", isRequired: true,
                    charactersMax: MechanismLimits.textCharactersMax),
                Field(
                    label: word("tasks.step.answer_due"), name: "answer_due", kind: .date,
                    value: typed?.value("supervise", "answer_due") ?? ""),
            ], problem: nil, button: word("tasks.step.do"))
    }
}
