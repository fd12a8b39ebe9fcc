internal import Casework
internal import Core
internal import Foundation
internal import Hummingbird
internal import Organisation
internal import Store
internal import Web

/// Tasks on the desk: the list, one task, and everything that may be done to it.
struct TaskRoutes: Sendable {
    let database: any Database
    let facets: CaseFacets
    let tasks: Tasks
    let sums: TaskSums

    private var profile: Profile { tasks.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/tasks", .desk, list)
        routes.get("/desk/tasks/export", .desk, export)
        routes.get("/desk/tasks/:id", .desk, show)
        routes.post("/desk/tasks/:id/move", .desk, move)
        routes.post("/desk/tasks/:id/milestones", .desk, setMilestones)
        routes.post("/desk/tasks/:id/changes", .desk, askChange)
        routes.post("/desk/tasks/:id/changes/:change", .desk, decide)
        routes.post("/desk/tasks/:id/blocks", .desk, block)
        routes.post("/desk/tasks/:id/blocks/:other/remove", .desk, unblock)
        routes.post("/desk/tasks/:id/steps", .desk, supervise)
        routes.post("/desk/tasks/:id/steps/:step", .desk, answer)
        return routes
    }

    // MARK: - List

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let list = TaskList(visit: visit, profile: profile)
        let (now, day, sums) = (visit.now, tasks.today, sums)
        let page = try await database.read { tx in
            var open = TaskFilter()
            open.cases.isOpen = true
            let page = try TaskListStore.page(
                list.filter, limit: list.query.pageSize, offset: list.query.offset, on: day, now: now, in: tx)
            return (
                entries: page.entries, total: page.total,
                lights: try sums.value("lights", now: now, in: tx) {
                    try TaskListStore.lights(open, now: now, in: tx)
                }, supervised: try TaskListStore.countsBySupervision(in: tx).values.reduce(0, +),
                roots: try PlanStore.roots(in: tx)
            )
        }
        let plans = Dictionary(page.roots.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
        return try visit.render(
            TaskListPage(
                title: visit.word("tasks.list.title"), subtitle: visit.word("tasks.list.subtitle"),
                tiles: list.tiles(page.lights, supervised: page.supervised),
                table: list.table(page.entries, total: page.total, plans: plans, roots: page.roots),
                actions: MechanismPermission.steers(try visit.account())
                    ? [PageAction(visit.word("tasks.new"), "/desk/tasks/new", isPrimary: true)] : []))
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let list = TaskList(visit: visit, profile: profile)
        let (now, day, filter) = (visit.now, tasks.today, list.filter)
        let (entries, plans) = try await database.read { tx in
            guard try TaskListStore.count(filter, now: now, in: tx) <= MechanismLimits.exportRowsMax else {
                throw MechanismError.exportTooLarge(max: MechanismLimits.exportRowsMax)
            }
            let entries = try TaskListStore.list(
                filter, limit: MechanismLimits.exportRowsMax, on: day, now: now, in: tx)
            return (entries, try PlanStore.titles(entries.compactMap(\.task.rootID), in: tx))
        }
        return try await list.download(entries, plans: plans).recorded(
            visit, name: visit.word("tasks.list.title"), subject: "tasks", in: database)
    }

    // MARK: - One task

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        try await page(visit, try visit.id(), typed: nil)
    }

    private func page(_ visit: Visit, _ id: ID<CaseFile>, typed: TypedMechanismForm?) async throws -> Response {
        let (now, tasks) = (visit.now, tasks)
        let facts = try await database.read { try TaskFacts(id, tasks: tasks, now: now, in: $0) }
        let maker = TaskPageMaker(
            visit: visit, facts: facts, profile: profile, account: try visit.account(), typed: typed)
        let page = maker.page(facet: try facets.facet(facts.content, for: visit))
        return try visit.render(page, status: typed == nil ? .ok : .unprocessableContent)
    }

    /// Does what a form asks; refused, the page comes back as it was typed, with the reason.
    private func act(
        _ visit: Visit, _ form: String, toast: String, anchor: String,
        _ body: @escaping @Sendable (Fields, ID<CaseFile>, Visitor.Account, any Transaction) throws -> Void
    ) async throws -> Response {
        let id: ID<CaseFile> = try visit.id()
        let (fields, account) = (try await visit.fields(), try visit.account())
        do {
            try await database.write { try body(fields, id, account, $0) }
        } catch let problem as any Problem where problem.report.kind != .missing {
            let typed = TypedMechanismForm(
                form: form, fields: fields, message: problem.report.explanation(visit.language))
            return try await page(visit, id, typed: typed)
        }
        return visit.redirect("/desk/tasks/\(id)#\(anchor)", toast: toast)
    }

    @Sendable private func move(_ visit: Visit) async throws -> Response {
        let tasks = tasks
        return try await act(visit, "move", toast: "tasks.toast.moved", anchor: "plan") { fields, id, account, tx in
            guard let event = fields["event"].flatMap(TaskEvent.init(rawValue:)),
                let version = fields["version"].flatMap({ Int($0) })
            else { throw WebError.formMalformed }
            try tasks.move(
                id, .init(event: event, version: version, reason: fields.text("reason")), by: account, in: tx)
        }
    }

    @Sendable private func setMilestones(_ visit: Visit) async throws -> Response {
        let tasks = tasks
        return try await act(visit, "milestones", toast: "tasks.toast.plan", anchor: "plan") {
            fields, id, account, tx in
            try tasks.setMilestones(id, try MilestoneText.read(fields.text("milestones")), by: account, in: tx)
        }
    }

    @Sendable private func askChange(_ visit: Visit) async throws -> Response {
        let tasks = tasks
        guard let kind = TaskChange.Kind(rawValue: try await visit.fields().text("version")) else {
            throw WebError.formMalformed
        }
        return try await act(visit, kind.rawValue, toast: "tasks.toast.asked", anchor: "changes") {
            fields, id, account, tx in
            try tasks.askChange(
                id, kind, to: fields.text(kind.rawValue), reason: fields.text("\(kind.rawValue)-reason"), by: account,
                in: tx)
        }
    }

    @Sendable private func decide(_ visit: Visit) async throws -> Response {
        let tasks = tasks
        let change: ID<TaskChange> = try visit.id("change")
        return try await act(visit, "decide", toast: "tasks.toast.decided", anchor: "changes") {
            fields, _, account, tx in
            try tasks.decide(
                change, approve: fields.text("approve") == "yes", fields.text("decide-\(change)"), by: account, in: tx)
        }
    }

    @Sendable private func block(_ visit: Visit) async throws -> Response {
        let tasks = tasks
        return try await act(visit, "block", toast: "tasks.toast.blocked", anchor: "blocks") {
            fields, id, account, tx in
            try tasks.block(id, byNumber: fields.text("number"), account: account, in: tx)
        }
    }

    @Sendable private func unblock(_ visit: Visit) async throws -> Response {
        let tasks = tasks
        let other: ID<CaseFile> = try visit.id("other")
        return try await act(visit, "unblock", toast: "tasks.toast.unblocked", anchor: "blocks") { _, id, account, tx in
            try tasks.unblock(id, from: other, account: account, in: tx)
        }
    }

    @Sendable private func supervise(_ visit: Visit) async throws -> Response {
        let tasks = tasks
        return try await act(visit, "supervise", toast: "tasks.toast.supervised", anchor: "supervision") {
            fields, id, account, tx in
            guard let step = SupervisionStep(rawValue: fields.text("step")) else { throw WebError.formMalformed }
            let typed = fields.text("answer_due")
            let due = Day(iso: typed)
            guard typed.isEmpty || due != nil else { throw MechanismError.dayMissing }
            try tasks.supervise(id, step, fields.text("text"), answerDue: due, by: account, in: tx)
        }
    }

    @Sendable private func answer(_ visit: Visit) async throws -> Response {
        let tasks = tasks
        let step: ID<TaskStep> = try visit.id("step")
        return try await act(visit, "answer", toast: "tasks.toast.answered", anchor: "supervision") {
            fields, _, account, tx in
            try tasks.answer(step, fields.text("answer-\(step)"), by: account, in: tx)
        }
    }
}

/// Milestones as people type them: one a line, name | weight | day.
enum MilestoneText {
    static func read(_ text: String) throws(MechanismError) -> [Milestone] {
        var milestones: [Milestone] = []
        for line in text.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
            let parts = line.split(omittingEmptySubsequences: false) { $0 == "|" || $0 == "｜" }
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 3 else { throw .milestoneUntitled }
            guard let weight = Int(parts[1].replacingOccurrences(of: "%", with: "")) else {
                throw .weightsSum(found: milestones.reduce(0) { $0 + $1.weight })
            }
            guard let due = Day(iso: parts[2]) else { throw .dayMissing }
            milestones.append(Milestone(title: try MechanismText.clean(parts[0], max: 100), weight: weight, due: due))
        }
        return milestones
    }
}
