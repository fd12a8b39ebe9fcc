import Core
import Foundation
import Testing

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

func day(_ iso: String) throws -> Day {
    try #require(Day(iso: iso), "\(iso) is no day")
}

@Suite("Day")
struct DayTests {
    private static let utc: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .gmt
        return calendar
    }()

    private static let first = Day(year: 1, month: 1, day: 1)?.number ?? 0
    private static let last = Day(year: 9_999, month: 12, day: 31)?.number ?? 0

    @Test("Days agree with the C library from 0001 to 9999, and with Foundation since the Gregorian reform")
    func others() throws {
        var generator = SeededGenerator(seed: 2_021)
        let samples =
            [Self.first, Self.last, 0, -1, 59, 60]
            + (0..<3_000).map { _ in
                Int.random(in: Self.first...Self.last, using: &generator)
            }
        let reform = try day("1582-10-15")
        for number in samples {
            let day = Day(number: number)
            var seconds = time_t(number) * 86_400
            var parts = tm()
            gmtime_r(&seconds, &parts)
            #expect(day.parts.year == Int(parts.tm_year) + 1_900, "\(day)")
            #expect(day.parts.month == Int(parts.tm_mon) + 1 && day.parts.day == Int(parts.tm_mday), "\(day)")
            // C counts weekdays from Sunday as 0, we from Monday as 1.
            #expect(day.weekday.rawValue == (Int(parts.tm_wday) + 6) % 7 + 1, "\(day)")
            guard day >= reform else { continue }
            let date = Date(timeIntervalSince1970: Double(number) * 86_400)
            let gregorian = Self.utc.dateComponents([.year, .month, .day], from: date)
            #expect(day.parts.year == gregorian.year && day.parts.month == gregorian.month, "\(day)")
            #expect(day.parts.day == gregorian.day, "\(day)")
        }
    }

    @Test("Every day of four centuries follows the one before, and reads back from its parts and its text")
    func succession() throws {
        var expected = try day("1999-12-31")
        for number in expected.number...expected.number + 146_097 {
            let day = Day(number: number)
            let parts = day.parts
            #expect(Day(year: parts.year, month: parts.month, day: parts.day) == day)
            #expect(parts.day == 1 || parts.day == expected.parts.day + 1 || number == expected.number)
            expected = day
        }
        for text in ["0001-01-01", "1970-01-01", "2000-02-29", "2021-02-12", "9999-12-31"] {
            #expect(try day(text).description == text)
        }
    }

    @Test(
        "What names no day is refused",
        arguments: [
            "2021-02-29", "1900-02-29", "2021-13-01", "2021-00-10", "2021-04-31", "2021-4-1", "21-04-01", "2021/04/01",
            "2021-04-01 ",
            "0000-01-01", "-001-01-01", "２０２１-04-01", "", "2021-04", "2021-+4-01",
        ])
    func noDay(text: String) {
        #expect(Day(iso: text) == nil)
    }

    @Test("An instant falls on the day of its zone, before 1970 too")
    func zones() throws {
        let beforeMidnight = try day("2021-02-12").start(in: .shanghai).adding(milliseconds: -1)
        #expect(Day(beforeMidnight, in: .shanghai).description == "2021-02-11")
        #expect(Day(beforeMidnight, in: .utc).description == "2021-02-11")
        #expect(try Day(day("2021-02-12").start(in: .shanghai), in: .utc).description == "2021-02-11")
        #expect(Day(Instant(millisecondsSince1970: -1), in: .utc).description == "1969-12-31")
        #expect(Instant(millisecondsSince1970: -1).text(in: .utc) == "1969-12-31 23:59")
        #expect(
            try day("2021-04-19").start(in: .shanghai).adding(seconds: 9 * 3_600 + 5 * 60).text(in: .shanghai)
                == "2021-04-19 09:05")
    }

    @Test("The start of a day and the day of an instant are inverse in every zone")
    func inverse() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<2_000 {
            let day = Day(number: Int.random(in: Self.first...Self.last, using: &generator))
            let zone = TimeZoneOffset(minutes: Int.random(in: -720...840, using: &generator))
            let within = Int64.random(in: 0..<Instant.millisecondsPerDay, using: &generator)
            #expect(Day(day.start(in: zone).adding(milliseconds: within), in: zone) == day)
        }
    }
}

@Suite("Working days")
struct WorkCalendarTests {
    /// As announced by the State Council for the first half of 2021 (国办发明电〔2020〕27号).
    private let calendar: WorkCalendar

    init() throws {
        func days(_ first: String, _ last: String) throws -> [Day] {
            try (day(first).number...day(last).number).map { Day(number: $0) }
        }
        calendar = try WorkCalendar(
            holidays: Set(
                days("2021-01-01", "2021-01-03") + days("2021-02-11", "2021-02-17") + days("2021-04-03", "2021-04-05")
                    + days("2021-05-01", "2021-05-05") + days("2021-06-12", "2021-06-14")),
            makeUpWorkdays: Set(["2021-02-07", "2021-02-20", "2021-04-25", "2021-05-08"].map(day)),
            covered: day("2021-01-01")...day("2021-06-30"))
    }

    @Test(
        "Limits around the Spring Festival and May Day of 2021, counted by hand",
        arguments: [
            // start, working days, last day
            ("2021-02-10", 1, "2021-02-18"),  // Wed before the holiday → Thu after it
            ("2021-02-10", 3, "2021-02-20"),  // 18, 19, and Saturday the 20th is worked
            ("2021-02-10", 5, "2021-02-23"),
            ("2021-02-05", 1, "2021-02-07"),  // Sunday the 7th is worked
            ("2021-02-05", 5, "2021-02-18"),  // 7, 8, 9, 10, 18
            ("2021-04-02", 1, "2021-04-06"),  // Qingming
            ("2021-04-23", 1, "2021-04-25"),
            ("2021-04-30", 2, "2021-05-07"),  // 6, 7
            ("2021-04-30", 3, "2021-05-08"),
            ("2021-03-01", 15, "2021-03-22"),  // three plain weeks
            ("2021-03-01", 0, "2021-03-01"),
            ("2021-03-06", 0, "2021-03-06"),  // a limit of nothing ends at once, weekend or not
            ("2021-03-06", 1, "2021-03-08"),
        ])
    func counted(start: String, limit: Int, last: String) throws {
        let count = try calendar.count(workingDays: limit, after: day(start))
        #expect(count.last.description == last)
        #expect(count.isAnnounced)
        #expect(try calendar.workingDays(after: day(start), through: count.last) == limit)
    }

    @Test("A count names the holidays it skipped and the make-up days it used")
    func derivation() throws {
        let count = try calendar.count(workingDays: 5, after: day("2021-02-05"))
        #expect(count.makeUpWorkdaysCounted.map(\.description) == ["2021-02-07"])
        #expect(
            count.holidaysSkipped.map(\.description)
                == ["2021-02-11", "2021-02-12", "2021-02-15", "2021-02-16", "2021-02-17"])
    }

    @Test("Beyond the announced calendar only weekends are skipped, and the count says so")
    func unannounced() throws {
        let count = try calendar.count(workingDays: 2, after: day("2021-06-30"))
        #expect(count.last.description == "2021-07-02")
        #expect(!count.isAnnounced)
        #expect(!WorkCalendar(holidays: [], makeUpWorkdays: []).count(workingDays: 1, after: count.last).isAnnounced)
    }

    @Test("Counting forwards and counting between agree for every start and limit")
    func agreement() throws {
        for offset in 0..<150 {
            let start = try day("2021-01-01").adding(days: offset)
            for limit in 1...15 {
                let last = calendar.count(workingDays: limit, after: start).last
                #expect(calendar.isWorkday(last))
                #expect(calendar.workingDays(after: start, through: last) == limit)
                #expect(calendar.workingDays(after: start, through: last.adding(days: -1)) == limit - 1)
            }
            #expect(calendar.workingDays(after: start, through: start) == 0)
        }
    }
}

@Suite("Identifiers")
struct IdentifierTests {
    /// A clock that a test sets.
    private final class Clock: @unchecked Sendable {
        var milliseconds: Int64 = 1_618_794_000_000
    }

    @Test("Identifiers grow, also when the clock stands still or is set back")
    func growth() {
        let clock = Clock()
        let maker = IDMaker(maker: 7) { Instant(millisecondsSince1970: clock.milliseconds) }
        var last: Int64 = 0
        for step in 0..<20_000 {
            if step == 10_000 { clock.milliseconds -= 3_600_000 }
            let id = maker.next()
            #expect(id > last)
            last = id
        }
    }

    @Test("Makers that run at the same time never give the same identifier twice")
    func concurrent() async {
        let makers = (0..<4).map { number in
            IDMaker(maker: UInt8(number)) { Instant(millisecondsSince1970: 1_618_794_000_000) }
        }
        let all = await withTaskGroup(of: [Int64].self) { group in
            for task in 0..<8 {
                group.addTask { (0..<5_000).map { _ in makers[task % makers.count].next() } }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(all).count == 40_000)
        #expect(all.allSatisfy { $0 > 0 })
    }

    @Test("An identifier is read from a path only as a positive decimal number")
    func reading() {
        #expect(ID<Day>(text: "42")?.rawValue == 42)
        for text in ["0", "-1", "", "1.0", "０", "abc", " 1", "9223372036854775808"] {
            #expect(ID<Day>(text: text) == nil, "\(text)")
        }
        #expect(ID<Day>(3) < ID<Day>(4))
        #expect("\(ID<Day>(12))" == "12")
    }
}

@Suite("Places")
struct PlaceTests {
    private func point(_ latitude: Double, _ longitude: Double) throws -> Coordinate {
        try #require(Coordinate(latitude: latitude, longitude: longitude))
    }

    @Test("What is not on the globe is no coordinate")
    func bounds() {
        for (latitude, longitude) in [(91.0, 0.0), (-90.1, 0), (0, 180.1), (.nan, 0), (0, .infinity)] {
            #expect(Coordinate(latitude: latitude, longitude: longitude) == nil)
        }
        #expect(Coordinate(latitude: -90, longitude: 180) != nil)
    }

    @Test("Distances: one degree of a meridian, Shanghai to Beijing, a point to itself and to its antipode")
    func distances() throws {
        #expect(try abs(point(31, 121).metres(to: point(32, 121)) - 111_195.08) < 0.1)
        #expect(try abs(point(31.2304, 121.4737).metres(to: point(39.9042, 116.4074)) - 1_067_300) < 1_000)
        #expect(try point(31.25, 121.4).metres(to: point(31.25, 121.4)) == 0)
        #expect(try abs(point(0, 0).metres(to: point(0, 180)) - .pi * 6_371_008.8) < 1)
    }

    @Test("Distance is symmetric and keeps the triangle inequality")
    func metric() throws {
        var generator = SeededGenerator(seed: 11)
        func random() throws -> Coordinate {
            try point(.random(in: 31.2...31.3, using: &generator), .random(in: 121.3...121.5, using: &generator))
        }
        for _ in 0..<1_000 {
            let (a, b, c) = try (random(), random(), random())
            #expect(abs(a.metres(to: b) - b.metres(to: a)) < 1e-6)
            #expect(a.metres(to: c) <= a.metres(to: b) + b.metres(to: c) + 1e-6)
        }
    }

    @Test("A ring that bends inwards contains its arms but not its bay, whichever way it is drawn")
    func ring() throws {
        let corners = try [
            point(0, 0), point(0, 6), point(6, 6), point(6, 4), point(2, 4), point(2, 2), point(6, 2), point(6, 0),
        ]
        for ring in [Ring(corners), Ring(corners.reversed())] {
            #expect(try ring.contains(point(5, 1)))
            #expect(try ring.contains(point(5, 5)))
            #expect(try ring.contains(point(1, 3)))
            #expect(try !ring.contains(point(5, 3)))
            #expect(try !ring.contains(point(7, 1)))
            #expect(try !ring.contains(point(-1, 3)))
        }
        #expect(try !Ring([]).contains(point(0, 0)))
    }

    @Test("Of two rings that share an edge, each point on it belongs to exactly one")
    func sharedEdge() throws {
        let left = try Ring([point(0, 0), point(0, 1), point(1, 1), point(1, 0)])
        let right = try Ring([point(0, 1), point(0, 2), point(1, 2), point(1, 1)])
        for step in 1..<100 {
            let onEdge = try point(Double(step) / 100, 1)
            #expect(left.contains(onEdge) != right.contains(onEdge))
        }
    }
}
