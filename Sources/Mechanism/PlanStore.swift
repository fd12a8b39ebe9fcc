package import Casework
package import Core
package import Store

/// The SQL of plans and of the sums over their tasks.
package enum PlanStore {
    private static let columns: SQL = """
        id, parent_id, root_id, level, position, code, title, industry_code, document, is_demo, version
        """

    /// - Throws: `MechanismError.planUnknown`.
    package static func find(_ id: ID<PlanNode>, in tx: any Transaction) throws -> PlanNode {
        guard let row = try tx.first("SELECT \(columns) FROM plan_node WHERE id = \(id)") else {
            throw MechanismError.planUnknown
        }
        return try PlanNode(row)
    }

    /// Whole plans, by position.
    package static func roots(in tx: any Transaction) throws -> [PlanNode] {
        try tx.all(
            """
            SELECT \(columns) FROM plan_node WHERE parent_id IS NULL ORDER BY position, id
            LIMIT \(MechanismLimits.plansListed)
            """
        ).map(PlanNode.init)
    }

    package static func nodes(ofRoot id: ID<PlanNode>, in tx: any Transaction) throws -> [PlanNode] {
        try tx.all(
            """
            SELECT \(columns) FROM plan_node WHERE root_id = \(id) ORDER BY position, id
            LIMIT \(MechanismLimits.nodesPerPlanMax)
            """
        ).map(PlanNode.init)
    }

    package static func titles(_ ids: [ID<PlanNode>], in tx: any Transaction) throws -> [ID<PlanNode>: String] {
        var titles: [ID<PlanNode>: String] = [:]
        for part in Set(ids).sorted().chunks(of: MechanismLimits.identifiersPerStatement) {
            for row in try tx.all("SELECT id, title FROM plan_node WHERE id IN (\(list: part))") {
                titles[try row.get("id")] = try row.get("title") as String
            }
        }
        return titles
    }

    /// Supporting units of each task of a plan.
    package static func supportingUnits(
        ofRoot id: ID<PlanNode>, in tx: any Transaction
    ) throws -> [ID<CaseFile>: [String]] {
        var units: [ID<CaseFile>: [String]] = [:]
        try tx.forEach(
            """
            SELECT u.case_id AS case_id, u.unit_code AS unit_code FROM case_unit u JOIN work_task t ON t.id = u.case_id
            WHERE t.root_id = \(id) ORDER BY u.case_id, u.unit_code
            """
        ) { row in
            units[try row.get("case_id"), default: []].append(try row.get("unit_code"))
            return true
        }
        return units
    }

    static func nextPosition(below parent: ID<PlanNode>?, in tx: any Transaction) throws -> Int {
        let condition: SQL = parent.map { "parent_id = \($0)" } ?? "parent_id IS NULL"
        return try tx.first("SELECT COALESCE(MAX(position), 0) + 1 AS n FROM plan_node WHERE \(condition)")?
            .get("n") ?? 1
    }

    static func count(ofRoot id: ID<PlanNode>, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM plan_node WHERE root_id = \(id)")?.get("n") ?? 0
    }

    static func insert(_ node: PlanNode, at: Instant, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO plan_node (id, parent_id, root_id, level, position, code, title, industry_code, document,
                is_demo, version, updated_at_ms)
            VALUES (\(node.id), \(node.parentID), \(node.rootID), \(node.level.rawValue), \(node.position),
                \(node.code), \(node.title), \(node.industryCode), \(node.document), \(node.isDemo), 1, \(at))
            """)
    }

    /// False when somebody else changed it meanwhile.
    static func update(
        _ id: ID<PlanNode>, version: Int, code: String, title: String, industryCode: String?, document: String,
        at: Instant, in tx: any Transaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE plan_node SET code = \(code), title = \(title), industry_code = \(industryCode),
                document = \(document), version = version + 1, updated_at_ms = \(at)
            WHERE id = \(id) AND version = \(version)
            """) == 1
    }

    /// What hangs directly at each node of a plan; with nil, at every plan's root as one sum.
    ///
    /// A cancelled task counts for nothing; a closed one is done.
    package static func totals(
        ofRoot root: ID<PlanNode>?, on day: Day, now: Instant, in tx: any Transaction
    ) throws -> [ID<PlanNode>: PlanTotals] {
        let key: SQL = root == nil ? "t.root_id" : "t.node_id"
        let only: SQL = root.map { "AND t.root_id = \($0)" } ?? "AND t.root_id IS NOT NULL"
        var totals: [ID<PlanNode>: PlanTotals] = [:]
        let rows = try tx.all(
            """
            SELECT s.node AS node, s.light AS light, s.is_open AS is_open, COUNT(*) AS tasks,
                CAST(SUM(s.weight) AS BIGINT) AS weight, CAST(SUM(s.weight * s.progress_ppm) AS BIGINT) AS done
            FROM (SELECT \(key) AS node, t.weight, t.progress_ppm, case_file.is_open AS is_open,
                    \(CaseStore.lightColumn(now)) AS light
                FROM work_task t JOIN case_file ON case_file.id = t.id
                WHERE case_file.state <> 'cancelled' \(only)) AS s
            GROUP BY s.node, s.light, s.is_open
            """)
        for row in rows {
            let id: ID<PlanNode> = try row.get("node")
            var sum = PlanTotals()
            sum.weight = try row.get("weight")
            sum.done = try row.get("done")
            sum.tasks = try row.get("tasks")
            let isOpen: Bool = try row.get("is_open")
            if isOpen {
                sum.lights[Int(try row.get("light") as Int64)] = try row.get("tasks")
            } else {
                sum.closed = sum.tasks
            }
            totals[id] = (totals[id] ?? PlanTotals()) + sum
        }
        let planned = try tx.all(
            """
            SELECT s.node AS node, CAST(SUM(s.weight * s.planned) AS BIGINT) AS planned
            FROM (SELECT \(key) AS node, t.weight AS weight, \(TaskStore.plannedPPM(on: day)) AS planned
                FROM work_task t JOIN case_file ON case_file.id = t.id JOIN task_milestone m ON m.task_id = t.id
                WHERE case_file.state <> 'cancelled' \(only)) AS s
            GROUP BY s.node
            """)
        for row in planned { totals[try row.get("node")]?.planned = try row.get("planned") }
        return totals
    }
}

extension PlanNode {
    init(_ row: Row) throws {
        let parent: Int64? = try row.getOptional("parent_id")
        self.init(
            id: try row.get("id"), parentID: parent.map { ID($0) }, rootID: try row.get("root_id"),
            level: try row.get("level"), position: try row.get("position"), code: try row.get("code"),
            title: try row.get("title"), industryCode: try row.getOptional("industry_code"),
            document: try row.get("document"), isDemo: try row.get("is_demo"), version: try row.get("version"))
    }
}
