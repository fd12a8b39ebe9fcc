internal import Casework
internal import Core
internal import Organisation
internal import Web

/// The list of tasks and the query behind it.
struct TaskList: Sendable {
    static let filters = ["plan", "state", "light", "unit", "supervision", "source", "open"]

    let visit: Visit
    let profile: Profile
    let query: ListQuery

    init(visit: Visit, profile: Profile) {
        self.visit = visit
        self.profile = profile
        query = ListQuery.read(
            visit, sorts: TaskFilter.Sort.allCases.map(\.rawValue), defaultSort: "-light", filters: Self.filters)
    }

    private var words: MechanismWords { MechanismWords(visit: visit, profile: profile) }

    var filter: TaskFilter {
        var filter = TaskFilter()
        filter.cases.search = query.search
        filter.cases.states = (query.filters["state"] ?? []).compactMap { TaskState(rawValue: $0)?.rawValue }
        filter.cases.lights = (query.filters["light"] ?? []).compactMap(Light.init(rawValue:))
        filter.cases.unitCode = query.filter("unit")
        switch query.filter("open") {
        case "yes": filter.cases.isOpen = true
        case "no": filter.cases.isOpen = false
        default: break
        }
        // A light says something of what is open.
        if !filter.cases.lights.isEmpty { filter.cases.isOpen = true }
        filter.root = query.filter("plan").flatMap { ID(text: $0) }
        filter.sources = (query.filters["source"] ?? []).compactMap(TaskSource.init(rawValue:))
        filter.supervision = (query.filters["supervision"] ?? []).compactMap(SupervisionLevel.init(rawValue:))
        filter.sort = TaskFilter.Sort(rawValue: query.sort) ?? .light
        filter.isDescending = query.isDescending
        return filter
    }

    var columns: [Table.Column] {
        [
            .init("number", visit.word("tasks.number"), isSortable: true, isFixed: true),
            .init("light", visit.word("tasks.light"), isSortable: true),
            .init("title", visit.word("tasks.title"), isFixed: true), .init("plan", visit.word("tasks.plan")),
            .init("lead", visit.word("tasks.lead")),
            .init("progress", visit.word("tasks.progress"), isSortable: true, isNumeric: true),
            .init("gap", visit.word("tasks.gap"), isNumeric: true),
            .init("due", visit.word("tasks.due"), isSortable: true), .init("state", visit.word("tasks.state")),
            .init("supervision", visit.word("tasks.supervision")),
        ]
    }

    func table(
        _ entries: [TaskListStore.Entry], total: Int, plans: [ID<PlanNode>: String], roots: [PlanNode]
    ) -> Table {
        Table(
            visit: visit, query: query, columns: columns, rows: entries.map { row($0, plans: plans) }, total: total,
            filters: filters(roots), exportPath: "/desk/tasks/export", emptyKey: "tasks.list.empty")
    }

    func row(_ entry: TaskListStore.Entry, plans: [ID<PlanNode>: String]) -> Table.Row {
        Table.Row(
            href: "/desk/tasks/\(entry.file.id)",
            cells: [
                .text(entry.file.number), .lamp(words.light(entry.file.light)), .long(entry.file.title),
                entry.task.rootID.flatMap { plans[$0] }.map(Web.Cell.long) ?? .none,
                words.unit(entry.file.leadUnitCode).map(Web.Cell.text) ?? .badge(visit.word("tasks.no_lead"), .warning),
                words.progress(entry.task.progressPPM),
                .text(entry.file.isOpen ? words.behind(entry.behindPPM) : ""), .day(entry.task.due),
                words.state(entry.file), words.supervision(entry.task.supervision),
            ])
    }

    /// The list as a file, with what is too long for a page.
    func download(_ entries: [TaskListStore.Entry], plans: [ID<PlanNode>: String]) -> SheetDownload {
        SheetDownload(
            visit,
            columns: columns + [
                .init("target", visit.word("tasks.target")), .init("detail", visit.word("tasks.detail")),
            ],
            rows: entries.map { entry in
                Table.Row(cells: row(entry, plans: plans).cells + [.long(entry.task.target), .long(entry.task.detail)])
            })
    }

    func tiles(_ lights: [Light: Int], supervised: Int) -> StatTiles {
        func tile(_ light: Light, _ tone: Tone) -> StatTiles.Tile {
            let count = lights[light] ?? 0
            return .init(
                visit.word("mechanism.light.\(light.rawValue)"), visit.number(count),
                href: "/desk/tasks?light=\(light.rawValue)", tone: count > 0 ? tone : .neutral)
        }
        return StatTiles([
            .init(
                visit.word("tasks.open"), visit.number(lights.values.reduce(0, +)), href: "/desk/tasks?open=yes"),
            tile(.red, .danger), tile(.yellow, .warning), tile(.blue, .info), tile(.green, .good),
            .init(
                visit.word("tasks.supervised"), visit.number(supervised), href: "/desk/supervision",
                tone: supervised > 0 ? .danger : .neutral),
        ])
    }

    private func filters(_ roots: [PlanNode]) -> [Table.Filter] {
        [
            .init("plan", visit.word("tasks.plan"), options: roots.map { .init("\($0.id)", $0.title) }),
            .init("unit", visit.word("tasks.unit"), options: words.unitOptions.map { .init($0.value, $0.title) }),
            .init(
                "light", visit.word("tasks.light"),
                options: Light.allCases.reversed().map {
                    .init($0.rawValue, visit.word("mechanism.light.\($0.rawValue)"))
                }),
            .init(
                "state", visit.word("tasks.state"),
                options: TaskState.allCases.map { .init($0.rawValue, visit.text($0.title)) }),
            .init(
                "source", visit.word("tasks.source"),
                options: TaskSource.allCases.map { .init($0.rawValue, visit.text($0.title)) }),
        ]
    }
}
