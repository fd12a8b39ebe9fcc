import Core
import Store
import TestKit
import Testing
import Web

@testable import Organisation

@Suite("Second factors and their codes")
struct TimeCodeTests {
    @Test(
        "Codes are those of RFC 6238, appendix B, cut to six digits",
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"), (20_000_000_000, "353130"),
        ])
    func vectors(seconds: Int64, code: String) {
        let secret = Array("12345678901234567890".utf8)
        #expect(TimeCode.code(secret: secret, step: seconds / TimeCode.stepSeconds) == code)
        let now = Instant(millisecondsSince1970: seconds * 1_000)
        #expect(TimeCode.matchingStep(code, secret: secret, at: now, lastStep: 0) == seconds / 30)
        #expect(TimeCode.matchingStep(code, secret: secret, at: now, lastStep: seconds / 30) == nil)
    }

    @Test("Base 32 is RFC 4648's")
    func base32() {
        for (text, encoded) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
            #expect(TimeCode.base32(Array(text.utf8)) == encoded)
        }
    }

    /// The code an authenticator shows now.
    private func code(_ secret: String, _ world: OrganisationWorld, steps: Int64 = 0) throws -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var (bytes, buffer, bits): ([UInt8], UInt32, Int) = ([], 0, 0)
        for letter in secret {
            buffer = buffer << 5 | UInt32(try #require(alphabet.firstIndex(of: letter)))
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return TimeCode.code(
            secret: bytes, step: world.clock.now.millisecondsSince1970 / 30_000 + steps)
    }

    private func enrol(
        _ world: OrganisationWorld, _ account: Visitor.Account
    ) async throws -> (secret: String, recovery: [String]) {
        let manage = ManageAccount(world.context)
        let enrolment = try #require(try await manage.enrolment(of: account, issuer: "数智普陀"))
        #expect(try await manage.enrolment(of: account, issuer: "数智普陀") == enrolment, "the same until confirmed")
        await #expect(throws: OrganisationError.codeRefused) {
            try await manage.confirmFactor("000000", of: account, origin: OrganisationWorld.here)
        }
        let recovery = try await manage.confirmFactor(
            try code(enrolment.secret, world), of: account, origin: OrganisationWorld.here)
        return (enrolment.secret, recovery)
    }

    private func second(
        _ world: OrganisationWorld, _ ticket: String, _ code: String
    ) async throws -> SignIn.Outcome {
        try await SignIn(world.context)(ticket: ticket, code: code, replacing: nil, from: OrganisationWorld.here)
    }

    private func ticket(_ world: OrganisationWorld) async throws -> String {
        guard case .codeNeeded(let ticket) = try await world.signIn("zhang") else {
            throw OrganisationError.codeRefused
        }
        return ticket
    }

    @Test(
        "The password alone is not enough, a code works once, and so does each recovery code",
        arguments: Engine.allCases)
    func codes(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let (account, _) = try await world.add("zhang", by: try await world.start())
        let (secret, recovery) = try await enrol(world, account)
        #expect(recovery.count == OrganisationLimits.recoveryCodes && Set(recovery).count == recovery.count)
        world.clock.pass(seconds: 60)
        let now = try code(secret, world)
        guard case .signedIn = try await second(world, try await ticket(world), " \(now.prefix(3)) \(now.suffix(3))")
        else {
            Issue.record("the code was right")
            return
        }
        await #expect(throws: OrganisationError.codeRefused, "seen over a shoulder") {
            try await second(world, try await ticket(world), now)
        }
        world.clock.pass(seconds: 90)
        _ = try await second(world, try await ticket(world), try code(secret, world, steps: -1))
        await #expect(throws: OrganisationError.codeRefused) {
            try await second(world, try await ticket(world), try code(secret, world, steps: 3))
        }
        _ = try await second(world, try await ticket(world), recovery[0].uppercased())
        await #expect(throws: OrganisationError.codeRefused) {
            try await second(world, try await ticket(world), recovery[0])
        }
        #expect(try await ManageAccount(world.context).recoveryCodesLeft(of: account) == recovery.count - 1)
        #expect(try await world.verification().isIntact)
    }

    @Test(
        "A ticket is over after five minutes, with a changed password, and when somebody writes their own",
        arguments: Engine.allCases)
    func tickets(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let admin = try await world.start()
        let (account, token) = try await world.add("zhang", by: admin)
        let (secret, _) = try await enrol(world, account)
        let old = try await ticket(world)
        world.clock.pass(seconds: 301)
        await #expect(throws: OrganisationError.signInRefused) {
            try await second(world, old, try code(secret, world))
        }
        let before = try await ticket(world)
        let id = try await world.person("zhang").id
        for forged in ["", "1.2", "\(id).99999999999999.00", before.replacing("\(id).", with: "\(admin.personID).")] {
            await #expect(throws: OrganisationError.signInRefused, "\(forged)") {
                try await second(world, forged, try code(secret, world))
            }
        }
        _ = try await ManageAccount(world.context).changePassword(
            of: account, from: OrganisationWorld.password, to: "another garden 77", token: token,
            origin: OrganisationWorld.here)
        await #expect(throws: OrganisationError.signInRefused) {
            try await second(world, before, try code(secret, world))
        }
    }

    @Test("Codes are guessed no faster than passwords", arguments: Engine.allCases)
    func guessing(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let (account, _) = try await world.add("zhang", by: try await world.start())
        _ = try await enrol(world, account)
        let ticket = try await ticket(world)
        var looked = 0
        for number in 0..<200 {
            do {
                _ = try await second(world, ticket, String(100_000 + number))
            } catch OrganisationError.codeRefused { looked += 1 } catch {}
        }
        #expect(looked <= OrganisationLimits.freeFailuresPerAccount + 1)
    }

    @Test(
        "Turned off against the password, and by a link for somebody who lost their authenticator",
        arguments: Engine.allCases)
    func off(engine: Engine) async throws {
        let world = try await OrganisationWorld(engine)
        let admin = try await world.start()
        let (account, _) = try await world.add("zhang", by: admin)
        let manage = ManageAccount(world.context)
        _ = try await enrol(world, account)
        await #expect(throws: OrganisationError.passwordWrong) {
            try await manage.removeFactor(of: account, password: "not mine at all", origin: OrganisationWorld.here)
        }
        try await manage.removeFactor(
            of: account, password: OrganisationWorld.password, origin: OrganisationWorld.here)
        _ = try await world.token("zhang")
        world.clock.pass(seconds: 120)
        _ = try await enrol(world, account)
        let zhang = try await world.person("zhang")
        let link = try await ManagePeople(world.context).link(for: zhang.id, by: admin, from: OrganisationWorld.here)
        _ = try await OneTimeLinks(world.context).follow(
            OrganisationWorld.token(link), password: "a new password 99", replacing: nil,
            from: OrganisationWorld.here)
        #expect(try await world.person("zhang").hasSecondFactor == false)
    }

    @Test("The database alone does not give the secret away")
    func sealed() async throws {
        let world = try await OrganisationWorld(.sqlite)
        let (account, _) = try await world.add("zhang", by: try await world.start())
        let (secret, _) = try await enrol(world, account)
        let stored: String = try await world.database.read { tx in
            try #require(try tx.first("SELECT secret_sealed FROM second_factor")).get("secret_sealed")
        }
        #expect(!stored.contains(secret))
        let other = Seal(secret: Array(1...32), purpose: "shuzhi.organisation.second-factor")
        #expect(throws: OrganisationError.secretUnreadable) { try other.open(stored) }
    }
}
