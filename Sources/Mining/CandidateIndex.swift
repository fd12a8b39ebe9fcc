/// Which messages are worth comparing: those that share telling keys. Never all pairs.
///
/// A key that few share joins all who have it. A key that many share joins each to its *anchors* only: the messages
/// with the smallest hash of their identifier, a sample that does not depend on the order of arrival (bottom-k, Cohen
/// 1997). So work grows with messages, not with their square, and a problem of thousands still holds together.
struct CandidateIndex {
    /// Anchors of a key.
    static let anchorsMax = 48
    /// Weight of shared keys, in sixteenths of a bit, from which a pair is compared.
    static let supportMin = 300

    fileprivate struct Postings {
        /// Ascending by (hash, slot); all members while there are few.
        var anchors: [Int32] = []
        var rest: [Int32] = []
    }

    private struct Held {
        /// Where the key's postings lie; equal for equal keys.
        let posting: Int32
        let weight: UInt8
    }

    private var table = KeyTable()
    private var postings: [Postings] = []
    /// By slot: order of the message among others of its key.
    private var hashes: [UInt64] = []
    private var keys: [[Held]] = []

    /// Where one search counts; each core has its own.
    struct Scratch {
        fileprivate var support: [UInt16] = []
        fileprivate var touched: [Int32] = []
    }

    /// Adds a message; its slot must be free. Returns slots that stopped being anchors somewhere.
    mutating func insert(slot: Int32, id: Int64, keys new: [CandidateKey]) -> [Int32] {
        while hashes.count <= Int(slot) {
            hashes.append(0)
            keys.append([])
        }
        hashes[Int(slot)] = Grams.mix(UInt64(bitPattern: id))
        var held: [Held] = []
        held.reserveCapacity(new.count)
        var ousted: [Int32] = []
        for key in new {
            let posting = table.place(of: key.hash)
            if Int(posting) == postings.count { postings.append(Postings()) }
            if postings[Int(posting)].contains(slot, hashes) { continue }
            held.append(Held(posting: posting, weight: key.weight))
            if let out = postings[Int(posting)].insert(slot, hashes), out != slot { ousted.append(out) }
        }
        keys[Int(slot)] = held
        return ousted
    }

    /// Takes a message out. Returns slots that became anchors somewhere.
    mutating func remove(slot: Int32) -> [Int32] {
        var promoted: [Int32] = []
        for key in keys[Int(slot)] {
            if let chosen = postings[Int(key.posting)].remove(slot, hashes) { promoted.append(chosen) }
        }
        keys[Int(slot)] = []
        return promoted
    }

    /// Messages that share enough with this one.
    func candidates(of slot: Int32, _ scratch: inout Scratch) -> [Int32] {
        if scratch.support.count < hashes.count {
            scratch.support += repeatElement(0, count: hashes.count - scratch.support.count)
        }
        scratch.touched.removeAll(keepingCapacity: true)
        for key in keys[Int(slot)] {
            let list = postings[Int(key.posting)]
            count(list.anchors, slot, key.weight, &scratch)
            if !list.rest.isEmpty, isAnchor(slot, list) { count(list.rest, slot, key.weight, &scratch) }
        }
        let found = scratch.touched.filter { scratch.support[Int($0)] >= UInt16(Self.supportMin) }
        for other in scratch.touched { scratch.support[Int(other)] = 0 }
        return found
    }

    private func count(_ others: [Int32], _ slot: Int32, _ weight: UInt8, _ scratch: inout Scratch) {
        for other in others where other != slot {
            if scratch.support[Int(other)] == 0 { scratch.touched.append(other) }
            scratch.support[Int(other)] += UInt16(weight)
        }
    }

    /// Whether the two still share enough; the same answer as `candidates` gives.
    func isSupported(_ first: Int32, _ second: Int32) -> Bool {
        var total = 0
        for key in keys[Int(first)] where keys[Int(second)].contains(where: { $0.posting == key.posting }) {
            let list = postings[Int(key.posting)]
            if list.rest.isEmpty || isAnchor(first, list) || isAnchor(second, list) { total += Int(key.weight) }
        }
        return total >= Self.supportMin
    }

    private func isAnchor(_ slot: Int32, _ list: Postings) -> Bool {
        guard !list.rest.isEmpty, let last = list.anchors.last else { return true }
        return (hashes[Int(slot)], slot) <= (hashes[Int(last)], last)
    }
}

extension CandidateIndex.Postings {
    fileprivate func contains(_ slot: Int32, _ hashes: [UInt64]) -> Bool {
        let place = place(of: slot, hashes)
        return place < anchors.count ? anchors[place] == slot : rest.last == slot
    }

    /// Returns who is no anchor now: an old anchor, the new message itself, or nobody.
    fileprivate mutating func insert(_ slot: Int32, _ hashes: [UInt64]) -> Int32? {
        let place = place(of: slot, hashes)
        if place >= CandidateIndex.anchorsMax {
            rest.append(slot)
            return slot
        }
        anchors.insert(slot, at: place)
        guard anchors.count > CandidateIndex.anchorsMax else { return nil }
        let out = anchors.removeLast()
        rest.append(out)
        return out
    }

    /// Returns who became an anchor instead.
    fileprivate mutating func remove(_ slot: Int32, _ hashes: [UInt64]) -> Int32? {
        if let at = rest.firstIndex(of: slot) {
            rest.swapAt(at, rest.count - 1)
            rest.removeLast()
            return nil
        }
        guard let at = anchors.firstIndex(of: slot) else { return nil }
        anchors.remove(at: at)
        let next = rest.indices.min { (hashes[Int(rest[$0])], rest[$0]) < (hashes[Int(rest[$1])], rest[$1]) }
        guard let next else { return nil }
        let chosen = rest[next]
        rest.swapAt(next, rest.count - 1)
        rest.removeLast()
        anchors.append(chosen)
        return chosen
    }

    /// Where a message stands, or would stand, among the anchors.
    private func place(of slot: Int32, _ hashes: [UInt64]) -> Int {
        let mine = (hashes[Int(slot)], slot)
        var (low, high) = (0, anchors.count)
        while low < high {
            let middle = (low + high) / 2
            let other = anchors[middle]
            if (hashes[Int(other)], other) < mine { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Numbers the keys in the order they are first met, by open addressing. Forgets none: what came once comes again.
private struct KeyTable {
    private static let free: Int32 = -1
    private var hashes = [UInt32](repeating: 0, count: 1 << 12)
    private var places = [Int32](repeating: free, count: 1 << 12)
    private var count: Int32 = 0

    mutating func place(of hash: UInt32) -> Int32 {
        let at = find(hash)
        if places[at] != Self.free { return places[at] }
        hashes[at] = hash
        places[at] = count
        count += 1
        // Half full at most.
        if Int(count) * 2 > places.count { grow() }
        return count - 1
    }

    private func find(_ hash: UInt32) -> Int {
        let mask = places.count - 1
        var at = Int(truncatingIfNeeded: Grams.mix(UInt64(hash))) & mask
        while places[at] != Self.free, hashes[at] != hash { at = (at + 1) & mask }
        return at
    }

    private mutating func grow() {
        let (oldHashes, oldPlaces) = (hashes, places)
        hashes = [UInt32](repeating: 0, count: oldHashes.count * 2)
        places = [Int32](repeating: Self.free, count: oldPlaces.count * 2)
        for (hash, place) in zip(oldHashes, oldPlaces) where place != Self.free {
            let at = find(hash)
            (hashes[at], places[at]) = (hash, place)
        }
    }
}
