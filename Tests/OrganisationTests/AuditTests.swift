import Core
import Store
import TestKit
import Testing

@testable import Organisation

@Suite("The audit trail")
struct AuditTests {
    private func fill(_ world: OrganisationWorld, _ count: Int) async throws {
        let surroundings = world.context.surroundings
        for number in 1...count {
            try await world.database.write { tx in
                try Audit.append(
                    AuditEvent(kind: .export, personID: 7, subject: "list \(number)", detail: "rows=\(number)"),
                    surroundings, in: tx)
            }
        }
    }

    /// As somebody with the database's own password would.
    private func tamper(_ world: OrganisationWorld, _ engine: Engine, _ statement: SQL) async throws {
        try await world.database.write { tx in
            switch engine {
            case .sqlite:
                try tx.run("DROP TRIGGER audit_entry_no_update")
                try tx.run("DROP TRIGGER audit_entry_no_delete")
            case .postgresql: try tx.run("ALTER TABLE audit_entry DISABLE TRIGGER USER")
            }
            try tx.run(statement)
        }
    }

    @Test("Written by many at once, it stays one chain without a gap", arguments: Engine.allCases)
    func atOnce(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...8 { group.addTask { try await self.fill(world, 12) } }
            try await group.waitForAll()
        }
        let result = try await world.verification()
        #expect(result.isIntact && result.entries == 96)
    }

    @Test("The engine itself refuses to change or remove an entry", arguments: Engine.allCases)
    func appendOnly(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        try await fill(world, 3)
        let statements: [SQL] = [
            "UPDATE audit_entry SET detail = 'x' WHERE sequence = 2", "DELETE FROM audit_entry WHERE sequence = 3",
            "DELETE FROM audit_head",
        ]
        for statement in statements {
            await #expect(throws: StoreError.self) {
                try await world.database.write { _ = try $0.run(statement) }
            }
        }
        #expect(try await world.verification().isIntact)
    }

    @Test("A changed entry, a missing one and a cut-off end are found, and where", arguments: Engine.allCases)
    func tampered(engine: Engine) async throws {
        typealias Case = (statement: SQL, fault: Audit.Verification.Fault, at: Int64)
        let cases: [Case] = [
            ("UPDATE audit_entry SET detail = 'rows=1' WHERE sequence = 3", .changed, 3),
            ("UPDATE audit_entry SET person_id = 8 WHERE sequence = 2", .changed, 2),
            ("UPDATE audit_entry SET at_ms = at_ms + 1 WHERE sequence = 5", .changed, 5),
            ("DELETE FROM audit_entry WHERE sequence = 2", .broken, 3),
            ("DELETE FROM audit_entry WHERE sequence >= 4", .cutOff, 4),
        ]
        for one in cases {
            let world = try await OrganisationWorld(engine)
            try await fill(world, 5)
            try await tamper(world, engine, one.statement)
            let result = try await world.verification()
            #expect(result.fault == one.fault && result.faultySequence == one.at, "\(one.statement)")
        }
    }

    @Test("No two different entries have one hash: the parts' borders count")
    func borders() {
        func hash(_ subject: String, _ detail: String, _ address: String? = nil) -> String {
            AuditEntry.hash(
                sequence: 1, at: Instant(millisecondsSince1970: 0),
                event: AuditEvent(
                    kind: .export, personID: nil, subject: subject, detail: detail, address: address),
                previousHash: AuditStore.firstHash)
        }
        #expect(hash("ab", "c") != hash("a", "bc"))
        #expect(hash("a", "", nil) != hash("a", "", ""))
        #expect(hash("a", "b") == hash("a", "b"))
    }

    @Test(
        "Text that no database takes, or without end, is kept as far as it can be, and still verifies",
        arguments: Engine.allCases)
    func oddTexts(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let surroundings = world.context.surroundings
        for text in [
            "a\u{0}b", String(repeating: "长", count: 5_000), "e\u{301}\u{202E}", "'); DROP TABLE person; --", "",
        ] {
            try await world.database.write { tx in
                try Audit.append(
                    AuditEvent(kind: .export, personID: nil, subject: text, detail: text, address: text),
                    surroundings, in: tx)
            }
        }
        let result = try await world.verification()
        #expect(result.isIntact && result.entries == 5)
    }

    @Test("Found by words, kind, person and time; a wildcard is a letter", arguments: Engine.allCases)
    func filtered(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        try await fill(world, 12)
        func count(_ change: (inout AuditFilter) -> Void) async throws -> Int {
            var filter = AuditFilter()
            change(&filter)
            let wanted = filter
            return try await world.database.read { try AuditStore.count(wanted, in: $0) }
        }
        let now = world.clock.now
        #expect(try await count { $0.search = "LIST 1" } == 4)
        #expect(try await count { $0.search = "%" } == 0)
        #expect(try await count { $0.kinds = [.export] } == 12)
        #expect(try await count { $0.kinds = [.backup] } == 0)
        #expect(try await count { $0.personID = 8 } == 0)
        #expect(try await count { $0.from = now.adding(seconds: 1) } == 0)
        #expect(try await count { $0.until = now.adding(seconds: 1) } == 12)
    }
}
