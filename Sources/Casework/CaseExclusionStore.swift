package import Core
package import Store

/// The SQL of cases that do not count where units are compared.
package enum CaseExclusionStore {
    /// The condition that a case counts where units are compared.
    ///
    /// - Parameter column: the case's identifier in the statement around it.
    package static func isCounted(_ column: SQL) -> SQL {
        """
        NOT EXISTS (SELECT 1 FROM case_exclusion left_out WHERE left_out.case_id = \(column)
            AND left_out.lifted_at_ms IS NULL)
        """
    }

    private static let columns: SQL = """
        x.id, x.case_id, x.ground, x.reason, x.by_person, x.at_ms, x.lifted_by, x.lifted_at_ms, x.lift_reason
        """

    package static func standing(of id: ID<CaseFile>, in tx: any Transaction) throws -> CaseExclusion? {
        try tx.first("SELECT \(columns) FROM case_exclusion x WHERE x.case_id = \(id) AND x.lifted_at_ms IS NULL")
            .map(CaseExclusion.init)
    }

    static func insert(
        _ id: ID<CaseExclusion>, of caseID: ID<CaseFile>, _ ground: CaseExclusion.Ground, reason: String,
        by person: Int64, at: Instant, in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO case_exclusion (id, case_id, ground, reason, by_person, at_ms)
            VALUES (\(id), \(caseID), \(ground.rawValue), \(reason), \(person), \(at))
            """)
    }

    /// False when it counts already.
    static func lift(
        of id: ID<CaseFile>, reason: String, by person: Int64, at: Instant, in tx: any Transaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE case_exclusion SET lifted_by = \(person), lifted_at_ms = \(at), lift_reason = \(reason)
            WHERE case_id = \(id) AND lifted_at_ms IS NULL
            """) == 1
    }

    // MARK: - Lists

    package struct Filter: Sendable, Equatable {
        package var grounds: [CaseExclusion.Ground] = []
        package var kinds: [String] = []
        package var unitCode: String?
        package var isStanding: Bool?
        package var search = ""
        package init() {}
    }

    package struct Entry: Sendable {
        package let exclusion: CaseExclusion
        package let file: CaseFile
    }

    private static func condition(_ filter: Filter, _ now: Instant) -> SQL {
        var all: [SQL] = []
        if !filter.grounds.isEmpty { all.append("x.ground IN (\(list: filter.grounds.map(\.rawValue)))") }
        if let isStanding = filter.isStanding {
            all.append(isStanding ? "x.lifted_at_ms IS NULL" : "x.lifted_at_ms IS NOT NULL")
        }
        var cases = CaseFilter()
        cases.kinds = filter.kinds
        cases.leadUnitCodes = [filter.unitCode].compactMap { $0 }
        cases.search = filter.search
        if cases != CaseFilter() {
            all.append("x.case_id IN (SELECT id FROM case_file \(CaseStore.condition(cases, now)))")
        }
        return .whereAll(all)
    }

    /// By the time of the decision.
    package static func list(
        _ filter: Filter, isDescending: Bool = true, limit: Int, offset: Int = 0, now: Instant,
        in tx: any Transaction
    ) throws -> [Entry] {
        let order: SQL = isDescending ? "x.id DESC" : "x.id"
        let found = try tx.all(
            """
            SELECT \(columns) FROM case_exclusion x \(condition(filter, now)) ORDER BY \(order)
            LIMIT \(limit) OFFSET \(offset)
            """
        ).map(CaseExclusion.init)
        let files = Dictionary(
            try CaseStore.find(found.map(\.caseID), now: now, in: tx).map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first })
        return found.compactMap { one in files[one.caseID].map { Entry(exclusion: one, file: $0) } }
    }

    package static func count(_ filter: Filter, now: Instant, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM case_exclusion x \(condition(filter, now))")?.get("n") ?? 0
    }

    /// How many cases of a kind are left out, by the unit that leads them.
    package static func countsByUnit(kind: String, in tx: any Transaction) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        let rows = try tx.all(
            """
            SELECT f.lead_unit_code AS unit, COUNT(*) AS n FROM case_exclusion x JOIN case_file f ON f.id = x.case_id
            WHERE x.lifted_at_ms IS NULL AND f.kind = \(kind) AND f.lead_unit_code IS NOT NULL
            GROUP BY f.lead_unit_code
            """)
        for row in rows { counts[try row.get("unit")] = try row.get("n") }
        return counts
    }
}

extension CaseExclusion {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), caseID: try row.get("case_id"), ground: try row.get("ground"),
            reason: try row.get("reason"), by: try row.get("by_person"), at: try row.get("at_ms"),
            liftedBy: try row.getOptional("lifted_by"), liftedAt: try row.getOptional("lifted_at_ms"),
            liftReason: try row.getOptional("lift_reason"))
    }
}
