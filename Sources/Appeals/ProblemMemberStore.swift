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
    /// - Parameter only: those of these appeals that belong to the problem; nil for all.
    static func list(
        of id: ID<ProblemRecord>, only: [Int64]?, limit: Int, offset: Int, in tx: any Transaction
    ) throws -> [ProblemMember] {
        try tx.all(
            """
            SELECT a.id, c.number, c.title, a.submitted_at_ms, c.is_open, c.lead_unit_code
            FROM problem_member m JOIN appeal a ON a.id = m.appeal_id JOIN case_file c ON c.id = m.appeal_id
            \(conditions(id, only))
            ORDER BY COALESCE(a.submitted_at_ms, 0) DESC, a.id LIMIT \(limit) OFFSET \(offset)
            """
        ).map { row in
            ProblemMember(
                id: try row.get("id"), number: try row.get("number"), title: try row.get("title"),
                submittedAt: try row.getOptional("submitted_at_ms"), isOpen: try row.get("is_open"),
                leadUnitCode: try row.getOptional("lead_unit_code"))
        }
    }

    static func count(of id: ID<ProblemRecord>, only: [Int64]?, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM problem_member m \(conditions(id, only))")?.get("n") ?? 0
    }

    /// How many appeals of a problem are still being handled.
    static func openCount(of id: ID<ProblemRecord>, in tx: any Transaction) throws -> Int {
        try tx.first(
            """
            SELECT COUNT(*) AS n FROM problem_member m JOIN case_file c ON c.id = m.appeal_id
            WHERE m.problem_id = \(id) AND c.is_open = 1
            """)?.get("n") ?? 0
    }

    private static func conditions(_ id: ID<ProblemRecord>, _ only: [Int64]?) -> SQL {
        var all: [SQL] = ["m.problem_id = \(id)"]
        if let only {
            all.append("m.appeal_id IN (\(list: only.prefix(ProblemLimits.identifiersPerStatement)))")
        }
        return .whereAll(all)
    }
}
