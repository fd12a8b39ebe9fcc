package import Core
package import Store
package import Web

package struct PersonFilter: Sendable, Equatable {
    package enum Order: String, Sendable, CaseIterable { case name, signInName, unit, signedIn, created }
    package var search = ""
    package var roles: [Role] = []
    package var unitCodes: [String] = []
    package var isEnabled: Bool?
    package var order = Order.name
    package var isDescending = false

    package init() {}
}

package enum PersonStore {
    package static func find(_ id: ID<Person>, in tx: any Transaction) throws -> Person? {
        try people("WHERE p.id = \(id)", in: tx).first
    }

    package static func find(signInName: String, in tx: any Transaction) throws -> Person? {
        try people("WHERE p.sign_in_name = \(signInName)", in: tx).first
    }

    package static func list(
        _ filter: PersonFilter, limit: Int, offset: Int, in tx: any Transaction
    ) throws -> [Person] {
        try people("\(condition(filter)) ORDER BY \(order(filter)) LIMIT \(limit) OFFSET \(offset)", in: tx)
    }

    package static func count(_ filter: PersonFilter, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS total FROM person p \(condition(filter))")?.get("total") ?? 0
    }

    package static func isEmpty(in tx: any Transaction) throws -> Bool {
        try tx.first("SELECT id FROM person LIMIT 1") == nil
    }

    /// Names by id, for lists that show who did something.
    package static func names(of ids: some Sequence<Int64>, in tx: any Transaction) throws -> [Int64: String] {
        let ids = Set(ids).sorted()
        guard !ids.isEmpty else { return [:] }
        let rows = try tx.all("SELECT id, name FROM person WHERE id IN (\(list: ids))")
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.get("id"), try $0.get("name")) })
    }

    /// How many enabled people of each unit there are.
    package static func countsByUnit(in tx: any Transaction) throws -> [String: Int] {
        let rows = try tx.all(
            """
            SELECT unit_code, COUNT(*) AS total FROM person
            WHERE is_enabled = 1 AND unit_code IS NOT NULL GROUP BY unit_code
            """)
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.get("unit_code"), try $0.get("total")) })
    }

    /// Enabled people with a role who can sign in.
    static func countEnabled(_ role: Role, in tx: any Transaction) throws -> Int {
        let row = try tx.first(
            """
            SELECT COUNT(*) AS total FROM person p JOIN person_role r ON r.person_id = p.id
            WHERE r.role = \(role.rawValue) AND p.is_enabled = 1
            """)
        return try row?.get("total") ?? 0
    }

    static func insert(_ draft: PersonDraft, id: ID<Person>, at now: Instant, by actor: Int64?, in tx: any Transaction)
        throws
    {
        try tx.run(
            """
            INSERT INTO person (id, sign_in_name, name, unit_code, is_enabled, version, created_at_ms, updated_at_ms)
            VALUES (\(id), \(draft.signInName), \(draft.name), \(draft.unitCode), 1, 1, \(now), \(now))
            """)
        try insertRoles(draft.roles, of: id, at: now, by: actor, in: tx)
    }

    /// False when somebody else changed the person since `version` was read.
    static func update(
        _ draft: PersonDraft, id: ID<Person>, version: Int, at now: Instant, in tx: any Transaction
    ) throws -> Bool {
        let changed = try tx.run(
            """
            UPDATE person SET sign_in_name = \(draft.signInName), name = \(draft.name), unit_code = \(draft.unitCode),
                version = version + 1, updated_at_ms = \(now)
            WHERE id = \(id) AND version = \(version)
            """)
        return changed == 1
    }

    static func replaceRoles(
        _ roles: Set<Role>, of id: ID<Person>, at now: Instant, by actor: Int64?, in tx: any Transaction
    ) throws {
        try tx.run(
            "DELETE FROM person_role WHERE person_id = \(id) AND role NOT IN (\(list: roles.map(\.rawValue).sorted()))")
        let kept = Set(try self.roles(of: [id], in: tx)[id] ?? [])
        try insertRoles(roles.subtracting(kept), of: id, at: now, by: actor, in: tx)
    }

    static func setEnabled(
        _ isEnabled: Bool, id: ID<Person>, version: Int, at now: Instant, in tx: any Transaction
    ) throws -> Bool {
        let changed = try tx.run(
            """
            UPDATE person SET is_enabled = \(isEnabled), version = version + 1, updated_at_ms = \(now)
            WHERE id = \(id) AND version = \(version)
            """)
        return changed == 1
    }

    static func setSignedIn(_ id: ID<Person>, at now: Instant, in tx: any Transaction) throws {
        try tx.run("UPDATE person SET signed_in_at_ms = \(now) WHERE id = \(id)")
    }

    private static func insertRoles(
        _ roles: Set<Role>, of id: ID<Person>, at now: Instant, by actor: Int64?, in tx: any Transaction
    ) throws {
        for role in roles.sorted() {
            try tx.run(
                """
                INSERT INTO person_role (person_id, role, granted_at_ms, granted_by)
                VALUES (\(id), \(role.rawValue), \(now), \(actor))
                """)
        }
    }

    private static func people(_ rest: SQL, in tx: any Transaction) throws -> [Person] {
        let rows = try tx.all(
            """
            SELECT p.id, p.sign_in_name, p.name, p.unit_code, p.is_enabled, p.version, p.created_at_ms,
                p.signed_in_at_ms, c.person_id AS credential, f.person_id AS factor
            FROM person p
            LEFT JOIN credential c ON c.person_id = p.id
            LEFT JOIN second_factor f ON f.person_id = p.id AND f.is_confirmed = 1
            \(rest)
            """)
        let roles = try roles(of: rows.map { try $0.get("id") }, in: tx)
        return try rows.map { row in
            let id: ID<Person> = try row.get("id")
            return Person(
                id: id, signInName: try row.get("sign_in_name"), name: try row.get("name"),
                unitCode: try row.getOptional("unit_code"), roles: Set(roles[id] ?? []),
                isEnabled: try row.get("is_enabled"), version: try row.get("version"),
                createdAt: try row.get("created_at_ms"), signedInAt: try row.getOptional("signed_in_at_ms"),
                hasPassword: try row.getOptional("credential") as Int64? != nil,
                hasSecondFactor: try row.getOptional("factor") as Int64? != nil)
        }
    }

    private static func roles(of ids: [ID<Person>], in tx: any Transaction) throws -> [ID<Person>: [Role]] {
        var roles: [ID<Person>: [Role]] = [:]
        for row in try tx.all("SELECT person_id, role FROM person_role WHERE person_id IN (\(list: ids))") {
            // A role of a later release is unknown here and opens nothing.
            if let role = Role(rawValue: try row.get("role")) {
                roles[try row.get("person_id"), default: []].append(role)
            }
        }
        return roles
    }

    private static func condition(_ filter: PersonFilter) -> SQL {
        var conditions: [SQL] = []
        if !filter.search.isEmpty {
            let pattern = LikePattern.containing(filter.search)
            conditions.append(
                "(LOWER(p.name) LIKE \(pattern) ESCAPE '~' OR LOWER(p.sign_in_name) LIKE \(pattern) ESCAPE '~')")
        }
        if !filter.roles.isEmpty {
            conditions.append(
                """
                EXISTS (SELECT 1 FROM person_role r
                WHERE r.person_id = p.id AND r.role IN (\(list: filter.roles.map(\.rawValue))))
                """)
        }
        if !filter.unitCodes.isEmpty { conditions.append("p.unit_code IN (\(list: filter.unitCodes))") }
        if let isEnabled = filter.isEnabled { conditions.append("p.is_enabled = \(isEnabled)") }
        return .whereAll(conditions)
    }

    private static func order(_ filter: PersonFilter) -> SQL {
        let direction: SQL = filter.isDescending ? "DESC" : "ASC"
        let column: SQL =
            switch filter.order {
            case .name: "p.name"
            case .signInName: "p.sign_in_name"
            case .unit: "COALESCE(p.unit_code, '')"
            case .signedIn: "COALESCE(p.signed_in_at_ms, 0)"
            case .created: "p.created_at_ms"
            }
        return "\(column) \(direction), p.id"
    }
}
