import Casework
import Core
import Organisation
import TestKit
import Testing

@testable import Mechanism

@Suite("Plans and their lights")
struct PlanTests {
    static func day(_ text: String) -> Day { Day(iso: text) ?? Day(number: 0) }
    static let rule = MechanismRules.usual.lights

    static func plan(_ permille: Int = 0, start: String = "2021-01-01", due: String = "2021-04-10") throws -> TaskPlan {
        try TaskPlan(
            start: day(start), milestones: [Milestone(title: "全部", weight: 100, due: day(due), permille: permille)])
    }

    @Test("Weights that do not sum to 100, empty names and milestones before the start are refused")
    func weights() {
        let due = Self.day("2021-06-30")
        func plan(_ milestones: [(String, Int, String)]) throws -> TaskPlan {
            try TaskPlan(
                start: Self.day("2021-01-01"),
                milestones: milestones.map { Milestone(title: $0.0, weight: $0.1, due: Self.day($0.2)) })
        }
        for (weights, sum) in [([50, 40], 90), ([60, 60], 120), ([100, 0], 100), ([-10, 110], 100)] {
            #expect(throws: MechanismError.weightsSum(found: sum)) {
                try plan(weights.map { ("一步", $0, "2021-06-30") })
            }
        }
        #expect(throws: MechanismError.milestonesMissing) { try plan([]) }
        #expect(throws: MechanismError.milestoneUntitled) { try plan([("", 100, "2021-06-30")]) }
        #expect(throws: MechanismError.milestoneBeforeStart("早", start: Self.day("2021-01-01"))) {
            try plan([("早", 100, "2020-12-31")])
        }
        #expect(throws: MechanismError.tooManyMilestones(max: MechanismLimits.milestonesMax)) {
            try plan(Array(repeating: ("步", 1, "2021-06-30"), count: MechanismLimits.milestonesMax + 1))
        }
        #expect((try? plan([("a", 40, "2021-06-30"), ("b", 60, "2021-03-31")]))?.due == due)
    }

    @Test("A hundred days of a plan are a point each, and nothing is behind on the first")
    func planned() throws {
        let plan = try Self.plan()
        #expect(plan.due.number - plan.start.number == 99)
        for passed in 0...100 {
            #expect(plan.plannedPPM(on: plan.start.adding(days: passed)) == passed * 10_000)
        }
        #expect(plan.plannedPPM(on: plan.start.adding(days: -400)) == 0)
        #expect(plan.plannedPPM(on: plan.start.adding(days: 4_000)) == 1_000_000)
    }

    @Test("Progress of several milestones is exact, and what is planned never falls")
    func several() throws {
        let plan = try TaskPlan(
            start: Self.day("2021-01-01"),
            milestones: [
                Milestone(title: "一", weight: 33, due: Self.day("2021-02-01"), permille: 333),
                Milestone(title: "二", weight: 33, due: Self.day("2021-02-01"), permille: 1_000),
                Milestone(title: "三", weight: 34, due: Self.day("2021-07-31"), permille: 1),
            ])
        #expect(plan.progressPPM == 33 * 3_330 + 330_000 + 340)
        var before = 0
        for number in plan.start.number - 3...plan.due.number + 3 {
            let planned = plan.plannedPPM(on: Day(number: number))
            #expect(planned >= before && planned <= 1_000_000)
            before = planned
        }
        #expect(before == 1_000_000)
    }

    @Test("Lights change at the rule's own points: 9.9 behind green, 10 yellow, 30 yellow, beyond 30 red")
    func boundaries() throws {
        let plan = try Self.plan()
        let lights = TaskLights(
            plan: plan, state: .underway, startedOn: plan.start, last: plan.due, rule: Self.rule)
        #expect(lights.yellowOn == plan.start.adding(days: 10))
        #expect(plan.behindPPM(on: plan.start.adding(days: 9)) == 90_000)
        #expect(plan.behindPPM(on: plan.start.adding(days: 30)) == 300_000)
        #expect(lights.redOn == plan.start.adding(days: 31))
        #expect(lights.dueSoonOn == plan.due.adding(days: -30))
        #expect(!lights.isRedForLateStart)
        let ahead = try Self.plan(950)
        let calm = TaskLights(plan: ahead, state: .underway, startedOn: plan.start, last: plan.due, rule: Self.rule)
        #expect(calm.yellowOn == nil && calm.redOn == nil && calm.dueSoonOn != nil)
        let done = try Self.plan(1_000)
        let still = TaskLights(plan: done, state: .underway, startedOn: plan.start, last: plan.due, rule: Self.rule)
        #expect(still.pace(in: .shanghai) == Pace())
    }

    @Test("What is not begun three months after its day is red, whatever the plan asks")
    func lateStart() throws {
        // A long task: after three months the plan asks for less than 30 points.
        let plan = try Self.plan(start: "2021-01-31", due: "2022-12-31")
        let idle = TaskLights(plan: plan, state: .issued, startedOn: nil, last: plan.due, rule: Self.rule)
        #expect(idle.redOn == Self.day("2021-04-30"))
        #expect(idle.isRedForLateStart)
        let begun = TaskLights(
            plan: plan, state: .underway, startedOn: Self.day("2021-02-01"), last: plan.due, rule: Self.rule)
        #expect(try #require(begun.redOn) > Self.day("2021-08-01"))
        for state in [TaskState.planned, .suspended, .delivered, .closed, .cancelled] {
            let quiet = TaskLights(plan: plan, state: state, startedOn: nil, last: plan.due, rule: Self.rule)
            #expect(quiet.pace(in: .shanghai) == Pace(), "\(state)")
        }
        for language in Language.allCases {
            #expect(idle.sentence(on: Self.day("2021-03-01"), language).contains("2021-04-30"))
        }
    }

    @Test("The first day behind by so much is the day before which nothing was, for random plans")
    func firstDay() throws {
        var generator = SeededGenerator(seed: 20_210_419)
        for _ in 0..<200 {
            let count = Int.random(in: 1...5, using: &generator)
            var weights = (1..<count).map { _ in Int.random(in: 1...15, using: &generator) }
            weights.append(100 - weights.reduce(0, +))
            let start = Day(number: Int.random(in: 18_000...19_000, using: &generator))
            let plan = try TaskPlan(
                start: start,
                milestones: weights.map {
                    Milestone(
                        title: "步", weight: $0, due: start.adding(days: Int.random(in: 0...700, using: &generator)),
                        permille: Int.random(in: 0...1_000, using: &generator))
                })
            for limit in [1, 100_000, 300_001] {
                let first = plan.firstDay(behindPPM: limit)
                let brute = (plan.start.number...plan.due.number + 1).first {
                    plan.behindPPM(on: Day(number: $0)) >= limit
                }
                #expect(first?.number == brute, "seed 20210419")
            }
        }
    }

    @Test("Months later is the same day, or the month's last")
    func months() {
        #expect(Self.day("2021-01-31").adding(months: 1) == Self.day("2021-02-28"))
        #expect(Self.day("2020-11-30").adding(months: 3) == Self.day("2021-02-28"))
        #expect(Self.day("2021-03-15").adding(months: -14) == Self.day("2020-01-15"))
    }

    @Test("A plan is summed by the weights of its tasks, not by means of means")
    func rollUp() {
        func node(_ id: Int64, _ parent: Int64?, _ level: PlanNode.Level) -> PlanNode {
            PlanNode(
                id: ID(id), parentID: parent.map { ID($0) }, rootID: ID(1), level: level, position: Int(id), code: "",
                title: "\(id)", industryCode: nil, document: "", isDemo: false, version: 1)
        }
        func totals(_ weight: Int64, _ ppm: Int64) -> PlanTotals {
            var totals = PlanTotals()
            totals.weight = weight
            totals.done = weight * ppm
            totals.tasks = 1
            return totals
        }
        let tree = PlanTree(
            [node(1, nil, .action), node(2, 1, .measure), node(3, 1, .measure)],
            own: [ID(2): totals(90, 1_000_000), ID(3): totals(10, 0)])
        // The mean of the measures would be 50 %.
        #expect(tree.totals[ID(1)]?.donePPM == 900_000)
        #expect(tree.lines.map(\.node.id) == [ID(1), ID(2), ID(3)])
        #expect(tree.lines.map(\.depth) == [0, 1, 1])
        var third = PlanTotals()
        (third.weight, third.done) = (3, 2)
        #expect(third.donePPM == 1)
        #expect(PlanTotals().donePPM == nil)
    }

    @Test("Percentages are read with one decimal at most, and nothing else")
    func percent() {
        for (text, permille) in [("0", 0), ("62.5", 625), ("100", 1_000), ("100.0", 1_000), (" 7 %", 70)] {
            #expect(MechanismText.permille(text) == permille, "\(text)")
        }
        for text in ["", "100.1", "101", "-1", "5.55", "五", "1e2", ".5", "5.", "1,0"] {
            #expect(MechanismText.permille(text) == nil, "\(text)")
        }
        #expect(MechanismText.percent(625) == "62.5" && MechanismText.percent(620) == "62")
    }
}
