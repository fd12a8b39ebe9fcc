import Core
import Mining
import TestKit
import Testing

@testable import Appeals

@Suite("A problem keeps its number over runs")
struct ProblemIdentityTests {
    private func id(_ value: Int64) -> ID<ProblemRecord> { ID(value) }

    @Test("A group that grew continues its problem")
    func growth() {
        let identity = ProblemIdentity(groups: [[1, 2, 3, 4]], membership: [1: id(7), 2: id(7)])
        #expect(identity.continued == [id(7)])
        #expect(identity.retired.isEmpty)
    }

    @Test("When two problems become one, the larger goes on and the smaller says where its appeals went")
    func merge() {
        let membership: [Int64: ID<ProblemRecord>] = [
            1: id(8), 2: id(8), 3: id(8), 4: id(7), 5: id(7),
        ]
        let identity = ProblemIdentity(groups: [[1, 2, 3, 4, 5]], membership: membership)
        #expect(identity.continued == [id(8)])
        #expect(identity.retired == [.init(problem: id(7), group: 0)])
    }

    @Test("When a problem falls apart, its larger part keeps the number")
    func split() {
        let membership = Dictionary(uniqueKeysWithValues: (1...5).map { (Int64($0), id(7)) })
        let identity = ProblemIdentity(groups: [[1, 2], [3, 4, 5]], membership: membership)
        #expect(identity.continued == [nil, id(7)])
    }

    @Test("A problem whose appeals are all gone ends, merged into none")
    func vanished() {
        let identity = ProblemIdentity(groups: [[5, 6]], membership: [1: id(7), 2: id(7)])
        #expect(identity.continued == [nil])
        #expect(identity.retired == [.init(problem: id(7), group: nil)])
    }

    @Test("Ties go to the older problem")
    func ties() {
        let membership: [Int64: ID<ProblemRecord>] = [1: id(9), 2: id(9), 3: id(7), 4: id(7)]
        #expect(ProblemIdentity(groups: [[1, 2, 3, 4]], membership: membership).continued == [id(7)])
    }

    @Test("The order of the groups changes nothing", arguments: 0..<50)
    func order(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var groups: [[Int64]] = []
        var membership: [Int64: ID<ProblemRecord>] = [:]
        for appeal in Int64(1)...40 {
            let group = Int.random(in: 0..<8, using: &random)
            while groups.count <= group { groups.append([]) }
            groups[group].append(appeal)
            if Bool.random(using: &random) { membership[appeal] = id(.random(in: 100..<106, using: &random)) }
        }
        groups.removeAll { $0.isEmpty }
        let shuffled = groups.shuffled(using: &random)
        let first = ProblemIdentity(groups: groups, membership: membership)
        let second = ProblemIdentity(groups: shuffled, membership: membership)
        let byGroup = Dictionary(uniqueKeysWithValues: zip(groups, first.continued))
        #expect(shuffled.map { byGroup[$0] ?? nil } == second.continued, "seed \(seed)")
        #expect(first.retired.map(\.problem) == second.retired.map(\.problem), "seed \(seed)")
        let continued = first.continued.compactMap { $0 }
        #expect(Set(continued).count == continued.count, "a problem is continued once")
    }
}
