import Casework
import Core
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Appeals

/// What a list does must not grow with the district: both engines explain each statement, and it reads by an index.
@Suite("Lists are answered from indexes")
struct ListPlanTests {
    private static let zone = TimeZoneOffset.shanghai
    private static let from = Instant(millisecondsSince1970: 1_600_000_000_000)
    private static let before = Instant(millisecondsSince1970: 1_603_000_000_000)

    private func plan(_ statement: SQL, in tx: any Transaction) throws -> [String] {
        switch tx.engine {
        case .sqlite:
            return try tx.all("EXPLAIN QUERY PLAN \(statement)").map { try $0.get("detail") }
        case .postgresql:
            // Small tables are cheapest read whole; what is asked here is whether they need be.
            for setting: SQL in ["enable_seqscan", "enable_sort", "enable_bitmapscan"] {
                try tx.run("SET LOCAL \(setting) = off")
            }
            return try tx.all("EXPLAIN \(statement)").map { try $0.get("QUERY PLAN") }
        }
    }

    /// Lines of a plan that read a whole table, or sort what an index has in order already.
    private func faults(_ plan: [String], isSorted: Bool) -> [String] {
        plan.filter { line in
            let readsWhole =
                line.hasPrefix("SCAN ") && !line.contains("INDEX") && !line.contains("VIRTUAL")
                && ["SCAN a", "SCAN p", "SCAN m", "SCAN appeal", "SCAN problem", "SCAN case_file"].contains {
                    line == $0 || line.hasPrefix($0 + " ")
                }
                || line.contains("Seq Scan on appeal") || line.contains("Seq Scan on problem")
                || line.contains("Seq Scan on case_file")
            let sorts = line.contains("TEMP B-TREE FOR ORDER BY") || line.contains("Sort Key")
            return readsWhole || (isSorted && sorts)
        }
    }

    private func check(
        _ name: String, _ statement: SQL, isSorted: Bool, in district: ProblemDistrict
    ) async throws {
        let lines = try await district.database.read { try self.plan(statement, in: $0) }
        let wrong = faults(lines, isSorted: isSorted)
        #expect(wrong.isEmpty, "\(name): \(lines.joined(separator: "\n"))")
    }

    @Test("Problems: every order of the list, its counts, and the filters beside it", arguments: Engine.allCases)
    func problems(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        for sort in ProblemFilter.Sort.allCases where ![.title, .firstAt].contains(sort) {
            for isDescending in [true, false] {
                let filter = ProblemFilter(sort: sort, isDescending: isDescending)
                try await check(
                    "\(sort) \(isDescending)", ProblemStore.page(filter, limit: 50, offset: 0), isSorted: true,
                    in: district)
            }
        }
        try await check("count", ProblemStore.counting(ProblemFilter()), isSorted: true, in: district)
        try await check("townships", ProblemStore.countingByTownship(ProblemFilter()), isSorted: false, in: district)
        try await check("topics", ProblemStore.countingByTopic, isSorted: false, in: district)
    }

    @Test(
        "Appeals: newest first, by township, topic, source and state, and deep into the list",
        arguments: Engine.allCases)
    func appeals(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let now = district.surroundings.now()
        var (township, topic, source, state) = (AppealFilter(), AppealFilter(), AppealFilter(), AppealFilter())
        township.townshipCodes = ["310107005"]
        topic.topics = ["城乡建设"]
        source.sources = ["test"]
        state.states = [.closed]
        for (name, filter) in [("all", AppealFilter()), ("township", township), ("topic", topic)] {
            let way = try await district.database.read { try AppealListWay(filter, now: now, in: $0) }
            try await check(
                name, AppealListStore.page(filter, way, limit: 50, offset: 40_000, now: now), isSorted: true,
                in: district)
        }
        let waypoint = AppealListWaypoints.Waypoint(offset: 40_000, at: Self.from, id: ID(7))
        for isDescending in [true, false] {
            var filter = AppealFilter()
            filter.isDescending = isDescending
            let way = AppealListWay(words: .fetched, cases: .fetched, source: .fetched)
            try await check(
                "from a waypoint",
                AppealListStore.page(filter, way, from: waypoint, limit: 50, offset: 40_050, now: now), isSorted: true,
                in: district)
        }
        for reading in [AppealListWay.Reading.ordered, .asked] {
            for (name, filter) in [("source", source), ("state", state)] {
                let way = AppealListWay(words: reading, cases: reading, source: reading)
                try await check(
                    "\(name) \(reading)", AppealListStore.page(filter, way, limit: 50, offset: 0, now: now),
                    isSorted: true, in: district)
            }
        }
        let spared = AppealListWay(words: .fetched, cases: .spared, source: .fetched)
        try await check(
            "state spared", AppealListStore.page(state, spared, limit: 50, offset: 0, now: now), isSorted: true,
            in: district)
        // What few have is fetched by its own index, and sorted.
        for (name, filter) in [("source", source), ("state", state)] {
            let way = try await district.database.read { try AppealListWay(filter, now: now, in: $0) }
            #expect(way.hasFew, "\(name)")
            try await check(
                name, AppealListStore.page(filter, way, limit: 50, offset: 0, now: now), isSorted: false, in: district)
        }
    }

    @Test("A page read from a waypoint is the page read from the start", arguments: Engine.allCases)
    func waypoints(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let now = district.surroundings.now()
        for isDescending in [true, false] {
            var filter = AppealFilter()
            filter.isDescending = isDescending
            let (plain, reached) = try await district.database.read { [filter] tx in
                let way = try AppealListWay(filter, now: now, in: tx)
                let plain = try AppealListStore.list(filter, way, limit: 4, offset: 6, now: now, in: tx)
                let first = try AppealListStore.list(filter, way, limit: 1, offset: 3, now: now, in: tx)[0]
                let waypoint = AppealListWaypoints.Waypoint(
                    offset: 3, at: try #require(first.appeal.submittedAt), id: first.file.id)
                return (
                    plain, try AppealListStore.list(filter, way, from: waypoint, limit: 4, offset: 6, now: now, in: tx)
                )
            }
            #expect(plain.count == 4 && plain.map(\.file.id) == reached.map(\.file.id))
        }
    }

    @Test("However a list is read, it says the same", arguments: Engine.allCases)
    func sameRows(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let now = district.surroundings.now()
        var (source, state, words, both) = (AppealFilter(), AppealFilter(), AppealFilter(), AppealFilter())
        source.sources = ["test"]
        state.states = [.closed]
        words.search = "路灯"
        both.search = "曹杨"
        both.states = [.dispatched]
        for filter in [source, state, words, both] {
            let found = try await district.database.read { tx in
                try [AppealListWay.Reading.fetched, .ordered, .asked, .spared].map { reading in
                    let rest = reading == .spared ? .asked : reading
                    let way = AppealListWay(words: rest, cases: reading, source: rest, hasFew: reading == .fetched)
                    return try AppealListStore.list(filter, way, limit: 50, offset: 0, now: now, in: tx).map(\.file.id)
                }
            }
            #expect(!found[0].isEmpty && found.allSatisfy { $0 == found[0] })
            guard let matching = CaseSearch.matches(filter.search) else { continue }
            let walked = try await district.database.read { tx in
                let holders = try AppealListStore.holders(matching, in: tx)
                let way = try AppealListWay(filter, wordsFound: AppealListWay.fewMax + 1, now: now, in: tx)
                #expect(way.words == .walked)
                // Of one walk, which goes on from where it stands, and of two.
                let walk = AppealListWalk()
                return try [(walk, 0, 1), (walk, 0, 50), (walk, 2, 1), (AppealListWalk(), 2, 1)].map {
                    try $0.page(filter, way, among: holders, limit: $2, offset: $1, now: now, in: tx)
                }
            }
            #expect(walked[0] == Array(found[0].prefix(1)) && walked[1] == found[0], "walked")
            for page in walked[2...] { #expect(page == Array(found[0].dropFirst(2).prefix(1)), "a page further on") }
        }
    }

    @Test(
        "Appeals among the cases that hold a word are counted without the cases of other kinds",
        arguments: Engine.allCases)
    func counted(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let problem = try #require(try await district.problems().first)
        let office = Visitor.Account(personID: 1, name: "甲", unitCode: nil, roles: [.digitalOffice])
        _ = try await district.module.decide(
            problem.id, .init(.move(.confirm), version: problem.handling.version, reason: "已核实"), by: office)
        let counted = try await district.database.read { tx in
            let matching = try #require(CaseSearch.matches("曹杨"))
            let holders = try AppealListStore.holders(matching, in: tx)
            return (holders.count, try AppealListStore.countAppeals(among: holders, in: tx))
        }
        #expect(counted == (13, 12), "the case of the problem holds the word too")
    }

    @Test(
        "Comparison, map and the appeals of a problem read only their time and their problem",
        arguments: Engine.allCases)
    func periods(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine)
        let day = try #require(Day(year: 2021, month: 4, day: 19))
        let query = ProblemCompareStore.Query(periods: .usual(endingAt: day), zone: Self.zone)
        try await check(
            "compare", ProblemCompareStore.page(query, limit: 50, offset: 0), isSorted: false, in: district)
        try await check(
            "map", ProblemCompareStore.activePage(from: Self.from, before: Self.before, topics: [], limit: 300),
            isSorted: false, in: district)
    }
}
