/// Grouping, in two steps. Messages that strong links connect are grouped by average linkage to *fragments*; then
/// fragments are joined by the same linkage, down to a lower mean and over all their links. A letter alone so needs a
/// strong link to join anything, and a problem told in two ways is still found to be one.
///
/// Both steps work on connected parts, so that what does not touch a change is left as it is.
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
        guard !dirty.isEmpty || !weaklyDirty.isEmpty else { return }
        var change = Change()
        refragment(&change)
        change.heads.formUnion(weaklyDirty.compactMap { fragments.home(of: $0) })
        rejoin(&change)
        for home in change.left where mined[home] != nil {
            mined[home] = nil
            changes.changed[home] = nil
            changes.gone.insert(home)
        }
        (dirty, weaklyDirty) = ([], [])
    }

    /// Makes the fragments of touched components anew.
    private mutating func refragment(_ change: inout Change) {
        var seeds = dirty
        for id in dirty { seeds.formUnion(fragments.members(with: id)) }
        var isSeen = [Bool](repeating: false, count: links.count)
        var components: [[Int64]] = []
        for seed in seeds.sorted() {
            guard let slot = slots[seed] else {
                forget(seed, &change)
                continue
            }
            if !isSeen[Int(slot)] { components.append(component(of: slot, &isSeen)) }
        }
        // All leave before any is kept: a fragment that falls apart has members in several components.
        for id in components.joined() { forget(id, &change) }
        for members in fragmented(components) {
            fragments.keep(members)
            noteSample(of: members)
            change.heads.insert(members[0])
        }
    }

    private mutating func forget(_ id: Int64, _ change: inout Change) {
        forgetSample(of: fragments.members(with: id))
        guard let head = fragments.dissolve(with: id) else { return }
        change.heads.formUnion(clusters.members(with: head))
        _ = clusters.dissolve(with: head)
        change.left.insert(joined.dissolve(with: head) ?? head)
    }

    private func component(of seed: Int32, _ isSeen: inout [Bool]) -> [Int64] {
        var found = [seed]
        func take(_ slot: Int32, _ isSeen: inout [Bool]) {
            if isSeen[Int(slot)] { return }
            isSeen[Int(slot)] = true
            found.append(slot)
        }
        isSeen[Int(seed)] = true
        var at = 0
        while at < found.count {
            for link in links[Int(found[at])].all where link.permille >= Self.strongMin { take(link.other, &isSeen) }
            if !constraints.isEmpty {
                for id in constraints.partners(of: ids[Int(found[at])]) {
                    if let slot = slots[id] { take(slot, &isSeen) }
                }
            }
            at += 1
        }
        return found.map { ids[Int($0)] }.sorted()
    }

    /// The fragments of components, on all cores.
    private func fragmented(_ components: [[Int64]]) -> [[Int64]] {
        let some = components.filter { $0.count > 1 }
        return Parallel.map(some.count, chunk: 16, scratch: {}, { at, _ in fragmented(some[at]) }).flatMap { $0 }
    }

    private func fragmented(_ component: [Int64]) -> [[Int64]] {
        let members = component.compactMap { slots[$0] }
        let place = SlotPlaces(members, of: links.count)
        let edges = members.indices.lazy.flatMap { first in
            links[Int(members[first])].all.lazy.compactMap { link -> Linkage.Edge? in
                guard let second = place[link.other], second > first else { return nil }
                return Linkage.Edge(first: first, second: second, permille: Int(link.permille))
            }
        }
        let (together, apart) =
            constraints.isEmpty
            ? ([], [])
            : constraints.within(Dictionary(uniqueKeysWithValues: component.enumerated().map { ($1, $0) }))
        let groups = Linkage.groups(
            sizes: component.map { _ in 1 }, edges: edges, threshold: Self.joinMin, together: together, apart: apart)
        return absorbing(groups, slots: members, apart: apart) { place[$0] }.filter { $0.count > 1 }
            .map { $0.map { component[$0] } }
    }

    /// Joins fragments to problems anew, wherever a change bears on it.
    private mutating func rejoin(_ change: inout Change) {
        let heads = change.heads.filter { fragments.sets[$0] != nil }
        var seeds = heads
        for head in heads { seeds.formUnion(clusters.members(with: head)) }
        let asked = seeds.sorted()
        var near = Dictionary(uniqueKeysWithValues: zip(asked, sums(of: asked)))
        var (parts, seen) = ([[Int64]](), Set<Int64>())
        for seed in asked where !seen.contains(seed) { parts.append(part(of: seed, &near, &seen)) }
        for head in parts.joined() {
            _ = clusters.dissolve(with: head)
            change.left.insert(joined.dissolve(with: head) ?? head)
        }
        var problems: [[Int64]] = []
        for part in parts {
            if part.count > 1 { clusters.keep(part) }
            for heads in rejoined(part, near) {
                if heads.count > 1 { joined.keep(heads) }
                change.left.remove(heads[0])
                problems.append(heads.count == 1 ? fragments.members(with: heads[0]) : allMembers(heads))
            }
        }
        for problem in described(problems) {
            let head = problem.members[0]
            changes.gone.remove(head)
            if mined[head] != problem { changes.changed[head] = problem }
            mined[head] = problem
        }
    }

    private func allMembers(_ heads: [Int64]) -> [Int64] { heads.flatMap { fragments.members(with: $0) }.sorted() }

    /// Fragments connected to one by likeness that could join them, ascending; `near` keeps the sums met on the way.
    private func part(of seed: Int64, _ near: inout [Int64: [NearFragment]], _ seen: inout Set<Int64>) -> [Int64] {
        var found = [seed]
        seen.insert(seed)
        var at = 0
        while at < found.count {
            let size = weight(of: found[at])
            let sums = near[found[at]] ?? sums(of: found[at])
            near[found[at]] = sums
            // A fragment has two members at least.
            for one in sums where one.sum >= 2 * Self.rejoinMin * size {
                guard one.sum >= Self.rejoinMin * size * weight(of: one.head) else { continue }
                if seen.insert(one.head).inserted { found.append(one.head) }
            }
            at += 1
        }
        return found.sorted()
    }

    /// A fragment and its likeness, in thousandths summed over messages, to another.
    private struct NearFragment: Sendable {
        let head: Int64
        var sum: Int
    }

    private func sums(of heads: [Int64]) -> [[NearFragment]] {
        Parallel.map(heads.count, scratch: {}) { at, _ in sums(of: heads[at]) }
    }

    /// How alike a fragment is to others, ascending by these.
    private func sums(of head: Int64) -> [NearFragment] {
        var found: [NearFragment] = []
        for id in fragments.members(with: head) {
            guard let slot = slots[id], unsampled.isEmpty || !unsampled.contains(slot) else { continue }
            for link in links[Int(slot)].all where unsampled.isEmpty || !unsampled.contains(link.other) {
                guard let home = fragments.home(of: ids[Int(link.other)]), home != head else { continue }
                found.append(NearFragment(head: home, sum: Int(link.permille)))
            }
        }
        found.sort { $0.head < $1.head }
        var sums: [NearFragment] = []
        for one in found {
            if sums.last?.head == one.head { sums[sums.count - 1].sum += one.sum } else { sums.append(one) }
        }
        return sums
    }

    private func rejoined(_ part: [Int64], _ near: [Int64: [NearFragment]]) -> [[Int64]] {
        if part.count == 1 { return [part] }
        let position = Dictionary(uniqueKeysWithValues: part.enumerated().map { ($1, $0) })
        var edges: [Linkage.Edge] = []
        for (first, head) in part.enumerated() {
            for one in near[head] ?? [] {
                guard let second = position[one.head], second > first else { continue }
                edges.append(Linkage.Edge(first: first, second: second, permille: one.sum))
            }
        }
        let apart = constraints.isEmpty ? [] : apart(part)
        let groups = Linkage.groups(
            sizes: part.map { weight(of: $0) }, edges: edges, threshold: Self.rejoinMin,
            apart: apart)
        return groups.map { $0.map { part[$0] } }
    }

    /// Positions of fragments that hold messages staff split.
    private func apart(_ part: [Int64]) -> [(Int, Int)] {
        var position: [Int64: Int] = [:]
        for (at, head) in part.enumerated() { for id in fragments.members(with: head) { position[id] = at } }
        return constraints.within(position).apart.filter { $0.0 != $0.1 }
    }

    /// The problems with these members, those that are as they were left out; on all cores.
    private func described(_ problems: [[Int64]]) -> [MinedProblem] {
        let new = problems.filter { members in
            mined[members[0]]?.members != members || members.contains(where: dirty.contains)
        }
        return Parallel.map(new.count, scratch: {}) { at, _ in
            ProblemDescription(
                new[at].compactMap(digest(of:)), likeness: linkSums(new[at]), digester: digester
            ).problem
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

/// Which of some messages is in a slot: by a table over all slots where they are many, by a dictionary where few.
private struct SlotPlaces {
    private var table: [Int32] = []
    private var few: [Int32: Int] = [:]
    private static let fewMax = 1_024

    init(_ members: [Int32], of slots: Int) {
        if members.count <= Self.fewMax {
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
