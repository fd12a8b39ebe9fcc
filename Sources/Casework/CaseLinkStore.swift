package import Core
package import Store

package enum CaseLinkStore {
    /// Links in both directions, oldest first.
    package static func links(of id: ID<CaseFile>, in tx: any Transaction) throws -> [CaseLink] {
        let rows = try tx.all(
            """
            SELECT case_link.id, case_link.kind, case_link.from_case_id, case_link.at_ms, other.id AS other_id,
                other.kind AS other_kind, other.number AS other_number, other.title AS other_title
            FROM case_link JOIN case_file other ON other.id =
                CASE WHEN case_link.from_case_id = \(id) THEN case_link.to_case_id ELSE case_link.from_case_id END
            WHERE case_link.from_case_id = \(id) OR case_link.to_case_id = \(id)
            ORDER BY case_link.id LIMIT \(CasesLimits.linksMax)
            """)
        return try rows.map { row in
            CaseLink(
                id: try row.get("id"), kind: try row.get("kind"),
                isOutgoing: try row.get("from_case_id") as ID<CaseFile> == id, otherID: try row.get("other_id"),
                otherKind: try row.get("other_kind"), otherNumber: try row.get("other_number"),
                otherTitle: try row.get("other_title"), at: try row.get("at_ms"))
        }
    }

    static func count(of id: ID<CaseFile>, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT count(*) AS n FROM case_link WHERE from_case_id = \(id) OR to_case_id = \(id)")?
            .get("n") ?? 0
    }

    static func exists(
        _ kind: CaseLink.Kind, from: ID<CaseFile>, to: ID<CaseFile>, in tx: any Transaction
    ) throws -> Bool {
        try tx.first(
            """
            SELECT id FROM case_link
            WHERE from_case_id = \(from) AND to_case_id = \(to) AND kind = \(kind.rawValue)
            """) != nil
    }

    static func insert(
        _ id: ID<CaseLink>, _ kind: CaseLink.Kind, from: ID<CaseFile>, to: ID<CaseFile>, at: Instant,
        in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO case_link (id, kind, from_case_id, to_case_id, at_ms)
            VALUES (\(id), \(kind.rawValue), \(from), \(to), \(at))
            """)
    }

    static func delete(_ id: ID<CaseLink>, in tx: any Transaction) throws -> Bool {
        try tx.run("DELETE FROM case_link WHERE id = \(id)") == 1
    }
}
