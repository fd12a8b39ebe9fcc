import Casework
import Core
import Mining
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Appeals

@Suite("What staff decide about problems")
struct ProblemDecisionTests {
    private static let office = Visitor.Account(personID: 1, name: "甲", unitCode: nil, roles: [.digitalOffice])
    private static let head = Visitor.Account(personID: 3, name: "丙", unitCode: "construction", roles: [.unitHead])
    private static let staff = Visitor.Account(personID: 2, name: "乙", unitCode: "construction", roles: [.unitStaff])
    private static let leader = Visitor.Account(personID: 5, name: "戊", unitCode: nil, roles: [.leader])

    private func version(_ id: ID<ProblemRecord>, _ district: ProblemDistrict) async throws -> Int {
        try await district.database.read { try ProblemStore.find(id, in: $0).handling.version }
    }

    private func find(_ id: ID<ProblemRecord>, _ district: ProblemDistrict) async throws -> ProblemRecord {
        try await district.database.read { try ProblemStore.find(id, in: $0) }
    }

    private func appeals(_ id: ID<ProblemRecord>, _ district: ProblemDistrict) async throws -> [Int64] {
        try await district.database.read { try ProblemDecisionStore.appeals(of: id, in: $0) }
    }

    @discardableResult
    private func decide(
        _ deed: DecideProblem.Deed, _ id: ID<ProblemRecord>, _ district: ProblemDistrict, reason: String = "已核实",
        by account: Visitor.Account = ProblemDecisionTests.office
    ) async throws -> ProblemDecision {
        try await district.module.decide(
            id, .init(deed, version: try await version(id, district), reason: reason), by: account)
    }

    @Test(
        "The case of a problem that ends waits on nobody, and says where its appeals went", arguments: Engine.allCases)
    func endOfProblem(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let found = try await district.problems()
        try #require(found.count == 2)
        for problem in found {
            try await decide(.move(.confirm), problem.id, district)
            try await decide(.move(.assign, unit: "construction"), problem.id, district)
        }
        let (kept, gone) = (found[0], found[1])
        // The appeals of one now say what those of the other say; then all of them are taken back.
        try await district.database.write { tx in
            let words = try #require(try AppealStore.find(ID(1), in: tx))
            try tx.run(
                """
                UPDATE appeal SET subject = \(words.subject), body = \(words.body), updated_at_ms = updated_at_ms + 1
                WHERE id IN (SELECT appeal_id FROM problem_member WHERE problem_id = \(gone.id))
                """)
        }
        #expect(try await district.module.update().retired == 1)
        let now = district.surroundings.now()
        let (merged, links, events) = try await district.database.read { tx in
            (
                try CaseStore.find(gone.caseID, now: now, in: tx), try CaseLinkStore.links(of: gone.caseID, in: tx),
                try CaseTimelineStore.entries(of: gone.caseID, limit: 200, in: tx).map(\.event)
            )
        }
        #expect(merged.state == ProblemKind.merged && !merged.isOpen)
        #expect(links.contains { $0.otherID == kept.caseID })
        #expect(events.contains(ProblemTimeline.regrouped))
        _ = try await district.database.write { tx in try tx.run("DELETE FROM appeal") }
        #expect(try await district.module.update().retired == 1)
        let ended = try await district.database.read { try CaseStore.find(kept.caseID, now: now, in: $0) }
        #expect(ended.state == ProblemKind.ended && !ended.isOpen)
        #expect(try await district.module.update().retired == 0)
    }

    @Test(
        "A problem taken up becomes a case with number, lead, deadline, links and timeline", arguments: Engine.allCases)
    func caseOfProblem(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let id = try #require(try await district.problems().first?.id)
        try await decide(.move(.confirm), id, district)
        try await decide(.move(.assign, unit: "construction"), id, district)
        try await decide(.move(.start), id, district, by: Self.staff)
        try await decide(.move(.solve), id, district, reason: "已加装隔音屏", by: Self.head)
        let now = district.surroundings.now()
        let problem = try await find(id, district)
        #expect(problem.handling.state == .solved && problem.handling.version == 4)
        let (file, links, events) = try await district.database.read { tx in
            (
                try CaseStore.find(problem.caseID, now: now, in: tx),
                try CaseLinkStore.links(of: problem.caseID, in: tx),
                try CaseTimelineStore.entries(of: problem.caseID, limit: 200, in: tx).map(\.event)
            )
        }
        #expect(file.kind == "problem" && file.number.hasPrefix("PTWT-2021-"))
        #expect(file.leadUnitCode == "construction" && file.state == "solved" && !file.isOpen)
        #expect(file.dueAt != nil)
        #expect(links.count == 12 && links.allSatisfy { $0.kind == .raises && !$0.isOutgoing })
        for event in ["problems.confirm", "problems.assign", "problems.start", "problems.solve"] {
            #expect(events.contains(event), "\(event)")
        }
        try await decide(.move(.reopen), id, district)
        let again = try await district.database.read { try CaseStore.find(problem.caseID, now: now, in: $0) }
        #expect(again.isOpen && again.number == file.number)
    }

    @Test("What is not possible, not allowed, or says no reason changes nothing", arguments: Engine.allCases)
    func refused(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let id = try #require(try await district.problems().first?.id)
        await #expect(throws: ProblemError.eventNotPossible(.solve, in: .found)) {
            try await decide(.move(.solve), id, district)
        }
        await #expect(throws: ProblemError.notYours) { try await decide(.move(.confirm), id, district, by: Self.head) }
        await #expect(throws: ProblemError.notYours) { try await decide(.pin(true), id, district, by: Self.leader) }
        await #expect(throws: ProblemError.notYours) {
            try await decide(.rename("新名"), id, district, by: Self.staff)
        }
        await #expect(throws: ProblemError.reasonMissing) {
            try await decide(.move(.dismiss), id, district, reason: " ")
        }
        await #expect(throws: ProblemError.unitMissing) { try await decide(.move(.assign, unit: ""), id, district) }
        await #expect(throws: CaseError.unknownUnit("nowhere")) {
            try await decide(.move(.assign, unit: "nowhere"), id, district)
        }
        await #expect(throws: ProblemError.changedMeanwhile) {
            _ = try await district.module.decide(id, .init(.move(.confirm), version: 9), by: Self.office)
        }
        let problem = try await find(id, district)
        #expect(problem.handling == ProblemRecord.Handling())
        #expect(try await district.database.read { try ProblemDecisionStore.list(of: id, in: $0) }.isEmpty)
    }

    @Test(
        "Name, pin and state outlive a run of the miner and another import, and each can be undone",
        arguments: Engine.allCases)
    func keptAndUndone(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let problems = try await district.problems()
        let (first, second) = (problems[0].id, problems[1].id)
        let renamed = try await decide(.rename("五村夜间施工"), first, district)
        let pinned = try await decide(.pin(true), second, district)
        let dismissed = try await decide(.move(.dismiss), first, district, reason: "已在另案处理")
        try await district.addAgain()
        try await district.module.update()
        let kept = try await find(first, district)
        #expect(kept.title == "五村夜间施工" && kept.minedTitle != kept.title && kept.size == 13)
        #expect(kept.handling.state == .dismissed)
        let listed = try await district.problems()
        #expect(listed.map(\.id) == [second], "what is dismissed is out of the list")
        try await district.module.undo(dismissed.id, by: Self.office)
        #expect(try await district.problems().map(\.id) == [second, first], "what is pinned leads")
        try await district.module.undo(pinned.id, by: Self.office)
        try await district.module.undo(renamed.id, by: Self.office)
        let back = try await district.problems()
        #expect(back.map(\.id) == [first, second] && back[0].title == back[0].minedTitle)
        await #expect(throws: ProblemError.undoneAlready) {
            try await district.module.undo(renamed.id, by: Self.office)
        }
        let told = try await district.database.read { try ProblemDecisionStore.list(of: first, in: $0) }
        #expect(told.count == 2 && told.allSatisfy { $0.undoneAt != nil }, "what is undone stays in the timeline")
    }

    @Test(
        "Only the latest of its sort can be undone, by the office or by whoever decided it", arguments: Engine.allCases)
    func undoOrder(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let id = try #require(try await district.problems().first?.id)
        let confirmed = try await decide(.move(.confirm), id, district)
        let assigned = try await decide(.move(.assign, unit: "construction"), id, district)
        let started = try await decide(.move(.start), id, district, by: Self.staff)
        await #expect(throws: ProblemError.undoTooLate) { try await district.module.undo(assigned.id, by: Self.office) }
        await #expect(throws: ProblemError.notYours) { try await district.module.undo(started.id, by: Self.head) }
        try await district.module.undo(started.id, by: Self.staff)
        try await district.module.undo(assigned.id, by: Self.office)
        try await district.module.undo(confirmed.id, by: Self.office)
        let problem = try await find(id, district)
        #expect(problem.handling.state == .found)
        let now = district.surroundings.now()
        let file = try await district.database.read { try CaseStore.find(problem.caseID, now: now, in: $0) }
        #expect(!file.isOpen && file.state == "found" && file.leadUnitCode == nil)
        // Taken up again it is the same case.
        try await decide(.move(.confirm), id, district)
        let again = try await district.database.read { try CaseStore.find(problem.caseID, now: now, in: $0) }
        #expect(again.number == file.number && again.isOpen)
    }

    @Test(
        "A merge shows at once, holds through the miner and a new process, and comes apart when undone",
        arguments: Engine.allCases)
    func merge(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let problems = try await district.problems()
        let (noise, lamps) = (problems[0].id, problems[1].id)
        let decision = try await district.module.reshape.merge(
            lamps, into: noise, version: 0, reason: "同一处工地", by: Self.office)
        let merged = try await find(noise, district)
        #expect(merged.size == 15 && merged.people == 14)
        #expect(try await find(lamps, district).mergedInto == noise)
        #expect(try await district.problems().map(\.id) == [noise])
        try await district.module.update()
        try await district.addAgain()
        try await ProblemsModule(cases: district.cases, database: district.database).update()
        #expect(try await district.problems().map(\.size) == [16])
        #expect(try await district.problems().map(\.id) == [noise])
        let evidence = try await district.get("/desk/problems/why?x=1&y=21").1
        #expect(evidence.contains("人工于") && evidence.contains("这两件在同一个问题里"))

        try await district.module.undo(decision.id, by: Self.office)
        #expect(try await appeals(lamps, district) == [21, 22, 23])
        #expect(try await find(lamps, district).retiredAt == nil)
        try await district.module.update()
        #expect(Set(try await district.problems().map(\.id)) == [noise, lamps])
        #expect(try await appeals(noise, district).count == 13)
    }

    @Test("A split shows at once, holds through the miner, and is healed when undone", arguments: Engine.allCases)
    func split(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let noise = try #require(try await district.problems().first?.id)
        let decision = try await district.module.reshape.split(
            noise, off: [1, 2, 3], version: 0, reason: "是另一个工地", by: Self.office)
        let new = try #require(decision.other)
        #expect(try await appeals(new, district) == [1, 2, 3])
        try await district.module.update()
        try await ProblemsModule(cases: district.cases, database: district.database).update()
        #expect(try await appeals(new, district) == [1, 2, 3])
        #expect(try await appeals(noise, district).count == 9)
        #expect(try await district.get("/desk/problems/why?x=1&y=5").1.contains("人工于"))

        let alone = try await district.module.reshape.split(
            noise, off: [4], version: try await version(noise, district), reason: "", by: Self.office)
        #expect(alone.other == nil)
        try await district.module.update()
        #expect(try await appeals(noise, district).count == 8)
        await #expect(throws: ProblemError.undoTooLate) { try await district.module.undo(decision.id, by: Self.office) }
        try await district.module.undo(alone.id, by: Self.office)
        try await district.module.undo(decision.id, by: Self.office)
        try await district.module.update()
        #expect(try await appeals(noise, district) == Array(1...12))
        #expect(try await find(new, district).mergedInto == noise)
    }

    @Test("Merging and splitting refuse what makes no sense, and whoever may not", arguments: Engine.allCases)
    func reshapeRefused(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let problems = try await district.problems()
        let (noise, lamps, reshape) = (problems[0].id, problems[1].id, district.module.reshape)
        await #expect(throws: ProblemError.mergeWithItself) {
            try await reshape.merge(noise, into: noise, version: 0, reason: "", by: Self.office)
        }
        await #expect(throws: ProblemError.notYours) {
            try await reshape.merge(lamps, into: noise, version: 0, reason: "", by: Self.head)
        }
        await #expect(throws: ProblemError.changedMeanwhile) {
            try await reshape.merge(lamps, into: noise, version: 3, reason: "", by: Self.office)
        }
        await #expect(throws: ProblemError.splitNothing) {
            try await reshape.split(noise, off: [21], version: 0, reason: "", by: Self.office)
        }
        await #expect(throws: ProblemError.splitTooMuch) {
            try await reshape.split(lamps, off: [21, 22], version: 0, reason: "", by: Self.office)
        }
        await #expect(throws: ProblemError.notYours) {
            try await reshape.split(noise, off: [1], version: 0, reason: "", by: Self.leader)
        }
        #expect(try await district.problems() == problems)
    }

    @Test(
        "Of two clerks who act on one page the second is refused and nothing is half done", arguments: Engine.allCases)
    func race(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let problems = try await district.problems()
        let (noise, lamps, module) = (problems[0].id, problems[1].id, district.module)
        let deeds: [@Sendable () async throws -> Void] = [
            { _ = try await module.decide(lamps, .init(.move(.confirm), version: 0), by: Self.office) },
            {
                _ = try await module.decide(
                    lamps, .init(.move(.dismiss), version: 0, reason: "重复"), by: Self.office)
            },
            { _ = try await module.decide(lamps, .init(.rename("路灯"), version: 0), by: Self.office) },
            { _ = try await module.reshape.merge(lamps, into: noise, version: 0, reason: "", by: Self.office) },
            { _ = try await module.reshape.split(lamps, off: [21], version: 0, reason: "", by: Self.office) },
        ]
        let failures = await withTaskGroup(of: (any Error)?.self) { group in
            for deed in deeds {
                group.addTask {
                    do { try await deed() } catch { return error }
                    return nil
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(failures.count { $0 == nil } == 1)
        for case let error? in failures {
            #expect([.changedMeanwhile, .retired].contains(error as? ProblemError), "\(error)")
        }
        let decisions = try await district.database.read { try ProblemDecisionStore.list(of: lamps, in: $0) }
        #expect(decisions.count == 1)
        // Every appeal is in exactly one place whoever won.
        try await module.update()
        let held = try await district.database.read { tx in
            try tx.all("SELECT appeal_id FROM problem_member ORDER BY appeal_id").map {
                try $0.get("appeal_id") as Int64
            }
        }
        #expect(held.count >= 14 && Set(held).count == held.count)
    }

    @Test("A run of the miner that began before a merge does not undo it", arguments: Engine.allCases)
    func minerAgainstMerge(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let problems = try await district.problems()
        let (noise, lamps, module) = (problems[0].id, problems[1].id, district.module)
        try await district.addAgain()
        // The merge falls between the reading of the appeals and the writing of the problems.
        try await module.update { _, _ in
            _ = try? await module.reshape.merge(lamps, into: noise, version: 0, reason: "", by: Self.office)
        }
        #expect(try await district.problems().map(\.id) == [noise])
        #expect(try await district.problems().first?.size == 16)
    }
}
