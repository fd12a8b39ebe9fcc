package import Core
package import Store

/// Writing cases: the statements behind `Cases`.
package enum CaseFileStore {
    /// A new case with what was made for it.
    struct Opening {
        let new: NewCase
        let number: String
        let deadlineJSON: String?
        let hash: String
    }

    /// Inserts cases, their units and the first entries of their timelines.
    static func insert(_ openings: [Opening], now: Instant, in tx: any Transaction) throws {
        try tx.insert(into: "case_file", columns: fileColumns, rows: openings.lazy.map { fileRow($0, now) })
        try tx.insert(
            into: "case_timeline", columns: CaseTimelineStore.columnNames, rows: openings.lazy.map(timelineRow))
        let units = openings.flatMap { opening in
            opening.new.supportingUnitCodes.map { [opening.new.id.value, $0.value] }
        }
        if !units.isEmpty { try tx.insert(into: "case_unit", columns: ["case_id", "unit_code"], rows: units) }
    }

    package static let fileColumns: [StaticString] = [
        "id", "kind", "number", "title", "state", "is_open", "lead_unit_code", "township_code", "opened_at_ms",
        "due_at_ms", "warn_at_ms", "deadline", "closed_at_ms", "light_floor", "version", "timeline_count",
        "timeline_hash", "updated_at_ms", "notice_at_ms", "red_at_ms",
    ]

    private static func fileRow(_ opening: Opening, _ now: Instant) -> [Value] {
        let new = opening.new
        return [
            new.id.value, .text(new.kind), .text(opening.number), .text(new.title), .text(new.state),
            new.isOpen.value, text(new.leadUnitCode), text(new.townshipCode), new.openedAt.value,
            new.deadline?.dueAt.value ?? .null, (new.pace.map(\.warnAt) ?? new.deadline?.warnAt)?.value ?? .null,
            text(opening.deadlineJSON),
            new.isOpen ? .null : (new.closedAt ?? now).value, .integer(0), .integer(1), .integer(1),
            .text(opening.hash), now.value, new.pace?.noticeAt?.value ?? .null, new.pace?.redAt?.value ?? .null,
        ]
    }

    private static func timelineRow(_ opening: Opening) -> [Value] {
        let new = opening.new
        let who = ActorColumns(new.actor)
        return [
            new.id.value, .integer(1), new.openedAt.value, .text(new.event), .text(new.detail), .null,
            .text(new.state), .text(who.kind), who.personID.map(Value.integer) ?? .null, text(who.unitCode),
            text(who.systemName), .text(opening.hash),
        ]
    }

    private static func text(_ text: String?) -> Value { text.map(Value.text) ?? .null }

    static func replaceSupportingUnits(of id: ID<CaseFile>, by codes: [String], in tx: any Transaction) throws {
        try tx.run("DELETE FROM case_unit WHERE case_id = \(id)")
        for code in codes { try tx.run("INSERT INTO case_unit (case_id, unit_code) VALUES (\(id), \(code))") }
    }

    /// Derived from the domain's own record, which says why: no entry in the timeline, no new version.
    static func setPace(of id: ID<CaseFile>, to pace: Pace, in tx: any Transaction) throws {
        try tx.run(
            """
            UPDATE case_file SET notice_at_ms = \(pace.noticeAt), warn_at_ms = \(pace.warnAt), red_at_ms = \(pace.redAt)
            WHERE id = \(id)
            """)
    }

    static func setTitle(of id: ID<CaseFile>, to title: String, in tx: any Transaction) throws {
        try tx.run("UPDATE case_file SET title = \(title) WHERE id = \(id)")
    }

    // MARK: - What a move sets, for `CaseTimelineStore.advance(_:setting:now:in:)`

    static func stateChange(_ state: String, isOpen: Bool, closedAt: Instant?) -> SQL {
        "state = \(state), is_open = \(isOpen), closed_at_ms = \(closedAt)"
    }
    static func leadChange(_ unitCode: String?) -> SQL { "lead_unit_code = \(unitCode)" }
    static func deadlineChange(_ deadline: Deadline?) throws -> SQL {
        "due_at_ms = \(deadline?.dueAt), warn_at_ms = \(deadline?.warnAt), deadline = \(try deadline?.json())"
    }
    /// What was approved before no longer holds.
    static func floorChange(_ light: Light) -> SQL {
        "light_floor = \(light.judgement ?? 0), light_approved = NULL, light_approved_until_ms = NULL"
    }
    static func approvalChange(_ light: Light, until: Instant) -> SQL {
        "light_floor = 0, light_approved = \(light.judgement ?? 0), light_approved_until_ms = \(until)"
    }

    // MARK: - Removal

    /// Whether anybody but the system has touched each case since it was opened.
    package static func workedOn(_ ids: ArraySlice<ID<CaseFile>>, in tx: any Transaction) throws -> Set<ID<CaseFile>> {
        let rows = try tx.all(
            """
            SELECT DISTINCT case_id FROM case_timeline
            WHERE case_id IN (\(list: ids)) AND sequence > 1 AND actor_kind <> 'system'
            """)
        return Set(try rows.map { try $0.get("case_id") })
    }

    /// Puts up the tombstones of cases, then takes everything of them away. Returns how many cases there were.
    static func remove(
        _ ids: [ID<CaseFile>], reason: String, actor: Actor, now: Instant, in tx: any Transaction
    ) throws -> Int {
        let who = ActorColumns(actor)
        let removed = try tx.run(
            """
            INSERT INTO case_tombstone (case_id, kind, number, timeline_count, timeline_hash, removed_at_ms, reason,
                actor_kind, actor_person_id, actor_unit_code, actor_system)
            SELECT id, kind, number, timeline_count, timeline_hash, CAST(\(now) AS BIGINT), CAST(\(reason) AS TEXT),
                CAST(\(who.kind) AS TEXT), CAST(\(who.personID) AS BIGINT), CAST(\(who.unitCode) AS TEXT),
                CAST(\(who.systemName) AS TEXT)
            FROM case_file WHERE id IN (\(list: ids))
            """)
        try tx.run("DELETE FROM case_attachment WHERE case_id IN (\(list: ids))")
        try tx.run("DELETE FROM case_comment WHERE case_id IN (\(list: ids))")
        try tx.run("DELETE FROM case_link WHERE from_case_id IN (\(list: ids)) OR to_case_id IN (\(list: ids))")
        try tx.run("DELETE FROM case_exclusion WHERE case_id IN (\(list: ids))")
        try tx.run("DELETE FROM case_unit WHERE case_id IN (\(list: ids))")
        try tx.run("DELETE FROM case_timeline WHERE case_id IN (\(list: ids))")
        try tx.run("DELETE FROM case_file WHERE id IN (\(list: ids))")
        return removed
    }

    static func titles(of ids: ArraySlice<ID<CaseFile>>, in tx: any Transaction) throws -> [ID<CaseFile>: String] {
        let rows = try tx.all("SELECT id, title FROM case_file WHERE id IN (\(list: ids))")
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.get("id"), try $0.get("title")) })
    }

    static func kinds(of ids: ArraySlice<ID<CaseFile>>, in tx: any Transaction) throws -> [String] {
        try tx.all("SELECT DISTINCT kind FROM case_file WHERE id IN (\(list: ids))").map { try $0.get("kind") }
    }
}
