import Core
import Store
import Synchronization
import TestKit
import Testing
import Web

@testable import Organisation

@Suite("Guessing is slowed down")
struct ThrottleTests {
    /// What an attempt with a wrong password meets.
    private func attempt(_ world: OrganisationWorld, _ name: String, from origin: Origin) async -> OrganisationError? {
        do {
            _ = try await world.signIn(name, "a wrong password", from: origin)
            return nil
        } catch { return error as? OrganisationError }
    }

    @Test(
        "Of 1,000 wrong passwords in a quarter of an hour, fewer than twenty are even looked at",
        arguments: Engine.allCases)
    func thousand(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        try await world.add("zhang", by: try await world.start())
        var looked = 0
        for _ in 1...1_000 {
            if await attempt(world, "zhang", from: Origin(address: nil)) == .signInRefused { looked += 1 }
            world.clock.pass(seconds: 1)
        }
        #expect((OrganisationLimits.freeFailuresPerAccount + 1...20).contains(looked), "\(looked)")
        #expect(try await world.audited(.signInFailed).count == looked)
        await #expect(throws: OrganisationError.self, "the right one has to wait as well") {
            try await world.signIn("zhang", from: Origin(address: nil))
        }
        world.clock.pass(seconds: OrganisationLimits.throttleSecondsMax)
        _ = try await world.token("zhang")
        // From here on failures are free again.
        #expect(await attempt(world, "zhang", from: Origin(address: nil)) == .signInRefused)
        #expect(try await world.verification().isIntact)
    }

    @Test("An unknown name waits as long as a known one", arguments: Engine.allCases)
    func unknown(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        try await world.add("zhang", by: try await world.start())
        var met: [[OrganisationError?]] = []
        for name in ["zhang", "nobody"] {
            var one: [OrganisationError?] = []
            for _ in 1...8 { one.append(await attempt(world, name, from: Origin(address: nil))) }
            met.append(one)
        }
        #expect(met[0] == met[1])
        #expect(met[0].last == .signInBlocked(seconds: 2))
    }

    @Test("Who tries many names from one address is stopped there, and others are not", arguments: Engine.allCases)
    func address(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        try await world.add("zhang", by: try await world.start())
        let spray = Origin(address: "198.51.100.9")
        var looked = 0
        for number in 1...200 where await attempt(world, "name\(number)", from: spray) == .signInRefused {
            looked += 1
        }
        #expect(looked == OrganisationLimits.freeFailuresPerAddress + 1)
        await #expect(throws: OrganisationError.self) { try await world.signIn("zhang", from: spray) }
        _ = try await world.token("zhang")
    }

    @Test("Attempts at the same moment do not pass together", arguments: Engine.allCases)
    func atOnce(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        try await world.add("zhang", by: try await world.start())
        let looked = await withTaskGroup(of: Bool.self) { group in
            for _ in 1...40 {
                group.addTask { await self.attempt(world, "zhang", from: Origin(address: nil)) == .signInRefused }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(looked == OrganisationLimits.freeFailuresPerAccount + 1)
    }

    @Test("A clock set back by a year locks nobody out", arguments: Engine.allCases)
    func clockSetBack(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        try await world.add("zhang", by: try await world.start())
        for _ in 1...10 { _ = await attempt(world, "zhang", from: OrganisationWorld.here) }
        world.clock.pass(seconds: -365 * 86_400)
        let token = try await world.token("zhang")
        #expect(try await world.visitor(token) != nil)
        #expect(try await world.verification().isIntact)
    }

    @Test("Neither names nor addresses are kept to count by", arguments: Engine.allCases)
    func hashed(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        _ = try await world.start()
        _ = await attempt(world, "zhang", from: OrganisationWorld.here)
        let subjects = try await world.database.read { tx in
            try tx.all("SELECT subject FROM sign_in_throttle").map { try $0.get("subject") as String }
        }
        #expect(subjects.count == 2)
        #expect(subjects.allSatisfy { !$0.contains("zhang") && !$0.contains("203.0") })
    }
}
