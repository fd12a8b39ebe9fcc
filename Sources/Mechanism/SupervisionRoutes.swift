internal import Casework
internal import Core
internal import Foundation
internal import Hummingbird
internal import Organisation
internal import Store
internal import Web

/// Supervision on the desk: what is red or watched, and what waits for a decision.
struct SupervisionRoutes: Sendable {
    let database: any Database
    let tasks: Tasks
    let sums: TaskSums

    private var profile: Profile { tasks.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/supervision", .desk, list)
        routes.get("/desk/supervision/export", .desk, export)
        return routes
    }

    private func query(_ visit: Visit) -> (ListQuery, TaskFilter) {
        let query = ListQuery.read(
            visit, sorts: ["light", "due"], defaultSort: "-light", filters: ["level", "unit", "light"])
        var filter = TaskFilter()
        filter.cases.isOpen = true
        filter.cases.search = query.search
        filter.cases.unitCode = query.filter("unit")
        filter.supervision = (query.filters["level"] ?? []).compactMap(SupervisionLevel.init(rawValue:))
        filter.cases.lights = (query.filters["light"] ?? []).compactMap(Light.init(rawValue:))
        // Without a choice: whatever is red, so that nobody has to look for it.
        if filter.supervision.isEmpty, filter.cases.lights.isEmpty { filter.cases.lights = [.red] }
        filter.sort = TaskFilter.Sort(rawValue: query.sort) ?? .light
        filter.isDescending = query.isDescending
        return (query, filter)
    }

    private func columns(_ visit: Visit) -> [Table.Column] {
        [
            .init("number", visit.word("tasks.number"), isFixed: true),
            .init("light", visit.word("tasks.light"), isSortable: true),
            .init("title", visit.word("tasks.title"), isFixed: true), .init("lead", visit.word("tasks.lead")),
            .init("gap", visit.word("tasks.gap"), isNumeric: true),
            .init("due", visit.word("tasks.due"), isSortable: true),
            .init("held_up", visit.word("supervision.held_up"), isNumeric: true),
            .init("level", visit.word("tasks.supervision")), .init("last", visit.word("supervision.last")),
            .init("answer", visit.word("supervision.answer")),
        ]
    }

    private struct Read: Sendable {
        let entries: [TaskListStore.Entry]
        let total: Int
        let steps: [ID<CaseFile>: TaskStep]
        let held: [ID<CaseFile>: Int]
    }

    private func read(
        _ filter: TaskFilter, limit: Int, offset: Int, now: Instant, in tx: any Transaction
    ) throws -> Read {
        let (entries, total) = try TaskListStore.page(
            filter, limit: limit, offset: offset, on: Day(now, in: profile.zone), now: now, in: tx)
        let blocks = try sums.value("blocks", now: now, in: tx) { BlockedBy(try TaskStore.blocks(in: tx)) }
        return Read(
            entries: entries, total: total,
            steps: try TaskChangeStore.latestSteps(of: entries.map(\.file.id), in: tx),
            held: Dictionary(
                entries.map { ($0.file.id, blocks.heldUp(by: $0.file.id).count) },
                uniquingKeysWith: { first, _ in first }))
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let (query, filter) = query(visit)
        let now = visit.now
        let (page, lights, waiting, files) = try await database.read { tx in
            let supervised = try TaskListStore.countsBySupervision(in: tx)
            let waiting = try TaskChangeStore.waiting(in: tx)
            return (
                try read(filter, limit: query.pageSize, offset: query.offset, now: now, in: tx),
                SupervisionLevel.allCases.filter { $0 != .none }.map { ($0, supervised[$0] ?? 0) }, waiting,
                try CaseStore.find(
                    waiting.prefix(MechanismLimits.waitingShown).map(\.taskID), now: now, in: tx)
            )
        }
        let words = MechanismWords(visit: visit, profile: profile)
        let byID = Dictionary(files.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return try visit.render(
            SupervisionPage(
                title: visit.word("supervision.title"), subtitle: visit.word("supervision.subtitle"),
                actions: [PageAction(visit.word("supervision.units"), "/desk/unit-lights")],
                tiles: StatTiles(
                    lights.map { level, count in
                        .init(
                            visit.text(level.title), visit.number(count),
                            href: "/desk/supervision?level=\(level.rawValue)",
                            tone: count == 0 ? .neutral : level >= .listed ? .danger : .warning)
                    } + [
                        .init(
                            visit.word("supervision.waiting"), visit.number(waiting.count), href: "#waiting",
                            tone: waiting.isEmpty ? .neutral : .info)
                    ]),
                table: Table(
                    visit: visit, query: query, columns: columns(visit),
                    rows: page.entries.map { row($0, page, words) },
                    total: page.total,
                    filters: [
                        .init(
                            "level", visit.word("tasks.supervision"),
                            options: SupervisionLevel.allCases.map { .init($0.rawValue, visit.text($0.title)) }),
                        .init(
                            "light", visit.word("tasks.light"),
                            options: Light.allCases.reversed().map {
                                .init($0.rawValue, visit.word("mechanism.light.\($0.rawValue)"))
                            }),
                        .init(
                            "unit", visit.word("tasks.unit"),
                            options: words.unitOptions.map { .init($0.value, $0.title) }),
                    ], exportPath: "/desk/supervision/export", emptyKey: "supervision.empty"),
                waiting: waiting.compactMap { change in
                    byID[change.taskID].map { file in
                        SupervisionPage.Waiting(
                            number: file.number, href: "/desk/tasks/\(file.id)#changes", name: file.title,
                            unit: words.unit(file.leadUnitCode) ?? "–", kind: visit.text(change.kind.title),
                            old: change.oldValue, new: change.newValue, reason: change.reason,
                            asked: visit.time(change.askedAt))
                    }
                }, hasWaiting: !waiting.isEmpty,
                moreWaiting: waiting.count > MechanismLimits.waitingShown
                    ? visit.word("supervision.waiting.more", visit.number(waiting.count - files.count)) : nil))
    }

    private func row(_ entry: TaskListStore.Entry, _ page: Read, _ words: MechanismWords) -> Table.Row {
        let visit = words.visit
        let step = page.steps[entry.file.id]
        let held = page.held[entry.file.id] ?? 0
        return Table.Row(
            href: "/desk/tasks/\(entry.file.id)#supervision",
            cells: [
                .text(entry.file.number), .lamp(words.light(entry.file.light)), .long(entry.file.title),
                .text(words.unit(entry.file.leadUnitCode) ?? "–"), .text(words.behind(entry.behindPPM)),
                .day(entry.task.due),
                held == 0 ? .number(0) : .link(visit.number(held), "/desk/tasks/\(entry.file.id)#blocks"),
                words.supervision(entry.task.supervision),
                step.map { .text("\(visit.text($0.step.title)) \(visit.day($0.at))") } ?? .none,
                answer(step, visit),
            ])
    }

    private func answer(_ step: TaskStep?, _ visit: Visit) -> Web.Cell {
        guard let step, step.step.asksAnswer else { return .none }
        if step.answer != nil { return .badge(visit.word("supervision.answered"), .good) }
        guard let due = step.answerDue else { return .badge(visit.word("supervision.unanswered"), .neutral) }
        let isLate = due < Day(visit.now, in: profile.zone)
        return .badge(
            visit.word(isLate ? "supervision.answer_late" : "supervision.answer_by", visit.day(due)),
            isLate ? .danger : .info)
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let (_, filter) = query(visit)
        let now = visit.now
        let page = try await database.read {
            try read(filter, limit: MechanismLimits.exportRowsMax, offset: 0, now: now, in: $0)
        }
        let words = MechanismWords(visit: visit, profile: profile)
        let answer = Table.Column("answer_text", visit.word("supervision.answer_text"))
        return try await SheetDownload(
            visit, columns: columns(visit) + [answer],
            rows: page.entries.map { entry in
                Table.Row(
                    cells: row(entry, page, words).cells + [.long(page.steps[entry.file.id]?.answer ?? "")])
            }
        ).recorded(visit, name: visit.word("supervision.title"), subject: "supervision", in: database)
    }
}

struct SupervisionPage: Page {
    static let template = "supervision/list"

    struct Waiting: Sendable {
        let number: String
        let href: String
        let name: String
        let unit: String
        let kind: String
        let old: String
        let new: String
        let reason: String
        let asked: String
    }

    let title: String
    let subtitle: String?
    let actions: [PageAction]
    let tiles: StatTiles
    let table: Table
    let waiting: [Waiting]
    let hasWaiting: Bool
    let moreWaiting: String?
    var isWide: Bool { true }
}
