internal import Casework
internal import Core
internal import Hummingbird
internal import Organisation
internal import Store
internal import Web

/// Rounds on the desk: all of them, and one with each unit's worklist.
struct RoundRoutes: Sendable {
    let database: any Database
    let rounds: Rounds
    let sums: TaskSums

    private var tasks: Tasks { rounds.tasks }
    private var profile: Profile { rounds.tasks.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/rounds", .desk, list)
        routes.post("/desk/rounds", .digitalOffice, open)
        routes.get("/desk/rounds/export", .desk, exportList)
        routes.get("/desk/rounds/:id", .desk, show)
        routes.get("/desk/rounds/:id/export", .desk, export)
        routes.post("/desk/rounds/:id/close", .digitalOffice, close)
        return routes
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        try await listPage(visit, typed: nil)
    }

    private func found(_ visit: Visit) async throws -> ShortList {
        let query = ListQuery.read(visit, sorts: ["period"], defaultSort: "-period", filters: ["kind", "open"])
        let (zone, now, sums) = (profile.zone, visit.now, sums)
        let (rounds, figures) = try await database.read { tx in
            (
                try RoundStore.rounds(in: tx),
                try sums.value("rounds", now: now, in: tx) { try RoundStore.figures(in: zone, now: now, in: tx) }
            )
        }
        var found = rounds.filter { round in
            (query.filter("kind").map { $0 == round.period.rawValue } ?? true)
                && (query.filter("open").map { ($0 == "yes") == round.isOpen } ?? true)
                && (query.search.isEmpty || round.title.zh.contains(query.search)
                    || round.title.en.contains(query.search))
        }
        if !query.isDescending { found.reverse() }
        return ShortList(
            query: query,
            columns: [
                .init("period", visit.word("rounds.round"), isSortable: true, isFixed: true),
                .init("state", visit.word("rounds.state")), .init("due", visit.word("rounds.due")),
                .init("asked", visit.word("rounds.asked"), isNumeric: true),
                .init("handed_in", visit.word("rounds.handed_in"), isNumeric: true),
                .init("checked", visit.word("rounds.checked"), isNumeric: true),
                .init("late", visit.word("rounds.late"), isNumeric: true),
            ],
            rows: found.map { round in
                let own = figures[round.id] ?? RoundStore.Figures()
                let checked = own.counts[.checked] ?? 0
                return .init(
                    href: "/desk/rounds/\(round.id)",
                    cells: [
                        .text(visit.text(round.title)),
                        round.isOpen
                            ? .badge(visit.word("rounds.open"), .info) : .badge(visit.word("rounds.closed"), .neutral),
                        .day(round.due), .number(own.counts.values.reduce(0, +)),
                        .number(checked + (own.counts[.confirmed] ?? 0)), .number(checked),
                        own.late == 0
                            ? .number(0) : .link(visit.number(own.late), "/desk/rounds/\(round.id)?late=yes"),
                    ])
            })
    }

    @Sendable private func exportList(_ visit: Visit) async throws -> Response {
        try await found(visit).download(visit, name: visit.word("rounds.list.title"), subject: "rounds", in: database)
    }

    private func listPage(_ visit: Visit, typed: TypedMechanismForm?) async throws -> Response {
        let table = try await found(visit).table(
            visit,
            filters: [
                .init(
                    "kind", visit.word("rounds.period"),
                    options: ReportRound.Period.allCases.map { .init($0.rawValue, visit.text($0.title)) }),
                .init(
                    "open", visit.word("rounds.state"),
                    options: [.init("yes", visit.word("rounds.open")), .init("no", visit.word("rounds.closed"))]),
            ], path: "/desk/rounds", emptyKey: "rounds.list.empty")
        let mayOpen = try visit.account().roles.contains(.digitalOffice)
        return try visit.render(
            RoundListPage(
                title: visit.word("rounds.list.title"), subtitle: visit.word("rounds.list.subtitle"), table: table,
                form: mayOpen ? openForm(visit, typed) : nil),
            status: typed == nil ? .ok : .unprocessableContent)
    }

    private func openForm(_ visit: Visit, _ typed: TypedMechanismForm?) -> SmallForm {
        let today = tasks.today
        // Reports of a month are due in the first days of the next.
        let due = ReportRound.Period.month.span(around: today).upperBound.adding(days: 5)
        return SmallForm(
            path: "/desk/rounds", version: "",
            fields: [
                Field(
                    label: visit.word("rounds.period"), name: "period", kind: .select,
                    value: typed?.value("open", "period") ?? "month",
                    options: ReportRound.Period.allCases.map { .init($0.rawValue, visit.text($0.title)) },
                    isRequired: true),
                Field(
                    label: visit.word("rounds.day"), name: "day", kind: .date,
                    value: typed?.value("open", "day") ?? today.description, hint: visit.word("rounds.day.hint"),
                    isRequired: true),
                Field(
                    label: visit.word("rounds.due"), name: "due", kind: .date,
                    value: typed?.value("open", "due") ?? due.description, hint: visit.word("rounds.due.hint"),
                    isRequired: true),
            ], problem: typed?.message, button: visit.word("rounds.open_round"))
    }

    @Sendable private func open(_ visit: Visit) async throws -> Response {
        let (fields, account, rounds) = (try await visit.fields(), try visit.account(), rounds)
        do {
            guard let period = ReportRound.Period(rawValue: fields.text("period")) else {
                throw WebError.formMalformed
            }
            guard let day = Day(iso: fields.text("day")), let due = Day(iso: fields.text("due")) else {
                throw MechanismError.dayMissing
            }
            let round = try await database.write {
                try rounds.open(period, around: day, due: due, by: account.personID, in: $0)
            }
            return visit.redirect("/desk/rounds/\(round.id)", toast: "rounds.toast.opened")
        } catch let error as MechanismError {
            return try await listPage(
                visit,
                typed: TypedMechanismForm(
                    form: "open", fields: fields, message: error.report.explanation(visit.language)))
        }
    }

    @Sendable private func close(_ visit: Visit) async throws -> Response {
        let (id, rounds): (ID<ReportRound>, Rounds) = (try visit.id(), rounds)
        try await database.write { try rounds.close(id, in: $0) }
        return visit.redirect("/desk/rounds/\(id)", toast: "rounds.toast.closed")
    }

    // MARK: - One round

    private func query(_ visit: Visit) throws -> (ListQuery, RoundStore.Filter) {
        let query = ListQuery.read(visit, sorts: ["unit"], defaultSort: "unit", filters: ["unit", "state", "late"])
        var filter = RoundStore.Filter(round: try visit.id())
        filter.search = query.search
        filter.states = (query.filters["state"] ?? []).compactMap(ReportState.init(rawValue:))
        filter.unit = query.filter("unit")
        filter.isLate = query.filter("late").map { $0 == "yes" }
        return (query, filter)
    }

    private func columns(_ visit: Visit) -> [Table.Column] {
        [
            .init("number", visit.word("tasks.number"), isFixed: true), .init("light", visit.word("tasks.light")),
            .init("title", visit.word("tasks.title"), isFixed: true),
            .init("unit", visit.word("tasks.lead"), isSortable: true), .init("state", visit.word("rounds.state")),
            .init("checked", visit.word("tasks.progress"), isNumeric: true),
            .init("reported", visit.word("rounds.reported"), isNumeric: true),
            .init("text", visit.word("rounds.text")), .init("filled", visit.word("rounds.filled")),
            .init("late", visit.word("rounds.late")),
        ]
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let (query, filter) = try query(visit)
        let (now, zone, account) = (visit.now, profile.zone, try visit.account())
        let read = try await database.read { tx in
            let round = try RoundStore.find(filter.round, in: tx)
            let end = round.end(in: zone)
            return (
                round: round,
                entries: try RoundStore.list(
                    filter, end: end, isDescending: query.isDescending, limit: query.pageSize, offset: query.offset,
                    now: now, in: tx), total: try RoundStore.count(filter, end: end, now: now, in: tx),
                counts: try RoundStore.counts(of: round.id, in: tx),
                own: try account.unitCode.map { try RoundStore.counts(of: round.id, unit: $0, in: tx) },
                late: try RoundStore.lateCount(of: round.id, end: end, now: now, in: tx)
            )
        }
        let words = MechanismWords(visit: visit, profile: profile)
        let path = "/desk/rounds/\(read.round.id)"
        let table = Table(
            visit: visit, query: query, columns: columns(visit),
            rows: read.entries.map { row($0, read.round, words) }, total: read.total,
            filters: [
                .init("unit", visit.word("tasks.lead"), options: words.unitOptions.map { .init($0.value, $0.title) }),
                .init(
                    "state", visit.word("rounds.state"),
                    options: ReportState.allCases.map {
                        .init($0.rawValue, visit.text($0.title), count: read.counts[$0] ?? 0)
                    }),
                .init("late", visit.word("rounds.late"), options: [.init("yes", visit.word("rounds.late"))]),
            ], exportPath: path + "/export", emptyKey: "rounds.empty")
        let mine = account.unitCode.map { unit in
            Tabs([
                .init(
                    visit.word("rounds.mine", words.unit(unit) ?? unit), "\(path)?unit=\(urlEncoded(unit))",
                    isCurrent: filter.unit == unit, count: read.own?.values.reduce(0, +)),
                .init(
                    visit.word("rounds.all"), path, isCurrent: filter.unit == nil,
                    count: read.counts.values.reduce(0, +)),
            ])
        }
        let isOffice = account.roles.contains(.digitalOffice)
        return try visit.render(
            RoundPage(
                title: visit.text(read.round.title),
                subtitle: visit.word(
                    read.round.isOpen ? "rounds.subtitle.open" : "rounds.subtitle.closed", visit.day(read.round.due)),
                breadcrumbs: [Breadcrumb(visit.word("rounds.list.title"), "/desk/rounds")],
                tiles: tiles(visit, read.counts, late: read.late, path: path), tabs: mine, table: table,
                closePath: isOffice && read.round.isOpen ? path + "/close" : nil, checkPath: nil, problem: nil))
    }

    private func tiles(_ visit: Visit, _ counts: [ReportState: Int], late: Int, path: String) -> StatTiles {
        StatTiles(
            ReportState.allCases.map { state in
                StatTiles.Tile(
                    visit.text(state.title), visit.number(counts[state] ?? 0), href: "\(path)?state=\(state.rawValue)",
                    tone: state == .checked ? .good : .neutral)
            } + [
                StatTiles.Tile(
                    visit.word("rounds.late"), visit.number(late), href: "\(path)?late=yes",
                    tone: late > 0 ? .danger : .neutral)
            ])
    }

    private func row(_ entry: RoundStore.Entry, _ round: ReportRound, _ words: MechanismWords) -> Table.Row {
        let (visit, report) = (words.visit, entry.report)
        let isLate = report.isLate(round, now: visit.now, in: profile.zone)
        return Table.Row(
            href: "/desk/reports/\(report.id)",
            cells: [
                .text(entry.file.number), .lamp(words.light(entry.file.light)), .long(entry.file.title),
                .text(words.unit(entry.file.leadUnitCode) ?? report.unitCode), words.report(report.state),
                .text(Points.text(entry.checkedPPM)),
                report.state == .due ? .none : .text(Points.text(report.progressPPM)),
                report.text.isEmpty ? .none : .long(report.text), report.filledAt.map(Web.Cell.time) ?? .none,
                isLate ? .badge(visit.word("rounds.late"), .danger) : .none,
            ])
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let (_, filter) = try query(visit)
        let (now, zone) = (visit.now, profile.zone)
        let (round, entries) = try await database.read { tx in
            let round = try RoundStore.find(filter.round, in: tx)
            return (
                round,
                try RoundStore.list(
                    filter, end: round.end(in: zone), isDescending: false, limit: MechanismLimits.exportRowsMax,
                    offset: 0, now: now, in: tx)
            )
        }
        let words = MechanismWords(visit: visit, profile: profile)
        let more: [Table.Column] = ["difficulties", "next_steps"].map { .init($0, visit.word("rounds.\($0)")) }
        return try await SheetDownload(
            visit, columns: columns(visit) + more,
            rows: entries.map { entry in
                Table.Row(
                    cells: row(entry, round, words).cells
                        + [.long(entry.report.difficulties), .long(entry.report.nextSteps)])
            }
        ).recorded(visit, name: visit.text(round.title), subject: "round \(round.id)", in: database)
    }
}
