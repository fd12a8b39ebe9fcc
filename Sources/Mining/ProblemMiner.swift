internal import Core

/// Groups appeals about the same concrete problem; deterministic in any order of arrival.
///
/// A new appeal is compared with its candidates alone, and only the components it touches are grouped again. The
/// result equals that of a run from scratch over the same messages and constraints.
/// Not safe to share between tasks; keep one in an actor.
package struct ProblemMiner {
    /// Likeness, in thousandths, from which a pair is kept as a link.
    static let linkMin = 100
    /// Likeness, in thousandths, of the link without which no message joins others.
    static let strongMin: Int16 = 450
    /// Mean likeness, in thousandths, down to which messages join; see Mining.md.
    static let joinMin = 120
    /// The same for fragments: groups of two and more, who have more to show for being one problem than a letter has.
    static let rejoinMin = 80

    let digester: Digester
    let model: PairModel
    var index = CandidateIndex()
    var digests: [MessageDigest?] = []
    /// By slot; of a free one, of whoever had it last.
    var ids: [Int64] = []
    var links: [Links] = []
    var slots: [Int64: Int32] = [:]
    /// What tells at a glance that two are worth no comparison.
    var sketches = MessageSketches()
    private var freeSlots: [Int32] = []
    /// Slots that stopped being anchors somewhere since the last regrouping: some of their links may stand no longer.
    var stale: Set<Int32> = []
    /// Messages to be compared with their candidates before the next regrouping: new ones, and new anchors.
    var pending = PendingSearches()
    /// For a few searches, so that they need not make one.
    var spare = SearchScratch()
    /// Groups of two and more that strong links hold together.
    var fragments = Partition()
    /// Slots of members of large fragments that their fragment is not judged by.
    var unsampled: Set<Int32> = []
    /// Slots of the samples of large groups, as linkage made these, and of letters that joined them for their sample;
    /// each with the smallest member of the group.
    var (samplers, absorbed): ([Int32: Int64], [Int32: Int64]) = ([:], [:])
    /// How fragments, and problems of several, came to be; each by the smallest member that linkage put there.
    var (linked, linkedHeads): ([Int64: LinkedGroup], [Int64: LinkedGroup]) = ([:], [:])
    /// What strong links, and staff, connect.
    var components = Components()
    /// Fragments that were joined to one problem.
    var joined = Partition()
    var mined: [Int64: MinedProblem] = [:]
    /// How alike members were when their problem was described, as a hash.
    var likenesses: [Int64: Int] = [:]
    /// Messages to be grouped anew: see `LinkageGraph.regrouped`.
    var dirty: Set<Int64> = []
    /// Messages that lost a strong link, or what staff put them together with.
    var loose: Set<Int64> = []
    /// Messages that came since problems were last described.
    var written = SlotSet()
    var constraints = Constraints()
    /// What was learnt from staff; changed by `adopt`.
    package private(set) var adjustment = PairAdjustment.none
    /// Problems, by their smallest members, that are new or changed, or gone, since changes were last asked for.
    var (changed, gone): (Set<Int64>, Set<Int64>) = ([], [])

    /// - Parameter lexicon: what urgency and complaint are read by; the empty one finds neither.
    package init(gazetteer: Gazetteer, lexicon: SeverityLexicon = .empty) {
        self.init(gazetteer: gazetteer, lexicon: lexicon, background: .standard, model: .standard)
    }

    init(gazetteer: Gazetteer, lexicon: SeverityLexicon = .empty, background: Background, model: PairModel) {
        digester = Digester(
            finder: PlaceFinder(gazetteer), background: background, space: .standard, lexicon: lexicon)
        self.model = model
    }

    package var count: Int { slots.count }

    /// Adds or replaces messages by id. Of two with one id the later counts.
    package mutating func insert(_ messages: [MiningMessage]) {
        let latest = Dictionary(messages.enumerated().map { ($1.id, $0) }, uniquingKeysWith: max)
        remove(latest.keys.filter { slots[$0] != nil }.sorted())
        let kept = messages.indices.filter { latest[messages[$0].id] == $0 }
        let digester = digester
        let made = Parallel.map(kept.count, scratch: {}) { at, _ in
            let parts = digester.parts(messages[kept[at]])
            let digest = MessageDigest(messages[kept[at]], parts)
            return (digest: digest, mark: MessageSketches.Mark(digest), keys: parts.keys)
        }
        var entries: [CandidateIndex.Entry] = []
        entries.reserveCapacity(made.count)
        for one in made {
            let slot = takeSlot(one.digest.id)
            digests[Int(slot)] = one.digest
            sketches.set(slot, one.mark)
            entries.append(CandidateIndex.Entry(slot: slot, id: one.digest.id, keys: one.keys))
            pending.add(slot)
            dirty.insert(one.digest.id)
            written.insert(slot)
        }
        // Who has no links yet has none to lose.
        for out in index.insert(entries) where !links[Int(out)].all.isEmpty { stale.insert(out) }
    }

    /// Unknown identifiers are passed over.
    package mutating func remove(_ ids: [Int64]) {
        for id in ids {
            guard let slot = slots.removeValue(forKey: id) else { continue }
            unsampled.remove(slot)
            (samplers[slot], absorbed[slot]) = (nil, nil)
            components.remove(slot)
            for link in links[Int(slot)].all {
                links[Int(link.other)].remove(slot)
                noteLoss(link.other, slot, link.permille)
            }
            links[Int(slot)] = Links()
            for promoted in index.remove(slot: slot) { pending.add(promoted) }
            pending.drop(slot)
            digests[Int(slot)] = nil
            sketches.remove(slot)
            freeSlots.append(slot)
            dirty.insert(id)
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
        dirty.formUnion(first + second)
        loose.formUnion(first + second)
    }

    /// Takes back whatever was decided about these messages; likeness alone rules them again.
    package mutating func release(_ ids: [Int64]) {
        let released = ids.reduce(into: Set(ids)) { $0.formUnion(constraints.release($1)) }
        dirty.formUnion(released)
        loose.formUnion(released)
    }

    /// What staff's decisions so far would teach; nil while they say nothing about messages that are held. Adopting it
    /// is another's decision (`StaffLesson.isBetter`), and never happens by itself.
    package func lesson() -> StaffLesson? {
        let examples = constraints.decided.compactMap { pair -> StaffLearning.Example? in
            guard let a = digest(of: pair.first), let b = digest(of: pair.second) else { return nil }
            let features = PairFeatures(a, b)
            return StaffLearning.Example(
                score: model.score(features) + PairDistance.shift(a, b), features: features,
                isTogether: pair.isTogether, weight: 1 / Double(pair.busy),
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
        components = Components()
        for slot in links.indices { links[slot] = Links() }
        for slot in slots.values { pending.add(slot) }
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
        defer { (changed, gone) = ([], []) }
        let new = changed.compactMap { head in mined[head].map { (head, $0) } }
        return MiningChanges(changed: Dictionary(uniqueKeysWithValues: new), gone: gone)
    }

    /// Why two messages are, or are not, together; nil when one is unknown.
    package func evidence(_ first: Int64, _ second: Int64) -> PairEvidence? {
        guard let a = digest(of: first), let b = digest(of: second) else { return nil }
        return PairEvidence(a, b, model: model, adjustment: adjustment)
    }

    /// What two messages have in common: `evidence(_:_:)` without what each kind did to the score, which costs most;
    /// nil when one is unknown.
    package func reasons(_ first: Int64, _ second: Int64) -> PairReasons? {
        guard let a = digest(of: min(first, second)), let b = digest(of: max(first, second)) else { return nil }
        return PairReasons(a, b, PairFeatures(a, b), score: score((a, b)))
    }

    /// How likely two messages are one problem, in thousandths: `evidence(_:_:)` without its reasons, much sooner; nil
    /// when one is unknown.
    package func likeness(_ first: Int64, _ second: Int64) -> Int? {
        guard let a = digest(of: first), let b = digest(of: second) else { return nil }
        return PairModel.permille(score(min(first, second) == first ? (a, b) : (b, a)))
    }

    private func score(_ pair: (first: MessageDigest, second: MessageDigest)) -> Int {
        let features = PairFeatures(pair.first, pair.second)
        return model.score(features) + adjustment.shift(features) + PairDistance.shift(pair.first, pair.second)
    }

    /// The features of a pair by name, for learning and for looking closely; nil when one is unknown.
    package func features(_ first: Int64, _ second: Int64) -> [(name: String, value: Float)]? {
        guard let a = digest(of: first), let b = digest(of: second) else { return nil }
        let features = PairFeatures(a, b)
        return zip(PairFeatures.Name.allCases, features.values).map { (String(describing: $0), $1) }
    }

    /// Every pair worth comparing, smaller identifier first.
    package func candidatePairs() -> [(Int64, Int64)] {
        var scratch = CandidateIndex.Scratch()
        return slots.sorted { $0.key < $1.key }.flatMap { id, slot in
            worthwhile(slot, &scratch).filter { $0 > id }.sorted().map { (id, $0) }
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
            links.append(Links())
            ids.append(id)
        }
        ids[Int(slot)] = id
        slots[id] = slot
        return slot
    }

    private func worthwhile(_ slot: Int32, _ scratch: inout CandidateIndex.Scratch) -> [Int64] {
        guard let digest = digests[Int(slot)] else { return [] }
        return index.candidates(of: slot, &scratch).compactMap { digests[Int($0)] }
            .filter { PairFeatures.isWorthwhile(digest, $0) }.map(\.id)
    }
}
