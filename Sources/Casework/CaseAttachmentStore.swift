package import Core
package import Store

package enum CaseAttachmentStore {
    /// Oldest first, without what was taken off.
    package static func attachments(of id: ID<CaseFile>, in tx: any Transaction) throws -> [CaseAttachment] {
        try tx.all(
            """
            SELECT \(columns) FROM case_attachment WHERE case_id = \(id) AND removed_at_ms IS NULL
            ORDER BY id LIMIT \(CasesLimits.attachmentsMax)
            """
        ).map(CaseAttachment.init)
    }

    package static func find(_ id: ID<CaseAttachment>, in tx: any Transaction) throws -> CaseAttachment? {
        try tx.first("SELECT \(columns) FROM case_attachment WHERE id = \(id) AND removed_at_ms IS NULL")
            .map(CaseAttachment.init)
    }

    static func insert(_ attachment: CaseAttachment, in tx: any Transaction) throws {
        let who = ActorColumns(attachment.actor)
        try tx.run(
            """
            INSERT INTO case_attachment (\(columns))
            VALUES (\(attachment.id), \(attachment.caseID), \(attachment.digest), \(attachment.name),
                \(attachment.contentType), \(attachment.bytes), \(attachment.at), \(who.kind), \(who.personID),
                \(who.unitCode), \(who.systemName))
            """)
    }

    static func markRemoved(_ id: ID<CaseAttachment>, at: Instant, in tx: any Transaction) throws -> Bool {
        try tx.run("UPDATE case_attachment SET removed_at_ms = \(at) WHERE id = \(id) AND removed_at_ms IS NULL") == 1
    }

    /// Which of these contents some attachment still has.
    static func referenced(among digests: some Sequence<String>, in tx: any Transaction) throws -> Set<String> {
        let rows = try tx.all(
            """
            SELECT DISTINCT digest FROM case_attachment
            WHERE digest IN (\(list: Array(digests))) AND removed_at_ms IS NULL
            """)
        return Set(try rows.map { try $0.get("digest") })
    }

    /// Every content that some attachment has, for a check of the folder.
    package static func forEachDigest(
        in tx: any Transaction, _ body: (String) throws -> Bool
    ) throws {
        try tx.forEach("SELECT DISTINCT digest FROM case_attachment WHERE removed_at_ms IS NULL ORDER BY digest") {
            try body(try $0.get("digest"))
        }
    }

    private static let columns: SQL = """
        id, case_id, digest, name, content_type, bytes, at_ms, actor_kind, actor_person_id, actor_unit_code,
        actor_system
        """
}

extension CaseAttachment {
    init(_ row: Row) throws {
        let columns = ActorColumns(
            kind: try row.get("actor_kind"), personID: try row.getOptional("actor_person_id"),
            unitCode: try row.getOptional("actor_unit_code"), systemName: try row.getOptional("actor_system"))
        guard let actor = columns.actor else { throw StoreError.defect("an attachment names no actor") }
        self.init(
            id: try row.get("id"), caseID: try row.get("case_id"), digest: try row.get("digest"),
            name: try row.get("name"), contentType: try row.get("content_type"), bytes: try row.get("bytes"),
            at: try row.get("at_ms"), actor: actor)
    }
}
