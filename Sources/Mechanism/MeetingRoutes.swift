internal import Casework
internal import Core
internal import Hummingbird
internal import Organisation
internal import Store
internal import Web

/// Meetings on the desk: the agenda, the minutes, the decisions and what became of them.
struct MeetingRoutes: Sendable {
    let database: any Database
    let meetings: Meetings

    private var profile: Profile { meetings.tasks.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/meetings", .desk, list)
        routes.post("/desk/meetings", MechanismModule.steering, call)
        routes.get("/desk/meetings/export", .desk, export)
        routes.get("/desk/meetings/:id", .desk, show)
        routes.post("/desk/meetings/:id/agenda", MechanismModule.steering, agenda)
        routes.post("/desk/meetings/:id/agenda/:item/remove", MechanismModule.steering, remove)
        routes.post("/desk/meetings/:id/minutes", MechanismModule.steering, minute)
        routes.post("/desk/meetings/:id/decisions", MechanismModule.steering, decide)
        return routes
    }

    // MARK: - List

    @Sendable private func list(_ visit: Visit) async throws -> Response { try await listPage(visit, typed: nil) }

    private func found(_ visit: Visit) async throws -> ShortList {
        let query = ListQuery.read(visit, sorts: ["day"], defaultSort: "-day", filters: ["state"])
        var found = try await database.read { try MeetingStore.list(in: $0) }.filter { meeting in
            (query.search.isEmpty || "\(meeting.title) \(meeting.minutes)".contains(query.search))
                && (query.filter("state").map { ($0 == "held") == meeting.isHeld } ?? true)
        }
        if !query.isDescending { found.reverse() }
        return ShortList(
            query: query,
            columns: [
                .init("title", visit.word("meetings.title"), isFixed: true),
                .init("day", visit.word("meetings.day"), isSortable: true),
                .init("place", visit.word("meetings.place")), .init("chair", visit.word("meetings.chair")),
                .init("state", visit.word("tasks.state")),
            ],
            rows: found.map { meeting in
                let state = visit.word(meeting.isHeld ? "meetings.held" : "meetings.planned")
                return .init(
                    href: "/desk/meetings/\(meeting.id)",
                    cells: [
                        .text(meeting.title), .day(meeting.day), meeting.place.isEmpty ? .none : .text(meeting.place),
                        meeting.chair.isEmpty ? .none : .text(meeting.chair),
                        .badge(state, meeting.isHeld ? .good : .info),
                    ])
            })
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        try await found(visit).download(
            visit, name: visit.word("meetings.list.title"), subject: "meetings", in: database)
    }

    private func listPage(_ visit: Visit, typed: TypedMechanismForm?) async throws -> Response {
        let table = try await found(visit).table(
            visit,
            filters: [
                .init(
                    "state", visit.word("tasks.state"),
                    options: [
                        .init("planned", visit.word("meetings.planned")), .init("held", visit.word("meetings.held")),
                    ])
            ], path: "/desk/meetings", emptyKey: "meetings.empty")
        let steers = MechanismPermission.steers(try visit.account())
        func field(_ name: String, _ kind: Field.Kind = .text, isRequired: Bool = false) -> Field {
            Field(
                label: visit.word("meetings.\(name)"), name: name, kind: kind,
                value: typed?.value("call", name) ?? "", isRequired: isRequired,
                charactersMax: kind == .date ? nil : MechanismLimits.shortCharactersMax, autocomplete: "off")
        }
        let form = SmallForm(
            path: "/desk/meetings", version: "",
            fields: [
                field("title", isRequired: true), field("day", .date, isRequired: true), field("place"), field("chair"),
            ],
            problem: typed?.message, button: visit.word("meetings.call"))
        return try visit.render(
            RoundListPage(
                title: visit.word("meetings.list.title"), subtitle: visit.word("meetings.list.subtitle"), table: table,
                form: steers ? form : nil), status: typed == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func call(_ visit: Visit) async throws -> Response {
        let (fields, account, meetings) = (try await visit.fields(), try visit.account(), meetings)
        do {
            guard let day = Day(iso: fields.text("day")) else { throw MechanismError.dayMissing }
            let id = try await database.write {
                try meetings.call(
                    title: fields.text("title"), day: day, place: fields.text("place"), chair: fields.text("chair"),
                    by: account, in: $0)
            }
            return visit.redirect("/desk/meetings/\(id)", toast: "meetings.toast.called")
        } catch let error as MechanismError {
            let typed = TypedMechanismForm(
                form: "call", fields: fields, message: error.report.explanation(visit.language))
            return try await listPage(visit, typed: typed)
        }
    }

    // MARK: - One meeting

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        try await page(visit, try visit.id(), typed: nil)
    }

    private func page(_ visit: Visit, _ id: ID<Meeting>, typed: TypedMechanismForm?) async throws -> Response {
        let (now, day) = (visit.now, meetings.tasks.today)
        let read = try await database.read { tx in
            let items = try MeetingStore.items(of: id, in: tx)
            let decisions = try MeetingStore.decisions(of: id, in: tx)
            let ids = Array(Set(items.compactMap(\.taskID) + decisions.map(\.taskID))).sorted()
            return (
                meeting: try MeetingStore.find(id, in: tx), items: items, decisions: decisions,
                tasks: try TaskListStore.entries(ids, on: day, now: now, in: tx)
            )
        }
        let words = MechanismWords(visit: visit, profile: profile)
        let tasks = Dictionary(read.tasks.map { ($0.file.id, $0) }, uniquingKeysWith: { first, _ in first })
        let (meeting, path) = (read.meeting, "/desk/meetings/\(id)")
        let steers = MechanismPermission.steers(try visit.account())
        func task(_ id: ID<CaseFile>?) -> MeetingPage.Task? {
            id.flatMap { tasks[$0] }.map { entry in
                MeetingPage.Task(
                    number: entry.file.number, href: "/desk/tasks/\(entry.file.id)",
                    light: words.light(entry.file.light),
                    unit: words.unit(entry.file.leadUnitCode) ?? "–", due: visit.day(entry.task.due))
            }
        }
        let forms = MeetingForms(visit: visit, meeting: meeting, typed: typed)
        let facts: [(String, Cell)] = [
            (visit.word("meetings.day"), .day(meeting.day)),
            (visit.word("meetings.place"), meeting.place.isEmpty ? .none : .text(meeting.place)),
            (visit.word("meetings.chair"), meeting.chair.isEmpty ? .none : .text(meeting.chair)),
        ]
        let page = MeetingPage(
            title: meeting.title, subtitle: visit.word(meeting.isHeld ? "meetings.held" : "meetings.planned"),
            breadcrumbs: [Breadcrumb(visit.word("meetings.list.title"), "/desk/meetings")], problem: typed?.message,
            isDemo: meeting.isDemo, facts: KeyValues(facts),
            items: read.items.map { item in
                .init(
                    kind: visit.text(item.kind.title), name: item.title, task: task(item.taskID),
                    removePath: steers && !meeting.isHeld ? path + "/agenda/\(item.id)/remove" : nil)
            }, hasItems: !read.items.isEmpty,
            agendaForm: steers && !meeting.isHeld ? forms.agenda : nil,
            minutes: meeting.minutes.isEmpty ? nil : meeting.minutes,
            minutesForm: steers ? forms.minutes : nil,
            decisions: read.decisions.map { .init(text: $0.text, at: visit.time($0.at), task: task($0.taskID)) },
            hasDecisions: !read.decisions.isEmpty,
            decisionForm: steers ? forms.decision(words.unitOptions) : nil)
        return try visit.render(page, status: typed == nil ? .ok : .unprocessableContent)
    }

    private func act(
        _ visit: Visit, _ form: String, toast: String,
        _ body: @escaping @Sendable (Fields, ID<Meeting>, Visitor.Account, any Transaction) throws -> Void
    ) async throws -> Response {
        let id: ID<Meeting> = try visit.id()
        let (fields, account) = (try await visit.fields(), try visit.account())
        do {
            try await database.write { try body(fields, id, account, $0) }
        } catch let problem as any Problem where problem.report.kind != .missing {
            return try await page(
                visit, id,
                typed: TypedMechanismForm(
                    form: form, fields: fields, message: problem.report.explanation(visit.language)))
        }
        return visit.redirect("/desk/meetings/\(id)", toast: toast)
    }

    @Sendable private func agenda(_ visit: Visit) async throws -> Response {
        let meetings = meetings
        return try await act(visit, "agenda", toast: "plans.toast.saved") { fields, id, _, tx in
            // Without words of its own the agenda takes in what has become red or waits since.
            let title = fields.text("title")
            if title.isEmpty { try meetings.fillAgenda(id, in: tx) } else { try meetings.add(title, to: id, in: tx) }
        }
    }

    @Sendable private func remove(_ visit: Visit) async throws -> Response {
        let meetings = meetings
        let item: ID<AgendaItem> = try visit.id("item")
        return try await act(visit, "remove", toast: "plans.toast.saved") { _, id, _, tx in
            try meetings.remove(item, of: id, in: tx)
        }
    }

    @Sendable private func minute(_ visit: Visit) async throws -> Response {
        let meetings = meetings
        return try await act(visit, "minutes", toast: "plans.toast.saved") { fields, id, _, tx in
            guard let version = Int(fields.text("version")) else { throw WebError.formMalformed }
            try meetings.minute(id, version: version, fields.text("minutes"), in: tx)
        }
    }

    @Sendable private func decide(_ visit: Visit) async throws -> Response {
        let meetings = meetings
        return try await act(visit, "decision", toast: "meetings.toast.decided") { fields, id, account, tx in
            guard let due = Day(iso: fields.text("due")) else { throw MechanismError.dayMissing }
            _ = try meetings.decide(
                id, fields.text("text"), lead: fields.text("lead"), due: due, by: account, in: tx)
        }
    }
}

struct MeetingPage: Page {
    static let template = "meetings/show"

    struct Task: Sendable {
        let number: String
        let href: String
        let light: LightBadge
        let unit: String
        let due: String
    }
    struct Item: Sendable {
        let kind: String
        let name: String
        let task: Task?
        let removePath: String?
    }
    struct Decision: Sendable {
        let text: String
        let at: String
        let task: Task?
    }

    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let problem: String?
    let isDemo: Bool
    let facts: KeyValues
    let items: [Item]
    let hasItems: Bool
    let agendaForm: SmallForm?
    let minutes: String?
    let minutesForm: SmallForm?
    let decisions: [Decision]
    let hasDecisions: Bool
    let decisionForm: SmallForm?
    var isWide: Bool { true }
}

/// The small forms of a meeting's page.
struct MeetingForms {
    let visit: Visit
    let meeting: Meeting
    let typed: TypedMechanismForm?

    private func form(_ fields: [Field], _ part: String, _ button: String) -> SmallForm {
        SmallForm(
            path: "/desk/meetings/\(meeting.id)/\(part)", version: "\(meeting.version)", fields: fields, problem: nil,
            button: visit.word(button))
    }

    var agenda: SmallForm {
        form(
            [
                Field(
                    label: visit.word("meetings.item"), name: "title", value: typed?.value("agenda", "title") ?? "",
                    hint: visit.word("meetings.item.hint"), charactersMax: MechanismLimits.titleCharactersMax,
                    autocomplete: "off")
            ], "agenda", "meetings.item.add")
    }

    var minutes: SmallForm {
        form(
            [
                Field(
                    label: visit.word("meetings.minutes"), name: "minutes", kind: .longText,
                    value: typed?.value("minutes", "minutes") ?? meeting.minutes, isRequired: true,
                    charactersMax: MechanismLimits.minutesCharactersMax)
            ], "minutes", "meetings.minutes.save")
    }

    func decision(_ units: [Field.Option]) -> SmallForm {
        form(
            [
                Field(
                    label: visit.word("meetings.decision"), name: "text", kind: .longText,
                    value: typed?.value("decision", "text") ?? "", isRequired: true,
                    charactersMax: MechanismLimits.textCharactersMax),
                Field(
                    label: visit.word("tasks.form.lead"), name: "lead", kind: .select,
                    value: typed?.value("decision", "lead") ?? "", options: units, isRequired: true),
                Field(
                    label: visit.word("tasks.form.due"), name: "due", kind: .date,
                    value: typed?.value("decision", "due") ?? "", isRequired: true),
            ], "decisions", "meetings.decision.add")
    }
}
