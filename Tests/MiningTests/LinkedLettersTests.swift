import Testing

@testable import Mining

/// Letters whose likeness is given, not found: every case that grouping may meet, many of which no text is at hand for.
@Suite("Groups of letters follow their links")
struct LinkedLettersTests {
    /// What a miner is told, kept beside it for another that hears all at once.
    private struct Told {
        var miner = ProblemMiner(gazetteer: .empty)
        var links: [[Int64]: Int16] = [:]
        var present: Set<Int64> = []
        var decisions: [(ids: [Int64], others: [Int64]?)] = []

        /// Two characters that no other letter has.
        private static func letter(_ id: Int64) -> MiningMessage {
            let pair = (0..<2 as Range<UInt32>).compactMap { Unicode.Scalar(0x4E00 + UInt32(id) * 2 + $0) }
            return MiningMessage(
                id: id, author: nil, subject: String(String.UnicodeScalarView(pair)), text: "", at: nil)
        }

        private static func tell(_ miner: inout ProblemMiner, _ a: Int64, _ b: Int64, _ permille: Int16) {
            guard let first = miner.slots[a], let second = miner.slots[b] else { return }
            miner.links[Int(second)].set(first, permille)
            if miner.links[Int(first)].set(second, permille) { miner.noteLink(of: first) }
        }

        mutating func add(_ id: Int64, _ likeness: [Int64: Int16]) {
            present.insert(id)
            miner.insert([Self.letter(id)])
            for other in likeness.keys.sorted() { link(id, other, likeness[other]) }
        }

        /// - Parameter permille: nil where the two are linked no more.
        mutating func link(_ a: Int64, _ b: Int64, _ permille: Int16?) {
            guard a != b, present.contains(a), present.contains(b) else { return }
            drop(a, b)
            guard let permille else { return }
            links[[min(a, b), max(a, b)]] = permille
            Self.tell(&miner, a, b, permille)
        }

        private mutating func drop(_ a: Int64, _ b: Int64) {
            guard links.removeValue(forKey: [min(a, b), max(a, b)]) != nil, let first = miner.slots[a],
                let second = miner.slots[b]
            else { return }
            miner.links[Int(second)].remove(first)
            if let old = miner.links[Int(first)].remove(second) { miner.noteLoss(first, second, old) }
        }

        mutating func remove(_ id: Int64) {
            present.remove(id)
            links = links.filter { !$0.key.contains(id) }
            miner.remove([id])
        }

        mutating func decide(_ ids: [Int64], apart others: [Int64]?) {
            decisions.append((ids, others))
            Self.decide(&miner, ids, others)
        }

        private static func decide(_ miner: inout ProblemMiner, _ ids: [Int64], _ others: [Int64]?) {
            guard let others else { return miner.constrain(together: ids) }
            if others.isEmpty { miner.release(ids) } else { miner.constrain(apart: ids, from: others) }
        }

        /// Those with the smallest hashes.
        func first(_ most: Int, of ids: [Int64]) -> [Int64] {
            let slots = ids.compactMap { miner.slots[$0] }.sorted { miner.index.isBefore($0, $1) }
            return slots.prefix(most).map { miner.ids[Int($0)] }
        }

        /// What a miner finds that is told all at once.
        func fromScratch() -> [MinedProblem] {
            var miner = ProblemMiner(gazetteer: .empty)
            miner.insert(present.sorted().map(Self.letter))
            for (ids, others) in decisions { Self.decide(&miner, ids, others) }
            for (pair, permille) in links { Self.tell(&miner, pair[0], pair[1], permille) }
            return miner.problems()
        }
    }

    private static let likenesses: [Int16] = [100, 120, 200, 300, 440, 450, 450, 600, 900, 999]

    @Test(
        "After every change the problems are those of a run from scratch", arguments: 0..<12 as Range<UInt64>)
    func changes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var told = Told()
        for round in 0..<50 {
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                Self.change(&told, isDecided: seed % 3 == 2, &random)
            }
            #expect(told.miner.problems() == told.fromScratch(), "seed \(seed), round \(round)")
        }
    }

    private static func change(_ told: inout Told, isDecided: Bool, _ random: inout SeededRandom) {
        let id = Int64.random(in: 0..<70, using: &random)
        guard told.present.contains(id), let other = told.present.sorted().randomElement(using: &random) else {
            let near = told.present.sorted().filter { _ in Int.random(in: 0..<9, using: &random) == 0 }
            let pairs = near.map { ($0, likenesses.randomElement(using: &random) ?? 100) }
            return told.add(id, Dictionary(uniqueKeysWithValues: pairs))
        }
        switch Int.random(in: 0..<(isDecided ? 10 : 7), using: &random) {
        case 0, 1: told.remove(id)
        case 2, 3: told.link(id, other, likenesses.randomElement(using: &random))
        case 4: told.link(id, other, nil)
        case 5, 6:
            let near = told.present.sorted().filter { $0 != id && Int.random(in: 0..<9, using: &random) == 0 }
            for one in near { told.link(id, one, Bool.random(using: &random) ? nil : 450) }
        case 7: told.decide([id, other, Int64.random(in: 0..<70, using: &random)], apart: nil)
        case 8: if id != other { told.decide([id], apart: [other]) }
        default: told.decide([id], apart: [])
        }
    }

    /// A hundred and more that are all much alike, and letters that are like none but those that are anchors.
    @Test("Large groups take letters in and lose them as from scratch", arguments: 0..<2 as Range<UInt64>)
    func large(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var told = Told()
        func add(_ id: Int64) {
            let own = told.present.sorted().filter { $0 / 1_000 == id / 1_000 && $0 % 1_000 < 110 }
            let isCore = id % 1_000 < 110
            let near = isCore ? own.filter { _ in Int.random(in: 0..<3, using: &random) == 0 } : told.first(30, of: own)
            var likeness = Dictionary(
                uniqueKeysWithValues: near.map {
                    ($0, Int16.random(in: isCore ? 600...900 : 100...300, using: &random))
                })
            if let one = near.first { likeness[one] = 500 }
            for other in told.present.sorted() where Int.random(in: 0..<60, using: &random) == 0 {
                likeness[other] = Self.likenesses.randomElement(using: &random)
            }
            told.add(id, likeness)
        }
        let all = (0..<2).flatMap { group in (0..<120 as Range<Int64>).map { Int64(group) * 1_000 + $0 } }
        for id in all { add(id) }
        var isEverAdded = false
        for round in 0..<12 {
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                guard let id = all.randomElement(using: &random) else { continue }
                if told.present.contains(id) { told.remove(id) } else { add(id) }
            }
            if round == 6 { told.decide([all[115]], apart: [all[61], all[116]]) }
            #expect(told.miner.problems() == told.fromScratch(), "seed \(seed), round \(round)")
            isEverAdded = isEverAdded || !told.miner.absorbed.isEmpty
        }
        #expect(isEverAdded, "seed \(seed)")
    }
}
