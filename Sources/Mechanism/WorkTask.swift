package import Casework
package import Core

/// What the spine does not know of a task: its place in the plan, its dates, its share and its progress.
package struct WorkTask: Sendable, Equatable {
    /// That of its case.
    package let id: ID<CaseFile>
    package var nodeID: ID<PlanNode>?
    package var rootID: ID<PlanNode>?
    /// As the paper numbers it.
    package var code: String
    package var detail: String
    /// What will be there when it is done, so that somebody else can check it.
    package var target: String
    /// Its share of everything above it, beside the weights of the other tasks there.
    package var weight: Int
    package var source: TaskSource
    package var sourceText: String
    package var start: Day
    package var due: Day
    package var startedOn: Day?
    /// As last checked.
    package var progressPPM: Int
    package var supervision: SupervisionLevel
    package var isDemo: Bool

    package init(
        id: ID<CaseFile>, nodeID: ID<PlanNode>?, rootID: ID<PlanNode>?, code: String = "", detail: String = "",
        target: String = "", weight: Int = 10, source: TaskSource = .plan, sourceText: String = "", start: Day,
        due: Day, startedOn: Day? = nil, progressPPM: Int = 0, supervision: SupervisionLevel = .none,
        isDemo: Bool = false
    ) {
        self.id = id
        self.nodeID = nodeID
        self.rootID = rootID
        self.code = code
        self.detail = detail
        self.target = target
        self.weight = weight
        self.source = source
        self.sourceText = sourceText
        self.start = start
        self.due = due
        self.startedOn = startedOn
        self.progressPPM = progressPPM
        self.supervision = supervision
        self.isDemo = isDemo
    }

    /// What full-text search finds it by, besides its title.
    var searchText: String { [code, detail, target, sourceText].filter { !$0.isEmpty }.joined(separator: "\n") }
}

/// A change of a date or a target: asked for, then approved or refused by somebody else. The old value stays.
package struct TaskChange: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case due, target
        package var title: Bilingual {
            switch self {
            case .due: Bilingual(zh: "完成时限", en: "Due date")
            case .target: Bilingual(zh: "目标", en: "Target")
            }
        }
    }
    package enum State: String, Sendable, CaseIterable {
        case asked, approved, refused
        package var title: Bilingual {
            switch self {
            case .asked: Bilingual(zh: "待审批", en: "To be decided")
            case .approved: Bilingual(zh: "已批准", en: "Approved")
            case .refused: Bilingual(zh: "未批准", en: "Refused")
            }
        }
    }
    package let id: ID<TaskChange>
    package let taskID: ID<CaseFile>
    package let kind: Kind
    package let oldValue: String
    package let newValue: String
    package let reason: String
    package let state: State
    package let askedBy: Int64
    package let askedAt: Instant
    package let decidedBy: Int64?
    package let decidedAt: Instant?
    package let decision: String
}

/// One step of supervision, and what the unit answered.
package struct TaskStep: Sendable, Equatable {
    package let id: ID<TaskStep>
    package let taskID: ID<CaseFile>
    package let step: SupervisionStep
    package let text: String
    package let answerDue: Day?
    package let byPerson: Int64
    package let at: Instant
    package let answer: String?
    package let answeredBy: Int64?
    package let answeredAt: Instant?
}
