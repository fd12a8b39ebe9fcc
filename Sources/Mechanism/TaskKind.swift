package import Casework
package import Core
package import Organisation

/// What tasks tell Casework of themselves.
package enum TaskKind {
    package static let name = "task"

    package static let kind = CaseKind(
        name: name, title: Bilingual(zh: "任务", en: "Task"),
        states: TaskState.allCases.map { ($0.rawValue, $0.title, $0.isOpen) }, isGapless: false,
        path: "/desk/tasks", eventTitles: TaskTimeline.titles, numberPattern: "RW-{yyyy}-{n:5}", hasOwnDeadlines: true)

    package static func deadline(_ due: Day, _ source: TaskSource, _ profile: Profile) -> Deadline {
        Deadline.named(
            due, rule: source.rawValue, title: source.title, calendar: profile.calendar, zone: profile.zone)
    }
}

/// The events a task writes into its timeline.
package enum TaskTimeline {
    package static let opened = "tasks.opened"
    package static let planChanged = "tasks.plan_changed"
    package static let changeAsked = "tasks.change_asked"
    package static let changeApproved = "tasks.change_approved"
    package static let changeRefused = "tasks.change_refused"
    package static let reported = "tasks.reported"
    package static let confirmed = "tasks.confirmed"
    package static let checked = "tasks.checked"
    package static let returned = "tasks.returned"
    package static let blocked = "tasks.blocked"
    package static let unblocked = "tasks.unblocked"
    package static let answered = "tasks.answered"

    static let titles: [String: Bilingual] = {
        var titles = [
            opened: Bilingual(zh: "分解立项", en: "Decomposed"),
            planChanged: Bilingual(zh: "调整里程碑", en: "Milestones changed"),
            changeAsked: Bilingual(zh: "申请调整", en: "Change asked for"),
            changeApproved: Bilingual(zh: "批准调整", en: "Change approved"),
            changeRefused: Bilingual(zh: "不予调整", en: "Change refused"),
            reported: Bilingual(zh: "填报进展", en: "Progress reported"),
            confirmed: Bilingual(zh: "单位负责人确认进展", en: "Progress confirmed by the unit's head"),
            checked: Bilingual(zh: "核实进展", en: "Progress checked"),
            returned: Bilingual(zh: "退回进展", en: "Progress sent back"),
            blocked: Bilingual(zh: "登记前置任务", en: "Depends on another task"),
            unblocked: Bilingual(zh: "解除前置任务", en: "No longer depends"),
            answered: Bilingual(zh: "回复督办", en: "Supervision answered"),
        ]
        for event in TaskEvent.allCases { titles[name(event)] = event.title }
        for step in SupervisionStep.allCases {
            titles[name(step)] = Bilingual(zh: "督办·\(step.title.zh)", en: "Supervision: \(step.title.en)")
        }
        return titles
    }()

    package static func name(_ event: TaskEvent) -> String { "tasks.\(event.rawValue)" }
    package static func name(_ step: SupervisionStep) -> String { "tasks.supervise_\(step.rawValue)" }
}
