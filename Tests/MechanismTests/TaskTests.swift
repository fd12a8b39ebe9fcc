import Casework
import Core
import Organisation
import Store
import TestKit
import Testing

@testable import Mechanism

@Suite("Tasks as cases")
struct TaskTests {
    private typealias District = MechanismDistrict

    @Test("A task goes its way, and is closed out by somebody outside its unit", arguments: Engine.allCases)
    func life(on engine: Engine) async throws {
        let district = try await District(engine)
        let id = try await district.open(District.draft(start: "2021-04-01"))[0]
        #expect(try await district.file(id).state == "issued")
        await #expect(throws: MechanismError.notYours(.start)) {
            try await district.move(id, .start, by: "stranger")
        }
        try await district.move(id, .start, by: "staff")
        #expect(try await district.task(id).startedOn == District.day("2021-04-19"))
        await #expect(throws: MechanismError.notComplete(done: "0.0%")) {
            try await district.move(id, .deliver, by: "head")
        }
        await #expect(throws: MechanismError.notYours(.deliver)) { try await district.move(id, .deliver, by: "staff") }
        try await district.report(id, permille: 1_000)
        #expect(try await district.task(id).progressPPM == 1_000_000)
        try await district.move(id, .deliver, by: "head")
        await #expect(throws: MechanismError.checkerIsOfUnit) { try await district.move(id, .closeOut, by: "insider") }
        await #expect(throws: MechanismError.notYours(.closeOut)) { try await district.move(id, .closeOut, by: "head") }
        try await district.move(id, .closeOut, by: "office")
        let closed = try await district.file(id)
        #expect(!closed.isOpen && closed.light == .green)
        let chain = try await district.database.read { try ChainReport.verify(in: $0) }
        #expect(chain.faults.isEmpty)
    }

    @Test("The light in SQL is the one the plan gives, day by day", arguments: Engine.allCases)
    func lights(on engine: Engine) async throws {
        let district = try await District(engine)
        // A hundred days, a point a day, from a Monday to a working day.
        let id = try await district.open(District.draft(start: "2021-04-19", due: "2021-07-27"))[0]
        let profile = district.profile
        let lights = try await district.database.read { tx in
            try district.tasks.lights(of: try TaskStore.find(id, in: tx), state: .issued, in: tx)
        }
        var seen: Set<Light> = []
        for passed in -5...120 {
            let day = District.day("2021-04-19").adding(days: passed)
            let now = day.start(in: profile.zone)
            let light = try await district.database.read { try CaseStore.find(id, now: now, in: $0).light }
            let behind = lights.plan.behindPPM(on: day)
            let expected: Light =
                day > lights.plan.due || behind > 300_000
                ? .red
                : behind >= 100_000 ? .yellow : day.adding(days: 30) >= lights.plan.due ? .blue : .green
            #expect(light == expected, "\(day)")
            seen.insert(light)
        }
        #expect(seen == [.green, .yellow, .red])
        let planned = try await district.database.read {
            try TaskStore.plannedPPM(of: [id], on: District.day("2021-05-01"), in: $0)
        }
        #expect(planned[id] == 120_000)
    }

    @Test("What is planned is the same in SQL as in Swift, for random plans", arguments: Engine.allCases)
    func plannedAgrees(on engine: Engine) async throws {
        let district = try await District(engine)
        var generator = SeededGenerator(seed: 411)
        var drafts: [Tasks.Draft] = []
        for _ in 0..<12 {
            let start = Day(number: Int.random(in: 18_600...18_700, using: &generator))
            let first = Int.random(in: 1...99, using: &generator)
            let days = (0..<2).map { _ in start.adding(days: Int.random(in: 0...200, using: &generator)) }.sorted()
            drafts.append(
                Tasks.Draft(
                    title: "任务", lead: "construction", start: start, due: days[1],
                    milestones: [
                        Milestone(title: "一", weight: first, due: days[0]),
                        Milestone(title: "二", weight: 100 - first, due: days[1]),
                    ]))
        }
        let (tasks, wanted, office) = (district.tasks, drafts, try District.account("office"))
        let ids = try await district.database.write { try tasks.open(wanted, actor: office.actor, in: $0) }
        for number in stride(from: 18_590, through: 18_910, by: 7) {
            let day = Day(number: number)
            let (sql, plans) = try await district.database.read { tx in
                (
                    try TaskStore.plannedPPM(of: ids, on: day, in: tx),
                    try ids.map { try TaskStore.plan(of: try TaskStore.find($0, in: tx), in: tx) }
                )
            }
            for (id, plan) in zip(ids, plans) { #expect(sql[id] == plan.plannedPPM(on: day), "seed 411, \(day)") }
        }
    }

    @Test("A date on a holiday moves on to the next working day, and both are on record")
    func holiday() async throws {
        let district = try await District()
        let id = try await district.open(District.draft(due: "2021-10-01"))[0]
        let deadline = try await district.database.read { try CaseStore.deadline(of: id, in: $0) }
        let found = try #require(deadline)
        #expect(found.setOn == District.day("2021-10-01"))
        #expect(found.last == District.day("2021-10-08"))
        #expect(found.sentence(.chinese).contains("2021-10-01") && found.sentence(.chinese).contains("2021-10-08"))
        #expect(try Deadline(json: found.json()) == found)
        #expect(try await district.task(id).due == District.day("2021-10-01"))
    }

    @Test("Two leads, a lead that supports, an unknown unit and a dissolved one are refused")
    func units() async throws {
        let district = try await District()
        var twice = District.draft()
        twice.supporting = ["construction"]
        let wanted = twice
        await #expect(throws: CaseError.leadAlsoSupports("construction")) { try await district.open(wanted) }
        await #expect(throws: CaseError.unknownUnit("nowhere")) {
            try await district.open(District.draft(lead: "nowhere"))
        }
        await #expect(throws: MechanismError.leadMissing) { try await district.open(District.draft(lead: nil)) }
        let form = [
            ("title", "两个牵头"), ("target", "x"), ("lead", "construction"), ("lead", "housing"), ("weight", "10"),
            ("start", "2021-04-19"), ("due", "2021-12-31"), ("source", "plan"),
        ]
        let page = try await district.post("/desk/tasks/new", form)
        #expect(page.status == 422 && page.body.contains("有且只有一个") && page.body.contains("两个牵头"))
    }

    @Test("A changed date needs a leader, and the old one stays", arguments: Engine.allCases)
    func change(on engine: Engine) async throws {
        let district = try await District(engine)
        let id = try await district.open(District.draft())[0]
        let tasks = district.tasks
        let (staff, leader, office) = (
            try District.account("staff"), try District.account("leader"), try District.account("office")
        )
        let change = try await district.database.write {
            try tasks.askChange(id, .due, to: "2022-03-31", reason: "场地移交推迟", by: staff, in: $0)
        }
        #expect(try await district.task(id).due == District.day("2021-12-31"), "nothing changes before the decision")
        await #expect(throws: MechanismError.changeWaiting) {
            try await district.database.write {
                try tasks.askChange(id, .due, to: "2022-06-30", reason: "再推", by: staff, in: $0)
            }
        }
        await #expect(throws: MechanismError.changeNotYours) {
            try await district.database.write { try tasks.decide(change, approve: true, "", by: office, in: $0) }
        }
        try await district.database.write { try tasks.decide(change, approve: true, "同意", by: leader, in: $0) }
        await #expect(throws: MechanismError.changeDecided) {
            try await district.database.write { try tasks.decide(change, approve: false, "不", by: leader, in: $0) }
        }
        #expect(try await district.task(id).due == District.day("2022-03-31"))
        let page = try await district.get("/desk/tasks/\(id)")
        #expect(page.body.contains("2021-12-31") && page.body.contains("2022-03-31") && page.body.contains("场地移交推迟"))
        let plan = try await district.database.read { tx in
            try TaskStore.plan(of: try TaskStore.find(id, in: tx), in: tx)
        }
        #expect(plan.due == District.day("2022-03-31"))
    }

    @Test("Tasks that would wait for each other in a circle are refused by number", arguments: Engine.allCases)
    func blocks(on engine: Engine) async throws {
        let district = try await District(engine)
        let ids = try await district.open(District.draft("甲"), District.draft("乙"), District.draft("丙"))
        var numbers: [String] = []
        for id in ids { numbers.append(try await district.file(id).number) }
        let (tasks, office, known) = (district.tasks, try District.account("office"), numbers)
        try await district.database.write { tx in
            try tasks.block(ids[0], byNumber: known[1], account: office, in: tx)
            try tasks.block(ids[1], byNumber: known[2], account: office, in: tx)
        }
        await #expect(throws: MechanismError.blockCycle(numbers: [known[0], known[1], known[2], known[0]])) {
            try await district.database.write {
                try tasks.block(ids[2], byNumber: known[0], account: office, in: $0)
            }
        }
        await #expect(throws: MechanismError.blockCycle(numbers: [known[0], known[0]])) {
            try await district.database.write {
                try tasks.block(ids[0], byNumber: known[0], account: office, in: $0)
            }
        }
        let held = try await district.database.read { BlockedBy(try TaskStore.blocks(in: $0)).heldUp(by: ids[2]) }
        #expect(held == [ids[1], ids[0]])
    }

    @Test("Reports count once they are checked, need evidence, and show when late", arguments: Engine.allCases)
    func reports(on engine: Engine) async throws {
        let district = try await District(engine)
        let id = try await district.open(District.draft())[0]
        let rounds = district.rounds
        let (head, office, staff) = (
            try District.account("head"), try District.account("office"), try District.account("staff")
        )
        let round = try await district.database.write {
            try rounds.open(.month, around: District.day("2021-04-19"), due: District.day("2021-05-01"), by: 1, in: $0)
        }
        #expect(round.due == District.day("2021-05-06"), "1 May 2021 began a holiday")
        await #expect(throws: MechanismError.roundExists("2021年4月月报")) {
            try await district.database.write {
                try rounds.open(
                    .month, around: District.day("2021-04-01"), due: District.day("2021-05-01"), by: 1, in: $0)
            }
        }
        let report = try #require(
            try await district.database.read { try RoundStore.reports(ofTask: id, in: $0).first })
        await #expect(throws: MechanismError.evidenceMissing) {
            try await district.database.write {
                try rounds.fill(report.id, version: 1, .init(text: "做了", permilles: [100]), by: staff, in: $0)
            }
        }
        let evidence = [Evidence(kind: .fact, reference: "/desk/facts", title: "数据")]
        try await district.database.write { tx in
            try rounds.fill(
                report.id, version: 1, .init(text: "做了", permilles: [255], evidence: evidence), by: staff, in: tx)
        }
        await #expect(throws: MechanismError.reportNotYours(.confirm)) {
            try await district.database.write { try rounds.confirm(report.id, version: 2, by: staff, in: $0) }
        }
        await #expect(throws: MechanismError.reportChangedMeanwhile) {
            try await district.database.write { try rounds.confirm(report.id, version: 1, by: head, in: $0) }
        }
        try await district.database.write { try rounds.confirm(report.id, version: 2, by: head, in: $0) }
        #expect(try await district.task(id).progressPPM == 0)
        try await district.database.write { try rounds.check(report.id, version: 3, by: office, in: $0) }
        #expect(try await district.task(id).progressPPM == 255_000)
        #expect(try await district.file(id).state == "underway", "who reports progress has begun")
        let zone = district.profile.zone
        var done = report
        #expect(!done.isLate(round, now: round.end(in: zone).adding(milliseconds: -1), in: zone))
        #expect(done.isLate(round, now: round.end(in: zone), in: zone))
        done.confirmedAt = District.now
        #expect(!done.isLate(round, now: round.end(in: zone).adding(days: 9), in: zone))
    }

    @Test("Sums by plan and by unit are those of the tasks, cancelled ones left out", arguments: Engine.allCases)
    func sums(on engine: Engine) async throws {
        let district = try await District(engine)
        let plans = district.module.plans
        let (root, measure) = try await district.database.write { tx in
            let root = try plans.add(.init(level: .action, title: "行动方案"), in: tx)
            let measure = try plans.add(.init(level: .measure, parentID: root.id, title: "举措"), in: tx)
            #expect(throws: MechanismError.levelNotBelow(.outline, parent: .measure)) {
                try plans.add(.init(level: .outline, parentID: measure.id, title: "倒置"), in: tx)
            }
            return (root, measure)
        }
        let ids = try await district.open(
            District.draft("重", weight: 90, node: measure.id), District.draft("轻", weight: 10, node: root.id),
            District.draft("取消", weight: 500, node: root.id))
        try await district.move(ids[2], .cancel, by: "leader")
        try await district.report(ids[0], permille: 500)
        let (now, day) = (District.now, District.day("2021-04-19"))
        let (totals, all, units) = try await district.database.read { tx in
            (
                try PlanStore.totals(ofRoot: root.id, on: day, now: now, in: tx),
                try PlanStore.totals(ofRoot: nil, on: day, now: now, in: tx),
                try TaskListStore.figuresByUnit(isCompared: true, now: now, in: tx)
            )
        }
        #expect(totals[measure.id]?.donePPM == 500_000)
        #expect(all[root.id]?.donePPM == 450_000)
        #expect(all[root.id]?.tasks == 2)
        let planned = try TaskPlan(
            start: District.day("2021-01-01"),
            milestones: [Milestone(title: "x", weight: 100, due: District.day("2021-12-31"))]
        ).plannedPPM(on: day)
        #expect(all[root.id]?.plannedPPM == planned)
        #expect(units.count == 1 && units[0].unit == "construction" && units[0].open == 2)
        #expect(units[0].donePPM == 450_000)
    }
}
