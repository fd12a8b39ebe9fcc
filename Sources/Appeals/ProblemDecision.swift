package import Core

/// Something staff decided about a problem. Kept for good: what is undone is marked so, and stays in the timeline.
package struct ProblemDecision: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case move(ProblemEvent)
        case merge, split, rename, pin, unpin

        package static let all: [Kind] =
            ProblemEvent.allCases.map(Kind.move) + [.merge, .split, .rename, .pin, .unpin]

        package init?(name: String) {
            guard let kind = Kind.all.first(where: { $0.name == name }) else { return nil }
            self = kind
        }

        package var name: String {
            switch self {
            case .move(let event): event.rawValue
            case .merge: "merge"
            case .split: "split"
            case .rename: "rename"
            case .pin: "pin"
            case .unpin: "unpin"
            }
        }

        package var title: Bilingual {
            switch self {
            case .move(let event): event.title
            case .merge: Bilingual(zh: "并入", en: "Merged")
            case .split: Bilingual(zh: "拆分", en: "Split")
            case .rename: Bilingual(zh: "改名", en: "Renamed")
            case .pin: Bilingual(zh: "置顶", en: "Pinned")
            case .unpin: Bilingual(zh: "取消置顶", en: "Unpinned")
            }
        }

        /// Changes which appeals belong together, and so binds the miner.
        package var isStructural: Bool { self == .merge || self == .split }
    }

    package let id: ID<ProblemDecision>
    package let problem: ID<ProblemRecord>
    /// Of a merge the problem that ended, of a split the new one; nil where a single appeal was taken out.
    package let other: ID<ProblemRecord>?
    package let kind: Kind
    package let from: ProblemState?
    package let to: ProblemState?
    /// What a change replaced: the earlier name, or the earlier lead unit's code.
    package let before: String
    /// The reason, the new name, or the title of the other problem.
    package let detail: String
    package let personID: Int64
    package let unitCode: String?
    package let at: Instant
    package let undoneAt: Instant?
    package let undoneBy: Int64?

    package init(
        id: ID<ProblemDecision>, problem: ID<ProblemRecord>, other: ID<ProblemRecord>? = nil, kind: Kind,
        from: ProblemState? = nil, to: ProblemState? = nil, before: String = "", detail: String = "",
        personID: Int64, unitCode: String?, at: Instant, undoneAt: Instant? = nil, undoneBy: Int64? = nil
    ) {
        self.id = id
        self.problem = problem
        self.other = other
        self.kind = kind
        self.from = from
        self.to = to
        self.before = before
        self.detail = detail
        self.personID = personID
        self.unitCode = unitCode
        self.at = at
        self.undoneAt = undoneAt
        self.undoneBy = undoneBy
    }
}

/// Which appeals a merge or a split is about, in the order it was decided: what the miner is told.
package struct ProblemConstraint: Sendable, Equatable {
    package let id: ID<ProblemDecision>
    package let kind: ProblemDecision.Kind
    /// Of a merge: the appeals of both. Of a split: those that stayed, and those that left.
    package let stayed: [Int64]
    package let moved: [Int64]
}
