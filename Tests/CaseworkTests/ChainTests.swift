import Core
import Store
import TestKit
import Testing

@testable import Casework

@Suite("Timelines")
struct ChainTests {
    static func world(_ engine: Engine) async throws -> World {
        let world = try await World(engine)
        let cases = world.cases
        try await world.database.write { tx in
            _ = try cases.openMany((1...3).map { Fixture.new($0) }, in: tx)
            let file = try CaseStore.find(ID(2), now: Fixture.now, in: tx)
            let handling = try cases.move(
                file, to: "handling", isOpen: true, event: "accept", detail: "", actor: Fixture.clerk, in: tx)
            try cases.note(ID(2), event: "called", detail: "已联系", actor: .system("job"), in: tx)
            _ = try cases.move(
                handling, to: "closed", isOpen: false, event: "close", detail: "", actor: .resident, in: tx)
        }
        return world
    }

    /// What stands between an intruder and the tables, taken away as an intruder with all rights would.
    static func disarm(_ database: any Database) async throws {
        try await database.write { tx in
            switch tx.engine {
            case .sqlite:
                for name in try tx.all("SELECT name FROM sqlite_master WHERE type = 'trigger'") {
                    try tx.run(SQL(stringLiteral: "DROP TRIGGER \(try name.get("name") as String)"))
                }
            case .postgresql:
                for table in ["case_timeline", "case_comment", "case_tombstone", "case_file"] {
                    try tx.run(SQL(stringLiteral: "ALTER TABLE \(table) DISABLE TRIGGER USER"))
                }
            }
        }
    }

    @Test("Sound timelines are found sound, with an anchor that any change would change", arguments: Engine.allCases)
    func sound(on engine: Engine) async throws {
        let world = try await Self.world(engine)
        let report = try await world.verify()
        #expect((report.cases, report.entries, report.faultCount) == (3, 6, 0))
        let cases = world.cases
        try await world.database.write {
            try cases.note(ID(3), event: "called", detail: "", actor: .resident, in: $0)
        }
        #expect(try await world.verify().anchor != report.anchor)
    }

    @Test(
        "The engine itself refuses to change or delete what happened", arguments: Engine.allCases,
        [
            "UPDATE case_timeline SET detail = 'x'", "DELETE FROM case_timeline",
            "DELETE FROM case_timeline WHERE case_id = 2",
            "DELETE FROM case_file WHERE id = 1", "UPDATE case_comment SET body = 'x'", "DELETE FROM case_comment",
            "UPDATE case_tombstone SET reason = 'x'", "DELETE FROM case_tombstone",
        ])
    func appendOnly(on engine: Engine, statement: String) async throws {
        let world = try await Self.world(engine)
        let cases = world.cases
        try await world.database.write { tx in
            let file = try CaseStore.find(ID(1), now: Fixture.now, in: tx)
            _ = try cases.comment(file, "意见", author: 7, unitCode: nil, in: tx)
            _ = try cases.removeMany(
                [CaseRemoval(id: ID(3), searchText: "")], reason: "误导入", actor: .system("import"), in: tx)
        }
        await #expect(throws: (any Error).self) {
            try await world.database.write { try $0.run(SQL(stringLiteral: statement)) }
        }
        #expect(try await world.verify().isSound)
    }

    struct Tampering: Sendable, CustomTestStringConvertible {
        let statement: String
        let kind: ChainReport.Fault.Kind
        let caseID: Int64
        var testDescription: String { statement }
    }

    static let tamperings = [
        Tampering(
            statement: "UPDATE case_timeline SET detail = '未联系' WHERE case_id = 2 AND sequence = 3", kind: .changed,
            caseID: 2),
        Tampering(statement: "UPDATE case_timeline SET at_ms = at_ms + 1 WHERE case_id = 1", kind: .changed, caseID: 1),
        Tampering(
            statement: "UPDATE case_timeline SET to_state = 'closed' WHERE case_id = 1", kind: .changed, caseID: 1),
        Tampering(
            statement: "UPDATE case_timeline SET actor_person_id = 8 WHERE case_id = 2 AND sequence = 2",
            kind: .changed, caseID: 2),
        Tampering(
            statement: "UPDATE case_timeline SET actor_kind = 'system' WHERE case_id = 2 AND sequence = 2",
            kind: .changed, caseID: 2),
        Tampering(statement: "DELETE FROM case_timeline WHERE case_id = 2 AND sequence = 2", kind: .gap, caseID: 2),
        Tampering(statement: "DELETE FROM case_timeline WHERE case_id = 2 AND sequence = 1", kind: .gap, caseID: 2),
        Tampering(
            statement: "DELETE FROM case_timeline WHERE case_id = 2 AND sequence = 4", kind: .headDiffers, caseID: 2),
        Tampering(statement: "DELETE FROM case_timeline WHERE case_id = 1", kind: .empty, caseID: 1),
        Tampering(statement: "DELETE FROM case_file WHERE id = 3", kind: .orphan, caseID: 3),
        Tampering(statement: "UPDATE case_file SET state = 'closed' WHERE id = 1", kind: .stateDiffers, caseID: 1),
        Tampering(statement: "UPDATE case_file SET timeline_hash = '' WHERE id = 1", kind: .headDiffers, caseID: 1),
        Tampering(
            statement: """
                INSERT INTO case_tombstone (case_id, kind, number, timeline_count, timeline_hash, removed_at_ms, reason,
                    actor_kind) VALUES (1, 'request', 'PT-1', 1, '', 0, '', 'system')
                """, kind: .removedStands, caseID: 1),
    ]

    @Test(
        "Tampering by somebody who can write to the tables is found and named", arguments: Engine.allCases, tamperings)
    func tampered(on engine: Engine, tampering: Tampering) async throws {
        let world = try await Self.world(engine)
        try await Self.disarm(world.database)
        _ = try await world.database.write { try $0.run(SQL(stringLiteral: tampering.statement)) }
        let report = try await world.verify()
        #expect(!report.isSound)
        #expect(report.faults.contains { $0.kind == tampering.kind && $0.caseID == ID(tampering.caseID) })
        #expect(Set(report.faults.map(\.caseID)) == [ID(tampering.caseID)])
    }

    @Test("No two different entries have the same bytes under the hash")
    func framing() {
        var chain = TimelineChain()
        func hash(_ event: String, _ detail: String, from: String?, to: String?) -> String {
            chain.hash(
                previous: TimelineChain.origin, caseID: ID(1), sequence: 1, at: Fixture.now, event: event,
                detail: detail, fromState: from, toState: to, actor: .resident)
        }
        let hashes = [
            hash("ab", "c", from: nil, to: nil), hash("a", "bc", from: nil, to: nil),
            hash("abc", "", from: nil, to: nil),
            hash("ab", "c", from: "", to: nil), hash("ab", "c", from: nil, to: ""), hash("ab", "c", from: "x", to: nil),
            hash("ab", "c", from: nil, to: "x"),
        ]
        #expect(Set(hashes).count == hashes.count)
        #expect(hashes.allSatisfy { $0.count == 64 })
    }

    @Test("An import taken back leaves tombstones, and what somebody worked on stays", arguments: Engine.allCases)
    func removal(on engine: Engine) async throws {
        let world = try await Self.world(engine)
        let cases = world.cases
        let head = try await world.timeline(1).last?.hash
        let kept = try await world.database.write {
            try cases.removeMany(
                (1...3).map { CaseRemoval(id: ID($0), searchText: "") }, reason: "文件传错", actor: Fixture.clerk, in: $0)
        }
        #expect(kept == [ID(2)])
        #expect(try await world.verify().isSound)
        let (left, stones) = try await world.database.read { tx in
            (
                try CaseStore.list(CaseFilter(), limit: 10, now: Fixture.now, in: tx).map(\.id),
                try tx.all("SELECT case_id, number, timeline_hash FROM case_tombstone ORDER BY case_id")
            )
        }
        #expect(left == [ID(2)])
        #expect(try stones.map { try $0.get("case_id") as Int64 } == [1, 3])
        #expect(try stones.first?.get("timeline_hash") as String? == head)
        let trail = try await world.database.read { try $0.all("SELECT detail FROM audit_entry") }
        #expect(try trail.map { try $0.get("detail") as String } == ["removed=2 kept=1 reason=文件传错"])
        // A number once given is never given again.
        #expect(try await world.open(Fixture.new(9)).number == "PT-20210419-00004")
    }

    @Test("Numbers without gaps are not taken back", arguments: Engine.allCases)
    func gaplessStays(on engine: Engine) async throws {
        let world = try await World(engine)
        let cases = world.cases
        try await world.open(Fixture.new(1, kind: "letter", days: nil))
        await #expect(throws: CaseError.gaplessStays(kind: "letter")) {
            try await world.database.write {
                try cases.removeMany(
                    [CaseRemoval(id: ID(1), searchText: "")], reason: "错", actor: Fixture.clerk, in: $0)
            }
        }
    }
}
