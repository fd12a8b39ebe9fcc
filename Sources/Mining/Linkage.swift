/// Average linkage over the known likenesses of one component (UPGMA, Sokal and Michener 1958): two groups join while
/// the mean likeness between their members stays at or above a threshold. Unknown likenesses count as zero.
///
/// Whole numbers throughout and ties broken by position, so that the order of arrival cannot show.
struct Linkage {
    /// Likenesses between two positions, in thousandths, summed where a position stands for several messages.
    struct Edge {
        let first: Int
        let second: Int
        let permille: Int
    }

    private struct Entry {
        let sum: Int
        let pairs: Int
        let first: Int
        let second: Int

        func isBetter(than other: Entry) -> Bool {
            let (mine, theirs) = (sum * other.pairs, other.sum * pairs)
            if mine != theirs { return mine > theirs }
            return (first, second) < (other.first, other.second)
        }
    }

    private var links: [[Int: Int]]
    private var members: [[Int]]
    private var sizes: [Int]
    private var isAlive: [Bool]
    private var apart: [Set<Int>]
    private var heap: [Entry] = []
    private let threshold: Int

    /// - Parameters:
    ///   - sizes: how many messages each position stands for.
    ///   - together: what staff decided, as `apart`; both win over likeness.
    static func groups(
        sizes: [Int], edges: [Edge], threshold permille: Int, together: [(Int, Int)] = [], apart: [(Int, Int)] = []
    ) -> [[Int]] {
        var linkage = Linkage(sizes: sizes, threshold: permille)
        for edge in edges {
            linkage.links[edge.first][edge.second] = edge.permille
            linkage.links[edge.second][edge.first] = edge.permille
        }
        for (first, second) in apart {
            linkage.apart[first].insert(second)
            linkage.apart[second].insert(first)
        }
        linkage.force(together)
        linkage.run()
        return linkage.members.indices.filter { linkage.isAlive[$0] }.map { linkage.members[$0].sorted() }
    }

    private init(sizes: [Int], threshold: Int) {
        let count = sizes.count
        self.sizes = sizes
        links = Array(repeating: [:], count: count)
        members = (0..<count).map { [$0] }
        isAlive = Array(repeating: true, count: count)
        apart = Array(repeating: [], count: count)
        self.threshold = threshold
    }

    private mutating func force(_ pairs: [(Int, Int)]) {
        var home = Array(members.indices)
        for (first, second) in pairs.sorted(by: { $0 < $1 }) {
            let (a, b) = (min(home[first], home[second]), max(home[first], home[second]))
            guard a != b, !apart[a].contains(b) else { continue }
            for member in members[b] { home[member] = a }
            join(a, b)
        }
    }

    private mutating func run() {
        for first in links.indices where isAlive[first] {
            for (second, sum) in links[first] where second > first { offer(first, second, sum) }
        }
        while let best = pop() {
            guard isAlive[best.first], isAlive[best.second], links[best.first][best.second] == best.sum,
                sizes[best.first] * sizes[best.second] == best.pairs,
                !apart[best.first].contains(best.second)
            else { continue }
            join(best.first, best.second)
            for (other, sum) in links[best.first] { offer(min(best.first, other), max(best.first, other), sum) }
        }
    }

    /// The group keeps the smaller position.
    private mutating func join(_ kept: Int, _ gone: Int) {
        isAlive[gone] = false
        members[kept] += members[gone]
        members[gone] = []
        sizes[kept] += sizes[gone]
        for (other, sum) in links[gone] where other != kept {
            links[kept][other, default: 0] += sum
            links[other][kept, default: 0] += sum
            links[other][gone] = nil
        }
        links[kept][gone] = nil
        links[gone] = [:]
        for other in apart[gone] {
            apart[other].remove(gone)
            apart[other].insert(kept)
            apart[kept].insert(other)
        }
        apart[gone] = []
    }

    private mutating func offer(_ first: Int, _ second: Int, _ sum: Int) {
        let pairs = sizes[first] * sizes[second]
        guard sum >= threshold * pairs else { return }
        push(Entry(sum: sum, pairs: pairs, first: first, second: second))
    }

    private mutating func push(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBetter(than: heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func pop() -> Entry? {
        guard let top = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return top }
        heap[0] = last
        var parent = 0
        while true {
            var best = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].isBetter(than: heap[best]) { best = child }
            }
            if best == parent { return top }
            heap.swapAt(parent, best)
            parent = best
        }
    }
}
