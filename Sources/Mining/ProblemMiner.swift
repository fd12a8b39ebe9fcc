internal import Core

/// Groups appeals about the same concrete problem; deterministic in any order of arrival.
///
/// A new appeal is compared with its candidates alone, and only the components it touches are grouped again. The
/// result equals that of a run from scratch over the same messages and constraints.
/// Not safe to share between tasks; keep one in an actor.
package struct ProblemMiner {
    /// Likeness, in thousandths, from which a pair is kept as a link.
    static let linkMin = 100
    /// Mean likeness, in thousandths, down to which groups join; see Mining.md.
    static let joinMin = 200

    let digester: Digester
    let model: PairModel
    private var index = CandidateIndex()
    private var digests: [MessageDigest?] = []
    private var links: [[Int32: Int16]] = []
    private var slots: [Int64: Int32] = [:]
    private var freeSlots: [Int32] = []
    /// Where each message is grouped now; nil until the next call of `problems()`.
    private var group: [Int64: Int64] = [:]
    /// Groups of two and more by their smallest member.
    private var groups: [Int64: [Int64]] = [:]
    private var mined: [Int64: MinedProblem] = [:]
    private var dirty: Set<Int64> = []
    private var constraints = Constraints()
    /// What was learnt from staff; changed by `adopt`.
    package private(set) var adjustment = PairAdjustment.none
    private var changes = MiningChanges()

    package init(gazetteer: Gazetteer) {
        self.init(gazetteer: gazetteer, background: .standard, model: .standard)
    }

    init(gazetteer: Gazetteer, background: Background, model: PairModel) {
        digester = Digester(finder: PlaceFinder(gazetteer), background: background, space: .standard)
        self.model = model
    }

    package var count: Int { slots.count }

    /// Adds or replaces messages by id. Of two with one id the later counts.
    package mutating func insert(_ messages: [MiningMessage]) {
        let latest = Dictionary(messages.enumerated().map { ($1.id, $0) }, uniquingKeysWith: max)
        remove(latest.keys.filter { slots[$0] != nil }.sorted())
        let kept = messages.indices.filter { latest[messages[$0].id] == $0 }
        let digester = digester
        let made = Parallel.map(kept.count, scratch: {}, { at, _ in MessageDigest(messages[kept[at]], digester) })
        var new: [Int32] = []
        var ousted: Set<Int32> = []
        for digest in made {
            let slot = takeSlot(digest.id)
            digests[Int(slot)] = digest
            ousted.formUnion(index.insert(slot: slot, id: digest.id, keys: digest.keys))
            new.append(slot)
            dirty.insert(digest.id)
        }
        ousted.subtract(new)
        for slot in ousted { dropUnsupported(slot) }
        let fresh = Set(new)
        compare(new) { slot, other in fresh.contains(other) && other < slot }
    }

    /// Unknown identifiers are passed over.
    package mutating func remove(_ ids: [Int64]) {
        for id in ids {
            guard let slot = slots.removeValue(forKey: id) else { continue }
            for other in links[Int(slot)].keys {
                links[Int(other)][slot] = nil
                touch(other)
            }
            links[Int(slot)] = [:]
            let promoted = index.remove(slot: slot)
            digests[Int(slot)] = nil
            freeSlots.append(slot)
            dirty.insert(id)
            compare(Set(promoted).sorted()) { _, _ in false }
        }
    }

    /// What staff merged, or pinned to a problem, stays together, whatever the likeness. Of what was said about two
    /// messages the latest counts, so decisions are to be given in the order in which they were made; giving them
    /// before the messages, or while a message is away, is as good. Other messages may still join.
    package mutating func constrain(together ids: [Int64]) {
        constraints.join(ids)
        dirty.formUnion(ids)
    }

    /// What staff split stays apart: no member of the first list is ever grouped with one of the second, even if both
    /// are much like a third.
    package mutating func constrain(apart first: [Int64], from second: [Int64]) {
        constraints.split(first, second)
        dirty.formUnion(first)
        dirty.formUnion(second)
    }

    /// Takes back whatever was decided about these messages; likeness alone rules them again.
    package mutating func release(_ ids: [Int64]) {
        for id in ids { dirty.formUnion(constraints.release(id)) }
        dirty.formUnion(ids)
    }

    /// What staff's decisions so far would teach; nil while they say nothing about messages that are held. Adopting it
    /// is another's decision (`StaffLesson.isBetter`), and never happens by itself.
    package func lesson() -> StaffLesson? {
        let examples = constraints.decided.compactMap { pair -> StaffLearning.Example? in
            guard let a = digest(of: pair.first), let b = digest(of: pair.second) else { return nil }
            let features = PairFeatures(a, b, background: digester.background)
            return StaffLearning.Example(
                score: model.score(features), features: features, isTogether: pair.isTogether,
                weight: 1 / Double(pair.busy),
                half: Int(Grams.mix(UInt64(bitPattern: pair.first)) & 1))
        }
        return examples.isEmpty ? nil : StaffLearning(examples).lesson
    }

    /// Judges by what was learnt from now on, and compares all messages anew: as long as inserting them all. To be
    /// called before the first insert where a lesson was adopted earlier.
    package mutating func adopt(_ adjustment: PairAdjustment) {
        guard adjustment != self.adjustment else { return }
        self.adjustment = adjustment
        dirty.formUnion(slots.keys)
        for slot in links.indices { links[slot] = [:] }
        compare(slots.values.sorted()) { slot, other in other < slot }
    }

    /// All problems, best score first; of equal scores the one with the smaller first member.
    /// Only components touched since the last call are computed anew.
    package mutating func problems() -> [MinedProblem] {
        regroup()
        return mined.values.sorted { ($0.scores.total, $1.members[0]) > ($1.scores.total, $0.members[0]) }
    }

    /// Problems that are new, changed or gone since the last call.
    package mutating func takeChanges() -> MiningChanges {
        regroup()
        defer { changes = MiningChanges() }
        return changes
    }

    /// Why two messages are, or are not, together; nil when one is unknown.
    package func evidence(_ first: Int64, _ second: Int64) -> PairEvidence? {
        guard let a = digest(of: first), let b = digest(of: second) else { return nil }
        return PairEvidence(a, b, model: model, adjustment: adjustment, background: digester.background)
    }

    /// The features of a pair by name, for learning and for looking closely; nil when one is unknown.
    package func features(_ first: Int64, _ second: Int64) -> [(name: String, value: Float)]? {
        guard let a = digest(of: first), let b = digest(of: second) else { return nil }
        let features = PairFeatures(a, b, background: digester.background)
        return zip(PairFeatures.Name.allCases, features.values).map { (String(describing: $0), $1) }
    }

    /// Every pair worth comparing, smaller identifier first.
    package func candidatePairs() -> [(Int64, Int64)] {
        var scratch = CandidateIndex.Scratch()
        return slots.sorted { $0.key < $1.key }.flatMap { id, slot in
            index.candidates(of: slot, &scratch).compactMap { digests[Int($0)]?.id }.filter { $0 > id }.sorted().map {
                (id, $0)
            }
        }
    }
}

/// Problems touched since they were last asked for.
package struct MiningChanges: Sendable, Equatable {
    /// New or changed, by their smallest member.
    package internal(set) var changed: [Int64: MinedProblem] = [:]
    /// Smallest members of problems that were reported before and are no more.
    package internal(set) var gone: Set<Int64> = []
    package var isEmpty: Bool { changed.isEmpty && gone.isEmpty }
}

extension ProblemMiner {
    func digest(of id: Int64) -> MessageDigest? { slots[id].flatMap { digests[Int($0)] } }

    private mutating func takeSlot(_ id: Int64) -> Int32 {
        let slot: Int32
        if let free = freeSlots.popLast() {
            slot = free
        } else {
            slot = Int32(digests.count)
            digests.append(nil)
            links.append([:])
        }
        slots[id] = slot
        return slot
    }

    private mutating func touch(_ slot: Int32) {
        if let id = digests[Int(slot)]?.id { dirty.insert(id) }
    }

    /// Compares messages with their candidates, on all cores, and keeps the links found.
    private mutating func compare(_ slots: [Int32], skipping isSkipped: @Sendable (Int32, Int32) -> Bool) {
        let (index, digests, links, background) = (index, digests, links, digester.background)
        let (model, adjustment) = (model, adjustment)
        let found = Parallel.map(slots.count, scratch: CandidateIndex.Scratch.init) { at, scratch in
            let slot = slots[at]
            var found: [(other: Int32, permille: Int16)] = []
            guard let digest = digests[Int(slot)] else { return found }
            for other in index.candidates(of: slot, &scratch) where !isSkipped(slot, other) {
                guard let candidate = digests[Int(other)], links[Int(slot)][other] == nil else { continue }
                // The smaller identifier first, so that both sides see one number.
                let (a, b) = digest.id < candidate.id ? (digest, candidate) : (candidate, digest)
                let features = PairFeatures(a, b, background: background)
                let permille = PairModel.permille(model.score(features) + adjustment.shift(features))
                if permille >= Self.linkMin { found.append((other, Int16(permille))) }
            }
            return found
        }
        keep(found, of: slots)
    }

    private mutating func keep(_ found: [[(other: Int32, permille: Int16)]], of slots: [Int32]) {
        for (slot, others) in zip(slots, found) where !others.isEmpty {
            for (other, permille) in others {
                links[Int(slot)][other] = permille
                links[Int(other)][slot] = permille
                touch(other)
            }
            touch(slot)
        }
    }

    private mutating func dropUnsupported(_ slot: Int32) {
        for other in links[Int(slot)].keys where !index.isSupported(slot, other) {
            links[Int(slot)][other] = nil
            links[Int(other)][slot] = nil
            touch(slot)
            touch(other)
        }
    }

    /// Groups the components of touched messages again.
    private mutating func regroup() {
        guard !dirty.isEmpty else { return }
        let touched = dirty
        var seeds = dirty
        for id in dirty {
            if let home = group[id] { seeds.formUnion(groups[home] ?? []) }
        }
        dirty = []
        var seen: Set<Int64> = []
        var left: Set<Int64> = []
        var components: [[Int64]] = []
        for seed in seeds.sorted() where !seen.contains(seed) {
            guard slots[seed] != nil else {
                leave(seed, &left)
                continue
            }
            components.append(component(of: seed, &seen))
        }
        // All leave before any group is kept: a group that falls apart has members in several components.
        for id in components.joined() { leave(id, &left) }
        for component in components {
            for members in grouped(component) where members.count > 1 { keep(members, touched) }
        }
        for home in left where groups[home] == nil {
            mined[home] = nil
            changes.changed[home] = nil
            changes.gone.insert(home)
        }
    }

    private mutating func leave(_ id: Int64, _ left: inout Set<Int64>) {
        guard let home = group.removeValue(forKey: id), groups.removeValue(forKey: home) != nil else { return }
        left.insert(home)
    }

    private mutating func keep(_ members: [Int64], _ touched: Set<Int64>) {
        for id in members { group[id] = members[0] }
        groups[members[0]] = members
        changes.gone.remove(members[0])
        if let old = mined[members[0]], old.members == members, !members.contains(where: touched.contains) { return }
        let problem = ProblemDescription(members.compactMap(digest(of:)), likeness: linkSums(members)).problem
        if mined[members[0]] != problem { changes.changed[members[0]] = problem }
        mined[members[0]] = problem
    }

    private func component(of seed: Int64, _ seen: inout Set<Int64>) -> [Int64] {
        var found = [seed]
        seen.insert(seed)
        var at = 0
        while at < found.count {
            if let slot = slots[found[at]] {
                for other in links[Int(slot)].keys {
                    if let id = digests[Int(other)]?.id, seen.insert(id).inserted { found.append(id) }
                }
            }
            for id in constraints.partners(of: found[at]) where slots[id] != nil {
                if seen.insert(id).inserted { found.append(id) }
            }
            at += 1
        }
        return found.sorted()
    }

    private func grouped(_ component: [Int64]) -> [[Int64]] {
        if component.count == 1 { return [component] }
        let position = Dictionary(uniqueKeysWithValues: component.enumerated().map { ($1, $0) })
        var edges: [Linkage.Edge] = []
        for (first, id) in component.enumerated() {
            guard let slot = slots[id] else { continue }
            for (other, permille) in links[Int(slot)] {
                guard let id = digests[Int(other)]?.id, let second = position[id], second > first else { continue }
                edges.append(Linkage.Edge(first: first, second: second, permille: Int(permille)))
            }
        }
        let (together, apart) = constraints.within(position)
        let groups = Linkage.groups(
            count: component.count, edges: edges, threshold: Self.joinMin, together: together, apart: apart)
        return groups.map { $0.map { component[$0] } }
    }

    /// For each member how alike it is to the others, in thousandths summed.
    private func linkSums(_ members: [Int64]) -> [Int] {
        let inside = Set(members.compactMap { slots[$0] })
        return members.map { id in
            guard let slot = slots[id] else { return 0 }
            return links[Int(slot)].reduce(0) { $0 + (inside.contains($1.key) ? Int($1.value) : 0) }
        }
    }
}
