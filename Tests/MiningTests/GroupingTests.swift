import Core
import Testing

@testable import Mining

/// What holds of grouping whatever people write, and whatever comes later.
@Suite("Grouping holds together")
struct GroupingTests {
    /// Anything a form might let through: Chinese, digits, gaps, entities, tags, halves of them, rare characters.
    private static func text(_ random: inout SeededRandom, pieces: Int) -> String {
        let stock = [
            "曹杨五村", "梅川路150弄", "电梯坏了", "&nbsp;", "&#20013;", "&#x", "<br/>", "<p", "，", "。", "\n", "\u{0}", "\u{FEFF}",
            "𠮷", "Ａ３区", "a", "7", "号", "小区", "小区小区", "市", "路", "é", "한글", "👍🏽", "的", String(repeating: "长", count: 40),
        ]
        return (0..<Int.random(in: 0...pieces, using: &random))
            .map { _ in
                if Int.random(in: 0..<4, using: &random) > 0 { return stock.randomElement(using: &random) ?? "" }
                return String(Unicode.Scalar(UInt32.random(in: 0x4E00...0x4E40, using: &random)) ?? "一")
            }
            .joined()
    }

    private static func message(_ id: Int64, _ random: inout SeededRandom) -> MiningMessage {
        MiningMessage(
            id: id, author: Bool.random(using: &random) ? text(&random, pieces: 2) : nil,
            subject: text(&random, pieces: 12), text: text(&random, pieces: 60),
            at: Bool.random(using: &random)
                ? Instant(millisecondsSince1970: Int64.random(in: -9_000_000_000...9_000_000_000, using: &random))
                : nil,
            likes: Int.random(in: -3...3, using: &random))
    }

    @Test(
        "Whatever is written is digested, and pairs of it are likened alike from both sides",
        arguments: 0..<6 as Range<UInt64>)
    func fuzzed(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let messages = (1...24 as ClosedRange<Int64>).map { Self.message($0, &random) }
        let gazetteer = Gazetteer([.init(name: "曹杨五村", townshipCode: "310107005"), .init(name: "路", townshipCode: nil)])
        var (miner, reversed) = (ProblemMiner(gazetteer: gazetteer), ProblemMiner(gazetteer: gazetteer))
        miner.insert(messages)
        for message in messages.reversed() { reversed.insert([message]) }
        #expect(miner.problems() == reversed.problems(), "seed \(seed)")
        for first in messages {
            let digest = try #require(miner.digest(of: first.id))
            #expect(
                digest.subjectCodes == Array(NormalText(first.subject).codes.prefix(MessageDigest.subjectCharactersMax))
            )
            #expect(digest.places.count <= MessageDigest.placesMax)
            #expect(digest.places.allSatisfy { !$0.name.isEmpty })
            for second in messages.prefix(4) where second.id != first.id {
                let evidence = try #require(miner.evidence(first.id, second.id))
                #expect(evidence == miner.evidence(second.id, first.id))
                #expect(evidence.reasons == miner.reasons(second.id, first.id))
                #expect(evidence.reasons.permille == miner.likeness(first.id, second.id))
                #expect(evidence.shares.reduce(evidence.startingPoints) { $0 + $1.points } == evidence.points)
                let features = try #require(miner.features(first.id, second.id))
                #expect(features.allSatisfy { $0.value.isFinite }, "seed \(seed)")
            }
        }
    }

    @Test("One in a hundred more letters changes next to none of the old assignments", arguments: [21, 22] as [UInt64])
    func stable(seed: UInt64) {
        let messages = ProblemMinerTests.messages(seed: seed, count: 202)
        var miner = ProblemMiner(gazetteer: .empty)
        miner.insert(Array(messages.prefix(200)))
        let before = miner.problems().map(\.members)
        miner.insert(Array(messages.suffix(2)))
        let new = Set(messages.suffix(2).map(\.id))
        let after = Set(miner.problems().map { $0.members.filter { !new.contains($0) } })
        let moved = before.filter { !after.contains($0) }.joined().count
        #expect(moved <= 2, "seed \(seed)")
    }

    @Test("Fragments join down to a lower mean than letters, and never against staff")
    func rejoined() {
        func edge(_ first: Int, _ second: Int, _ sum: Int) -> Linkage.Edge {
            Linkage.Edge(first: first, second: second, permille: sum)
        }
        // Two fragments of two and three: six pairs, 480 in all make a mean of 80.
        #expect(Linkage.groups(sizes: [2, 3], edges: [edge(0, 1, 480)], threshold: 80) == [[0, 1]])
        #expect(Linkage.groups(sizes: [2, 3], edges: [edge(0, 1, 479)], threshold: 80) == [[0], [1]])
        #expect(
            Linkage.groups(sizes: [2, 3], edges: [edge(0, 1, 6_000)], threshold: 80, apart: [(0, 1)]) == [[0], [1]])
        // After 0 and 1 have joined, 2 is judged by its mean to both: (90 + 0) ÷ 2.
        let three = [edge(0, 1, 900), edge(1, 2, 90)]
        #expect(Linkage.groups(sizes: [1, 1, 1], edges: three, threshold: 46) == [[0, 1], [2]])
        #expect(Linkage.groups(sizes: [1, 1, 1], edges: three, threshold: 45) == [[0, 1, 2]])
    }

    @Test("Sets of a partition are found by any member and go at once", arguments: [31] as [UInt64])
    func partition(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var partition = Partition()
        var model: [[Int64]] = []
        for round in 0..<200 as Range<Int64> {
            if Bool.random(using: &random), let gone = model.randomElement(using: &random) {
                let member = gone.randomElement(using: &random) ?? 0
                #expect(partition.dissolve(with: member) == gone[0])
                model.removeAll { $0 == gone }
            } else {
                let members = (0..<Int64.random(in: 2...4, using: &random)).map { round * 10 + $0 }
                partition.keep(members)
                model.append(members)
            }
            #expect(partition.dissolve(with: -1) == nil)
            for members in model { for id in members { #expect(partition.members(with: id) == members) } }
            #expect(partition.sets.count == model.count)
        }
    }

    @Test("A key met by many joins each with the anchors, whoever came first", arguments: [41, 42] as [UInt64])
    func anchors(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let ids = (0..<90 as Range<Int64>).map { $0 }
        let keys = [CandidateKey(1, level: 9), CandidateKey(2, level: 8), CandidateKey(3, level: 15)]
        func found(_ order: [Int64], _ gone: [Int64]) -> Set<[Int64]> {
            var index = CandidateIndex()
            for (slot, id) in order.enumerated() {
                _ = index.insert([CandidateIndex.Entry(slot: Int32(slot), id: id, keys: keys)])
            }
            for id in gone { _ = index.remove(slot: Int32(order.firstIndex(of: id) ?? 0)) }
            var scratch = CandidateIndex.Scratch()
            var pairs: Set<[Int64]> = []
            for (slot, id) in order.enumerated() where !gone.contains(id) {
                for other in index.candidates(of: Int32(slot), &scratch) {
                    pairs.insert([min(id, order[Int(other)]), max(id, order[Int(other)])])
                    #expect(index.isSupported(Int32(slot), other) && index.isSupported(other, Int32(slot)))
                }
            }
            return pairs
        }
        let gone = Array(ids.shuffled(using: &random).prefix(20))
        let pairs = found(ids, gone)
        #expect(pairs == found(ids.shuffled(using: &random), gone))
        #expect(pairs == found(ids.filter { !gone.contains($0) }.shuffled(using: &random), []))
        #expect(pairs.count < 70 * CandidateIndex.anchorsMax)
    }
}
