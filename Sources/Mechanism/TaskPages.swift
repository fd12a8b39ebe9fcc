internal import Casework
internal import Core
internal import Organisation
internal import Store
internal import Web

struct TaskListPage: Page {
    static let template = "tasks/list"
    let title: String
    let subtitle: String?
    let tiles: StatTiles
    let table: Table
    let actions: [PageAction]
    var isWide: Bool { true }
}

/// All that the page of one task reads, in one transaction.
struct TaskFacts: Sendable {
    let task: WorkTask
    let file: CaseFile
    let supporting: [String]
    let lights: TaskLights
    let node: PlanNode?
    let root: PlanNode?
    let reports: [(report: TaskReport, round: ReportRound)]
    let changes: [TaskChange]
    let steps: [TaskStep]
    let blockers: [TaskListStore.Entry]
    let heldUp: [TaskListStore.Entry]
    let names: [Int64: String]
    let content: CaseFacetContent

    init(_ id: ID<CaseFile>, tasks: Tasks, now: Instant, in tx: any Transaction) throws {
        task = try TaskStore.find(id, in: tx)
        content = try CaseFacets.content(of: id, now: now, in: tx)
        file = content.file
        supporting = content.supporting
        lights = try tasks.lights(of: task, state: TaskState(rawValue: file.state) ?? .planned, in: tx)
        node = try task.nodeID.map { try PlanStore.find($0, in: tx) }
        root = try task.rootID.map { try PlanStore.find($0, in: tx) }
        var rounds: [ID<ReportRound>: ReportRound] = [:]
        for round in try RoundStore.rounds(in: tx) { rounds[round.id] = round }
        reports = try RoundStore.reports(ofTask: id, in: tx).compactMap { report in
            rounds[report.roundID].map { (report, $0) }
        }
        changes = try TaskChangeStore.changes(of: id, in: tx)
        steps = try TaskChangeStore.steps(of: id, in: tx)
        let pairs = try TaskStore.blocks(in: tx)
        let day = tasks.today
        blockers = try TaskListStore.entries(
            pairs.filter { $0.task == id }.map(\.blocker), on: day, now: now, in: tx)
        heldUp = try TaskListStore.entries(
            Array(BlockedBy(pairs).heldUp(by: id).prefix(MechanismLimits.heldUpShown)), on: day, now: now, in: tx)
        let people =
            changes.flatMap { [$0.askedBy, $0.decidedBy].compactMap { $0 } }
            + steps.flatMap { [$0.byPerson, $0.answeredBy].compactMap { $0 } }
            + reports.flatMap { [$0.report.filledBy, $0.report.checkedBy].compactMap { $0 } }
        names = try PersonStore.names(of: people, in: tx)
    }
}

struct TaskPage: Page {
    static let template = "tasks/show"

    struct MilestoneRow: Sendable {
        let name: String
        let weight: String
        let due: String
        let permille: Int
        let done: String
        let isLate: Bool
    }

    struct ReportRow: Sendable {
        let roundTitle: String
        let href: String
        let state: Badge
        let progress: String
        let text: String
        let who: String
    }

    struct ChangeRow: Sendable {
        let kind: String
        let old: String
        let new: String
        let reason: String
        let asked: String
        let state: Badge
        let decided: String?
        let decision: String?
        let form: SmallForm?
    }

    struct StepRow: Sendable {
        let step: Badge
        let text: String
        let who: String
        let answerDue: String?
        let answer: String?
        let answered: String?
        let form: SmallForm?
    }

    struct OtherRow: Sendable {
        let number: String
        let name: String
        let href: String
        let light: LightBadge
        let unit: String
        let due: String
        let removal: SmallForm?
    }

    struct Step: Sendable {
        let value: String
        let label: String
        let isPrimary: Bool
    }

    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let isDemo: Bool
    let problem: String?
    let tiles: StatTiles
    let light: LightBadge
    let derivation: String
    let facts: KeyValues
    let detail: String?
    let target: String?
    let milestones: [MilestoneRow]
    let milestoneForm: SmallForm?
    let chart: Chart
    let movePath: String
    let version: Int
    let canMove: Bool
    let events: [Step]
    let reason: Field
    let reports: [ReportRow]
    let hasReports: Bool
    let reportAction: PageAction?
    let changes: [ChangeRow]
    let hasChanges: Bool
    let dueForm: SmallForm?
    let targetForm: SmallForm?
    let blockers: [OtherRow]
    let hasBlockers: Bool
    let blockForm: SmallForm?
    let heldUp: [OtherRow]
    let hasHeldUp: Bool
    let heldUpNote: String?
    let steps: [StepRow]
    let hasSteps: Bool
    let level: Badge
    let supervisionForm: SmallForm?
    let facet: CaseFacet
    var isWide: Bool { true }
}
