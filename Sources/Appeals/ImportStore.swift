package import Core
internal import Foundation
package import Store

/// The SQL of imports: their records, refused rows and remembered layouts.
package enum ImportStore {
    package static func find(_ id: ID<ImportRecord>, in tx: any Transaction) throws -> ImportRecord {
        guard let row = try tx.first("SELECT * FROM appeal_import WHERE id = \(id)") else {
            throw AppealError.importNotFound
        }
        return try ImportRecord(row)
    }

    /// Newest first.
    package static func list(
        states: [ImportState] = [], limit: Int, offset: Int = 0, in tx: any Transaction
    ) throws -> [ImportRecord] {
        try tx.all(
            """
            SELECT * FROM appeal_import \(condition(states))
            ORDER BY created_at_ms DESC, id DESC LIMIT \(limit) OFFSET \(offset)
            """
        ).map(ImportRecord.init)
    }

    package static func count(states: [ImportState] = [], in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM appeal_import \(condition(states))")?.get("n") ?? 0
    }

    private static func condition(_ states: [ImportState]) -> SQL {
        .whereAll(states.isEmpty ? [] : ["state IN (\(list: states.map(\.rawValue)))"])
    }

    /// Whether another import of the same source is about to write, or writing.
    static func isUnderWay(
        source: String, besides id: ID<ImportRecord>, in tx: any Transaction
    ) throws -> Bool {
        try tx.first(
            """
            SELECT id FROM appeal_import
            WHERE state IN ('queued', 'running', 'undoing') AND source = \(source) AND id <> \(id) LIMIT 1
            """) != nil
    }

    /// The latest import of this very file that was cut off or cancelled.
    static func unfinished(checksum: String, source: String, in tx: any Transaction) throws -> ImportRecord? {
        try tx.first(
            """
            SELECT * FROM appeal_import WHERE file_checksum = \(checksum) AND source = \(source)
                AND (state IN ('running', 'cancelled') OR state = 'failed' AND failure_zh = '') ORDER BY id DESC LIMIT 1
            """
        ).map(ImportRecord.init)
    }

    static func insert(_ record: ImportRecord, in tx: any Transaction) throws {
        try tx.run(
            """
            INSERT INTO appeal_import (id, source, file_name, file_path, file_checksum, sheet, headers, mapping, datum,
                state, job_id, row_number, bytes_done, bytes_total, accepted, updated, unchanged,
                rejected, warned, kept, failure_zh,
                failure_en, created_by, created_at_ms, started_at_ms, finished_at_ms)
            VALUES (\(record.id), \(record.source), \(record.fileName), \(record.filePath), \(record.fileChecksum),
                \(record.sheet), \(try json(record.headers)), \(try json(record.names)),
                \(record.datum?.rawValue), \(record.state.rawValue), \(record.jobID),
                \(record.rowNumber), \(record.bytesDone), \(record.bytesTotal), 0, 0, 0, 0, 0, 0, '', '',
                \(record.createdBy), \(record.createdAt), \(record.startedAt), \(record.finishedAt))
            """)
    }

    /// False when it is a draft no more.
    static func deleteDraft(_ id: ID<ImportRecord>, in tx: any Transaction) throws -> Bool {
        try tx.run("DELETE FROM appeal_import WHERE id = \(id) AND state = 'draft'") == 1
    }

    /// Writes the record if it is still in one of `states`; false when somebody else has moved it.
    static func save(_ record: ImportRecord, ifIn states: [ImportState], in tx: any Transaction) throws -> Bool {
        try tx.run("\(try assignments(record)) WHERE id = \(record.id) AND state IN (\(list: states.map(\.rawValue)))")
            == 1
    }

    /// Writes the record after a batch, if no other run has taken a batch since `rowNumber`.
    static func advance(_ record: ImportRecord, from rowNumber: Int, in tx: any Transaction) throws -> Bool {
        try tx.run(
            """
            \(try assignments(record))
            WHERE id = \(record.id) AND state = 'running' AND row_number = \(rowNumber)
            """) == 1
    }

    private static func assignments(_ record: ImportRecord) throws -> SQL {
        let tally = record.tally
        return """
            UPDATE appeal_import SET source = \(record.source), mapping = \(try json(record.names)),
                datum = \(record.datum?.rawValue), state = \(record.state.rawValue), job_id = \(record.jobID),
                row_number = \(record.rowNumber),
                bytes_done = \(record.bytesDone), accepted = \(tally.accepted), updated = \(tally.updated),
                unchanged = \(tally.unchanged), rejected = \(tally.rejected), warned = \(tally.warned),
                kept = \(record.kept), failure_zh = \(record.failure?.zh ?? ""),
                failure_en = \(record.failure?.en ?? ""), started_at_ms = \(record.startedAt),
                finished_at_ms = \(record.finishedAt)
            """
    }

    // MARK: - Refused rows

    package struct Reject: Sendable, Equatable {
        package let rowNumber: Int
        package let column: String
        package let reason: ImportReason
        package let cells: [String]
    }

    static func insertRejects(
        _ rejects: [Reject], of id: ID<ImportRecord>, isWarning: Bool, in tx: any Transaction
    ) throws {
        guard !rejects.isEmpty else { return }
        try tx.insert(
            into: "appeal_import_reject",
            columns: ["import_id", "row_number", "is_warning", "column_name", "reason", "cells"],
            rows: try rejects.map { reject in
                [
                    id.value, reject.rowNumber.value, isWarning.value, .text(reject.column),
                    .text(reject.reason.rawValue), .text(try json(reject.cells)),
                ]
            })
    }

    /// Refused rows, or warnings, in the order of the file.
    package static func forEachReject(
        of id: ID<ImportRecord>, isWarning: Bool, limit: Int, in tx: any Transaction, _ body: (Reject) throws -> Bool
    ) throws {
        try tx.forEach(
            """
            SELECT row_number, column_name, reason, cells FROM appeal_import_reject
            WHERE import_id = \(id) AND is_warning = \(isWarning) ORDER BY row_number LIMIT \(limit)
            """
        ) { row in
            try body(
                Reject(
                    rowNumber: try row.get("row_number"), column: try row.get("column_name"),
                    reason: try row.get("reason"),
                    cells: try JSONDecoder().decode([String].self, from: Data((try row.get("cells") as String).utf8))))
        }
    }

    package static func rejects(
        of id: ID<ImportRecord>, isWarning: Bool, limit: Int, in tx: any Transaction
    ) throws -> [Reject] {
        var rejects: [Reject] = []
        try forEachReject(of: id, isWarning: isWarning, limit: limit, in: tx) {
            rejects.append($0); return true
        }
        return rejects
    }

    /// How often each reason occurs, the most frequent first.
    package static func reasons(
        of id: ID<ImportRecord>, isWarning: Bool, in tx: any Transaction
    ) throws -> [(reason: ImportReason, rows: Int)] {
        try tx.all(
            """
            SELECT reason, COUNT(*) AS n FROM appeal_import_reject
            WHERE import_id = \(id) AND is_warning = \(isWarning) GROUP BY reason ORDER BY COUNT(*) DESC, reason
            """
        ).map { (try $0.get("reason"), try $0.get("n")) }
    }

    static func deleteRejects(of id: ID<ImportRecord>, in tx: any Transaction) throws {
        try tx.run("DELETE FROM appeal_import_reject WHERE import_id = \(id)")
    }

    // MARK: - Layouts

    static func layout(_ fingerprint: String, in tx: any Transaction) throws
        -> (source: String, names: [String: String], datum: Datum?)?
    {
        try tx.first("SELECT source, mapping, datum FROM appeal_import_layout WHERE fingerprint = \(fingerprint)").map {
            (try $0.get("source"), try names(try $0.get("mapping")), try datum($0))
        }
    }

    static func remember(
        _ fingerprint: String, source: String, names: [String: String], datum: Datum?, now: Instant,
        in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO appeal_import_layout (fingerprint, source, mapping, datum, updated_at_ms)
            VALUES (\(fingerprint), \(source), \(try json(names)), \(datum?.rawValue), \(now))
            ON CONFLICT (fingerprint) DO UPDATE SET source = excluded.source, mapping = excluded.mapping,
                datum = excluded.datum, updated_at_ms = excluded.updated_at_ms
            """)
    }

    fileprivate static func datum(_ row: Row) throws -> Datum? {
        try (row.getOptional("datum") as String?).flatMap(Datum.init)
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func headers(_ json: String) throws -> [String] {
        try JSONDecoder().decode([String].self, from: Data(json.utf8))
    }

    static func names(_ json: String) throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
    }
}

extension ImportRecord {
    init(_ row: Row) throws {
        var tally = ImportTally()
        tally.accepted = try row.get("accepted")
        tally.updated = try row.get("updated")
        tally.unchanged = try row.get("unchanged")
        tally.rejected = try row.get("rejected")
        tally.warned = try row.get("warned")
        let failure = Bilingual(zh: try row.get("failure_zh"), en: try row.get("failure_en"))
        self.init(
            id: try row.get("id"), source: try row.get("source"), fileName: try row.get("file_name"),
            filePath: try row.get("file_path"), fileChecksum: try row.get("file_checksum"),
            sheet: try row.getOptional("sheet"), headers: try ImportStore.headers(try row.get("headers")),
            names: try ImportStore.names(try row.get("mapping")), datum: try ImportStore.datum(row),
            state: try row.get("state"), jobID: try row.getOptional("job_id"), rowNumber: try row.get("row_number"),
            bytesDone: try row.get("bytes_done"), bytesTotal: try row.get("bytes_total"), tally: tally,
            kept: try row.get("kept"), failure: failure.zh.isEmpty ? nil : failure,
            createdBy: try row.getOptional("created_by"), createdAt: try row.get("created_at_ms"),
            startedAt: try row.getOptional("started_at_ms"), finishedAt: try row.getOptional("finished_at_ms"))
    }
}
