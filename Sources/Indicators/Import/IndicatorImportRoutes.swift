internal import Core
internal import Foundation
internal import Hummingbird
internal import Organisation
internal import Sheets
internal import Store
internal import Web

/// The pages of imports: upload, see what would change, confirm or discard, fetch refused rows.
struct IndicatorImportRoutes: Sendable {
    let importIndicators: ImportIndicators
    private var database: any Database { importIndicators.database }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/indicators/import", .digitalOffice, start)
        routes.post(
            "/desk/indicators/import", .digitalOffice, bodyBytesMax: IndicatorLimits.importBytesMax + (1 << 20), upload)
        routes.get("/desk/indicators/imports/:id", .digitalOffice, show)
        routes.get("/desk/indicators/imports/:id/refused", .digitalOffice, refused)
        routes.post("/desk/indicators/imports/:id/confirm", .digitalOffice, confirm)
        routes.post("/desk/indicators/imports/:id/discard", .digitalOffice, discard)
        return routes
    }

    @Sendable private func start(_ visit: Visit) async throws -> Response {
        try visit.render(
            try await page(visit, kind: visit.query("kind").flatMap(ImportPreview.Kind.init(rawValue:)), error: nil))
    }

    private func page(
        _ visit: Visit, kind: ImportPreview.Kind?, basis: String = IndicatorBasis.totalTax, error: String?
    ) async throws -> IndicatorImportStartPage {
        let records = try await database.read {
            try IndicatorImportStore.list(limit: IndicatorLimits.importsShown, in: $0)
        }
        return IndicatorImportStartPage(
            visit: visit, records: records, kind: kind ?? .values, basis: basis, error: error)
    }

    @Sendable private func upload(_ visit: Visit) async throws -> Response {
        let (account, folder) = (try visit.account(), importIndicators.folder)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let (fields, file) = try await visit.upload(to: folder, bytesMax: IndicatorLimits.importBytesMax)
        let kind = fields["kind"].flatMap(ImportPreview.Kind.init(rawValue:)) ?? .values
        let basis = FourOneOneData.bases.contains(fields.text("basis")) ? fields.text("basis") : IndicatorBasis.totalTax
        do {
            guard let file else { throw IndicatorError.fileMissing }
            do {
                let draft = try await importIndicators.draft(
                    path: file.path.path, name: file.name, kind: kind, basis: basis, by: account)
                return visit.redirect("/desk/indicators/imports/\(draft.id)")
            } catch {
                try? FileManager.default.removeItem(at: file.path)
                throw error
            }
        } catch let problem as any Problem {
            let page = try await page(
                visit, kind: kind, basis: basis, error: visit.text(problem.report.explanation))
            return try visit.render(page, status: .unprocessableContent)
        }
    }

    private func read(_ id: ID<IndicatorImport>) async throws -> (IndicatorImport, ImportPreview?) {
        let importIndicators = importIndicators
        return try await database.read { tx in
            let one = try IndicatorImportStore.find(id, in: tx)
            return (one, one.state == .draft ? try importIndicators.preview(one, in: tx) : nil)
        }
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let (one, preview) = try await read(try visit.id())
        return try visit.render(IndicatorPreviewPage(visit: visit, record: one, preview: preview))
    }

    @Sendable private func confirm(_ visit: Visit) async throws -> Response {
        let id: ID<IndicatorImport> = try visit.id()
        _ = try await importIndicators.confirm(id, by: try visit.account())
        return visit.redirect("/desk/indicators/imports/\(id)", toast: "indicators.import.done")
    }

    @Sendable private func discard(_ visit: Visit) async throws -> Response {
        try await importIndicators.discard(try visit.id())
        return visit.redirect("/desk/indicators/import", toast: "indicators.import.discarded")
    }

    /// The refused rows as they were, with column and reason behind them: corrected, the file can be imported as it is.
    @Sendable private func refused(_ visit: Visit) async throws -> Response {
        let id: ID<IndicatorImport> = try visit.id()
        let importIndicators = importIndicators
        let preview = try await database.read { tx in
            try importIndicators.preview(try IndicatorImportStore.find(id, in: tx), in: tx)
        }
        return try await SheetDownload(
            header: preview.titles
                + ["row", "column", "reason"].map { visit.word("indicators.import.\($0)") },
            rows: preview.refused.map { one in
                one.cells.map { $0.isEmpty ? .empty : .text($0) }
                    + [.number(String(one.row)), .text(one.column), .text(visit.text(one.reason))]
            }
        ).recorded(
            visit, name: visit.word("indicators.import.refused"), subject: "indicator import \(id) refused",
            in: database)
    }
}

struct IndicatorImportStartPage: Page {
    static let template = "indicators/import"

    struct Past: Sendable {
        let href: String
        let file: String
        let kind: String
        let state: Badge
        let counts: String
        let at: String
    }

    let title: String
    let breadcrumbs: [Breadcrumb]
    let error: String?
    let kind: Field
    let basis: Field
    let file: Upload
    let past: [Past]
    let hasPast: Bool

    init(visit: Visit, records: [IndicatorImport], kind: ImportPreview.Kind, basis: String, error: String?) {
        title = visit.word("indicators.import.title")
        breadcrumbs = [Breadcrumb(visit.word("indicators.list.title"), "/desk/indicators")]
        self.error = error
        self.kind = Field(
            label: visit.word("indicators.import.kind"), name: "kind", kind: .radios, value: kind.rawValue,
            options: ImportPreview.Kind.allCases.map {
                .init(
                    $0.rawValue, visit.word("indicators.import.kind.\($0.rawValue)"),
                    hint: visit.word("indicators.import.hint.\($0.rawValue)"))
            }, isRequired: true)
        self.basis = Field(
            label: visit.word("indicators.import.basis"), name: "basis", kind: .select, value: basis,
            options: FourOneOneData.bases.map { .init($0, visit.text(IndicatorBasis.title($0))) },
            hint: visit.word("indicators.import.basis.hint"), isRequired: true)
        file = Upload(
            label: visit.word("indicators.import.file"), name: "file", accept: [".xlsx", ".csv"],
            bytesMax: IndicatorLimits.importBytesMax)
        past = records.map { one in
            Past(
                href: "/desk/indicators/imports/\(one.id)", file: one.fileName,
                kind: visit.word("indicators.import.kind.\(one.kind.rawValue)"),
                state: Self.state(one.state, visit),
                counts: one.state == .done ? Self.counts(one, visit) : "", at: visit.time(one.createdAt))
        }
        hasPast = !records.isEmpty
    }

    static func state(_ state: IndicatorImport.State, _ visit: Visit) -> Badge {
        Badge(
            visit.word("indicators.import.state.\(state.rawValue)"),
            state == .done ? .good : state == .draft ? .warning : .neutral)
    }

    static func counts(_ one: IndicatorImport, _ visit: Visit) -> String {
        visit.word(
            "indicators.import.counts", visit.number(one.added), visit.number(one.changed), visit.number(one.same),
            visit.number(one.refused))
    }
}

struct IndicatorPreviewPage: Page {
    static let template = "indicators/preview"

    struct Line: Sendable {
        let row: String
        let subject: String
        let period: String
        let before: String
        let after: String
        let kind: Badge
    }

    struct Refusal: Sendable {
        let row: String
        let column: String
        let reason: String
    }

    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let state: Badge
    let counts: String
    let tiles: StatTiles?
    let lines: [Line]
    let hasLines: Bool
    let moreLines: String?
    let refusals: [Refusal]
    let hasRefusals: Bool
    let moreRefusals: String?
    let refusedPath: String?
    let confirmPath: String?
    let discardPath: String?
    var isWide: Bool { true }

    init(visit: Visit, record: IndicatorImport, preview: ImportPreview?) {
        let max = IndicatorLimits.previewRowsShown
        title = visit.word("indicators.import.preview")
        subtitle = record.fileName
        breadcrumbs = [
            Breadcrumb(visit.word("indicators.list.title"), "/desk/indicators"),
            Breadcrumb(visit.word("indicators.import.title"), "/desk/indicators/import"),
        ]
        state = IndicatorImportStartPage.state(record.state, visit)
        counts = record.state == .done ? IndicatorImportStartPage.counts(record, visit) : ""
        tiles = preview.map { preview in
            StatTiles([
                .init(visit.word("indicators.import.added"), visit.number(preview.added.count), tone: .good),
                .init(visit.word("indicators.import.changed"), visit.number(preview.changed.count), tone: .info),
                .init(visit.word("indicators.import.same"), visit.number(preview.same)),
                .init(
                    visit.word("indicators.import.refused"), visit.number(preview.refused.count),
                    tone: preview.refused.isEmpty ? .neutral : .warning),
            ])
        }
        func line(_ change: ImportPreview.Change) -> Line {
            Line(
                row: String(change.row), subject: visit.text(change.subject), period: visit.text(change.period.title),
                before: change.before ?? "–", after: change.after,
                kind: change.before == nil
                    ? Badge(visit.word("indicators.import.added"), .good)
                    : Badge(visit.word("indicators.import.changed"), .info))
        }
        // What would overwrite something is shown before what is only new.
        let changes = (preview?.changed ?? []) + (preview?.added ?? [])
        lines = changes.prefix(max).map(line)
        hasLines = !changes.isEmpty
        moreLines =
            changes.count > max ? visit.word("indicators.import.more", visit.number(changes.count - max)) : nil
        let refused = preview?.refused ?? []
        refusals = refused.prefix(max).map {
            Refusal(row: String($0.row), column: $0.column, reason: visit.text($0.reason))
        }
        hasRefusals = !refused.isEmpty
        moreRefusals =
            refused.count > max ? visit.word("indicators.import.more", visit.number(refused.count - max)) : nil
        let base = "/desk/indicators/imports/\(record.id)"
        let hasRefused = !refused.isEmpty || (record.state == .done && record.refused > 0)
        refusedPath = hasRefused ? "\(base)/refused" : nil
        confirmPath = record.state == .draft && hasLines ? "\(base)/confirm" : nil
        discardPath = record.state == .draft ? "\(base)/discard" : nil
    }
}
