import Core
import Foundation
import Organisation
import Testing

@testable import Platform

@Suite("The demo district")
struct DemoTests {
    static func profile(_ slug: String) throws -> Profile {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try ProfileLoader.load(folder: root.appendingPathComponent("profiles/\(slug)"))
    }

    static let now = Instant(millisecondsSince1970: 1_790_000_000_000)

    static func district(_ slug: String = "putuo", seed: UInt64 = DemoDistrict.seedUsual) throws -> DemoDistrict {
        DemoDistrict(seed: seed, profile: try profile(slug), now: now, texts: try DemoTexts.load())
    }

    @Test("The same seed and hour give the same appeals, another seed gives others")
    func deterministic() throws {
        let first = try Self.district()
        #expect(try Self.district().appeals == first.appeals)
        #expect(try Self.district(seed: 7).appeals != first.appeals)
    }

    @Test("Appeals are as many as asked, in order of time, within eighteen months before now")
    func span() throws {
        let appeals = try Self.district().appeals
        #expect((3_000...3_001).contains(appeals.count))
        #expect(appeals.map(\.number) == Array(1...appeals.count))
        #expect(zip(appeals, appeals.dropFirst()).allSatisfy { $0.at <= $1.at })
        #expect(appeals.allSatisfy { $0.at < Self.now })
        let oldest = try #require(appeals.first)
        #expect(Self.now.milliseconds(since: oldest.at) <= 550 * Instant.millisecondsPerDay)
    }

    @Test("No slot is left unfilled, in any text", arguments: ["putuo", "linhai-demo"])
    func slots(slug: String) throws {
        for appeal in try Self.district(slug).appeals {
            for text in [appeal.subject, appeal.body, appeal.fate.reply, appeal.place.address] {
                #expect(!text.contains("{") && !text.contains("}"), "\(text)")
            }
            #expect(!appeal.body.isEmpty && !appeal.subject.isEmpty)
        }
    }

    @Test("Every appeal lies inside the outline of its township, and its department is in the profile")
    func places() throws {
        let profile = try Self.profile("putuo")
        let departments = Set(profile.units.map(\.shortName.zh))
        for appeal in try Self.district().appeals {
            let township = try #require(profile.township(appeal.place.townshipCode))
            #expect(
                appeal.place.point == township.centre
                    || township.outlines.contains { $0.contains(appeal.place.point) })
            #expect(departments.contains(appeal.unit), "\(appeal.unit)")
        }
    }

    @Test("Forty problems are planted, each pattern as it should be")
    func plants() throws {
        let district = try Self.district()
        #expect(district.plants.count == 40)
        #expect(Set(district.plants.map(\.pattern)) == Set(DemoPlant.Pattern.allCases))
        for plant in district.plants {
            let members = district.appeals.filter { $0.plant == plant.name }
            #expect(members.count == plant.messages, "\(plant.name)")
            if plant.pattern == .single {
                let counts = Dictionary(grouping: members, by: \.author).mapValues(\.count)
                #expect(counts.values.max() ?? 0 >= 50)
            }
            if plant.pattern == .growing {
                let middle = Self.now.adding(days: -110)
                let late = members.filter { $0.at > middle }.count
                #expect(late * 10 >= members.count * 4, "\(plant.name): \(late) of \(members.count)")
            }
        }
    }

    @Test("Every fate occurs, and what is answered has a reply and a time after it came in")
    func fates() throws {
        let appeals = try Self.district().appeals
        #expect(Set(appeals.map(\.fate.end)) == Set(DemoFate.End.allCases))
        for appeal in appeals {
            #expect((appeal.fate.answeredAt == nil) == appeal.fate.reply.isEmpty)
            if let answered = appeal.fate.answeredAt { #expect(answered >= appeal.at && answered <= Self.now) }
        }
    }
}
