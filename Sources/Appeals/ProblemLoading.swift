internal import Casework
internal import Core
internal import Mining
internal import Organisation
internal import Store
internal import Web

extension ProblemPage {
    /// What the page needs of the database.
    struct Loaded: Sendable {
        let problem: ProblemRecord
        let times: [Instant]
        let units: [ProblemStore.Share]
        let addresses: [ProblemStore.Share]
        let members: [ProblemMember]
        let total: Int
        let open: Int
        let messages: [ProblemWritingStore.Message]
        /// The case it became when staff took it up.
        let file: CaseFile?
        let decisions: [ProblemDecision]
        let names: [Int64: String]

        init(_ id: ID<ProblemRecord>, query: ListQuery, visit: Visit, in tx: any Transaction) throws {
            problem = try ProblemStore.find(id, in: tx)
            let reasons = problem.scores.all
            var narrowing = ProblemMemberStore.Narrowing()
            narrowing.only = query.filter("reason").flatMap { name in reasons.first { $0.measure == name }?.members }
            let zone = visit.site.zone
            narrowing.from = query.filter("from").flatMap { Day(iso: $0)?.start(in: zone) }
            narrowing.before = query.filter("to").flatMap { Day(iso: $0)?.adding(days: 1).start(in: zone) }
            let (problem, narrowed) = (problem, narrowing)
            let compared: [Int64]
            (members, total, open, compared) = try tx.together(
                {
                    try ProblemMemberStore.list(
                        of: id, narrowed, limit: query.pageSize, offset: query.offset, in: $0)
                },
                { try ProblemMemberStore.count(of: id, narrowed, in: $0) },
                { try ProblemMemberStore.openCount(of: id, in: $0) },
                { try ProblemStore.members(of: id, limit: ProblemLimits.evidenceMembersMax, in: $0) })
            let shown = members.map(\.id.rawValue)
            (times, units, addresses, messages, file, decisions) = try tx.together(
                { try ProblemStore.times(of: [problem], in: $0)[id] ?? [] },
                { try ProblemStore.units(of: id, in: $0) },
                { try ProblemStore.addresses(of: id, limit: ProblemLimits.placesShownMax, in: $0) },
                { try ProblemWritingStore.messages(Set(compared).union(shown).sorted(), in: $0) },
                { try CaseStore.ifPresent(problem.caseID, now: visit.now, in: $0) },
                { try ProblemDecisionStore.list(of: id, in: $0) })
            names = try PersonStore.names(
                of: decisions.flatMap { [$0.personID] + ($0.undoneBy.map { [$0] } ?? []) }, in: tx)
        }

        /// Whether no later decision of the same sort holds, so that this one can be undone.
        func isLatest(_ decision: ProblemDecision) -> Bool {
            let sort = Self.sort(decision.kind)
            return decisions.last { $0.undoneAt == nil && Self.sort($0.kind) == sort }?.id == decision.id
        }

        private static func sort(_ kind: ProblemDecision.Kind) -> Int {
            switch kind {
            case .move: 0
            case .merge, .split: 1
            case .rename: 2
            case .pin, .unpin: 3
            }
        }
    }
}
