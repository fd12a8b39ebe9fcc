package import Core
internal import Hummingbird
internal import Store
internal import Web

/// The queue as the system administrator sees it: what runs, waits, is over or was given up.
struct JobRoutes: Sendable {
    let database: any Database
    /// The kinds this program has handlers for, with their words.
    let kinds: [String]

    static let access: Access = .roles([.systemAdministrator, .digitalOffice])

    var routes: Routes {
        var routes = Routes()
        routes.get("/admin/jobs", Self.access, list)
        routes.get("/admin/jobs/:id", Self.access, show)
        routes.post("/admin/jobs/:id/cancel", Self.access, cancel)
        routes.post("/admin/jobs/:id/retry", Self.access, retry)
        return routes
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        var query = ListQuery.read(visit, sorts: ["created"], defaultSort: "-created", filters: ["state", "kind"])
        query.pageSize = PlatformLimits.jobsPageSize
        let state = query.filter("state").flatMap(Job.State.init(rawValue:))
        let kind = query.filter("kind")
        let (limit, offset) = (query.pageSize, query.offset)
        let (jobs, total, counts, waiting) = try await database.read { tx in
            (
                try JobStore.list(state: state, kind: kind, limit: limit, offset: offset, in: tx),
                try JobStore.count(state: state, kind: kind, in: tx), try JobStore.countsByState(in: tx),
                try Outbox.count(in: tx)
            )
        }
        let tiles = Job.State.allCases.filter { $0 != .cancelled && $0 != .done }.map { state in
            StatTiles.Tile(
                visit.word("platform.job.state.\(state.rawValue)"), visit.number(counts[state] ?? 0),
                href: "/admin/jobs?state=\(state.rawValue)",
                tone: state == .parked && (counts[state] ?? 0) > 0 ? .danger : .neutral)
        }
        return try visit.render(
            JobListPage(
                title: visit.word("platform.jobs"), breadcrumbs: [Breadcrumb(visit.word("platform.admin"), "/admin")],
                tiles: StatTiles(tiles), table: table(jobs, total, query, counts, visit),
                outbox: visit.word("platform.jobs.outbox", visit.number(waiting)),
                isRunning: (counts[.running] ?? 0) + (counts[.queued] ?? 0) > 0))
    }

    private func table(
        _ jobs: [Job], _ total: Int, _ query: ListQuery, _ counts: [Job.State: Int], _ visit: Visit
    ) -> Table {
        let states = Job.State.allCases.map {
            Table.Filter.Option($0.rawValue, visit.word("platform.job.state.\($0.rawValue)"), count: counts[$0] ?? 0)
        }
        return Table(
            visit: visit, query: query,
            columns: [
                .init("kind", visit.word("platform.job.kind")), .init("state", visit.word("platform.job.state")),
                .init("progress", visit.word("platform.job.progress")),
                .init("attempts", visit.word("platform.job.attempts"), isNumeric: true),
                .init("created", visit.word("platform.job.created")), .init("note", visit.word("platform.job.note")),
            ],
            rows: jobs.map { job in
                Table.Row(
                    href: "/admin/jobs/\(job.id)",
                    cells: [
                        .text(kindTitle(job.kind, visit)), .badge(stateTitle(job.state, visit), tone(job.state)),
                        progress(job), .number(job.attempts), .time(job.createdAt), .long(job.lastError ?? job.note),
                    ])
            },
            total: total,
            filters: [
                .init("state", visit.word("platform.job.state"), options: states),
                .init(
                    "kind", visit.word("platform.job.kind"),
                    options: kinds.map { .init($0, kindTitle($0, visit)) }),
            ], emptyKey: "platform.jobs.none", hasSearch: false)
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let job = try await find(visit)
        var facts: [(String, Cell)] = [
            (visit.word("platform.job.kind"), .text(kindTitle(job.kind, visit))),
            (visit.word("platform.job.state"), .badge(stateTitle(job.state, visit), tone(job.state))),
            (visit.word("platform.job.progress"), progress(job)),
            (visit.word("platform.job.attempts"), .number(job.attempts)),
            (visit.word("platform.job.created"), .time(job.createdAt)),
            (visit.word("platform.job.started"), job.startedAt.map(Cell.time) ?? .none),
            (visit.word("platform.job.finished"), job.finishedAt.map(Cell.time) ?? .none),
        ]
        if job.state == .queued { facts.append((visit.word("platform.job.run_at"), .time(job.runAt))) }
        if !job.note.isEmpty { facts.append((visit.word("platform.job.note"), .text(job.note))) }
        return try visit.render(
            JobPage(
                title: kindTitle(job.kind, visit),
                breadcrumbs: [
                    Breadcrumb(visit.word("platform.admin"), "/admin"),
                    Breadcrumb(visit.word("platform.jobs"), "/admin/jobs"),
                ],
                facts: KeyValues(facts), lastError: job.lastError, path: "/admin/jobs/\(job.id)",
                canCancel: (job.state == .queued || job.state == .running) && !job.isCancelRequested,
                isCancelling: job.state == .running && job.isCancelRequested,
                canRetry: job.state == .parked || job.state == .cancelled,
                refreshSeconds: job.state == .running || job.state == .queued ? 3 : nil))
    }

    @Sendable private func cancel(_ visit: Visit) async throws -> Response {
        let job = try await find(visit)
        let now = visit.now
        let isDone = try await database.write { try JobStore.requestCancel(job.id, now: now, in: $0) }
        guard isDone else { throw JobError.overAlready }
        return visit.redirect("/admin/jobs/\(job.id)", toast: "platform.job.cancel_asked")
    }

    @Sendable private func retry(_ visit: Visit) async throws -> Response {
        let job = try await find(visit)
        let now = visit.now
        let isDone = try await database.write { try JobStore.retry(job.id, now: now, in: $0) }
        guard isDone else { throw JobError.notStopped }
        return visit.redirect("/admin/jobs/\(job.id)", toast: "platform.job.queued_again")
    }

    private func find(_ visit: Visit) async throws -> Job {
        let id: ID<Job> = try visit.id()
        guard let job = try await database.read({ try JobStore.find(id, in: $0) }) else { throw WebError.noSuchPage }
        return job
    }

    /// A kind a newer program wrote has no word here and is shown by its name.
    private func kindTitle(_ kind: String, _ visit: Visit) -> String {
        let key = "platform.job.kind.\(kind)"
        return visit.site.words.contains(key) ? visit.word(key) : kind
    }

    private func stateTitle(_ state: Job.State, _ visit: Visit) -> String {
        visit.word("platform.job.state.\(state.rawValue)")
    }

    private func tone(_ state: Job.State) -> Tone {
        switch state {
        case .queued: .neutral
        case .running: .info
        case .done: .good
        case .cancelled: .warning
        case .parked: .danger
        }
    }

    private func progress(_ job: Job) -> Cell {
        guard job.progressTotal > 0 else { return job.progressDone > 0 ? .number(Int(job.progressDone)) : .none }
        let permille = Int(min(1_000, job.progressDone * 1_000 / job.progressTotal))
        return .bar(permille, "\(grouped(Int(job.progressDone))) / \(grouped(Int(job.progressTotal)))")
    }
}

/// What an administrator can ask of a job that it no longer can do.
package enum JobError: Problem, Equatable {
    case overAlready, notStopped

    package var report: ProblemReport {
        switch self {
        case .overAlready:
            .init(
                .conflict, "platform.job_over", zh: "这项任务已经结束，不能再取消。请返回任务列表查看。",
                en: "This job is over and cannot be cancelled any more. Go back to the list of jobs.")
        case .notStopped:
            .init(
                .conflict, "platform.job_not_stopped", zh: "只有搁置或已取消的任务可以重试。请返回任务列表查看。",
                en: "Only a parked or cancelled job can be tried again. Go back to the list of jobs.")
        }
    }
}

struct JobListPage: Page {
    static let template = "platform/jobs"
    let title: String
    let breadcrumbs: [Breadcrumb]
    let tiles: StatTiles
    let table: Table
    let outbox: String
    let isRunning: Bool
    var refreshSeconds: Int? { isRunning ? 5 : nil }
}

struct JobPage: Page {
    static let template = "platform/job"
    let title: String
    let breadcrumbs: [Breadcrumb]
    let facts: KeyValues
    let lastError: String?
    let path: String
    let canCancel: Bool
    let isCancelling: Bool
    let canRetry: Bool
    let refreshSeconds: Int?
}
