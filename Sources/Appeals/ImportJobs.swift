internal import Core
internal import Foundation
package import Store

/// Imports an uploaded file. A process that dies half-way leaves the job, and the next one goes on with it.
package struct ImportAppealsJob: JobHandler {
    package static let kind = "import-appeals"
    package var kind: String { Self.kind }
    private let importAppeals: ImportAppeals
    private let folder: URL

    /// - Parameter folder: where uploads wait; a file of it is removed once it is imported.
    init(importAppeals: ImportAppeals, folder: URL) {
        self.importAppeals = importAppeals
        self.folder = folder
    }

    package func run(_ job: Job, progress: JobProgress) async throws {
        let id = try ImportPayload(job).id
        do {
            let record = try await importAppeals.run(id) { now in
                let rows = Int64(now.record.tally.rows)
                let share = max(1, now.record.bytesDone)
                let total = rows * Int64(max(now.record.bytesTotal, share)) / Int64(share)
                try await progress.report(done: rows, total: total, note: String(now.speed.rowsPerSecond))
            }
            UploadedFiles(folder: folder).remove(record.filePath)
        } catch let error where error is any Problem {
            // It is in the import's record, and trying again would not mend it.
            return
        }
    }

    static func enqueue(
        _ record: ImportRecord, surroundings: Surroundings, in tx: any Transaction
    ) throws -> ID<Job> {
        try JobQueue.enqueue(
            kind: kind, payload: ImportPayload(id: record.id).text, key: "\(kind)-\(record.id)",
            createdBy: record.createdBy, surroundings: surroundings, in: tx)
    }
}

/// Takes an import back.
package struct UndoImportJob: JobHandler {
    package static let kind = "undo-import"
    package var kind: String { Self.kind }
    private let undo: UndoImport

    init(undo: UndoImport) { self.undo = undo }

    package func run(_ job: Job, progress: JobProgress) async throws {
        let id = try ImportPayload(job).id
        do {
            _ = try await undo.run(id, actor: ImportWriting.actor) { done in
                try await progress.report(done: Int64(done), total: 0)
            }
        } catch let error where error is any Problem {
            return
        }
    }

    static func enqueue(
        _ record: ImportRecord, by person: Int64, surroundings: Surroundings, in tx: any Transaction
    ) throws -> ID<Job> {
        try JobQueue.enqueue(
            kind: kind, payload: ImportPayload(id: record.id).text, key: "\(kind)-\(record.id)", createdBy: person,
            surroundings: surroundings, in: tx)
    }
}

/// Which import a job is about.
private struct ImportPayload: Codable {
    let importID: Int64
    var id: ID<ImportRecord> { ID(importID) }

    init(id: ID<ImportRecord>) { importID = id.rawValue }
    init(_ job: Job) throws { self = try JSONDecoder().decode(Self.self, from: Data(job.payload.utf8)) }

    var text: String { "{\"importID\":\(importID)}" }
}

/// The folder where uploads wait until they are imported.
struct UploadedFiles: Sendable {
    let folder: URL

    /// Makes the folder, and clears away what nobody has gone on with for long.
    func prepare(now: Instant) throws {
        let files = FileManager.default
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        let limit = now.adding(days: -ImportLimits.uploadKeptDays).millisecondsSince1970
        for file in try files.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.contentModificationDateKey])
        {
            let changed = try file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
            if let changed, Int64(changed.timeIntervalSince1970 * 1_000) < limit { remove(file.path) }
        }
    }

    /// A second name of a file, for another import of it; either can be removed without the other.
    func copy(_ path: String) throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let ending = URL(fileURLWithPath: path).pathExtension
        let copy = folder.appendingPathComponent(UUID().uuidString + (ending.isEmpty ? "" : "." + ending))
        do {
            try FileManager.default.linkItem(atPath: path, toPath: copy.path)
        } catch {
            try FileManager.default.copyItem(atPath: path, toPath: copy.path)
        }
        return copy.path
    }

    /// Removes a file of the folder; files that lie elsewhere belong to somebody.
    func remove(_ path: String) {
        let file = URL(fileURLWithPath: path).standardizedFileURL
        guard file.deletingLastPathComponent().path == folder.standardizedFileURL.path else { return }
        try? FileManager.default.removeItem(at: file)
    }
}
