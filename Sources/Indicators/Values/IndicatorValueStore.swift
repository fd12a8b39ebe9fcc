package import Core
package import Store

/// The SQL of values and their revisions.
package enum IndicatorValueStore {
    package static func find(_ id: ID<IndicatorValue>, in tx: any Transaction) throws -> IndicatorValue {
        guard let row = try tx.first("SELECT * FROM indicator_value WHERE id = \(id)") else {
            throw IndicatorError.valueNotFound
        }
        return try value(row)
    }

    package static func current(
        _ indicator: ID<Indicator>, _ scope: FigureScope, _ period: Period, in tx: any Transaction
    ) throws -> IndicatorValue? {
        try tx.first(
            """
            SELECT * FROM indicator_value WHERE indicator_id = \(indicator) AND scope = \(scope.description)
            AND first_day = \(period.firstDay.number) AND is_current = 1
            """
        ).map(value)
    }

    /// Current values of one scope, in order of their periods; the latest `limit` of them.
    package static func series(
        _ indicator: ID<Indicator>, _ scope: FigureScope, limit: Int = IndicatorLimits.seriesPeriodsMax,
        in tx: any Transaction
    ) throws -> [IndicatorValue] {
        try tx.all(
            """
            SELECT * FROM indicator_value
            WHERE indicator_id = \(indicator) AND scope = \(scope.description) AND is_current = 1
            ORDER BY first_day DESC LIMIT \(limit)
            """
        ).map(value).reversed()
    }

    /// Current values of all scopes, by scope, in order of their periods.
    package static func allSeries(
        _ indicator: ID<Indicator>, in tx: any Transaction
    ) throws -> [FigureScope: [IndicatorValue]] {
        let rows = try tx.all(
            """
            SELECT * FROM indicator_value WHERE indicator_id = \(indicator) AND is_current = 1
            ORDER BY scope, first_day LIMIT \(IndicatorLimits.exportRowsMax)
            """)
        return Dictionary(grouping: try rows.map(value), by: \.scope)
    }

    /// The latest current values of the district scope for a page of indicators.
    package static func latest(
        _ indicators: [ID<Indicator>], in tx: any Transaction
    ) throws -> [ID<Indicator>: [IndicatorValue]] {
        var found: [ID<Indicator>: [IndicatorValue]] = [:]
        let district = FigureScope.district.description
        for start in stride(from: 0, to: indicators.count, by: IndicatorLimits.indicatorsPerStatement) {
            let part = indicators[start..<min(indicators.count, start + IndicatorLimits.indicatorsPerStatement)]
            // From the day of the earliest value that is shown, which the index of an indicator finds.
            let rows = try tx.all(
                """
                SELECT v.* FROM indicator i JOIN indicator_value v
                    ON v.indicator_id = i.id AND v.scope = \(district) AND v.is_current = 1
                    AND v.first_day >= COALESCE((
                        SELECT w.first_day FROM indicator_value w
                        WHERE w.indicator_id = i.id AND w.scope = \(district) AND w.is_current = 1
                        ORDER BY w.first_day DESC LIMIT 1 OFFSET \(IndicatorLimits.sparklinePeriods - 1)), -1000000)
                WHERE i.id IN (\(list: part)) ORDER BY v.indicator_id, v.first_day
                """)
            for row in rows { found[try row.get("indicator_id"), default: []].append(try value(row)) }
        }
        return found
    }

    package static func scopes(of indicator: ID<Indicator>, in tx: any Transaction) throws -> [FigureScope] {
        try tx.all(
            """
            SELECT DISTINCT scope FROM indicator_value WHERE indicator_id = \(indicator) AND is_current = 1
            ORDER BY scope
            """
        ).compactMap { FigureScope(text: try $0.get("scope") as String) }
    }

    package static func list(
        _ indicator: ID<Indicator>, scope: FigureScope?, isDescending: Bool = true, limit: Int, offset: Int,
        in tx: any Transaction
    ) throws -> [IndicatorValue] {
        let order: SQL = isDescending ? "first_day DESC, scope" : "first_day, scope"
        return try tx.all(
            """
            SELECT * FROM indicator_value WHERE indicator_id = \(indicator) AND is_current = 1 \(within(scope))
            ORDER BY \(order) LIMIT \(limit) OFFSET \(offset)
            """
        ).map(value)
    }

    package static func count(
        _ indicator: ID<Indicator>, scope: FigureScope? = nil, in tx: any Transaction
    ) throws -> Int {
        try tx.first(
            """
            SELECT COUNT(*) AS total FROM indicator_value WHERE indicator_id = \(indicator) AND is_current = 1
            \(within(scope))
            """)?.get("total") ?? 0
    }

    private static func within(_ scope: FigureScope?) -> SQL {
        scope.map { "AND scope = \($0.description)" } ?? ""
    }

    /// All revisions of one scope and period, the newest first.
    package static func revisions(of one: IndicatorValue, in tx: any Transaction) throws -> [IndicatorValue] {
        try tx.all(
            """
            SELECT * FROM indicator_value WHERE indicator_id = \(one.indicatorID) AND scope = \(one.scope.description)
            AND period = \(one.period.description) ORDER BY revision DESC LIMIT \(IndicatorLimits.revisionsShown)
            """
        ).map(value)
    }

    /// Current values of a few indicators as an import compares them: by indicator, scope and period.
    package static func currentByKey(
        _ indicators: [ID<Indicator>], in tx: any Transaction
    ) throws -> [Key: IndicatorValue] {
        var found: [Key: IndicatorValue] = [:]
        for indicator in indicators {
            try tx.forEach("SELECT * FROM indicator_value WHERE indicator_id = \(indicator) AND is_current = 1") {
                row in
                let one = try value(row)
                found[Key(indicator: one.indicatorID, scope: one.scope, period: one.period)] = one
                return true
            }
        }
        return found
    }

    package struct Key: Hashable, Sendable {
        package let indicator: ID<Indicator>
        package let scope: FigureScope
        package let period: Period

        package init(indicator: ID<Indicator>, scope: FigureScope, period: Period) {
            self.indicator = indicator
            self.scope = scope
            self.period = period
        }
    }

    package static func insert(_ values: [IndicatorValue], in tx: any Transaction) throws {
        try tx.insert(
            into: "indicator_value",
            columns: [
                "id", "indicator_id", "scope", "period", "first_day", "unscaled", "scale", "revision", "is_current",
                "state", "source", "note", "entered_by", "entered_at_ms", "verified_by", "verified_at_ms", "import_id",
            ],
            rows: values.map { one in
                [
                    one.id.value, one.indicatorID.value, one.scope.description.value, one.period.description.value,
                    one.period.firstDay.number.value, one.value.unscaled.value, one.value.scale.value,
                    one.revision.value, one.isCurrent.value, one.state.rawValue.value, one.source.value, one.note.value,
                    one.enteredBy?.value ?? .null, one.enteredAt.value, one.verifiedBy?.value ?? .null,
                    one.verifiedAt?.value ?? .null, one.importID?.value ?? .null,
                ]
            })
    }

    /// Makes room for a correction; false where another was quicker.
    static func supersede(_ one: IndicatorValue, in tx: any Transaction) throws -> Bool {
        try tx.run("UPDATE indicator_value SET is_current = 0 WHERE id = \(one.id) AND is_current = 1") == 1
    }

    /// False where it was verified or corrected meanwhile.
    static func verify(
        _ id: ID<IndicatorValue>, by personID: Int64, now: Instant, in tx: any Transaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE indicator_value SET state = 'verified', verified_by = \(personID), verified_at_ms = \(now)
            WHERE id = \(id) AND is_current = 1 AND state = 'entered'
            """) == 1
    }

    private static func value(_ row: Row) throws -> IndicatorValue {
        guard let scope = FigureScope(text: try row.get("scope") as String),
            let period = Period(reading: try row.get("period") as String)
        else { throw RowError(column: "scope", found: try row.value("scope")) }
        return IndicatorValue(
            id: try row.get("id"), indicatorID: try row.get("indicator_id"), scope: scope, period: period,
            value: try ExactDecimal(unscaled: try row.get("unscaled"), scale: try row.get("scale")),
            revision: try row.get("revision"), isCurrent: try row.get("is_current"), state: try row.get("state"),
            source: try row.get("source"), note: try row.get("note"), enteredBy: try row.getOptional("entered_by"),
            enteredAt: try row.get("entered_at_ms"), verifiedBy: try row.getOptional("verified_by"),
            verifiedAt: try row.getOptional("verified_at_ms"), importID: try row.getOptional("import_id"))
    }
}
