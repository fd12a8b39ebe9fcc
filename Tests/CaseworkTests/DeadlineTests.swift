import Core
import Organisation
import Store
import TestKit
import Testing

@testable import Casework

@Suite("Deadlines")
struct DeadlineTests {
    struct Example: Sendable {
        let opened: String
        let days: Int
        let last: String
        var skipped: [String] = []
        var counted: [String] = []
    }

    /// Counted by hand on the State Council's calendars.
    static let examples = [
        // 1-5-15 on an ordinary Monday; the 25th is a Sunday to work on.
        Example(opened: "2021-04-19", days: 1, last: "2021-04-20"),
        Example(opened: "2021-04-19", days: 5, last: "2021-04-25", counted: ["2021-04-25"]),
        Example(
            opened: "2021-04-19", days: 15, last: "2021-05-11",
            skipped: ["2021-05-03", "2021-05-04", "2021-05-05"], counted: ["2021-04-25", "2021-05-08"]),
        Example(
            opened: "2021-04-30", days: 5, last: "2021-05-11",
            skipped: ["2021-05-03", "2021-05-04", "2021-05-05"], counted: ["2021-05-08"]),
        Example(opened: "2021-04-24", days: 1, last: "2021-04-25", counted: ["2021-04-25"]),
        // Spring Festival 2021.
        Example(
            opened: "2021-02-05", days: 5, last: "2021-02-18",
            skipped: ["2021-02-11", "2021-02-12", "2021-02-15", "2021-02-16", "2021-02-17"], counted: ["2021-02-07"]),
        Example(
            opened: "2021-02-10", days: 1, last: "2021-02-18",
            skipped: ["2021-02-11", "2021-02-12", "2021-02-15", "2021-02-16", "2021-02-17"]),
        Example(
            opened: "2021-02-10", days: 15, last: "2021-03-09",
            skipped: ["2021-02-11", "2021-02-12", "2021-02-15", "2021-02-16", "2021-02-17"], counted: ["2021-02-20"]),
        // National Day and Mid-Autumn 2020.
        Example(
            opened: "2020-09-25", days: 5, last: "2020-10-09",
            skipped: ["2020-10-01", "2020-10-02", "2020-10-05", "2020-10-06", "2020-10-07", "2020-10-08"],
            counted: ["2020-09-27"]),
        Example(
            opened: "2020-09-30", days: 5, last: "2020-10-14",
            skipped: ["2020-10-01", "2020-10-02", "2020-10-05", "2020-10-06", "2020-10-07", "2020-10-08"],
            counted: ["2020-10-10"]),
        Example(opened: "2021-04-19", days: 0, last: "2021-04-19"),
    ]

    static func derive(_ opened: Instant, _ days: Int, isVerified: Bool = true) -> Deadline {
        Deadline.derive(
            limit: Fixture.limit("help", days, isVerified: isVerified), from: opened, calendar: Fixture.calendar,
            zone: .shanghai)
    }

    @Test("Deadlines fall where a person counting on the calendar puts them", arguments: examples)
    func byHand(example: Example) {
        let deadline = Self.derive(Fixture.instant(example.opened, 17, 30), example.days)
        #expect(deadline.last.description == example.last)
        #expect(deadline.base.holidaysSkipped.map(\.description) == example.skipped)
        #expect(deadline.base.makeUpWorkdaysCounted.map(\.description) == example.counted)
        #expect(deadline.dueAt == Fixture.instant(example.last, 24).adding(milliseconds: -1))
        #expect(deadline.warnAt == Fixture.instant(example.last, 0))
    }

    @Test("The derivation comes back from its stored form", arguments: examples)
    func stored(example: Example) throws {
        let deadline = try Self.derive(Fixture.instant(example.opened), example.days)
            .extended(byWorkingDays: 3, reason: "等待“检测”结果\n", calendar: Fixture.calendar)
        #expect(try Deadline(json: deadline.json()) == deadline)
    }

    @Test("One sentence tells the whole derivation, in both languages")
    func sentence() throws {
        let deadline = Self.derive(Fixture.instant("2021-04-30"), 5)
        #expect(
            deadline.sentence(.chinese)
                == "自 2021-04-30 起（当日不计）5 个工作日（求助），扣除节假日 5月3日、5月4日、5月5日，计入调休上班日 5月8日，至 2021-05-11 24:00 止。")
        #expect(
            deadline.sentence(.english) == """
                5 working days after 2021-04-30 (Help), without the holidays 2021-05-03 and 2021-05-04 and \
                2021-05-05, counting the make-up workdays 2021-05-08, to the end of 2021-05-11.
                """)
        let longer = try deadline.extended(byWorkingDays: 1, reason: "待检测", calendar: Fixture.calendar)
        #expect(longer.sentence(.chinese).contains("延长 1 个工作日（理由：待检测），至 2021-05-12 24:00 止"))
        #expect(Self.derive(Fixture.instant("2021-04-30"), 5, isVerified: false).sentence(.chinese).contains("待核实"))
    }

    @Test("A deadline outside the announced calendars says so")
    func unannounced() {
        let deadline = Self.derive(Fixture.instant("2021-12-30"), 5)
        #expect(!deadline.isAnnounced)
        #expect(deadline.sentence(.chinese).contains("尚未公布"))
        #expect(deadline.sentence(.english).contains("not announced"))
    }

    @Test("An extension needs a reason, a number of days in range, and an end")
    func extensions() throws {
        var deadline = Self.derive(Fixture.now, 5)
        let calendar = Fixture.calendar
        #expect(throws: CaseError.reasonMissing) {
            try deadline.extended(byWorkingDays: 1, reason: " \n", calendar: calendar)
        }
        for days in [0, -1, CasesLimits.extensionWorkingDaysMax + 1] {
            #expect(throws: CaseError.extensionOutOfRange(max: CasesLimits.extensionWorkingDaysMax)) {
                try deadline.extended(byWorkingDays: days, reason: "等", calendar: calendar)
            }
        }
        for _ in 0..<CasesLimits.extensionsMax {
            deadline = try deadline.extended(byWorkingDays: 1, reason: "等", calendar: calendar)
        }
        #expect(throws: CaseError.tooManyExtensions(max: CasesLimits.extensionsMax)) {
            try deadline.extended(byWorkingDays: 1, reason: "等", calendar: calendar)
        }
    }

    @Test("More working days never end earlier, and every span holds that many working days")
    func monotone() {
        var generator = SeededGenerator(seed: 145_072)
        for _ in 0..<500 {
            let opened = Fixture.instant("2020-03-01").adding(days: Int64.random(in: 0...600, using: &generator))
            let days = Int.random(in: 0...30, using: &generator)
            let deadline = Self.derive(opened, days)
            let start = Day(opened, in: .shanghai)
            #expect(Fixture.calendar.workingDays(after: start, through: deadline.last) == days, "seed 145072")
            #expect(Self.derive(opened, days + 1).dueAt > deadline.dueAt, "seed 145072")
            #expect(days == 0 || Fixture.calendar.isWorkday(deadline.last), "seed 145072")
        }
    }

    @Test("An extension moves the stored deadline and is in the timeline", arguments: Engine.allCases)
    func extended(on engine: Engine) async throws {
        let world = try await World(engine)
        let cases = world.cases
        let file = try await world.open(Fixture.new(1))
        let moved = try await world.database.write {
            try cases.extendDeadline(file, byWorkingDays: 3, reason: "等待检测", actor: Fixture.clerk, in: $0)
        }
        #expect(moved.dueAt == Fixture.instant("2021-04-28", 24).adding(milliseconds: -1))
        let stored = try await world.database.read { try CaseStore.deadline(of: ID(1), in: $0) }
        #expect(stored?.extensions.map(\.reason) == ["等待检测"])
        #expect(try await world.timeline(1).last?.event == CaseEvent.deadlineExtended.rawValue)
        await #expect(throws: CaseError.movedMeanwhile) {
            try await world.database.write {
                try cases.extendDeadline(file, byWorkingDays: 3, reason: "再等", actor: Fixture.clerk, in: $0)
            }
        }
    }
}
