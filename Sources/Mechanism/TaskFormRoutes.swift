internal import Casework
internal import Core
internal import Foundation
internal import Hummingbird
internal import Organisation
internal import Store
internal import Web

/// The form that opens a task, below a measure or on its own.
struct TaskFormRoutes: Sendable {
    let database: any Database
    let tasks: Tasks

    private var profile: Profile { tasks.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/tasks/new", MechanismModule.steering, form)
        routes.post("/desk/tasks/new", MechanismModule.steering, create)
        return routes
    }

    @Sendable private func form(_ visit: Visit) async throws -> Response {
        let node = try await node(visit.query("node"))
        let start = tasks.today
        let typed = Fields([
            (name: "weight", value: "10"), (name: "start", value: start.description),
            (name: "due", value: start.adding(months: 6).description), (name: "source", value: "plan"),
        ])
        return try visit.render(page(visit, node, typed, error: nil))
    }

    private func node(_ text: String?) async throws -> PlanNode? {
        guard let id = text.flatMap({ ID<PlanNode>(text: $0) }) else { return nil }
        return try await database.read { try PlanStore.find(id, in: $0) }
    }

    private func page(_ visit: Visit, _ node: PlanNode?, _ typed: Fields, error: (field: String, text: String)?)
        -> FormPage
    {
        let units = MechanismWords(visit: visit, profile: profile).unitOptions
        func field(
            _ name: String, _ kind: Field.Kind = .text, hint: Bool = false, isRequired: Bool = false, max: Int? = nil,
            options: [Field.Option] = []
        ) -> Field {
            Field(
                label: visit.word("tasks.form.\(name)"), name: name, kind: kind, value: typed.text(name),
                values: kind == .checkboxes ? typed.all(name) : nil, options: options,
                error: error?.field == name ? error?.text : nil,
                hint: hint ? visit.word("tasks.form.\(name).hint") : nil, isRequired: isRequired, charactersMax: max,
                autocomplete: kind == .text ? "off" : nil)
        }
        let sources = TaskSource.allCases.map { Field.Option($0.rawValue, visit.text($0.title)) }
        return FormPage(
            title: visit.word("tasks.new"),
            breadcrumbs: node.map {
                [
                    Breadcrumb(visit.word("plans.list.title"), "/desk/plans"),
                    Breadcrumb($0.title, "/desk/plans/\($0.rootID)"),
                ]
            } ?? [Breadcrumb(visit.word("tasks.list.title"), "/desk/tasks")],
            errors: FormErrors(error.map { [(name: $0.field, message: $0.text)] } ?? []),
            hint: node?.title,
            form: SmallForm(
                path: "/desk/tasks/new", version: node.map { "\($0.id)" } ?? "",
                fields: [
                    field("code", max: MechanismLimits.shortCharactersMax),
                    field("title", isRequired: true, max: MechanismLimits.titleCharactersMax),
                    field("detail", .longText, max: MechanismLimits.textCharactersMax),
                    field("target", .longText, hint: true, isRequired: true, max: MechanismLimits.textCharactersMax),
                    field("lead", .select, hint: true, isRequired: true, options: units),
                    field("supporting", .checkboxes, options: units), field("start", .date, isRequired: true),
                    field("due", .date, isRequired: true), field("weight", .number, hint: true, isRequired: true),
                    field("milestones", .longText, hint: true),
                    field("source", .select, isRequired: true, options: sources),
                    field("source_text", max: MechanismLimits.reasonCharactersMax),
                ], button: visit.word("mechanism.save"), isPrimary: true))
    }

    @Sendable private func create(_ visit: Visit) async throws -> Response {
        let (fields, account) = (try await visit.fields(), try visit.account())
        let node = try await node(fields["version"])
        do {
            let (tasks, draft) = (tasks, try draft(fields, node))
            let id = try await database.write { try tasks.open([draft], actor: account.actor, in: $0)[0] }
            return visit.redirect("/desk/tasks/\(id)", toast: "tasks.toast.opened")
        } catch let problem as any Problem where problem.report.kind != .missing {
            let error = (field: Self.field(of: problem), text: problem.report.explanation(visit.language))
            return try visit.render(page(visit, node, fields, error: error), status: .unprocessableContent)
        }
    }

    private func draft(_ fields: Fields, _ node: PlanNode?) throws -> Tasks.Draft {
        guard let start = Day(iso: fields.text("start")), let due = Day(iso: fields.text("due")) else {
            throw MechanismError.dayMissing
        }
        let leads = fields.all("lead").filter { !$0.isEmpty }
        guard leads.count == 1 else { throw MechanismError.leadMissing }
        guard let weight = Int(fields.text("weight")) else {
            throw MechanismError.weightOutOfRange(max: MechanismLimits.weightMax)
        }
        return Tasks.Draft(
            title: fields.text("title"), nodeID: node?.id, code: fields.text("code"), detail: fields.text("detail"),
            target: fields.text("target"), weight: weight, source: TaskSource(rawValue: fields.text("source")) ?? .plan,
            sourceText: fields.text("source_text"), lead: leads[0], supporting: fields.all("supporting"), start: start,
            due: due, milestones: try MilestoneText.read(fields.text("milestones")))
    }

    /// The field that can mend it.
    private static func field(of problem: any Problem) -> String {
        switch problem {
        case MechanismError.leadMissing, MechanismError.unitDissolved: "lead"
        case MechanismError.dayMissing, MechanismError.dueBeforeStart, MechanismError.dayOutOfRange: "due"
        case MechanismError.weightOutOfRange: "weight"
        case MechanismError.weightsSum, MechanismError.milestoneUntitled, MechanismError.milestoneBeforeStart,
            MechanismError.tooManyMilestones:
            "milestones"
        case CaseError.leadAlsoSupports, CaseError.tooManyUnits: "supporting"
        default: "title"
        }
    }
}
