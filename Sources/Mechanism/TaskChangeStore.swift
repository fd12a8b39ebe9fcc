package import Casework
package import Core
package import Store

/// The SQL of changes that were asked for, and of the steps of supervision.
package enum TaskChangeStore {
    private static let columns: SQL = """
        id, task_id, kind, old_value, new_value, reason, state, asked_by, asked_at_ms, decided_by, decided_at_ms,
        decision
        """

    package static func find(_ id: ID<TaskChange>, in tx: any Transaction) throws -> TaskChange {
        guard let row = try tx.first("SELECT \(columns) FROM task_change WHERE id = \(id)") else {
            throw MechanismError.changeUnknown
        }
        return try TaskChange(row)
    }

    /// Newest first.
    package static func changes(of id: ID<CaseFile>, in tx: any Transaction) throws -> [TaskChange] {
        try tx.all(
            """
            SELECT \(columns) FROM task_change WHERE task_id = \(id) ORDER BY id DESC
            LIMIT \(MechanismLimits.changesShown)
            """
        ).map(TaskChange.init)
    }

    /// What waits for a decision, oldest first.
    package static func waiting(in tx: any Transaction) throws -> [TaskChange] {
        try tx.all(
            """
            SELECT \(columns) FROM task_change WHERE state = 'asked' ORDER BY id
            LIMIT \(MechanismLimits.changesShown)
            """
        ).map(TaskChange.init)
    }

    static func insert(_ change: TaskChange, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO task_change (id, task_id, kind, old_value, new_value, reason, state, asked_by, asked_at_ms,
                decision)
            VALUES (\(change.id), \(change.taskID), \(change.kind.rawValue), \(change.oldValue), \(change.newValue),
                \(change.reason), 'asked', \(change.askedBy), \(change.askedAt), '')
            """)
    }

    /// False when it was decided meanwhile.
    static func decide(
        _ id: ID<TaskChange>, _ state: TaskChange.State, by person: Int64, at: Instant, _ decision: String,
        in tx: any Transaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE task_change SET state = \(state.rawValue), decided_by = \(person), decided_at_ms = \(at),
                decision = \(decision)
            WHERE id = \(id) AND state = 'asked'
            """) == 1
    }

    // MARK: - Supervision

    private static let stepColumns: SQL = """
        id, task_id, step, text, answer_day, by_person, at_ms, answer, answered_by, answered_at_ms
        """

    package static func steps(of id: ID<CaseFile>, in tx: any Transaction) throws -> [TaskStep] {
        try tx.all(
            """
            SELECT \(stepColumns) FROM task_step WHERE task_id = \(id) ORDER BY id DESC
            LIMIT \(MechanismLimits.stepsShown)
            """
        ).map(TaskStep.init)
    }

    package static func latestSteps(
        of ids: [ID<CaseFile>], in tx: any Transaction
    ) throws -> [ID<CaseFile>: TaskStep] {
        var latest: [ID<CaseFile>: TaskStep] = [:]
        for part in ids.chunks(of: MechanismLimits.identifiersPerStatement) {
            let rows = try tx.all(
                """
                SELECT \(stepColumns) FROM task_step
                WHERE id IN (SELECT MAX(id) FROM task_step WHERE task_id IN (\(list: part)) GROUP BY task_id)
                """)
            for row in rows {
                let step = try TaskStep(row)
                latest[step.taskID] = step
            }
        }
        return latest
    }

    package static func findStep(_ id: ID<TaskStep>, in tx: any Transaction) throws -> TaskStep {
        guard let row = try tx.first("SELECT \(stepColumns) FROM task_step WHERE id = \(id)") else {
            throw MechanismError.stepUnknown
        }
        return try TaskStep(row)
    }

    static func insert(_ step: TaskStep, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO task_step (id, task_id, step, text, answer_day, by_person, at_ms)
            VALUES (\(step.id), \(step.taskID), \(step.step.rawValue), \(step.text), \(step.answerDue?.number),
                \(step.byPerson), \(step.at))
            """)
    }

    static func answer(
        _ id: ID<TaskStep>, _ text: String, by person: Int64, at: Instant, in tx: any Transaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE task_step SET answer = \(text), answered_by = \(person), answered_at_ms = \(at)
            WHERE id = \(id) AND answer IS NULL
            """) == 1
    }

    /// Takes the level from one to another; false when somebody else was first.
    static func setLevel(
        of id: ID<CaseFile>, from: SupervisionLevel, to: SupervisionLevel, in tx: any Transaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE work_task SET supervision = \(to.rawValue) WHERE id = \(id) AND supervision = \(from.rawValue)
            """) == 1
    }
}

extension TaskChange {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), taskID: try row.get("task_id"), kind: try row.get("kind"),
            oldValue: try row.get("old_value"), newValue: try row.get("new_value"), reason: try row.get("reason"),
            state: try row.get("state"), askedBy: try row.get("asked_by"), askedAt: try row.get("asked_at_ms"),
            decidedBy: try row.getOptional("decided_by"), decidedAt: try row.getOptional("decided_at_ms"),
            decision: try row.get("decision"))
    }
}

extension TaskStep {
    init(_ row: Row) throws {
        let due: Int? = try row.getOptional("answer_day")
        self.init(
            id: try row.get("id"), taskID: try row.get("task_id"), step: try row.get("step"),
            text: try row.get("text"), answerDue: due.map { Day(number: $0) }, byPerson: try row.get("by_person"),
            at: try row.get("at_ms"), answer: try row.getOptional("answer"),
            answeredBy: try row.getOptional("answered_by"), answeredAt: try row.getOptional("answered_at_ms"))
    }
}
