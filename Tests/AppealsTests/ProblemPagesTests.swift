import Casework
import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import Mining
import NIOCore
import Organisation
import Sheets
import Store
import TestKit
import Testing
import Web

@testable import Appeals

/// Sessions whose tokens are role names.
struct RoleSessions: SessionResolver {
    func visitor(sessionToken: String?, now: Instant) async throws -> Visitor {
        guard let role = sessionToken.flatMap(Role.init) else { return Visitor(account: nil, sessionKey: "") }
        return Visitor(
            account: .init(personID: 7, name: "陈晓", unitCode: nil, roles: [role]),
            sessionKey: "session-\(role.rawValue)")
    }
}

/// A district with two matters in it: 12 appeals about noise by as many people, 3 about lamps by two.
struct ProblemDistrict {
    let database: any Database
    let profile: Profile
    /// Identifiers begin above those of the appeals below: a case has that of its appeal, or of its problem.
    let surroundings = {
        let fixed = Surroundings.fixed()
        return Surroundings(now: fixed.now, newID: { fixed.newID() + 1_000 })
    }()
    let cases: Cases
    let module: ProblemsModule
    let site: SiteResponder

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    init(_ engine: Engine, isEmpty: Bool = false) async throws {
        profile = try ProfileLoader.load(folder: Self.root.appendingPathComponent("profiles/putuo"))
        database = try await engine.database(
            StoreMigrations.all + OrganisationMigrations.all + CaseworkMigrations.all + AppealMigrations.all
                + ProblemMigrations.all)
        cases = try Cases(
            profile: profile, kinds: [AppealKind.kind, ProblemKind.kind], surroundings: surroundings)
        module = ProblemsModule(cases: cases, database: database)
        site = try SiteBuilder(
            rooms: [CaseworkModule.resources, ProblemsModule.resources], routes: module.routes,
            navigation: ProblemsModule.navigation, sessions: RoleSessions(), surroundings: surroundings,
            zone: profile.zone, districtName: profile.name, secret: Array(0..<32), logger: quiet
        ).build()
        if isEmpty { return }
        try await add(1...12, "曹杨五村夜间施工噪音扰民", "曹杨五村旁边的工地夜间施工到凌晨，噪音很大，有危险，请尽快处理。电话13812341234。")
        try await add(21...23, "长寿路路灯损坏多日无人修 3号楼201室 张先生", "长寿路口的路灯坏了半个月，老人看不清台阶，请安排人来维修。")
        try await module.update()
    }

    private func add(_ ids: ClosedRange<Int64>, _ subject: String, _ body: String) async throws {
        let cases = cases
        let township = try #require(profile.townships.first)
        let unit = try #require(profile.units.first)
        let appeals = ids.map { id in
            Appeal(
                id: ID(id), source: "test", sourceID: String(id), type: .complaint, subject: subject, body: body,
                submittedAt: Instant(millisecondsSince1970: 1_618_794_000_000 - id * 86_400_000 * (id > 20 ? 20 : 1)),
                authorKey: "author-\(id > 22 ? 22 : id)", address: "兰溪路\(id)号\(id)室",
                point: id > 20 ? nil : township.centre, townshipCode: id > 20 ? nil : township.code, topic: "城乡建设",
                updatedAt: surroundings.now())
        }
        try await database.write { tx in
            _ = try cases.openMany(
                appeals.map { appeal in
                    NewCase(
                        id: appeal.id, kind: AppealKind.name, title: appeal.title,
                        state: (appeal.id.rawValue > 20 ? AppealState.closed : .dispatched).rawValue,
                        isOpen: appeal.id.rawValue <= 20, leadUnitCode: unit.code, townshipCode: appeal.townshipCode,
                        openedAt: appeal.submittedAt ?? surroundings.now(),
                        closedAt: appeal.id.rawValue > 20 ? surroundings.now() : nil, searchText: appeal.searchText,
                        actor: .system("test"), event: AppealTimeline.imported, detail: "")
                }, in: tx)
            try AppealStore.insert(appeals, in: tx)
        }
    }

    /// One more appeal about noise, as a later import brings it.
    func addAgain() async throws {
        try await add(13...13, "曹杨五村夜间施工噪音扰民", "曹杨五村旁边的工地夜间施工到凌晨，噪音很大，有危险，请尽快处理。")
    }

    func problems() async throws -> [ProblemRecord] {
        try await database.read { try ProblemStore.list(ProblemFilter(), limit: 100, in: $0) }
    }

    /// Status and body of a page, for a member of a unit unless `role` says otherwise.
    func get(_ path: String, role: Role? = .unitStaff, language: Language = .chinese) async throws -> (Int, String) {
        let (status, bytes) = try await bytes(path, role: role, language: language)
        return (status, String(decoding: bytes, as: UTF8.self))
    }

    /// Sends a form as a browser would: with the token of the page before it. Answers the status and where it leads.
    func post(_ path: String, _ form: [(String, String)], role: Role = .digitalOffice) async throws -> (
        status: Int, location: String, body: String
    ) {
        let page = try await get("/desk/problems", role: role).1
        let token = page.firstMatch(of: /name="csrf" value="([^"]+)"/).map { String($0.output.1) } ?? ""
        let body = (form + [("csrf", token)]).map { "\(urlEncoded($0.0))=\(urlEncoded($0.1))" }.joined(separator: "&")
        let headers: HTTPFields = [
            .cookie: "shuzhi_session=\(role.rawValue); shuzhi_language=zh-Hans",
            .contentType: "application/x-www-form-urlencoded",
        ]
        return try await Application(responder: site).test(.router) { client in
            try await client.execute(uri: path, method: .post, headers: headers, body: ByteBuffer(string: body)) {
                (Int($0.status.code), $0.headers[.location] ?? "", String(buffer: $0.body))
            }
        }
    }

    func bytes(_ path: String, role: Role? = .unitStaff, language: Language = .chinese) async throws -> (Int, [UInt8]) {
        let cookies = (role.map { ["shuzhi_session=\($0.rawValue)"] } ?? []) + ["shuzhi_language=\(language.rawValue)"]
        let headers: HTTPFields = [.cookie: cookies.joined(separator: "; ")]
        return try await Application(responder: site).test(.router) { client in
            try await client.execute(uri: path, method: .get, headers: headers) { response in
                (Int(response.status.code), Array(response.body.readableBytesView))
            }
        }
    }
}

@Suite("Pages of problems")
struct ProblemPagesTests {
    @Test("The list ranks problems, the highest score first, and filters them", arguments: Engine.allCases)
    func list(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let problems = try await district.problems()
        try #require(problems.count == 2)
        let (status, html) = try await district.get("/desk/problems")
        #expect(status == 200)
        #expect(problems.map(\.title).contains { $0.contains("路灯损坏") }, "\(problems.map(\.title))")
        let noise = try #require(html.range(of: "夜间施工噪音"))
        let lamps = try #require(html.range(of: "路灯损坏"))
        #expect(noise.lowerBound < lamps.lowerBound)
        #expect(html.contains("/desk/problems/\(problems[0].id)"))
        #expect(try await district.get("/desk/problems?state=closed").1.contains("夜间施工噪音") == false)
        #expect(try await district.get("/desk/problems?state=open").1.contains("路灯损坏") == false)
        #expect(try await district.get("/desk/problems?topic=%E4%BA%A4%E9%80%9A").1.contains("没有符合条件的内容"))
        let township = try #require(problems[0].townshipCode)
        #expect(try await district.get("/desk/problems?township=\(township)").1.contains("路灯损坏") == false)
        #expect(try await district.get("/desk/problems?q=%E8%B7%AF%E7%81%AF").1.contains("夜间施工噪音") == false)
        #expect(try await district.get("/desk/problems?period=30").1.contains("路灯损坏") == false)
        let ascending = try await district.get("/desk/problems?sort=score").1
        let (first, second) = (try #require(ascending.range(of: "路灯损坏")), try #require(ascending.range(of: "噪音")))
        #expect(first.lowerBound < second.lowerBound)
    }

    @Test("A problem shows scores with reasons that open to their appeals, and why each appeal is there")
    func show() async throws {
        let district = try await ProblemDistrict(.sqlite)
        let problem = try #require(try await district.problems().first)
        let path = "/desk/problems/\(problem.id)"
        let (status, html) = try await district.get(path)
        #expect(status == 200)
        for text in [
            "共 12 件诉求", "12 人反映", "件提到危险", "归并理由", "相近（", "\(path)?reason=danger_words#members", "/desk/appeals/5",
        ] {
            #expect(html.contains(text), "\(text)")
        }
        for score in [problem.scores.frequency, problem.scores.urgency, problem.scores.pain] {
            for reason in score.reasons { #expect(html.contains("+\(reason.points)"), "\(reason.measure)") }
        }
        #expect(!html.contains("13812341234"), "telephone numbers are masked")
        #expect(html.contains("兰溪路***") && !html.contains("兰溪路1号"), "doors are masked")
        let narrowed = try await district.get("\(path)?reason=growth")
        #expect(narrowed.0 == 200)
        #expect(try await district.get("/desk/problems/999999999").0 == 404)
        #expect(try await district.get("/desk/problems/x").0 == 404)
    }

    @Test("A problem that went into another says so and leads there", arguments: Engine.allCases)
    func retired(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let problems = try await district.problems()
        let now = district.surroundings.now()
        try await district.database.write { tx in
            try ProblemWritingStore.retire(problems[1].id, into: problems[0].id, at: now, in: tx)
        }
        let (status, html) = try await district.get("/desk/problems/\(problems[1].id)")
        #expect(status == 200)
        #expect(html.contains("并入别的问题") && html.contains("/desk/problems/\(problems[0].id)"))
        #expect(try await district.get("/desk/problems").1.contains("路灯损坏") == false)
    }

    @Test("The map counts by township, draws what has a point, and lists the same", arguments: Engine.allCases)
    func map(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let (status, html) = try await district.get("/desk/map")
        #expect(status == 200)
        #expect(html.contains("<svg") && html.contains("<circle"))
        #expect(html.components(separatedBy: "<circle").count == 2, "the problem without a point is not drawn")
        #expect(html.contains("夜间施工噪音") && html.contains("路灯损坏"))
        #expect(html.contains("1 个问题没有坐标"))
        for township in district.profile.townships { #expect(html.contains(township.name.zh)) }
        #expect(
            try await district.get("/desk/map?count=appeals&from=2021-03-20&to=2021-04-19").1.contains("路灯损坏") == false)
    }

    @Test("Everybody sees only what three people reported, without rooms, names or numbers", arguments: Engine.allCases)
    func published(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let (status, html) = try await district.get("/problems", role: nil)
        #expect(status == 200)
        #expect(html.contains("夜间施工噪音"))
        #expect(!html.contains("路灯"), "two people could be recognised")
        #expect(!html.contains("/desk/"), "nothing leads to the desk")
    }

    @Test("What is published hides rooms, names and numbers")
    func publishedText() {
        #expect(ProblemText.published("3号楼201室张先生，13812341234") == "3号楼***室某先生，138****1234")
        #expect(ProblemText.published("5栋1203室漏水") == "**栋***室漏水" || ProblemText.published("5栋1203室漏水") == "**栋***漏水")
        #expect(ProblemText.published("曹杨路500号路灯不亮") == "曹杨路500号路灯不亮")
        #expect(ProblemText.published("2021年施工噪音") == "2021年施工噪音")
    }

    @Test("Lists come out as Excel and CSV with every reason", arguments: ["xlsx", "csv"])
    func export(format: String) async throws {
        let district = try await ProblemDistrict(.sqlite)
        let (status, bytes) = try await district.bytes("/desk/problems/export?format=\(format)")
        #expect(status == 200)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "problems-\(UUID().uuidString).\(format)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        let sheet = try HeadedSheet(SheetFile.open(path: file.path))
        #expect(sheet.titles.prefix(3) == ["序号", "问题编号", "问题"])
        let row = try #require(try sheet.next())
        #expect(row[0].string == "1" && row[7].string == "12")
        #expect(row[15].string.contains("共 12 件诉求"))
        #expect(try sheet.next() != nil)
        #expect(try sheet.next() == nil)
    }

    @Test("The desk is for the desk, and an empty district says what to do")
    func access() async throws {
        let district = try await ProblemDistrict(.sqlite, isEmpty: true)
        for path in ["/desk/problems", "/desk/problems/export", "/desk/problems/1", "/desk/map"] {
            let status = try await district.get(path, role: nil).0
            #expect(status == 401 || status == 303, "\(path)")
            #expect(try await district.get(path, role: .auditAdministrator).0 == 403, "\(path)")
        }
        #expect(try await district.get("/desk/problems").1.contains("还没有问题"))
        #expect(try await district.get("/desk/map").0 == 200)
        #expect(try await district.get("/problems", role: nil).1.contains("暂时没有达到公开条件的问题"))
    }

    @Test("Every page speaks English, with no word left as its key", arguments: Language.allCases)
    func languages(language: Language) async throws {
        let district = try await ProblemDistrict(.sqlite)
        let problem = try #require(try await district.problems().first)
        for path in ["/desk/problems", "/desk/problems/\(problem.id)", "/desk/map", "/problems"] {
            let (status, html) = try await district.get(path, language: language)
            #expect(status == 200)
            #expect(html.firstMatch(of: />\s*problems\.[a-z_.]+\s*</) == nil, "\(path)")
            if language == .english { #expect(html.contains("Appeals"), "\(path)") }
        }
    }
}

@Suite("Trends of problems")
struct ProblemTrendTests {
    private func at(_ iso: String) throws -> Instant {
        try #require(Day(iso: iso)).start(in: .shanghai).adding(seconds: 3_600)
    }

    @Test("Weeks are counted back from the end, what is older or later is left out")
    func weeks() throws {
        let end = try at("2021-04-19")
        let times = try ["2021-04-19", "2021-04-13", "2021-04-12", "2021-01-01", "2021-04-20"].map(at)
        #expect(ProblemTrend.weeks(times, endingAt: end, count: 3) == [0, 1, 2])
        let start = ProblemTrend.start(endingAt: end, count: 3)
        #expect(ProblemTrend.weeks([start], endingAt: end, count: 3) == [1, 0, 0])
        #expect(ProblemTrend.weeks([start.adding(milliseconds: -1)], endingAt: end, count: 3) == [0, 0, 0])
    }

    @Test("A short life is shown by week from its first Monday, a long one by month, without gaps")
    func bars() throws {
        let short = try ProblemTrend.bars(["2021-04-14", "2021-04-18", "2021-04-28"].map(at), in: .shanghai)
        #expect(
            short.isWeekly && short.labels == ["2021-04-12", "2021-04-19", "2021-04-26"] && short.counts == [2, 0, 1])
        let long = try ProblemTrend.bars(["2020-11-30", "2021-01-01", "2021-06-30"].map(at), in: .shanghai)
        #expect(!long.isWeekly)
        #expect(long.labels.first == "2020-11" && long.labels.last == "2021-06" && long.labels.count == 8)
        #expect(long.counts == [1, 0, 1, 0, 0, 0, 0, 1])
        #expect(ProblemTrend.bars([], in: .shanghai).labels.isEmpty)
    }

    @Test("A problem of many years shows its last months only")
    func longLife() throws {
        let bars = try ProblemTrend.bars(["2001-01-01", "2021-06-30"].map(at), in: .shanghai)
        #expect(bars.counts.count == ProblemLimits.chartMonthsMax)
        #expect(bars.counts.reduce(0, +) == 1)
    }
}
