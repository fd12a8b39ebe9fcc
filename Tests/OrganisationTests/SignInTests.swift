import Core
import Store
import TestKit
import Testing
import Web

@testable import Organisation

@Suite("Signing in")
struct SignInTests {
    @Test(
        "A right password opens a session; a wrong one, an unknown name and a disabled account read alike",
        arguments: Engine.allCases)
    func passwords(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let admin = try await world.start()
        try await world.add("zhang", by: admin)
        let token = try await world.token(" Zhang ")
        #expect(try await world.account(token).name == "某人zhang")
        try await world.add("gone", by: admin)
        let gone = try await world.person("gone")
        try await ManagePeople(world.context).setEnabled(
            false, gone.id, version: gone.version, by: admin, from: OrganisationWorld.here)
        for (name, password) in [
            ("zhang", "wrong wrong wrong"), ("nobody", "wrong wrong wrong"), ("gone", OrganisationWorld.password),
        ] {
            await #expect(throws: OrganisationError.signInRefused, "\(name)") {
                try await world.signIn(name, password)
            }
        }
        #expect(try await world.audited(.signInFailed).count == 3)
        #expect(try await world.audited(.signInFailed).allSatisfy { !$0.event.subject.contains("nobody") })
        for wrong in [nil, "", "x", token + "x", String(token.dropLast()), String(repeating: "A", count: 43)] {
            #expect(try await world.visitor(wrong) == nil, "a guessed cookie: \(wrong ?? "nil")")
        }
    }

    @Test(
        "A session ends when idle, after its longest time, by signing out and by a new sign-in of its browser",
        arguments: Engine.allCases)
    func sessions(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        try await world.add("zhang", by: try await world.start())
        let first = try await world.token("zhang")
        world.clock.pass(seconds: 29 * 60)
        #expect(try await world.visitor(first) != nil)
        world.clock.pass(seconds: 29 * 60)
        #expect(try await world.visitor(first) != nil, "a click before the idle time is over prolongs it")
        world.clock.pass(seconds: 30 * 60)
        #expect(try await world.visitor(first) == nil)

        let second = try await world.token("zhang")
        for _ in 0..<36 {
            world.clock.pass(seconds: 20 * 60)
            _ = try await world.visitor(second)
        }
        #expect(try await world.visitor(second) == nil, "twelve hours are the end, however busy")

        let third = try await world.token("zhang")
        guard case .signedIn(let fourth, let account, _) = try await world.signIn("zhang", replacing: third) else {
            Issue.record("no second factor is set up")
            return
        }
        #expect(try await world.visitor(third) == nil, "no session is carried over a sign-in")
        try await SignOut(world.context)(token: fourth, account: account, from: OrganisationWorld.here)
        #expect(try await world.visitor(fourth) == nil)
        #expect(try await world.audited(.signOut).count == 1)
    }

    @Test(
        "Who is disabled is out at the next click, and a role taken away opens nothing more",
        arguments: Engine.allCases)
    func takenAway(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let admin = try await world.start()
        let (_, token) = try await world.add("zhang", [.digitalOffice, .unitStaff], unit: "construction", by: admin)
        let manage = ManagePeople(world.context)
        var zhang = try await world.person("zhang")
        try await manage.change(
            zhang.id,
            to: PersonDraft(signInName: "zhang", name: zhang.name, unitCode: "construction", roles: [.unitStaff]),
            version: zhang.version, by: admin, from: OrganisationWorld.here)
        #expect(try await world.account(token).roles == [.unitStaff])
        zhang = try await world.person("zhang")
        try await manage.setEnabled(
            false, zhang.id, version: zhang.version, by: admin, from: OrganisationWorld.here)
        #expect(try await world.visitor(token) == nil)
        // Enabled again they sign in anew; the old cookie stays dead.
        zhang = try await world.person("zhang")
        try await manage.setEnabled(true, zhang.id, version: zhang.version, by: admin, from: OrganisationWorld.here)
        #expect(try await world.visitor(token) == nil)
        #expect(try await world.visitor(try await world.token("zhang")) != nil)
    }

    @Test(
        "A password somebody else could know opens only the own account until it is changed",
        arguments: Engine.allCases)
    func mustChange(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        try await world.add("zhang", by: try await world.start())
        let zhang = try await world.person("zhang")
        let hash = try await world.context.hasher.hash("issued by the office")
        let now = world.clock.now
        try await world.database.write {
            try SignInStore.setCredential(hash, mustChange: true, of: zhang.id, at: now, in: $0)
        }
        let token = try await world.token("zhang", "issued by the office")
        let account = try await world.account(token)
        #expect(account.roles.isEmpty)
        let fresh = try await ManageAccount(world.context).changePassword(
            of: account, from: "issued by the office", to: "chosen by myself 7", token: token,
            origin: OrganisationWorld.here)
        #expect(try await world.account(fresh).roles == [.digitalOffice])
    }

    @Test("A changed password ends every other session and every link", arguments: Engine.allCases)
    func changed(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let admin = try await world.start()
        try await world.add("zhang", by: admin)
        let (here, elsewhere) = (try await world.token("zhang"), try await world.token("zhang"))
        let zhang = try await world.person("zhang")
        let link = try await ManagePeople(world.context).link(for: zhang.id, by: admin, from: OrganisationWorld.here)
        let account = try await world.account(here)
        let manage = ManageAccount(world.context)
        await #expect(throws: OrganisationError.passwordWrong) {
            try await manage.changePassword(
                of: account, from: "not my password", to: "another garden 77", token: here,
                origin: OrganisationWorld.here)
        }
        let fresh = try await manage.changePassword(
            of: account, from: OrganisationWorld.password, to: "another garden 77", token: here,
            origin: OrganisationWorld.here)
        for old in [here, elsewhere] { #expect(try await world.visitor(old) == nil) }
        #expect(try await world.visitor(fresh) != nil)
        #expect(try await OneTimeLinks(world.context).look(OrganisationWorld.token(link)) == nil)
        await #expect(throws: OrganisationError.signInRefused) { try await world.signIn("zhang") }
        _ = try await world.token("zhang", "another garden 77")
    }

    @Test("A password is hashed anew at today's cost when it is next used")
    func rehash() async throws {
        let world = try await OrganisationWorld(.sqlite)
        try await world.add("zhang", by: try await world.start())
        let dearer = PasswordHash.Cost(logRounds: 3, blockSize: 1, parallelism: 1)
        let later = try OrganisationContext(
            profile: world.profile, database: world.database, surroundings: world.context.surroundings,
            secret: Array(0..<32), passwordCost: dearer)
        for _ in 1...2 {
            _ = try await SignIn(later)(
                name: "zhang", password: OrganisationWorld.password, replacing: nil, from: OrganisationWorld.here)
        }
        let zhang = try await world.person("zhang")
        let hash = try await world.database.read { try SignInStore.credential(of: zhang.id, in: $0)?.hash }
        #expect(hash?.cost == dearer)
    }

    @Test(
        "Easy passwords are refused with what is wrong, good ones taken",
        arguments: [
            ("short", OrganisationError.passwordTooShort), ("aaaaaaaaaaaaaa", .passwordKnown),
            ("abcabcabcabcabc", .passwordKnown), ("abcdefghijklmn", .passwordKnown), ("Password12345!", .passwordKnown),
            ("zhangsan12345", .passwordPersonal), (String(repeating: "长", count: 257), .passwordTooLong),
        ])
    func rules(password: String, error: OrganisationError) {
        #expect(throws: error) { try PasswordRules.check(password, signInName: "zhangsan", name: "张三") }
        #expect(throws: Never.self) {
            try PasswordRules.check("普陀的早晨有薄雾和鸽子飞", signInName: "zhangsan", name: "张三")
        }
    }
}
