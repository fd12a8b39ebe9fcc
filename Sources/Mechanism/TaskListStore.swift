package import Casework
package import Core
package import Store

/// What a list of tasks asks for. Everything given must hold.
package struct TaskFilter: Sendable, Equatable {
    package enum Sort: String, Sendable, CaseIterable { case light, due, progress, number }

    /// Of the spine: search, states, lights, units, open.
    package var cases = CaseFilter()
    package var root: ID<PlanNode>?
    package var sources: [TaskSource] = []
    package var supervision: [SupervisionLevel] = []
    package var dueFrom: Day?
    package var dueThrough: Day?
    package var dueBefore: Instant?
    package var closedFrom: Instant?
    package var closedBefore: Instant?
    package var ids: [ID<CaseFile>]?
    /// Only what counts where units are compared.
    package var isCompared = false
    package var sort = Sort.light
    package var isDescending = true

    package init() { cases.kinds = [TaskKind.name] }
}

/// The SQL of lists of tasks and of figures by unit.
package enum TaskListStore {
    /// A task with its case, as a row of a list.
    package struct Entry: Sendable {
        package let task: WorkTask
        package let file: CaseFile
        package let plannedPPM: Int
        package var behindPPM: Int { plannedPPM - task.progressPPM }
    }

    package static func list(
        _ filter: TaskFilter, limit: Int, offset: Int = 0, on day: Day, now: Instant, in tx: any Transaction
    ) throws -> [Entry] {
        let ids: [ID<CaseFile>] = try tx.all(
            """
            SELECT id FROM \(source(filter)) WHERE \(condition(filter, now)) ORDER BY \(order(filter, now))
            LIMIT \(limit) OFFSET \(offset)
            """
        ).map { try $0.get("id") }
        return try entries(ids, on: day, now: now, in: tx)
    }

    /// One page and how many there are in all, found together: a search is done once.
    package static func page(
        _ filter: TaskFilter, limit: Int, offset: Int, on day: Day, now: Instant, in tx: any Transaction
    ) throws -> (entries: [Entry], total: Int) {
        let rows = try tx.all(
            """
            SELECT id, COUNT(*) OVER () AS total FROM \(source(filter)) WHERE \(condition(filter, now))
            ORDER BY \(order(filter, now)) LIMIT \(limit) OFFSET \(offset)
            """)
        // Beyond the end, no row says how many there are.
        let total = try rows.first?.get("total") ?? (offset == 0 ? 0 : count(filter, now: now, in: tx))
        return (try entries(rows.map { try $0.get("id") }, on: day, now: now, in: tx), total)
    }

    package static func count(_ filter: TaskFilter, now: Instant, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM case_file WHERE \(condition(filter, now))")?.get("n") ?? 0
    }

    /// In the order of the identifiers.
    package static func entries(
        _ ids: [ID<CaseFile>], on day: Day, now: Instant, in tx: any Transaction
    ) throws -> [Entry] {
        let files = Dictionary(
            try CaseStore.find(ids, now: now, in: tx).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let tasks = try TaskStore.find(ids, in: tx)
        let planned = try TaskStore.plannedPPM(of: ids, on: day, in: tx)
        return ids.compactMap { id in
            guard let file = files[id], let task = tasks[id] else { return nil }
            return Entry(task: task, file: file, plannedPPM: planned[id] ?? 0)
        }
    }

    /// Open tasks by light: green, blue, yellow, red.
    package static func lights(
        _ filter: TaskFilter, now: Instant, in tx: any Transaction
    ) throws -> [Light: Int] {
        var lights: [Light: Int] = [:]
        let rows = try tx.all(
            """
            SELECT s.light AS light, COUNT(*) AS n
            FROM (SELECT \(CaseStore.lightColumn(now)) AS light FROM case_file WHERE \(condition(filter, now))) AS s
            GROUP BY s.light
            """)
        for row in rows {
            if let light = Light(rank: try row.get("light")) { lights[light] = try row.get("n") }
        }
        return lights
    }

    /// Open tasks that are supervised, by how far it has come.
    package static func countsBySupervision(in tx: any Transaction) throws -> [SupervisionLevel: Int] {
        let rows = try tx.all(
            """
            SELECT t.supervision AS level, COUNT(*) AS n FROM work_task t JOIN case_file c ON c.id = t.id
            WHERE t.supervision <> 'none' AND c.is_open = 1 GROUP BY t.supervision
            """)
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.get("level"), try $0.get("n")) })
    }

    package struct UnitFigures: Sendable, Equatable {
        package let unit: String
        package var lights: [Light: Int] = [:]
        package var open = 0
        package var closed = 0
        package var overdue = 0
        /// Weight times progress and weight, of all that is not cancelled.
        package var done: Int64 = 0
        package var weight: Int64 = 0
        package var donePPM: Int? { weight == 0 ? nil : Int((2 * done + weight) / (2 * weight)) }
    }

    /// Tasks handed down, by the unit that leads.
    ///
    /// - Parameter isCompared: without those that do not count where units are compared.
    package static func figuresByUnit(
        isCompared: Bool, now: Instant, in tx: any Transaction
    ) throws -> [UnitFigures] {
        var figures: [String: UnitFigures] = [:]
        let counted: SQL = isCompared ? "AND \(CaseExclusionStore.isCounted("case_file.id"))" : ""
        let rows = try tx.all(
            """
            SELECT s.unit AS unit, s.light AS light, s.is_open AS is_open, s.overdue AS overdue, COUNT(*) AS n,
                CAST(SUM(s.weight) AS BIGINT) AS weight, CAST(SUM(s.weight * s.progress_ppm) AS BIGINT) AS done
            FROM (SELECT case_file.lead_unit_code AS unit, case_file.is_open AS is_open, t.weight, t.progress_ppm,
                    CASE WHEN case_file.is_open = 1 AND case_file.due_at_ms < \(now) THEN 1 ELSE 0 END AS overdue,
                    \(CaseStore.lightColumn(now)) AS light
                FROM case_file JOIN work_task t ON t.id = case_file.id
                WHERE case_file.kind = 'task' AND case_file.lead_unit_code IS NOT NULL
                    AND case_file.state NOT IN ('planned', 'cancelled') \(counted)) AS s
            GROUP BY s.unit, s.light, s.is_open, s.overdue
            """)
        for row in rows {
            let unit: String = try row.get("unit")
            let count: Int = try row.get("n")
            var sum = figures[unit] ?? UnitFigures(unit: unit)
            if try row.get("is_open") {
                sum.open += count
                if let light = Light(rank: try row.get("light")) { sum.lights[light, default: 0] += count }
                if try row.get("overdue") { sum.overdue += count }
            } else {
                sum.closed += count
            }
            sum.done += try row.get("done") as Int64
            sum.weight += try row.get("weight") as Int64
            figures[unit] = sum
        }
        return figures.values.sorted { $0.unit < $1.unit }
    }

    /// Tasks closed out in a span of time, by the unit that led them.
    package static func closedByUnit(
        from: Instant, before: Instant, isCompared: Bool, in tx: any Transaction
    ) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        let counted: SQL = isCompared ? "AND \(CaseExclusionStore.isCounted("case_file.id"))" : ""
        let rows = try tx.all(
            """
            SELECT lead_unit_code AS unit, COUNT(*) AS n FROM case_file
            WHERE kind = 'task' AND state = 'closed' AND lead_unit_code IS NOT NULL
                AND closed_at_ms >= \(from) AND closed_at_ms < \(before) \(counted)
            GROUP BY lead_unit_code
            """)
        for row in rows { counts[try row.get("unit")] = try row.get("n") }
        return counts
    }

    /// On `case_file` alone, so that most lists are answered from the index of tasks; a literal kind makes it apply.
    private static func condition(_ filter: TaskFilter, _ now: Instant) -> SQL {
        var cases = filter.cases
        cases.kinds = []
        var all: [SQL] = ["kind = 'task'"]
        if cases != CaseFilter() { all.append(CaseStore.conditions(cases, now)) }
        var own: [SQL] = []
        if let root = filter.root { own.append("t.root_id = \(root)") }
        if !filter.sources.isEmpty { own.append("t.source IN (\(list: filter.sources.map(\.rawValue)))") }
        if !filter.supervision.isEmpty { own.append("t.supervision IN (\(list: filter.supervision.map(\.rawValue)))") }
        // As a literal, so that the few that are watched are found by their own index.
        if !filter.supervision.isEmpty, !filter.supervision.contains(.none) { own.append("t.supervision <> 'none'") }
        if let from = filter.dueFrom { own.append("t.due_day >= \(from.number)") }
        if let through = filter.dueThrough { own.append("t.due_day <= \(through.number)") }
        if let found = SQL.joined(own, by: " AND ") {
            all.append("id IN (SELECT t.id FROM work_task t WHERE \(found))")
        }
        if let before = filter.dueBefore { all.append("due_at_ms < \(before)") }
        if let from = filter.closedFrom { all.append("closed_at_ms >= \(from)") }
        if let before = filter.closedBefore { all.append("closed_at_ms < \(before)") }
        if let ids = filter.ids { all.append("id IN (\(list: ids))") }
        if filter.isCompared { all.append(CaseExclusionStore.isCounted("case_file.id")) }
        return SQL.joined(all, by: " AND ") ?? ""
    }

    private static func source(_ filter: TaskFilter) -> SQL {
        filter.sort == .progress
            ? "case_file JOIN (SELECT id AS task_id, progress_ppm FROM work_task) t ON t.task_id = case_file.id"
            : "case_file"
    }

    private static func order(_ filter: TaskFilter, _ now: Instant) -> SQL {
        switch (filter.sort, filter.isDescending) {
        // What is over needs nobody any more, however late it was.
        case (.light, true): "is_open DESC, \(CaseStore.lightColumn(now)) DESC, due_at_ms, id"
        case (.light, false): "\(CaseStore.lightColumn(now)), due_at_ms, id"
        case (.due, true): "due_at_ms DESC, id DESC"
        case (.due, false): "due_at_ms, id"
        case (.progress, true): "t.progress_ppm DESC, id DESC"
        case (.progress, false): "t.progress_ppm, id"
        case (.number, true): "number DESC"
        case (.number, false): "number"
        }
    }
}
