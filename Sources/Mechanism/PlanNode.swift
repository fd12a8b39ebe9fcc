package import Core

/// One level of the paper that leads to a task: outline → special plan → action plan → measure.
package struct PlanNode: Sendable, Equatable {
    /// From the widest to the narrowest; a node stands under one of a wider level, so that no cycle can be made.
    package enum Level: String, Sendable, CaseIterable, Comparable {
        case outline, special, action, measure

        package var title: Bilingual {
            switch self {
            case .outline: Bilingual(zh: "总体规划", en: "Outline")
            case .special: Bilingual(zh: "专项规划", en: "Special plan")
            case .action: Bilingual(zh: "行动方案", en: "Action plan")
            case .measure: Bilingual(zh: "举措", en: "Measure")
            }
        }
        package static func < (left: Self, right: Self) -> Bool {
            left.order < right.order
        }
        private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        /// The levels that may stand below this one.
        package var below: [Level] { Self.allCases.filter { $0 > self } }
    }

    package let id: ID<PlanNode>
    package let parentID: ID<PlanNode>?
    /// The plan it belongs to: its topmost ancestor, or itself.
    package let rootID: ID<PlanNode>
    package let level: Level
    /// Among its siblings.
    package let position: Int
    /// As the paper numbers it: `二`、`（三）`、`12`.
    package let code: String
    package let title: String
    package let industryCode: String?
    /// Number and origin of the paper: `普府办〔2021〕12号`.
    package let document: String
    package let isDemo: Bool
    package let version: Int

    package init(
        id: ID<PlanNode>, parentID: ID<PlanNode>?, rootID: ID<PlanNode>, level: Level, position: Int, code: String,
        title: String, industryCode: String?, document: String, isDemo: Bool, version: Int
    ) {
        self.id = id
        self.parentID = parentID
        self.rootID = rootID
        self.level = level
        self.position = position
        self.code = code
        self.title = title
        self.industryCode = industryCode
        self.document = document
        self.isDemo = isDemo
        self.version = version
    }
}

/// How much of a plan is done, by the weights of its tasks.
///
/// The sum of weight times progress over the sum of weights of all tasks below, whatever levels lie between: no mean
/// of means, and no rounding before the end.
package struct PlanTotals: Sendable, Equatable {
    package var weight: Int64 = 0
    /// Weight times parts per million.
    package var done: Int64 = 0
    /// The same for what was planned until now.
    package var planned: Int64 = 0
    package var tasks = 0
    /// Tasks by light, of those that are open.
    package var lights: [Int64] = [0, 0, 0, 0]
    package var closed = 0

    package init() {}

    package static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.weight += right.weight
        sum.done += right.done
        sum.planned += right.planned
        sum.tasks += right.tasks
        sum.closed += right.closed
        sum.lights = zip(left.lights, right.lights).map { $0 + $1 }
        return sum
    }

    /// Parts per million, half up; nil where nothing is to be done.
    package var donePPM: Int? { Self.share(done, of: weight) }
    package var plannedPPM: Int? { Self.share(planned, of: weight) }

    private static func share(_ sum: Int64, of weight: Int64) -> Int? {
        weight == 0 ? nil : Int((2 * sum + weight) / (2 * weight))
    }
}

/// The tree of one plan with the sums of everything below each node.
package struct PlanTree: Sendable {
    package struct Line: Sendable {
        package let node: PlanNode
        package let depth: Int
        package let totals: PlanTotals
    }

    /// Each node before those below it, siblings by position.
    package let lines: [Line]
    package let totals: [ID<PlanNode>: PlanTotals]

    /// - Parameter own: what hangs directly at each node.
    package init(_ nodes: [PlanNode], own: [ID<PlanNode>: PlanTotals]) {
        let children = Dictionary(grouping: nodes.filter { $0.parentID != nil }, by: \.parentID)
        var totals: [ID<PlanNode>: PlanTotals] = [:]
        // The narrowest levels first: a parent's level is always wider.
        for node in nodes.sorted(by: { $0.level > $1.level }) {
            totals[node.id] = (children[node.id] ?? []).reduce(own[node.id] ?? PlanTotals()) {
                $0 + (totals[$1.id] ?? PlanTotals())
            }
        }
        var lines: [Line] = []
        var stack = nodes.filter { $0.parentID == nil }.sorted { ($0.position, $0.id) > ($1.position, $1.id) }
            .map { ($0, 0) }
        while let (node, depth) = stack.popLast() {
            lines.append(Line(node: node, depth: depth, totals: totals[node.id] ?? PlanTotals()))
            let below = (children[node.id] ?? []).sorted { ($0.position, $0.id) > ($1.position, $1.id) }
            stack += below.map { ($0, depth + 1) }
        }
        self.lines = lines
        self.totals = totals
    }
}
