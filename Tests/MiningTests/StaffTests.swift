import Core
import Testing

@testable import Mining

/// What staff decide is kept, explained and learnt from.
@Suite("Staff's decisions, and why two appeals are together")
struct StaffTests {
    private static func miner(seed: UInt64, count: Int = 60) -> ProblemMiner {
        var miner = ProblemMiner(gazetteer: .empty)
        miner.insert(ProblemMinerTests.messages(seed: seed, count: count))
        return miner
    }

    @Test("The shares of the kinds of evidence sum to the score exactly", arguments: [1, 2] as [UInt64])
    func shares(seed: UInt64) throws {
        var miner = Self.miner(seed: seed, count: 24)
        for adjustment in [PairAdjustment.none, try #require(PairAdjustment(weights: [900, -70_000, 5, 33_333, 1]))] {
            miner.adopt(adjustment)
            for first in 1...24 as ClosedRange<Int64> {
                let evidence = try #require(miner.evidence(first * 7, (first % 24 + 1) * 7))
                #expect(evidence.shares.reduce(evidence.startingPoints) { $0 + $1.points } == evidence.points)
                #expect(
                    evidence.shares.map(\.kind)
                        == (adjustment == .none ? PairEvidence.Kind.learnt : PairEvidence.Kind.allCases))
                #expect((evidence.points > 0) == (evidence.reasons.permille > 500) || abs(evidence.points) < 3)
            }
        }
    }

    @Test("What each kind is worth is its Shapley value, as counted from its definition")
    func shapley() throws {
        let miner = Self.miner(seed: 3, count: 8)
        let tree = PairModel.standard.trees.first ?? []
        let model = PairModel(bias: 7, trees: [tree])
        let features = try #require(miner.features(7, 14))
        var known = PairFeatures(values: features.map(\.value))
        let shares = PairShares(model, known)
        #expect(shares.mean + shares.shares.reduce(0, +) == model.score(known))
        // A kind no split of the tree asks for is worth nothing, and its features change nothing.
        let asked = Set(tree.filter { !$0.isLeaf }.compactMap { PairFeatures.Name(rawValue: Int($0.feature))?.kind })
        for (kind, share) in zip(PairEvidence.Kind.learnt, shares.shares) where !asked.contains(kind) {
            #expect(share == 0)
            for name in PairFeatures.Name.allCases where name.kind == kind { known[name] += 100 }
            #expect(model.score(known) == shares.mean + shares.shares.reduce(0, +))
        }
    }

    @Test("Decisions outlive removal and return of a message, and a run from scratch in any order")
    func kept() throws {
        let messages = ProblemMinerTests.messages(seed: 8, count: 60)
        var miner = Self.miner(seed: 8)
        let problem = try #require(miner.problems().first { $0.members.count > 3 })
        let out = problem.members[1]
        let rest = problem.members.filter { $0 != out }
        let foreign = try #require(messages.map(\.id).first { !problem.members.contains($0) })
        func decide(_ miner: inout ProblemMiner) {
            miner.constrain(apart: [out], from: rest)
            miner.constrain(together: [rest[0], foreign])
        }
        decide(&miner)
        func isKept(_ miner: inout ProblemMiner) -> Bool {
            let homes = miner.problems().map(\.members)
            let isOut = !homes.contains { $0.contains(out) && !Set($0).isDisjoint(with: rest) }
            return isOut && homes.contains { $0.contains(rest[0]) && $0.contains(foreign) }
        }
        #expect(isKept(&miner))
        miner.remove([foreign, out])
        miner.insert(messages.filter { $0.id == foreign || $0.id == out })
        #expect(isKept(&miner))
        var scratch = ProblemMiner(gazetteer: .empty)
        decide(&scratch)
        scratch.insert(messages.reversed())
        #expect(isKept(&scratch))
        #expect(scratch.problems() == miner.problems())
        miner.release([out, foreign])
        #expect(
            miner.problems()
                == {
                    var plain = Self.miner(seed: 8); return plain.problems()
                }())
    }

    @Test("A lesson from merges joins more of that kind, one from splits fewer, and none goes beyond its bound")
    func learnt() throws {
        var miner = Self.miner(seed: 9, count: 80)
        #expect(miner.lesson() == nil)
        let problems = miner.problems().filter { $0.members.count > 2 }
        for problem in problems {
            miner.constrain(apart: [problem.members[0]], from: Array(problem.members.dropFirst()))
        }
        let lesson = try #require(miner.lesson())
        #expect(lesson.pairs >= StaffLesson.pairsMin && lesson.isBetter && lesson.adjustment != .none)
        #expect(lesson.adjustment.weights.allSatisfy { abs($0) <= PairAdjustment.weightMax })
        let pair = (problems[0].members[1], problems[0].members[2])
        let before = try #require(miner.evidence(pair.0, pair.1))
        miner.adopt(lesson.adjustment)
        let after = try #require(miner.evidence(pair.0, pair.1))
        #expect(after.points < before.points)
        // Adopted before or after the messages came: one result.
        var scratch = ProblemMiner(gazetteer: .empty)
        scratch.adopt(lesson.adjustment)
        for problem in problems {
            scratch.constrain(apart: [problem.members[0]], from: Array(problem.members.dropFirst()))
        }
        scratch.insert(ProblemMinerTests.messages(seed: 9, count: 80))
        #expect(scratch.problems() == miner.problems())
        #expect(scratch.lesson() == lesson)
    }

    @Test("Decisions that the model foresaw teach next to nothing")
    func foreseen() throws {
        var miner = Self.miner(seed: 10, count: 80)
        for problem in miner.problems() { miner.constrain(together: problem.members) }
        let lesson = try #require(miner.lesson())
        #expect(lesson.adjustment.weights.allSatisfy { abs($0) < PairModel.unit / 2 })
        #expect(PairAdjustment(weights: [1, 2, 3]) == nil)
        #expect(PairAdjustment(weights: [0, 0, 0, 0, PairAdjustment.weightMax + 1]) == nil)
    }
}
