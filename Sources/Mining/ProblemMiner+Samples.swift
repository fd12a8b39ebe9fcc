/// Large groups are judged by a sample. Of letters that share a key only those with an anchor are compared, so that in
/// a group of hundreds most likenesses are unknown, and a mean that counts them as zero falls with every letter that
/// joins. The members with the smallest hashes are those that are anchors, so what others are to them is known, and
/// they are as good as drawn by chance (bottom-k, Cohen 1997).
extension ProblemMiner {
    /// Members from which a fragment is judged by its sample: far more than letters have anchors.
    static let largeMin = 4 * CandidateIndex.anchorsMax
    static let sampleMax = CandidateIndex.anchorsMax

    /// How many members a fragment counts for where it is joined to others.
    func weight(of head: Int64) -> Int {
        let count = fragments.members(with: head).count
        return count < Self.largeMin ? count : Self.sampleMax
    }

    private func sample(of members: [Int32]) -> ArraySlice<Int32> {
        members.sorted { index.isBefore($0, $1) }.prefix(Self.sampleMax)
    }

    /// Notes which members of a new fragment are not in its sample.
    mutating func noteSample(of members: [Int64]) {
        guard members.count >= Self.largeMin else { return }
        let slots = members.compactMap { self.slots[$0] }
        unsampled.formUnion(Set(slots).subtracting(sample(of: slots)))
    }

    /// Takes that back, of a fragment that falls apart.
    mutating func forgetSample(of members: [Int64]) {
        guard members.count >= Self.largeMin else { return }
        for id in members { if let slot = slots[id] { unsampled.remove(slot) } }
    }

    /// Adds letters that linkage left alone to the large group whose sample they are most like, down to the mean down
    /// to which messages join; of equals to the first. Letters staff split are left as they are.
    ///
    /// - Parameter groups: what linkage made anew, letters it left alone among it.
    /// - Returns: these as they are now, and others that gained or lost such letters.
    mutating func absorbing(_ groups: [[Int32]]) -> [[Int32]] {
        guard !samplers.isEmpty || groups.contains(where: { $0.count >= Self.largeMin }) else { return groups }
        let nodes = Array(groups.joined())
        let places = SlotPlaces(nodes, of: links.count)
        func isInside(_ slot: Int32) -> Bool { places[slot] != nil }
        if !samplers.isEmpty { for slot in nodes { samplers[slot] = nil } }
        var lone = Set(groups.lazy.filter { $0.count == 1 }.map { $0[0] })
        if !absorbed.isEmpty { lone.formUnion(lettersLeft(by: nodes, isInside)) }
        for group in groups where group.count >= Self.largeMin {
            for slot in sample(of: group) {
                samplers[slot] = ids[Int(group[0])]
                lone.formUnion(lettersLinked(with: slot).filter { !isInside($0) })
            }
        }
        // Groups, by their smallest member, that gain or lose letters; and what each gains.
        var (touched, gained) = (Set<Int64>(), [Int64: [Int32]]())
        if !absorbed.isEmpty {
            for slot in nodes where !lone.contains(slot) {
                if let old = absorbed.removeValue(forKey: slot) { touched.insert(old) }
            }
        }
        let letters = lone.sorted()
        for (slot, new) in zip(letters, large(for: letters)) {
            let old = absorbed[slot]
            absorbed[slot] = new
            if old != new { touched.formUnion([old, new].compactMap { $0 }) }
            if let new { gained[new, default: []].append(slot) }
        }
        func inOrder(_ group: [Int32]) -> [Int32] { group.sorted { ids[Int($0)] < ids[Int($1)] } }
        let grown = groups.map { group in
            guard group.count > 1, let new = gained[ids[Int(group[0])]] else { return group }
            return inOrder(group + new)
        }
        let others = touched.sorted().compactMap { name -> [Int32]? in
            guard let slot = slots[name], !isInside(slot) else { return nil }
            let stayed = fragments.members(with: name).compactMap { slots[$0] }
                .filter { !isInside($0) && !lone.contains($0) }
            return inOrder(stayed + (gained[name] ?? []))
        }
        let left = lone.filter { !isInside($0) }.sorted().map { [$0] }
        return (grown + others + left).filter { $0.count > 1 || absorbed[$0[0]] == nil }
    }

    /// Letters that were added to groups of which a member is linked anew.
    private func lettersLeft(by nodes: [Int32], _ isInside: (Int32) -> Bool) -> [Int32] {
        Set(nodes.compactMap { fragments.home(of: ids[Int($0)]) }).flatMap { home in
            fragments.members(with: home).compactMap { slots[$0] }
                .filter { absorbed[$0] != nil && !isInside($0) }
        }
    }

    /// Those in no group of linkage.
    private func lettersLinked(with slot: Int32) -> [Int32] {
        links[Int(slot)].all.map(\.other).filter {
            components[$0] == components[slot]
                && (absorbed[$0] != nil || fragments.home(of: ids[Int($0)]) == nil)
        }
    }

    /// The large group each letter joins, by its smallest member; on all cores.
    private func large(for letters: [Int32]) -> [Int64?] {
        Parallel.map(letters.count, scratch: {}) { at, _ in large(for: letters[at]) }
    }

    private func large(for letter: Int32) -> Int64? {
        func isNear(_ slot: Int32) -> Bool { components[slot] == components[letter] }
        if !constraints.isEmpty {
            let opponents = constraints.opponents(of: ids[Int(letter)])
            if opponents.contains(where: { slots[$0].map(isNear) ?? false }) { return nil }
        }
        var sums: [Int64: Int] = [:]
        for link in links[Int(letter)].all {
            guard let home = samplers[link.other], isNear(link.other) else { continue }
            sums[home, default: 0] += Int(link.permille)
        }
        let best = sums.max { ($0.value, $1.key) < ($1.value, $0.key) }
        return best.flatMap { $0.value >= Self.joinMin * Self.sampleMax ? $0.key : nil }
    }
}
