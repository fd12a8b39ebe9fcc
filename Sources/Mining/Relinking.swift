/// What average linkage works on: nodes, called by slots, how like they are, and the groups they were in.
protocol LinkageGraph {
    associatedtype Neighbours: Sequence<(other: Int32, sum: Int)>
    /// Mean likeness, in thousandths, down to which groups join.
    var threshold: Int { get }
    /// How many slots there are.
    var slots: Int { get }
    /// Ties are broken by it.
    func id(_ node: Int32) -> Int64
    /// How many messages a node counts for.
    func size(_ node: Int32) -> Int
    func neighbours(of node: Int32) -> Neighbours
    /// The nodes a node was grouped with, itself among them.
    func group(of node: Int32) -> [Int32]
    /// Whom staff put together with a node.
    func partners(of node: Int32) -> [Int32]
    /// What staff decided about nodes, by their places.
    func decided(_ nodes: [Int32]) -> (together: [(Int, Int)], apart: [(Int, Int)])
}

extension LinkageGraph {
    /// Groups changed nodes anew, and as many others as that takes; members ascend by identifier.
    ///
    /// Some groups are linked by themselves, as if there were nothing else. That is right unless there is a *pull*: two
    /// groups, of all that form on the way, one inside and one outside, that are liker to each other than each to whom
    /// it joins next. Where there is none, no pair across is ever the likest of all, for a mean of two likenesses is
    /// never above both; so joining the likest first goes on inside and outside as if each were alone, and outside as
    /// it did before. Where there is one, the group outside comes in and all inside is linked again.
    ///
    /// - Parameter changed: nodes that are new, or whose group lost a node or a likeness inside, and of every other
    ///   pair that is liker than before at least one.
    func regrouped(_ changed: [Int32]) -> [[Int32]] {
        var inside: Set<Int32> = []
        var (new, outside) = (changed, OuterGroups())
        while true {
            add(new, to: &inside)
            let nodes = LinkedNodes(inside, self)
            let linkage = link(nodes)
            new = pulled(by: linkage, nodes, &outside)
            if new.isEmpty { return linkage.groups.map { $0.map { nodes.all[$0] } } }
        }
    }

    /// With all they were grouped with, and all staff put together with these.
    private func add(_ new: [Int32], to inside: inout Set<Int32>) {
        var open = new
        while let node = open.popLast() {
            guard inside.insert(node).inserted else { continue }
            open += group(of: node).filter { !inside.contains($0) }
            open += partners(of: node)
        }
    }

    private func link(_ nodes: LinkedNodes) -> Linkage {
        let edges = nodes.all.indices.lazy.filter { !nodes.isOutside($0) }.flatMap { first in
            neighbours(of: nodes.all[first]).lazy.compactMap { link -> Linkage.Edge? in
                guard let second = nodes.places[link.other], second > first || nodes.isOutside(second) else {
                    return nil
                }
                return Linkage.Edge(first: first, second: second, permille: link.sum)
            }
        }
        var (together, apart) = decided(nodes.all)
        together.removeAll { nodes.isOutside($0.0) || nodes.isOutside($0.1) }
        return Linkage(
            sizes: nodes.all.map(size), edges: edges, threshold: threshold, together: together, apart: apart,
            isOuter: nodes.isOuter)
    }

    /// Of every group outside that a group inside pulls, one node.
    private func pulled(by linkage: Linkage, _ nodes: LinkedNodes, _ outside: inout OuterGroups) -> [Int32] {
        var found: Set<Int32> = []
        for pull in linkage.pulls {
            func id(_ position: Int) -> Int { Int(self.id(nodes.all[position])) }
            let group = MergeTree.Group(
                name: id(pull.name), size: pull.size,
                partner: pull.partner.map { Linkage.Partner(sum: $0.sum, size: $0.size, name: id($0.name)) })
            var asked: Set<Int> = []
            for one in pull.outer where one.isPreferred {
                let node = nodes.all[one.position]
                let place = outside.place(of: node) { tree(of: node) }
                guard asked.insert(place.tree).inserted else { continue }
                let sums = pull.outer.compactMap { other -> (leaf: Int, sum: Int)? in
                    guard let at = outside.places[nodes.all[other.position]], at.tree == place.tree else { return nil }
                    return (at.leaf, other.sum)
                }
                if outside.trees[place.tree].isPulled(by: group, sums, threshold: threshold) { found.insert(node) }
            }
        }
        return found.sorted()
    }

    /// How a group outside came to be: as it does by itself.
    private func tree(of node: Int32) -> (nodes: [Int32], tree: MergeTree) {
        let nodes = LinkedNodes(alone: group(of: node), self)
        let merges = nodes.all.count > 1 ? link(nodes).merges : []
        return (nodes.all, MergeTree(names: nodes.all.map { Int(id($0)) }, sizes: nodes.all.map(size), merges: merges))
    }
}

/// Nodes that are linked, and those outside to whom they have some likeness.
private struct LinkedNodes {
    /// Ascending by identifier.
    let all: [Int32]
    let places: SlotPlaces
    /// Empty where none is.
    private(set) var isOuter: [Bool] = []

    @inline(__always)
    func isOutside(_ place: Int) -> Bool { !isOuter.isEmpty && isOuter[place] }

    init(alone nodes: [Int32], _ graph: some LinkageGraph) {
        all = Self.sorted(nodes, graph)
        places = SlotPlaces(all, of: graph.slots)
    }

    init(_ inside: Set<Int32>, _ graph: some LinkageGraph) {
        var outer: Set<Int32> = []
        for node in inside {
            for link in graph.neighbours(of: node) where !inside.contains(link.other) { outer.insert(link.other) }
        }
        self.init(alone: inside + Array(outer), graph)
        if !outer.isEmpty { isOuter = all.map(outer.contains) }
    }

    private static func sorted(_ nodes: [Int32], _ graph: some LinkageGraph) -> [Int32] {
        nodes.map { (id: graph.id($0), node: $0) }.sorted { $0.id < $1.id }.map(\.node)
    }
}

/// Groups outside that were looked at.
private struct OuterGroups {
    private(set) var trees: [MergeTree] = []
    private(set) var places: [Int32: (tree: Int, leaf: Int)] = [:]

    mutating func place(
        of node: Int32, make: () -> (nodes: [Int32], tree: MergeTree)
    ) -> (tree: Int, leaf: Int) {
        if let place = places[node] { return place }
        let made = make()
        for (leaf, node) in made.nodes.enumerated() { places[node] = (trees.count, leaf) }
        trees.append(made.tree)
        return places[node] ?? (trees.count - 1, 0)
    }
}

/// The groups that formed on the way to one group, from single nodes, the leaves, on.
struct MergeTree {
    /// A group of another tree: called by its smallest identifier.
    struct Group {
        let name: Int
        let size: Int
        /// Whom it joins next.
        let partner: Linkage.Partner?
    }

    private var groups: [Group]
    private var parents: [Int]
    /// Whether staff decided whom it joins.
    private var isDecided: [Bool]

    init(names: [Int], sizes: [Int], merges: [Linkage.Merge]) {
        groups = zip(names, sizes).map { Group(name: $0, size: $1, partner: nil) }
        parents = names.map { _ in -1 }
        isDecided = names.map { _ in false }
        var tops = Array(names.indices)
        for merge in merges {
            let pair = (tops[merge.kept], tops[merge.gone])
            for (one, other) in [pair, (pair.1, pair.0)] {
                let partner = groups[other]
                groups[one] = Group(
                    name: groups[one].name, size: groups[one].size,
                    partner: Linkage.Partner(sum: merge.sum ?? 0, size: partner.size, name: partner.name))
                isDecided[one] = merge.sum == nil
                parents[one] = groups.count
            }
            tops[merge.kept] = groups.count
            let (kept, gone) = (groups[pair.0], groups[pair.1])
            groups.append(Group(name: kept.name, size: kept.size + gone.size, partner: nil))
            parents.append(-1)
            isDecided.append(false)
        }
    }

    /// Whether another group and one of these are liker to each other than to whom each joins next.
    /// - Parameter sums: how like leaves are to the other.
    func isPulled(by other: Group, _ sums: [(leaf: Int, sum: Int)], threshold: Int) -> Bool {
        let total = sums.reduce(0) { $0 + $1.sum }
        var reached: [Int: Int] = [:]
        for (leaf, sum) in sums {
            var at = leaf
            // Those above are larger still.
            while at >= 0, total >= threshold * other.size * groups[at].size {
                reached[at, default: 0] += sum
                at = parents[at]
            }
        }
        return reached.contains { at, sum in
            let own = groups[at]
            guard sum >= threshold * other.size * own.size, !isDecided[at] else { return false }
            let theirs = Linkage.Partner(sum: sum, size: own.size, name: own.name)
            let mine = Linkage.Partner(sum: sum, size: other.size, name: other.name)
            return other.partner.map { theirs.isBefore($0, for: other.name) } ?? true
                && own.partner.map { mine.isBefore($0, for: own.name) } ?? true
        }
    }
}

/// Which of some nodes is in a slot: by a table over all slots where they are many, by a dictionary where few.
struct SlotPlaces {
    private var table: [Int32] = []
    private var few: [Int32: Int] = [:]
    /// A table costs as much as so many slots' part of a dictionary.
    private static let slotsPerEntry = 256

    init(_ members: [Int32], of slots: Int) {
        if members.count <= slots / Self.slotsPerEntry + 32 {
            few = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1, $0) })
        } else {
            table = [Int32](repeating: -1, count: slots)
            for (place, slot) in members.enumerated() { table[Int(slot)] = Int32(place) }
        }
    }

    @inline(__always)
    subscript(slot: Int32) -> Int? {
        if table.isEmpty { return few[slot] }
        return table[Int(slot)] < 0 ? nil : Int(table[Int(slot)])
    }
}
