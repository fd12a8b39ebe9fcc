import Core
import Testing

@testable import Mining

/// What makes the search for like letters fast must not show in what it finds.
@Suite("Searching for like letters")
struct SearchTests {
    /// Leaves only, each adding one unit of log-odds less than nothing or more.
    private static func model(_ values: [Int32], floors: [Int]) -> PairModel {
        PairModel(
            bias: 0,
            trees: values.map {
                [PairModel.Node(feature: PairModel.leaf, left: 0, right: 0, threshold: 0, value: $0, cover: 1)]
            }, floors: floors)
    }

    /// The score of a link; nil of what is none.
    private static func linkScore(_ model: PairModel, _ features: [Float], shift: Int) -> Int? {
        var (rows, found) = (PairRows(), Int?.none)
        rows.judge(1, by: model) { _, comparison in
            for (at, value) in features.enumerated() { comparison.values[at] = value }
            return shift
        } rest: { _, _ in
        } link: {
            found = $1
        }
        return found
    }

    @Test("A pair that its first trees speak against is no link, whatever the others say; distance counts at once")
    func floors() {
        let values = [Int32](repeating: -10_000, count: 16) + [Int32](repeating: 10_000, count: 16)
        let features = [Float](repeating: 0, count: PairFeatures.Name.allCases.count)
        func link(_ floors: [Int], _ shift: Int = 0) -> Int? {
            Self.linkScore(Self.model(values, floors: floors), features, shift: shift)
        }
        #expect(link([]) == 0)
        #expect(link([-160_000]) == 0)
        #expect(link([-159_999]) == nil)
        #expect(link([-160_000], -1) == nil)
        #expect(link([-160_000], 5) == 5)
        #expect(link([], PairModel.linkMin) == PairModel.linkMin)
        #expect(link([], PairModel.linkMin - 1) == nil)
    }

    @Test("The shipped floors lose next to no link, and change no score", arguments: [51, 52] as [UInt64])
    func shippedFloors(seed: UInt64) throws {
        var miner = ProblemMiner(gazetteer: .empty)
        miner.insert(ProblemMinerTests.messages(seed: seed, count: 120))
        var (links, lost, dropped) = (0, 0, 0)
        for (first, second) in miner.candidatePairs() {
            let (a, b) = (try #require(miner.digest(of: first)), try #require(miner.digest(of: second)))
            let features = PairFeatures(a, b)
            let whole = miner.model.score(features)
            let found = Self.linkScore(miner.model, features.values, shift: 0)
            #expect(found == nil || found == whole)
            links += whole >= PairModel.linkMin ? 1 : 0
            lost += whole >= PairModel.linkMin && found == nil ? 1 : 0
            dropped += found == nil ? 1 : 0
        }
        #expect(links > 200 && dropped > 0, "seed \(seed)")
        #expect(lost * 200 <= links, "seed \(seed)")
    }

    @Test("The best score that trees can still give never hides a link", arguments: 0..<3 as Range<UInt64>)
    func hopes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let model = PairModel(bias: PairModel.standard.bias, trees: PairModel.standard.trees)
        for _ in 0..<200 {
            let features = PairFeatures(
                values: PairFeatures.Name.allCases.map { _ in Float.random(in: -0.2...3, using: &random) })
            let score = model.score(features)
            for shift in [-344_000, -143_998, 0, 56_000] {
                let whole = score + shift
                #expect(
                    Self.linkScore(model, features.values, shift: shift) == (whole >= PairModel.linkMin ? whole : nil))
            }
        }
    }

    @Test("Pairs judged together are judged as each alone")
    func together() {
        var random = SeededRandom(seed: 5)
        let model = PairModel.standard
        for count in [1, 2, PairRows.countMax] {
            let all = (0..<count).map { _ in
                PairFeatures.Name.allCases.map { _ in Float.random(in: -0.2...3, using: &random) }
            }
            var (rows, found) = (PairRows(), [Int: Int]())
            rows.judge(count, by: model) { pair, comparison in
                for (at, value) in all[pair].enumerated() { comparison.values[at] = value }
                return 100_000 * (pair % 3)
            } rest: { _, _ in
            } link: {
                found[$0] = $1
            }
            for pair in 0..<count {
                #expect(found[pair] == Self.linkScore(model, all[pair], shift: 100_000 * (pair % 3)))
            }
        }
    }

    @Test("Shared pairs of characters are the same by table and side by side", arguments: [61, 62] as [UInt64])
    func gramTable(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        func grams(_ count: Int) -> [UInt32] {
            // Few different hashes, many of them alike in the bits a table goes by.
            let hashes = Set((0..<count).map { _ in UInt32.random(in: 0..<40, using: &random) << 11 | 5 })
            return hashes.sorted().map { $0 << 8 | UInt32.random(in: 0..<256, using: &random) }
        }
        var table = GramTable()
        for _ in 0..<60 {
            let (a, b) = (grams(Int.random(in: 0...60, using: &random)), grams(30))
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    let plain = SharedGrams(a, b, nil)
                    table.set(a)
                    #expect(Self.figures(SharedGrams(a, b, table)) == Self.figures(plain))
                    table.set(b)
                    #expect(Self.figures(SharedGrams(a, b, table)) == Self.figures(plain))
                }
            }
        }
    }

    private static func figures(_ shared: SharedGrams) -> [Int32] {
        [
            shared.count, shared.dot, shared.issueDot, shared.subjects, shared.issues, shared.subjectPlaces,
            shared.places,
            shared.firstFound, shared.firstIssueFound, shared.firstPlaceFound, shared.secondFound,
            shared.secondIssueFound, shared.secondPlaceFound, shared.top.0, shared.top.1, shared.top.2, shared.top.3,
            shared.top.4,
        ]
    }

    @Test("Of two messages the one with the larger hash finds the other", arguments: [71, 72] as [UInt64])
    func oneSided(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var index = CandidateIndex()
        let entries = (0..<150 as Range<Int32>).map { slot in
            let numbers = Set((0..<6).map { _ in UInt64.random(in: 0..<9, using: &random) })
            let keys = numbers.sorted().map { CandidateKey($0, level: UInt32($0) + 3) }
            return CandidateIndex.Entry(slot: slot, id: Int64(slot) * 3, keys: keys)
        }
        // In portions of one, of few, and of many.
        for range in [0..<1, 1..<9, 9..<150] { _ = index.insert(Array(entries[range])) }
        var scratch = CandidateIndex.Scratch()
        var (one, both) = (Set<[Int32]>(), Set<[Int32]>())
        for slot in entries.map(\.slot) {
            for other in index.candidates(of: slot, isBoth: false, &scratch) {
                #expect(index.isBefore(other, slot))
                #expect(one.insert([other, slot]).inserted)
            }
            for other in index.candidates(of: slot, &scratch) {
                both.insert(index.isBefore(other, slot) ? [other, slot] : [slot, other])
            }
        }
        #expect(one == both && !one.isEmpty, "seed \(seed)")
        #expect(one.count < 150 * 149 / 2)
    }

    @Test("Messages wait for their search once each, near ones side by side")
    func pending() {
        var pending = PendingSearches()
        for slot in [5, 3, 9, 3, 7] as [Int32] { pending.add(slot) }
        pending.drop(9)
        pending.drop(7)
        pending.drop(100)
        pending.add(7)
        #expect(pending.count == 3 && pending.contains(7) && !pending.contains(9))
        #expect(pending.next(2) { $0 == 3 ? 2 : 1 } == [5, 7])
        #expect(pending.advance(by: 2) == (2, 3) && pending.contains(5), "all wait until the last are done")
        #expect(pending.next(2) { _ in 0 } == [3])
        pending.add(11)
        #expect(pending.next(9) { _ in 0 } == [3, 5, 7, 11], "a new one begins it anew")
        #expect(pending.advance(by: 4) == (4, 4))
        #expect(pending.count == 0 && !pending.contains(5) && pending.next(1) { _ in 0 } == nil)
    }

    @Test(
        "Searched in portions, with letters coming and going between them, the result is that of one search",
        arguments: [91, 92] as [UInt64])
    func portions(seed: UInt64) {
        let messages = ProblemMinerTests.messages(seed: seed, count: 120)
        var miner = ProblemMiner(gazetteer: .empty)
        miner.insert(Array(messages[..<80]))
        for _ in 0..<3 { #expect(miner.searchOn(9)?.total == 80) }
        miner.insert(Array(messages[80...]))
        miner.remove([messages[3].id, messages[90].id])
        var steps: [Int] = []
        while let step = miner.searchOn(50) { steps.append(step.done) }
        #expect(steps == [50, 100, 118])
        var scratch = ProblemMiner(gazetteer: .empty)
        scratch.insert(messages.filter { ![messages[3].id, messages[90].id].contains($0.id) })
        #expect(miner.problems() == scratch.problems(), "seed \(seed)")
    }

    @Test("Replaced and removed before anyone asks, messages group as from scratch", arguments: [81, 82] as [UInt64])
    func unasked(seed: UInt64) {
        let messages = ProblemMinerTests.messages(seed: seed, count: 120)
        var random = SeededRandom(seed: seed)
        var miner = ProblemMiner(gazetteer: .empty)
        miner.insert(Array(messages[..<60]))
        _ = miner.problems()
        for _ in 0..<12 {
            let some = messages.shuffled(using: &random).prefix(15)
            if Bool.random(using: &random) { miner.insert(Array(some)) } else { miner.remove(some.map(\.id)) }
        }
        miner.insert(messages)
        let gone = messages.shuffled(using: &random).prefix(20).map(\.id)
        miner.remove(gone)
        var scratch = ProblemMiner(gazetteer: .empty)
        scratch.insert(messages.filter { !gone.contains($0.id) })
        #expect(miner.problems() == scratch.problems(), "seed \(seed)")
    }

    @Test(
        "Chains of nearest neighbours end in the groups of joining the likest first",
        arguments: 0..<20 as Range<UInt64>)
    func chains(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let count = Int.random(in: 2...16, using: &random)
        let sizes = (0..<count).map { _ in Int.random(in: 1...3, using: &random) }
        var edges: [Linkage.Edge] = []
        var apart: [(Int, Int)] = []
        for first in 0..<count {
            for second in first + 1..<count {
                // Few different likenesses, so that many are equal.
                let permille = [0, 0, 100, 200, 400, 800].randomElement(using: &random) ?? 0
                if permille > 0 { edges.append(.init(first: first, second: second, permille: permille)) }
                if Int.random(in: 0..<25, using: &random) == 0 { apart.append((first, second)) }
            }
        }
        let found = Linkage.groups(sizes: sizes, edges: edges.shuffled(using: &random), threshold: 60, apart: apart)
        #expect(found == Self.likestFirst(sizes, edges, threshold: 60, apart), "seed \(seed)")
    }

    /// By plain loops: of all pairs of groups the likest joins, of equals the one with the smaller positions.
    private static func likestFirst(
        _ sizes: [Int], _ edges: [Linkage.Edge], threshold: Int, _ apart: [(Int, Int)]
    ) -> [[Int]] {
        var groups = sizes.indices.map { [$0] }
        while true {
            var best: (sum: Int, pairs: Int, first: Int, second: Int)?
            for (first, a) in groups.enumerated() {
                for (second, b) in groups.enumerated() where second > first {
                    func crosses(_ one: Int, _ other: Int) -> Bool {
                        a.contains(one) && b.contains(other) || a.contains(other) && b.contains(one)
                    }
                    let sum = edges.reduce(0) { $0 + (crosses(Int($1.first), Int($1.second)) ? $1.permille : 0) }
                    let pairs = a.reduce(0) { $0 + sizes[$1] } * b.reduce(0) { $0 + sizes[$1] }
                    guard sum > 0, sum >= threshold * pairs, !apart.contains(where: { crosses($0.0, $0.1) }),
                        best.map({ sum * $0.pairs > $0.sum * pairs }) ?? true
                    else { continue }
                    best = (sum, pairs, first, second)
                }
            }
            guard let best else { return groups }
            groups[best.first] = (groups[best.first] + groups[best.second]).sorted()
            groups.remove(at: best.second)
        }
    }

    @Test("A digest keeps a subject as received, and of a very long one no half character")
    func subjects() throws {
        let digester = ProblemMiner(gazetteer: .empty).digester
        func subject(_ text: String) -> String {
            MessageDigest(MiningMessage(id: 1, author: nil, subject: text, text: "", at: nil), digester).subject
        }
        for text in ["", "a", "曹杨五村 ", "梅川路150弄👍🏽", "é\u{0}"] { #expect(subject(text) == text) }
        for head in ["", "a", "ab"] {
            let long = head + String(repeating: "曹", count: 2_000)
            let kept = subject(long)
            #expect(long.hasPrefix(kept) && (4_093...4_096).contains(kept.utf8.count))
        }
    }
}
