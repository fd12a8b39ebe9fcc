import Casework
import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import Mining
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Appeals

@Suite("Hot spots")
struct HotspotTests {
    /// Forty quiet days at eight places, and twenty-five appeals at one of them within three days.
    private func fill(_ district: ProblemDistrict) async throws -> Set<Int64> {
        let cases = try Cases(
            profile: district.profile, kinds: [AppealKind.kind], surroundings: district.surroundings)
        let start = Int64(1_617_206_400_000)
        var random = SeededRandom(seed: 21)
        var places: [(id: Int64, place: Int, day: Int64)] = []
        for id in Int64(1)...160 {
            places.append((id, Int.random(in: 0..<8, using: &random), Int64.random(in: 0..<40, using: &random)))
        }
        let planted = Int64(201)...225
        for id in planted { places.append((id, 3, 20 + id % 3)) }
        let unit = try #require(district.profile.units.first)
        let townships = district.profile.townships
        let appeals = places.map { id, place, day in
            Appeal(
                id: ID(id), source: "test", sourceID: String(id), type: .complaint, subject: "第\(id)件",
                body: "第\(id)件诉求的内容", submittedAt: Instant(millisecondsSince1970: start + day * 86_400_000),
                authorKey: "a\(id)", point: townships[place].centre, townshipCode: townships[place].code,
                topic: id > 200 ? "环境保护" : "城乡建设", updatedAt: district.surroundings.now())
        }
        try await district.database.write { tx in
            _ = try cases.openMany(
                appeals.map { appeal in
                    NewCase(
                        id: appeal.id, kind: AppealKind.name, title: appeal.title,
                        state: AppealState.dispatched.rawValue,
                        isOpen: true, leadUnitCode: unit.code, townshipCode: appeal.townshipCode,
                        openedAt: appeal.submittedAt ?? district.surroundings.now(), closedAt: nil,
                        searchText: appeal.searchText, actor: .system("test"), event: AppealTimeline.imported,
                        detail: "")
                }, in: tx)
            try AppealStore.insert(appeals, in: tx)
        }
        return Set(planted)
    }

    private func find(_ district: ProblemDistrict) -> FindHotspots {
        var find = FindHotspots(
            database: district.database, profile: district.profile, surroundings: district.surroundings)
        // A tenth of the usual: tests are built without optimisation.
        find.replicates = 99
        return find
    }

    @Test(
        "A cluster in place and time is found, with its appeals, its chance and its topic", arguments: Engine.allCases)
    func found(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine, isEmpty: true)
        let planted = try await fill(district)
        try await find(district)()
        let (spots, run) = try await district.database.read { tx in
            (try HotspotStore.list(in: tx), try HotspotStore.run(in: tx))
        }
        let first = try #require(spots.first)
        #expect(first.rank == 1 && first.townshipCode == district.profile.townships[3].code)
        #expect(first.pPpm == 10_000 && first.isSure && first.topic == "环境保护", "\(first)")
        #expect(first.observed >= 25 && first.riskMilli > 2_500, "\(first)")
        let members = try await district.database.read {
            try HotspotStore.members(of: first.id, limit: 200, offset: 0, in: $0)
        }
        #expect(members.count == first.observed)
        #expect(planted.isSubset(of: Set(members.map(\.id.rawValue))))
        #expect(run.appeals == 185 && run.days <= 40 && run.ranAt == district.surroundings.now())

        // A second scan says the same, and stands in place of the first.
        try await find(district)()
        let again = try await district.database.read { try HotspotStore.list(in: $0) }
        #expect(again.map(\.llrMilli) == spots.map(\.llrMilli) && again.map(\.pPpm) == spots.map(\.pPpm))
        #expect(try await district.database.read { try HotspotStore.find(first.id, in: $0) } == nil)
    }

    @Test("A scan that is stopped leaves what was there", arguments: Engine.allCases)
    func stopped(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine, isEmpty: true)
        _ = try await fill(district)
        try await find(district)()
        let before = try await district.database.read { try HotspotStore.list(in: $0) }
        let scan = find(district)
        await #expect(throws: CancellationError.self) {
            try await scan { done, _ in if done > 50 { throw CancellationError() } }
        }
        #expect(try await district.database.read { try HotspotStore.list(in: $0) } == before)
    }

    @Test("Without appeals there are no hot spots, and nothing fails", arguments: Engine.allCases)
    func empty(engine: Engine) async throws {
        let district = try await ProblemDistrict(engine, isEmpty: true)
        #expect(try await find(district)() == 0)
        #expect(try await district.get("/desk/hotspots").1.contains("还没有热点"))
    }

    @Test("The list opens to each hot spot and its appeals; only the digital office asks for a new scan")
    func pages() async throws {
        let district = try await ProblemDistrict(.sqlite, isEmpty: true)
        _ = try await fill(district)
        try await find(district)()
        let first = try #require(try await district.database.read { try HotspotStore.list(in: $0) }.first)
        let (status, html) = try await district.get("/desk/hotspots")
        #expect(status == 200 && html.contains("/desk/hotspots/\(first.id)") && html.contains("p = 0.010"))
        #expect(!html.contains("重新计算"))
        #expect(try await district.get("/desk/hotspots", role: .digitalOffice).1.contains("重新计算"))
        #expect(try await district.get("/desk/hotspots", role: nil).0 != 200)
        let (shown, page) = try await district.get("/desk/hotspots/\(first.id)", language: .english)
        #expect(shown == 200 && page.contains("/desk/appeals/20") && page.contains("Log likelihood ratio"))
        let (exported, sheet) = try await district.get("/desk/hotspots/export?format=csv&sure=yes")
        #expect(exported == 200 && sheet.contains("0.010"))
        #expect(try await district.get("/desk/hotspots?q=nowhere").1.contains("没有符合条件的内容"))
        #expect(try await district.get("/desk/hotspots/999").0 == 303)
    }

    @Test("Ranks are worked out again from the exported figures alone")
    func byHand() async throws {
        let district = try await ProblemDistrict(.sqlite)
        let (status, text) = try await district.get("/desk/problems/export?format=csv", language: .english)
        #expect(status == 200)
        let lines = text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == "\u{FEFF}" } }
        var totals: [Int] = []
        for line in lines.dropFirst() {
            // …, score, frequency, urgency, pain, reasons: the reasons may hold commas, the four before hold none.
            let figures = try #require(line.firstMatch(of: /,(\d+),(\d+),(\d+),(\d+),("?[^"]*\+\d+.*)$/)?.output)
            let (total, frequency) = (try #require(Int(figures.1)), try #require(Int(figures.2)))
            let (urgency, pain) = (try #require(Int(figures.3)), try #require(Int(figures.4)))
            #expect(total == (4 * frequency + 3 * urgency + 3 * pain + 5) / 10)
            let points = figures.5.matches(of: /\+(\d+)/).compactMap { Int($0.output.1) }
            #expect(points.reduce(0, +) == frequency + urgency + pain, "\(line)")
            totals.append(total)
        }
        #expect(totals.count == 2 && totals == totals.sorted(by: >))
    }
}

@Suite("The district's words of severity")
struct ProfileLexiconTests {
    @Test("Every sentence of the shipped profile is read as it says", arguments: ["putuo", "linhai-demo"])
    func sentences(profile: String) throws {
        let loaded = try ProfileLoader.load(folder: ProblemDistrict.root.appendingPathComponent("profiles/\(profile)"))
        let words = try #require(loaded.severity)
        #expect(words.examples.count > 60)
        for (example, found) in SeverityLexicon(words).misread(words) {
            Issue.record("\(example.sentence): \(example.kind) \(found), not \(example.level)")
        }
    }
}
