import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import Web

@Suite("The page kit builds and answers")
struct WebTests {
    struct HelloPage: Page {
        static let template = "web/problem"
        let title = "你好 <b>"
        let status = 200
        let detail = "a\"\u{338}b"
        let reference = "-"
        let code: String? = nil
        let homeHref = "/"
        let signInHref: String? = nil
    }

    @Test("A page is rendered in its layout with its texts escaped")
    func page() async throws {
        var routes = Routes()
        routes.get("/hello", .anyone) { try $0.render(HelloPage()) }
        let site = try SiteBuilder(
            rooms: [], routes: routes, navigation: [], sessions: NoSessions(), surroundings: .system(),
            zone: .shanghai, districtName: Bilingual(zh: "普陀", en: "Putuo"), secret: Array(repeating: 7, count: 32),
            logger: Logger(label: "test")
        ).build()
        try await Application(responder: site).test(.router) { client in
            try await client.execute(uri: "/hello", method: .get) { response in
                let html = String(buffer: response.body)
                #expect(response.status == .ok)
                #expect(html.contains("你好 &lt;b&gt;"))
                #expect(html.contains("a&quot;\u{338}b"))
                #expect(html.contains("普陀数智"))
            }
            try await client.execute(uri: "/nowhere", method: .get) { response in
                #expect(response.status == .notFound)
                #expect(String(buffer: response.body).contains("没有这个页面"))
            }
        }
    }
}
