import Testing

@testable import Mining

/// What changes is linked by itself; the groups are those of linking everything.
@Suite("Linkage goes on from where it stands")
struct RelinkingTests {
    /// Few different likenesses, so that many are equal.
    private static let likenesses = [100, 150, 200, 200, 400, 450, 800, 1_000]

    /// Nodes with what links them, and the groups they were last in.
    private struct Graph: LinkageGraph {
        let threshold = 120
        let slots = 64
        /// By slot; zero where there is none.
        var sizes = [Int](repeating: 0, count: 64)
        var ids: [Int64]
        var likeness: [[Int32: Int]] = Array(repeating: [:], count: 64)
        var groups: [Int32: LinkedGroup] = [:]
        /// By node, groups that lost a node; and nodes that are new or gone, or whose likenesses changed.
        var stood: [Int32: LinkedGroup] = [:]
        var touched: Set<Int32> = []
        var decisions = Constraints()

        func id(_ node: Int32) -> Int64 { ids[Int(node)] }
        func size(_ node: Int32) -> Int { sizes[Int(node)] }
        func neighbours(of node: Int32) -> [(other: Int32, sum: Int)] {
            likeness[Int(node)].sorted { $0.key < $1.key }.map { (other: $0.key, sum: $0.value) }
        }
        func group(of node: Int32) -> LinkedGroup? { groups[node] }
        func stood(with node: Int32) -> LinkedGroup? { stood[node] }
        func isChanged(_ node: Int32) -> Bool { touched.contains(node) }
        func members(with node: Int32) -> [Int32] { groups[node]?.members ?? [node] }
        func partners(of node: Int32) -> [Int32] {
            nodes.filter { decisions.partners(of: id(node)).contains(id($0)) }
        }
        func decided(_ nodes: [Int32]) -> (together: [(Int, Int)], apart: [(Int, Int)]) {
            decisions.within(Dictionary(uniqueKeysWithValues: nodes.enumerated().map { (id($1), $0) }))
        }

        var nodes: [Int32] { (0..<Int32(slots)).filter { sizes[Int($0)] > 0 } }

        mutating func set(_ a: Int32, _ b: Int32, _ sum: Int?) {
            (likeness[Int(a)][b], likeness[Int(b)][a]) = (sum, sum)
        }

        mutating func take(_ found: [LinkedGroup]) {
            for group in found { for node in group.members { groups[node] = group.tree == nil ? nil : group } }
            (stood, touched) = ([:], [])
        }

        /// The groups of all nodes at once.
        var fromScratch: Set<[Int32]> {
            let all = nodes.sorted { id($0) < id($1) }
            let edges = all.indices.flatMap { first in
                neighbours(of: all[first]).compactMap { one -> Linkage.Edge? in
                    guard let second = all.firstIndex(of: one.other), second > first else { return nil }
                    return Linkage.Edge(first: first, second: second, permille: one.sum)
                }
            }
            let (together, apart) = decided(all)
            let found = Linkage.groups(
                sizes: all.map(size), edges: edges, threshold: threshold, together: together, apart: apart)
            return Set(found.map { $0.map { all[$0] } })
        }

        mutating func add(_ node: Int32, most: Int, _ random: inout SeededRandom) {
            sizes[Int(node)] = Int.random(in: 1...most, using: &random)
            touched.insert(node)
            for other in nodes where other != node && Int.random(in: 0..<5, using: &random) == 0 {
                link(node, other, &random)
            }
        }

        mutating func link(_ a: Int32, _ b: Int32, _ random: inout SeededRandom) {
            let mean = RelinkingTests.likenesses.randomElement(using: &random) ?? 100
            set(a, b, mean * Int.random(in: 1...size(a) * size(b), using: &random))
        }

        /// Takes a node away; returns those whose group it was in.
        mutating func remove(_ node: Int32) -> [Int32] {
            let left = members(with: node).filter { $0 != node }
            sizes[Int(node)] = 0
            touched.formUnion([node] + likeness[Int(node)].keys)
            for other in likeness[Int(node)].keys { likeness[Int(other)][node] = nil }
            likeness[Int(node)] = [:]
            groups[node] = nil
            for one in left { (stood[one], groups[one]) = (groups[one], nil) }
            return left
        }
    }

    @Test(
        "Whatever comes, goes or changes, the groups are those of linking all anew", arguments: 0..<40 as Range<UInt64>)
    func regrouped(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var graph = Graph(ids: (0..<64).map { Int64($0) }.shuffled(using: &random))
        for round in 0..<120 {
            var changed: Set<Int32> = []
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                Self.change(&graph, &changed, most: seed % 2 == 0 ? 1 : 3, isDecided: seed % 4 == 3, &random)
            }
            let present = changed.filter { graph.sizes[Int($0)] > 0 }.sorted()
            graph.touched.formUnion(changed.subtracting(graph.stood.keys))
            graph.take(graph.regrouped(present))
            let groups = Set(graph.nodes.map { graph.members(with: $0) })
            #expect(groups == graph.fromScratch, "seed \(seed), round \(round)")
        }
    }

    private static func change(
        _ graph: inout Graph, _ changed: inout Set<Int32>, most: Int, isDecided: Bool, _ random: inout SeededRandom
    ) {
        let nodes = graph.nodes
        guard nodes.count > 20, let a = nodes.randomElement(using: &random),
            let b = nodes.filter({ $0 != a }).randomElement(using: &random)
        else {
            let free = (0..<Int32(graph.slots)).filter { graph.sizes[Int($0)] == 0 }.randomElement(using: &random) ?? 0
            graph.add(free, most: most, &random)
            changed.insert(free)
            return
        }
        switch Int.random(in: 0..<(isDecided ? 7 : 5), using: &random) {
        case 0: changed.formUnion(graph.remove(a))
        case 1:
            // One of the two is enough where they are liker than before, none where less and not in one group.
            let old = graph.likeness[Int(a)][b] ?? 0
            graph.link(a, b, &random)
            if graph.likeness[Int(a)][b] ?? 0 > old || graph.members(with: a).contains(b) { changed.insert(a) }
        case 2:
            graph.set(a, b, nil)
            if graph.members(with: a).contains(b) { changed.insert(a) }
        case 3, 4:
            if let free = (0..<Int32(graph.slots)).first(where: { graph.sizes[Int($0)] == 0 }) {
                graph.add(free, most: most, &random)
                changed.insert(free)
            }
        case 5:
            if Bool.random(using: &random) {
                graph.decisions.join([graph.id(a), graph.id(b)])
            } else {
                graph.decisions.split([graph.id(a)], [graph.id(b)])
            }
            changed.formUnion([a, b])
        default:
            let others = graph.decisions.release(graph.id(a))
            changed.insert(a)
            changed.formUnion(nodes.filter { others.contains(graph.id($0)) })
        }
    }

    @Test("A letter that nobody draws in leaves the others alone")
    func untouched() {
        var graph = Graph(ids: (0..<64).map { Int64($0) })
        for node in 0..<4 as Range<Int32> { graph.sizes[Int(node)] = 1 }
        graph.set(0, 1, 900)
        graph.set(2, 3, 900)
        graph.take(graph.regrouped([0, 1, 2, 3]))
        graph.sizes[4] = 1
        graph.set(4, 0, 200)
        graph.set(4, 2, 100)
        // A mean of 100 to the first pair, of 50 to the second.
        #expect(graph.regrouped([4]).map(\.members) == [[4]])
        graph.set(4, 1, 200)
        #expect(graph.regrouped([4]).map(\.members) == [[0, 1, 4]])
    }

    @Test("Components come together and apart as strong links do", arguments: 0..<20 as Range<UInt64>)
    func components(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var components = Components()
        var strong = [Set<Int32>](repeating: [], count: 40)
        var present: Set<Int32> = []
        for round in 0..<60 {
            var (changed, loose) = (Set<Int32>(), Set<Int32>())
            let before = (0..<40).map { components[$0] }
            var new: Set<Int32> = []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let (a, b) = (Int32.random(in: 0..<40, using: &random), Int32.random(in: 0..<40, using: &random))
                if !present.contains(a) {
                    present.insert(a)
                    new.insert(a)
                    changed.insert(a)
                } else if Int.random(in: 0..<6, using: &random) == 0 {
                    components.remove(a)
                    present.remove(a)
                    for other in strong[Int(a)] { strong[Int(other)].remove(a) }
                    loose.formUnion(strong[Int(a)])
                    strong[Int(a)] = []
                } else if strong[Int(a)].contains(b) {
                    strong[Int(a)].remove(b)
                    strong[Int(b)].remove(a)
                    loose.formUnion([a, b])
                } else if a != b, present.contains(b) {
                    strong[Int(a)].insert(b)
                    strong[Int(b)].insert(a)
                    changed.insert(a)
                }
            }
            let moved = components.update(
                changed.intersection(present).sorted(), loose: loose.intersection(present).sorted(), of: 40
            ) { $1 += strong[Int($0)].sorted() }
            for slot in present.subtracting(new) where components[slot] != before[Int(slot)] {
                #expect(moved[slot] == before[Int(slot)], "seed \(seed), round \(round)")
            }
            Self.expect(components, present, strong, "seed \(seed), round \(round)")
        }
    }

    private static func expect(
        _ components: Components, _ present: Set<Int32>, _ strong: [Set<Int32>], _ comment: Comment
    ) {
        for slot in present {
            var found: Set<Int32> = [slot]
            var open = [slot]
            while let next = open.popLast() {
                for other in strong[Int(next)] where found.insert(other).inserted { open.append(other) }
            }
            #expect(present.filter { components[$0] == components[slot] } == found, comment)
            #expect(components.isAlone(slot) == (found.count == 1), comment)
        }
    }
}
