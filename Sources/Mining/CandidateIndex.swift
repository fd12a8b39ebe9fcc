/// Something two messages may share, and how telling that is: 28 bits of a hash, and a level of 0…15 bits of rarity.
/// Equal keys have equal levels.
struct CandidateKey: Sendable, Equatable {
    let word: UInt32
    static let levelMax: UInt32 = 15

    init(word: UInt32) { self.word = word }

    init(_ identity: UInt64, level: UInt32) {
        word = UInt32(truncatingIfNeeded: Grams.mix(identity) >> 36) << 4 | min(level, Self.levelMax)
    }

    @inline(__always) var level: UInt16 { UInt16(word & 15) }
}

/// Which messages are worth comparing: those that share telling keys. Never all pairs.
///
/// A key that few share joins all who have it. A key that many share joins each to its *anchors* only: the messages
/// with the smallest hash of their identifier, a sample that does not depend on the order of arrival (bottom-k, Cohen
/// 1997). So work grows with messages, not with their square, and a problem of thousands still holds together.
struct CandidateIndex {
    /// Anchors of a key.
    static let anchorsMax = 24
    /// Levels of shared keys, summed, from which a pair is compared.
    static let supportMin: UInt16 = 14

    /// Keys are dealt to a few shards by their hash, so that each core can add to some of them.
    private var shards = [KeyShard](repeating: KeyShard(), count: 1 << Self.shardBits)
    private static let shardBits = 2
    /// By slot: order of the message among others of its key.
    private var hashes: [UInt64] = []
    /// By slot: shard and posting (28 bits) and level of its keys, ascending.
    private var keys = MessageKeys()

    /// Where one search counts; each core has its own.
    struct Scratch {
        /// By slot: the sum of the levels so far, as far as it counts; zero between searches. A byte each, for these
        /// are what a search looks up most.
        fileprivate var support: [UInt8] = []
        /// Those met, each once, in no array that grows: whether one is new then needs no branch.
        fileprivate var met: [Int32] = []
        fileprivate var found: [Int32] = []
        fileprivate var heads: [Int32] = []
        fileprivate var lists: [AnchorLists.Looked] = []

        fileprivate mutating func begin(_ slots: Int) {
            found.removeAll(keepingCapacity: true)
            guard support.count < slots else { return }
            support += repeatElement(0, count: slots - support.count)
            met = [Int32](unsafeUninitializedCapacity: slots + 1) { $1 = slots + 1 }
        }
    }

    /// A message to be added.
    struct Entry: Sendable {
        let slot: Int32
        let id: Int64
        /// All different.
        let keys: [CandidateKey]
    }

    /// Adds messages, whose slots must be free, on all cores. Returns slots that stopped being anchors somewhere.
    mutating func insert(_ entries: [Entry]) -> [Int32] {
        for entry in entries {
            while hashes.count <= Int(entry.slot) { hashes.append(0) }
            hashes[Int(entry.slot)] = Grams.mix(UInt64(bitPattern: entry.id))
        }
        let added = addToShards(entries)
        keys.add(entries.map(\.slot)) { at in
            added.reduce(0) { $0 + $1.firsts[at + 1] - $1.firsts[at] }
        } fill: { at, keys in
            var keys = keys
            for part in added {
                for key in part.held[part.firsts[at]..<part.firsts[at + 1]] {
                    keys.pointee = key
                    keys += 1
                }
            }
        }
        return added.flatMap(\.ousted)
    }

    /// What came of adding messages to one shard.
    fileprivate struct Added: Sendable {
        var ousted: [Int32] = []
        /// Postings and levels, message by message, each ascending; and where each message's begin.
        var held: [UInt32] = []
        var firsts: [Int] = [0]
    }

    private mutating func addToShards(_ entries: [Entry]) -> [Added] {
        let hashes = hashes
        return shards.withUnsafeMutableBufferPointer { shards in
            // Each shard is changed by one core.
            nonisolated(unsafe) let base = shards.baseAddress
            return Parallel.map(shards.count, chunk: entries.count < Self.fewEntries ? shards.count : 1) { number in
                var added = Added()
                guard let base else { return added }
                for first in stride(from: 0, to: entries.count, by: Self.entriesAtOnce) {
                    base[number].insert(
                        entries[first..<min(entries.count, first + Self.entriesAtOnce)], number, hashes, &added)
                }
                return added
            }
        }
    }

    /// So few are added sooner than handed out.
    private static let fewEntries = 16
    /// Messages whose keys are looked up before any of them is added, so that one need not wait for another's memory.
    private static let entriesAtOnce = 8

    /// The first bits of a key are its hash.
    fileprivate static func shard(of key: CandidateKey) -> Int { Int(key.word >> UInt32(32 - shardBits)) }

    @inline(__always)
    private static func split(_ key: UInt32) -> (shard: Int, posting: Int, level: UInt16) {
        (Int(key >> 30), Int(key >> 4 & (1 << 26 - 1)), UInt16(key & 15))
    }

    /// Takes a message out. Returns slots that became anchors somewhere.
    mutating func remove(slot: Int32) -> [Int32] {
        var promoted: [Int32] = []
        for key in keys[slot] {
            let (shard, posting, _) = Self.split(key)
            if let chosen = shards[shard].remove(slot, from: posting, hashes) { promoted.append(chosen) }
        }
        keys.remove(slot)
        return promoted
    }

    /// Messages that share enough with this one.
    ///
    /// Of two messages the one with the smaller hash is an anchor of every key that both have and either is an anchor
    /// of. So a search before itself and one after itself find all, and where all are searched for the first is enough.
    /// - Parameter isBoth: false to leave out those with a larger hash.
    func candidates(of slot: Int32, isBoth: Bool = true, _ scratch: inout Scratch) -> [Int32] {
        scratch.begin(hashes.count)
        // Heads of all keys are read before any is judged, and all lists looked up before the anchors of any are, so
        // that one need not wait for another's memory.
        scratch.heads.removeAll(keepingCapacity: true)
        scratch.lists.removeAll(keepingCapacity: true)
        keys.with(slot) { keys in
            shards.withUnsafeBufferPointer { shards in
                for key in keys {
                    let (shard, posting, _) = Self.split(key)
                    scratch.heads.append(shards[shard].head(posting))
                }
            }
            for (key, head) in zip(keys, scratch.heads) {
                let (shard, _, level) = Self.split(key)
                guard level > 0, let number = KeyShard.list(of: head) else { continue }
                scratch.lists.append((shard: shard, number: number, level: level))
            }
        }
        let glance = shards.indices.reduce(UInt32(0)) { $0 | shards[$1].lists.glance(scratch.lists, in: $1) }
        guard glance < UInt32.max else { return [] }
        count(slot, isBoth: isBoth, &scratch)
        return scratch.found
    }

    private func count(_ slot: Int32, isBoth: Bool, _ scratch: inout Scratch) {
        scratch.support.withUnsafeMutableBufferPointer { support in
            scratch.met.withUnsafeMutableBufferPointer { met in
                var count = 0
                shards.withUnsafeBufferPointer { shards in
                    for (shard, number, level) in scratch.lists {
                        let level = UInt8(level)
                        shards[shard].lists.visit(number, slot, isBoth: isBoth) { other in
                            let before = support[Int(other)]
                            met[count] = other
                            count &+= before == 0 ? 1 : 0
                            support[Int(other)] = min(before &+ level, UInt8(Self.supportMin))
                        }
                    }
                }
                var kept = 0
                for at in 0..<count {
                    let other = met[at]
                    met[kept] = other
                    kept &+= support[Int(other)] == Self.supportMin ? 1 : 0
                    support[Int(other)] = 0
                }
                scratch.found.append(contentsOf: met[..<kept])
            }
        }
    }

    /// Whether the first comes before the second among the anchors of every key.
    @inline(__always)
    func isBefore(_ first: Int32, _ second: Int32) -> Bool {
        (hashes[Int(first)], first) < (hashes[Int(second)], second)
    }

    /// Equal for most messages that share most keys: the smallest hashes, in two ways (Broder 1997), of their keys that
    /// others have too; of the telling ones where there are any.
    func nearness(of slot: Int32) -> UInt64 {
        var (first, second) = (UInt32.max, UInt32.max)
        keys.with(slot) { keys in
            for key in keys {
                let (shard, posting, level) = Self.split(key)
                guard shards[shard].list(posting) != nil else { continue }
                let common: UInt32 = level < Self.tellingLevel ? 1 << 31 : 0
                first = min(first, common | (key >> 4) &* 0x9E37_79B1 >> 1)
                second = min(second, common | (key >> 4) &* 0x85EB_CA6B >> 1)
            }
        }
        return UInt64(first) << 32 | UInt64(second)
    }

    private static let tellingLevel: UInt16 = 9

    /// Whether the two still share enough; the same answer as `candidates` gives.
    func isSupported(_ first: Int32, _ second: Int32) -> Bool {
        var total: UInt16 = 0
        keys.with(first) { mine in
            keys.with(second) { theirs in
                var (i, j) = (0, 0)
                while i < mine.count, j < theirs.count {
                    let (left, right) = (mine[i], theirs[j])
                    if left == right { total += support(of: left, first, second) }
                    i += left <= right ? 1 : 0
                    j += right <= left ? 1 : 0
                }
            }
        }
        return total >= Self.supportMin
    }

    /// What a key that both have adds to their support: nothing where neither is an anchor.
    private func support(of key: UInt32, _ first: Int32, _ second: Int32) -> UInt16 {
        let (shard, posting, level) = Self.split(key)
        guard let list = shards[shard].list(posting) else { return 0 }
        return shards[shard].lists.joins(first, second, in: list) ? level : 0
    }
}

/// Some of the keys, and who has them.
private struct KeyShard: Sendable {
    private var table = KeyTable()
    /// By posting: its only member, `nobody`, or, from −2 down, where in `lists` its members are. Most keys come once.
    private var heads: [Int32] = []
    private(set) var lists = AnchorLists()
    private static let nobody: Int32 = -1

    /// Where in `lists` the members are, where there are several.
    @inline(__always)
    func list(_ posting: Int) -> Int? { Self.list(of: heads[posting]) }

    @inline(__always)
    func head(_ posting: Int) -> Int32 { heads[posting] }

    @inline(__always)
    static func list(of head: Int32) -> Int? { head < nobody ? Int(-2 - head) : nil }

    /// Adds messages, and notes the postings of those of their keys that are this shard's. All keys are looked up
    /// before anything is added to any, and all lists are looked at, so that one need not wait for another's memory.
    mutating func insert(
        _ entries: ArraySlice<CandidateIndex.Entry>, _ number: Int, _ hashes: [UInt64],
        _ added: inout CandidateIndex.Added
    ) {
        var mine: [(key: CandidateKey, slot: Int32)] = []
        for entry in entries {
            for key in entry.keys where CandidateIndex.shard(of: key) == number { mine.append((key, entry.slot)) }
        }
        guard table.glance(mine.lazy.map(\.key.word)) < UInt32.max else { return }
        let postings = mine.map { Int(table.place(of: $0.key.word)) }
        while heads.count < table.count { heads.append(Self.nobody) }
        let known = postings.map { heads[$0] }
        guard lists.glance(known.compactMap(Self.list(of:))) < UInt32.max else { return }
        var at = 0
        for entry in entries {
            while at < mine.count, mine[at].slot == entry.slot {
                add(entry.slot, to: postings[at], hashes, &added.ousted)
                added.held.append(UInt32(number) << 30 | UInt32(postings[at]) << 4 | mine[at].key.word & 15)
                at += 1
            }
            let first = added.firsts.last ?? 0
            // In place; a slice would be copied.
            added.held.withUnsafeMutableBufferPointer { held in
                var fresh = UnsafeMutableBufferPointer(rebasing: held[first...])
                fresh.sort()
            }
            added.firsts.append(added.held.count)
        }
    }

    private mutating func add(_ slot: Int32, to posting: Int, _ hashes: [UInt64], _ ousted: inout [Int32]) {
        let head = heads[posting]
        if head == Self.nobody {
            heads[posting] = slot
            return
        }
        let number = head < 0 ? Int(-2 - head) : lists.add(head)
        if head >= 0 { heads[posting] = Int32(-2 - number) }
        if let out = lists.insert(slot, into: number, hashes), out != slot { ousted.append(out) }
    }

    /// Returns who became an anchor instead.
    mutating func remove(_ slot: Int32, from posting: Int, _ hashes: [UInt64]) -> Int32? {
        if heads[posting] == slot { heads[posting] = Self.nobody }
        return list(posting).flatMap { lists.remove(slot, from: $0, hashes) }
    }
}

/// Numbers the keys in the order they are first met, by open addressing. Forgets none: what came once comes again.
private struct KeyTable: Sendable {
    private static let free: Int32 = -1
    /// A key and its number, side by side: one look at memory.
    private struct Place {
        var word: UInt32 = 0
        var number = free
    }
    private var places = [Place](repeating: Place(), count: 1 << 12)
    private(set) var count = 0

    mutating func place(of word: UInt32) -> Int32 {
        let at = find(word)
        if places[at].number != Self.free { return places[at].number }
        places[at] = Place(word: word, number: Int32(count))
        count += 1
        // Two thirds full at most.
        if count * 3 > places.count * 2 { grow() }
        return Int32(count - 1)
    }

    /// Brings the places of keys near; returns nothing of interest, which the compiler can't know.
    func glance(_ words: some Sequence<UInt32>) -> UInt32 {
        words.reduce(0) { $0 &+ places[start(of: $1)].word & 1 }
    }

    /// Where to begin to look for a key.
    private func start(of word: UInt32) -> Int {
        // The upper bits of a key are a hash already; its level is not.
        Int(truncatingIfNeeded: (UInt64(word) &* 0x9E37_79B9_7F4A_7C15) >> 24) & (places.count - 1)
    }

    private func find(_ word: UInt32) -> Int {
        let mask = places.count - 1
        var at = start(of: word)
        while places[at].number != Self.free, places[at].word != word { at = (at + 1) & mask }
        return at
    }

    private mutating func grow() {
        let old = places
        places = [Place](repeating: Place(), count: old.count * 2)
        for place in old where place.number != Self.free { places[find(place.word)] = place }
    }
}
