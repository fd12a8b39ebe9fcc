package import Core
package import Store

/// Which indicators a list shows, and in what order.
package struct IndicatorFilter: Sendable, Equatable {
    package enum Sort: String, Sendable, CaseIterable { case code, name, updated }
    package var search = ""
    package var bases: [String] = []
    package var owners: [String] = []
    package var periodKinds: [PeriodKind] = []
    package var scopeKinds: [FigureScope.Kind] = []
    package var isVerified: Bool?
    /// Only those with a current value that nobody has verified.
    package var hasUnverifiedValues = false
    package var sort = Sort.code
    package var isDescending = false

    package init() {}
}

/// The SQL of indicators' definitions.
package enum IndicatorStore {
    package static func find(_ id: ID<Indicator>, in tx: any Transaction) throws -> Indicator {
        guard let row = try tx.first("SELECT * FROM indicator WHERE id = \(id)") else { throw IndicatorError.notFound }
        return try indicator(row)
    }

    package static func find(code: String, in tx: any Transaction) throws -> Indicator? {
        try tx.first("SELECT * FROM indicator WHERE code = \(code)").map(indicator)
    }

    /// By identifier; unknown ones are left out.
    package static func find(_ ids: [ID<Indicator>], in tx: any Transaction) throws -> [ID<Indicator>: Indicator] {
        var found: [ID<Indicator>: Indicator] = [:]
        for start in stride(from: 0, to: ids.count, by: IndicatorLimits.identifiersPerStatement) {
            let part = ids[start..<min(start + IndicatorLimits.identifiersPerStatement, ids.count)]
            for row in try tx.all("SELECT * FROM indicator WHERE id IN (\(list: part))") {
                let indicator = try indicator(row)
                found[indicator.id] = indicator
            }
        }
        return found
    }

    /// All of them by code: for an import, which names any.
    package static func byCode(in tx: any Transaction) throws -> [String: Indicator] {
        let rows = try tx.all("SELECT * FROM indicator ORDER BY code LIMIT \(IndicatorLimits.indicatorsMax)")
        return Dictionary(uniqueKeysWithValues: try rows.map { ($0, try indicator($0)) }.map { ($1.code, $1) })
    }

    /// Differs after any change of any definition.
    struct Stamp: Sendable, Equatable {
        let count: Int
        let versions: Int64
        let updatedAt: Instant?
    }

    static func stamp(in tx: any Transaction) throws -> Stamp {
        let row = try tx.first(
            """
            SELECT COUNT(*) AS n, CAST(COALESCE(SUM(version), 0) AS BIGINT) AS versions,
                MAX(updated_at_ms) AS updated FROM indicator
            """)
        return Stamp(
            count: try row?.get("n") ?? 0, versions: try row?.get("versions") ?? 0,
            updatedAt: try row?.getOptional("updated"))
    }

    package static func list(
        _ filter: IndicatorFilter, limit: Int, offset: Int, in tx: any Transaction
    ) throws -> [Indicator] {
        try tx.all(
            """
            SELECT i.* FROM indicator i \(condition(filter)) ORDER BY \(order(filter))
            LIMIT \(limit) OFFSET \(offset)
            """
        ).map(indicator)
    }

    package static func count(_ filter: IndicatorFilter, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS total FROM indicator i \(condition(filter))")?.get("total") ?? 0
    }

    /// The bases and the owners there are, for a list's filters.
    package static func bases(in tx: any Transaction) throws -> [String] {
        try tx.all("SELECT DISTINCT basis FROM indicator ORDER BY basis LIMIT 100").map { try $0.get("basis") }
    }

    package static func owners(in tx: any Transaction) throws -> [String] {
        try tx.all(
            """
            SELECT DISTINCT owner_unit_code AS code FROM indicator WHERE owner_unit_code IS NOT NULL
            ORDER BY 1 LIMIT 100
            """
        ).map { try $0.get("code") }
    }

    private static func condition(_ filter: IndicatorFilter) -> SQL {
        var conditions: [SQL] = []
        for word in filter.search.split(separator: " ").prefix(5) {
            let pattern = "%" + escaped(word.lowercased()) + "%"
            conditions.append(
                """
                (LOWER(i.code) LIKE \(pattern) ESCAPE '\\' OR LOWER(i.name_zh) LIKE \(pattern) ESCAPE '\\'
                OR LOWER(i.name_en) LIKE \(pattern) ESCAPE '\\' OR LOWER(i.definition) LIKE \(pattern) ESCAPE '\\')
                """)
        }
        if !filter.bases.isEmpty { conditions.append("i.basis IN (\(list: filter.bases))") }
        if !filter.owners.isEmpty { conditions.append("i.owner_unit_code IN (\(list: filter.owners))") }
        if !filter.periodKinds.isEmpty {
            conditions.append("i.period_kind IN (\(list: filter.periodKinds.map(\.rawValue)))")
        }
        if !filter.scopeKinds.isEmpty {
            conditions.append("i.scope_kind IN (\(list: filter.scopeKinds.map(\.rawValue)))")
        }
        if let isVerified = filter.isVerified { conditions.append("i.is_verified = \(isVerified)") }
        if filter.hasUnverifiedValues {
            conditions.append(
                """
                i.id IN (SELECT indicator_id FROM indicator_value WHERE is_current = 1 AND state = 'entered')
                """)
        }
        return .whereAll(conditions)
    }

    private static func escaped(_ text: String) -> String {
        text.map { "\\%_".contains($0) ? "\\\($0)" : String($0) }.joined()
    }

    private static func order(_ filter: IndicatorFilter) -> SQL {
        let column: SQL =
            switch filter.sort {
            case .code: "i.code"
            case .name: "i.name_zh"
            case .updated: "i.updated_at_ms"
            }
        return filter.isDescending ? "\(column) DESC, i.id DESC" : "\(column), i.id"
    }

    package static func insert(_ indicator: Indicator, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO indicator (
                id, code, name_zh, name_en, unit_zh, unit_en, direction, basis, period_kind, scope_kind, source,
                owner_unit_code, definition, places, is_verified, version, updated_at_ms, is_demo)
            VALUES (
                \(indicator.id), \(indicator.code), \(indicator.name.zh), \(indicator.name.en), \(indicator.unit.zh),
                \(indicator.unit.en), \(indicator.direction.rawValue), \(indicator.basis),
                \(indicator.periodKind.rawValue), \(indicator.scopeKind.rawValue), \(indicator.source),
                \(indicator.ownerUnitCode), \(indicator.definition), \(indicator.places), \(indicator.isVerified),
                \(indicator.version), \(indicator.updatedAt), \(indicator.isDemo))
            """)
    }

    /// Writes the definition over the version it was read at; false where somebody was quicker.
    package static func update(_ indicator: Indicator, now: Instant, in tx: any Transaction) throws -> Bool {
        try tx.run(
            """
            UPDATE indicator SET code = \(indicator.code), name_zh = \(indicator.name.zh),
                name_en = \(indicator.name.en),
                unit_zh = \(indicator.unit.zh), unit_en = \(indicator.unit.en),
                direction = \(indicator.direction.rawValue), basis = \(indicator.basis),
                period_kind = \(indicator.periodKind.rawValue), scope_kind = \(indicator.scopeKind.rawValue),
                source = \(indicator.source), owner_unit_code = \(indicator.ownerUnitCode),
                definition = \(indicator.definition), places = \(indicator.places),
                is_verified = \(indicator.isVerified), version = version + 1, updated_at_ms = \(now)
            WHERE id = \(indicator.id) AND version = \(indicator.version)
            """) == 1
    }

    static func touch(_ id: ID<Indicator>, now: Instant, in tx: any Transaction) throws {
        try tx.run("UPDATE indicator SET updated_at_ms = \(now) WHERE id = \(id)")
    }

    private static func indicator(_ row: Row) throws -> Indicator {
        Indicator(
            id: try row.get("id"), code: try row.get("code"),
            name: Bilingual(zh: try row.get("name_zh"), en: try row.get("name_en")),
            unit: Bilingual(zh: try row.get("unit_zh"), en: try row.get("unit_en")),
            direction: try row.get("direction"), basis: try row.get("basis"), periodKind: try row.get("period_kind"),
            scopeKind: try row.get("scope_kind"), source: try row.get("source"),
            ownerUnitCode: try row.getOptional("owner_unit_code"), definition: try row.get("definition"),
            places: try row.get("places"), isVerified: try row.get("is_verified"), version: try row.get("version"),
            updatedAt: try row.get("updated_at_ms"), isDemo: try row.get("is_demo"))
    }
}
