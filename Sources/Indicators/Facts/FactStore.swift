package import Core
package import Store

/// The SQL of frozen facts.
package enum FactStore {
    static func insert(_ facts: [FrozenFact], in tx: any Transaction) throws {
        for frozen in facts {
            let (fact, definition) = (frozen.fact, frozen.fact.definition)
            let (kind, first, second) = stored(fact.value)
            try tx.run(
                """
                INSERT INTO frozen_fact (
                    id, holder, name, title_zh, title_en, unit_zh, unit_en, basis_zh, basis_en, query_zh, query_en,
                    places, period, scope, value_kind, value_first, value_second, measured_at_ms, frozen_at_ms,
                    frozen_by)
                VALUES (
                    \(frozen.id), \(frozen.holder), \(definition.name), \(definition.title.zh), \(definition.title.en),
                    \(definition.unit.zh), \(definition.unit.en), \(definition.basis.zh), \(definition.basis.en),
                    \(definition.query.zh), \(definition.query.en), \(definition.places),
                    \(fact.period.description), \(fact.scope.description), \(kind), \(first), \(second),
                    \(fact.measuredAt), \(frozen.frozenAt), \(frozen.frozenBy))
                """)
        }
    }

    package static func find(_ id: ID<FrozenFact>, in tx: any Transaction) throws -> FrozenFact {
        guard let row = try tx.first("SELECT * FROM frozen_fact WHERE id = \(id)") else {
            throw FactError.frozenNotFound
        }
        return try frozen(row)
    }

    /// What a document cites, in the order it was frozen.
    package static func list(holder: String, in tx: any Transaction) throws -> [FrozenFact] {
        try tx.all("SELECT * FROM frozen_fact WHERE holder = \(holder) ORDER BY id").map(frozen)
    }

    private static func stored(_ value: FactValue) -> (kind: String, first: Int64?, second: Int64?) {
        switch value {
        case .blank: ("blank", nil, nil)
        case .decimal(let number): ("decimal", number.unscaled, Int64(number.scale))
        case .share(let part, let whole): ("share", part, whole)
        }
    }

    private static func frozen(_ row: Row) throws -> FrozenFact {
        func words(_ name: String) throws -> Bilingual {
            Bilingual(zh: try row.get("\(name)_zh"), en: try row.get("\(name)_en"))
        }
        guard let period = Period(reading: try row.get("period") as String),
            let scope = FigureScope(text: try row.get("scope") as String)
        else { throw RowError(column: "period", found: try row.value("period")) }
        let value: FactValue
        switch try row.get("value_kind") as String {
        case "decimal":
            value = .decimal(
                try ExactDecimal(unscaled: try row.get("value_first"), scale: try row.get("value_second")))
        case "share": value = .share(part: try row.get("value_first"), whole: try row.get("value_second"))
        default: value = .blank
        }
        let definition = FactDefinition(
            try row.get("name"), title: try words("title"), unit: try words("unit"), basis: try words("basis"),
            query: try words("query"), places: try row.get("places"), periods: [period.kind], scopes: [scope.kind])
        return FrozenFact(
            id: try row.get("id"),
            fact: Fact(
                definition, period: period, scope: scope, value: value, measuredAt: try row.get("measured_at_ms")),
            holder: try row.get("holder"), frozenAt: try row.get("frozen_at_ms"),
            frozenBy: try row.getOptional("frozen_by"))
    }
}
