package import Core
package import Store

package enum CaseCommentStore {
    /// Each comment in its newest version, oldest comment first.
    package static func comments(of id: ID<CaseFile>, in tx: any Transaction) throws -> [CaseComment] {
        try tx.all("\(newest) WHERE c.case_id = \(id) AND \(isNewest) ORDER BY c.id LIMIT \(CasesLimits.commentsMax)")
            .map(CaseComment.init)
    }

    package static func find(_ id: ID<CaseComment>, in tx: any Transaction) throws -> CaseComment? {
        try tx.first("\(newest) WHERE c.id = \(id) AND \(isNewest)").map(CaseComment.init)
    }

    /// What a comment said before, oldest version first, without the newest.
    package static func earlierVersions(
        of id: ID<CaseFile>, in tx: any Transaction
    ) throws -> [ID<CaseComment>: [(at: Instant, body: String)]] {
        let rows = try tx.all(
            """
            SELECT c.id, c.body, c.at_ms FROM case_comment c
            WHERE c.case_id = \(id) AND NOT (\(isNewest)) ORDER BY c.id, c.version
            LIMIT \(CasesLimits.commentsMax * CasesLimits.commentVersionsMax)
            """)
        var versions: [ID<CaseComment>: [(at: Instant, body: String)]] = [:]
        for row in rows { versions[try row.get("id"), default: []].append((try row.get("at_ms"), try row.get("body"))) }
        return versions
    }

    static func count(of id: ID<CaseFile>, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT count(DISTINCT id) AS n FROM case_comment WHERE case_id = \(id)")?.get("n") ?? 0
    }

    static func insert(
        _ id: ID<CaseComment>, version: Int, of caseID: ID<CaseFile>, _ body: String, author: Int64,
        unitCode: String?, at: Instant, in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO case_comment (id, version, case_id, body, at_ms, author_person_id, author_unit_code)
            VALUES (\(id), \(version), \(caseID), \(body), \(at), \(author), \(unitCode))
            """)
    }

    private static let newest: SQL = """
        SELECT c.id, c.version, c.case_id, c.body, c.at_ms, c.author_person_id, c.author_unit_code,
            first_version.at_ms AS written_at_ms
        FROM case_comment c JOIN case_comment first_version ON first_version.id = c.id AND first_version.version = 1
        """
    private static let isNewest: SQL =
        "c.version = (SELECT max(version) FROM case_comment latest WHERE latest.id = c.id)"
}

extension CaseComment {
    init(_ row: Row) throws {
        let version: Int = try row.get("version")
        self.init(
            id: try row.get("id"), caseID: try row.get("case_id"), version: version, body: try row.get("body"),
            author: .person(id: try row.get("author_person_id"), unitCode: try row.getOptional("author_unit_code")),
            writtenAt: try row.get("written_at_ms"), editedAt: version == 1 ? nil : try row.get("at_ms"))
    }
}
