package import Casework
package import Core
internal import Foundation
package import Organisation
package import Store

/// Imports files of appeals: recognises, checks and writes them, safe to repeat and to be cut off.
package struct ImportAppeals: Sendable {
    let database: any Database
    let profile: Profile
    let surroundings: Surroundings
    private let writing: ImportWriting
    private let author: ImportAuthor
    let locator: TownshipLocator
    private let topic: TopicGuess?

    /// - Parameters:
    ///   - secret: the district's key, under which authors are hashed.
    ///   - topic: guesses topics where the file has none.
    package init(
        database: any Database, cases: Cases, profile: Profile, secret: [UInt8], locator: TownshipLocator,
        topic: TopicGuess?, surroundings: Surroundings
    ) {
        self.database = database
        self.profile = profile
        self.surroundings = surroundings
        self.locator = locator
        self.topic = topic
        author = ImportAuthor(secret: secret)
        writing = ImportWriting(cases: cases, profile: profile, surroundings: surroundings)
    }

    // MARK: - Before

    /// Records a file with its columns as recognised, as remembered for its layout, and as given, in that order.
    ///
    /// - Parameters:
    ///   - source: the system the file comes from; nil for the one remembered, or a name made from the headers.
    ///   - names: field → header, as a person gave them.
    /// - Throws: `SheetError` or `AppealError` for a file that cannot be imported.
    package func draft(
        path: String, name: String, sheet: String? = nil, source: String? = nil, names: [String: String] = [:],
        createdBy: Int64? = nil
    ) async throws -> ImportRecord {
        let file = try ImportSheet(path: path, name: name, sheet: sheet)
        var layout = file.layout
        let fingerprint = layout.fingerprint
        let remembered = try await database.read { try ImportStore.layout(fingerprint, in: $0) }
        if let remembered { try layout.assign(remembered.names) }
        try layout.assign(names)
        let found = ImportDatum(file.sample, columns: layout.columns, headers: layout.headers, locator: locator)
        let record = ImportRecord(
            id: ID(surroundings.newID()),
            source: try Self.checked(source: source ?? remembered?.source ?? layout.defaultSource),
            fileName: String(name.suffix(ImportLimits.fileNameCharactersMax)), filePath: path,
            fileChecksum: try ImportSheet.checksum(path: path),
            // Named only where there is a choice, so that it is still this one when sheets are added before it.
            sheet: sheet ?? (file.sheetNames.count > 1 ? file.sheetName : nil),
            headers: layout.headers, names: layout.names, datum: remembered?.datum ?? found.taken, state: .draft,
            rowNumber: 0, bytesDone: 0, bytesTotal: file.progress.total, tally: ImportTally(), kept: 0,
            createdBy: createdBy, createdAt: surroundings.now())
        try await database.write { try ImportStore.insert(record, in: $0) }
        return record
    }

    /// Confirms a draft: its source, columns and system of places, which are remembered for files of the same layout.
    ///
    /// - Parameter datum: nil for what the draft has.
    package func confirm(
        _ id: ID<ImportRecord>, source: String, names: [String: String], datum: Datum? = nil,
        state: ImportState = .queued,
        then body: @escaping @Sendable (ImportRecord, any Transaction) throws -> ID<Job>? = { _, _ in nil }
    ) async throws -> ImportRecord {
        let source = try Self.checked(source: source)
        let found = try await database.read { try ImportStore.find(id, in: $0) }
        let file = try ImportSheet(path: found.filePath, name: found.fileName, sheet: found.sheet)
        var layout = file.layout
        try layout.assign(only: names)
        try layout.check()
        let (now, confirmed) = (surroundings.now(), layout)
        return try await database.write { tx in
            var record = try ImportStore.find(id, in: tx)
            guard record.state == .draft else { throw AppealError.importNotReady(record.state) }
            record.source = source
            record.names = confirmed.names
            record.datum = datum ?? record.datum
            record.state = state
            record.jobID = try body(record, tx)
            guard try ImportStore.save(record, ifIn: [.draft], in: tx) else {
                throw AppealError.importNotReady(record.state)
            }
            try ImportStore.remember(
                confirmed.fingerprint, source: source, names: confirmed.names, datum: record.datum, now: now, in: tx)
            return record
        }
    }

    /// Forgets a draft that nobody has confirmed.
    package func discard(_ id: ID<ImportRecord>) async throws {
        try await database.write { tx in
            guard try ImportStore.deleteDraft(id, in: tx) else {
                throw AppealError.importNotReady(try ImportStore.find(id, in: tx).state)
            }
        }
    }

    /// An import of this very file that was cut off and can go on.
    package func unfinished(path: String, source: String) async throws -> ImportRecord? {
        let checksum = try ImportSheet.checksum(path: path)
        return try await database.read { try ImportStore.unfinished(checksum: checksum, source: source, in: $0) }
    }

    private static func checked(source: String) throws(AppealError) -> String {
        let name = ImportText.cleaned(source)
        guard !name.isEmpty, name.count <= ImportLimits.sourceCharactersMax, !name.contains("\n"),
            // The numbers of the portal are given here, and no file may claim them.
            name != SubmitAppeal.source
        else {
            throw .importSourceWrong(max: ImportLimits.sourceCharactersMax)
        }
        return name
    }

    // MARK: - Running

    /// Imports from where the record stands to the end of the file.
    ///
    /// - Parameter report: called after each batch; a `CancellationError` from it stops the import and leaves what
    ///   is written. A cancelled task leaves the record running, so that the next process goes on.
    /// - Throws: what the file or a batch has wrong, after it was noted in the record.
    package func run(
        _ id: ID<ImportRecord>, report: @Sendable (ImportProgress) async throws -> Void = { _ in }
    ) async throws -> ImportRecord {
        let record = try await start(id)
        do {
            return try await importRows(of: record, report)
        } catch {
            if Task.isCancelled { throw error }
            try await stop(id, because: error)
            throw error
        }
    }

    private func start(_ id: ID<ImportRecord>) async throws -> ImportRecord {
        let now = surroundings.now()
        return try await database.write { tx in
            var record = try ImportStore.find(id, in: tx)
            let before = record.state
            guard before.canRun else { throw AppealError.importNotReady(before) }
            record.state = .running
            record.failure = nil
            record.startedAt = record.startedAt ?? now
            guard try ImportStore.save(record, ifIn: [before], in: tx) else {
                throw AppealError.importNotReady(before)
            }
            return record
        }
    }

    private func stop(_ id: ID<ImportRecord>, because error: any Error) async throws {
        let now = surroundings.now()
        try await database.write { tx in
            var record = try ImportStore.find(id, in: tx)
            record.state = error is CancellationError ? .cancelled : .failed
            record.failure = (error as? any Problem)?.report.explanation
            record.finishedAt = now
            guard try ImportStore.save(record, ifIn: [.running], in: tx) else { return }
            if record.tally.accepted + record.tally.updated > record.tally.unchanged {
                try MineProblemsJob.enqueue(createdBy: record.createdBy, surroundings: surroundings, in: tx)
            }
        }
    }

    private func importRows(
        of record: ImportRecord, _ report: @Sendable (ImportProgress) async throws -> Void
    ) async throws -> ImportRecord {
        guard FileManager.default.fileExists(atPath: record.filePath) else { throw AppealError.importFileMissing }
        guard try ImportSheet.checksum(path: record.filePath) == record.fileChecksum else {
            throw AppealError.importFileChanged
        }
        let sheet = try ImportSheet(path: record.filePath, name: record.fileName, sheet: record.sheet)
        var layout = sheet.layout
        try layout.assign(only: record.names)
        try layout.check()
        let reader = ImportRowReader(
            layout: layout, source: record.source, datum: record.datum, now: surroundings.now(), zone: profile.zone,
            author: author, locator: locator, topic: topic)
        let source = record.source
        let isSourceKnown = try await database.read { tx in
            try AppealStore.isKnown(source: source, in: tx)
                || ImportStore.isUnderWay(source: source, besides: record.id, in: tx)
        }
        var seen = SeenNumbers(isEverythingKnown: isSourceKnown || record.rowNumber > 0)
        let batches = ImportBatches(sheet: sheet, reader: reader, layout: layout, after: record.rowNumber)
        let begun = surroundings.now()
        var (current, next) = (record, try await batches.next())
        while let batch = next {
            async let upcoming = batches.next()
            let mayBeKnown = seen.mayHold(batch.appeals)
            current = try await write(batch, into: current, mayBeKnown: mayBeKnown)
            let speed = ImportRecord.Speed(
                rows: current.tally.rows - record.tally.rows, bytes: current.bytesDone - record.bytesDone,
                bytesLeft: batch.bytesTotal - batch.bytesDone,
                milliseconds: surroundings.now().milliseconds(since: begun))
            try await report(ImportProgress(record: current, speed: speed))
            next = try await upcoming
        }
        return current
    }

    private func write(
        _ batch: ImportBatch, into record: ImportRecord, mayBeKnown: Bool
    ) async throws -> ImportRecord {
        let (writing, surroundings) = (writing, surroundings)
        return try await database.write { tx in
            var after = record
            let added = try writing.write(batch.appeals, of: record, mayBeKnown: mayBeKnown, in: tx)
            after.tally.accepted += added.accepted
            after.tally.updated += added.updated
            after.tally.unchanged += added.unchanged
            after.tally.rejected += batch.rejects.count
            guard after.tally.rejected <= ImportLimits.rejectsMax else {
                throw AppealError.importTooManyRejects(max: ImportLimits.rejectsMax)
            }
            let room = max(0, ImportLimits.warningsKeptMax - record.tally.warned)
            after.tally.warned += batch.warnings.count
            try ImportStore.insertRejects(batch.rejects, of: record.id, isWarning: false, in: tx)
            try ImportStore.insertRejects(
                Array(batch.warnings.prefix(room)), of: record.id, isWarning: true, in: tx)
            after.rowNumber = batch.rowNumber
            after.bytesDone = batch.bytesDone
            if batch.isLast {
                after.state = .done
                after.finishedAt = surroundings.now()
                if after.tally.accepted + after.tally.updated > after.tally.unchanged {
                    try MineProblemsJob.enqueue(createdBy: record.createdBy, surroundings: surroundings, in: tx)
                }
            }
            guard try ImportStore.advance(after, from: record.rowNumber, in: tx) else {
                throw AppealError.importNotReady(try ImportStore.find(record.id, in: tx).state)
            }
            return after
        }
    }
}

/// The numbers a file has had so far, as hashes, so that the first import of a source looks up only what may be there.
private struct SeenNumbers {
    private let isEverythingKnown: Bool
    private var hashes: Set<Int> = []

    init(isEverythingKnown: Bool) { self.isEverythingKnown = isEverythingKnown }

    /// Whether one of the appeals may be known already; remembers them.
    mutating func mayHold(_ appeals: [Appeal]) -> Bool {
        guard !isEverythingKnown else { return true }
        var mayHold = false
        var own: [Int] = []
        for appeal in appeals {
            let hash = appeal.sourceID.hashValue
            if hashes.contains(hash) { mayHold = true }
            own.append(hash)
        }
        hashes.formUnion(own)
        return mayHold
    }
}
