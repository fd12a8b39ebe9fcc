package import Core
package import Store

/// One enterprise's tax in a period: with exactly one primary industry, so that nothing is counted twice.
package struct EnterpriseTax: Sendable, Equatable {
    package let id: Int64
    package let basis: String
    package let period: Period
    package let code: String
    package let name: String
    /// A key industry's code, or `other`.
    package let industry: String
    package let taxFen: Int64
    package let revision: Int
    package let isDemo: Bool

    package static let other = "other"

    package init(
        id: Int64, basis: String, period: Period, code: String, name: String, industry: String, taxFen: Int64,
        revision: Int = 1, isDemo: Bool = false
    ) {
        self.id = id
        self.basis = basis
        self.period = period
        self.code = code
        self.name = name
        self.industry = industry
        self.taxFen = taxFen
        self.revision = revision
        self.isDemo = isDemo
    }
}

/// The SQL of enterprises' tax.
package enum EnterpriseTaxStore {
    /// The current rows of a period, by credit code.
    package static func byCode(
        _ basis: String, _ period: Period, in tx: any Transaction
    ) throws -> [String: EnterpriseTax] {
        var found: [String: EnterpriseTax] = [:]
        try tx.forEach(
            """
            SELECT * FROM enterprise_tax
            WHERE basis = \(basis) AND period = \(period.description) AND is_current = 1
            """
        ) { row in
            let one = try tax(row)
            found[one.code] = one
            return true
        }
        return found
    }

    /// The enterprises of an industry in either of two periods.
    package static func movers(
        _ basis: String, industry: String, from before: Period, to now: Period, in tx: any Transaction
    ) throws -> [ShareDecomposition.Enterprise] {
        var found: [String: (name: String, before: Int64?, now: Int64?)] = [:]
        for period in [before, now] {
            try tx.forEach(
                """
                SELECT credit_code, name, tax_fen FROM enterprise_tax
                WHERE basis = \(basis) AND period = \(period.description) AND industry_code = \(industry)
                AND is_current = 1
                """
            ) { row in
                let code: String = try row.get("credit_code")
                var one = found[code] ?? ("", nil, nil)
                one.name = try row.get("name")
                if period == before { one.before = try row.get("tax_fen") } else { one.now = try row.get("tax_fen") }
                found[code] = one
                return true
            }
        }
        return found.map { .init(code: $0.key, name: $0.value.name, before: $0.value.before, now: $0.value.now) }
    }

    /// The periods that have rows, in order.
    package static func periods(_ basis: String, in tx: any Transaction) throws -> [Period] {
        try tx.all(
            "SELECT DISTINCT period FROM enterprise_tax WHERE basis = \(basis) AND is_current = 1 ORDER BY period"
        )
        .compactMap { Period(reading: try $0.get("period") as String) }
    }

    package static func insert(
        _ rows: [EnterpriseTax], importID: Int64?, by personID: Int64?, now: Instant, in tx: any Transaction
    ) throws {
        try tx.insert(
            into: "enterprise_tax",
            columns: [
                "id", "basis", "period", "credit_code", "name", "industry_code", "tax_fen", "revision", "is_current",
                "import_id", "entered_by", "entered_at_ms", "is_demo",
            ],
            rows: rows.map { one in
                [
                    one.id.value, one.basis.value, one.period.description.value, one.code.value, one.name.value,
                    one.industry.value, one.taxFen.value, one.revision.value, true.value, importID?.value ?? .null,
                    personID?.value ?? .null, now.value, one.isDemo.value,
                ]
            })
    }

    /// Makes room for a correction; the old row stays.
    static func supersede(_ id: Int64, in tx: any Transaction) throws -> Bool {
        try tx.run("UPDATE enterprise_tax SET is_current = 0 WHERE id = \(id) AND is_current = 1") == 1
    }

    private static func tax(_ row: Row) throws -> EnterpriseTax {
        guard let period = Period(reading: try row.get("period") as String) else {
            throw RowError(column: "period", found: try row.value("period"))
        }
        return EnterpriseTax(
            id: try row.get("id"), basis: try row.get("basis"), period: period, code: try row.get("credit_code"),
            name: try row.get("name"), industry: try row.get("industry_code"), taxFen: try row.get("tax_fen"),
            revision: try row.get("revision"), isDemo: try row.get("is_demo"))
    }
}
