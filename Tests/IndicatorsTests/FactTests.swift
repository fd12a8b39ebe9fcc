import Core
import Store
import TestKit
import Testing

@testable import Indicators

@Suite("Facts")
struct FactTests {
    /// Counts what is handed to it.
    struct Source: FactSource {
        var domain = "test"
        var title: Bilingual { Bilingual(zh: "测试", en: "Test") }
        var definitions: [FactDefinition] {
            [
                FactDefinition(
                    "test.share", title: Bilingual(zh: "占比", en: "Share"), unit: Bilingual(zh: "%", en: "%"),
                    basis: Bilingual(zh: "测试口径", en: "Test basis"), query: Bilingual(zh: "一除以三", en: "one by three"),
                    places: 1, periods: [.month], scopes: [.district, .unit])
            ]
        }
        func values(
            of name: String, _ period: Period, scopes: [FigureScope], in tx: any Transaction
        ) throws -> [FigureScope: FactValue] {
            [.district: .share(of: 1, in: 3), .unit("construction"): .share(of: 0, in: 0)]
        }
        func rows(
            of name: String, _ period: Period, _ scope: FigureScope, limit: Int, offset: Int, in tx: any Transaction
        ) throws -> FactRows {
            FactRows(
                columns: [.init(Bilingual(zh: "行", en: "Row"))],
                rows: (offset..<min(offset + limit, 3)).map { .init([.text("<行\($0)>")]) }, total: 3)
        }
    }

    private let april = Period(.month, year: 2021, index: 4) ?? Period(day: Day(number: 0))

    @Test("A share is rounded once when printed, and a share of nothing is blank")
    func values() {
        // 137 of 183 proposals: printed elsewhere as 74.8, which it is not.
        #expect(FactValue.share(of: 137, in: 183).text(places: 1) == "74.9%")
        #expect(FactValue.share(of: 0, in: 0) == .blank && FactValue.blank.text(places: 1) == "–")
        #expect(FactValue.share(of: 0, in: 9).text(places: 1) == "0.0%")
        // 0.7494999… is not 75.0 although its millionths round to 749,500.
        #expect(FactValue.share(part: 7_494_999_999, whole: 10_000_000_000).text(places: 1) == "74.9%")
        #expect(FactValue.count(1_234).text(places: 0) == "1,234")
    }

    @Test("A registry refuses doubled names, and what is not measured")
    func registry() async throws {
        #expect(throws: FactError.twice("test.share")) { try FactRegistry([Source(), Source()]) }
        #expect(throws: FactError.twice("test.share")) { try FactRegistry([Source(domain: "other")]) }
        let registry = try FactRegistry([Source()])
        let database = try await Engine.sqlite.database()
        let (april, now) = (april, Surroundings.fixed().now())
        for (name, period, scope, error) in [
            ("test.none", april, FigureScope.district, FactError.unknown("test.none")),
            ("test.share", Period(.year, holding: april.firstDay), .district, .periodNotMeasured("test.share", .year)),
            ("test.share", april, .township("x"), .scopeNotMeasured("test.share", .township)),
        ] {
            await #expect(throws: error) {
                try await database.read { try registry.measure(name, period, scope, now: now, in: $0) }
            }
        }
    }

    @Test(
        "A frozen fact keeps words, value and times; a correction afterwards shows beside it",
        arguments: Engine.allCases)
    func freezing(engine: Engine) async throws {
        let district = try await IndicatorDistrict(engine, sources: [Source()])
        let indicator = try await district.define()
        try await district.verify(try await district.enter(indicator, "2021-03", "12.5"))
        let march = try #require(Period(.month, year: 2021, index: 3))
        let (registry, surroundings, april) = (district.module.registry, district.surroundings, april)
        let frozen = try await district.database.write { tx in
            let facts = [
                try registry.measure("indicators.demo.one", march, now: surroundings.now(), in: tx),
                try registry.measure("test.share", april, now: surroundings.now(), in: tx),
                try registry.measure("test.share", april, .unit("construction"), now: surroundings.now(), in: tx),
            ]
            return try registry.freeze(facts, for: "bulletin:1", by: 1, surroundings: surroundings, in: tx)
        }
        try await district.enter(indicator, "2021-03", "13", note: "更正")
        let kept = try await district.database.read { try FactStore.list(holder: "bulletin:1", in: $0) }
        #expect(kept.map(\.fact.text) == ["12.5", "33.3%", "–"])
        #expect(kept.map(\.fact.value) == frozen.map(\.fact.value))
        #expect(kept[0].fact.definition.title.zh == "测试指标" && kept[0].fact.measuredAt == surroundings.now())
        let page = try await district.get("/desk/facts/frozen/\(frozen[0].id)")
        #expect(page.status == 200 && page.body.contains("12.5") && page.body.contains("与印发时不同"))
        #expect(try await district.get("/desk/facts/frozen/99999").status == 404)
    }

    @Test("Only verified values are cited", arguments: Engine.allCases)
    func verified(engine: Engine) async throws {
        let district = try await IndicatorDistrict(engine)
        let indicator = try await district.define()
        let value = try await district.enter(indicator, "2021-03", "12.5")
        let (registry, now) = (district.module.registry, district.surroundings.now())
        func measured() async throws -> FactValue {
            try await district.database.read {
                try registry.measure("indicators.demo.one", value.period, now: now, in: $0).value
            }
        }
        #expect(try await measured() == .blank)
        try await district.verify(value)
        #expect(try await measured() == .decimal(value.value))
    }

    @Test(
        "The list can be searched and filtered, each fact opens to its rows, and both can be had as files",
        arguments: Language.allCases)
    func pages(language: Language) async throws {
        let district = try await IndicatorDistrict(sources: [Source()])
        let indicator = try await district.define()
        try await district.verify(try await district.enter(indicator, "2021-03", "12.5"))
        let list = try await district.get("/desk/facts?period=2021-03", as: "leader", language: language)
        #expect(list.body.contains("33.3%") && list.body.contains("12.5"))
        #expect(!list.body.contains("facts.") || !list.body.contains(">facts."))
        let found = try await district.get("/desk/facts?period=2021-03&q=share", language: language)
        #expect(found.body.contains("33.3%") && !found.body.contains("demo.one"))
        let one = try await district.get("/desk/facts/test.share?period=2021-03", language: language)
        #expect(one.body.contains("&lt;行0&gt;") && one.body.contains("1 ÷ 3 = 33.3%"))
        let unit = try await district.get("/desk/facts/test.share?period=2021-03&scope=unit:construction")
        #expect(unit.body.contains("–"))
        #expect(try await district.get("/desk/facts/test.share/export?period=2021-03&format=csv").body.contains("<行2>"))
        #expect(try await district.get("/desk/facts/export?period=2021-03&format=csv").body.contains("33.3"))
        #expect(try await district.get("/desk/facts?period=soon").status == 422)
        #expect(try await district.get("/desk/facts/no.such").status == 404)
        #expect(try await district.get("/desk/facts", as: "enterprise").status == 403)
        #expect(try await district.get("/desk/facts", as: nil).status == 303)
    }
}
