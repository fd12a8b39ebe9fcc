internal import Casework
package import Core
package import Store

/// The SQL of meetings.
package enum MeetingStore {
    private static let columns: SQL = "id, title, held_day, place, chair, state, minutes, version, is_demo"

    package static func find(_ id: ID<Meeting>, in tx: any Transaction) throws -> Meeting {
        guard let row = try tx.first("SELECT \(columns) FROM group_meeting WHERE id = \(id)") else {
            throw MechanismError.meetingUnknown
        }
        return try Meeting(row)
    }

    /// Newest day first.
    package static func list(in tx: any Transaction) throws -> [Meeting] {
        try tx.all(
            """
            SELECT \(columns) FROM group_meeting ORDER BY held_day DESC, id DESC LIMIT \(MechanismLimits.plansListed)
            """
        ).map(Meeting.init)
    }

    static func insert(_ meeting: Meeting, by person: Int64, at: Instant, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO group_meeting (id, title, held_day, place, chair, state, minutes, version, is_demo, created_by,
                created_at_ms)
            VALUES (\(meeting.id), \(meeting.title), \(meeting.day.number), \(meeting.place), \(meeting.chair),
                'planned', '', 1, \(meeting.isDemo), \(person), \(at))
            """)
    }

    /// Minutes make it a meeting that was held; false when somebody else wrote meanwhile.
    static func hold(_ id: ID<Meeting>, version: Int, minutes: String, in tx: any Transaction) throws -> Bool {
        try tx.run(
            """
            UPDATE group_meeting SET state = 'held', minutes = \(minutes), version = version + 1
            WHERE id = \(id) AND version = \(version)
            """) == 1
    }

    package static func items(of id: ID<Meeting>, in tx: any Transaction) throws -> [AgendaItem] {
        try tx.all(
            """
            SELECT id, kind, title, task_id FROM meeting_item WHERE meeting_id = \(id) ORDER BY position, id
            LIMIT \(MechanismLimits.agendaItemsMax)
            """
        ).map { row in
            let task: Int64? = try row.getOptional("task_id")
            return AgendaItem(
                id: try row.get("id"), kind: try row.get("kind"), title: try row.get("title"),
                taskID: task.map { ID($0) })
        }
    }

    static func insert(_ item: AgendaItem, position: Int, of id: ID<Meeting>, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO meeting_item (id, meeting_id, position, kind, title, task_id)
            VALUES (\(item.id), \(id), \(position), \(item.kind.rawValue), \(item.title), \(item.taskID))
            """)
    }

    static func remove(_ item: ID<AgendaItem>, of id: ID<Meeting>, in tx: any Transaction) throws {
        try tx.run("DELETE FROM meeting_item WHERE id = \(item) AND meeting_id = \(id)")
    }

    package static func decisions(of id: ID<Meeting>, in tx: any Transaction) throws -> [MeetingDecision] {
        try tx.all(
            """
            SELECT text, task_id, at_ms FROM meeting_decision WHERE meeting_id = \(id) ORDER BY id
            LIMIT \(MechanismLimits.decisionsPerMeetingMax)
            """
        ).map { MeetingDecision(text: try $0.get("text"), taskID: try $0.get("task_id"), at: try $0.get("at_ms")) }
    }

    static func insert(
        _ decision: MeetingDecision, id: Int64, of meeting: ID<Meeting>, in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO meeting_decision (id, meeting_id, text, task_id, at_ms)
            VALUES (\(id), \(meeting), \(decision.text), \(decision.taskID), \(decision.at))
            """)
    }

    /// Open tasks that earlier meetings decided on, for the next to ask after.
    static func openDecisions(before day: Day, in tx: any Transaction) throws -> [(task: ID<CaseFile>, title: String)] {
        try tx.all(
            """
            SELECT case_file.id AS id, case_file.title AS title
            FROM meeting_decision d JOIN group_meeting m ON m.id = d.meeting_id
                JOIN case_file ON case_file.id = d.task_id
            WHERE m.held_day < \(day.number) AND case_file.is_open = 1 ORDER BY d.id
            LIMIT \(MechanismLimits.agendaItemsMax)
            """
        ).map { (try $0.get("id"), try $0.get("title")) }
    }
}

extension Meeting {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), title: try row.get("title"), day: Day(number: try row.get("held_day")),
            place: try row.get("place"), chair: try row.get("chair"),
            isHeld: try row.get("state") as String == "held", minutes: try row.get("minutes"),
            version: try row.get("version"), isDemo: try row.get("is_demo"))
    }
}
