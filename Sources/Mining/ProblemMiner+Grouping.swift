/// Grouping, in two steps. Messages that strong links connect are grouped by average linkage to *fragments*; then
/// fragments are joined by the same linkage, down to a lower mean and over all their links. A letter alone so needs a
/// strong link to join anything, and a problem told in two ways is still found to be one.
///
/// Both begin with what changed and take in what that pulls (`LinkageGraph.regrouped`); the rest is left as it is.
extension ProblemMiner {
    /// What a change has done so far.
    private struct Change {
        /// Fragments to be joined anew.
        var heads: Set<Int64> = []
        /// Problems that are gone, unless they are found again.
        var left: Set<Int64> = []
    }

    mutating func regroup() {
        search()
        dropUnsupported()
        guard !dirty.isEmpty || !loose.isEmpty else { return }
        connect()
        var change = Change()
        refragment(&change)
        change.heads.formUnion(dirty.compactMap { fragments.home(of: $0) })
        rejoin(&change)
        for home in change.left where mined[home] != nil {
            mined[home] = nil
            likenesses[home] = nil
            changed.remove(home)
            gone.insert(home)
        }
        (dirty, loose) = ([], [])
        written.removeAll()
    }

    // MARK: what changes

    /// A message got a link.
    mutating func noteLink(of slot: Int32) { dirty.insert(ids[Int(slot)]) }

    /// Two are linked no more. Where they are no problem, their groups are what they were: a mean that falls where
    /// nobody joined makes nobody join.
    mutating func noteLoss(_ slot: Int32, _ other: Int32, _ permille: Int16) {
        let (id, gone) = (ids[Int(slot)], ids[Int(other)])
        if permille >= Self.strongMin { loose.formUnion([id, gone]) }
        if let home = problem(of: id), home == problem(of: gone) { dirty.formUnion([id, gone]) }
    }

    /// The problem a message was last found in, by its first fragment.
    private func problem(of id: Int64) -> Int64? { fragments.home(of: id).map { joined.home(of: $0) ?? $0 } }

    func partners(of slot: Int32) -> [Int32] {
        constraints.isEmpty ? [] : constraints.partners(of: ids[Int(slot)]).compactMap { slots[$0] }
    }

    /// Finds what is connected now. Likenesses count within a component only, so that where components meet some count
    /// that did not, and where one parts some count no more.
    private mutating func connect() {
        var parts = Components()
        swap(&parts, &components)
        let new = dirty.compactMap { slots[$0] }.sorted()
        let strong = StrongLinks(links, areMany: new.count > links.count / 2)
        let lost = loose.compactMap { slots[$0] }.sorted()
        let before = parts.update(new, loose: lost, of: links.count) { slot, others in
            strong.append(of: slot, to: &others)
            others += partners(of: slot)
        }
        swap(&parts, &components)
        for (slot, label) in before {
            func isChanged(_ other: Int32) -> Bool {
                (label == before[other] ?? components[other]) != (components[slot] == components[other])
            }
            let home = fragments.home(of: ids[Int(slot)])
            let isBorne = links[Int(slot)].all.contains { link in
                guard isChanged(link.other) else { return false }
                return components[slot] == components[link.other]
                    || (home != nil && home == fragments.home(of: ids[Int(link.other)]))
            }
            if isBorne { dirty.insert(ids[Int(slot)]) }
            if constraints.isEmpty { continue }
            for other in constraints.opponents(of: ids[Int(slot)]) {
                if let at = slots[other], isChanged(at) { dirty.formUnion([ids[Int(slot)], other]) }
            }
        }
    }

    // MARK: fragments

    /// Makes the fragments of changed messages anew.
    private mutating func refragment(_ change: inout Change) {
        var seeds = dirty
        for id in dirty where fragments.home(of: id) != nil { seeds.formUnion(fragments.members(with: id)) }
        var (gone, changed) = ([Int64](), [Int32: [Int32]]())
        for seed in seeds.sorted() {
            if let slot = slots[seed] { changed[components[slot], default: []].append(slot) } else { gone.append(seed) }
        }
        // All of a fragment that lost a member, or likeness inside, are among the seeds.
        var stood: [Int64: LinkedGroup] = [:]
        if !linked.isEmpty { for seed in seeds { stood[seed] = linked.removeValue(forKey: seed) } }
        let groups = fragmented(changed.sorted { $0.key < $1.key }.map(\.value), stood)
        if !linked.isEmpty { for group in groups { for slot in group.members { linked[ids[Int(slot)]] = nil } } }
        for group in groups where group.tree != nil { linked[ids[Int(group.members[0])]] = group }
        let found = absorbing(groups.map(\.members)).compactMap { group in
            // Who is alone as before is not worth a list.
            group.count == 1 && fragments.home(of: ids[Int(group[0])]) == nil ? nil : group.map { ids[Int($0)] }
        }
        let new = found.filter { !dirty.isDisjoint(with: $0) || fragments.members(with: $0[0]) != $0 }
        // All leave before any is kept.
        for id in gone { forget(id, &change) }
        for members in new { for id in members { forget(id, &change) } }
        for members in new where members.count > 1 {
            fragments.keep(members)
            noteSample(of: members)
            change.heads.insert(members[0])
        }
    }

    private mutating func forget(_ id: Int64, _ change: inout Change) {
        guard fragments.home(of: id) != nil else { return }
        forgetSample(of: fragments.members(with: id))
        guard let head = fragments.dissolve(with: id) else { return }
        change.heads.formUnion(joined.members(with: head))
        part(head, &change)
    }

    private mutating func part(_ head: Int64, _ change: inout Change) {
        let first = joined.dissolve(with: head) ?? head
        linkedHeads[first] = nil
        change.left.insert(first)
    }

    /// Changed messages and those that these pull, by component, as linkage groups them; on all cores.
    private func fragmented(_ changed: [[Int32]], _ stood: [Int64: LinkedGroup]) -> [LinkedGroup] {
        let graph = MessageGraph(miner: self, stood: stood)
        return Parallel.mapLargestFirst(changed.map(\.count)) { at in
            components.isAlone(changed[at][0])
                ? [LinkedGroup(members: changed[at], tree: nil)] : graph.regrouped(changed[at])
        }.flatMap { $0 }
    }

    // MARK: problems

    /// Joins fragments to problems anew, wherever a change bears on it.
    private mutating func rejoin(_ change: inout Change) {
        let heads = change.heads.filter { fragments.sets[$0] != nil }.sorted()
        let groups = rejoined(heads)
        for slot in groups.lazy.flatMap(\.members) { part(ids[Int(slot)], &change) }
        var problems: [[Int64]] = []
        for group in groups {
            let heads = group.members.map { ids[Int($0)] }
            if heads.count > 1 { joined.keep(heads) }
            if group.tree != nil { linkedHeads[heads[0]] = group }
            change.left.remove(heads[0])
            problems.append(heads.count == 1 ? fragments.members(with: heads[0]) : allMembers(heads))
        }
        for (problem, likeness) in described(problems) {
            let head = problem.members[0]
            likenesses[head] = likeness
            gone.remove(head)
            if mined[head] != problem { changed.insert(head) }
            mined[head] = problem
        }
    }

    private func allMembers(_ heads: [Int64]) -> [Int64] { heads.flatMap { fragments.members(with: $0) }.sorted() }

    private func rejoined(_ heads: [Int64]) -> [LinkedGroup] {
        FragmentGraph(miner: self, near: heads).regrouped(heads.compactMap { slots[$0] })
    }

    /// How alike a fragment is to others, in thousandths summed over messages, ascending by these.
    func sums(of head: Int64, _ homes: FragmentHomes) -> [(other: Int32, sum: Int)] {
        var found: [(other: Int32, sum: Int)] = []
        let own = slots[head] ?? 0
        for id in fragments.members(with: head) {
            guard let slot = slots[id], homes[slot, self] != nil else { continue }
            for link in links[Int(slot)].all {
                guard let home = homes[link.other, self], home != own else { continue }
                found.append((home, Int(link.permille)))
            }
        }
        found.sort { $0.other < $1.other }
        var sums: [(other: Int32, sum: Int)] = []
        for one in found {
            if sums.last?.other == one.other { sums[sums.count - 1].sum += one.sum } else { sums.append(one) }
        }
        return sums
    }

    /// The problems with these members, those that are as they were left out, each with a hash of how alike its members
    /// are; on all cores.
    private func described(_ problems: [[Int64]]) -> [(problem: MinedProblem, likeness: Int)] {
        let sums = Parallel.map(problems.count, scratch: {}) { at, _ in linkSums(problems[at]) }
        let new = problems.indices.filter { at in
            let (members, head) = (problems[at], problems[at][0])
            return mined[head]?.members != members || likenesses[head] != sums[at].hashValue
                || members.contains { slots[$0].map(written.contains) ?? false }
        }
        return Parallel.map(new.count, scratch: {}) { at, _ in
            let (members, likeness) = (problems[new[at]], sums[new[at]])
            let described = ProblemDescription(
                members.compactMap(digest(of:)), likeness: likeness, digester: digester)
            return (described.problem, likeness.hashValue)
        }
    }

    /// For each member how alike it is to the others, in thousandths summed.
    private func linkSums(_ members: [Int64]) -> [Int] {
        let inside = Set(members.compactMap { slots[$0] })
        return members.map { id in
            guard let slot = slots[id] else { return 0 }
            return links[Int(slot)].all.reduce(0) { $0 + (inside.contains($1.other) ? Int($1.permille) : 0) }
        }
    }
}

/// Messages, by slot, and what links them within their component.
private final class MessageGraph: LinkageGraph, Sendable {
    private let miner: ProblemMiner
    /// By the smallest member.
    private let stood: [Int64: LinkedGroup]

    init(miner: ProblemMiner, stood: [Int64: LinkedGroup]) { (self.miner, self.stood) = (miner, stood) }

    var threshold: Int { ProblemMiner.joinMin }
    var slots: Int { miner.links.count }
    func id(_ node: Int32) -> Int64 { miner.ids[Int(node)] }
    func size(_ node: Int32) -> Int { 1 }
    func partners(of node: Int32) -> [Int32] { miner.partners(of: node) }

    func neighbours(of node: Int32) -> some Sequence<(other: Int32, sum: Int)> {
        let label = miner.components[node]
        return miner.links[Int(node)].all.lazy.filter { self.miner.components[$0.other] == label }
            .map { (other: $0.other, sum: Int($0.permille)) }
    }

    /// Without letters that linkage left alone.
    func group(of node: Int32) -> LinkedGroup? {
        guard !miner.linked.isEmpty, miner.absorbed[node] == nil else { return nil }
        let first = miner.fragments.members(with: id(node)).first { id in
            miner.absorbed.isEmpty || miner.slots[id].map { miner.absorbed[$0] == nil } ?? true
        }
        return first.flatMap { miner.linked[$0] }
    }

    func stood(with node: Int32) -> LinkedGroup? { stood[id(node)] }
    func isChanged(_ node: Int32) -> Bool { miner.dirty.contains(id(node)) }

    func decided(_ nodes: [Int32]) -> (together: [(Int, Int)], apart: [(Int, Int)]) {
        if miner.constraints.isEmpty { return ([], []) }
        return miner.constraints.within(Dictionary(uniqueKeysWithValues: nodes.enumerated().map { (id($1), $0) }))
    }
}

/// Fragments, by the slot of their smallest member, and how alike they are.
private final class FragmentGraph: LinkageGraph {
    private let miner: ProblemMiner
    private let homes: FragmentHomes
    private let heads: Set<Int64>
    /// By fragment, for each is asked for more than once.
    private var known: [Int32: [(other: Int32, sum: Int)]]

    /// - Parameter near: those that are asked for first.
    init(miner: ProblemMiner, near heads: [Int64]) {
        self.miner = miner
        let homes = FragmentHomes(miner, isForMany: heads.count > miner.links.count / 256)
        (self.homes, self.heads) = (homes, Set(heads))
        let sums = Parallel.map(heads.count, scratch: {}) { at, _ in miner.sums(of: heads[at], homes) }
        known = Dictionary(uniqueKeysWithValues: zip(heads.map { miner.slots[$0] ?? 0 }, sums))
    }

    var threshold: Int { ProblemMiner.rejoinMin }
    var slots: Int { miner.links.count }
    func id(_ node: Int32) -> Int64 { miner.ids[Int(node)] }
    func size(_ node: Int32) -> Int { miner.weight(of: id(node)) }
    func partners(of node: Int32) -> [Int32] { [] }
    func neighbours(of node: Int32) -> [(other: Int32, sum: Int)] {
        if let sums = known[node] { return sums }
        let sums = miner.sums(of: id(node), homes)
        known[node] = sums
        return sums
    }
    func group(of node: Int32) -> LinkedGroup? { miner.joined.home(of: id(node)).flatMap { miner.linkedHeads[$0] } }
    func stood(with node: Int32) -> LinkedGroup? { nil }
    func isChanged(_ node: Int32) -> Bool { heads.contains(id(node)) }

    /// Fragments are apart that hold messages staff split.
    func decided(_ nodes: [Int32]) -> (together: [(Int, Int)], apart: [(Int, Int)]) {
        if miner.constraints.isEmpty { return ([], []) }
        var position: [Int64: Int] = [:]
        for (at, node) in nodes.enumerated() {
            for id in miner.fragments.members(with: id(node)) { position[id] = at }
        }
        return ([], miner.constraints.within(position).apart.filter { $0.0 != $0.1 })
    }
}

/// Which fragment a message speaks for, both by slot: those not in the sample of a large one speak for none.
struct FragmentHomes: Sendable {
    /// By slot, where many are asked for; -1 of who speaks for none.
    private var table: [Int32] = []

    init(_ miner: ProblemMiner, isForMany: Bool) {
        guard isForMany else { return }
        table = [Int32](repeating: -1, count: miner.links.count)
        for (head, members) in miner.fragments.sets {
            guard let home = miner.slots[head] else { continue }
            for id in members { if let slot = miner.slots[id] { table[Int(slot)] = home } }
        }
        for slot in miner.unsampled { table[Int(slot)] = -1 }
    }

    subscript(slot: Int32, miner: ProblemMiner) -> Int32? {
        if !table.isEmpty { return table[Int(slot)] < 0 ? nil : table[Int(slot)] }
        guard miner.unsampled.isEmpty || !miner.unsampled.contains(slot) else { return nil }
        return miner.fragments.home(of: miner.ids[Int(slot)]).map { miner.slots[$0] ?? 0 }
    }
}
