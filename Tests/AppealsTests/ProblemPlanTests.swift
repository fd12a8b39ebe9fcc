import Core
import Mining
import TestKit
import Testing

@testable import Appeals

@Suite("Only what changed is written")
struct ProblemPlanTests {
    private let scores = ProblemScores(
        frequency: .init(points: 10, reasons: []), urgency: .init(points: 0, reasons: []),
        pain: .init(points: 0, reasons: []), total: 5)

    private func mined(_ members: [Int64], title: String = "路灯不亮") -> MinedProblem {
        MinedProblem(
            members: members, title: title, place: "", townshipCode: nil, people: members.count, firstAt: nil,
            lastAt: nil, scores: scores)
    }

    private func plan(_ problems: [MinedProblem], after before: ProblemPlan?, touched: Set<Int64> = []) throws
        -> ProblemPlan
    {
        let current = Dictionary(uniqueKeysWithValues: (before?.saved ?? []).map { ($0.id, $0) })
        let membership = Dictionary(uniqueKeysWithValues: (before?.joining ?? []).map { ($0.appeal, $0.problem) })
        return try ProblemPlan(
            mined: problems, stored: .init(current: current, membership: membership), touched: touched,
            surroundings: .fixed(),
            facts: { ids in
                Dictionary(
                    uniqueKeysWithValues: ids.map {
                        ($0, .init(topic: $0 > 2 ? "b" : "a", townshipCode: "t", point: nil))
                    })
            })
    }

    @Test("A first run saves all; the same again saves nothing")
    func idempotent() throws {
        let first = try plan([mined([1, 2]), mined([3, 4], title: "噪音")], after: nil)
        #expect(first.saved.map(\.topic) == ["a", "b"])
        #expect(first.created == 2)
        let second = try plan([mined([1, 2]), mined([3, 4], title: "噪音")], after: first, touched: [1])
        #expect(second.saved.isEmpty && second.joining.isEmpty && second.leaving.isEmpty && second.retired.isEmpty)
    }

    @Test("An appeal that moves leaves the one and joins the other")
    func move() throws {
        let first = try plan([mined([1, 2, 3]), mined([4, 5])], after: nil)
        let second = try plan([mined([1, 2]), mined([3, 4, 5])], after: first, touched: [3])
        #expect(second.leaving == [3])
        #expect(second.joining == [.init(appeal: 3, problem: first.saved[1].id)])
        #expect(second.saved.count == 2)
    }

    @Test("An appeal that is alone again leaves, and a problem of one ends")
    func end() throws {
        let first = try plan([mined([1, 2])], after: nil)
        let second = try plan([], after: first)
        #expect(second.leaving == [1, 2])
        #expect(second.retired == [.init(id: first.saved[0].id, into: nil)])
    }

    @Test("The topic and township most of its appeals have is the problem's, ties to the smaller text")
    func facts() throws {
        let record = try #require(try plan([mined([1, 2, 3, 4])], after: nil).saved.first)
        #expect(record.topic == "a")
        #expect(record.townshipCode == "t")
    }
}
