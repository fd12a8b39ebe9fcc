package import Casework
package import Core
internal import Organisation
package import Store

/// Writing plans.
package struct Plans: Sendable {
    let profile: Profile
    let surroundings: Surroundings

    package init(cases: Cases) {
        profile = cases.profile
        surroundings = cases.surroundings
    }

    /// What a form says of a plan, an action plan or a measure.
    package struct Draft: Sendable, Equatable {
        package var level: PlanNode.Level
        package var parentID: ID<PlanNode>?
        package var code: String
        package var title: String
        package var industryCode: String?
        package var document: String
        package var isDemo: Bool

        package init(
            level: PlanNode.Level, parentID: ID<PlanNode>? = nil, code: String = "", title: String,
            industryCode: String? = nil, document: String = "", isDemo: Bool = false
        ) {
            self.level = level
            self.parentID = parentID
            self.code = code
            self.title = title
            self.industryCode = industryCode
            self.document = document
            self.isDemo = isDemo
        }
    }

    @discardableResult
    package func add(_ draft: Draft, in tx: any Transaction) throws -> PlanNode {
        let id = ID<PlanNode>(surroundings.newID())
        let parent = try draft.parentID.map { try PlanStore.find($0, in: tx) }
        if let parent {
            guard draft.level > parent.level else {
                throw MechanismError.levelNotBelow(draft.level, parent: parent.level)
            }
            guard try PlanStore.count(ofRoot: parent.rootID, in: tx) < MechanismLimits.nodesPerPlanMax else {
                throw MechanismError.planFull(max: MechanismLimits.nodesPerPlanMax)
            }
        }
        let node = PlanNode(
            id: id, parentID: parent?.id, rootID: parent?.rootID ?? id, level: draft.level,
            position: try PlanStore.nextPosition(below: parent?.id, in: tx),
            code: try MechanismText.clean(draft.code, max: MechanismLimits.shortCharactersMax),
            title: try MechanismText.title(draft.title), industryCode: try industry(draft.industryCode),
            document: try MechanismText.clean(draft.document, max: MechanismLimits.titleCharactersMax),
            isDemo: draft.isDemo, version: 1)
        try PlanStore.insert(node, at: surroundings.now(), in: tx)
        return node
    }

    package func edit(_ id: ID<PlanNode>, version: Int, _ draft: Draft, in tx: any Transaction) throws {
        _ = try PlanStore.find(id, in: tx)
        let isDone = try PlanStore.update(
            id, version: version, code: try MechanismText.clean(draft.code, max: MechanismLimits.shortCharactersMax),
            title: try MechanismText.title(draft.title), industryCode: try industry(draft.industryCode),
            document: try MechanismText.clean(draft.document, max: MechanismLimits.titleCharactersMax),
            at: surroundings.now(), in: tx)
        guard isDone else { throw MechanismError.planChangedMeanwhile }
    }

    private func industry(_ code: String?) throws(MechanismError) -> String? {
        guard let code, !code.isEmpty else { return nil }
        guard profile.keyIndustries.contains(where: { $0.code == code }) else { throw .industryUnknown(code) }
        return code
    }
}
