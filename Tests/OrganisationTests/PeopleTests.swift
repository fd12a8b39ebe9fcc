import Core
import Store
import TestKit
import Testing
import Web

@testable import Organisation

@Suite("Managing people")
struct PeopleTests {
    private func draft(_ person: Person, _ roles: Set<Role>) -> PersonDraft {
        PersonDraft(signInName: person.signInName, name: person.name, unitCode: person.unitCode, roles: roles)
    }

    @Test(
        "Nobody changes their own roles or disables themselves, and one security administrator remains",
        arguments: Engine.allCases)
    func ownRoles(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let first = try await world.start()
        let manage = ManagePeople(world.context)
        let me = try await world.person("security")
        await #expect(throws: OrganisationError.ownRoles) {
            try await manage.change(
                me.id, to: draft(me, [.auditAdministrator]), version: me.version, by: first,
                from: OrganisationWorld.here)
        }
        await #expect(throws: OrganisationError.ownRoles) {
            try await manage.setEnabled(false, me.id, version: me.version, by: first, from: OrganisationWorld.here)
        }
        let (second, _) = try await world.add("second", [.securityAdministrator], by: first)
        try await manage.change(
            me.id, to: draft(me, [.digitalOffice]), version: me.version, by: second, from: OrganisationWorld.here)
        await #expect(throws: WebError.notAllowed, "the role is gone, whatever the session believed") {
            let other = try await world.person("second")
            try await manage.setEnabled(
                false, other.id, version: other.version, by: first, from: OrganisationWorld.here)
        }
    }

    @Test("Two administrators who remove each other do not both win", arguments: Engine.allCases)
    func eachOther(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let first = try await world.start()
        let (second, _) = try await world.add("second", [.securityAdministrator], by: first)
        let manage = ManagePeople(world.context)
        let people = [try await world.person("security"), try await world.person("second")]
        let won = await withTaskGroup(of: Bool.self) { group in
            for (target, actor) in [(people[0], second), (people[1], first)] {
                group.addTask {
                    (try? await manage.setEnabled(
                        false, target.id, version: target.version, by: actor, from: OrganisationWorld.here)) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(won == 1)
        #expect(try await world.database.read { try PersonStore.countEnabled(.securityAdministrator, in: $0) } == 1)
    }

    @Test("A form that saw an older version is refused, a taken name too", arguments: Engine.allCases)
    func stale(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let admin = try await world.start()
        try await world.add("zhang", by: admin)
        try await world.add("li", by: admin)
        let manage = ManagePeople(world.context)
        let seen = try await world.person("zhang")
        var change = draft(seen, [.digitalOffice, .leader])
        try await manage.change(seen.id, to: change, version: seen.version, by: admin, from: OrganisationWorld.here)
        await #expect(throws: OrganisationError.changedMeanwhile) {
            try await manage.change(
                seen.id, to: draft(seen, [.leader]), version: seen.version, by: admin, from: OrganisationWorld.here)
        }
        #expect(try await world.person("zhang").roles == [.digitalOffice, .leader])
        change.signInName = "li"
        let taken = change
        await #expect(throws: OrganisationError.signInNameTaken("li")) {
            try await manage.change(
                seen.id, to: taken, version: seen.version + 1, by: admin, from: OrganisationWorld.here)
        }
        let again = PersonDraft(signInName: "LI", name: "另一人", unitCode: nil, roles: [.leader])
        await #expect(throws: OrganisationError.signInNameTaken("li")) {
            try await manage.invite(again, by: admin, from: OrganisationWorld.here)
        }
        #expect(try await world.audited(.permissionChange).count == 1, "what was refused left no line")
    }

    @Test("Only a security administrator manages people", arguments: Engine.allCases)
    func others(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let admin = try await world.start()
        let zhang = try await world.person("security")
        for role in Role.allCases where role != .securityAdministrator {
            let unit = RoleRules.ofAUnit.contains(role) ? "construction" : nil
            let (account, _) = try await world.add(
                "p\(role.rawValue.replacing("_", with: "."))", [role], unit: unit, by: admin)
            await #expect(throws: WebError.notAllowed, "\(role)") {
                try await ManagePeople(world.context).link(for: zhang.id, by: account, from: OrganisationWorld.here)
            }
        }
    }

    @Test("People are found by part of a name, a wildcard is a letter like any other", arguments: Engine.allCases)
    func search(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let admin = try await world.start()
        for name in ["zhang", "zhao", "li_wei"] { try await world.add(name, by: admin) }
        func found(_ text: String) async throws -> [String] {
            var filter = PersonFilter()
            filter.search = text
            filter.order = .signInName
            let wanted = filter
            return try await world.database.read { tx in
                let people = try PersonStore.list(wanted, limit: 10, offset: 0, in: tx)
                #expect(try PersonStore.count(wanted, in: tx) == people.count)
                return people.map(\.signInName)
            }
        }
        #expect(try await found("ZHA") == ["zhang", "zhao"])
        #expect(try await found("_") == ["li_wei"])
        for wildcard in ["%", "~"] { #expect(try await found(wildcard).isEmpty) }
        #expect(try await found("某人z") == ["zhang", "zhao"])
    }
}
