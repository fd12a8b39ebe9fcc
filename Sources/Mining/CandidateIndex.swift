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
    private var postings: [UInt32: Postings] = [:]
    /// By slot: order of the message among others of its key.
    private var hashes: [UInt64] = []
    private var keys: [[CandidateKey]] = []
    private var support: [UInt16] = []

    /// Adds a message; its slot must be free. Returns slots that stopped being anchors somewhere.
    mutating func insert(slot: Int32, id: Int64, keys new: [CandidateKey]) -> [Int32] {
        while hashes.count <= Int(slot) {
            hashes.append(0)
            keys.append([])
            support.append(0)
        }
        hashes[Int(slot)] = Grams.mix(UInt64(bitPattern: id))
        var unique: [CandidateKey] = []
        for key in new where !unique.contains(where: { $0.hash == key.hash }) { unique.append(key) }
        keys[Int(slot)] = unique
        var ousted: [Int32] = []
        for key in unique {
            let at = postings[key.hash].map { place(slot, in: $0.anchors) } ?? 0
            let out = postings[key.hash, default: Postings()].insert(slot, at: at)
            if let out, out != slot { ousted.append(out) }
        }
        return ousted
    }

    /// Takes a message out. Returns slots that became anchors somewhere.
    mutating func remove(slot: Int32) -> [Int32] {
        var promoted: [Int32] = []
        for key in keys[Int(slot)] {
            guard var list = postings.removeValue(forKey: key.hash) else { continue }
            if let at = list.rest.firstIndex(of: slot) {
                list.rest.remove(at: at)
            } else if let at = list.anchors.firstIndex(of: slot) {
                list.anchors.remove(at: at)
                if let next = list.rest.indices.min(by: { isBefore(list.rest[$0], list.rest[$1]) }) {
                    let chosen = list.rest.remove(at: next)
                    list.anchors.insert(chosen, at: place(chosen, in: list.anchors))
                    promoted.append(chosen)
                }
            }
            if !list.anchors.isEmpty { postings[key.hash] = list }
        }
        keys[Int(slot)] = []
        return promoted
    }

    /// Messages that share enough with this one.
    mutating func candidates(of slot: Int32) -> [Int32] {
        var touched: [Int32] = []
        for key in keys[Int(slot)] {
            guard let list = postings[key.hash] else { continue }
            func count(_ other: Int32) {
                if other == slot { return }
                if support[Int(other)] == 0 { touched.append(other) }
                support[Int(other)] &+= UInt16(key.weight)
            }
            list.anchors.forEach(count)
            if !list.rest.isEmpty, isAnchor(slot, list) { list.rest.forEach(count) }
        }
        let found = touched.filter { support[Int($0)] >= UInt16(Self.supportMin) }
        for other in touched { support[Int(other)] = 0 }
        return found
    }

    /// Whether the two still share enough; the same answer as `candidates` gives.
    func isSupported(_ first: Int32, _ second: Int32) -> Bool {
        var total = 0
        for key in keys[Int(first)] where keys[Int(second)].contains(where: { $0.hash == key.hash }) {
            guard let list = postings[key.hash] else { continue }
            if list.rest.isEmpty || isAnchor(first, list) || isAnchor(second, list) { total += Int(key.weight) }
        }
        return total >= Self.supportMin
    }

    private func isAnchor(_ slot: Int32, _ list: Postings) -> Bool {
        guard !list.rest.isEmpty, let last = list.anchors.last else { return true }
        return !isBefore(last, slot)
    }

    private func isBefore(_ left: Int32, _ right: Int32) -> Bool {
        (hashes[Int(left)], left) < (hashes[Int(right)], right)
    }

    private func place(_ slot: Int32, in anchors: [Int32]) -> Int {
        var (low, high) = (0, anchors.count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(anchors[middle], slot) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension CandidateIndex.Postings {
    /// Returns who is no anchor now: an old anchor, the new message itself, or nobody.
    fileprivate mutating func insert(_ slot: Int32, at place: Int) -> Int32? {
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
}
