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

    /// A group another is like: how much, what its size is, and its smallest position.
    struct Partner: Equatable {
        let sum: Int
        let size: Int
        let name: Int

        /// Whether a group rather joins this one than the other: the likest by mean, of equals the pair with the
        /// smaller positions.
        @inline(__always)
        func isBefore(_ other: Partner, for group: Int) -> Bool {
            let (mine, theirs) = (sum * other.size, other.sum * size)
            return mine > theirs
                || (mine == theirs
                    && (min(group, name), max(group, name)) < (min(group, other.name), max(group, other.name)))
        }
    }

    /// Two groups that joined, each called by its smallest position.
    struct Merge {
        let kept: Int
        let gone: Int
        /// Nil where staff decided it.
        let sum: Int?
    }

    /// A group that is liker to somebody outside than to its partner, or has none.
    struct Pull {
        let name: Int
        let size: Int
        let partner: Partner?
        /// How like it is to those outside, and whether it would rather join them.
        let outer: [(position: Int, sum: Int, isPreferred: Bool)]
    }

    /// Groups that pull nobody, by `mark`; and marks of what the groups here consist of, where there are any.
    private let standing: Set<UInt64>
    private var marks: [UInt64]
    /// Positions that take no part, but might have to; empty where there are none.
    private let isOuter: [Bool]
    private(set) var merges: [Merge] = []
    private(set) var pulls: [Pull] = []
    private var links: [Row]
    /// Members of a group hang together: who follows a position, and of a group the last.
    private var (next, last): ([Int32], [Int32])
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
        var rows = [Row](repeating: Row(), count: sizes.count)
        for edge in edges {
            rows[Int(edge.first)].add(edge.permille, to: Int(edge.second))
            rows[Int(edge.second)].add(edge.permille, to: Int(edge.first))
        }
        return Linkage(sizes: sizes, threshold: permille, together: together, apart: apart) { $1 = rows[$0] }.groups
    }

    /// Those that joined and those left alone, ascending.
    var groups: [[Int]] {
        isAlive.indices.filter { isAlive[$0] && !isOutside($0) }.map { members(of: $0).sorted() }
    }

    private func members(of group: Int) -> [Int] {
        var (members, at) = ([group], group)
        while at != last[group] {
            at = Int(next[at])
            members.append(at)
        }
        return members
    }

    /// - Parameters:
    ///   - isOuter: of positions that take no part; likenesses to them are only looked at (`pulls`).
    ///   - standing: groups that pull nobody, each by its `mark`.
    ///   - marks: of each position, where some stand; a group's is the sum of them.
    ///   - row: adds the likenesses of a position that takes part, each of the two of a pair its own.
    init(
        sizes: [Int], threshold permille: Int, together: [(Int, Int)] = [], apart: [(Int, Int)] = [],
        isOuter: [Bool] = [], standing: Set<UInt64> = [], marks: [UInt64] = [], row: (Int, inout Row) -> Void
    ) {
        (self.sizes, threshold) = (sizes, permille)
        (self.isOuter, self.standing, self.marks) = (isOuter, standing, marks)
        let count = sizes.count
        links = Array(repeating: Row(), count: count)
        (next, last) = (Array(repeating: -1, count: count), Array(0..<Int32(count)))
        isAlive = Array(repeating: true, count: count)
        self.apart = Array(repeating: [], count: count)
        for position in links.indices where !isOutside(position) {
            row(position, &links[position])
            links[position].sort()
        }
        for (first, second) in apart {
            self.apart[first].insert(second)
            self.apart[second].insert(first)
        }
        force(together)
        run()
        if isOuter.isEmpty { return }
        for group in isAlive.indices where isAlive[group] && !isOuter[group] { look(from: group, partner: nil) }
    }

    /// What a group, and whom it joins next, consist of, and how like they are, in one number.
    static func mark(_ group: UInt64, partner: UInt64, sum: Int) -> UInt64 {
        Grams.mix(group ^ Grams.mix(partner &+ UInt64(bitPattern: Int64(sum))))
    }

    @inline(__always)
    private func isOutside(_ position: Int) -> Bool { !isOuter.isEmpty && isOuter[position] }

    private mutating func force(_ pairs: [(Int, Int)]) {
        var home = Array(isAlive.indices)
        for (first, second) in pairs.sorted(by: { $0 < $1 }) {
            let (a, b) = (min(home[first], home[second]), max(home[first], home[second]))
            guard a != b, !apart[a].contains(b) else { continue }
            for member in members(of: b) { home[member] = a }
            merges.append(Merge(kept: a, gone: b, sum: nil))
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
                let (kept, gone) = (min(last, next), max(last, next))
                meet(kept, gone)
                join(kept, gone)
                open.append(kept)
            }
        }
    }

    /// Whom a group would join; nil when nobody is like enough.
    private func nearest(_ group: Int) -> Int? {
        var best: Partner?
        for cell in links[group].cells {
            let other = Int(cell.other)
            let size = sizes[other]
            guard cell.sum >= threshold * sizes[group] * size else { continue }
            let one = Partner(sum: cell.sum, size: size, name: other)
            guard best.map({ one.isBefore($0, for: group) }) ?? true, !isOutside(other),
                apart[group].isEmpty || !apart[group].contains(other)
            else { continue }
            best = one
        }
        return best?.name
    }

    /// Notes that two are to join, and who outside would come between them.
    private mutating func meet(_ kept: Int, _ gone: Int) {
        let sum = links[kept].sum(of: gone)
        merges.append(Merge(kept: kept, gone: gone, sum: sum))
        if isOuter.isEmpty { return }
        look(from: kept, partner: Partner(sum: sum, size: sizes[gone], name: gone))
        look(from: gone, partner: Partner(sum: sum, size: sizes[kept], name: kept))
    }

    private mutating func look(from group: Int, partner: Partner?) {
        if !marks.isEmpty {
            let other = partner.map { marks[$0.name] } ?? 0
            if standing.contains(Self.mark(marks[group], partner: other, sum: partner?.sum ?? 0)) { return }
        }
        let outer = links[group].cells.compactMap { cell -> (position: Int, sum: Int, isPreferred: Bool)? in
            let one = Partner(sum: cell.sum, size: sizes[Int(cell.other)], name: Int(cell.other))
            guard isOuter[one.name], !apart[group].contains(one.name) else { return nil }
            let isEnough = one.sum >= threshold * sizes[group] * one.size
            return (one.name, one.sum, isEnough && partner.map { one.isBefore($0, for: group) } ?? true)
        }
        guard outer.contains(where: \.isPreferred) else { return }
        pulls.append(Pull(name: group, size: sizes[group], partner: partner, outer: outer))
    }

    /// The group keeps the smaller position.
    private mutating func join(_ kept: Int, _ gone: Int) {
        isAlive[gone] = false
        (next[Int(last[kept])], last[kept]) = (Int32(gone), last[gone])
        sizes[kept] += sizes[gone]
        if !marks.isEmpty { marks[kept] &+= marks[gone] }
        var left = Row()
        swap(&left, &links[gone])
        for cell in left.cells where cell.other != kept && !isOutside(Int(cell.other)) {
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
struct Row {
    /// In twelve bytes: in a component of very many, rows make up most of the memory.
    fileprivate struct Cell {
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
    fileprivate var cells: [Cell] = []

    /// To one that is not there yet.
    mutating func add(_ sum: Int, to other: Int) { cells.append(Cell(other: Int32(other), sum: sum)) }

    fileprivate mutating func sort() {
        // Mostly they came in order.
        let isInOrder = zip(cells, cells.dropFirst()).allSatisfy { $0.other < $1.other }
        if !isInOrder { cells.sort { $0.other < $1.other } }
    }

    private func place(of other: Int) -> Int {
        var (low, high) = (0, cells.count)
        while low < high {
            let middle = (low + high) / 2
            if cells[middle].other < other { low = middle + 1 } else { high = middle }
        }
        return low
    }

    fileprivate func sum(of other: Int) -> Int {
        let at = place(of: other)
        return at < cells.count && cells[at].other == other ? cells[at].sum : 0
    }

    /// What was likeness to one is likeness to another now.
    fileprivate mutating func add(_ sum: Int, of gone: Int, to kept: Int) {
        cells.remove(at: place(of: gone))
        let at = place(of: kept)
        if at < cells.count, cells[at].other == kept {
            cells[at].sum += sum
        } else {
            cells.insert(Cell(other: Int32(kept), sum: sum), at: at)
        }
    }

    /// Adds another's likenesses, leaving out those to the two themselves.
    fileprivate mutating func merge(_ row: Row, without first: Int, _ second: Int) {
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
