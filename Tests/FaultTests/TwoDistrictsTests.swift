import Foundation
import TestKit
import Testing

@Suite("Two districts of one process know nothing of each other")
struct TwoDistrictsTests {
    private static let password = "correct kettle 42 garden"

    @Test("A session, an identifier and an appeal's number of one district open nothing in the other")
    func apart() async throws {
        try await onThread {
            let folder = try ScratchFolder.shared().path("two")
            let server = try ShuzhiProcess([
                "serve", "--port", "0", "--data", folder, "--district", "a.example=putuo", "--district",
                "b.example=linhai-demo",
            ])
            defer { server.kill() }
            let said = try server.line(/http:\/\/a\.example:(\d+)(\/first-start\/\S+)/)
            let (port, link) = (Int(said.1) ?? 0, String(said.2))
            let here = PlainBrowser(port: port, host: "a.example")
            let made = try here.submit(
                ["name": "security", "person": "安全员", "password": Self.password, "again": Self.password], to: link,
                from: link)
            #expect(made.status == 303)
            let people = try here.get("/admin/people").body
            let person = try #require(people.firstMatch(of: /\/admin\/people\/\d+/).map { String($0.output) })
            #expect(try here.get(person).status == 200)

            let session = try #require(here.session)
            let there = PlainBrowser(port: port, host: "b.example", session: session)
            for path in ["/admin/people", person] {
                let answer = try there.get(path)
                #expect(answer.status == 303 && answer.header("location")?.hasPrefix("/sign-in") == true, "\(path)")
            }
            #expect(try PlainBrowser(port: port, host: "b.example").get(link).status != 200)

            let receipt = try here.submit(
                ["text": "楼下垃圾三天没有人收", "type": "help"], to: "/appeals/new", from: "/appeals/new")
            let codes = receipt.body.matches(of: /PT-\d{8}-\d{5}|\b[2-9A-Z]{8}\b/).map { String($0.output) }
            try #require(codes.count >= 2)
            let query = ["number": codes[0], "code": codes[1]]
            #expect(try here.submit(query, to: "/appeals/find", from: "/appeals/find").status == 200)
            #expect(try there.submit(query, to: "/appeals/find", from: "/appeals/find").status == 422)
        }
    }
}
