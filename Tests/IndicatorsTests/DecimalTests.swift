import Core
import Testing

@Suite("Exact decimals")
struct DecimalTests {
    @Test(
        "A number is read as people write it, and printed as it was given",
        arguments: [
            ("12.50", "12.50"), (" 1,234,567.8 ", "1234567.8"), ("－３．５", "-3.5"), ("+0", "0"),
            ("0.000000001", "0.000000001"),
            ("9223372036854775807", "9223372036854775807"), ("-9223372036854775807", "-9223372036854775807"),
            ("007", "7"), ("1.0000000000000", "1.000000000"), ("−2", "-2"),
        ])
    func reads(text: String, printed: String) throws {
        #expect(try ExactDecimal(text).description == printed)
    }

    @Test(
        "What is no number is refused with its own reason",
        arguments: [
            ("", DecimalFault.empty), ("　", .empty), ("1,5", .notNumber), ("1,23,456", .notNumber), ("12%", .notNumber),
            ("1e6", .notNumber), ("1.", .notNumber), (".5", .notNumber), ("1.2.3", .notNumber), ("--1", .notNumber),
            ("亿", .notNumber), ("0.0000000001", .tooManyPlaces(max: 9)), ("9223372036854775808", .tooLarge),
            ("99999999999999999999999999999999999999999999", .tooLarge), ("NaN", .notNumber), ("٣", .notNumber),
        ])
    func refuses(text: String, fault: DecimalFault) {
        #expect(throws: fault) { try ExactDecimal(text) }
    }

    @Test("Equal numbers are equal and hash alike whatever their scale, and order is that of numbers")
    func equality() throws {
        let (short, long) = (try ExactDecimal("1.5"), try ExactDecimal("1.500"))
        #expect(short == long && Set([short, long]).count == 1)
        #expect(try ExactDecimal("-2") < ExactDecimal("-1.99") && ExactDecimal("0.09") < ExactDecimal("0.1"))
    }

    @Test("Rounding is half away from zero, once, at the place that is printed")
    func rounding() throws {
        for (text, places, shown) in [
            ("74.86", 1, "74.9"), ("0.5", 0, "1"), ("-0.5", 0, "-1"), ("0.49", 0, "0"), ("-0.05", 1, "-0.1"),
            ("2.345", 2, "2.35"), ("1234.5", 2, "1,234.50"), ("-1234567", 0, "-1,234,567"),
        ] {
            #expect(try ExactDecimal(text).text(places: places) == shown, "\(text)")
        }
    }

    @Test("Sums, products and quotients are exact, and refuse what cannot be held")
    func arithmetic() throws {
        #expect(try ExactDecimal("0.1").adding(ExactDecimal("0.2")) == ExactDecimal("0.3"))
        #expect(try ExactDecimal("1").subtracting(ExactDecimal("0.99")).description == "0.01")
        #expect(try ExactDecimal("1.15").multiplied(by: ExactDecimal("1.15"), places: 2).description == "1.32")
        #expect(try ExactDecimal("1").divided(by: ExactDecimal("3"), places: 4)?.description == "0.3333")
        #expect(try ExactDecimal("2").divided(by: ExactDecimal("-3"), places: 0)?.description == "-1")
        #expect(try ExactDecimal("1").divided(by: .zero, places: 2) == nil)
        #expect(throws: DecimalFault.tooLarge) { try ExactDecimal(.max).adding(ExactDecimal(1)) }
    }
}

@Suite("Periods")
struct PeriodTests {
    @Test(
        "A period is read in every way sheets write it",
        arguments: [
            ("2021", "2021"), ("2021年", "2021"), ("２０２１年度", "2021"), ("2021年上半年", "2021-H1"), ("2021-H2", "2021-H2"),
            ("2021H1", "2021-H1"), ("2021年第一季度", "2021-Q1"), ("2021年2季度", "2021-Q2"), ("2021q3", "2021-Q3"),
            ("2021年四季度", "2021-Q4"), ("2021年4月", "2021-04"), ("2021-4", "2021-04"), ("202104", "2021-04"),
            ("2021/12", "2021-12"), ("2021.1", "2021-01"), ("2021-04-19", "2021-04-19"), ("2021年全年", "2021"),
        ])
    func reads(text: String, expected: String) {
        #expect(Period(reading: text)?.description == expected)
    }

    @Test(
        "What is no period is refused",
        arguments: [
            "", "21", "2021-13", "2021-00", "2021-Q5", "2021-H3", "1899", "2200", "2021-", "20211", "2021-02-30",
            "2021年第五季度", "year", "2021-4-19-1", "-2021", "2021--4", "2021年年",
        ])
    func refuses(text: String) {
        #expect(Period(reading: text) == nil)
    }

    @Test("Every period reads itself back, follows the one before and ends the day before the next")
    func neighbours() throws {
        for kind in PeriodKind.allCases {
            var period = Period(kind, holding: try #require(Day(year: 2019, month: 12, day: 31)))
            for _ in 0..<40 {
                #expect(Period(reading: period.description) == period)
                #expect(period.next.previous == period && period < period.next)
                #expect(period.lastDay.adding(days: 1) == period.next.firstDay)
                #expect(Period(kind, holding: period.lastDay) == period)
                period = period.next
            }
        }
    }

    @Test("A year earlier is the same part of the year before; 29 February becomes the 28th")
    func yearEarlier() {
        #expect(Period(reading: "2021-Q3")?.yearEarlier.description == "2020-Q3")
        #expect(Period(reading: "2020-02-29")?.yearEarlier.description == "2019-02-28")
    }
}

@Suite("Unified social credit codes")
struct CreditCodeTests {
    @Test(
        "Published codes are right",
        arguments: ["914403001922038216", "91330100799655058B", " 9133 0100 7996 5505 8b "])
    func right(text: String) throws {
        let code = try CreditCode(text)
        #expect(code.text.count == 18 && code.isOrganisationCodeSound)
    }

    @Test("Every single wrong character is found", arguments: ["914403001922038216", "91330100799655058B"])
    func wrong(code: String) {
        let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
        for position in 0..<18 {
            for other in alphabet {
                var characters = Array(code)
                guard characters[position] != other else { continue }
                characters[position] = other
                #expect(throws: CreditCodeFault.check) { try CreditCode(String(characters)) }
            }
        }
    }

    @Test("Letters that are never used, and other lengths, say so")
    func form() {
        #expect(throws: CreditCodeFault.character("O")) { try CreditCode("91440300192203821O") }
        #expect(throws: CreditCodeFault.length(17)) { try CreditCode("91440300192203821") }
        #expect(throws: CreditCodeFault.empty) { try CreditCode(" ") }
    }
}
