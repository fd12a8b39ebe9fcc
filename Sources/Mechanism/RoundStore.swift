package import Casework
package import Core
package import Store

/// The SQL of reporting rounds and reports.
package enum RoundStore {
    private static let columns: SQL = "id, period, first_day, last_day, due_day, is_open, opened_at_ms"

    package static func find(_ id: ID<ReportRound>, in tx: any Transaction) throws -> ReportRound {
        guard let row = try tx.first("SELECT \(columns) FROM report_round WHERE id = \(id)") else {
            throw MechanismError.roundUnknown
        }
        return try ReportRound(row)
    }

    /// Newest period first.
    package static func rounds(
        limit: Int = MechanismLimits.roundsListed, in tx: any Transaction
    ) throws -> [ReportRound] {
        try tx.all("SELECT \(columns) FROM report_round ORDER BY first_day DESC, id DESC LIMIT \(limit)")
            .map(ReportRound.init)
    }

    package static func openRounds(in tx: any Transaction) throws -> [ReportRound] {
        try tx.all(
            """
            SELECT \(columns) FROM report_round WHERE is_open = 1 ORDER BY due_day, id
            LIMIT \(MechanismLimits.roundsListed)
            """
        ).map(ReportRound.init)
    }

    static func insert(_ round: ReportRound, by person: Int64?, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO report_round (id, period, first_day, last_day, due_day, is_open, opened_at_ms, opened_by)
            VALUES (\(round.id), \(round.period.rawValue), \(round.first.number), \(round.last.number),
                \(round.due.number), 1, \(round.openedAt), \(person))
            """)
    }

    static func close(_ id: ID<ReportRound>, at: Instant, in tx: any Transaction) throws -> Bool {
        try tx.run("UPDATE report_round SET is_open = 0, closed_at_ms = \(at) WHERE id = \(id) AND is_open = 1") == 1
    }

    /// Tasks a round asks about: handed down, open, and with a lead unit.
    static func tasksToReport(in tx: any Transaction) throws -> [(id: ID<CaseFile>, unit: String, ppm: Int)] {
        try tx.all(
            """
            SELECT f.id AS id, f.lead_unit_code AS unit, t.progress_ppm AS ppm
            FROM case_file f JOIN work_task t ON t.id = f.id
            WHERE f.kind = 'task' AND f.state IN ('issued', 'underway') AND f.lead_unit_code IS NOT NULL
            ORDER BY f.id LIMIT \(MechanismLimits.exportRowsMax)
            """
        ).map { (try $0.get("id"), try $0.get("unit"), try $0.get("ppm")) }
    }

    static func insert(
        _ reports: [(id: ID<TaskReport>, task: ID<CaseFile>, unit: String, ppm: Int)], of round: ID<ReportRound>,
        in tx: any Transaction
    ) throws {
        try tx.insert(
            into: "task_report",
            columns: [
                "id", "round_id", "task_id", "unit_code", "state", "text", "difficulties", "next_steps", "progress",
                "progress_ppm", "note", "version",
            ],
            rows: reports.lazy.map { report in
                [
                    report.id.value, round.value, report.task.value, .text(report.unit), .text("due"), .text(""),
                    .text(""), .text(""), .text(""), report.ppm.value, .text(""), .integer(1),
                ]
            })
    }

    // MARK: - Reports

    private static let reportColumns: SQL = """
        r.id, r.round_id, r.task_id, r.unit_code, r.state, r.text, r.difficulties, r.next_steps, r.progress,
        r.progress_ppm, r.note, r.filled_by, r.filled_at_ms, r.confirmed_by, r.confirmed_at_ms, r.checked_by,
        r.checked_at_ms, r.version
        """

    package static func report(_ id: ID<TaskReport>, in tx: any Transaction) throws -> TaskReport {
        guard let row = try tx.first("SELECT \(reportColumns) FROM task_report r WHERE r.id = \(id)") else {
            throw MechanismError.reportUnknown
        }
        return try TaskReport(row)
    }

    /// Newest first.
    package static func reports(ofTask id: ID<CaseFile>, in tx: any Transaction) throws -> [TaskReport] {
        try tx.all(
            """
            SELECT \(reportColumns) FROM task_report r WHERE r.task_id = \(id) ORDER BY r.id DESC
            LIMIT \(MechanismLimits.changesShown)
            """
        ).map(TaskReport.init)
    }

    /// Writes what the report says now; false when somebody else wrote meanwhile.
    static func update(_ report: TaskReport, in tx: any Transaction) throws -> Bool {
        try tx.run(
            """
            UPDATE task_report SET state = \(report.state.rawValue), text = \(report.text),
                difficulties = \(report.difficulties), next_steps = \(report.nextSteps),
                progress = \(report.permilles.map(String.init).joined(separator: ",")),
                progress_ppm = \(report.progressPPM), note = \(report.note), filled_by = \(report.filledBy),
                filled_at_ms = \(report.filledAt), confirmed_by = \(report.confirmedBy),
                confirmed_at_ms = \(report.confirmedAt), checked_by = \(report.checkedBy),
                checked_at_ms = \(report.checkedAt), version = version + 1
            WHERE id = \(report.id) AND version = \(report.version)
            """) == 1
    }

    package static func evidence(of id: ID<TaskReport>, in tx: any Transaction) throws -> [Evidence] {
        try tx.all(
            """
            SELECT kind, reference, title FROM report_evidence WHERE report_id = \(id) ORDER BY kind, reference
            LIMIT \(MechanismLimits.evidencePerReportMax)
            """
        ).map { Evidence(kind: try $0.get("kind"), reference: try $0.get("reference"), title: try $0.get("title")) }
    }

    static func replaceEvidence(of id: ID<TaskReport>, by evidence: [Evidence], in tx: any Transaction) throws {
        try tx.run("DELETE FROM report_evidence WHERE report_id = \(id)")
        for one in evidence {
            try tx.run(
                """
                INSERT INTO report_evidence (report_id, kind, reference, title)
                VALUES (\(id), \(one.kind.rawValue), \(one.reference), \(one.title))
                """)
        }
    }

    // MARK: - Lists

    package struct Filter: Sendable, Equatable {
        package var round: ID<ReportRound>
        package var unit: String?
        package var states: [ReportState] = []
        package var isLate: Bool?
        package var search = ""
        package init(round: ID<ReportRound>) { self.round = round }
    }

    /// A report with its case, as a row of a round's list.
    package struct Entry: Sendable {
        package let report: TaskReport
        package let file: CaseFile
        package let checkedPPM: Int
    }

    private static func condition(_ filter: Filter, end: Instant, _ now: Instant) -> SQL {
        var all: [SQL] = ["r.round_id = \(filter.round)"]
        if let unit = filter.unit {
            all.append("r.task_id IN (SELECT id FROM case_file WHERE lead_unit_code = \(unit))")
        }
        if !filter.states.isEmpty { all.append("r.state IN (\(list: filter.states.map(\.rawValue)))") }
        if let isLate = filter.isLate {
            all.append(
                isLate
                    ? "COALESCE(r.confirmed_at_ms, \(now)) >= \(end)" : "COALESCE(r.confirmed_at_ms, \(now)) < \(end)")
        }
        if !filter.search.isEmpty {
            var cases = CaseFilter()
            cases.search = filter.search
            all.append("r.task_id IN (SELECT id FROM case_file \(CaseStore.condition(cases, now)))")
        }
        return .whereAll(all)
    }

    /// - Parameter end: the first instant at which a report of the round is late.
    package static func list(
        _ filter: Filter, end: Instant, isDescending: Bool, limit: Int, offset: Int, now: Instant,
        in tx: any Transaction
    ) throws -> [Entry] {
        let order: SQL = isDescending ? "r.unit_code DESC, r.id DESC" : "r.unit_code, r.id"
        let reports = try tx.all(
            """
            SELECT \(reportColumns) FROM task_report r \(condition(filter, end: end, now)) ORDER BY \(order)
            LIMIT \(limit) OFFSET \(offset)
            """
        ).map(TaskReport.init)
        let ids = reports.map(\.taskID)
        let files = Dictionary(
            try CaseStore.find(ids, now: now, in: tx).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let tasks = try TaskStore.find(ids, in: tx)
        return reports.compactMap { report in
            guard let file = files[report.taskID], let task = tasks[report.taskID] else { return nil }
            return Entry(report: report, file: file, checkedPPM: task.progressPPM)
        }
    }

    package static func count(
        _ filter: Filter, end: Instant, now: Instant, in tx: any Transaction
    ) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM task_report r \(condition(filter, end: end, now))")?.get("n") ?? 0
    }

    /// How many reports of a round stand where.
    package static func counts(
        of id: ID<ReportRound>, unit: String? = nil, in tx: any Transaction
    ) throws -> [ReportState: Int] {
        let only: SQL =
            unit.map { "AND task_id IN (SELECT id FROM case_file WHERE lead_unit_code = \($0))" } ?? ""
        var counts: [ReportState: Int] = [:]
        for row in try tx.all(
            "SELECT state, COUNT(*) AS n FROM task_report WHERE round_id = \(id) \(only) GROUP BY state")
        {
            counts[try row.get("state")] = try row.get("n")
        }
        return counts
    }

    /// What the list of rounds says of each.
    package struct Figures: Sendable, Equatable {
        package var counts: [ReportState: Int] = [:]
        package var late = 0
        package init() {}
    }

    /// Of all rounds at once.
    package static func figures(
        in zone: TimeZoneOffset, now: Instant, in tx: any Transaction
    ) throws -> [ID<ReportRound>: Figures] {
        let dayLength = Instant.millisecondsPerDay
        let offset = Day(number: 0).start(in: zone).millisecondsSince1970
        let rows = try tx.all(
            """
            SELECT r.round_id, r.state, COUNT(*) AS n,
                CAST(SUM(CASE WHEN COALESCE(r.confirmed_at_ms, \(now)) >= (o.due_day + 1) * \(dayLength) + \(offset)
                    THEN 1 ELSE 0 END) AS BIGINT) AS late
            FROM task_report r JOIN report_round o ON o.id = r.round_id GROUP BY r.round_id, r.state
            """)
        var figures: [ID<ReportRound>: Figures] = [:]
        for row in rows {
            let id: ID<ReportRound> = try row.get("round_id")
            figures[id, default: Figures()].counts[try row.get("state")] = try row.get("n")
            figures[id, default: Figures()].late += try row.get("late") as Int
        }
        return figures
    }

    package static func lateCount(
        of id: ID<ReportRound>, end: Instant, now: Instant, in tx: any Transaction
    ) throws -> Int {
        var filter = Filter(round: id)
        filter.isLate = true
        return try count(filter, end: end, now: now, in: tx)
    }
}

extension ReportRound {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), period: try row.get("period"), first: Day(number: try row.get("first_day")),
            last: Day(number: try row.get("last_day")), due: Day(number: try row.get("due_day")),
            isOpen: try row.get("is_open"), openedAt: try row.get("opened_at_ms"))
    }

    /// The first instant at which what is not handed in is late.
    package func end(in zone: TimeZoneOffset) -> Instant { due.adding(days: 1).start(in: zone) }
}

extension TaskReport {
    init(_ row: Row) throws {
        let progress: String = try row.get("progress")
        self.init(
            id: try row.get("id"), roundID: try row.get("round_id"), taskID: try row.get("task_id"),
            unitCode: try row.get("unit_code"), state: try row.get("state"), text: try row.get("text"),
            difficulties: try row.get("difficulties"), nextSteps: try row.get("next_steps"),
            permilles: progress.split(separator: ",").compactMap { Int($0) },
            progressPPM: try row.get("progress_ppm"), note: try row.get("note"),
            filledBy: try row.getOptional("filled_by"), filledAt: try row.getOptional("filled_at_ms"),
            confirmedBy: try row.getOptional("confirmed_by"), confirmedAt: try row.getOptional("confirmed_at_ms"),
            checkedBy: try row.getOptional("checked_by"), checkedAt: try row.getOptional("checked_at_ms"),
            version: try row.get("version"))
    }
}
