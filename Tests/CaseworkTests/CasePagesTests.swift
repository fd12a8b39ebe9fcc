import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Casework

/// A site of the spine alone, with one person signed in for each role.
struct CaseSite {
    struct Sessions: SessionResolver {
        func visitor(sessionToken: String?, now: Instant) async throws -> Visitor {
            guard let token = sessionToken, let account = CaseSite.people[token] else {
                return Visitor(account: nil, sessionKey: "")
            }
            return Visitor(account: account, sessionKey: token)
        }
    }

    static let people: [String: Visitor.Account] = {
        func person(_ id: Int64, _ name: String, _ unit: String?, _ role: Role) -> Visitor.Account {
            Visitor.Account(personID: id, name: name, unitCode: unit, roles: [role])
        }
        return [
            "water": person(7, "王芳", Fixture.water, .unitStaff), "waterHead": person(8, "李强", Fixture.water, .unitHead),
            "roads": person(9, "赵敏", Fixture.roads, .unitStaff),
            "office": person(10, "陈静", Fixture.dispatch, .digitalOffice), "leader": person(11, "周伟", nil, .leader),
            "enterprise": person(12, "某公司", nil, .enterprise), "system": person(13, "管理", nil, .systemAdministrator),
        ]
    }()

    let world: World
    let module: CaseworkModule
    let responder: SiteResponder

    init(_ engine: Engine = .sqlite) async throws {
        world = try await World(engine)
        module = CaseworkModule(cases: world.cases, database: world.database, blobs: try AttachmentTests.folder())
        responder = try SiteBuilder(
            rooms: [CaseworkModule.resources], routes: module.routes, navigation: CaseworkModule.navigation,
            sessions: Sessions(), surroundings: world.cases.surroundings, zone: .shanghai,
            districtName: Bilingual(zh: "测试区", en: "Test"), secret: [UInt8](repeating: 7, count: 32),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).build()
        try await world.open(Fixture.new(1, title: "路灯 <b>不亮</b>", actor: .resident))
        try await world.open(Fixture.new(2, title: "河道发臭", lead: Fixture.roads, supporting: [Fixture.water]))
    }

    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let headers: HTTPFields
        let body: String
        var location: String? { headers[.location] }
    }

    func get(_ path: String, as person: String?, english: Bool = false) async throws -> Answer {
        var headers = HTTPFields()
        headers[.cookie] = (person.map { "shuzhi_session=\($0); " } ?? "") + (english ? "shuzhi_language=en" : "")
        return try await send(path, .get, headers, "")
    }

    func post(_ path: String, _ form: [(String, String)], as person: String) async throws -> Answer {
        let token = try await csrf(person)
        let body = ([("csrf", token)] + form).map { "\(urlEncoded($0.0))=\(urlEncoded($0.1))" }.joined(separator: "&")
        return try await send(
            path, .post,
            [.cookie: "shuzhi_session=\(person)", .contentType: "application/x-www-form-urlencoded"], body)
    }

    func upload(_ path: String, name: String, content: String, as person: String) async throws -> Answer {
        let body = """
            --b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\(try await csrf(person))\r\n\
            --b\r\nContent-Disposition: form-data; name="file"; filename="\(name)"\r\n\
            Content-Type: text/html\r\n\r\n\(content)\r\n--b--\r\n
            """
        return try await send(
            path, .post, [.cookie: "shuzhi_session=\(person)", .contentType: "multipart/form-data; boundary=b"], body)
    }

    /// From the sign-out form, which every page has.
    private func csrf(_ person: String) async throws -> String {
        let page = try await get("/desk/nowhere", as: person).body
        return page.firstMatch(of: /name="csrf" value="([^"]+)"/).map { String($0.output.1) } ?? ""
    }

    private func send(
        _ path: String, _ method: HTTPRequest.Method, _ headers: HTTPFields, _ body: String
    ) async throws -> Answer {
        try await Application(responder: responder).test(.router) { client in
            try await client.execute(uri: path, method: method, headers: headers, body: ByteBuffer(string: body)) {
                Answer(status: $0.status, headers: $0.headers, body: String(buffer: $0.body))
            }
        }
    }
}

@Suite("Pages of the cases")
struct CasePagesTests {
    @Test("A case shows its number, state, light, deadline with its derivation, and timeline, in both languages")
    func show() async throws {
        let site = try await CaseSite()
        let page = try await site.get("/desk/cases/1", as: "water")
        #expect(page.status == .ok)
        for text in [
            "PT-20210419-00001", "路灯 &lt;b&gt;不亮&lt;/b&gt;", "已受理", "水务局", "light-green", "来件人",
            "5 个工作日（求助），计入调休上班日 4月25日，至 2021-04-25 24:00 止。",
        ] {
            #expect(page.body.contains(text), "\(text)")
        }
        let english = try await site.get("/desk/cases/1", as: "water", english: true)
        #expect(english.body.contains("counting the make-up workdays 2021-04-25"))
        #expect(!english.body.contains("casework."))
        #expect(!page.body.contains("casework."))
    }

    @Test(
        "Each route of the room is open to the desk and to nobody else",
        arguments: [
            "/desk/cases", "/desk/cases/1", "/desk/attachments/1", "/desk/cases/1/comments", "/desk/cases/1/comments/1",
            "/desk/cases/1/links", "/desk/cases/1/links/1/remove", "/desk/cases/1/attachments",
            "/desk/cases/1/attachments/1/remove", "/desk/cases/1/lead", "/desk/cases/1/deadline", "/desk/cases/1/light",
            "/desk/cases/1/exclusion", "/desk/cases/1/readmission", "/desk/exclusions", "/desk/exclusions/export",
        ])
    func access(path: String) async throws {
        let site = try await CaseSite()
        let isGet =
            ["/desk/cases", "/desk/cases/1", "/desk/attachments/1"].contains(path) || path.hasPrefix("/desk/exclusions")
        let steering = ["deadline", "exclusion", "readmission"]
        for person in ["enterprise", "system"] {
            let answer = isGet ? try await site.get(path, as: person) : try await site.post(path, [], as: person)
            #expect(answer.status == .forbidden, "\(person)")
        }
        if isGet { #expect(try await site.get(path, as: nil).status != .ok) }
        // Others of the desk may look, and may not act.
        if !isGet {
            for person in ["roads", "leader"] where person != "leader" || !steering.contains(where: path.hasSuffix) {
                let answer = try await site.post(
                    path, [("version", "1"), ("lead-reason", "x"), ("light", "red")], as: person)
                #expect(answer.status == .forbidden, "\(person)")
            }
        }
    }

    @Test("The routes tested for access are all there are")
    func allRoutes() async throws {
        #expect(try await CaseSite().module.routes.all.count == 16)
    }

    @Test("A comment is added, shown, and edited by its author only", arguments: Engine.allCases)
    func comments(on engine: Engine) async throws {
        let site = try await CaseSite(engine)
        let done = try await site.post("/desk/cases/1/comments", [("comment", "请联系 13812341234")], as: "water")
        #expect((done.status, done.location) == (.seeOther, "/desk/requests/1#comments"))
        let own = try await site.get("/desk/cases/1", as: "water").body
        #expect(own.contains("请联系 13812341234"))
        let path = try #require(own.firstMatch(of: /action="(\/desk\/cases\/1\/comments\/\d+)"/)).output.1
        #expect(!(try await site.get("/desk/cases/1", as: "waterHead").body.contains(path)))
        // Who does not handle the case sees no telephone numbers.
        #expect(!(try await site.get("/desk/cases/1", as: "leader").body.contains("13812341234")))
        let name = "comment-" + path.split(separator: "/").last!
        let refused = try await site.post(String(path), [("version", "1"), (name, "改")], as: "waterHead")
        #expect(refused.status == .forbidden)
        #expect(try await site.post(String(path), [("version", "1"), (name, "已联系")], as: "water").status == .seeOther)
        #expect(try await site.post(String(path), [("version", "1"), (name, "又改")], as: "water").status == .conflict)
        let edited = try await site.get("/desk/cases/1", as: "water").body
        #expect(edited.contains("已联系") && edited.contains("修改于") && edited.contains("请联系 13812341234"))
    }

    @Test("A refused form comes back with what was typed and what was wrong")
    func typed() async throws {
        let site = try await CaseSite()
        let link = try await site.post(
            "/desk/cases/1/links", [("link-kind", "causes"), ("link-number", "pt-nothing")], as: "water")
        #expect(link.status == .unprocessableContent)
        #expect(link.body.contains("PT-NOTHING") && link.body.contains("value=\"pt-nothing\""))
        let long = String(repeating: "长", count: CasesLimits.commentCharactersMax + 1)
        let comment = try await site.post("/desk/cases/1/comments", [("comment", long)], as: "water")
        #expect(comment.status == .unprocessableContent && comment.body.contains(long))
        let extension_ = try await site.post(
            "/desk/cases/1/deadline", [("version", "1"), ("days", "0"), ("deadline-reason", "等")], as: "office")
        #expect(extension_.status == .unprocessableContent && extension_.body.contains("1 至 60 个工作日"))
    }

    @Test("The forms that steer a case refuse one who saw an older version")
    func versions() async throws {
        let site = try await CaseSite()
        let form = [("version", "1"), ("lead", Fixture.roads), ("supporting", Fixture.water), ("lead-reason", "职责")]
        #expect(try await site.post("/desk/cases/1/lead", form, as: "waterHead").status == .seeOther)
        #expect(try await site.find(1).leadUnitCode == Fixture.roads)
        #expect(try await site.post("/desk/cases/1/lead", form, as: "office").status == .conflict)
        #expect(try await site.post("/desk/cases/1/lead", form, as: "waterHead").status == .conflict)
    }

    @Test("Links, extensions and lights work from the page")
    func steering() async throws {
        let site = try await CaseSite()
        let link = [("link-kind", "causes"), ("link-number", "PT-20210419-00002")]
        #expect(try await site.post("/desk/cases/1/links", link, as: "water").status == .seeOther)
        #expect(try await site.get("/desk/cases/1", as: "leader").body.contains("href=\"/desk/requests/2\""))
        #expect(try await site.get("/desk/cases/2", as: "leader").body.contains("由其引起"))
        let extend = [("version", "1"), ("days", "3"), ("deadline-reason", "等待检测")]
        #expect(try await site.post("/desk/cases/1/deadline", extend, as: "leader").status == .seeOther)
        let worse = [("version", "2"), ("light", "red"), ("light-reason", "停工")]
        #expect(try await site.post("/desk/cases/1/light", worse, as: "water").status == .seeOther)
        #expect(try await site.find(1).light == .red)
        let better = [("version", "3"), ("light", "green"), ("light-reason", "复工"), ("until", "2021-05-01")]
        #expect(try await site.post("/desk/cases/1/light", better, as: "water").status == .unprocessableContent)
        #expect(try await site.post("/desk/cases/1/light", better, as: "leader").status == .seeOther)
        #expect(try await site.find(1).light == .green)
        let page = try await site.get("/desk/cases/1", as: "water").body
        for text in ["延长 3 个工作日，由 2021-04-25 至 2021-04-28", "理由：停工", "由红灯调为绿灯，有效至 2021-05-01"] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test("An attachment is only ever saved, never shown, and each opening is recorded", arguments: Engine.allCases)
    func attachments(on engine: Engine) async throws {
        let site = try await CaseSite(engine)
        let done = try await site.upload(
            "/desk/cases/1/attachments", name: "../现场.txt", content: "门牌 12 号", as: "water")
        #expect(done.status == .seeOther)
        let page = try await site.get("/desk/cases/1", as: "water").body
        let path = String(try #require(page.firstMatch(of: /\/desk\/attachments\/\d+/)).output)
        let file = try await site.get(path, as: "leader")
        #expect((file.status, file.body) == (.ok, "门牌 12 号"))
        #expect(file.headers[.contentDisposition]?.hasPrefix("attachment") == true)
        #expect(file.headers[.xContentTypeOptions] == "nosniff")
        #expect(file.headers[.contentType] == "text/plain")
        #expect(try await site.get(path, as: "roads").status == .forbidden)
        #expect(!(try await site.get("/desk/cases/1", as: "roads").body.contains(path)))
        let trail = try await site.world.database.read {
            try $0.all("SELECT person_id, subject FROM audit_entry WHERE kind = 'personal_data_read'")
        }
        #expect(try trail.map { try $0.get("person_id") as Int64 } == [11])
        #expect(try trail.map { try $0.get("subject") as String } == ["case PT-20210419-00001"])
        let bad = try await site.upload(
            "/desk/cases/1/attachments", name: "a.txt", content: "<script>alert(1)</script>", as: "water")
        #expect(bad.status == .unprocessableContent)
        #expect(
            try await site.upload("/desk/cases/1/attachments", name: "b.txt", content: "x", as: "roads").status
                == .forbidden)
    }

    @Test("All cases are listed, found, filtered and ordered by the address alone")
    func list() async throws {
        let site = try await CaseSite()
        let all = try await site.get("/desk/cases", as: "leader").body
        #expect(all.contains("PT-20210419-00001") && all.contains("PT-20210419-00002"))
        let found = try await site.get("/desk/cases?q=%E6%B2%B3%E9%81%93&sort=-light&open=yes&unit=D03", as: "leader")
            .body
        #expect(!found.contains("PT-20210419-00001") && found.contains("PT-20210419-00002"))
        let none = try await site.get("/desk/cases?unit=none&light=purple&sort=nonsense&page=x", as: "leader")
        #expect(none.status == .ok && !none.body.contains("PT-20210419-00001"))
        #expect(try await site.get("/desk/cases/404", as: "leader").status == .notFound)
        #expect(try await site.get("/desk/cases/abc", as: "leader").status == .notFound)
    }
}

extension CaseSite {
    func find(_ id: Int64) async throws -> CaseFile { try await world.find(id) }
}
