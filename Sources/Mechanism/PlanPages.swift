internal import Core
internal import Organisation
internal import Web

struct PlanListPage: Page {
    static let template = "plans/list"
    let title: String
    let subtitle: String?
    let table: Table
    let actions: [PageAction]
    var isWide: Bool { true }
}

struct PlanTreePage: Page {
    static let template = "plans/tree"

    struct Line: Sendable {
        let anchor: String
        /// 1 to 4, for the indentation.
        let depth: Int
        let code: String
        let name: String
        let level: String
        let industry: String?
        let document: String?
        let hasTasks: Bool
        let count: String
        let permille: Int
        let done: String
        let planned: String
        let red: String?
        let yellow: String?
        let blue: String?
        let tasksHref: String
        let hasOwnTasks: Bool
        let tasks: PlainTable
        /// Where the tasks of a folded node are shown, and how many that are.
        let openHref: String?
        let open: String
        let addHref: String?
        let taskHref: String?
        let editHref: String?
    }

    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let actions: [PageAction]
    let isDemo: Bool
    let tiles: StatTiles
    let lines: [Line]
    let isEmpty: Bool
    let empty: EmptyState
    var isWide: Bool { true }
}
