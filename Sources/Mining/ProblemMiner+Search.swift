/// What is compared with what, and the links that come of it.
extension ProblemMiner {
    /// Compares the next portion of what is pending with its candidates; how far it is, or nil when nothing was left.
    ///
    /// Not before it is asked for: of letters that come in portions many are anchors for a while only, and are compared
    /// with all of their key all the same. `problems()` does what is left; whoever shows progress, or may stop, asks
    /// before it.
    ///
    /// - Parameter most: how many are searched for at once; so many that what is found and not yet kept stays small.
    package mutating func searchOn(_ most: Int = 1 << 14) -> (done: Int, total: Int)? {
        guard let slots = pending.next(most, by: { [index] in index.nearness(of: $0) }) else { return nil }
        keep(found(for: slots), of: slots)
        return pending.advance(by: slots.count)
    }

    mutating func search() { while searchOn() != nil {} }

    /// So few are searched for sooner than handed out.
    private static let fewSearches = 256

    /// Searches that share a scratch, which costs a byte a message to make.
    private static func chunk(_ searches: Int) -> Int { max(64, min(2_048, searches / 32)) }

    /// What a search needs for itself.
    struct SearchScratch {
        var index = CandidateIndex.Scratch()
        var rows = PairRows()
        var table = GramTable()
        /// Those with a near matter; of these, those worth comparing.
        var near: [MessageSketches.Near] = []
    }

    /// Brings the grams of digests near, line by line; returns nothing of interest, which the compiler can't know.
    private static func glance(_ found: [MessageSketches.Near]) -> UInt32 {
        found.reduce(0) { sum, one in
            let grams = one.view[.grams]
            return stride(from: 0, to: grams.count, by: 16).reduce(sum) { $0 &+ grams[$1] & 1 }
        }
    }

    /// Compares messages with their candidates, on all cores.
    private mutating func found(for slots: ArraySlice<Int32>) -> [[Links.Link]] {
        if slots.count <= Self.fewSearches {
            var scratch = SearchScratch()
            swap(&scratch, &spare)
            defer { swap(&scratch, &spare) }
            return slots.map { links(of: $0, &scratch) }
        }
        let miner = self
        return Parallel.map(slots.count, chunk: Self.chunk(slots.count), scratch: { SearchScratch() }) { at, scratch in
            miner.links(of: slots[slots.startIndex + at], &scratch)
        }
    }

    private func links(of slot: Int32, _ scratch: inout SearchScratch) -> [Links.Link] {
        guard let mine = sketches.view(slot) else { return [] }
        // Where others are searched for too, each pair is met in the search of the one with the larger hash.
        let isAll = pending.count == slots.count
        var others = index.candidates(of: slot, isBoth: !isAll, &scratch.index)
        if !isAll { others.removeAll { pending.contains($0) && index.isBefore(slot, $0) } }
        // All sketches are looked at before any digest, and all digests before any is compared, so that one need not
        // wait for another's memory.
        // What staff taught may make a link of less.
        let matterMin = adjustment == .none ? model.matterMin : PairFeatures.matterMin
        sketches.near(slot, others, matterMin: matterMin, &scratch.near)
        guard !scratch.near.isEmpty, MessageSketches.glance(scratch.near) < UInt32.max else { return [] }
        let author = mine.facts.pointee.author
        var kept = 0
        for near in scratch.near {
            let sites = SharedSites(mine[.sites], near.view[.sites])
            let isOneAuthor = author != 0 && author == near.view.facts.pointee.author
            guard isOneAuthor || PairFeatures.isPlaceShared(sites, mine, near.view) else { continue }
            scratch.near[kept] = near
            scratch.near[kept].sites = sites
            kept += 1
        }
        scratch.near.removeLast(scratch.near.count - kept)
        guard !scratch.near.isEmpty, Self.glance(scratch.near) < UInt32.max else { return [] }
        scratch.table.set(mine[.grams])
        return links(of: mine, &scratch)
    }

    /// Compares a message with those in the scratch.
    private func links(of mine: MessageDigest.View, _ scratch: inout SearchScratch) -> [Links.Link] {
        // The smaller identifier first, so that both sides see one number.
        func ordered(_ theirs: MessageDigest.View) -> (MessageDigest.View, MessageDigest.View) {
            mine.facts.pointee.id < theirs.facts.pointee.id ? (mine, theirs) : (theirs, mine)
        }
        let (others, table) = (scratch.near, scratch.table)
        var found: [Links.Link] = []
        for start in stride(from: 0, to: others.count, by: PairRows.countMax) {
            scratch.rows.judge(min(PairRows.countMax, others.count - start), by: model) { at, comparison in
                let near = others[start + at]
                let (a, b) = ordered(near.view)
                comparison.compareFirst(a, b, table, matter: near.matter, sites: near.sites)
                return adjustment.shift(comparison.values) + PairDistance.shift(a, b)
            } rest: { at, comparison in
                let (a, b) = ordered(others[start + at].view)
                comparison.compareRest(a, b)
            } link: { at, score in
                let permille = Int16(PairModel.permille(score))
                found.append(Links.Link(other: others[start + at].slot, permille: permille))
            }
        }
        return found
    }

    private mutating func keep(_ found: [[Links.Link]], of slots: ArraySlice<Int32>) {
        for slot in kept(found, of: slots).joined() { noteLink(of: slot) }
    }

    /// Keeps links, each part of the slots by one core; returns slots that got some.
    private mutating func kept(_ found: [[Links.Link]], of slots: ArraySlice<Int32>) -> [[Int32]] {
        links.withUnsafeMutableBufferPointer { links in
            // Each slot's are changed by one core.
            nonisolated(unsafe) let base = links.baseAddress
            let parts: Int32 = slots.count <= Self.fewSearches ? 1 : 1 << 3
            return Parallel.map(Int(parts), chunk: 1) { part in
                guard let base else { return [] }
                var changed: [Int32] = []
                for (slot, others) in zip(slots, found) where !others.isEmpty {
                    let isMine = slot & (parts - 1) == part
                    var isChanged = false
                    for link in others {
                        if link.other & (parts - 1) == part { base[Int(link.other)].set(slot, link.permille) }
                        if isMine, base[Int(slot)].set(link.other, link.permille) { isChanged = true }
                    }
                    if isChanged { changed.append(slot) }
                }
                return changed
            }
        }
    }

    /// Drops the links that anchors gave and that no anchor gives any more.
    mutating func dropUnsupported() {
        guard !stale.isEmpty else { return }
        let slots = stale.sorted()
        stale = []
        for (slot, others) in zip(slots, unsupported(slots)) {
            for other in others {
                links[Int(other)].remove(slot)
                if let permille = links[Int(slot)].remove(other) { noteLoss(slot, other, permille) }
            }
        }
    }

    private func unsupported(_ slots: [Int32]) -> [[Int32]] {
        Parallel.map(slots.count, scratch: {}) { at, _ in
            links[Int(slots[at])].all.map(\.other).filter { !index.isSupported(slots[at], $0) }
        }
    }
}

/// Messages to be compared, by slot.
struct PendingSearches: Sendable {
    private var pending = SlotSet()
    /// Those of a search that has begun, and how many of them are done; anything new or gone begins it anew.
    private var ordered: [Int32] = []
    private var done = 0

    var count: Int { pending.count }

    mutating func add(_ slot: Int32) { if pending.insert(slot) { (ordered, done) = ([], 0) } }

    mutating func drop(_ slot: Int32) {
        (ordered, done) = ([], 0)
        pending.remove(slot)
    }

    /// The next of those to be compared, each once, such as share much one after another: what they are compared with
    /// is then still near at hand. All stay pending until the last are done.
    mutating func next(_ most: Int, by nearness: @Sendable (Int32) -> UInt64) -> ArraySlice<Int32>? {
        guard count > 0 else {
            clear()
            return nil
        }
        if ordered.isEmpty { ordered = inOrder(by: nearness) }
        return ordered[done..<min(done + most, ordered.count)]
    }

    mutating func advance(by step: Int) -> (done: Int, total: Int) {
        done += step
        let state = (done: done, total: ordered.count)
        if done == ordered.count { clear() }
        return state
    }

    private func inOrder(by nearness: @Sendable (Int32) -> UInt64) -> [Int32] {
        let open = pending.slots
        var marked = Parallel.map(open.count, scratch: {}) { at, _ in (nearness: nearness(open[at]), slot: open[at]) }
        marked.sort { ($0.nearness, $0.slot) < ($1.nearness, $1.slot) }
        return marked.indices.filter { $0 == 0 || marked[$0].slot != marked[$0 - 1].slot }.map { marked[$0].slot }
    }

    @inline(__always)
    func contains(_ slot: Int32) -> Bool { pending.contains(slot) }

    mutating func clear() {
        pending.removeAll()
        (ordered, done) = ([], 0)
    }
}
