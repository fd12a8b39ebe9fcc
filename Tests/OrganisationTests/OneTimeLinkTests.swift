import Core
import Store
import TestKit
import Testing
import Web

@testable import Organisation

@Suite("Links that work once")
struct OneTimeLinkTests {
    private func start(_ world: OrganisationWorld, _ path: String, _ name: String) async throws -> String {
        try await OneTimeLinks(world.context).start(
            OrganisationWorld.token(path), signInName: name, name: "安全员", password: OrganisationWorld.password,
            from: OrganisationWorld.here)
    }

    @Test(
        "The first start makes one administrator, however many links were printed and whoever is quick",
        arguments: Engine.allCases)
    func firstStart(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let links = OneTimeLinks(world.context)
        let paths = [try #require(try await links.firstStart()), try #require(try await links.firstStart())]
        let made = await withTaskGroup(of: Bool.self) { group in
            for (number, path) in (paths + paths).enumerated() {
                group.addTask { (try? await self.start(world, path, "admin\(number)")) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(made == 1)
        let people = try await world.database.read {
            try PersonStore.list(PersonFilter(), limit: 10, offset: 0, in: $0)
        }
        #expect(people.map(\.roles) == [[.securityAdministrator]])
        #expect(try await links.firstStart() == nil)
        for path in paths { #expect(try await links.look(OrganisationWorld.token(path)) == nil) }
    }

    @Test("A link of yesterday, or one that was guessed, opens nothing", arguments: Engine.allCases)
    func expired(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let links = OneTimeLinks(world.context)
        let path = try #require(try await links.firstStart())
        for guess in [
            "", "x", String(repeating: "A", count: 43), String(OrganisationWorld.token(path).dropLast()) + "_",
        ] {
            #expect(try await links.look(guess) == nil || guess == OrganisationWorld.token(path), "\(guess)")
        }
        world.clock.pass(seconds: Int64(OrganisationLimits.firstStartLinkHours) * 3_600)
        await #expect(throws: OrganisationError.linkInvalid) { try await start(world, path, "admin") }
    }

    @Test("An invitation is used up by the password it sets, not by one that is refused", arguments: Engine.allCases)
    func invitation(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let admin = try await world.start()
        let draft = PersonDraft(signInName: "zhang", name: "张三", unitCode: nil, roles: [.digitalOffice])
        let made = try await ManagePeople(world.context).invite(draft, by: admin, from: OrganisationWorld.here)
        let (links, token) = (OneTimeLinks(world.context), OrganisationWorld.token(made.link))
        await #expect(throws: OrganisationError.signInRefused) { try await world.signIn("zhang", "") }
        await #expect(throws: OrganisationError.passwordTooShort) {
            try await links.follow(token, password: "short", replacing: nil, from: OrganisationWorld.here)
        }
        let followed = try await links.follow(
            token, password: OrganisationWorld.password, replacing: nil, from: OrganisationWorld.here)
        #expect(try await world.visitor(followed.token) != nil)
        await #expect(throws: OrganisationError.linkInvalid) {
            try await links.follow(
                token, password: "another password 5", replacing: nil, from: OrganisationWorld.here)
        }
        _ = try await world.token("zhang")
    }

    @Test("A new link ends the one before, and disabling its person ends it", arguments: Engine.allCases)
    func replaced(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let admin = try await world.start()
        let (_, session) = try await world.add("zhang", by: admin)
        let (manage, links) = (ManagePeople(world.context), OneTimeLinks(world.context))
        var zhang = try await world.person("zhang")
        let first = try await manage.link(for: zhang.id, by: admin, from: OrganisationWorld.here)
        let second = try await manage.link(for: zhang.id, by: admin, from: OrganisationWorld.here)
        #expect(try await links.look(OrganisationWorld.token(first)) == nil)
        _ = try await links.follow(
            OrganisationWorld.token(second), password: "a new password 99", replacing: nil,
            from: OrganisationWorld.here)
        #expect(try await world.visitor(session) == nil, "a reset ends what the old password opened")
        let third = try await manage.link(for: zhang.id, by: admin, from: OrganisationWorld.here)
        zhang = try await world.person("zhang")
        try await manage.setEnabled(false, zhang.id, version: zhang.version, by: admin, from: OrganisationWorld.here)
        #expect(try await links.look(OrganisationWorld.token(third)) == nil)
        await #expect(throws: OrganisationError.personDisabled) {
            try await manage.link(for: zhang.id, by: admin, from: OrganisationWorld.here)
        }
    }

    @Test("Of two who follow one link at once, one sets the password", arguments: Engine.allCases)
    func race(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let draft = PersonDraft(signInName: "zhang", name: "张三", unitCode: nil, roles: [.digitalOffice])
        let made = try await ManagePeople(world.context).invite(
            draft, by: try await world.start(), from: OrganisationWorld.here)
        let (links, token) = (OneTimeLinks(world.context), OrganisationWorld.token(made.link))
        let passwords = (1...6).map { "password of racer \($0)" }
        let winners = await withTaskGroup(of: String?.self) { group in
            for password in passwords {
                group.addTask {
                    let won = try? await links.follow(
                        token, password: password, replacing: nil, from: OrganisationWorld.here)
                    return won == nil ? nil : password
                }
            }
            return await group.reduce(into: [String]()) { if let one = $1 { $0.append(one) } }
        }
        let winner = try #require(winners.first)
        #expect(winners.count == 1)
        _ = try await world.token("zhang", winner)
    }
}
