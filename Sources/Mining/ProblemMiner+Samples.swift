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

    /// The members with the smallest hashes, by position among the slots.
    private func sample(of group: [Int], _ slots: [Int32]) -> ArraySlice<Int> {
        group.sorted { index.isBefore(slots[$0], slots[$1]) }.prefix(Self.sampleMax)
    }

    /// Notes which members of a new fragment are not in its sample.
    mutating func noteSample(of members: [Int64]) {
        guard members.count >= Self.largeMin else { return }
        let slots = members.compactMap { self.slots[$0] }
        let sampled = Set(sample(of: Array(slots.indices), slots))
        for (place, slot) in slots.enumerated() where !sampled.contains(place) { unsampled.insert(slot) }
    }

    /// Takes that back, of a fragment that falls apart.
    mutating func forgetSample(of members: [Int64]) {
        guard members.count >= Self.largeMin else { return }
        for id in members { if let slot = slots[id] { unsampled.remove(slot) } }
    }

    /// Adds letters that linkage left alone to the large group whose sample they are most like, down to the mean down
    /// to which messages join; of equals to the first. Letters staff split are left as they are.
    func absorbing(
        _ groups: [[Int]], slots: [Int32], apart: [(Int, Int)], place: (Int32) -> Int?
    ) -> [[Int]] {
        let large = groups.indices.filter { groups[$0].count >= Self.largeMin }
        guard !large.isEmpty else { return groups }
        var sampled: [Int: Int] = [:]
        for group in large { for member in sample(of: groups[group], slots) { sampled[member] = group } }
        let split = Set(apart.flatMap { [$0.0, $0.1] })
        var (grown, left) = (groups, [[Int]]())
        for group in groups where group.count == 1 && !split.contains(group[0]) {
            var sums: [Int: Int] = [:]
            for link in links[Int(slots[group[0]])].all {
                guard let other = place(link.other), let home = sampled[other] else { continue }
                sums[home, default: 0] += Int(link.permille)
            }
            let best = sums.max { ($0.value, $1.key) < ($1.value, $0.key) }
            guard let best, best.value >= Self.joinMin * Self.sampleMax else { continue }
            grown[best.key].append(group[0])
            left.append(group)
        }
        let gone = Set(left.map { $0[0] })
        return grown.filter { $0.count > 1 || !gone.contains($0[0]) }.map { $0.sorted() }
    }
}
