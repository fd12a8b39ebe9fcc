internal import Casework
internal import Core
internal import Foundation
internal import Hummingbird
internal import Organisation
internal import Store
internal import Web

/// Plans on the desk: all of them, one as a tree, and the forms that grow it.
struct PlanRoutes: Sendable {
    let database: any Database
    let plans: Plans
    let tasks: Tasks
    let sums: TaskSums

    private var profile: Profile { tasks.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/plans", .desk, list)
        routes.get("/desk/plans/new", MechanismModule.steering, newForm)
        routes.post("/desk/plans/new", MechanismModule.steering, create)
        routes.get("/desk/plans/export", .desk, export)
        routes.get("/desk/plans/:id", .desk, show)
        routes.get("/desk/plans/:id/edit", MechanismModule.steering, editForm)
        routes.post("/desk/plans/:id/edit", MechanismModule.steering, edit)
        routes.get("/desk/plans/:id/table", .desk, decomposition)
        return routes
    }

    // MARK: - List

    private func found(_ visit: Visit) async throws -> ShortList {
        let query = ListQuery.read(
            visit, sorts: ["position", "done", "red"], defaultSort: "position", filters: ["industry", "level"])
        let (now, day, sums) = (visit.now, tasks.today, sums)
        let (roots, totals) = try await database.read { tx in
            (
                try PlanStore.roots(in: tx),
                try sums.value("plans", now: now, in: tx) {
                    try PlanStore.totals(ofRoot: nil, on: day, now: now, in: tx)
                }
            )
        }
        var found = roots.filter { node in
            (query.search.isEmpty
                || "\(node.code) \(node.title) \(node.document)".localizedStandardContains(query.search))
                && (query.filter("industry").map { $0 == node.industryCode } ?? true)
                && (query.filter("level").map { $0 == node.level.rawValue } ?? true)
        }
        func order(_ node: PlanNode) -> Int64 {
            let total = totals[node.id] ?? PlanTotals()
            return query.sort == "red" ? total.lights[Int(Light.red.rank)] : Int64(total.donePPM ?? -1)
        }
        if query.sort != "position" { found.sort { (order($0), $0.id) < (order($1), $1.id) } }
        if query.isDescending { found.reverse() }
        return ShortList(
            query: query,
            columns: [
                .init("position", visit.word("plans.title"), isSortable: true, isFixed: true),
                .init("level", visit.word("plans.level")), .init("industry", visit.word("plans.industry")),
                .init("document", visit.word("plans.document")),
                .init("tasks", visit.word("plans.tasks"), isNumeric: true),
                .init("done", visit.word("tasks.progress"), isSortable: true, isNumeric: true),
                .init("planned", visit.word("tasks.planned"), isNumeric: true),
                .init("red", visit.word("mechanism.light.red"), isSortable: true, isNumeric: true),
                .init("yellow", visit.word("mechanism.light.yellow"), isNumeric: true),
            ], rows: found.map { row($0, totals[$0.id] ?? PlanTotals(), visit) })
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        try await found(visit).download(visit, name: visit.word("plans.list.title"), subject: "plans", in: database)
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let table = try await found(visit).table(
            visit,
            filters: [
                .init(
                    "level", visit.word("plans.level"),
                    options: PlanNode.Level.allCases.dropLast().map { .init($0.rawValue, visit.text($0.title)) }),
                .init(
                    "industry", visit.word("plans.industry"),
                    options: profile.keyIndustries.map { .init($0.code, $0.name(visit.language)) }),
            ], path: "/desk/plans", emptyKey: "plans.list.empty")
        let steers = MechanismPermission.steers(try visit.account())
        return try visit.render(
            PlanListPage(
                title: visit.word("plans.list.title"), subtitle: visit.word("plans.list.subtitle"), table: table,
                actions: steers
                    ? [
                        PageAction(visit.word("plans.import.title"), "/desk/plans/import"),
                        PageAction(visit.word("plans.new"), "/desk/plans/new", isPrimary: true),
                    ] : []))
    }

    private func row(_ node: PlanNode, _ totals: PlanTotals, _ visit: Visit) -> Table.Row {
        let words = MechanismWords(visit: visit, profile: profile)
        let industry = profile.keyIndustries.first { $0.code == node.industryCode }?.name(visit.language)
        func count(_ light: Light) -> Web.Cell {
            let number = Int(totals.lights[Int(light.rank)])
            return number == 0
                ? .number(0)
                : .link(visit.number(number), "/desk/tasks?plan=\(node.id)&light=\(light.rawValue)")
        }
        return Table.Row(
            href: "/desk/plans/\(node.id)",
            cells: [
                .text(node.title), .text(visit.text(node.level.title)), industry.map(Web.Cell.text) ?? .none,
                node.document.isEmpty ? .none : .long(node.document), .number(totals.tasks),
                totals.donePPM.map(words.progress) ?? .none, totals.plannedPPM.map { .text(Points.text($0)) } ?? .none,
                count(.red), count(.yellow),
            ])
    }

    // MARK: - Tree

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let id: ID<PlanNode> = try visit.id()
        let (now, day) = (visit.now, tasks.today)
        let opened = visit.query("open").flatMap { ID<PlanNode>(text: $0) }
        let read = try await database.read { tx in
            let node = try PlanStore.find(id, in: tx)
            let root = try PlanStore.find(node.rootID, in: tx)
            let tree = PlanTree(
                try PlanStore.nodes(ofRoot: root.id, in: tx),
                own: try PlanStore.totals(ofRoot: root.id, on: day, now: now, in: tx))
            let counts = try TaskStore.counts(ofRoot: root.id, in: tx)
            // A long plan shows the tasks of the one node that was opened.
            let ids =
                counts.values.reduce(0, +) <= MechanismLimits.tasksUnfoldedMax
                ? try TaskStore.tasks(ofRoot: root.id, in: tx).map(\.id)
                : try opened.map { try TaskStore.ids(ofNode: $0, in: tx) } ?? []
            return (
                root: root, tree: tree, counts: counts,
                tasks: try TaskListStore.entries(ids, on: day, now: now, in: tx)
            )
        }
        let byNode = Dictionary(grouping: read.tasks, by: \.task.nodeID)
        let steers = MechanismPermission.steers(try visit.account())
        let total = read.tree.totals[read.root.id] ?? PlanTotals()
        let maker = PlanLineMaker(visit: visit, profile: profile, steers: steers, counts: read.counts)
        var actions = [PageAction(visit.word("plans.table"), "/desk/plans/\(read.root.id)/table")]
        if steers {
            actions.append(
                PageAction(visit.word("plans.import.title"), "/desk/plans/import?parent=\(read.root.id)"))
        }
        return try visit.render(
            PlanTreePage(
                title: read.root.title,
                subtitle: read.root.document.isEmpty ? visit.text(read.root.level.title) : read.root.document,
                breadcrumbs: [Breadcrumb(visit.word("plans.list.title"), "/desk/plans")], actions: actions,
                isDemo: read.root.isDemo, tiles: maker.tiles(total, root: read.root),
                lines: read.tree.lines.map { maker.line($0, byNode[$0.node.id] ?? []) },
                isEmpty: read.tree.lines.count == 1 && read.counts.isEmpty,
                empty: EmptyState(
                    title: visit.word("plans.tree.empty"), detail: visit.word("plans.tree.empty.detail"),
                    action: steers
                        ? PageAction(
                            visit.word("plans.import.title"), "/desk/plans/import?parent=\(read.root.id)",
                            isPrimary: true) : nil)))
    }

    @Sendable private func decomposition(_ visit: Visit) async throws -> Response {
        let id: ID<PlanNode> = try visit.id()
        let (now, day) = (visit.now, tasks.today)
        let sheet = try await database.read { tx in
            let root = try PlanStore.find(try PlanStore.find(id, in: tx).rootID, in: tx)
            let ids = try TaskStore.tasks(ofRoot: root.id, in: tx).map(\.id)
            return DecompositionSheet(
                root: root,
                lines: PlanTree(try PlanStore.nodes(ofRoot: root.id, in: tx), own: [:]).lines,
                tasks: try TaskListStore.entries(ids, on: day, now: now, in: tx),
                supporting: try PlanStore.supportingUnits(ofRoot: root.id, in: tx))
        }
        return try sheet.response(visit, words: MechanismWords(visit: visit, profile: profile))
    }

    // MARK: - Forms

    private func fields(_ visit: Visit, _ draft: Plans.Draft, levels: [PlanNode.Level]) -> [Field] {
        let isRoot = draft.parentID == nil
        var fields: [Field] = []
        if levels.count > 1 {
            fields.append(
                Field(
                    label: visit.word("plans.level"), name: "level", kind: .select, value: draft.level.rawValue,
                    options: levels.map { .init($0.rawValue, visit.text($0.title)) }, isRequired: true))
        }
        fields += [
            Field(
                label: visit.word("plans.code"), name: "code", value: draft.code, hint: visit.word("plans.code.hint"),
                charactersMax: MechanismLimits.shortCharactersMax, autocomplete: "off"),
            Field(
                label: visit.word("plans.title"), name: "title", value: draft.title, isRequired: true,
                charactersMax: MechanismLimits.titleCharactersMax, autocomplete: "off"),
            Field(
                label: visit.word("plans.industry"), name: "industry", kind: .select, value: draft.industryCode ?? "",
                options: profile.keyIndustries.map { .init($0.code, $0.name(visit.language)) }),
        ]
        if isRoot || !draft.document.isEmpty {
            fields.append(
                Field(
                    label: visit.word("plans.document"), name: "document", value: draft.document,
                    hint: visit.word("plans.document.hint"), charactersMax: MechanismLimits.titleCharactersMax,
                    autocomplete: "off"))
        }
        return fields
    }

    private func draft(_ fields: Fields, parent: PlanNode?, level: PlanNode.Level) -> Plans.Draft {
        Plans.Draft(
            level: fields["level"].flatMap(PlanNode.Level.init(rawValue:)) ?? level, parentID: parent?.id,
            code: fields.text("code"), title: fields.text("title"), industryCode: fields["industry"],
            document: fields.text("document"))
    }

    private func parent(_ text: String?) async throws -> PlanNode? {
        guard let id = text.flatMap({ ID<PlanNode>(text: $0) }) else { return nil }
        return try await database.read { try PlanStore.find(id, in: $0) }
    }

    private func formPage(
        _ visit: Visit, _ draft: Plans.Draft, parent: PlanNode?, error: String? = nil
    ) throws -> FormPage {
        let levels = parent.map(\.level.below) ?? PlanNode.Level.allCases.dropLast()
        return FormPage(
            title: visit.word(parent == nil ? "plans.new" : "plans.new.below"), breadcrumbs: crumbs(visit, parent),
            errors: FormErrors(error.map { [(name: "title", message: $0)] } ?? []),
            hint: parent.map(\.title),
            form: SmallForm(
                path: "/desk/plans/new", version: parent.map { "\($0.id)" } ?? "",
                fields: fields(visit, draft, levels: levels), button: visit.word("mechanism.save"), isPrimary: true))
    }

    private func crumbs(_ visit: Visit, _ node: PlanNode?) -> [Breadcrumb] {
        [Breadcrumb(visit.word("plans.list.title"), "/desk/plans")]
            + (node.map { [Breadcrumb($0.title, "/desk/plans/\($0.rootID)")] } ?? [])
    }

    @Sendable private func newForm(_ visit: Visit) async throws -> Response {
        let parent = try await parent(visit.query("parent"))
        let level = parent?.level.below.first ?? .action
        guard parent?.level != .measure else { throw MechanismError.levelNotBelow(.measure, parent: .measure) }
        return try visit.render(
            try formPage(visit, Plans.Draft(level: level, parentID: parent?.id, title: ""), parent: parent))
    }

    @Sendable private func create(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        let parent = try await parent(fields["version"])
        let draft = draft(fields, parent: parent, level: parent?.level.below.first ?? .action)
        do {
            let plans = plans
            let node = try await database.write { try plans.add(draft, in: $0) }
            return visit.redirect("/desk/plans/\(node.rootID)#node-\(node.id)", toast: "plans.toast.added")
        } catch let error as MechanismError {
            let message = error.report.explanation(visit.language)
            return try visit.render(
                try formPage(visit, draft, parent: parent, error: message), status: .unprocessableContent)
        }
    }

    private func editPage(
        _ visit: Visit, _ node: PlanNode, _ draft: Plans.Draft, version: Int, error: String? = nil
    ) -> FormPage {
        FormPage(
            title: visit.word("plans.edit"), breadcrumbs: crumbs(visit, node),
            errors: FormErrors(error.map { [(name: "title", message: $0)] } ?? []),
            hint: visit.text(node.level.title),
            form: SmallForm(
                path: "/desk/plans/\(node.id)/edit", version: "\(version)",
                fields: fields(visit, draft, levels: []), button: visit.word("mechanism.save"), isPrimary: true))
    }

    @Sendable private func editForm(_ visit: Visit) async throws -> Response {
        let id: ID<PlanNode> = try visit.id()
        let node = try await database.read { try PlanStore.find(id, in: $0) }
        let draft = Plans.Draft(
            level: node.level, parentID: node.parentID, code: node.code, title: node.title,
            industryCode: node.industryCode, document: node.document)
        return try visit.render(editPage(visit, node, draft, version: node.version))
    }

    @Sendable private func edit(_ visit: Visit) async throws -> Response {
        let id: ID<PlanNode> = try visit.id()
        let fields = try await visit.fields()
        let node = try await database.read { try PlanStore.find(id, in: $0) }
        var draft = draft(fields, parent: nil, level: node.level)
        draft.parentID = node.parentID
        guard let version = Int(fields.text("version")) else { throw WebError.formMalformed }
        do {
            let (plans, wanted) = (plans, draft)
            try await database.write { try plans.edit(id, version: version, wanted, in: $0) }
            return visit.redirect("/desk/plans/\(node.rootID)#node-\(id)", toast: "plans.toast.saved")
        } catch let error as MechanismError {
            let page = editPage(
                visit, node, draft, version: version, error: error.report.explanation(visit.language))
            return try visit.render(page, status: .unprocessableContent)
        }
    }
}
