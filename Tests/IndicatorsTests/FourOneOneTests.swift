import Core
import Foundation
import Organisation
import Sheets
import TestKit
import Testing

@testable import Indicators

@Suite("The 411 goal")
struct FourOneOneTests {
    static let industries: [KeyIndustry] = ["software", "rnd", "fintech", "health"].map {
        KeyIndustry(
            code: $0, name: Bilingual(zh: "产业\($0)", en: $0), provenance: .init(isVerified: true, source: "test"))
    }
    static let codes = industries.map(\.code)

    static func read(_ csv: String) throws -> ReadTaxSheet.Outcome {
        let path = try ScratchFolder.shared().path("csv")
        try csv.write(toFile: path, atomically: true, encoding: .utf8)
        return try ReadTaxSheet(industries: industries)(
            HeadedSheet(SheetFile.open(path: path), isKnown: ReadTaxSheet.isKnown))
    }

    static func sheet(_ rows: [String]) -> String { "period,industry,tax_fen\n" + rows.joined(separator: "\n") + "\n" }

    static func year(_ year: Int, _ total: String, _ taxes: [String]) -> [String] {
        ["\(year),total,\(total)"] + zip(codes, taxes).map { "\(year),\($0),\($1)" }
    }

    static func period(_ year: Int, _ total: Int64, _ taxes: [Int64]) throws -> TaxPeriod {
        TaxPeriod(
            period: try #require(Period(.year, year: year)), total: total,
            industries: Dictionary(uniqueKeysWithValues: zip(codes, taxes)))
    }

    @Test("Every figure of the table that was worked out by hand is found again")
    func byHand() throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("ByHand/411.csv")
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let outcome = try Self.read(Self.sheet(lines.map { $0.prefix(3).joined(separator: ",") }))
        #expect(outcome.problems == [])
        let report = FourOneOneReport(outcome.table)
        var compared = 0
        for line in lines where line[1] != "total" {
            let period = try #require(report.periods.first { $0.period.description == line[0] })
            let one = try #require(period.industries.first { $0.code == line[1] })
            #expect(one.sharePPM == Int64(line[3]), "\(line)")
            #expect(one.changePPM == Int64(line[4]), "\(line)")
            #expect(one.annualOK == (line[5].isEmpty ? nil : line[5] == "yes"), "\(line)")
            compared += 1
        }
        #expect(compared == 16)
        #expect(report.periods.last?.sumPPM == 571_429)
        #expect(report.annualOK == ["software": true, "rnd": false, "fintech": true, "health": false])
        #expect(report.finalOK == nil)
    }

    @Test("One fen decides the final test, and one fen the yearly one")
    func edges() throws {
        let base = Self.year(2024, "1000", ["80", "80", "80", "80"])
        for (fen, isOK) in [("100", true), ("99", false)] {
            let rows = base + Self.year(2025, "1000", ["100", "100", "100", fen])
            let report = FourOneOneReport(try Self.read(Self.sheet(rows)).table)
            #expect(report.finalOK == isOK)
            #expect(report.annualOK["health"] == true)
        }
        // 0.0099999999… rounds to 10,000 ppm and is not a percentage point.
        let near =
            Self.year(2020, "1000000000000", ["0", "1", "1", "1"])
            + Self.year(
                2021, "1000000000000", ["9999999999", "10000000001", "10000000000", "1"])
        let report = FourOneOneReport(try Self.read(Self.sheet(near)).table)
        let last = try #require(report.periods.last)
        #expect(last.industries.map(\.changePPM) == [10_000, 10_000, 10_000, 0])
        #expect(last.industries.map(\.annualOK) == [false, true, false, false])
    }

    @Test("The largest amounts there are do not overflow, and larger ones are refused with their row")
    func huge() throws {
        let max = Int64.max
        let quarter = String(max / 4)
        let rows =
            Self.year(2024, String(max), [quarter, quarter, quarter, quarter])
            + Self.year(2025, String(max), [quarter, quarter, quarter, "9223372036854775808"])
        let outcome = try Self.read(Self.sheet(rows))
        #expect(outcome.problems.map(\.code) == [.taxTooLarge, .industryMissing])
        #expect(outcome.problems[0].row == 11)
        let report = FourOneOneReport(outcome.table)
        #expect(report.periods[0].sumPPM == 1_000_000)
        #expect(report.periods[1].sumPPM == nil && report.finalOK == nil)
        #expect(report.periods[1].industries[0].changePPM == 0)
    }

    @Test(
        "What is wrong in a file is said with its row, and nothing is guessed",
        arguments: [
            (["2020,total,100", "2020,total,100"], [TaxProblem.Code.repeated]),
            (["2020,total,100", "2020,total,101"], [.contradicting, .totalMissing]),
            (["2020,software,1"], [.totalMissing]), (["2020,total,0"], [.taxZero, .totalMissing]),
            (["2020,total,100", "2020,software,0"], [.taxZero]),
            (["2020,total,100", "2020,software,-5"], [.taxNegative]),
            (["2020,total,100", "2020,steel,5"], [.industryUnknown]),
            (["2020,total,100", "2020,software,abc"], [.taxNotANumber]),
            (["2020,total,100", "2020,software,1.5"], [.taxNotWhole]),
            (["2020,total,100", "2020,software,1e3"], [.taxNotANumber]),
            (["2020,total,100", "2020,software,"], [.taxMissing]),
            (["2020,total,100", "2020-Q1,software,5"], [.periodNotAYear]),
            (["2020,total,100", "20x0,software,5"], [.periodNotAYear]),
            (["2020,total,100", "2020,software,101"], [.industriesExceedTotal]),
            (["2020,total,100", "2022,total,100"], [.yearsNotConsecutive]), ([], [.noRows]),
        ])
    func problems(rows: [String], codes: [TaxProblem.Code]) throws {
        let outcome = try Self.read(Self.sheet(rows))
        // Industries that are simply not there are reported too; here they are not the point.
        #expect(outcome.problems.map(\.code).filter { $0 != .industryMissing } == codes)
        _ = FourOneOneReport(outcome.table)
    }

    @Test("Industries are known by code, Chinese name and in any case; a missing column is named")
    func names() throws {
        let rows = ["2020年,TOTAL,1 000", "2020,产业software,\"100\"", "2020,RND,０５", "2020,fintech,5", "2020, health ,5"]
        let outcome = try Self.read(Self.sheet(rows))
        #expect(outcome.problems.map(\.code) == [.taxNotANumber, .totalMissing])
        #expect(outcome.table.periods.first?.industries == ["software": 100, "rnd": 5, "fintech": 5, "health": 5])
        let lacking = try Self.read("period,industry,amount\n2020,total,5\n")
        #expect(lacking.problems.map(\.code) == [.columnMissing] && !lacking.isUsable)
    }

    @Test("After a gap there is no yearly test, and no verdict over all years")
    func gap() throws {
        let rows = Self.year(2020, "100", ["5", "5", "5", "5"]) + Self.year(2022, "100", ["9", "9", "9", "9"])
        let report = FourOneOneReport(try Self.read(Self.sheet(rows)).table)
        #expect(report.periods[1].industries.allSatisfy { $0.annualOK == nil && $0.changePPM == 40_000 })
        #expect(report.annualOK["software"] == .some(nil))
    }

    @Test("The order of the rows does not matter", arguments: [1, 2, 3] as [UInt64])
    func order(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rows = (2020...2025).flatMap { Self.year($0, "1000", ["\($0 - 1_990)", "50", "60", "70"]) }
        let one = FourOneOneReport(try Self.read(Self.sheet(rows)).table)
        let other = FourOneOneReport(try Self.read(Self.sheet(rows.shuffled(using: &random))).table)
        #expect(one.periods == other.periods, "seed \(seed)")
    }

    @Test("The JSON can be read by a stranger, and says null where nothing is known")
    func json() throws {
        let rows =
            Self.year(2024, "1000", ["80", "80", "80", "80"]) + Self.year(2025, "1000", ["100", "100", "100", "100"])
        let outcome = try Self.read(Self.sheet(rows + ["2025,\"a\"\"\\\u{7}b\",5"]))
        let text = FourOneOneJSON(
            FourOneOneReport(outcome.table), problems: outcome.problems, industries: Self.industries, language: .english
        ).text
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["final_ok"] as? Bool == true)
        let periods = try #require(object["periods"] as? [[String: Any]])
        #expect(periods.map { $0["sum_share_ppm"] as? Int } == [320_000, 400_000])
        let first = try #require((periods[0]["industries"] as? [[String: Any]])?.first)
        #expect(first["industry"] as? String == "software" && first["share_ppm"] as? Int == 80_000)
        #expect(first["change_ppm"] is NSNull && first["annual_ok"] is NSNull)
        #expect((object["annual_ok"] as? [String: Any])?["health"] as? Bool == true)
        let problems = try #require(object["problems"] as? [[String: Any]])
        #expect(problems.map { $0["code"] as? String } == ["industry_unknown"])
        #expect(problems[0]["row"] as? Int == 12)
    }
}

@Suite("Shares by enterprise and by growth")
struct ShareTests {
    @Test(
        "Parts by largest remainder sum exactly, and each is within a millionth",
        arguments: 1...60 as ClosedRange<UInt64>)
    func apportion(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let denominator = Int128(Int64.random(in: 1...Int64.max, using: &random))
        let numerators = (0..<Int.random(in: 1...40, using: &random)).map { _ in
            Int128(Int64.random(in: -1_000_000_000_000_000...1_000_000_000_000_000, using: &random))
        }
        let shared = try #require(Ratio.apportion(numerators, over: denominator), "seed \(seed)")
        #expect(shared.parts.reduce(0, +) == shared.sum, "seed \(seed)")
        #expect(shared.sum == Ratio(numerators.reduce(0, +), over: denominator)?.ppm, "seed \(seed)")
        for (numerator, part) in zip(numerators, shared.parts) {
            // |part − exact| < 1  ⟺  |part × d − n × 10⁶| < d
            let gap = Int128(part) * denominator - numerator * 1_000_000
            #expect(gap.magnitude < denominator.magnitude, "seed \(seed)")
        }
    }

    @Test("Shares of everything, the rest among them, sum to 100.0000 %", arguments: 1...40 as ClosedRange<UInt64>)
    func whole(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let parts = (0..<5).map { _ in Int128(Int64.random(in: 0...9_000_000_000_000, using: &random)) }
        let total = max(1, parts.reduce(0, +))
        let shared = try #require(Ratio.apportion(parts, over: total))
        #expect(shared.sum == (parts.reduce(0, +) == 0 ? 0 : 1_000_000), "seed \(seed)")
    }

    @Test(
        "The enterprises' contributions sum exactly to the change of the share",
        arguments: 1...40 as ClosedRange<UInt64>)
    func decomposition(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func amount(_ top: Int64) -> Int64 { Int64.random(in: 0...top, using: &random) }
        let (before, now) = (
            try FourOneOneTests.period(2023, 9_000_000_000_001 + amount(10_000_000), [2_000_000_000_000, 5, 6, 7]),
            try FourOneOneTests.period(2024, 9_700_000_000_003 + amount(10_000_000), [2_300_000_000_000, 5, 6, 7])
        )
        let enterprises = (0..<37).map { index in
            ShareDecomposition.Enterprise(
                code: "E\(index)", name: "第\(index)户", before: index % 7 == 0 ? nil : amount(50_000_000_000),
                now: index % 11 == 0 ? nil : amount(60_000_000_000))
        }
        let found = try #require(
            ShareDecomposition(industry: "software", before: before, now: now, enterprises: enterprises))
        #expect(found.lines.reduce(0) { $0 + $1.contributionPPM } == found.changePPM, "seed \(seed)")
        #expect(found.changePPM == now.change("software", since: before)?.ppm, "seed \(seed)")
        #expect(found.lines.count == 38 && found.lines.last?.enterprise == nil)
        #expect(found.lines.reduce(0) { $0 + $1.now } == 2_300_000_000_000)
    }

    @Test(
        "The growth that is printed suffices, and a hundredth less does not", arguments: 1...40 as ClosedRange<UInt64>)
    func required(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let total = Int64.random(in: 1_000_000_000...9_000_000_000_000, using: &random)
        let tax = total / Int64.random(in: 8...30, using: &random)
        let base = try FourOneOneTests.period(2024, total, [tax, 1, 1, 1])
        let whole = Int64.random(in: -900...1_500, using: &random)
        let need = try #require(RequiredGrowth("software", base: base, whole: whole, plan: .letter))
        let growth = try #require(need.growth)
        let next = try #require(WhatIf.grown(Int128(total), whole))
        func passes(_ tax: Int64) throws -> Bool? {
            try FourOneOneTests.period(2025, next, [tax, 1, 1, 1]).change("software", since: base)?.isAtLeast(
                ppm: 10_000)
        }
        #expect(try passes(need.requiredFen) == true, "seed \(seed)")
        #expect(try passes(need.requiredFen - 1) == false, "seed \(seed)")
        // Growth is printed in hundredths of a per cent, rounded up.
        #expect(Int128(tax) * Int128(10_000 + growth) >= Int128(need.requiredFen) * 10_000, "seed \(seed)")
        #expect(Int128(tax) * Int128(10_000 + growth - 1) < Int128(need.requiredFen) * 10_000, "seed \(seed)")
    }

    @Test("Separate gains do not add up to the gain together")
    func notAdditive() throws {
        let base = try FourOneOneTests.period(2024, 1_000_000, [100_000, 90_000, 110_000, 80_000])
        let growth = WhatIf.Growth(
            industries: ["software": 2_000, "rnd": 2_000, "fintech": 2_000, "health": 2_000], rest: 0)
        let found = try #require(GrowthTogether(base: base, codes: FourOneOneTests.codes, growth: growth))
        // Alone: 120,000 ÷ 1,020,000 − 0.1 = 0.0176470…; together: 456,000 ÷ 1,076,000 − 0.38 = 0.0437918…
        #expect(found.alonePPM["software"] == 17_647)
        #expect(found.togetherPPM == 43_792)
        #expect(found.sumOfAlonePPM > found.togetherPPM)
    }

    @Test("A year carried forward is rounded to the fen, and what cannot be held is refused")
    func whatIf() throws {
        let base = try FourOneOneTests.period(2024, 1_000, [105, 100, 100, 100])
        let growth = WhatIf.Growth(industries: ["software": 1_000], rest: 0)
        let future = try #require(WhatIf(base: base, codes: FourOneOneTests.codes, growth: growth, through: 2026))
        // 105 → 115.5 → 116 → 127.6 → 128.
        #expect(future.periods.map { $0.industries["software"] } == [105, 116, 128])
        #expect(future.periods.map(\.total) == [1_000, 1_011, 1_023])
        let wild = WhatIf.Growth(industries: ["software": 100_000], rest: 100_000)
        let large = try FourOneOneTests.period(2024, Int64.max, [5, 5, 5, 5])
        #expect(WhatIf(base: large, codes: FourOneOneTests.codes, growth: wild, through: 2025) == nil)
    }
}
