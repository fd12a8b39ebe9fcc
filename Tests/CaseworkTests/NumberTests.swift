import Core
import Store
import TestKit
import Testing

@testable import Casework

@Suite("Case numbers")
struct NumberTests {
    static let day = Day(year: 2021, month: 4, day: 9)!

    @Test(
        "A pattern is filled in for a day",
        arguments: [
            ("PT-{yyyyMMdd}-{n:5}", Int64(1), "PT-20210409-00001"),
            ("PT-{yyyyMMdd}-{n:5}", 123_456, "PT-20210409-123456"),
            ("普函〔{yyyy}〕{n:1}号", 12, "普函〔2021〕12号"),
            ("{n:9}", 7, "000000007"),
            ("T{n:3}-{yyyy}{MM}", 42, "T042-202104"),
        ])
    func filled(pattern: String, running: Int64, number: String) throws {
        #expect(try NumberPattern(pattern).scope(on: Self.day).number(running) == number)
    }

    @Test(
        "A pattern that cannot make numbers is refused with its fault",
        arguments: [
            ("", NumberPattern.Fault.empty), ("PT-{yyyyMMdd}", .noRunningNumber), ("{n:5}-{n:5}", .twoRunningNumbers),
            ("PT-{n:0}", .width), ("PT-{n:10}", .width), ("PT-{n:x}", .width), ("PT-{n:}", .width),
            ("PT-{n:٣}", .width), ("PT-{yyyy", .unclosedBrace), ("PT-{hh}{n:5}", .unknownPart),
            ("PT-{}{n:5}", .unknownPart), ("PT-{MM}{n:5}", .dayWithoutMonthAndYear),
            ("PT-{yyyydd}{n:5}", .dayWithoutMonthAndYear), ("PT/{n:5}", .character), ("PT\u{202E}{n:5}", .character),
            (String(repeating: "A", count: 60) + "{n:5}", .tooLong),
        ])
    func refused(pattern: String, fault: NumberPattern.Fault) {
        #expect(throws: fault) { try NumberPattern(pattern) }
    }

    @Test("Mutated patterns are either refused or make numbers that differ")
    func mutated() {
        var generator = SeededGenerator(seed: 20_210_419)
        let pieces = ["{", "}", "n:5", "yyyy", "MM", "dd", "{n:3}", "{yyyyMMdd}", "PT-", "号", "/", " ", "\u{0}"]
        for _ in 0..<3_000 {
            let text = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }.joined()
            guard let pattern = try? NumberPattern(text) else { continue }
            let scope = pattern.scope(on: Self.day)
            #expect(Set((1...200).map(scope.number)).count == 200, "seed 20210419: \(text)")
        }
    }

    @Test("A kind without a sound pattern of its own is refused at start")
    func setup() {
        func make(_ patterns: [String: String], _ kinds: [CaseKind]) throws {
            _ = try Cases(
                profile: Fixture.profile(numberPatterns: patterns), kinds: kinds, surroundings: .fixed())
        }
        #expect(throws: CaseError.numberPatternMissing(kind: "request")) { try make([:], [Fixture.kind]) }
        #expect(throws: CaseError.numberPattern(kind: "request", fault: .noRunningNumber)) {
            try make(["request": "PT"], [Fixture.kind])
        }
        #expect(throws: CaseError.numberPatternShared(kind: "letter", other: "request")) {
            try make(["request": "A-{n:5}", "letter": "A-{n:5}"], [Fixture.kind, Fixture.letter])
        }
    }

    @Test("The day in a number is the day of opening in the district's zone", arguments: Engine.allCases)
    func zone(on engine: Engine) async throws {
        let world = try await World(engine)
        // 16:30 UTC of the 18th is half past midnight of the 19th in Shanghai.
        let late = Instant(millisecondsSince1970: 1_618_763_400_000)
        #expect(try await world.open(Fixture.new(1, openedAt: late)).number == "PT-20210419-00001")
        #expect(
            try await world.open(Fixture.new(2, openedAt: late.adding(seconds: -1_801))).number == "PT-20210418-00001")
    }

    @Test("A batch is numbered in its order, day by day", arguments: Engine.allCases)
    func batch(on engine: Engine) async throws {
        let world = try await World(engine)
        let cases = world.cases
        let days = ["2021-04-19", "2021-04-18", "2021-04-19", "2021-04-18", "2021-04-20"]
        let news = days.enumerated().map { Fixture.new(Int64($0 + 1), openedAt: Fixture.instant($1)) }
        let numbers = try await world.database.write { try cases.openMany(news, in: $0) }
        #expect(
            numbers == [
                "PT-20210419-00001", "PT-20210418-00001", "PT-20210419-00002", "PT-20210418-00002",
                "PT-20210420-00001",
            ])
    }

    @Test("Many writers at once never get the same number", arguments: Engine.allCases)
    func concurrent(on engine: Engine) async throws {
        let world = try await World(engine, surroundings: .system())
        let numbers = try await withThrowingTaskGroup(of: [String].self) { group in
            for writer in 0..<12 {
                group.addTask {
                    var numbers: [String] = []
                    for turn in 0..<8 {
                        let id = Int64(writer * 100 + turn + 1)
                        if turn == 5 {
                            let batch = (0..<30).map { Fixture.new(10_000 + id * 100 + Int64($0)) }
                            let cases = world.cases
                            numbers += try await world.database.write { try cases.openMany(batch, in: $0) }
                        } else {
                            numbers.append(try await world.open(Fixture.new(id)).number)
                        }
                    }
                    return numbers
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(numbers.count == 12 * 37)
        #expect(Set(numbers).count == numbers.count)
    }

    @Test("Numbers that may have no gap have none, though transactions fail between", arguments: Engine.allCases)
    func gapless(on engine: Engine) async throws {
        struct Refused: Error {}
        let world = try await World(engine, surroundings: .system())
        let cases = world.cases
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<24 {
                group.addTask {
                    let new = Fixture.new(Int64(writer + 1), kind: "letter", days: nil)
                    _ = try? await world.database.write { tx in
                        _ = try cases.open(new, in: tx)
                        if writer.isMultiple(of: 3) { throw Refused() }
                    }
                }
            }
        }
        let files = try await world.database.read {
            try CaseStore.list(CaseFilter(), limit: 100, now: Fixture.now, in: $0)
        }
        #expect(Set(files.map(\.number)) == Set((1...16).map { "普函〔2021〕\($0)号" }))
    }
}
