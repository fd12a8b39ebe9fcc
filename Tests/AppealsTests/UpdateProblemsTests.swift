import Casework
import Core
import Foundation
import Mining
import Organisation
import Store
import TestKit
import Testing

@testable import Appeals

@Suite("Problems follow the appeals")
struct UpdateProblemsTests {
    private struct Matter: Sendable {
        let subject: String
        let body: String
        static let noise = Matter(
            subject: "万里城小区夜间施工噪音扰民",
            body: "万里城小区旁边的工地每天夜间施工到凌晨两点，打桩机噪音很大，居民无法休息，请有关部门尽快处理。")
        static let lamps = Matter(
            subject: "曹杨五村路灯损坏多日无人修",
            body: "曹杨五村三号楼门口的路灯坏了半个月，老人晚上出门看不清台阶，希望物业和街道安排人来维修。")
    }

    /// A district with appeals in it, on one engine.
    private struct District {
        let database: any Database
        let cases: Cases
        let update: UpdateProblems

        init(_ engine: Engine) async throws {
            database = try await engine.database(
                StoreMigrations.all + CaseworkMigrations.all + AppealMigrations.all + ProblemMigrations.all)
            let profile = try ProfileLoader.load(
                folder: SourceRoot.url.appendingPathComponent("profiles/putuo"))
            cases = try Cases(
                profile: profile, kinds: [AppealKind.kind, ProblemKind.kind], surroundings: .fixed())
            update = UpdateProblems(database: database, cases: cases, gazetteer: .empty)
        }

        func add(_ ids: ClosedRange<Int64>, _ matter: Matter, at updatedMilliseconds: Int64) async throws {
            try await database.write { tx in
                try AppealStore.insert(
                    ids.map { id in
                        Appeal(
                            id: ID(id), source: "test", sourceID: String(id), type: .complaint,
                            subject: matter.subject, body: matter.body,
                            submittedAt: Instant(millisecondsSince1970: 1_618_000_000_000 + id * 3_600_000),
                            authorKey: "author-\(id)", topic: "环境保护",
                            updatedAt: Instant(millisecondsSince1970: updatedMilliseconds))
                    }, in: tx)
            }
        }

        func problems() async throws -> [ProblemRecord] {
            try await database.read { try ProblemStore.list(ProblemFilter(), limit: 100, in: $0) }
        }
    }

    @Test("Appeals of one matter become one problem with its reasons", arguments: Engine.allCases)
    func first(engine: Engine) async throws {
        let district = try await District(engine)
        try await district.add(1...4, .noise, at: 1_000)
        let outcome = try await district.update()
        #expect(outcome.appeals == 4 && outcome.created == 1)
        let listed = try #require(try await district.problems().first)
        let problem = try await district.database.read { try ProblemStore.find(listed.id, in: $0) }
        #expect(problem.size == 4 && problem.people == 4)
        #expect(problem.topic == "环境保护")
        #expect(problem.place.contains("万里城"))
        #expect(problem.scores.frequency.points > 0 && !problem.scores.frequency.reasons.isEmpty)
        let members = try await district.database.read { try ProblemStore.members(of: problem.id, in: $0) }
        #expect(members == [4, 3, 2, 1])
        #expect(try await district.database.read { try ProblemStore.lastRun(in: $0)?.appeals } == 4)
    }

    @Test("A new appeal joins its problem, which keeps its number; nothing else is written", arguments: Engine.allCases)
    func growth(engine: Engine) async throws {
        let district = try await District(engine)
        try await district.add(1...3, .noise, at: 1_000)
        try await district.add(11...13, .lamps, at: 1_000)
        try await district.update()
        let before = try await district.problems()
        try #require(before.count == 2)
        try await district.add(4...4, .noise, at: 2_000)
        let outcome = try await district.update()
        #expect(outcome.saved == 1 && outcome.created == 0 && outcome.retired == 0)
        let after = try await district.problems()
        #expect(Set(after.map(\.id)) == Set(before.map(\.id)))
        #expect(after.map(\.size).sorted() == [3, 4])
        #expect(try await district.update().saved == 0)
    }

    @Test("What an undone import took away leaves its problem, and an empty problem ends", arguments: Engine.allCases)
    func removal(engine: Engine) async throws {
        let district = try await District(engine)
        try await district.add(1...3, .noise, at: 1_000)
        try await district.update()
        let id = try #require(try await district.problems().first?.id)
        _ = try await district.database.write { tx in try tx.run("DELETE FROM appeal WHERE id IN (1, 2, 3)") }
        #expect(try await district.update().retired == 1)
        #expect(try await district.problems().isEmpty)
        let ended = try await district.database.read { try ProblemStore.find(id, in: $0) }
        #expect(ended.retiredAt != nil && ended.mergedInto == nil)
    }

    @Test("Another process that starts later finds the same problems and changes nothing", arguments: Engine.allCases)
    func secondProcess(engine: Engine) async throws {
        let district = try await District(engine)
        try await district.add(1...4, .noise, at: 1_000)
        try await district.update()
        let other = UpdateProblems(database: district.database, cases: district.cases, gazetteer: .empty)
        let outcome = try await other()
        #expect(outcome.saved == 0 && outcome.created == 0 && outcome.retired == 0)
    }

    @Test("A percent sign in a search is a percent sign", arguments: Engine.allCases)
    func search(engine: Engine) async throws {
        let district = try await District(engine)
        try await district.add(1...3, .noise, at: 1_000)
        try await district.update()
        let (all, none) = try await district.database.read { tx in
            (
                try ProblemStore.count(ProblemFilter(search: "噪音"), in: tx),
                try ProblemStore.count(ProblemFilter(search: "%"), in: tx)
            )
        }
        #expect(all == 1 && none == 0)
    }
}
