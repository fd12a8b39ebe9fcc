internal import Core
internal import Web

struct RoundListPage: Page {
    static let template = "rounds/list"
    let title: String
    let subtitle: String?
    let table: Table
    let form: SmallForm?
}

struct RoundPage: Page {
    static let template = "rounds/show"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let tiles: StatTiles
    let tabs: Tabs?
    let table: Table
    let closePath: String?
    let checkPath: String?
    let problem: String?
    var isWide: Bool { true }
}

struct ReportPage: Page {
    static let template = "rounds/report"

    struct Said: Sendable {
        let heading: String
        let text: String
    }
    struct MilestoneRow: Sendable {
        let name: String
        let weight: String
        let due: String
        let before: String
        let now: String
        let isMore: Bool
    }
    struct EvidenceRow: Sendable {
        let kind: String
        let name: String
        let href: String?
    }

    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let problem: String?
    let state: Badge
    let isLate: Bool
    let note: String?
    let facts: KeyValues
    let isFilled: Bool
    let said: [Said]
    let milestones: [MilestoneRow]
    let evidence: [EvidenceRow]
    let hasEvidence: Bool
    let fillPath: String
    let movePath: String
    let version: Int
    let canFill: Bool
    let text: [Field]
    let progress: [Field]
    let citing: [Field]
    let upload: Upload
    let canConfirm: Bool
    let canCheck: Bool
    let canSendBack: Bool
    let reason: Field
}
