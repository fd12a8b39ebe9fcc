internal import Core
internal import Foundation
internal import Hummingbird
internal import Organisation
internal import Sheets
internal import Store
internal import Web

/// The pages of imports: upload, confirm the columns, watch, read the result, undo.
struct ImportRoutes: Sendable {
    let database: any Database
    let importAppeals: ImportAppeals
    let undoImport: UndoImport
    let files: UploadedFiles
    private var surroundings: Surroundings { importAppeals.surroundings }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/import", .digitalOffice, start)
        routes.post(
            "/desk/import", .digitalOffice, bodyBytesMax: ImportLimits.fileBytesMax + (1 << 20), upload)
        routes.get("/desk/imports/:id", .digitalOffice, show)
        routes.get("/desk/imports/:id/progress", .digitalOffice, progress)
        routes.get("/desk/imports/:id/rejects", .digitalOffice, rejects)
        routes.post("/desk/imports/:id/confirm", .digitalOffice, confirm)
        routes.post("/desk/imports/:id/sheet", .digitalOffice, chooseSheet)
        routes.post("/desk/imports/:id/cancel", .digitalOffice, cancel)
        routes.post("/desk/imports/:id/resume", .digitalOffice, resume)
        routes.post("/desk/imports/:id/undo", .digitalOffice, undo)
        return routes
    }

    // MARK: - A new import

    @Sendable func start(_ visit: Visit) async throws -> Response {
        try visit.render(try await startPage(visit, source: "", error: nil))
    }

    private func startPage(_ visit: Visit, source: String, error: String?) async throws -> ImportStartPage {
        let (list, states) = ImportStartPage.query(visit)
        let (records, total) = try await database.read { tx in
            (
                try ImportStore.list(states: states, limit: list.pageSize, offset: list.offset, in: tx),
                try ImportStore.count(states: states, in: tx)
            )
        }
        return ImportStartPage(visit: visit, records: records, total: total, source: source, error: error)
    }

    @Sendable func upload(_ visit: Visit) async throws -> Response {
        try files.prepare(now: visit.now)
        let account = try visit.account()
        let (fields, file) = try await visit.upload(to: files.folder, bytesMax: ImportLimits.fileBytesMax)
        let source = fields.text("source")
        do {
            guard let file else { throw AppealError.importFileMissing }
            do {
                let record = try await importAppeals.draft(
                    path: file.path.path, name: file.name, source: source.isEmpty ? nil : source,
                    createdBy: account.personID)
                return visit.redirect("/desk/imports/\(record.id)")
            } catch {
                files.remove(file.path.path)
                throw error
            }
        } catch let problem as any Problem {
            let page = try await startPage(visit, source: source, error: visit.text(problem.report.explanation))
            return try visit.render(page, status: .unprocessableContent)
        }
    }

    @Sendable func confirm(_ visit: Visit) async throws -> Response {
        let id: ID<ImportRecord> = try visit.id()
        let fields = try await visit.fields()
        let datum = fields["datum"].flatMap(Datum.init)
        var names: [String: String] = [:]
        let record = try await database.read { try ImportStore.find(id, in: $0) }
        do {
            let sheet = try ImportSheet(path: record.filePath, name: record.fileName, sheet: record.sheet)
            for (column, header) in sheet.layout.headers.enumerated() {
                guard let field = fields["column-\(column)"].flatMap(ImportField.init(rawValue:)) else { continue }
                guard names.updateValue(header, forKey: field.rawValue) == nil else {
                    throw AppealError.importFieldTwice(field)
                }
            }
            let surroundings = surroundings
            _ = try await importAppeals.confirm(
                id, source: fields.text("source"), names: names, datum: datum
            ) { record, tx in
                try ImportAppealsJob.enqueue(record, surroundings: surroundings, in: tx)
            }
        } catch let problem as AppealError where problem.report.kind == .invalid {
            var typed = record
            typed.names = names.isEmpty ? record.names : names
            typed.source = fields.text("source")
            typed.datum = datum ?? record.datum
            let page = try ImportMappingPage(
                visit: visit, record: typed, locator: importAppeals.locator,
                error: visit.text(problem.report.explanation))
            return try visit.render(page, status: .unprocessableContent)
        }
        let chosen = fields.all("sheets")
        guard !chosen.isEmpty else { return visit.redirect("/desk/imports/\(id)", toast: "appeals.import.started") }
        let isWhole = try await importSheets(
            chosen, of: record, source: fields.text("source"), names: names, datum: datum,
            by: try visit.account().personID)
        return visit.redirect(
            "/desk/import", toast: isWhole ? "appeals.import.sheets_started" : "appeals.import.sheets_waiting")
    }

    // MARK: - Several sheets

    /// Another sheet of the same workbook takes the place of the one that waits to be confirmed.
    @Sendable func chooseSheet(_ visit: Visit) async throws -> Response {
        let id: ID<ImportRecord> = try visit.id()
        let name = try await visit.fields().text("sheet")
        let record = try await database.read { try ImportStore.find(id, in: $0) }
        guard record.state == .draft else { throw AppealError.importNotReady(record.state) }
        do {
            let other = try await importAppeals.draft(
                path: record.filePath, name: record.fileName, sheet: name, createdBy: record.createdBy)
            try await importAppeals.discard(id)
            return visit.redirect("/desk/imports/\(other.id)")
        } catch let problem as any Problem where problem.report.kind == .invalid {
            let page = try ImportMappingPage(
                visit: visit, record: record, locator: importAppeals.locator,
                error: visit.text(problem.report.explanation))
            return try visit.render(page, status: .unprocessableContent)
        }
    }

    /// Imports other sheets as this one was confirmed, each an import of its own that can be undone by itself.
    ///
    /// - Returns: false when the columns of one have to be looked at first; it waits in the history.
    private func importSheets(
        _ sheets: [String], of record: ImportRecord, source: String, names: [String: String], datum: Datum?,
        by person: Int64
    ) async throws -> Bool {
        var isWhole = true
        let surroundings = surroundings
        for sheet in sheets.prefix(ImportLimits.sheetsMax) where sheet != record.sheet {
            let copy = try files.copy(record.filePath)
            do {
                let draft = try await importAppeals.draft(
                    path: copy, name: record.fileName, sheet: sheet, source: source, createdBy: person)
                guard Set(names.values).isSubset(of: draft.headers) else {
                    isWhole = false
                    continue
                }
                _ = try await importAppeals.confirm(draft.id, source: source, names: names, datum: datum) {
                    record, tx in
                    try ImportAppealsJob.enqueue(record, surroundings: surroundings, in: tx)
                }
            } catch is any Problem {
                // An empty sheet, or one without a table.
                files.remove(copy)
                isWhole = false
            }
        }
        return isWhole
    }

    // MARK: - One import

    @Sendable func show(_ visit: Visit) async throws -> Response {
        let id: ID<ImportRecord> = try visit.id()
        let (record, job) = try await database.read { tx in
            let record = try ImportStore.find(id, in: tx)
            return (record, try record.jobID.flatMap { try JobStore.find($0, in: tx) })
        }
        switch record.state {
        case .draft:
            guard FileManager.default.fileExists(atPath: record.filePath) else { throw AppealError.importFileMissing }
            return try visit.render(
                try ImportMappingPage(visit: visit, record: record, locator: importAppeals.locator, error: nil))
        case .queued, .running, .undoing:
            return try visit.render(ImportRunningPage(visit: visit, record: record, job: job))
        case .done, .cancelled, .failed, .undone:
            let result = try await database.read { tx in
                ImportResult(
                    rejectReasons: try ImportStore.reasons(of: id, isWarning: false, in: tx),
                    warningReasons: try ImportStore.reasons(of: id, isWarning: true, in: tx),
                    rejects: try ImportStore.rejects(
                        of: id, isWarning: false, limit: ImportLimits.rejectsShown, in: tx))
            }
            let canResume =
                record.state != .done && record.state != .undone
                && FileManager.default.fileExists(atPath: record.filePath)
            return try visit.render(
                ImportResultPage(visit: visit, record: record, result: result, canResume: canResume))
        }
    }

    @Sendable func progress(_ visit: Visit) async throws -> Response {
        let id: ID<ImportRecord> = try visit.id()
        let (record, job) = try await database.read { tx in
            let record = try ImportStore.find(id, in: tx)
            return (record, try record.jobID.flatMap { try JobStore.find($0, in: tx) })
        }
        return try visit.json(ImportRunningPage.status(of: record, job, visit))
    }

    @Sendable func rejects(_ visit: Visit) async throws -> Response {
        let id: ID<ImportRecord> = try visit.id()
        let account = try visit.account()
        let isWarning = visit.query("kind") == "warnings"
        let (format, language, surroundings) = (SheetAnswer.format(visit, or: .csv), visit.language, surroundings)
        let record = try await database.write { tx in
            let record = try ImportStore.find(id, in: tx)
            try Audit.append(
                AuditEvent(
                    kind: .export, personID: account.personID, subject: "import \(id)",
                    detail: isWarning ? "warnings" : "rejects", address: visit.address),
                surroundings, in: tx)
            return record
        }
        let name = visit.word(isWarning ? "appeals.import.file.warnings" : "appeals.import.file.rejects")
        return try await SheetAnswer.send(visit, name: "\(name)-\(id)", format: format) { path in
            try await ImportRejects(database: database).write(
                of: id, headers: record.headers, isWarning: isWarning, language: language, format: format, to: path)
        }
    }

    @Sendable func cancel(_ visit: Visit) async throws -> Response {
        let id: ID<ImportRecord> = try visit.id()
        let surroundings = surroundings
        let found = try await database.read { try ImportStore.find(id, in: $0) }
        if found.state == .draft {
            try await importAppeals.discard(id)
            files.remove(found.filePath)
            return visit.redirect("/desk/import", toast: "appeals.import.discarded")
        }
        try await database.write { tx in
            var record = try ImportStore.find(id, in: tx)
            guard [.queued, .running].contains(record.state) else {
                throw AppealError.importNotReady(record.state)
            }
            if let job = record.jobID { try JobStore.requestCancel(job, now: surroundings.now(), in: tx) }
            // A running import stops by itself at its next batch and notes that it did.
            if record.state != .running {
                let before = record.state
                record.state = .cancelled
                record.finishedAt = surroundings.now()
                guard try ImportStore.save(record, ifIn: [before], in: tx) else {
                    throw AppealError.importNotReady(before)
                }
            }
        }
        return visit.redirect("/desk/imports/\(id)", toast: "appeals.import.cancelling")
    }

    @Sendable func resume(_ visit: Visit) async throws -> Response {
        let id: ID<ImportRecord> = try visit.id()
        let surroundings = surroundings
        try await database.write { tx in
            var record = try ImportStore.find(id, in: tx)
            let before = record.state
            guard before == .cancelled || before == .failed else { throw AppealError.importNotReady(before) }
            record.state = .queued
            record.failure = nil
            record.finishedAt = nil
            record.jobID = try ImportAppealsJob.enqueue(record, surroundings: surroundings, in: tx)
            guard try ImportStore.save(record, ifIn: [before], in: tx) else {
                throw AppealError.importNotReady(before)
            }
        }
        return visit.redirect("/desk/imports/\(id)", toast: "appeals.import.started")
    }

    @Sendable func undo(_ visit: Visit) async throws -> Response {
        let id: ID<ImportRecord> = try visit.id()
        let account = try visit.account()
        let surroundings = surroundings
        _ = try await undoImport.begin(id) { record, tx in
            let job = try UndoImportJob.enqueue(record, by: account.personID, surroundings: surroundings, in: tx)
            try Audit.append(
                AuditEvent(
                    kind: .recordsRemoved, personID: account.personID, subject: "import \(id)",
                    detail: "accepted=\(record.tally.accepted) updated=\(record.tally.updated)",
                    address: visit.address),
                surroundings, in: tx)
            return job
        }
        return visit.redirect("/desk/imports/\(id)", toast: "appeals.import.undoing")
    }
}
