import Casework
import Core
import TestKit
import Testing

@testable import Mechanism

@Suite("The flow of a task, its supervision and its reports")
struct TaskStateTests {
    static let flow: [TaskState: [TaskEvent: TaskState]] = [
        .planned: [.issue: .issued, .cancel: .cancelled],
        .issued: [.start: .underway, .suspend: .suspended, .cancel: .cancelled],
        .underway: [.deliver: .delivered, .suspend: .suspended, .cancel: .cancelled],
        .suspended: [.resume: .underway, .cancel: .cancelled],
        .delivered: [.closeOut: .closed, .sendBack: .underway],
        .closed: [.reopen: .underway],
        .cancelled: [:],
    ]

    @Test("Every pair of state and event leads where the flow says, or is refused", arguments: TaskState.allCases)
    func pairs(state: TaskState) {
        for event in TaskEvent.allCases {
            if let expected = Self.flow[state]?[event] {
                #expect((try? state.after(event)) == expected, "\(state) after \(event)")
            } else {
                #expect(throws: MechanismError.eventNotPossible(event, in: state)) { try state.after(event) }
            }
        }
        #expect(Set(state.events) == Set(Self.flow[state]?.keys.map { $0 } ?? []))
    }

    static let levels: [SupervisionLevel: [SupervisionStep: SupervisionLevel]] = [
        .none: [.remind: .reminded, .urge: .urged],
        .reminded: [.remind: .reminded, .urge: .urged, .lift: .none],
        .urged: [.urge: .urged, .list: .listed, .lift: .none],
        .listed: [.list: .listed, .interview: .interviewed, .lift: .none],
        .interviewed: [.interview: .interviewed, .lift: .none],
    ]

    @Test("Supervision grows step by step and is only lifted, on every pair", arguments: SupervisionLevel.allCases)
    func supervision(level: SupervisionLevel) {
        for step in SupervisionStep.allCases {
            if let expected = Self.levels[level]?[step] {
                #expect((try? level.after(step)) == expected, "\(level) after \(step)")
            } else {
                #expect(throws: MechanismError.stepNotPossible(step, at: level)) { try level.after(step) }
            }
        }
    }

    static let reports: [ReportState: [ReportEvent: ReportState]] = [
        .due: [.fill: .filled], .filled: [.fill: .filled, .confirm: .confirmed, .sendBack: .returned],
        .confirmed: [.check: .checked, .sendBack: .returned], .returned: [.fill: .filled], .checked: [:],
    ]

    @Test("Every pair of a report's state and event", arguments: ReportState.allCases)
    func reports(state: ReportState) {
        for event in ReportEvent.allCases {
            if let expected = Self.reports[state]?[event] {
                #expect((try? state.after(event)) == expected)
            } else {
                #expect(throws: MechanismError.reportEventNotPossible(event, in: state)) { try state.after(event) }
            }
        }
    }

    @Test("Levels stand only below wider ones", arguments: PlanNode.Level.allCases)
    func levels(level: PlanNode.Level) {
        #expect(level.below.allSatisfy { $0 > level })
        #expect(PlanNode.Level.allCases.filter { !level.below.contains($0) }.allSatisfy { $0 <= level })
    }

    @Test("A circle of tasks that wait for each other is found and named, whatever its length")
    func cycles() {
        func id(_ number: Int) -> ID<CaseFile> { ID(Int64(number)) }
        func pair(_ task: Int, _ blocker: Int) -> BlockedBy.Pair { .init(task: id(task), blocker: id(blocker)) }
        // 1 waits for 2, 2 for 3, … 9 for 10.
        let chain = BlockedBy((1...9).map { pair($0, $0 + 1) })
        #expect(chain.cycle(closedBy: pair(5, 5)) == [id(5)])
        #expect(chain.cycle(closedBy: pair(10, 1)) == (1...10).map(id))
        #expect(chain.cycle(closedBy: pair(1, 10)) == nil)
        #expect(chain.cycle(closedBy: pair(1, 11)) == nil)
        #expect(chain.heldUp(by: id(10)) == (1...9).reversed().map(id))
        #expect(chain.waitsFor(id(8)) == [id(9), id(10)])
        #expect(chain.heldUp(by: id(1)).isEmpty)
    }

    @Test("Random relations: a pair closes a circle exactly when the blocker waits for the task")
    func randomCycles() {
        var generator = SeededGenerator(seed: 145_072)
        for _ in 0..<100 {
            var pairs: [BlockedBy.Pair] = []
            for _ in 0..<30 {
                let pair = BlockedBy.Pair(
                    task: ID(Int64.random(in: 1...12, using: &generator)),
                    blocker: ID(Int64.random(in: 1...12, using: &generator)))
                let known = BlockedBy(pairs)
                let closes = pair.task == pair.blocker || known.waitsFor(pair.blocker).contains(pair.task)
                #expect((known.cycle(closedBy: pair) != nil) == closes, "seed 145072")
                if !closes { pairs.append(pair) }
            }
        }
    }
}
