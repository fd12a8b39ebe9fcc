/// Average linkage over the known likenesses of one component (UPGMA, Sokal and Michener 1958): two groups join while
/// the mean likeness between their members stays at or above a threshold. Unknown likenesses count as zero.
///
/// Whole numbers throughout and ties broken by position, so that the order of arrival cannot show.
struct Linkage {
    /// Likenesses between two positions, in thousandths, summed where a position stands for several messages.
    struct Edge {
        let first: Int32
        let second: Int32
        let permille: Int

        init(first: Int, second: Int, permille: Int) {
            (self.first, self.second, self.permille) = (Int32(first), Int32(second), permille)
        }
    }

    private var links: [Row]
    private var members: [[Int]]
    private var sizes: [Int]
    private var isAlive: [Bool]
    private var apart: [Set<Int>]
    private let threshold: Int

    /// - Parameters:
    ///   - sizes: how many messages each position stands for.
    ///   - edges: each pair once; gone through twice.
    ///   - together: what staff decided, as `apart`; both win over likeness.
    static func groups(
        sizes: [Int], edges: some Sequence<Edge>, threshold permille: Int, together: [(Int, Int)] = [],
        apart: [(Int, Int)] = []
    ) -> [[Int]] {
        var linkage = Linkage(sizes: sizes, threshold: permille)
        linkage.take(edges)
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
        links = Array(repeating: Row(), count: count)
        members = (0..<count).map { [$0] }
        isAlive = Array(repeating: true, count: count)
        apart = Array(repeating: [], count: count)
        self.threshold = threshold
    }

    private mutating func take(_ edges: some Sequence<Edge>) {
        var counts = [Int](repeating: 0, count: links.count)
        for edge in edges {
            counts[Int(edge.first)] += 1
            counts[Int(edge.second)] += 1
        }
        // Room for what comes and no more.
        for (row, count) in counts.enumerated() where count > 0 { links[row].cells.reserveCapacity(count) }
        for edge in edges {
            links[Int(edge.first)].cells.append(Row.Cell(other: edge.second, sum: edge.permille))
            links[Int(edge.second)].cells.append(Row.Cell(other: edge.first, sum: edge.permille))
        }
        for row in links.indices where counts[row] > 1 { links[row].sort() }
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

    /// Along chains of nearest neighbours (Murtagh 1983): two that are nearest to each other join, whoever else might
    /// first, for a mean of two likenesses is never above both. So the groups are those of joining the likest first.
    private mutating func run() {
        var chain: [Int] = []
        var open = Array(links.indices.reversed())
        while let start = open.popLast() {
            if isAlive[start] { chain.append(start) }
            while let last = chain.last {
                guard let next = nearest(last) else {
                    chain.removeLast()
                    continue
                }
                guard chain.count > 1, chain[chain.count - 2] == next else {
                    chain.append(next)
                    continue
                }
                chain.removeLast(2)
                join(min(last, next), max(last, next))
                open.append(min(last, next))
            }
        }
    }

    /// Whom a group would join: the likest by mean, of equals the pair with the smaller positions; nil when nobody is
    /// like enough.
    private func nearest(_ group: Int) -> Int? {
        var (best, bestSum, bestSize) = (-1, 0, 1)
        for cell in links[group].cells {
            let other = Int(cell.other)
            let size = sizes[other]
            guard cell.sum >= threshold * sizes[group] * size else { continue }
            let (mine, held) = (cell.sum * bestSize, bestSum * size)
            let isBetter =
                best < 0 || mine > held
                || (mine == held && (min(group, other), max(group, other)) < (min(group, best), max(group, best)))
            guard isBetter, apart[group].isEmpty || !apart[group].contains(other) else { continue }
            (best, bestSum, bestSize) = (other, cell.sum, size)
        }
        return best < 0 ? nil : best
    }

    /// The group keeps the smaller position.
    private mutating func join(_ kept: Int, _ gone: Int) {
        isAlive[gone] = false
        members[kept] += members[gone]
        members[gone] = []
        sizes[kept] += sizes[gone]
        var left = Row()
        swap(&left, &links[gone])
        for cell in left.cells where cell.other != kept {
            links[Int(cell.other)].add(cell.sum, of: gone, to: kept)
        }
        links[kept].merge(left, without: kept, gone)
        for other in apart[gone] {
            apart[other].remove(gone)
            apart[other].insert(kept)
            apart[kept].insert(other)
        }
        apart[gone] = []
    }
}

/// The likenesses of one position to others, ascending by these.
private struct Row {
    /// In twelve bytes: in a component of very many, rows make up most of the memory.
    struct Cell {
        let other: Int32
        private var low: UInt32
        private var high: Int32

        init(other: Int32, sum: Int) {
            self.other = other
            (low, high) = (UInt32(truncatingIfNeeded: sum), Int32(truncatingIfNeeded: sum >> 32))
        }

        var sum: Int {
            get { Int(high) << 32 | Int(low) }
            set { (low, high) = (UInt32(truncatingIfNeeded: newValue), Int32(truncatingIfNeeded: newValue >> 32)) }
        }
    }
    var cells: [Cell] = []

    mutating func sort() { cells.sort { $0.other < $1.other } }

    private func place(of other: Int) -> Int {
        var (low, high) = (0, cells.count)
        while low < high {
            let middle = (low + high) / 2
            if cells[middle].other < other { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What was likeness to one is likeness to another now.
    mutating func add(_ sum: Int, of gone: Int, to kept: Int) {
        cells.remove(at: place(of: gone))
        let at = place(of: kept)
        if at < cells.count, cells[at].other == kept {
            cells[at].sum += sum
        } else {
            cells.insert(Cell(other: Int32(kept), sum: sum), at: at)
        }
    }

    /// Adds another's likenesses, leaving out those to the two themselves.
    mutating func merge(_ row: Row, without first: Int, _ second: Int) {
        var merged: [Cell] = []
        merged.reserveCapacity(cells.count + row.cells.count)
        var (i, j) = (0, 0)
        while i < cells.count || j < row.cells.count {
            var cell: Cell
            if j == row.cells.count || (i < cells.count && cells[i].other <= row.cells[j].other) {
                cell = cells[i]
                if j < row.cells.count, row.cells[j].other == cell.other {
                    cell.sum += row.cells[j].sum
                    j += 1
                }
                i += 1
            } else {
                cell = row.cells[j]
                j += 1
            }
            if cell.other != first, cell.other != second { merged.append(cell) }
        }
        cells = merged
    }
}
