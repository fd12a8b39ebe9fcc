import Casework
import Core
import Testing
import Web

@testable import Appeals

@Suite("How far a problem is")
struct ProblemStateTests {
    /// The whole flow: what is not here is refused.
    private static let flow: [ProblemState: [ProblemEvent: ProblemState]] = [
        .found: [.confirm: .confirmed, .assign: .assigned, .dismiss: .dismissed],
        .confirmed: [.assign: .assigned, .dismiss: .dismissed],
        .assigned: [.assign: .assigned, .start: .solving, .sendBack: .confirmed, .dismiss: .dismissed],
        .solving: [.assign: .assigned, .solve: .solved],
        .solved: [.reopen: .reopened],
        .reopened: [.assign: .assigned, .start: .solving, .dismiss: .dismissed],
        .dismissed: [.restore: .found],
    ]

    @Test("Every pair of state and event leads where the flow says, or is refused", arguments: ProblemState.allCases)
    func pairs(state: ProblemState) throws {
        for event in ProblemEvent.allCases {
            if let next = Self.flow[state]?[event] {
                #expect(try state.after(event) == next, "\(event)")
            } else {
                #expect(throws: ProblemError.eventNotPossible(event, in: state)) { try state.after(event) }
            }
        }
        #expect(Set(state.events) == Set(Self.flow[state, default: [:]].keys))
    }

    @Test("Every state is reached from the first, and none is a dead end")
    func reachable() {
        var reached: Set<ProblemState> = [.found]
        for _ in ProblemState.allCases {
            for state in reached { reached.formUnion(state.events.compactMap { try? state.after($0) }) }
        }
        #expect(reached == Set(ProblemState.allCases))
        for state in ProblemState.allCases { #expect(!state.events.isEmpty, "\(state)") }
    }

    @Test("The case of a problem knows every state of it, and whether somebody has to act")
    func kind() {
        for state in ProblemState.allCases {
            let known = ProblemKind.kind.states.first { $0.name == state.rawValue }
            #expect(known?.isOpen == state.isOpen && known?.title == state.title)
        }
        for kind in ProblemDecision.Kind.all {
            #expect(ProblemDecision.Kind(name: kind.name) == kind)
            #expect(ProblemKind.kind.eventTitles[ProblemTimeline.name(kind)] == kind.title)
        }
    }

    @Test("Each event is for those it is meant for", arguments: ProblemEvent.allCases)
    func permissions(event: ProblemEvent) {
        let allowed: Set<String> =
            switch event {
            case .confirm, .assign, .reopen, .dismiss, .restore: ["office"]
            case .start: ["office", "staff", "head"]
            case .solve, .sendBack: ["office", "head"]
            }
        for (name, account) in AppealDistrict.people {
            #expect(
                ProblemPermission.may(event, account, lead: "construction") == allowed.contains(name), "\(name)")
            #expect(ProblemPermission.mayShape(account) == (name == "office"), "\(name)")
            // Whose problem it is not has no say.
            #expect(ProblemPermission.may(event, account, lead: nil) == (name == "office"), "\(name)")
        }
    }
}
