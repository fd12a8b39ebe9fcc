package import Core
import Foundation
package import Store

/// Deletes stored files that no attachment refers to any more, and uploads that were never finished.
package struct SweepFiles: JobHandler {
    package static let kind = "casework-sweep-files"
    package var kind: String { Self.kind }
    let database: any Database
    let blobs: BlobFolder
    let surroundings: Surroundings

    package init(database: any Database, blobs: BlobFolder, surroundings: Surroundings) {
        self.database = database
        self.blobs = blobs
        self.surroundings = surroundings
    }

    /// Asks for a sweep once what is an orphan now is old enough to go.
    static func enqueue(_ surroundings: Surroundings, in tx: any Transaction) throws {
        let later = surroundings.now().adding(seconds: (CasesLimits.orphanFileHoursMin + 1) * 3_600)
        try JobQueue.enqueue(
            kind: kind, payload: "{}", key: kind, runAt: later, createdBy: nil, surroundings: surroundings, in: tx)
    }

    package func run(_ job: Job, progress: JobProgress) async throws { try await sweep() }

    /// Returns how many files went.
    @discardableResult
    func sweep() async throws -> Int {
        let limit = surroundings.now().adding(seconds: -CasesLimits.orphanFileHoursMin * 3_600)
        let date = Date(timeIntervalSince1970: Double(limit.millisecondsSince1970) / 1_000)
        let (digests, leftovers) = try blobs.files(olderThan: date)
        var removed = 0
        for start in stride(from: 0, to: digests.count, by: CasesLimits.identifiersPerStatement) {
            let chunk = digests[start..<min(digests.count, start + CasesLimits.identifiersPerStatement)]
            let kept = try await database.read { try CaseAttachmentStore.referenced(among: chunk, in: $0) }
            for digest in chunk where !kept.contains(digest) {
                try blobs.remove(digest)
                removed += 1
            }
        }
        for leftover in leftovers {
            try FileManager.default.removeItem(at: leftover)
            removed += 1
        }
        return removed
    }
}
