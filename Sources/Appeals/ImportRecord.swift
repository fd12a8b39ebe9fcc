package import Core
package import Store

/// How far an import is.
package enum ImportState: String, Sendable, CaseIterable {
    /// Uploaded; its columns wait to be confirmed.
    case draft
    case queued
    case running
    case done
    /// Stopped by a person; what was imported stays, and it can go on or be undone.
    case cancelled
    case failed
    case undoing
    case undone

    package var title: Bilingual {
        switch self {
        case .draft: Bilingual(zh: "待确认", en: "To be confirmed")
        case .queued: Bilingual(zh: "排队中", en: "Queued")
        case .running: Bilingual(zh: "导入中", en: "Importing")
        case .done: Bilingual(zh: "已完成", en: "Done")
        case .cancelled: Bilingual(zh: "已取消", en: "Cancelled")
        case .failed: Bilingual(zh: "失败", en: "Failed")
        case .undoing: Bilingual(zh: "撤销中", en: "Undoing")
        case .undone: Bilingual(zh: "已撤销", en: "Undone")
        }
    }

    /// Whether rows may be imported from here on.
    package var canRun: Bool { [.draft, .queued, .running, .cancelled, .failed].contains(self) }
    package var canUndo: Bool { [.done, .cancelled, .failed, .undoing].contains(self) }
}

/// What an import has done so far, in rows.
package struct ImportTally: Sendable, Equatable {
    /// New appeals.
    package var accepted = 0
    /// Rows of appeals that were known already, the unchanged ones included.
    package var updated = 0
    package var unchanged = 0
    package var rejected = 0
    /// Rows taken although a cell of theirs was not.
    package var warned = 0

    package init() {}

    package var rows: Int { accepted + updated + rejected }
}

/// One import of one file.
package struct ImportRecord: Sendable, Equatable {
    package let id: ID<ImportRecord>
    package var source: String
    package let fileName: String
    package let filePath: String
    /// SHA-256 of the file, by which an import that was cut off finds itself again.
    package let fileChecksum: String
    package let sheet: String?
    /// The headers of the file's columns, for the file of refused rows.
    package let headers: [String]
    /// Field → header.
    package var names: [String: String]
    /// In what system its places are written; nil for what the headers say, or WGS 84.
    package var datum: Datum?
    package var state: ImportState
    package var jobID: ID<Job>?
    /// The last row of the file that has been dealt with.
    package var rowNumber: Int
    package var bytesDone: Int
    package let bytesTotal: Int
    package var tally: ImportTally
    /// Appeals that an undo left because somebody had worked on them.
    package var kept: Int
    package var failure: Bilingual?
    package let createdBy: Int64?
    package let createdAt: Instant
    package var startedAt: Instant?
    package var finishedAt: Instant?

    /// Rows per second since this run began, over its own rows.
    package struct Speed: Sendable, Equatable {
        package let rowsPerSecond: Int
        /// Nil while nothing can be said.
        package let secondsLeft: Int?

        package init(rows: Int, bytes: Int, bytesLeft: Int, milliseconds: Int64) {
            guard milliseconds > 0 else {
                rowsPerSecond = 0
                secondsLeft = nil
                return
            }
            rowsPerSecond = Int(Int64(rows) * 1_000 / milliseconds)
            secondsLeft = bytes > 0 ? Int(Int64(bytesLeft) * milliseconds / Int64(bytes) / 1_000) : nil
        }
    }
}

/// What a run says of itself while it goes on.
package struct ImportProgress: Sendable, Equatable {
    package let record: ImportRecord
    package let speed: ImportRecord.Speed
}
