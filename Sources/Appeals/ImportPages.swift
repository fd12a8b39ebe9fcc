internal import Core
internal import Foundation
internal import Sheets
internal import Store
internal import Web

/// Where an import begins: a place to drop the file, and what was imported before.
struct ImportStartPage: Page {
    static let template = "appeals/import"
    let title: String
    let upload: Upload
    let source: Field
    let history: Table
    let isWide = true

    static func query(_ visit: Visit) -> (list: ListQuery, states: [ImportState]) {
        let list = ListQuery.read(visit, sorts: ["time"], defaultSort: "-time", filters: ["state"])
        return (list, (list.filters["state"] ?? []).compactMap(ImportState.init))
    }

    init(visit: Visit, records: [ImportRecord], total: Int, source: String, error: String?) {
        title = visit.word("appeals.import.title")
        upload = Upload(
            label: visit.word("appeals.import.file"), name: "file", accept: [".csv", ".xlsx"],
            bytesMax: ImportLimits.fileBytesMax, hint: visit.word("appeals.import.file.hint"), error: error)
        self.source = Field(
            label: visit.word("appeals.import.source"), name: "source", value: source,
            hint: visit.word("appeals.import.source.hint"), charactersMax: ImportLimits.sourceCharactersMax)
        history = Table(
            visit: visit, query: Self.query(visit).list,
            columns: [
                .init("file", visit.word("appeals.import.file.name"), isFixed: true),
                .init("source", visit.word("appeals.source")), .init("state", visit.word("appeals.state")),
                .init("accepted", visit.word("appeals.import.accepted"), isNumeric: true),
                .init("updated", visit.word("appeals.import.updated"), isNumeric: true),
                .init("rejected", visit.word("appeals.import.rejected"), isNumeric: true),
                .init("time", visit.word("appeals.import.at")),
                .init("undo", visit.word("appeals.import.undo")),
            ],
            rows: records.map { record in
                .init(
                    href: "/desk/imports/\(record.id)",
                    cells: [
                        .text([record.fileName, record.sheet].compactMap(\.self).joined(separator: " · ")),
                        .text(record.source),
                        .badge(visit.text(record.state.title), record.state.tone), .number(record.tally.accepted),
                        .number(record.tally.updated), .number(record.tally.rejected), .time(record.createdAt),
                        record.state.canUndo && record.state != .undoing
                            ? .link(visit.word("appeals.import.undo.short"), "/desk/imports/\(record.id)#undo") : .none,
                    ])
            },
            total: total,
            filters: [
                .init(
                    "state", visit.word("appeals.state"),
                    options: ImportState.allCases.map { .init($0.rawValue, visit.text($0.title)) })
            ], emptyKey: "appeals.import.none", hasSearch: false)
    }
}

extension ImportState {
    var tone: Tone {
        switch self {
        case .draft: .warning
        case .queued, .running, .undoing: .info
        case .done: .good
        case .failed: .danger
        case .cancelled, .undone: .neutral
        }
    }
}

/// The columns of a file as recognised, with its first rows, to be corrected.
struct ImportMappingPage: Page {
    static let template = "appeals/mapping"

    struct Choice {
        let value: String
        let label: String
        let isSelected: Bool
    }

    struct Column {
        let name: String
        let header: String
        let isUsed: Bool
        let choices: [Choice]
    }

    struct PreviewCell {
        let text: String
        let full: String
    }

    struct PreviewRow {
        let number: String
        let previews: [PreviewCell]
    }

    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let confirmPath: String
    let cancelPath: String
    let problem: Toast?
    let source: Field
    let columns: [Column]
    let rows: [PreviewRow]
    let rowsNote: String
    let sheetPath: String
    /// Which sheet this is, of a workbook that has several.
    let sheet: Field?
    /// The others, to be imported along with it.
    let others: Field?
    /// In what system its places are written, where it has any.
    let datum: Field?
    let isWide = true

    /// - Throws: what is wrong with the file.
    init(visit: Visit, record: ImportRecord, locator: TownshipLocator, error: String?) throws {
        let sheet = try ImportSheet(path: record.filePath, name: record.fileName, sheet: record.sheet)
        let headers = sheet.layout.headers
        let fields = Dictionary(record.names.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
        title = visit.word("appeals.import.columns")
        subtitle = visit.word("appeals.import.columns.hint", record.fileName)
        breadcrumbs = [Breadcrumb(visit.word("appeals.import.title"), "/desk/import")]
        confirmPath = "/desk/imports/\(record.id)/confirm"
        cancelPath = "/desk/imports/\(record.id)/cancel"
        problem = error.map { Toast($0, tone: .danger) }
        source = Field(
            label: visit.word("appeals.import.source"), name: "source", value: record.source,
            hint: visit.word("appeals.import.source.hint"), isRequired: true,
            charactersMax: ImportLimits.sourceCharactersMax)
        let names = sheet.sheetNames
        sheetPath = "/desk/imports/\(record.id)/sheet"
        self.sheet =
            names.count < 2
            ? nil
            : Field(
                label: visit.word("appeals.import.sheet"), name: "sheet", kind: .select,
                value: sheet.sheetName ?? "", options: names.map { .init($0, $0) }, isRequired: true)
        others =
            names.count < 2
            ? nil
            : Field(
                label: visit.word("appeals.import.sheets"), name: "sheets", kind: .checkboxes,
                options: names.filter { $0 != sheet.sheetName }.map { .init($0, $0) },
                hint: visit.word("appeals.import.sheets.hint"))
        datum = try Self.datum(visit, record, sheet, locator)
        rowsNote = visit.word(
            "appeals.import.preview", String(min(sheet.sample.count, ImportLimits.previewRows)))
        columns = headers.enumerated().map { index, header in
            let current = fields[header]
            return Column(
                name: "column-\(index)", header: header, isUsed: current != nil,
                choices: [Choice(value: "", label: visit.word("appeals.import.leave_out"), isSelected: current == nil)]
                    + ImportField.allCases.map {
                        Choice(value: $0.rawValue, label: visit.text($0.title), isSelected: $0.rawValue == current)
                    })
        }
        rows = sheet.sample.prefix(ImportLimits.previewRows).map { row in
            PreviewRow(
                number: String(row.number),
                previews: headers.indices.map { column in
                    let full = ImportText.cleaned(row[column].string)
                    let isLong = full.count > ImportLimits.previewCharacters
                    let text = isLong ? full.prefix(ImportLimits.previewCharacters) + "…" : full[...]
                    return PreviewCell(
                        text: String(text), full: String(full.prefix(AppealLimits.shortTextCharactersMax)))
                })
        }
    }
}

extension ImportMappingPage {
    /// The systems to choose from, with what speaks for each.
    private static func datum(
        _ visit: Visit, _ record: ImportRecord, _ sheet: ImportSheet, _ locator: TownshipLocator
    ) throws -> Field? {
        var layout = sheet.layout
        try layout.assign(only: record.names)
        let found = ImportDatum(sheet.sample, columns: layout.columns, headers: layout.headers, locator: locator)
        guard let guess = found.guess else { return nil }
        func title(_ datum: Datum) -> String { visit.text(ImportDatum.title(datum)) }
        let verdict =
            found.named.map { visit.word("appeals.import.datum.named", title($0)) }
            ?? (found.isSure ? guess.best : nil).map { visit.word("appeals.import.datum.sure", title($0.datum)) }
            ?? visit.word("appeals.import.datum.unsure")
        let evidence = guess.candidates.filter { !$0.isSwapped }.map { one in
            let inside = visit.word(
                "appeals.import.datum.inside", title(one.datum), visit.number(one.inside), visit.number(guess.points))
            return guess.named == 0
                ? inside
                : inside
                    + visit.word(
                        "appeals.import.datum.agreeing", visit.number(one.agreeing), visit.number(guess.named))
        }
        return Field(
            label: visit.word("appeals.import.datum"), name: "datum", kind: .select,
            value: (record.datum ?? .wgs84).rawValue,
            options: ImportDatum.choices.map { .init($0.rawValue, title($0)) },
            hint: verdict + evidence.joined(separator: visit.word("appeals.import.datum.separator"))
                + visit.word("appeals.import.datum.end"), isRequired: true)
    }
}

/// An import, or its undoing, under way.
struct ImportRunningPage: Page {
    static let template = "appeals/running"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let progress: ProgressView
    let refreshSeconds: Int? = 3

    init(visit: Visit, record: ImportRecord, job: Job?) {
        title = visit.text(record.state.title)
        subtitle = "\(record.fileName) · \(record.source)"
        breadcrumbs = [Breadcrumb(visit.word("appeals.import.title"), "/desk/import")]
        progress = ProgressView(
            title: visit.text(record.state.title), poll: "/desk/imports/\(record.id)/progress",
            status: Self.status(of: record, job, visit),
            cancelPath: record.state == .undoing ? nil : "/desk/imports/\(record.id)/cancel")
    }

    static func status(of record: ImportRecord, _ job: Job?, _ visit: Visit) -> ProgressView.Status {
        let isOver = [.done, .cancelled, .failed, .undone].contains(record.state)
        let rows = record.state == .undoing ? Int(job?.progressDone ?? 0) : record.tally.rows
        let estimate =
            record.bytesDone > 0 ? Int(Int64(rows) * Int64(record.bytesTotal) / Int64(record.bytesDone)) : 0
        let state =
            isOver ? "done" : job?.state == .parked ? "parked" : record.state == .queued ? "queued" : "running"
        return ProgressView.Status(
            state: state, done: rows, total: record.state == .undoing ? 0 : max(rows, estimate),
            note: visit.word(
                "appeals.import.figures", visit.number(record.tally.accepted), visit.number(record.tally.updated),
                visit.number(record.tally.rejected)),
            startedAt: record.state == .undoing ? job?.startedAt : record.startedAt,
            next: "/desk/imports/\(record.id)", visit: visit)
    }
}

/// What the result page reads besides the record.
struct ImportResult {
    let rejectReasons: [(reason: ImportReason, rows: Int)]
    let warningReasons: [(reason: ImportReason, rows: Int)]
    let rejects: [ImportStore.Reject]
}

/// What an import did, what it refused and why.
struct ImportResultPage: Page {
    static let template = "appeals/result"

    struct Refused {
        let number: String
        let columnName: String
        let reason: String
        let excerpt: String
    }

    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let actions: [PageAction]
    let failure: Toast?
    let tiles: StatTiles
    let rejectReasons: KeyValues?
    let warningReasons: KeyValues?
    let refused: [Refused]
    let rejectsPath: String
    let hasRefused: Bool
    let hasWarnings: Bool
    let isCut: Bool
    let shown: String
    let resumePath: String?
    let undoPath: String?
    let keptNote: String?

    init(visit: Visit, record: ImportRecord, result: ImportResult, canResume: Bool) {
        let tally = record.tally
        let path = "/desk/imports/\(record.id)"
        title = visit.word("appeals.import.result.\(record.state.rawValue)")
        let datum = record.datum.map { visit.word("appeals.import.datum.read", visit.text(ImportDatum.title($0))) }
        subtitle = [record.fileName, record.source, datum, record.finishedAt.map(visit.time)].compactMap(\.self)
            .joined(separator: " · ")
        breadcrumbs = [Breadcrumb(visit.word("appeals.import.title"), "/desk/import")]
        let seconds = record.finishedAt.flatMap { end in record.startedAt.map { end.milliseconds(since: $0) } }
        actions =
            record.state == .undone
            ? [PageAction(visit.word("appeals.import.again"), "/desk/import", isPrimary: true)]
            : [
                PageAction(
                    visit.word("appeals.import.see_appeals"), "/desk/appeals?source=\(urlEncoded(record.source))"),
                PageAction(visit.word("appeals.import.see_problems"), "/desk/problems", isPrimary: true),
            ]
        failure = record.failure.map { Toast(visit.text($0), tone: .danger) }
        tiles = StatTiles([
            .init(visit.word("appeals.import.accepted"), visit.number(tally.accepted), tone: .good),
            .init(
                visit.word("appeals.import.updated"), visit.number(tally.updated),
                note: visit.word("appeals.import.unchanged", visit.number(tally.unchanged))),
            .init(
                visit.word("appeals.import.rejected"), visit.number(tally.rejected),
                tone: tally.rejected > 0 ? .warning : .neutral),
            .init(visit.word("appeals.import.warned"), visit.number(tally.warned)),
            .init(
                visit.word("appeals.import.speed"),
                seconds.map { visit.number(Int(Int64(tally.rows) * 1_000 / max(1, $0))) } ?? "–",
                unit: visit.word("appeals.import.rows_per_second")),
        ])
        func list(_ reasons: [(reason: ImportReason, rows: Int)]) -> KeyValues? {
            reasons.isEmpty
                ? nil : KeyValues(reasons.map { (visit.text($0.reason.explanation), .number($0.rows)) })
        }
        rejectReasons = list(result.rejectReasons)
        warningReasons = list(result.warningReasons)
        refused = result.rejects.map { reject in
            Refused(
                number: String(reject.rowNumber), columnName: reject.column,
                reason: visit.text(reject.reason.explanation),
                excerpt: String(
                    reject.cells.filter { !$0.isEmpty }.joined(separator: " · ").prefix(ImportLimits.excerptCharacters))
            )
        }
        rejectsPath = path + "/rejects"
        hasRefused = !result.rejects.isEmpty
        hasWarnings = !result.warningReasons.isEmpty
        isCut = tally.rejected > result.rejects.count
        shown = visit.number(result.rejects.count)
        resumePath = canResume ? path + "/resume" : nil
        undoPath = record.state.canUndo ? path + "/undo" : nil
        keptNote =
            record.state == .undone && record.kept > 0
            ? visit.word("appeals.import.kept", visit.number(record.kept)) : nil
    }
}
