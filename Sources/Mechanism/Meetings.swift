package import Casework
package import Core
package import Store
package import Web

/// What may be done with meetings.
package struct Meetings: Sendable {
    package let tasks: Tasks

    package init(tasks: Tasks) { self.tasks = tasks }

    private var surroundings: Surroundings { tasks.cases.surroundings }

    /// Calls a meeting and puts on its agenda what is red, what waits for a decision, and what earlier ones decided.
    package func call(
        title: String, day: Day, place: String, chair: String, isDemo: Bool = false, by account: Visitor.Account,
        in tx: any Transaction
    ) throws -> ID<Meeting> {
        guard MechanismLimits.planYears.contains(day.parts.year) else { throw MechanismError.dayOutOfRange(day) }
        let id = ID<Meeting>(surroundings.newID())
        let short = MechanismLimits.shortCharactersMax
        try MeetingStore.insert(
            Meeting(
                id: id, title: try MechanismText.title(title), day: day,
                place: try MechanismText.clean(place, max: short), chair: try MechanismText.clean(chair, max: short),
                isHeld: false, minutes: "", version: 1, isDemo: isDemo), by: account.personID, at: surroundings.now(),
            in: tx)
        try fillAgenda(id, in: tx)
        return id
    }

    /// Adds what is not on the agenda yet; what somebody put there stays.
    package func fillAgenda(_ id: ID<Meeting>, in tx: any Transaction) throws {
        let meeting = try MeetingStore.find(id, in: tx)
        guard !meeting.isHeld else { throw MechanismError.meetingHeld }
        let now = surroundings.now()
        let present = try MeetingStore.items(of: id, in: tx)
        var position = present.count
        var room = MechanismLimits.agendaItemsMax - present.count
        func add(_ kind: AgendaItem.Kind, _ title: String, _ task: ID<CaseFile>) throws {
            guard room > 0, !present.contains(where: { $0.kind == kind && $0.taskID == task }) else { return }
            position += 1
            room -= 1
            try MeetingStore.insert(
                AgendaItem(id: ID(surroundings.newID()), kind: kind, title: title, taskID: task), position: position,
                of: id, in: tx)
        }
        for change in try TaskChangeStore.waiting(in: tx) {
            let file = try CaseStore.find(change.taskID, now: now, in: tx)
            let words = "\(file.title)：\(change.kind.title.zh) \(change.oldValue) → \(change.newValue)"
            try add(.change, String(words.prefix(MechanismLimits.titleCharactersMax)), file.id)
        }
        var filter = TaskFilter()
        filter.cases.isOpen = true
        filter.cases.lights = [.red]
        for entry in try TaskListStore.list(
            filter, limit: MechanismLimits.agendaItemsMax, on: tasks.today, now: now, in: tx)
        {
            try add(.red, entry.file.title, entry.file.id)
        }
        for decision in try MeetingStore.openDecisions(before: meeting.day, in: tx) {
            try add(.followUp, decision.title, decision.task)
        }
    }

    package func add(_ title: String, to id: ID<Meeting>, in tx: any Transaction) throws {
        guard try !MeetingStore.find(id, in: tx).isHeld else { throw MechanismError.meetingHeld }
        let items = try MeetingStore.items(of: id, in: tx)
        guard items.count < MechanismLimits.agendaItemsMax else {
            throw MechanismError.tooManyItems(max: MechanismLimits.agendaItemsMax)
        }
        try MeetingStore.insert(
            AgendaItem(
                id: ID(surroundings.newID()), kind: .other, title: try MechanismText.title(title), taskID: nil),
            position: items.count + 1, of: id, in: tx)
    }

    package func remove(_ item: ID<AgendaItem>, of id: ID<Meeting>, in tx: any Transaction) throws {
        guard try !MeetingStore.find(id, in: tx).isHeld else { throw MechanismError.meetingHeld }
        try MeetingStore.remove(item, of: id, in: tx)
    }

    package func minute(_ id: ID<Meeting>, version: Int, _ minutes: String, in tx: any Transaction) throws {
        let minutes = try MechanismText.clean(minutes, max: MechanismLimits.minutesCharactersMax)
        guard !minutes.isEmpty else { throw MechanismError.decisionEmpty }
        guard try MeetingStore.hold(id, version: version, minutes: minutes, in: tx) else {
            throw MechanismError.meetingChangedMeanwhile
        }
    }

    /// A decision is a task from the moment it is written down: handed to its unit, with its date.
    package func decide(
        _ id: ID<Meeting>, _ text: String, lead: String, due: Day, by account: Visitor.Account, in tx: any Transaction
    ) throws -> ID<CaseFile> {
        let meeting = try MeetingStore.find(id, in: tx)
        guard MechanismPermission.steers(account) else { throw MechanismError.notYours(.issue) }
        guard try MeetingStore.decisions(of: id, in: tx).count < MechanismLimits.decisionsPerMeetingMax else {
            throw MechanismError.tooManyItems(max: MechanismLimits.decisionsPerMeetingMax)
        }
        let text = try MechanismText.clean(text)
        guard !text.isEmpty else { throw MechanismError.decisionEmpty }
        guard !lead.isEmpty else { throw MechanismError.leadMissing }
        let title = String(text.prefix { !$0.isNewline }.prefix(MechanismLimits.titleCharactersMax))
        let draft = Tasks.Draft(
            title: title, detail: text, target: title, source: .meeting, sourceText: meeting.title, lead: lead,
            start: min(tasks.today, due), due: due, isDemo: meeting.isDemo)
        let task = try tasks.open([draft], actor: account.actor, in: tx)[0]
        let file = try CaseStore.find(task, now: surroundings.now(), in: tx)
        try tasks.move(task, .init(event: .issue, version: file.version), by: account, in: tx)
        try MeetingStore.insert(
            MeetingDecision(text: text, taskID: task, at: surroundings.now()), id: surroundings.newID(), of: id,
            in: tx)
        return task
    }
}
