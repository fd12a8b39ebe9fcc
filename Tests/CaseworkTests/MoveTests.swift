import Core
import Store
import TestKit
import Testing

@testable import Casework

@Suite("Opening and moving cases")
struct MoveTests {
    @Test("A case opens with its number, units, deadline and first entry", arguments: Engine.allCases)
    func opened(on engine: Engine) async throws {
        let world = try await World(engine)
        let file = try await world.open(
            Fixture.new(1, title: " 曹杨路路灯不亮\n", supporting: [Fixture.roads], actor: .resident))
        #expect(file.number == "PT-20210419-00001")
        #expect(file.title == "曹杨路路灯不亮")
        #expect((file.state, file.isOpen, file.version, file.light) == ("received", true, 1, .green))
        #expect(file.dueAt == Fixture.instant("2021-04-25", 24).adding(milliseconds: -1))
        let units = try await world.database.read { try CaseStore.supportingUnits(of: file.id, in: $0) }
        #expect(units == [Fixture.roads])
        let entry = try #require(try await world.timeline(1).first)
        #expect((entry.sequence, entry.event, entry.toState, entry.actor) == (1, "received", "received", .resident))
    }

    @Test(
        "A case that does not hold together is refused, and nothing is written",
        arguments: Engine.allCases)
    func refused(on engine: Engine) async throws {
        let world = try await World(engine)
        var wrong: [(NewCase, CaseError)] = []
        func add(_ error: CaseError, _ change: (inout NewCase) -> Void) {
            var new = Fixture.new(1)
            change(&new)
            wrong.append((new, error))
        }
        add(.titleMissing) { $0.title = " \u{3000}" }
        add(.titleTooLong(max: CasesLimits.titleCharactersMax)) { $0.title = String(repeating: "长", count: 201) }
        add(.unknownKind("permit")) { $0.kind = "permit" }
        add(.unknownState("lost")) { $0.state = "lost" }
        add(.unknownUnit("D99")) { $0.leadUnitCode = "D99" }
        add(.unknownUnit("D99")) { $0.supportingUnitCodes = ["D99"] }
        add(.leadAlsoSupports(Fixture.water)) { $0.supportingUnitCodes = [Fixture.water] }
        add(.leadAlsoSupports(Fixture.roads)) { $0.supportingUnitCodes = [Fixture.roads, Fixture.roads] }
        add(.tooManyUnits(max: CasesLimits.supportingUnitsMax)) {
            $0.supportingUnitCodes = Array(repeating: Fixture.roads, count: 21)
        }
        for (new, error) in wrong { await #expect(throws: error) { try await world.open(new) } }
        let count = try await world.database.read { try CaseStore.count(CaseFilter(), now: Fixture.now, in: $0) }
        #expect(count == 0)
        #expect(try await world.open(Fixture.new(1)).number == "PT-20210419-00001")
    }

    @Test("A move changes the state, is recorded, and closing has a time", arguments: Engine.allCases)
    func moved(on engine: Engine) async throws {
        let world = try await World(engine)
        let cases = world.cases
        let file = try await world.open(Fixture.new(1))
        let closed = try await world.database.write { tx in
            let handling = try cases.move(
                file, to: "handling", isOpen: true, event: "accept", detail: "", actor: Fixture.clerk, in: tx)
            #expect(handling.version == 2)
            return try cases.move(
                handling, to: "closed", isOpen: false, event: "close", detail: "已修复", actor: Fixture.clerk, in: tx)
        }
        #expect((closed.state, closed.isOpen, closed.closedAt) == ("closed", false, Fixture.now))
        let entries = try await world.timeline(1)
        #expect(entries.map(\.fromState) == [nil, "received", "handling"])
        #expect(entries.map(\.toState) == ["received", "handling", "closed"])
        let reopened = try await world.database.write {
            try cases.move(
                closed, to: "handling", isOpen: true, event: "redo", detail: "", actor: Fixture.clerk, in: $0)
        }
        #expect(reopened.closedAt == nil)
        #expect(try await world.verify().isSound)
    }

    @Test("Of many people who move one case at once, one succeeds and the others hear why", arguments: Engine.allCases)
    func race(on engine: Engine) async throws {
        let world = try await World(engine)
        let cases = world.cases
        let file = try await world.open(Fixture.new(1))
        let outcomes = await withTaskGroup(of: CaseError?.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    do {
                        _ = try await world.database.write {
                            try cases.move(
                                file, to: "handling", isOpen: true, event: "accept", detail: "",
                                actor: Fixture.clerk, in: $0)
                        }
                        return nil
                    } catch { return error as? CaseError }
                }
            }
            return await group.reduce(into: [CaseError?]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 1)
        #expect(outcomes.count { $0 == .movedMeanwhile } == 15)
        #expect(CaseError.movedMeanwhile.report.kind == .conflict)
        #expect(try await world.timeline(1).count == 2)
        #expect(try await world.verify().isSound)
    }

    @Test("Notes written at once all stand in the timeline, one after the other", arguments: Engine.allCases)
    func notes(on engine: Engine) async throws {
        let world = try await World(engine)
        let cases = world.cases
        try await world.open(Fixture.new(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try await world.database.write {
                        try cases.note(ID(1), event: "called", detail: "\(number)", actor: Fixture.clerk, in: $0)
                    }
                }
            }
            try await group.waitForAll()
        }
        let entries = try await world.timeline(1)
        #expect(entries.map(\.sequence) == Array(1...21))
        #expect(Set(entries.dropFirst().map(\.detail)).count == 20)
        #expect(try await world.find(1).version == 1)
        #expect(try await world.verify().isSound)
    }

    @Test("What is not there cannot be moved or noted", arguments: Engine.allCases)
    func missing(on engine: Engine) async throws {
        let world = try await World(engine)
        let cases = world.cases
        let file = try await world.open(Fixture.new(1))
        let ghost = CaseFile(
            id: ID(99), kind: file.kind, number: "PT-1", title: "x", state: file.state, isOpen: true,
            leadUnitCode: nil, townshipCode: nil, openedAt: Fixture.now, dueAt: nil, closedAt: nil, light: .green,
            version: 1)
        await #expect(throws: CaseError.notFound) {
            try await world.database.write {
                try cases.move(
                    ghost, to: "closed", isOpen: false, event: "close", detail: "", actor: Fixture.clerk, in: $0)
            }
        }
        await #expect(throws: CaseError.notFound) {
            try await world.database.write {
                try cases.note(ID(99), event: "x", detail: "", actor: Fixture.clerk, in: $0)
            }
        }
        await #expect(throws: CaseError.unknownState("gone")) {
            try await world.database.write {
                try cases.move(
                    file, to: "gone", isOpen: false, event: "x", detail: "", actor: Fixture.clerk, in: $0)
            }
        }
    }

    @Test("Another lead unit takes the place of the first; a unit has one part", arguments: Engine.allCases)
    func assigned(on engine: Engine) async throws {
        let world = try await World(engine)
        let cases = world.cases
        let file = try await world.open(Fixture.new(1, supporting: [Fixture.roads]))
        let moved = try await world.database.write {
            try cases.assign(
                file, lead: Fixture.roads, supporting: [Fixture.dispatch], reason: "职责所在", actor: Fixture.clerk, in: $0)
        }
        #expect(moved.leadUnitCode == Fixture.roads)
        #expect(
            try await world.database.read { try CaseStore.supportingUnits(of: ID(1), in: $0) } == [Fixture.dispatch])
        let detail = try #require(try await world.timeline(1).last?.detail)
        #expect(EventArguments.read(detail) == [Fixture.water, Fixture.roads, Fixture.roads, Fixture.dispatch, "职责所在"])
        await #expect(throws: CaseError.leadAlsoSupports(Fixture.roads)) {
            try await world.database.write {
                try cases.assign(
                    moved, lead: Fixture.roads, supporting: [Fixture.roads], actor: Fixture.clerk, in: $0)
            }
        }
    }
}
