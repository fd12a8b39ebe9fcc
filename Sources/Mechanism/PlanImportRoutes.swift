internal import Casework
internal import Core
internal import Foundation
internal import Hummingbird
internal import Organisation
internal import Sheets
internal import Store
internal import Web

/// A plan from a table of Excel or Word: recognised, shown for correction, then written at once or not at all.
///
/// Between the two steps nothing is kept: the form carries what was recognised.
struct PlanImportRoutes: Sendable {
    let database: any Database
    let plans: Plans
    let tasks: Tasks

    private var profile: Profile { tasks.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/plans/import", MechanismModule.steering, start)
        routes.post(
            "/desk/plans/import", MechanismModule.steering,
            bodyBytesMax: MechanismLimits.importBytesMax + WebLimits.formBytesMax, recognise)
        routes.post("/desk/plans/import/take", MechanismModule.steering, bodyBytesMax: 1 << 20, take)
        return routes
    }

    @Sendable private func start(_ visit: Visit) async throws -> Response {
        try visit.render(try await startPage(visit, parent: visit.query("parent") ?? "", name: "", error: nil))
    }

    private func startPage(_ visit: Visit, parent: String, name: String, error: String?) async throws
        -> PlanImportPage
    {
        let roots = try await database.read { try PlanStore.roots(in: $0) }
        return PlanImportPage(
            title: visit.word("plans.import.title"), subtitle: visit.word("plans.import.subtitle"),
            breadcrumbs: [Breadcrumb(visit.word("plans.list.title"), "/desk/plans")],
            fields: [
                Field(
                    label: visit.word("plans.import.parent"), name: "parent", kind: .select, value: parent,
                    options: roots.map { .init("\($0.id)", $0.title) }, hint: visit.word("plans.import.parent.new")),
                Field(
                    label: visit.word("plans.import.name"), name: "name", value: name,
                    hint: visit.word("plans.import.name.hint"), charactersMax: MechanismLimits.titleCharactersMax,
                    autocomplete: "off"),
            ],
            upload: Upload(
                label: visit.word("plans.import.file"), name: "file", accept: [".xlsx", ".csv", ".docx"],
                bytesMax: MechanismLimits.importBytesMax, hint: visit.word("plans.import.file.hint"), error: error))
    }

    @Sendable private func recognise(_ visit: Visit) async throws -> Response {
        let folder = FileManager.default.temporaryDirectory
        let (fields, file) = try await visit.upload(to: folder, bytesMax: MechanismLimits.importBytesMax)
        defer { if let file { try? FileManager.default.removeItem(at: file.path) } }
        do {
            guard let file, !file.name.isEmpty else { throw MechanismError.importGone }
            let table = try read(file.path.path, name: file.name)
            guard !table.lines.isEmpty || !table.refused.isEmpty else { throw MechanismError.importNothing }
            let typed = fields.text("name")
            let name = typed.isEmpty ? (file.name as NSString).deletingPathExtension : typed
            return try visit.render(
                PlanImportCheckPage(
                    visit: visit, table: table, profile: profile, parent: fields.text("parent"), name: name,
                    typed: nil, error: nil))
        } catch let problem as any Problem {
            let page = try await startPage(
                visit, parent: fields.text("parent"), name: fields.text("name"),
                error: problem.report.explanation(visit.language))
            return try visit.render(page, status: .unprocessableContent)
        }
    }

    private func read(_ path: String, name: String) throws -> MeasureTable {
        var rows: [SheetRow] = []
        let titles: [String]
        if name.lowercased().hasSuffix(".docx") {
            let all = try DocumentTables.rows(path: path)
            guard let header = HeaderFinder.find(all, isKnown: MeasureTable.isKnown) else {
                throw MechanismError.importNoColumns
            }
            titles = header.titles
            rows = Array(all.dropFirst(header.index + header.height).prefix(MechanismLimits.importRowsMax + 1))
        } else {
            let sheet = try HeadedSheet(SheetFile.open(path: path, name: name), isKnown: MeasureTable.isKnown)
            titles = sheet.titles
            while rows.count <= MechanismLimits.importRowsMax, let row = try sheet.next() { rows.append(row) }
        }
        return try MeasureTable(titles: titles, rows: rows, profile: profile, today: tasks.today)
    }

    // MARK: - Taking

    @Sendable private func take(_ visit: Visit) async throws -> Response {
        let (fields, account) = (try await visit.fields(), try visit.account())
        let (plans, tasks) = (plans, tasks)
        let lines = PlanImportCheckPage.lines(of: fields)
        do {
            let chosen = try lines.filter(\.isChosen).map { try draft($0) }
            guard !chosen.isEmpty else { throw MechanismError.importNothing }
            let (parent, name) = (fields.text("parent"), fields.text("name"))
            let root = try await database.write { tx in
                let root: PlanNode
                if let id = ID<PlanNode>(text: parent) {
                    root = try PlanStore.find(id, in: tx)
                } else {
                    root = try plans.add(.init(level: .action, title: name), in: tx)
                }
                var measures: [String: ID<PlanNode>] = [:]
                var drafts: [Tasks.Draft] = []
                for (measure, draft) in chosen {
                    var draft = draft
                    if measure.isEmpty || root.level == .measure {
                        draft.nodeID = root.id
                    } else if let id = measures[measure] {
                        draft.nodeID = id
                    } else {
                        let node = try plans.add(.init(level: .measure, parentID: root.id, title: measure), in: tx)
                        measures[measure] = node.id
                        draft.nodeID = node.id
                    }
                    draft.sourceText = root.title
                    drafts.append(draft)
                }
                _ = try tasks.open(drafts, actor: account.actor, in: tx)
                return root.rootID
            }
            return visit.redirect("/desk/plans/\(root)", toast: "plans.import.toast")
        } catch let problem as any Problem where problem.report.kind != .missing {
            let page = PlanImportCheckPage(
                visit: visit, table: nil, profile: profile, parent: fields.text("parent"), name: fields.text("name"),
                typed: lines, error: problem.report.explanation(visit.language))
            return try visit.render(page, status: .unprocessableContent)
        }
    }

    private func draft(_ line: PlanImportCheckPage.Typed) throws -> (String, Tasks.Draft) {
        guard let due = Day(iso: line.due) else { throw MechanismError.dayMissing }
        guard !line.lead.isEmpty else { throw MechanismError.leadMissing }
        guard let weight = Int(line.weight) else {
            throw MechanismError.weightOutOfRange(max: MechanismLimits.weightMax)
        }
        let today = tasks.today
        return (
            line.measure,
            Tasks.Draft(
                title: line.title, code: line.code, target: line.target, weight: weight, lead: line.lead,
                supporting: line.supporting.filter { $0 != line.lead }, start: min(today, due), due: due)
        )
    }
}

struct PlanImportPage: Page {
    static let template = "plans/import"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let fields: [Field]
    let upload: Upload
}

struct PlanImportCheckPage: Page {
    static let template = "plans/import-check"

    /// A row as its form says it.
    struct Typed: Sendable {
        let row: String
        let isChosen: Bool
        let code: String
        let measure: String
        let title: String
        let target: String
        let lead: String
        let supporting: [String]
        let due: String
        let weight: String
        let said: String
    }

    struct Choice: Sendable {
        let value: String
        let label: String
        let isSelected: Bool
    }

    struct Line: Sendable {
        let index: Int
        let row: String
        let isChosen: Bool
        let measure: String
        let name: String
        let target: String
        let leads: [Choice]
        /// What is not corrected here, in one field: row, number, target, supporting units, as written.
        let fixed: String
        let supportingNames: String
        let due: String
        let weight: String
        let said: String
        let notes: [Badge]
    }

    /// No text of a table holds it: U+001F, the unit separator.
    private static let separator = "\u{1F}"

    struct Refused: Sendable {
        let row: Int
        let reason: String
        let text: String
    }

    let title: String
    let breadcrumbs: [Breadcrumb]
    let error: String?
    let summary: String
    let parent: String
    let name: String
    let lines: [Line]
    let refused: [Refused]
    let hasRefused: Bool
    var isWide: Bool { true }

    init(
        visit: Visit, table: MeasureTable?, profile: Profile, parent: String, name: String, typed: [Typed]?,
        error: String?
    ) {
        let words = MechanismWords(visit: visit, profile: profile)
        let rows =
            typed
            ?? (table?.lines ?? []).map { line in
                Typed(
                    row: "\(line.row)", isChosen: true, code: line.code, measure: line.measure, title: line.title,
                    target: line.target, lead: line.lead ?? "", supporting: line.supporting,
                    due: line.due?.description ?? "", weight: "\(line.weight)", said: line.said)
            }
        let doubts = Dictionary(
            (table?.lines ?? []).map { ("\($0.row)", $0) }, uniquingKeysWith: { first, _ in first })
        title = visit.word("plans.import.title")
        breadcrumbs = [Breadcrumb(visit.word("plans.list.title"), "/desk/plans")]
        self.error = error
        summary = visit.word(
            "plans.import.check", visit.number(rows.count), visit.number(table?.refused.count ?? 0))
        self.parent = parent
        self.name = name
        lines = rows.enumerated().map { index, row in
            let found = doubts[row.row]
            let notes =
                (found?.doubts ?? []).map { Badge(visit.word("plans.import.reason.\($0.rawValue)"), .warning) }
                + (found?.unknown ?? []).map { Badge(visit.word("plans.import.unknown", $0), .danger) }
            return Line(
                index: index, row: row.row, isChosen: row.isChosen, measure: row.measure,
                name: row.title, target: row.target,
                leads: words.unitOptions.map {
                    Choice(value: $0.value, label: $0.title, isSelected: $0.value == row.lead)
                },
                fixed: [row.row, row.code, row.target, row.supporting.joined(separator: " "), row.said]
                    .map { $0.replacingOccurrences(of: Self.separator, with: " ") }.joined(separator: Self.separator),
                supportingNames: words.units(row.supporting),
                due: row.due, weight: row.weight, said: row.said, notes: notes)
        }
        refused = (table?.refused ?? []).map {
            Refused(row: $0.row, reason: visit.word("plans.import.reason.\($0.reason.rawValue)"), text: $0.text)
        }
        hasRefused = !refused.isEmpty
    }

    static func lines(of fields: Fields) -> [Typed] {
        (0..<MechanismLimits.importRowsMax).compactMap { index in
            guard let fixed = fields["fixed-\(index)"] else { return nil }
            let parts = fixed.split(separator: Self.separator, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 5 else { return nil }
            func text(_ name: String) -> String { fields.text("\(name)-\(index)") }
            return Typed(
                row: parts[0], isChosen: fields["take-\(index)"] != nil, code: parts[1], measure: text("measure"),
                title: text("title"), target: parts[2], lead: text("lead"),
                supporting: parts[3].split(separator: " ").map(String.init), due: text("due"),
                weight: text("weight"), said: parts[4])
        }
    }
}
