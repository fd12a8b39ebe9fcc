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
    /// The group a node was in, if any that is not to be made anew.
    func group(of node: Int32) -> LinkedGroup?
    /// The group a node was in that is to be made anew, members that are gone among it.
    func stood(with node: Int32) -> LinkedGroup?
    /// Whether a node is new or gone, or lost likeness inside its group, or got some.
    func isChanged(_ node: Int32) -> Bool
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
    /// A group that stands as it did, and is to join whom it did, pulls nobody, for it pulled nobody before: outside
    /// nothing became liker to it.
    ///
    /// - Parameter changed: nodes that are new, or whose group lost a node or a likeness inside, and of every other
    ///   pair that is liker than before at least one.
    func regrouped(_ changed: [Int32]) -> [LinkedGroup] {
        var (inside, standing) = (Set<Int32>(), StandingGroups())
        for node in changed { if let group = stood(with: node) { standing.add(group, self) } }
        var (new, places) = (changed, [Int32: OuterPlace]())
        while true {
            add(new, to: &inside, &standing)
            let nodes = LinkedNodes(inside, self)
            let linkage = link(nodes, standing)
            new = pulled(by: linkage, nodes, &places)
            if new.isEmpty { return groups(linkage, nodes) }
        }
    }

    /// With all they were grouped with, and all staff put together with these.
    private func add(_ new: [Int32], to inside: inout Set<Int32>, _ standing: inout StandingGroups) {
        var open = new
        while let node = open.popLast() {
            guard inside.insert(node).inserted else { continue }
            if let group = group(of: node) {
                standing.add(group, self)
                open += group.members.filter { !inside.contains($0) }
            }
            open += partners(of: node)
        }
    }

    private func groups(_ linkage: Linkage, _ nodes: LinkedNodes) -> [LinkedGroup] {
        let groups = linkage.groups
        var places = [(group: Int, leaf: Int)](repeating: (0, 0), count: nodes.all.count)
        for (group, members) in groups.enumerated() {
            for (leaf, place) in members.enumerated() { places[place] = (group, leaf) }
        }
        var merges = groups.map { _ in [Linkage.Merge]() }
        for merge in linkage.merges {
            let (kept, gone) = (places[merge.kept], places[merge.gone])
            merges[kept.group].append(Linkage.Merge(kept: kept.leaf, gone: gone.leaf, sum: merge.sum))
        }
        return zip(groups, merges).map { places, merges in
            let members = places.map { nodes.all[$0] }
            return LinkedGroup(
                members: members, tree: merges.isEmpty ? nil : MergeTree(sizes: members.map(size), merges: merges))
        }
    }

    private func link(_ nodes: LinkedNodes, _ standing: StandingGroups) -> Linkage {
        var (together, apart) = decided(nodes.all)
        together.removeAll { nodes.isOutside($0.0) || nodes.isOutside($0.1) }
        return Linkage(
            sizes: nodes.all.map(size), threshold: threshold, together: together, apart: apart,
            isOuter: nodes.isOuter, standing: standing.marks,
            marks: standing.marks.isEmpty ? [] : nodes.all.map { StandingGroups.mark(of: id($0)) }
        ) { first, row in
            for link in neighbours(of: nodes.all[first]) {
                if let second = nodes.places[link.other] { row.add(link.sum, to: second) }
            }
        }
    }

    /// Of every group outside that a group inside pulls, one node.
    private func pulled(
        by linkage: Linkage, _ nodes: LinkedNodes, _ places: inout [Int32: OuterPlace]
    ) -> [Int32] {
        var found: Set<Int32> = []
        var known = [OuterPlace?](repeating: nil, count: nodes.all.count)
        func name(_ node: Int32) -> Int { Int(id(node)) }
        for pull in linkage.pulls {
            let group = MergeTree.Group(
                name: name(nodes.all[pull.name]), size: pull.size,
                partner: pull.partner.map {
                    Linkage.Partner(sum: $0.sum, size: $0.size, name: name(nodes.all[$0.name]))
                })
            // The few groups of which a node is preferred: what is not so in any of its parts is not so as a whole.
            var preferred: [Int32: [(leaf: Int, sum: Int)]] = [:]
            for one in pull.outer where one.isPreferred {
                let node = place(one.position, nodes, &known, &places).group
                if !found.contains(node) { preferred[node] = [] }
            }
            if preferred.isEmpty { continue }
            for one in pull.outer {
                let place = place(one.position, nodes, &known, &places)
                preferred[place.group]?.append((place.leaf, one.sum))
            }
            for (node, sums) in preferred {
                let other = self.group(of: node)
                // Who is alone would join whoever would have it.
                let isPulled = other?.tree?.isPulled(by: group, sums, threshold: threshold) {
                    name(other?.members[$0] ?? node)
                }
                if isPulled ?? true { found.insert(node) }
            }
        }
        return found.sorted()
    }

    /// - Parameters:
    ///   - known: those asked for already, by position among the nodes.
    ///   - places: the same, of earlier turns as well.
    private func place(
        _ position: Int, _ nodes: LinkedNodes, _ known: inout [OuterPlace?], _ places: inout [Int32: OuterPlace]
    ) -> OuterPlace {
        if let place = known[position] { return place }
        let place = place(nodes.all[position], &places)
        known[position] = place
        return place
    }

    private func place(_ node: Int32, _ places: inout [Int32: OuterPlace]) -> OuterPlace {
        if let known = places[node] { return known }
        let members = group(of: node)?.members ?? [node]
        var (low, high) = (0, members.count)
        while low < high {
            let middle = (low + high) / 2
            if id(members[middle]) < id(node) { low = middle + 1 } else { high = middle }
        }
        let place = OuterPlace(group: members[0], leaf: low)
        places[node] = place
        return place
    }
}

/// In which group outside a node is, called by its first, and where in it.
private struct OuterPlace {
    let group: Int32
    let leaf: Int
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

    init(_ inside: Set<Int32>, _ graph: some LinkageGraph) {
        var nodes = inside.map { (id: graph.id($0), node: $0) }
        nodes.sort { $0.id < $1.id }
        let own = SlotPlaces(nodes.map(\.node), of: graph.slots)
        var outer: Set<Int32> = []
        for (_, node) in nodes {
            for link in graph.neighbours(of: node) where own[link.other] == nil { outer.insert(link.other) }
        }
        if outer.isEmpty {
            (all, places) = (nodes.map(\.node), own)
            return
        }
        nodes += outer.map { (id: graph.id($0), node: $0) }
        nodes.sort { $0.id < $1.id }
        all = nodes.map(\.node)
        places = SlotPlaces(all, of: graph.slots)
        isOuter = all.map(outer.contains)
    }
}

/// Nodes that linkage grouped, ascending by identifier, and how; nil of a node alone.
struct LinkedGroup: Sendable {
    let members: [Int32]
    let tree: MergeTree?
}

/// Groups that formed before, without a changed node, each with whom it joined next without one.
private struct StandingGroups {
    /// Of each by `Linkage.mark`.
    private(set) var marks: Set<UInt64> = []
    /// Whole groups that were taken in, by their first.
    private var known: Set<Int32> = []

    static func mark(of id: Int64) -> UInt64 { Grams.mix(UInt64(bitPattern: id)) }

    mutating func add(_ group: LinkedGroup, _ graph: some LinkageGraph) {
        guard let tree = group.tree, known.insert(group.members[0]).inserted else { return }
        let leaves = group.members.map { Self.mark(of: graph.id($0)) }
        marks.formUnion(tree.marks(leaves) { graph.isChanged(group.members[$0]) })
    }
}

/// The groups that formed on the way to one group, from single nodes, the leaves, on.
struct MergeTree: Sendable {
    /// A group of another tree: called by its smallest identifier.
    struct Group {
        let name: Int
        let size: Int
        /// Whom it joins next.
        let partner: Linkage.Partner?
    }

    /// Few bytes, for there are two nearly for each message in a group.
    private struct Node {
        let size: Int32
        /// The first of its leaves.
        let first: Int32
        /// Whom it joins next, and what becomes of them; -1 of the whole group.
        var partner: Int32 = -1
        var parent: Int32 = -1
        /// How like it is to whom it joins; nobody's where staff decided that.
        var sum = Self.decided
        static let decided = -1
    }

    private var nodes: [Node]

    /// - Parameter merges: of positions among the leaves.
    init(sizes: [Int], merges: [Linkage.Merge]) {
        nodes = []
        nodes.reserveCapacity(sizes.count + merges.count)
        for (leaf, size) in sizes.enumerated() { nodes.append(Node(size: Int32(size), first: Int32(leaf))) }
        var tops = Array(sizes.indices)
        for merge in merges {
            let (kept, gone) = (tops[merge.kept], tops[merge.gone])
            for (one, other) in [(kept, gone), (gone, kept)] {
                (nodes[one].partner, nodes[one].parent) = (Int32(other), Int32(nodes.count))
                nodes[one].sum = merge.sum ?? Node.decided
            }
            tops[merge.kept] = nodes.count
            nodes.append(Node(size: nodes[kept].size + nodes[gone].size, first: nodes[kept].first))
        }
    }

    /// Of each group without a changed leaf, which joins one without, or nobody, the mark.
    /// - Parameter leaves: marks of these.
    func marks(_ leaves: [UInt64], isChanged: (Int) -> Bool) -> [UInt64] {
        var sums = [UInt64?](repeating: 0, count: nodes.count)
        for at in nodes.indices {
            if at < leaves.count { sums[at] = isChanged(at) ? nil : leaves[at] }
            guard nodes[at].parent >= 0 else { continue }
            let parent = Int(nodes[at].parent)
            sums[parent] = sums[parent].flatMap { sum in sums[at].map { sum &+ $0 } }
        }
        return nodes.indices.compactMap { at in
            guard let own = sums[at] else { return nil }
            let partner = Int(nodes[at].partner)
            if partner < 0 { return Linkage.mark(own, partner: 0, sum: 0) }
            guard nodes[at].sum != Node.decided, let other = sums[partner] else { return nil }
            return Linkage.mark(own, partner: other, sum: nodes[at].sum)
        }
    }

    /// Whether a mean likeness is no less than that to whom a part joins next.
    private func mayBePulled(_ at: Int, by size: Int, _ most: (sum: Int, size: Int)) -> Bool {
        let pair = Int(nodes[at].size) * Int(nodes[Int(nodes[at].partner)].size)
        return nodes[at].sum != Node.decided && most.sum * pair >= nodes[at].sum * most.size * size
    }

    /// Whether another group and one of these are liker to each other than to whom each joins next.
    /// - Parameters:
    ///   - sums: how like leaves are to the other.
    ///   - name: the identifier of a leaf.
    func isPulled(
        by other: Group, _ sums: [(leaf: Int, sum: Int)], threshold: Int, name: (Int) -> Int
    ) -> Bool {
        let total = sums.reduce(0) { $0 + $1.sum }
        // No part is liker to the other, by mean, than the likest of its leaves.
        let most = sums.reduce((sum: 0, size: 1)) { most, one in
            let size = Int(nodes[one.leaf].size)
            return one.sum * most.size > most.sum * size ? (one.sum, size) : most
        }
        let whole = nodes.count - 1
        if isPulled(whole, by: other, total, threshold: threshold, name: name) { return true }
        var steps: [(at: Int, sum: Int)] = []
        for (leaf, sum) in sums {
            var at = leaf
            // Those above are larger still.
            while at != whole, total >= threshold * other.size * Int(nodes[at].size) {
                if mayBePulled(at, by: other.size, most) { steps.append((at, sum)) }
                at = Int(nodes[at].parent)
            }
        }
        steps.sort { $0.at < $1.at }
        var reached: [(at: Int, sum: Int)] = []
        for step in steps {
            if reached.last?.at == step.at { reached[reached.count - 1].sum += step.sum } else { reached.append(step) }
        }
        return reached.contains { isPulled($0.at, by: other, $0.sum, threshold: threshold, name: name) }
    }

    private func isPulled(_ at: Int, by other: Group, _ sum: Int, threshold: Int, name: (Int) -> Int) -> Bool {
        let (size, own) = (Int(nodes[at].size), name(Int(nodes[at].first)))
        guard sum >= threshold * other.size * size else { return false }
        let theirs = Linkage.Partner(sum: sum, size: size, name: own)
        guard other.partner.map({ theirs.isBefore($0, for: other.name) }) ?? true else { return false }
        guard nodes[at].partner >= 0 else { return true }
        let next = nodes[Int(nodes[at].partner)]
        let mine = Linkage.Partner(sum: sum, size: other.size, name: other.name)
        let held = Linkage.Partner(sum: nodes[at].sum, size: Int(next.size), name: name(Int(next.first)))
        return held.sum != Node.decided && mine.isBefore(held, for: own)
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
