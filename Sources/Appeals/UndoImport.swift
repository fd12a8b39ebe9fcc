package import Casework
package import Core
package import Store

/// Takes a whole import back: appeals it brought go, appeals it changed say again what they said.
///
/// What somebody has worked on since stays, and is counted. Goes on where it was cut off.
package struct UndoImport: Sendable {
    private let database: any Database
    private let cases: Cases
    private let surroundings: Surroundings

    package init(database: any Database, cases: Cases, surroundings: Surroundings) {
        self.database = database
        self.cases = cases
        self.surroundings = surroundings
    }

    /// Marks the import as being undone; `body` may queue the job that does it.
    package func begin(
        _ id: ID<ImportRecord>,
        then body: @escaping @Sendable (ImportRecord, any Transaction) throws -> ID<Job>? = { _, _ in nil }
    ) async throws -> ImportRecord {
        try await database.write { tx in
            var record = try ImportStore.find(id, in: tx)
            let before = record.state
            guard before.canUndo else { throw AppealError.importNotReady(before) }
            if let later = try AppealStore.laterImport(than: id, in: tx) { throw AppealError.undoLaterFirst(later) }
            record.state = .undoing
            record.jobID = try body(record, tx)
            guard try ImportStore.save(record, ifIn: [before], in: tx) else {
                throw AppealError.importNotReady(before)
            }
            return record
        }
    }

    /// - Parameter report: called after each batch with the appeals dealt with.
    package func run(
        _ id: ID<ImportRecord>, actor: Actor, report: @Sendable (_ done: Int) async throws -> Void = { _ in }
    ) async throws -> ImportRecord {
        let found = try await database.read { try ImportStore.find(id, in: $0) }
        guard found.state == .undoing else { throw AppealError.importNotReady(found.state) }
        var done = 0
        while case let restored = try await restoreSome(found, actor: actor), restored > 0 {
            done += restored
            try await report(done)
        }
        var kept = 0
        var last: Int64 = 0
        while case let part = try await removeSome(found, after: last, actor: actor), let end = part.last {
            last = end
            kept += part.kept
            done += part.count
            try await report(done)
        }
        let (total, surroundings) = (kept, surroundings)
        return try await database.write { tx in
            var record = try ImportStore.find(id, in: tx)
            record.state = .undone
            record.kept = total
            record.finishedAt = surroundings.now()
            guard try ImportStore.save(record, ifIn: [.undoing], in: tx) else {
                throw AppealError.importNotReady(record.state)
            }
            try ImportStore.deleteRejects(of: id, in: tx)
            try MineProblemsJob.enqueue(createdBy: record.createdBy, surroundings: surroundings, in: tx)
            return record
        }
    }

    private func restoreSome(_ record: ImportRecord, actor: Actor) async throws -> Int {
        let (cases, now) = (cases, surroundings.now())
        return try await database.write { tx in
            let ids = try AppealStore.changed(by: record.id, limit: Self.batch, in: tx)
            guard !ids.isEmpty else { return 0 }
            let before = Dictionary(uniqueKeysWithValues: try AppealStore.find(ids, in: tx).map { ($0.id, $0) })
            try AppealStore.restore(ids, import: record.id, now: now, in: tx)
            let files = Dictionary(uniqueKeysWithValues: try CaseStore.find(ids, now: now, in: tx).map { ($0.id, $0) })
            let worked = try CaseFileStore.workedOn(ids[...], in: tx)
            for appeal in try AppealStore.find(ids, in: tx) {
                guard let old = before[appeal.id], let file = files[appeal.id] else { continue }
                if worked.contains(appeal.id) { try AppealStore.update(appeal.keepingHandling(of: old), in: tx) }
                try cases.retitle(
                    file, appeal.caseTitle, searchText: (old.searchText, appeal.searchText), actor: actor, in: tx)
                try cases.note(
                    file.id, event: AppealTimeline.restored, detail: record.source, actor: ImportWriting.actor, in: tx)
            }
            return ids.count
        }
    }

    private func removeSome(
        _ record: ImportRecord, after last: Int64, actor: Actor
    ) async throws -> (last: Int64?, count: Int, kept: Int) {
        let cases = cases
        return try await database.write { tx in
            let appeals = try AppealStore.brought(by: record.id, after: last, limit: Self.batch, in: tx)
            let kept = try cases.removeMany(
                appeals.map { CaseRemoval(id: $0.id, searchText: $0.searchText) },
                reason: "撤销导入 undo import \(record.id)", actor: actor, in: tx)
            try AppealStore.delete(appeals.map(\.id).filter { !kept.contains($0) }, in: tx)
            return (appeals.last?.id.rawValue, appeals.count, kept.count)
        }
    }

    private static let batch = 1_000
}
