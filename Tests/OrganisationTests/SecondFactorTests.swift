import Core
import Foundation
import Store
import TestKit
import Testing
import Web

@testable import Organisation

@Suite("A second factor is set up, used and taken away on its pages")
struct SecondFactorTests {
    /// The key as the page shows it, decoded: what an authenticator holds.
    private func secret(_ page: AccountDistrict.Answer) throws -> [UInt8] {
        let groups = page.text.matches(of: /<span>([A-Z2-7]{1,4})<\/span>/).map { String($0.output.1) }
        let text = groups.joined()
        #expect(text.count == 32)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var (bytes, buffer, bits): ([UInt8], Int, Int) = ([], 0, 0)
        for character in text {
            buffer = buffer << 5 | (try #require(alphabet.firstIndex(of: character)))
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(buffer >> bits & 0xFF))
            }
        }
        return bytes
    }

    private func code(_ secret: [UInt8], _ district: AccountDistrict) -> String {
        TimeCode.code(secret: secret, step: district.clock.now.millisecondsSince1970 / 30_000)
    }

    @Test(
        "Enrolled with its first code, it is asked for at the next sign-in; each code works once",
        arguments: Engine.allCases)
    func enrol(engine: Engine) async throws {
        let district = try await AccountDistrict(engine)
        let session = try await district.person("zhang.san", [.digitalOffice])
        #expect(try await district.get("/account", as: session).text.contains("href=\"/account/second-factor\""))
        let page = try await district.get("/account/second-factor", as: session)
        let secret = try secret(page)
        #expect(page.text.contains("class=\"qr\"") && page.text.contains("otpauth://totp/"))
        #expect(try self.secret(try await district.get("/account/second-factor", as: session)) == secret)

        let wrong = try await district.post("/account/second-factor", [("code", "000000")], as: session)
        #expect(
            wrong.status == 422 && wrong.text.contains("aria-invalid=\"true\"")
                && !wrong.text.contains("class=\"codes\""))
        #expect(try self.secret(wrong) == secret)
        let first = code(secret, district)
        let done = try await district.post("/account/second-factor", [("code", first)], as: session)
        #expect(done.status == 200)
        let codes = done.text.matches(of: /<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})<\/code>/).map { String($0.output.1) }
        #expect(Set(codes).count == OrganisationLimits.recoveryCodes)

        // The codes and the key are on no page any more.
        let account = try await district.get("/account", as: session).text
        #expect(!codes.contains { account.contains($0) } && account.contains("恢复码还剩 10 个"))
        let again = try await district.get("/account/second-factor", as: session)
        #expect(again.status == 303 && !again.text.contains("otpauth"))

        // The code that enrolled is used up; the next one signs in, once; and so does each recovery code.
        #expect(try await signIn(district, code: first).status == 422)
        district.clock.advance(seconds: 60)
        let next = code(secret, district)
        #expect(try await signIn(district, code: next).status == 303)
        #expect(try await signIn(district, code: next).status == 422)
        #expect(try await signIn(district, code: codes[0]).status == 303)
        #expect(try await signIn(district, code: codes[0]).status == 422)
        #expect(try await district.get("/account", as: session).text.contains("恢复码还剩 9 个"))
    }

    private func signIn(_ district: AccountDistrict, code: String) async throws -> AccountDistrict.Answer {
        let asked = try await district.post(
            "/sign-in", [("name", "zhang.san"), ("password", AccountDistrict.password)], from: "/sign-in")
        #expect(asked.status == 200 && asked.text.contains("one-time-code"))
        let ticket = try #require(asked.first(/name="ticket" value="([^"]+)"/))
        let answer = try await district.post("/sign-in/code", [("ticket", ticket), ("code", code)], from: "/sign-in")
        // A refused code leaves the visitor at the code, not at the password.
        if answer.status == 422 { #expect(answer.text.contains("name=\"ticket\"")) }
        return answer
    }

    @Test("It is turned off against the password only, and the trail knows of both")
    func remove() async throws {
        let district = try await AccountDistrict()
        let session = try await district.person("zhang.san", [.digitalOffice])
        let secret = try secret(try await district.get("/account/second-factor", as: session))
        _ = try await district.post("/account/second-factor", [("code", code(secret, district))], as: session)
        let refused = try await district.post(
            "/account/second-factor/remove", [("factor-password", "not my password")], as: session)
        #expect(refused.status == 422 && refused.text.contains("<details open>"))
        let removed = try await district.post(
            "/account/second-factor/remove", [("factor-password", AccountDistrict.password)], as: session)
        #expect(removed.status == 303)
        #expect(try await district.get("/account", as: session).text.contains("href=\"/account/second-factor\""))
        var filter = AuditFilter()
        filter.kinds = [.secondFactorChanged]
        let asked = filter
        let entries = try await district.database.read { try AuditStore.list(asked, limit: 9, offset: 0, in: $0) }
        #expect(entries.map(\.event.detail) == ["off", "on"])
    }

    @Test("Two browsers: each is listed, one ends the other and itself it signs out")
    func sessions() async throws {
        let district = try await AccountDistrict()
        let first = try await district.person("zhang.san", [.digitalOffice])
        let second = try await district.post(
            "/sign-in", [("name", "zhang.san"), ("password", AccountDistrict.password)], from: "/sign-in")
        let token = try #require(
            second.cookies.first { $0.hasPrefix("shuzhi_session=") }?.dropFirst(15).split(separator: ";").first)
        let page = try await district.get("/account", as: first)
        #expect(page.text.contains("本设备") && page.text.contains("Firefox · Linux") && page.text.contains("10.0.0.1"))
        let end = try #require(page.first(/action="(\/account\/sessions\/\d+\/end)"/))
        #expect(try await district.post(end, [], as: first).status == 303)
        #expect(try await district.get("/account", as: String(token)).status == 303)
        #expect(try await district.get("/account", as: first).status == 200)
    }
}
