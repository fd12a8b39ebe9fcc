package import Casework
package import Core
package import Store

/// The SQL of tasks, their milestones and what they wait for.
package enum TaskStore {
    private static let columns: SQL = """
        t.id, t.node_id, t.root_id, t.code, t.detail, t.target, t.weight, t.source, t.source_text, t.start_day,
        t.due_day, t.started_day, t.progress_ppm, t.supervision, t.is_demo
        """

    /// - Throws: `MechanismError.taskUnknown`.
    package static func find(_ id: ID<CaseFile>, in tx: any Transaction) throws -> WorkTask {
        guard let row = try tx.first("SELECT \(columns) FROM work_task t WHERE t.id = \(id)") else {
            throw MechanismError.taskUnknown
        }
        return try WorkTask(row)
    }

    package static func find(_ ids: [ID<CaseFile>], in tx: any Transaction) throws -> [ID<CaseFile>: WorkTask] {
        var found: [ID<CaseFile>: WorkTask] = [:]
        for part in ids.chunks(of: MechanismLimits.identifiersPerStatement) {
            for row in try tx.all("SELECT \(columns) FROM work_task t WHERE t.id IN (\(list: part))") {
                let task = try WorkTask(row)
                found[task.id] = task
            }
        }
        return found
    }

    package static func tasks(ofNode id: ID<PlanNode>, limit: Int, in tx: any Transaction) throws -> [WorkTask] {
        try tx.all(
            "SELECT \(columns) FROM work_task t WHERE t.node_id = \(id) ORDER BY t.id LIMIT \(limit)"
        ).map(WorkTask.init)
    }

    /// All tasks of a plan, for its table.
    package static func tasks(ofRoot id: ID<PlanNode>, in tx: any Transaction) throws -> [WorkTask] {
        try tx.all(
            """
            SELECT \(columns) FROM work_task t WHERE t.root_id = \(id) ORDER BY t.id
            LIMIT \(MechanismLimits.tasksPerPlanMax)
            """
        ).map(WorkTask.init)
    }

    /// Those that hang directly at a node.
    static func ids(ofNode id: ID<PlanNode>, in tx: any Transaction) throws -> [ID<CaseFile>] {
        try tx.all(
            """
            SELECT id FROM work_task WHERE node_id = \(id) ORDER BY id LIMIT \(MechanismLimits.tasksPerPlanMax)
            """
        ).map { try $0.get("id") }
    }

    /// How many hang directly at each node of a plan.
    static func counts(ofRoot id: ID<PlanNode>, in tx: any Transaction) throws -> [ID<PlanNode>: Int] {
        var counts: [ID<PlanNode>: Int] = [:]
        for row in try tx.all("SELECT node_id, COUNT(*) AS n FROM work_task WHERE root_id = \(id) GROUP BY node_id") {
            counts[try row.get("node_id")] = try row.get("n")
        }
        return counts
    }

    package static func count(ofRoot id: ID<PlanNode>, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM work_task WHERE root_id = \(id)")?.get("n") ?? 0
    }

    static func insert(_ tasks: [(WorkTask, TaskPlan)], in tx: any Transaction) throws {
        try tx.insert(
            into: "work_task",
            columns: [
                "id", "node_id", "root_id", "code", "detail", "target", "weight", "source", "source_text", "start_day",
                "due_day", "started_day", "progress_ppm", "supervision", "search_text", "is_demo",
            ], rows: tasks.lazy.map { $0.0.values })
        try tx.insert(
            into: "task_milestone",
            columns: ["task_id", "position", "title", "weight", "before_day", "due_day", "permille"],
            rows: tasks.flatMap { milestoneRows($0.0.id, $0.1) })
    }

    static func update(_ task: WorkTask, in tx: any Transaction) throws {
        try tx.run(
            """
            UPDATE work_task SET node_id = \(task.nodeID), root_id = \(task.rootID), code = \(task.code),
                detail = \(task.detail), target = \(task.target), weight = \(task.weight),
                source_text = \(task.sourceText), start_day = \(task.start.number), due_day = \(task.due.number),
                started_day = \(task.startedOn?.number), progress_ppm = \(task.progressPPM),
                supervision = \(task.supervision.rawValue), search_text = \(task.searchText)
            WHERE id = \(task.id)
            """)
    }

    static func searchText(of id: ID<CaseFile>, in tx: any Transaction) throws -> String {
        try tx.first("SELECT search_text FROM work_task WHERE id = \(id)")?.get("search_text") ?? ""
    }

    // MARK: - Milestones

    package static func plan(of task: WorkTask, in tx: any Transaction) throws -> TaskPlan {
        let milestones = try tx.all(
            """
            SELECT title, weight, due_day, permille FROM task_milestone WHERE task_id = \(task.id) ORDER BY position
            LIMIT \(MechanismLimits.milestonesMax)
            """
        ).map(Milestone.init)
        return try TaskPlan(start: task.start, milestones: milestones)
    }

    static func replacePlan(of id: ID<CaseFile>, by plan: TaskPlan, in tx: any Transaction) throws {
        try tx.run("DELETE FROM task_milestone WHERE task_id = \(id)")
        try tx.insert(
            into: "task_milestone",
            columns: ["task_id", "position", "title", "weight", "before_day", "due_day", "permille"],
            rows: milestoneRows(id, plan))
    }

    private static func milestoneRows(_ id: ID<CaseFile>, _ plan: TaskPlan) -> [[Value]] {
        var before = plan.start.adding(days: -1)
        return plan.milestones.enumerated().map { index, milestone in
            defer { before = milestone.due }
            return [
                id.value, index.value, .text(milestone.title), milestone.weight.value, before.number.value,
                milestone.due.number.value, milestone.permille.value,
            ]
        }
    }

    /// `TaskPlan.plannedPPM(on:)` in SQL, over the milestones `m`; a test holds the two together.
    static func plannedPPM(on day: Day) -> SQL {
        let passed: SQL = "(\(day.number) - m.before_day - 1)"
        return """
            CASE WHEN m.due_day = m.before_day THEN CASE WHEN m.due_day < \(day.number) THEN m.weight * 10000 ELSE 0 END
            WHEN \(passed) <= 0 THEN 0 WHEN \(passed) >= m.due_day - m.before_day THEN m.weight * 10000
            ELSE m.weight * 10000 * \(passed) / (m.due_day - m.before_day) END
            """
    }

    /// What is planned for each of these tasks by now.
    package static func plannedPPM(
        of ids: [ID<CaseFile>], on day: Day, in tx: any Transaction
    ) throws -> [ID<CaseFile>: Int] {
        var planned: [ID<CaseFile>: Int] = [:]
        for part in ids.chunks(of: MechanismLimits.identifiersPerStatement) {
            let rows = try tx.all(
                """
                SELECT m.task_id, CAST(SUM(\(plannedPPM(on: day))) AS BIGINT) AS planned FROM task_milestone m
                WHERE m.task_id IN (\(list: part)) GROUP BY m.task_id
                """)
            for row in rows { planned[try row.get("task_id")] = try row.get("planned") }
        }
        return planned
    }

    // MARK: - What waits for what

    package static func blocks(in tx: any Transaction) throws -> [BlockedBy.Pair] {
        try tx.all("SELECT task_id, blocker_id FROM task_block LIMIT \(MechanismLimits.blocksMax)").map {
            BlockedBy.Pair(task: try $0.get("task_id"), blocker: try $0.get("blocker_id"))
        }
    }

    /// Alone among those who add a relation, until the transaction ends.
    static func lockBlocks(in tx: any Transaction) throws {
        try tx.run("UPDATE mechanism_lock SET uses = uses + 1 WHERE name = 'blocks'")
    }

    static func insert(_ pair: BlockedBy.Pair, at: Instant, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO task_block (task_id, blocker_id, at_ms) VALUES (\(pair.task), \(pair.blocker), \(at))
            """)
    }

    static func delete(_ pair: BlockedBy.Pair, in tx: any Transaction) throws -> Bool {
        try tx.run("DELETE FROM task_block WHERE task_id = \(pair.task) AND blocker_id = \(pair.blocker)") == 1
    }
}

extension WorkTask {
    init(_ row: Row) throws {
        let started: Int? = try row.getOptional("started_day")
        let node: Int64? = try row.getOptional("node_id")
        let root: Int64? = try row.getOptional("root_id")
        self.init(
            id: try row.get("id"), nodeID: node.map { ID($0) }, rootID: root.map { ID($0) },
            code: try row.get("code"), detail: try row.get("detail"), target: try row.get("target"),
            weight: try row.get("weight"), source: try row.get("source"), sourceText: try row.get("source_text"),
            start: Day(number: try row.get("start_day")), due: Day(number: try row.get("due_day")),
            startedOn: started.map { Day(number: $0) }, progressPPM: try row.get("progress_ppm"),
            supervision: try row.get("supervision"), isDemo: try row.get("is_demo"))
    }

    fileprivate var values: [Value] {
        [
            id.value, nodeID?.value ?? .null, rootID?.value ?? .null, .text(code), .text(detail), .text(target),
            weight.value, .text(source.rawValue), .text(sourceText), start.number.value, due.number.value,
            startedOn?.number.value ?? .null, progressPPM.value, .text(supervision.rawValue), .text(searchText),
            isDemo.value,
        ]
    }
}

extension Milestone {
    init(_ row: Row) throws {
        self.init(
            title: try row.get("title"), weight: try row.get("weight"), due: Day(number: try row.get("due_day")),
            permille: try row.get("permille"))
    }
}

extension Array {
    func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min(count, $0 + size)] }
    }
}
