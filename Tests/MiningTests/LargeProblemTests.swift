import Core
import Testing

@testable import Mining

/// A problem of which far more write than letters have anchors.
@Suite("Problems of very many letters")
struct LargeProblemTests {
    private static let sentences = [
        "夜里十一点以后还在施工，渣土车一辆接一辆", "打桩的声音吵得老人和孩子没法睡觉", "多次打电话给工地，没有人理睬",
        "塔吊的灯整夜照进卧室", "尘土飞扬，窗户都不敢开", "请有关部门夜里来现场看一看", "高三的孩子明天还要考试",
        "工地说有夜间施工许可，却拿不出来", "上个月刚停了两天，现在又开始了", "希望限定施工时间，还居民安静",
    ]
    private static let subjects = ["工地夜间施工扰民", "夜间施工噪音太大", "工地深夜打桩吵人", "夜里渣土车噪音扰民"]

    private static func letters(_ place: String, _ ids: Range<Int64>, seed: UInt64) -> [MiningMessage] {
        var random = SeededRandom(seed: seed)
        return ids.map { id in
            let told = sentences.shuffled(using: &random).prefix(4).joined(separator: "。")
            let subject = subjects.randomElement(using: &random) ?? ""
            return MiningMessage(
                id: id, author: "\(place)\(id)", subject: "\(place)旁边\(subject)", text: "我住在\(place)。\(told)。",
                at: Instant(millisecondsSince1970: 1_700_000_000_000 + id % 20 * Instant.millisecondsPerDay))
        }
    }

    private static func groups(_ miner: inout ProblemMiner) -> [[Int64]] {
        miner.problems().map(\.members).sorted { $0[0] < $1[0] }
    }

    @Test("A problem of 800 letters is one, in any order, and takes no letters of another estate")
    func oneProblem() throws {
        let first = Self.letters("翠湖苑", 0..<800, seed: 91)
        let second = Self.letters("锦绣华府", 5_000..<5_300, seed: 92)
        var miner = ProblemMiner(gazetteer: .empty)
        miner.insert(first + second)
        let groups = Self.groups(&miner)
        let largest = try #require(groups.max { $0.count < $1.count })
        #expect(largest.count >= 775)
        #expect(groups.allSatisfy { group in group.allSatisfy { $0 < 5_000 } || group.allSatisfy { $0 >= 5_000 } })
        #expect((groups.filter { $0[0] >= 5_000 }.map(\.count).max() ?? 0) >= 290)

        var random = SeededRandom(seed: 93)
        var other = ProblemMiner(gazetteer: .empty)
        for portion in [first.prefix(500) + second.prefix(200), first.dropFirst(500) + second.dropFirst(200)] {
            other.insert(portion.shuffled(using: &random))
            _ = other.problems()
        }
        #expect(Self.groups(&other) == groups)

        // Half of it goes, as if never written.
        miner.remove(Array(400..<800))
        var half = ProblemMiner(gazetteer: .empty)
        half.insert(Array(first.prefix(400)) + second)
        #expect(Self.groups(&miner) == Self.groups(&half))
    }
}
