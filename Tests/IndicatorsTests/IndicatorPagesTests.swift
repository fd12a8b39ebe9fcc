import Core
import Store
import TestKit
import Testing
import Web

@testable import Indicators

@Suite("Pages of indicators")
struct IndicatorPagesTests {
    private static let years: [(Int, Int64, [Int64])] = [
        (2018, 900_000, [40_000, 35_000, 60_000, 36_000]), (2019, 950_000, [45_000, 38_000, 66_000, 40_000]),
        (2020, 1_000_000, [53_000, 45_500, 74_500, 46_500]),
    ]

    /// Words that were not found show their keys.
    private func hasNoKeys(_ body: String) -> Bool {
        body.firstMatch(of: />\s*(indicators|facts)\.[a-z0-9_.]+\s*</) == nil
    }

    @Test("The list, an indicator, a value and every form are shown in both languages", arguments: Language.allCases)
    func shown(language: Language) async throws {
        let district = try await IndicatorDistrict()
        let indicator = try await district.define()
        for (month, value) in [(1, "10"), (2, "12"), (3, "13.5"), (4, "15")] {
            try await district.enter(indicator, "2021-0\(month)", value)
        }
        let value = try await district.enter(indicator, "2021-04", "16", note: "原因 <b>")
        let added = try await district.post(
            "/desk/indicators/\(indicator.id)/targets",
            [
                ("rule", "single"), ("measure", "level"), ("threshold", "30"), ("from", "2021-01"), ("by", "2021-12"),
                ("note", "计划"),
            ])
        #expect(added.status == 303)
        for path in [
            "/desk/indicators", "/desk/indicators/\(indicator.id)",
            "/desk/indicators/\(indicator.id)/values/\(value.id)",
            "/desk/indicators/new", "/desk/indicators/\(indicator.id)/edit",
            "/desk/indicators/\(indicator.id)/targets/new", "/desk/indicators/import", "/desk/indicators/411",
        ] {
            let page = try await district.get(path, language: language)
            #expect(page.status == 200 && hasNoKeys(page.body), "\(path)")
        }
        let page = try await district.get("/desk/indicators/\(indicator.id)")
        for text in ["16.0", "第 2 版", "预测方法", "每期需增", "测试指标"] { #expect(page.body.contains(text), "\(text)") }
        let history = try await district.get("/desk/indicators/\(indicator.id)/values/\(value.id)")
        #expect(history.body.contains("原因 &lt;b&gt;") && history.body.contains("更正为 16"))
        #expect(try await district.get("/desk/indicators/export?format=csv").body.contains("demo.one"))
        #expect(
            try await district.get("/desk/indicators/\(indicator.id)/export?format=csv").body.contains("2021-04,16"))
    }

    @Test("A form that is wrong comes back with what was typed and the reason; nobody else may post it")
    func forms() async throws {
        let district = try await IndicatorDistrict()
        let indicator = try await district.define()
        let path = "/desk/indicators/\(indicator.id)/values"
        let wrong = try await district.post(path, [("period", "2021-03"), ("value", "十二")], as: "owner")
        #expect(wrong.status == 422 && wrong.body.contains("十二") && wrong.body.contains("不是数值"))
        #expect(try await district.post(path, [("period", "2021-03"), ("value", "12")], as: "stranger").status == 403)
        let right = try await district.post(path, [("period", "2021-03"), ("value", "12")], as: "owner")
        #expect(right.status == 303 && right.location == "/desk/indicators/\(indicator.id)")
        #expect(try await district.post("/desk/indicators", [("code", "x")], as: "owner").status == 403)
        let incomplete = try await district.post("/desk/indicators", [("code", "new.one"), ("name_zh", "新指标")])
        #expect(incomplete.status == 422 && incomplete.body.contains("新指标"))
    }

    @Test("Without data the 411 page says so and offers to define what is missing")
    func empty() async throws {
        let district = try await IndicatorDistrict()
        let page = try await district.get("/desk/indicators/411")
        #expect(page.status == 200 && page.body.contains("还没有这一口径的税收数据"))
        #expect(!page.body.contains("class=\"tiles\"") || !page.body.contains("合计占比"))
        let defined = try await district.post("/desk/indicators/411/define", [("basis", IndicatorBasis.districtTax)])
        #expect(defined.status == 303)
        let codes = try await district.database.read { try IndicatorStore.byCode(in: $0) }.keys.sorted()
        #expect(codes == ["411.district-tax.industry", "411.district-tax.total"])
    }

    @Test(
        "The 411 page shows shares, tests, required growth, what-if and movers, in both languages",
        arguments: Engine.allCases)
    func fourOneOne(engine: Engine) async throws {
        let district = try await IndicatorDistrict(engine)
        try await district.tax(Self.years)
        let (draft, _) = try await district.draft(
            """
            周期,统一社会信用代码,企业名称,产业,税收（万元）
            2019,914403001922038216,甲公司,software,20000
            2019,91330100799655058B,乙公司,software,9000
            2020,914403001922038216,甲公司,software,27000
            2020,91330100799655058B,乙公司,software,8000
            """, kind: .enterprises)
        _ = try await district.module.importIndicators.confirm(draft.id, by: try IndicatorDistrict.account("office"))
        for language in Language.allCases {
            let query =
                "?grow-software=25&grow-rnd=25&grow-fintech=20&grow-health=25&grow-rest=3.5&whole=6&industry=software"
            let page = try await district.get("/desk/indicators/411\(query)", language: language)
            #expect(page.status == 200 && hasNoKeys(page.body))
            // 219,500 ÷ 1,000,000, and the change of 53,000 ÷ 1,000,000 since 45,000 ÷ 950,000 = 0.0056315…
            for text in ["21.95%", "5.30%", "甲公司", "+0.5632"] { #expect(page.body.contains(text), "\(text)") }
        }
        let wrong = try await district.get("/desk/indicators/411?grow-software=lots")
        #expect(wrong.status == 200 && wrong.body.contains("增速应为"))
        let csv = try await district.get("/desk/indicators/411/export?format=csv").body
        #expect(csv.contains("2020,software,53000000000"))
        #expect(
            try await district.get("/desk/indicators/411/enterprises?industry=software&format=csv").body.contains("甲公司")
        )
        #expect(try await district.get("/desk/indicators/411", as: "enterprise").status == 403)
    }

    @Test("Everything an import needs works by its pages, and a discarded draft cannot be confirmed")
    func importPages() async throws {
        let district = try await IndicatorDistrict()
        try await district.define()
        let (draft, _) = try await district.draft("指标代码,周期,数值\ndemo.one,2021-01,1\ndemo.one,2021-01,x\n")
        for language in Language.allCases {
            let page = try await district.get("/desk/indicators/imports/\(draft.id)", language: language)
            #expect(page.status == 200 && hasNoKeys(page.body) && page.body.contains("/confirm"))
        }
        #expect(try await district.post("/desk/indicators/imports/\(draft.id)/discard", []).status == 303)
        #expect(try await district.post("/desk/indicators/imports/\(draft.id)/confirm", []).status == 409)
        #expect(try await district.get("/desk/indicators/imports/\(draft.id)").status == 200)
    }
}
