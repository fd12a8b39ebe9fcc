package import Core
package import Store

/// Reading cases: one, lists and counts.
package enum CaseStore {
    /// - Throws: `CaseError.notFound`.
    package static func find(_ id: ID<CaseFile>, now: Instant, in tx: any Transaction) throws -> CaseFile {
        guard let file = try ifPresent(id, now: now, in: tx) else { throw CaseError.notFound }
        return file
    }

    package static func ifPresent(_ id: ID<CaseFile>, now: Instant, in tx: any Transaction) throws -> CaseFile? {
        try tx.first("SELECT \(columns(now)) FROM case_file WHERE id = \(id)").map(CaseFile.init)
    }

    package static func find(number: String, now: Instant, in tx: any Transaction) throws -> CaseFile? {
        try tx.first("SELECT \(columns(now)) FROM case_file WHERE number = \(number)").map(CaseFile.init)
    }

    /// Cases by their identifiers, in no order; what is absent is left out.
    package static func find(_ ids: [ID<CaseFile>], now: Instant, in tx: any Transaction) throws -> [CaseFile] {
        try chunks(ids).flatMap { chunk in
            try tx.all("SELECT \(columns(now)) FROM case_file WHERE id IN (\(list: chunk))").map(CaseFile.init)
        }
    }

    /// One page of the cases that the filter admits.
    package static func list(
        _ filter: CaseFilter, sort: CaseSort = .opened, isDescending: Bool = true, limit: Int, offset: Int = 0,
        now: Instant, in tx: any Transaction
    ) throws -> [CaseFile] {
        let order = order(sort, isDescending, now)
        // The inner select can often be answered from an index alone, so that a deep page reads few rows.
        return try tx.all(
            """
            SELECT \(columns(now)) FROM case_file WHERE id IN (
                SELECT id FROM case_file \(condition(filter, now)) ORDER BY \(order)
                LIMIT \(min(limit, CasesLimits.listMax)) OFFSET \(max(0, offset)))
            ORDER BY \(order)
            """
        ).map(CaseFile.init)
    }

    package static func count(_ filter: CaseFilter, now: Instant, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT count(*) AS n FROM case_file \(condition(filter, now))")?.get("n") ?? 0
    }

    /// When anything last happened to a case, in milliseconds; 0 before the first.
    package static func lastChange(in tx: any Transaction) throws -> Int64 {
        try tx.first("SELECT updated_at_ms AS at FROM case_file ORDER BY updated_at_ms DESC LIMIT 1")?.get("at") ?? 0
    }

    /// Whether the filter admits more than so many; reads no further.
    package static func hasMore(
        than limit: Int, _ filter: CaseFilter, now: Instant, in tx: any Transaction
    ) throws -> Bool {
        let row = try tx.first(
            "SELECT count(*) AS n FROM (SELECT 1 FROM case_file \(condition(filter, now)) LIMIT \(limit + 1)) m")
        return try row?.get("n") ?? 0 > limit
    }

    /// Largest first.
    package static func counts(
        by grouping: CaseGrouping, _ filter: CaseFilter, now: Instant, in tx: any Transaction
    ) throws -> [CaseCount] {
        let key: SQL =
            switch grouping {
            case .kind: "kind"
            case .state: "state"
            case .light: lightColumn(now)
            case .leadUnit: "COALESCE(lead_unit_code, '')"
            case .township: "COALESCE(township_code, '')"
            }
        // A key made in a subselect binds its values once: PostgreSQL groups only by what is the same expression.
        let rows = try tx.all(
            """
            SELECT counted.group_key, count(*) AS n
            FROM (SELECT \(key) AS group_key FROM case_file \(condition(filter, now))) AS counted
            GROUP BY counted.group_key ORDER BY count(*) DESC, counted.group_key
            """)
        return try rows.map { row in
            let key = try row.value("group_key")
            let name: String =
                switch key {
                case .integer(let rank): Light(rank: rank)?.rawValue ?? ""
                case .text(let text): text
                default: ""
                }
            return CaseCount(key: name, count: try row.get("n"))
        }
    }

    package static func supportingUnits(of id: ID<CaseFile>, in tx: any Transaction) throws -> [String] {
        try tx.all("SELECT unit_code FROM case_unit WHERE case_id = \(id) ORDER BY unit_code")
            .map { try $0.get("unit_code") }
    }

    package static func deadline(of id: ID<CaseFile>, in tx: any Transaction) throws -> Deadline? {
        let row = try tx.first("SELECT deadline FROM case_file WHERE id = \(id)")
        return try row?.getOptional("deadline").map { (json: String) in try Deadline(json: json) }
    }

    static func lightBasis(of id: ID<CaseFile>, in tx: any Transaction) throws -> LightBasis? {
        try tx.first(
            """
            SELECT is_open, due_at_ms, notice_at_ms, warn_at_ms, red_at_ms, closed_at_ms, light_floor, light_approved,
                light_approved_until_ms
            FROM case_file WHERE id = \(id)
            """
        ).map(LightBasis.init)
    }

    // MARK: - Pieces of statements

    static func columns(_ now: Instant) -> SQL {
        """
        id, kind, number, title, state, is_open, lead_unit_code, township_code, opened_at_ms, due_at_ms,
        closed_at_ms, version, \(lightColumn(now)) AS light
        """
    }

    /// `LightBasis.light(at:)` in SQL; a test holds the two together.
    package static func lightColumn(_ now: Instant) -> SQL {
        """
        CASE WHEN is_open = 1 AND light_approved_until_ms >= \(now)
            THEN light_approved + CASE WHEN light_approved > 0 THEN 1 ELSE 0 END
        WHEN is_open = 1 AND due_at_ms < \(now) OR is_open = 0 AND due_at_ms < COALESCE(closed_at_ms, \(now)) THEN 3
        WHEN is_open = 0 THEN 0 WHEN light_floor = 2 OR red_at_ms <= \(now) THEN 3
        WHEN light_floor = 1 OR warn_at_ms <= \(now) THEN 2
        WHEN notice_at_ms <= \(now) THEN 1 ELSE 0 END
        """
    }

    static func order(_ sort: CaseSort, _ isDescending: Bool, _ now: Instant) -> SQL {
        switch (sort, isDescending) {
        case (.opened, true): "opened_at_ms DESC, id DESC"
        case (.opened, false): "opened_at_ms, id"
        case (.due, true): "due_at_ms DESC NULLS LAST, id DESC"
        case (.due, false): "due_at_ms ASC NULLS LAST, id"
        case (.light, true): "\(lightColumn(now)) DESC, due_at_ms ASC NULLS LAST, id"
        case (.light, false): "\(lightColumn(now)), due_at_ms ASC NULLS LAST, id"
        case (.number, true): "number DESC"
        case (.number, false): "number"
        }
    }

    /// Cases of a kind that nearly all are of. SQLite would take any index that begins with the kind and read the whole
    /// table by it; so the kind is checked last, on what another condition found.
    package static func isOfKind(_ kind: String, _ column: SQL = "kind") -> SQL { "\(column) || '' = \(kind)" }

    /// A statement for the cases that are not of a kind which nearly all are of: by index, from both of its sides.
    package static func idsOfOtherKinds(than kind: String) -> SQL {
        "SELECT id FROM case_file WHERE kind < \(kind) UNION ALL SELECT id FROM case_file WHERE kind > \(kind)"
    }

    package static func condition(_ filter: CaseFilter, _ now: Instant) -> SQL { .whereAll(all(filter, now)) }

    /// The same without its `WHERE`, to stand beside others; at least one thing must be asked.
    package static func conditions(_ filter: CaseFilter, _ now: Instant) -> SQL {
        SQL.joined(all(filter, now), by: " AND ") ?? "1 = 1"
    }

    private static func all(_ filter: CaseFilter, _ now: Instant) -> [SQL] {
        var all: [SQL] = []
        if !filter.kinds.isEmpty {
            // Open cases are few, and found by their own index; nearly all cases may be of one kind (`isOfKind`).
            all.append(
                filter.isOpen == true
                    ? "kind || '' IN (\(list: filter.kinds))" : "kind IN (\(list: filter.kinds))")
        }
        if !filter.states.isEmpty { all.append("state IN (\(list: filter.states))") }
        // A literal rather than a bound value, so that the partial indexes apply.
        if let isOpen = filter.isOpen { all.append(isOpen ? "is_open = 1" : "is_open = 0") }
        if !filter.lights.isEmpty { all.append("(\(lightColumn(now))) IN (\(list: filter.lights.map(\.rank)))") }
        if let unit = filter.unitCode {
            all.append("(lead_unit_code = \(unit) OR id IN (SELECT case_id FROM case_unit WHERE unit_code = \(unit)))")
        }
        if !filter.leadUnitCodes.isEmpty { all.append("lead_unit_code IN (\(list: filter.leadUnitCodes))") }
        if filter.isUndispatched { all.append("lead_unit_code IS NULL") }
        if !filter.townshipCodes.isEmpty { all.append("township_code IN (\(list: filter.townshipCodes))") }
        if let from = filter.openedFrom { all.append("opened_at_ms >= \(from)") }
        if let before = filter.openedBefore { all.append("opened_at_ms < \(before)") }
        if let found = CaseSearch.condition(filter.search) { all.append(found) }
        return all
    }

    static func chunks(_ ids: [ID<CaseFile>]) -> [ArraySlice<ID<CaseFile>>] {
        stride(from: 0, to: ids.count, by: CasesLimits.identifiersPerStatement).map {
            ids[$0..<min(ids.count, $0 + CasesLimits.identifiersPerStatement)]
        }
    }
}

extension CaseFile {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), kind: try row.get("kind"), number: try row.get("number"),
            title: try row.get("title"), state: try row.get("state"), isOpen: try row.get("is_open"),
            leadUnitCode: try row.getOptional("lead_unit_code"), townshipCode: try row.getOptional("township_code"),
            openedAt: try row.get("opened_at_ms"), dueAt: try row.getOptional("due_at_ms"),
            closedAt: try row.getOptional("closed_at_ms"), light: Light(rank: try row.get("light")) ?? .green,
            version: try row.get("version"))
    }
}
