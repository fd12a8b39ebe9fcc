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
    static let anchorsMax = 32
    /// Levels of shared keys, summed, from which a pair is compared.
    static let supportMin: UInt16 = 14

    private var table = KeyTable()
    /// By posting: its only member, `nobody`, or, from −2 down, where in `lists` its members are. Most keys come once.
    private var heads: [Int32] = []
    private var lists = AnchorLists()
    private static let nobody: Int32 = -1
    /// By slot: order of the message among others of its key.
    private var hashes: [UInt64] = []
    /// By slot: postings (28 bits) and levels, ascending.
    private var keys: [[UInt32]] = []

    /// Where one search counts; each core has its own.
    struct Scratch {
        fileprivate var support: [UInt16] = []
        fileprivate var touched: [Int32] = []
    }

    /// Adds a message; its slot must be free, its keys different. Returns slots that stopped being anchors somewhere.
    mutating func insert(slot: Int32, id: Int64, keys new: [CandidateKey]) -> [Int32] {
        while hashes.count <= Int(slot) {
            hashes.append(0)
            keys.append([])
        }
        hashes[Int(slot)] = Grams.mix(UInt64(bitPattern: id))
        var held: [UInt32] = []
        held.reserveCapacity(new.count)
        var ousted: [Int32] = []
        for key in new {
            let posting = Int(table.place(of: key.word))
            held.append(UInt32(posting) << 4 | key.word & 15)
            if posting == heads.count {
                heads.append(slot)
            } else if heads[posting] == Self.nobody {
                heads[posting] = slot
            } else {
                if heads[posting] >= 0 { heads[posting] = Int32(-2 - lists.add(heads[posting])) }
                if let out = lists.insert(slot, into: Int(-2 - heads[posting]), hashes), out != slot {
                    ousted.append(out)
                }
            }
        }
        held.sort()
        keys[Int(slot)] = held
        return ousted
    }

    /// Takes a message out. Returns slots that became anchors somewhere.
    mutating func remove(slot: Int32) -> [Int32] {
        var promoted: [Int32] = []
        for key in keys[Int(slot)] {
            let head = heads[Int(key >> 4)]
            if head == slot {
                heads[Int(key >> 4)] = Self.nobody
            } else if head < Self.nobody, let chosen = lists.remove(slot, from: Int(-2 - head), hashes) {
                promoted.append(chosen)
            }
        }
        keys[Int(slot)] = []
        return promoted
    }

    /// Messages that share enough with this one.
    ///
    /// Of two messages the one with the smaller hash is an anchor of every key that both have and either is an anchor
    /// of. So a search before itself and one after itself find all, and where all are searched for the first is enough.
    /// - Parameter isBoth: false to leave out those with a larger hash.
    func candidates(of slot: Int32, isBoth: Bool = true, _ scratch: inout Scratch) -> [Int32] {
        if scratch.support.count < hashes.count {
            scratch.support += repeatElement(0, count: hashes.count - scratch.support.count)
        }
        scratch.touched.removeAll(keepingCapacity: true)
        scratch.support.withUnsafeMutableBufferPointer { support in
            for key in keys[Int(slot)] {
                let head = heads[Int(key >> 4)]
                guard head < Self.nobody else { continue }
                lists.visitBefore(Int(-2 - head), slot) { others in
                    Self.count(others, UInt16(key & 15), support, &scratch.touched)
                }
                guard isBoth else { continue }
                lists.visitAfter(Int(-2 - head), slot) { others in
                    Self.count(others, UInt16(key & 15), support, &scratch.touched)
                }
            }
        }
        let found = scratch.touched.filter { scratch.support[Int($0)] >= Self.supportMin }
        for other in scratch.touched { scratch.support[Int(other)] = 0 }
        return found
    }

    @inline(__always)
    private static func count(
        _ others: UnsafeBufferPointer<Int32>, _ level: UInt16, _ support: UnsafeMutableBufferPointer<UInt16>,
        _ touched: inout [Int32]
    ) {
        for other in others {
            let sum = support[Int(other)]
            if sum == 0 { touched.append(other) }
            support[Int(other)] = sum &+ level
        }
    }

    /// Whether the first comes before the second among the anchors of every key.
    @inline(__always)
    func isBefore(_ first: Int32, _ second: Int32) -> Bool {
        (hashes[Int(first)], first) < (hashes[Int(second)], second)
    }

    /// Equal for most messages that share most keys: the smallest hash of their keys (Broder 1997), of those that were
    /// met first, for what came late is rarely shared.
    func nearness(of slot: Int32) -> UInt32 {
        let keys = keys[Int(slot)]
        return keys.prefix((keys.count + 1) / 2).reduce(UInt32.max) { min($0, ($1 >> 4) &* 0x9E37_79B1) }
    }

    /// Whether the two still share enough; the same answer as `candidates` gives.
    func isSupported(_ first: Int32, _ second: Int32) -> Bool {
        var total: UInt16 = 0
        keys[Int(first)].withUnsafeBufferPointer { mine in
            keys[Int(second)].withUnsafeBufferPointer { theirs in
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
        let head = heads[Int(key >> 4)]
        guard head < Self.nobody else { return 0 }
        return lists.joins(first, second, in: Int(-2 - head)) ? UInt16(key & 15) : 0
    }
}

/// Numbers the keys in the order they are first met, by open addressing. Forgets none: what came once comes again.
private struct KeyTable {
    private static let free: Int32 = -1
    private var words = [UInt32](repeating: 0, count: 1 << 12)
    private var places = [Int32](repeating: free, count: 1 << 12)
    private var count: Int32 = 0

    mutating func place(of word: UInt32) -> Int32 {
        let at = find(word)
        if places[at] != Self.free { return places[at] }
        words[at] = word
        places[at] = count
        count += 1
        // Two thirds full at most.
        if Int(count) * 3 > places.count * 2 { grow() }
        return count - 1
    }

    private func find(_ word: UInt32) -> Int {
        let mask = places.count - 1
        // The upper bits of a key are a hash already; its level is not.
        var at = Int(truncatingIfNeeded: (UInt64(word) &* 0x9E37_79B9_7F4A_7C15) >> 24) & mask
        while places[at] != Self.free, words[at] != word { at = (at + 1) & mask }
        return at
    }

    private mutating func grow() {
        let (oldWords, oldPlaces) = (words, places)
        words = [UInt32](repeating: 0, count: oldWords.count * 2)
        places = [Int32](repeating: Self.free, count: oldPlaces.count * 2)
        for (word, place) in zip(oldWords, oldPlaces) where place != Self.free {
            let at = find(word)
            (words[at], places[at]) = (word, place)
        }
    }
}
