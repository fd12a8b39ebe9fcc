import Core
import Foundation
import Store
import TestKit
import Testing

@testable import Indicators

@Suite("Importing figures")
struct ImportTests {
    @Test(
        "A preview says what is new, changed, the same and refused; nothing is written before it is confirmed",
        arguments: Engine.allCases)
    func values(engine: Engine) async throws {
        let district = try await IndicatorDistrict(engine)
        let indicator = try await district.define()
        try await district.verify(try await district.enter(indicator, "2021-01", "10"))
        try await district.enter(indicator, "2021-02", "20")
        let (draft, preview) = try await district.draft(
            """
            指标代码,周期,数值,来源
            demo.one,2021年1月,10.0,
            demo.one,2021-02,21.5,月报
            demo.one,202103,30,
            demo.one,2021-13,1,
            nothing,2021-03,1,
            demo.one,2021-02,abc,
            """)
        #expect(preview.same == 1)
        #expect(preview.added.map(\.after) == ["30"] && preview.added[0].row == 4)
        #expect(preview.changed.map(\.before) == ["20"] && preview.changed[0].after == "21.5")
        #expect(preview.refused.map(\.row) == [5, 6, 7])
        #expect(preview.refused.map(\.column) == ["周期", "指标代码", "数值"])
        #expect(try await district.database.read { try IndicatorValueStore.count(indicator.id, in: $0) } == 2)
        _ = try await district.module.importIndicators.confirm(draft.id, by: try IndicatorDistrict.account("office"))
        let series = try await district.database.read {
            try IndicatorValueStore.series(indicator.id, .district, in: $0)
        }
        #expect(series.map(\.value.description) == ["10", "21.5", "30"])
        #expect(series.map(\.state) == [.verified, .entered, .entered] && series.map(\.revision) == [1, 2, 1])
        let revisions = try await district.database.read { try IndicatorValueStore.revisions(of: series[1], in: $0) }
        #expect(revisions.map(\.value.description) == ["21.5", "20"])
        await #expect(throws: IndicatorError.importDone) {
            try await district.module.importIndicators.confirm(draft.id, by: try IndicatorDistrict.account("office"))
        }
    }

    @Test("A period twice in a file: equal values count once, different ones not at all")
    func twice() async throws {
        let district = try await IndicatorDistrict()
        try await district.define()
        let (_, preview) = try await district.draft(
            """
            指标代码,周期,数值
            demo.one,2021-01,10
            demo.one,2021年1月,10.0
            demo.one,2021-02,1
            demo.one,2021-02,2
            """)
        #expect(preview.added.map(\.row) == [2])
        #expect(preview.refused.map(\.row) == [3, 4, 5])
    }

    @Test("A sheet with a period in each column is read as well; empty cells say nothing")
    func wide() async throws {
        let district = try await IndicatorDistrict()
        try await district.define { $0.scopeKind = .township }
        let (_, preview) = try await district.draft(
            """
            指标,街镇,2021年1月,2021年2月,2021年3月
            测试指标,长寿路街道,1,2.5,
            测试指标,桃浦镇,3,,4
            测试指标,某地,3,,4
            """)
        #expect(preview.added.count == 4)
        #expect(preview.refused.map(\.row) == [4])
        #expect(preview.refused[0].reason.zh.contains("某地"))
    }

    @Test("A sheet without the columns it needs is refused, naming them")
    func columns() async throws {
        let district = try await IndicatorDistrict()
        await #expect(throws: IndicatorError.columnMissing(["周期", "数值"])) {
            try await district.draft("指标代码,说明\ndemo.one,x\n")
        }
        await #expect(throws: IndicatorError.columnMissing(["统一社会信用代码", "产业", "税收（万元）"])) {
            try await district.draft("周期,企业名称\n2020,甲\n", kind: .enterprises)
        }
    }

    @Test(
        "An enterprise has one primary industry in a period; wrong codes, amounts and industries say so",
        arguments: Engine.allCases)
    func enterprises(engine: Engine) async throws {
        let district = try await IndicatorDistrict(engine)
        let text = """
            周期,统一社会信用代码,企业名称,产业,税收（万元）
            2020,914403001922038216,甲公司,智能软件,1234.56
            2020,914403001922038216,甲公司,rnd,5
            2020,91330100799655058B,乙公司,其他,7
            2020,91330100799655058A,丙公司,其他,7
            2020,91330100799655058B,乙公司,其他,8
            2019,91330100799655058B,乙公司,钢铁,8
            2019,91330100799655058B,乙公司,rnd,-8
            2019,91330100799655058B,乙公司,rnd,0.0000001
            2030,91330100799655058B,乙公司,rnd,1
            """
        let (draft, preview) = try await district.draft(text, kind: .enterprises)
        #expect(preview.added.map(\.row) == [2, 4])
        #expect(preview.refused.map(\.row) == [3, 5, 6, 7, 8, 9, 10])
        #expect(preview.refused[0].reason.zh.contains("只归一个主要产业"))
        #expect(preview.refused.map(\.column).prefix(4) == ["统一社会信用代码", "统一社会信用代码", "统一社会信用代码", "产业"])
        _ = try await district.module.importIndicators.confirm(draft.id, by: try IndicatorDistrict.account("office"))
        let period = try #require(Period(.year, year: 2020))
        let stored = try await district.database.read {
            try EnterpriseTaxStore.byCode(IndicatorBasis.totalTax, period, in: $0)
        }
        #expect(stored["914403001922038216"]?.taxFen == 1_234_560_000 && stored.count == 2)
        // Another industry later is a correction; the old row stays.
        let (_, again) = try await district.draft(
            "周期,信用代码,企业名称,产业,税收(元)\n2020,914403001922038216,甲公司,health,12345600\n", kind: .enterprises)
        #expect(again.changed.map(\.before) == ["智能软件 1,234.560000 万元"])
    }

    @Test("Refused rows come back as a file that can be corrected and imported as it is")
    func refusedRows() async throws {
        let district = try await IndicatorDistrict()
        try await district.define()
        let (draft, _) = try await district.draft("指标代码,周期,数值\ndemo.one,2021-01,1O\ndemo.one,2021-02,2\n")
        let answer = try await district.get("/desk/indicators/imports/\(draft.id)/refused?format=csv")
        #expect(answer.status == 200 && answer.body.contains("demo.one,2021-01,1O"))
        let (_, preview) = try await district.draft(answer.body.replacing("1O", with: "10"))
        #expect(preview.added.map(\.after) == ["10"] && preview.refused.isEmpty)
    }

    @Test("No file makes it fail otherwise than by saying what is wrong", arguments: 1...60 as ClosedRange<UInt64>)
    func fuzz(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "指标代码", "周期", "数值", "demo.one", "2021-01", "2021年", ",", ",", ",", "\n", "\n", "\"", "1e9", "-", "９",
            "\u{0}",
            "统一社会信用代码", "税收（万元）", "产业", "企业名称", "914403001922038216", "亿", "\t", ";",
        ]
        let text =
            "指标代码,周期,数值\n"
            + (0..<Int.random(in: 0...80, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
        let district = try await IndicatorDistrict()
        try await district.define()
        for kind in ImportPreview.Kind.allCases {
            do {
                let (_, preview) = try await district.draft(text, kind: kind)
                #expect(preview.refused.allSatisfy { !$0.reason.zh.isEmpty && $0.row > 1 }, "seed \(seed)")
            } catch {
                #expect(error is any Problem, "seed \(seed): \(error)")
            }
        }
    }
}
