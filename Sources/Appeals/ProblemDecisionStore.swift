package import Core
package import Store

/// The SQL of what staff decide about problems.
package enum ProblemDecisionStore {
    private static let columns: SQL = """
        d.id, d.problem_id, d.other_id, d.kind, d.from_state, d.to_state, d.said_before, d.detail, d.person_id,
        d.unit_code, d.at_ms, d.undone_at_ms, d.undone_by
        """

    /// - Throws: `ProblemError.missing`.
    package static func find(_ id: ID<ProblemDecision>, in tx: any Transaction) throws -> ProblemDecision {
        guard let row = try tx.first("SELECT \(columns) FROM problem_decision d WHERE d.id = \(id)") else {
            throw ProblemError.missing
        }
        return try ProblemDecision(row)
    }

    /// Whether anybody has decided anything yet.
    package static func isAnything(in tx: any Transaction) throws -> Bool {
        try tx.first("SELECT id FROM problem_decision LIMIT 1") != nil
    }

    /// Decisions about a problem, and merges and splits it came out of, the oldest first.
    package static func list(of id: ID<ProblemRecord>, in tx: any Transaction) throws -> [ProblemDecision] {
        try tx.all(
            """
            SELECT \(columns) FROM problem_decision d WHERE d.problem_id = \(id)
            UNION ALL
            SELECT \(columns) FROM problem_decision d WHERE d.other_id = \(id) AND d.problem_id <> \(id)
            ORDER BY 1 DESC LIMIT \(ProblemLimits.decisionsShownMax)
            """
        ).map(ProblemDecision.init).reversed()
    }

    /// The latest decision of the same sort that still holds: only that one can be undone.
    static func latest(like decision: ProblemDecision, in tx: any Transaction) throws -> ID<ProblemDecision>? {
        let row =
            if decision.kind.isStructural {
                try tx.first(
                    """
                    SELECT MAX(id) AS id FROM problem_decision
                    WHERE kind IN ('merge', 'split') AND undone_at_ms IS NULL AND (
                        problem_id IN (\(decision.problem), \(decision.other ?? decision.problem))
                        OR other_id IN (\(decision.problem), \(decision.other ?? decision.problem)))
                    """)
            } else {
                try tx.first(
                    """
                    SELECT MAX(id) AS id FROM problem_decision
                    WHERE problem_id = \(decision.problem) AND undone_at_ms IS NULL
                        AND kind IN (\(list: sort(of: decision.kind)))
                    """)
            }
        return try row?.getOptional("id")
    }

    private static func sort(of kind: ProblemDecision.Kind) -> [String] {
        switch kind {
        case .move: ProblemEvent.allCases.map(\.rawValue)
        case .pin, .unpin: ["pin", "unpin"]
        case .merge, .split, .rename: [kind.name]
        }
    }

    static func insert(_ decision: ProblemDecision, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO problem_decision (id, problem_id, other_id, kind, from_state, to_state, said_before, detail,
                person_id, unit_code, at_ms)
            VALUES (\(decision.id), \(decision.problem), \(decision.other), \(decision.kind.name),
                \(decision.from?.rawValue), \(decision.to?.rawValue), \(decision.before), \(decision.detail),
                \(decision.personID), \(decision.unitCode), \(decision.at))
            """)
    }

    static func insertMembers(
        of id: ID<ProblemDecision>, stayed: [Int64], moved: [Int64], in tx: any Transaction
    ) throws {
        try tx.insert(
            into: "problem_decision_member", columns: ["decision_id", "side", "appeal_id"],
            rows: stayed.map { [id.value, .integer(0), .integer($0)] }
                + moved.map { [id.value, .integer(1), .integer($0)] })
    }

    /// False when somebody has undone it meanwhile.
    static func markUndone(
        _ id: ID<ProblemDecision>, by person: Int64, at now: Instant, in tx: any Transaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE problem_decision SET undone_at_ms = \(now), undone_by = \(person)
            WHERE id = \(id) AND undone_at_ms IS NULL
            """) == 1
    }

    // MARK: - What binds the miner

    /// Merges and splits that hold, by identifier, in the order they were decided.
    static func structural(in tx: any Transaction) throws -> [ID<ProblemDecision>] {
        try tx.all(
            """
            SELECT id FROM problem_decision WHERE kind IN ('merge', 'split') AND undone_at_ms IS NULL ORDER BY id
            """
        ).map { try $0.get("id") }
    }

    static func constraints(_ ids: [ID<ProblemDecision>], in tx: any Transaction) throws -> [ProblemConstraint] {
        try ids.map { id in
            let decision = try find(id, in: tx)
            return ProblemConstraint(
                id: id, kind: decision.kind, stayed: try members(of: id, side: 0, in: tx),
                moved: try members(of: id, side: 1, in: tx))
        }
    }

    static func members(of id: ID<ProblemDecision>, side: Int, in tx: any Transaction) throws -> [Int64] {
        try tx.all(
            """
            SELECT appeal_id FROM problem_decision_member WHERE decision_id = \(id) AND side = \(side)
            ORDER BY appeal_id
            """
        ).map { try $0.get("appeal_id") }
    }

    /// Decisions that hold two appeals together or apart, the latest first: why the likeness does not count.
    package static func binding(
        _ first: Int64, _ second: Int64, in tx: any Transaction
    ) throws -> (decision: ProblemDecision, isApart: Bool)? {
        let row = try tx.first(
            """
            SELECT \(columns), one.side AS one_side, two.side AS two_side
            FROM problem_decision d
            JOIN problem_decision_member one ON one.decision_id = d.id AND one.appeal_id = \(first)
            JOIN problem_decision_member two ON two.decision_id = d.id AND two.appeal_id = \(second)
            WHERE d.undone_at_ms IS NULL ORDER BY d.id DESC LIMIT 1
            """)
        guard let row else { return nil }
        let decision = try ProblemDecision(row)
        let sides: (Int, Int) = (try row.get("one_side"), try row.get("two_side"))
        if decision.kind == .split, sides == (0, 0) { return nil }
        return (decision, decision.kind == .split && sides.0 != sides.1)
    }

    // MARK: - What a problem itself keeps of a decision

    /// The lock under which problems are reshaped: a run of the miner takes it too, so that neither undoes the other.
    static func lock(in tx: any Transaction) throws {
        try tx.run("UPDATE problem_run SET appeals = appeals WHERE id = 1")
    }

    /// Notes a decision in the problem, if it is still as `problem` says; false when somebody else was first.
    static func save(
        _ problem: ProblemRecord, _ handling: ProblemRecord.Handling, in tx: any Transaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE problem SET name = \(handling.name), state = \(handling.state.rawValue),
                state_at_ms = \(handling.stateAt), is_pinned = \(handling.isPinned), version = version + 1
            WHERE id = \(problem.id) AND version = \(problem.handling.version) AND retired_at_ms IS NULL
            """) == 1
    }

    /// A problem that was merged is one of its own again; false when it is not as `problem` says.
    static func revive(_ problem: ProblemRecord, at now: Instant, in tx: any Transaction) throws -> Bool {
        try tx.run(
            """
            UPDATE problem SET retired_at_ms = NULL, merged_into = NULL, updated_at_ms = \(now), version = version + 1
            WHERE id = \(problem.id) AND version = \(problem.handling.version) AND retired_at_ms IS NOT NULL
            """) == 1
    }

    /// The appeals of a problem, in the order of their identifiers.
    static func appeals(of id: ID<ProblemRecord>, in tx: any Transaction) throws -> [Int64] {
        try tx.all("SELECT appeal_id FROM problem_member WHERE problem_id = \(id) ORDER BY appeal_id")
            .map { try $0.get("appeal_id") }
    }
}

extension ProblemDecision {
    init(_ row: Row) throws {
        let name: String = try row.get("kind")
        guard let kind = Kind(name: name) else { throw StoreError.defect("unknown kind of decision: \(name)") }
        let from: String? = try row.getOptional("from_state")
        let to: String? = try row.getOptional("to_state")
        self.init(
            id: try row.get("id"), problem: try row.get("problem_id"), other: try row.getOptional("other_id"),
            kind: kind, from: from.flatMap(ProblemState.init(rawValue:)), to: to.flatMap(ProblemState.init(rawValue:)),
            before: try row.get("said_before"), detail: try row.get("detail"), personID: try row.get("person_id"),
            unitCode: try row.getOptional("unit_code"), at: try row.get("at_ms"),
            undoneAt: try row.getOptional("undone_at_ms"), undoneBy: try row.getOptional("undone_by"))
    }
}
