import Casework
import Core
import Foundation
import Hummingbird
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Mechanism

@Suite("Pages of plans, tasks, rounds and supervision")
struct MechanismPagesTests {
    private typealias District = MechanismDistrict

    private func filled() async throws -> (District, ID<PlanNode>, [ID<CaseFile>]) {
        let district = try await District()
        let plans = district.module.plans
        let root = try await district.database.write { tx in
            let root = try plans.add(
                .init(level: .action, title: "方案 <b>一</b>", industryCode: "software", document: "文号"), in: tx)
            return try plans.add(.init(level: .measure, parentID: root.id, code: "（一）", title: "举措"), in: tx)
        }
        let ids = try await district.open(
            District.draft("任务 <i>甲</i>", start: "2021-04-01", node: root.id),
            District.draft("任务乙", start: "2020-06-01", node: root.id))
        try await district.report(ids[0], permille: 100, check: false)
        return (district, root.rootID, ids)
    }

    @Test("Every page shows in both languages, with no word left as its key", arguments: Language.allCases)
    func languages(language: Language) async throws {
        let (district, root, ids) = try await filled()
        let round = try #require(try await district.database.read { try RoundStore.openRounds(in: $0).first })
        let report = try #require(
            try await district.database.read { try RoundStore.reports(ofTask: ids[0], in: $0).first })
        for path in [
            "/desk/plans", "/desk/plans/new", "/desk/plans/\(root)", "/desk/plans/new?parent=\(root)",
            "/desk/plans/\(root)/edit", "/desk/tasks", "/desk/tasks/new?node=\(root)", "/desk/tasks/\(ids[0])",
            "/desk/tasks/\(ids[1])", "/desk/rounds", "/desk/rounds/\(round.id)", "/desk/reports/\(report.id)",
            "/desk/supervision", "/desk/unit-lights", "/desk/plans/import", "/desk/bulletins", "/desk/meetings",
        ] {
            let page = try await district.get(path, language: language)
            #expect(page.status == 200, "\(path)")
            #expect(
                page.body.firstMatch(of: />\s*(plans|tasks|rounds|supervision|mechanism|casework|web)\.[a-z_.]+\s*</)
                    == nil, "\(path)")
            #expect(!page.body.contains("<i>甲") && !page.body.contains("<b>一"), "\(path)")
        }
        for path in [
            "/desk/plans/\(root)/table", "/desk/tasks/export", "/desk/rounds/\(round.id)/export",
            "/desk/supervision/export", "/desk/unit-lights/export", "/desk/plans/export", "/desk/rounds/export",
            "/desk/bulletins/export", "/desk/meetings/export",
        ] {
            let file = try await district.get(path, language: language)
            #expect(file.status == 200 && file.headers[.contentDisposition]?.contains("attachment") == true, "\(path)")
        }
    }

    @Test("Lists find, filter and sort; red comes first")
    func list() async throws {
        let (district, root, _) = try await filled()
        let all = try await district.get("/desk/tasks")
        let (late, new) = (try #require(all.body.range(of: "任务乙")), try #require(all.body.range(of: "任务 &lt;i&gt;")))
        #expect(late.lowerBound < new.lowerBound)
        #expect(
            try await district.get("/desk/tasks?q=%E4%BB%BB%E5%8A%A1%E4%B9%99").body.contains("任务 &lt;i&gt;") == false)
        #expect(try await district.get("/desk/tasks?plan=\(root)&light=red").body.contains("任务乙"))
        #expect(try await district.get("/desk/tasks?light=blue").body.contains("任务乙") == false)
        #expect(try await district.get("/desk/supervision").body.contains("任务乙"))
    }

    @Test("Lists of plans and rounds are searched, filtered, sorted and paged, and their files hold what matches")
    func shortLists() async throws {
        let (district, _, ids) = try await filled()
        let plans = district.module.plans
        try await district.database.write { tx in
            for number in 1...30 {
                _ = try plans.add(.init(level: .outline, title: "规划第\(number)号", document: "空"), in: tx)
            }
        }
        let first = try await district.get("/desk/plans?size=25")
        #expect(first.body.contains("规划第24号") && !first.body.contains("规划第25号"))
        #expect(try await district.get("/desk/plans?size=25&page=2").body.contains("规划第25号"))
        #expect(!(try await district.get("/desk/plans?level=outline").body.contains("方案 &lt;b&gt;")))
        #expect(!(try await district.get("/desk/plans?industry=software").body.contains("规划第1号")))
        let red = try await district.get("/desk/plans?sort=-red&size=25").body
        #expect(red.contains("方案 &lt;b&gt;") && !red.contains("规划第1号"))
        let file = try await district.get("/desk/plans/export?q=%E7%AC%AC7%E5%8F%B7&format=csv")
        #expect(file.body.contains("规划第7号") && file.body.split(whereSeparator: \.isNewline).count == 2)
        #expect(try await district.get("/desk/rounds?kind=quarter").body.contains("2021年4月月报") == false)
        #expect(try await district.get("/desk/rounds?open=yes&kind=month").body.contains("2021年4月月报"))
        let rounds = try await district.get("/desk/rounds/export?format=csv").body
        #expect(rounds.contains("2021年4月月报,") && rounds.contains(",2,1,0,0"), "\(ids.count) asked, one handed in")
    }

    @Test("Each page and form is for whom it is made")
    func access() async throws {
        let (district, root, ids) = try await filled()
        for path in ["/desk/plans", "/desk/tasks", "/desk/rounds", "/desk/supervision", "/desk/tasks/\(ids[0])"] {
            #expect([401, 303].contains(try await district.get(path, as: nil).status), "\(path)")
            #expect(try await district.get(path, as: "audit").status == 403, "\(path)")
            #expect(try await district.get(path, as: "stranger").status == 200, "\(path)")
        }
        for path in ["/desk/plans/new", "/desk/tasks/new", "/desk/plans/\(root)/edit"] {
            #expect(try await district.get(path, as: "head").status == 403, "\(path)")
        }
        #expect(try await district.get("/desk/tasks/999999").status == 404)
        let version = try await district.file(ids[0]).version
        let refused = try await district.post(
            "/desk/tasks/\(ids[0])/move", [("event", "cancel"), ("version", "\(version)"), ("reason", "不想做了")],
            as: "head")
        #expect(refused.status == 422 && refused.body.contains("不想做了"))
        let step = [("step", "urge"), ("text", "请说明原因"), ("answer_due", "2021-04-30")]
        #expect(try await district.post("/desk/tasks/\(ids[1])/steps", step, as: "head").status == 422)
        #expect(try await district.post("/desk/tasks/\(ids[1])/steps", step).status == 303)
        #expect(try await district.get("/desk/supervision?level=urged").body.contains("2021-04-30"))
    }
}
