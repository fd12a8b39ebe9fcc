import Core
import Store
import TestKit
import Testing

@testable import Indicators

@Suite("Indicators and their values")
struct IndicatorTests {
    @Test("A corrected value keeps the old one, needs a reason and has to be verified anew", arguments: Engine.allCases)
    func correction(engine: Engine) async throws {
        let district = try await IndicatorDistrict(engine)
        let indicator = try await district.define()
        let first = try await district.enter(indicator, "2021-03", "12.50")
        try await district.verify(first)
        await #expect(throws: IndicatorError.noteMissing) { try await district.enter(indicator, "2021年3月", "12.6") }
        await #expect(throws: IndicatorError.valueUnchanged) {
            try await district.enter(indicator, "2021-03", "12.5", note: "x")
        }
        let second = try await district.enter(indicator, "2021-03", "12.6", note: "漏报一件")
        let (current, revisions) = try await district.database.read { tx in
            (
                try IndicatorValueStore.current(indicator.id, .district, second.period, in: tx),
                try IndicatorValueStore.revisions(of: second, in: tx)
            )
        }
        #expect(current?.value.description == "12.6" && current?.state == .entered && current?.revision == 2)
        #expect(revisions.map(\.value.description) == ["12.6", "12.50"])
        #expect(revisions.map(\.isCurrent) == [true, false] && revisions[1].state == .verified)
        #expect(revisions[0].note == "漏报一件" && revisions[0].enteredBy == 3)
        try await district.enter(indicator, "2021-01", "1")
        for (isDescending, months) in [(true, [3, 1]), (false, [1, 3])] {
            let listed = try await district.database.read {
                try IndicatorValueStore.list(
                    indicator.id, scope: nil, isDescending: isDescending, limit: 9, offset: 0, in: $0)
            }
            #expect(listed.map(\.period.index) == months)
        }
    }

    @Test("The owner unit and the digital office enter; only the digital office verifies, and nobody their own")
    func permissions() async throws {
        let district = try await IndicatorDistrict()
        let indicator = try await district.define()
        for person in ["stranger", "leader", "enterprise"] {
            await #expect(throws: IndicatorError.notYours) {
                try await district.enter(indicator, "2021-03", "1", by: person)
            }
        }
        let byUnit = try await district.enter(indicator, "2021-02", "1", by: "owner")
        await #expect(throws: IndicatorError.notYours) { try await district.verify(byUnit, by: "owner") }
        let byOffice = try await district.enter(indicator, "2021-03", "1", by: "office")
        await #expect(throws: IndicatorError.ownValue) { try await district.verify(byOffice, by: "office") }
        try await district.verify(byOffice, by: "office2")
        await #expect(throws: IndicatorError.alreadyVerified) { try await district.verify(byOffice, by: "office2") }
    }

    @Test("Every pair of state and event: only an entered value can be verified")
    func states() throws {
        #expect(try IndicatorValue.State.entered.verifying() == .verified)
        #expect(throws: IndicatorError.alreadyVerified) { try IndicatorValue.State.verified.verifying() }
    }

    @Test(
        "What cannot be a value of the indicator is refused with its reason",
        arguments: [
            ("2021", "1", FigureScope.district, IndicatorError.periodOfOtherKind("2021", .month)),
            ("soon", "1", .district, .periodWrong("soon")), ("2021-03", "1%", .district, .valueWrong(.notNumber)),
            ("2021-03", "", .district, .valueWrong(.empty)),
            ("2021-03", "1", .unit("nobody"), .scopeUnknown("nobody", .district)),
        ])
    func input(period: String, value: String, scope: FigureScope, error: IndicatorError) async throws {
        let district = try await IndicatorDistrict()
        let indicator = try await district.define()
        await #expect(throws: error) { try await district.enter(indicator, period, value, scope: scope) }
    }

    @Test("A period that has not begun has no actual value")
    func future() async throws {
        let district = try await IndicatorDistrict()
        let indicator = try await district.define()
        try await district.enter(indicator, "2021-04", "1")
        await #expect(throws: IndicatorError.periodInFuture(Bilingual(zh: "2021年5月", en: "2021-05"))) {
            try await district.enter(indicator, "2021-05", "1")
        }
    }

    @Test("Figures of different bases, units or periods are never added", arguments: Engine.allCases)
    func bases(engine: Engine) async throws {
        let district = try await IndicatorDistrict(engine)
        let total = try await district.define {
            $0.code = "tax.total"; $0.basis = "全口径税收"
        }
        let local = try await district.define {
            $0.code = "tax.local"; $0.basis = "区级税收"
        }
        #expect(total.basis == IndicatorBasis.totalTax && local.basis == IndicatorBasis.districtTax)
        #expect(throws: IndicatorError.self) {
            try Indicator.sum([(total, ExactDecimal(1)), (local, ExactDecimal(2))])
        }
        #expect(try Indicator.sum([(total, ExactDecimal(1)), (total, ExactDecimal(2))]) == ExactDecimal(3))
        let yuan = try await district.define {
            $0.code = "tax.yuan"; $0.basis = "全口径税收"; $0.unitZh = "元"
        }
        let answer = try await district.post(
            "/desk/indicators/\(total.id)/targets",
            [
                ("rule", "sum"), ("measure", "level"), ("threshold", "10"), ("from", "2021-01"), ("by", "2021-12"),
                ("members", "tax.total\ntax.local"),
            ])
        #expect(answer.status == 422 && answer.body.contains("口径不同"))
        let other = try await district.post(
            "/desk/indicators/\(total.id)/targets",
            [
                ("rule", "sum"), ("measure", "level"), ("threshold", "10"), ("from", "2021-01"), ("by", "2021-12"),
                ("members", "tax.total\n\(yuan.code)"),
            ])
        #expect(other.status == 422 && other.body.contains("请先统一单位"))
    }

    @Test("With values, what they are counted on cannot be changed; the name can", arguments: Engine.allCases)
    func redefinition(engine: Engine) async throws {
        let district = try await IndicatorDistrict(engine)
        let indicator = try await district.define()
        try await district.enter(indicator, "2021-03", "1")
        let (manage, office) = (district.module.manage, try IndicatorDistrict.account("office"))
        let stored = try await district.database.read { try IndicatorStore.find(indicator.id, in: $0) }
        var other = stored.draft
        other.basis = "statistics"
        var renamed = stored.draft
        renamed.nameZh = "改名后的指标"
        let (wrong, right) = (other, renamed)
        await #expect(throws: IndicatorError.hasValues) {
            try await district.database.write {
                try manage.redefine(indicator.id, wrong, version: stored.version, by: office, in: $0)
            }
        }
        try await district.database.write {
            try manage.redefine(indicator.id, right, version: stored.version, by: office, in: $0)
        }
        await #expect(throws: IndicatorError.changedMeanwhile) {
            try await district.database.write {
                try manage.redefine(indicator.id, right, version: stored.version, by: office, in: $0)
            }
        }
        await #expect(throws: IndicatorError.codeTaken("demo.one")) { try await district.define() }
    }
}

@Suite("Targets as rules")
struct TargetTests {
    private static let member = IndicatorTarget.Member(indicatorID: ID(1), scope: .district)
    private static let other = IndicatorTarget.Member(indicatorID: ID(1), scope: .industry("rnd"))

    private static func target(
        _ rule: IndicatorTarget.Rule, _ measure: IndicatorTarget.Measure, _ threshold: String,
        members: [IndicatorTarget.Member] = [member]
    ) throws -> IndicatorTarget {
        IndicatorTarget(
            id: ID(9), indicatorID: ID(1), rule: rule, measure: measure, threshold: try ExactDecimal(threshold),
            from: try #require(Period(.year, year: 2020)), by: try #require(Period(.year, year: 2025)),
            members: members,
            note: "", createdBy: nil, createdAt: Instant(millisecondsSince1970: 0))
    }

    private static func series(_ values: [String?]) throws -> TargetCheck.Series {
        var series: TargetCheck.Series = [:]
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            series[try #require(Period(.year, year: 2020 + index))] = try ExactDecimal(value)
        }
        return series
    }

    @Test(
        "A level by a date: met, on its path, behind it, missed, without data; exactly on the path is on track",
        arguments: [
            (["10", "12", "14", "16", "18", "20"], TargetCheck.Status.met),
            (["10", "19", nil, nil, nil, "19.99"], .missed),
            (["10", "12", "14"], .onTrack), (["10", "12", "13.999"], .behind), (["10", "25"], .onTrack), ([], .noData),
            ([nil, "12"], .behind),
        ] as [([String?], TargetCheck.Status)])
    func level(values: [String?], status: TargetCheck.Status) throws {
        let check = try TargetCheck(
            Self.target(.single, .level, "20"), series: [Self.member: Self.series(values)], direction: .higher,
            places: 1)
        #expect(check.status == status)
    }

    @Test("The pace that is asked for suffices when it is kept, and lower is better where it is")
    func pace() throws {
        let check = try TargetCheck(
            Self.target(.single, .level, "20"), series: [Self.member: Self.series(["10", "11", "12"])],
            direction: .higher,
            places: 1)
        // 8 in three years: 2.666… is printed as 2.7.
        #expect(check.lines[0].requiredPace?.description == "2.7" && check.lines[0].distance == ExactDecimal(8))
        let lower = try TargetCheck(
            Self.target(.single, .level, "5"), series: [Self.member: Self.series(["10", "8"])], direction: .lower,
            places: 0)
        #expect(lower.status == .onTrack && lower.lines[0].requiredPace?.description == "-1")
    }

    @Test("Growth in every period: one year that falls short decides, a gap leaves it open")
    func growth() throws {
        func status(_ measure: IndicatorTarget.Measure, _ threshold: String, _ values: [String?]) throws -> TargetCheck
        {
            try TargetCheck(
                Self.target(.single, measure, threshold), series: [Self.member: Self.series(values)],
                direction: .higher,
                places: 2)
        }
        #expect(try status(.growth, "1.00", ["5", "6", "7.00", "8.00"]).status == .onTrack)
        let failed = try status(.growth, "1.00", ["5", "6", "6.99", "8.00"])
        #expect(failed.status == .missed && failed.lines[0].failed.map(\.year) == [2022])
        #expect(try status(.growth, "1.00", ["5", nil, "9"]).status == .noData)
        #expect(try status(.growthPercent, "10", ["100", "110", "121"]).status == .onTrack)
        #expect(try status(.growthPercent, "10", ["100", "110", "120.999999"]).status == .missed)
        // Tax in fen: thirteen digits do not overflow.
        #expect(try status(.growthPercent, "10.8", ["30940000000000", "34281520000000"]).status == .onTrack)
        #expect(try status(.growthPercent, "10.8", ["30940000000000", "34281519999999"]).status == .missed)
    }

    @Test("Each of several is decided by the weakest, a sum only where every member has a value")
    func several() throws {
        let both = [Self.member, Self.other]
        let series = [Self.member: try Self.series(["1", "2"]), Self.other: try Self.series(["1", "1.5"])]
        let each = try TargetCheck(
            Self.target(.each, .growth, "1", members: both), series: series, direction: .higher, places: 1)
        #expect(each.status == .missed && each.lines.map(\.status) == [.onTrack, .missed])
        let sum = try TargetCheck(
            Self.target(.sum, .growth, "1.5", members: both), series: series, direction: .higher, places: 1)
        #expect(sum.status == .onTrack && sum.lines[0].value?.description == "3.5")
        let holed = [Self.member: try Self.series(["1", "2"]), Self.other: try Self.series(["1"])]
        let open = try TargetCheck(
            Self.target(.sum, .growth, "1.5", members: both), series: holed, direction: .higher, places: 1)
        #expect(open.status == .noData)
    }
}

@Suite("Forecasts")
struct ForecastTests {
    private func series(_ values: [Int64], _ kind: PeriodKind = .year) throws -> [(period: Period, value: ExactDecimal)]
    {
        let first = Period(kind, holding: try #require(Day(year: 2010, month: 1, day: 1)))
        return values.enumerated().map { (first.advanced(by: $0.offset), ExactDecimal($0.element)) }
    }

    @Test("A straight line goes on, with no error, and its interval is a point")
    func straight() throws {
        let forecast = try #require(Forecast(try series([2, 4, 6, 8, 10, 12]), ahead: 2))
        #expect(forecast.steps.map(\.value) == [14, 16])
        #expect(forecast.error == 0 && forecast.steps[1].low == 16 && forecast.steps[1].high == 16)
        #expect(forecast.method == .drift && forecast.tests >= 2)
    }

    @Test("A season comes back, and a level stays")
    func shapes() throws {
        let pattern: [Int64] = [10, 20, 40, 15]
        let quarters = (0..<20).map { pattern[$0 % 4] + Int64($0 / 4) * 4 }
        let seasonal = try #require(Forecast(try series(quarters, .quarter), ahead: 4))
        #expect(seasonal.method == .seasonal)
        #expect(seasonal.steps.map(\.value) == [30, 40, 60, 35])
        let flat = try #require(Forecast(try series([5, 5, 5, 5, 5]), ahead: 1))
        #expect(flat.method == .last && flat.steps[0].value == 5)
    }

    @Test("The interval widens with distance; short or holed series are not forecast")
    func bounds() throws {
        let forecast = try #require(Forecast(try series([10, 14, 11, 18, 15, 22, 20]), ahead: 3))
        let widths = forecast.steps.map { $0.high - $0.low }
        #expect(widths[0] > 0 && widths[0] < widths[1] && widths[1] < widths[2])
        #expect(Forecast(try series([1, 2, 3]), ahead: 1) == nil)
        var holed = try series([1, 2, 3, 4, 5])
        holed.remove(at: 2)
        #expect(Forecast(holed, ahead: 1) == nil)
    }
}
