package import Core
package import Store

/// The SQL of targets.
package enum IndicatorTargetStore {
    package static func insert(_ target: IndicatorTarget, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO indicator_target (
                id, indicator_id, rule, measure, unscaled, scale, from_period, by_period, note, created_by,
                created_at_ms)
            VALUES (
                \(target.id), \(target.indicatorID), \(target.rule.rawValue), \(target.measure.rawValue),
                \(target.threshold.unscaled), \(target.threshold.scale), \(target.from.description),
                \(target.by.description), \(target.note), \(target.createdBy), \(target.createdAt))
            """)
        for (position, member) in target.members.enumerated() {
            try tx.run(
                """
                INSERT INTO indicator_target_member (target_id, position, indicator_id, scope)
                VALUES (\(target.id), \(position), \(member.indicatorID), \(member.scope.description))
                """)
        }
    }

    /// Those in force, oldest first.
    package static func list(_ indicator: ID<Indicator>, in tx: any Transaction) throws -> [IndicatorTarget] {
        let rows = try tx.all(
            """
            SELECT * FROM indicator_target WHERE indicator_id = \(indicator) AND removed_at_ms IS NULL
            ORDER BY id LIMIT \(IndicatorLimits.targetsPerIndicator)
            """)
        return try rows.map { try target($0, in: tx) }
    }

    /// False where it was removed already: it stays in the table with its time.
    package static func remove(
        _ id: ID<IndicatorTarget>, of indicator: ID<Indicator>, now: Instant, in tx: any Transaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE indicator_target SET removed_at_ms = \(now)
            WHERE id = \(id) AND indicator_id = \(indicator) AND removed_at_ms IS NULL
            """) == 1
    }

    private static func target(_ row: Row, in tx: any Transaction) throws -> IndicatorTarget {
        let id: ID<IndicatorTarget> = try row.get("id")
        let members = try tx.all(
            "SELECT indicator_id, scope FROM indicator_target_member WHERE target_id = \(id) ORDER BY position"
        ).compactMap { member -> IndicatorTarget.Member? in
            guard let scope = FigureScope(text: try member.get("scope") as String) else { return nil }
            return .init(indicatorID: try member.get("indicator_id"), scope: scope)
        }
        guard let from = Period(reading: try row.get("from_period") as String),
            let by = Period(reading: try row.get("by_period") as String)
        else { throw RowError(column: "by_period", found: try row.value("by_period")) }
        return IndicatorTarget(
            id: id, indicatorID: try row.get("indicator_id"), rule: try row.get("rule"),
            measure: try row.get("measure"),
            threshold: try ExactDecimal(unscaled: try row.get("unscaled"), scale: try row.get("scale")), from: from,
            by: by, members: members, note: try row.get("note"), createdBy: try row.getOptional("created_by"),
            createdAt: try row.get("created_at_ms"))
    }
}
