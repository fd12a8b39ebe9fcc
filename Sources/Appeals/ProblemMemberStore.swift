internal import Casework
internal import Core
internal import Store

/// An appeal as the page of its problem lists it.
struct ProblemMember: Sendable, Equatable {
    let id: ID<CaseFile>
    let number: String
    let title: String
    let submittedAt: Instant?
    let isOpen: Bool
    let leadUnitCode: String?
}

enum ProblemMemberStore {
    /// Which of a problem's appeals to list; all of them unless it says something.
    struct Narrowing: Sendable {
        var only: [Int64]?
        var from: Instant?
        var before: Instant?
    }

    static func list(
        of id: ID<ProblemRecord>, _ narrowing: Narrowing = Narrowing(), limit: Int, offset: Int, in tx: any Transaction
    ) throws -> [ProblemMember] {
        try tx.all(
            """
            SELECT a.id, c.number, c.title, a.submitted_at_ms, c.is_open, c.lead_unit_code
            FROM problem_member m JOIN appeal a ON a.id = m.appeal_id JOIN case_file c ON c.id = m.appeal_id
            \(conditions(id, narrowing))
            ORDER BY COALESCE(a.submitted_at_ms, 0) DESC, a.id LIMIT \(limit) OFFSET \(offset)
            """
        ).map { row in
            ProblemMember(
                id: try row.get("id"), number: try row.get("number"), title: try row.get("title"),
                submittedAt: try row.getOptional("submitted_at_ms"), isOpen: try row.get("is_open"),
                leadUnitCode: try row.getOptional("lead_unit_code"))
        }
    }

    static func count(
        of id: ID<ProblemRecord>, _ narrowing: Narrowing, in tx: any Transaction
    ) throws -> Int {
        try tx.first(
            """
            SELECT COUNT(*) AS n FROM problem_member m JOIN appeal a ON a.id = m.appeal_id
            \(conditions(id, narrowing))
            """)?.get("n") ?? 0
    }

    /// How many appeals of a problem are still being handled.
    static func openCount(of id: ID<ProblemRecord>, in tx: any Transaction) throws -> Int {
        try tx.first(
            """
            SELECT COUNT(*) AS n FROM problem_member m JOIN case_file c ON c.id = m.appeal_id
            WHERE m.problem_id = \(id) AND c.is_open = 1
            """)?.get("n") ?? 0
    }

    /// The newest appeals of a problem that are still being handled.
    static func openAppeals(
        of id: ID<ProblemRecord>, limit: Int, in tx: any Transaction
    ) throws -> [ID<CaseFile>] {
        try tx.all(
            """
            SELECT m.appeal_id FROM problem_member m JOIN case_file c ON c.id = m.appeal_id
            WHERE m.problem_id = \(id) AND c.is_open = 1 ORDER BY m.appeal_id DESC LIMIT \(limit)
            """
        ).map { try $0.get("appeal_id") }
    }

    private static func conditions(_ id: ID<ProblemRecord>, _ narrowing: Narrowing) -> SQL {
        var all: [SQL] = ["m.problem_id = \(id)"]
        if let from = narrowing.from { all.append("a.submitted_at_ms >= \(from)") }
        if let before = narrowing.before { all.append("a.submitted_at_ms < \(before)") }
        if let only = narrowing.only {
            all.append("m.appeal_id IN (\(list: only.prefix(ProblemLimits.identifiersPerStatement)))")
        }
        return .whereAll(all)
    }
}
