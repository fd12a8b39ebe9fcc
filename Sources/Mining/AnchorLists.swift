/// Messages by key: the anchors of each, and the rest. Anchors lie in blocks of one array, so that a list of a few
/// costs no memory of its own and is one step away.
struct AnchorLists: Sendable {
    private struct List {
        /// Where its block begins.
        var start: Int32
        var count: UInt8
        /// The block holds twice as many as 2 to this power.
        var size: UInt8 = 0
        /// Those beyond the anchors, in no order.
        var rest: [Int32] = []
    }
    private var lists: [List] = []
    /// Anchors of all lists; in each block ascending by (hash, slot).
    private var blocks: [Int32] = []
    /// Blocks that are free, by size.
    private var free = [[Int32]](repeating: [], count: Self.sizes)
    private static let sizes = 5

    private static func room(_ size: UInt8) -> Int { 2 << Int(size) }

    /// A list of one; returns its number.
    mutating func add(_ slot: Int32) -> Int {
        let start = block(0)
        blocks[Int(start)] = slot
        lists.append(List(start: start, count: 1))
        return lists.count - 1
    }

    private mutating func block(_ size: UInt8) -> Int32 {
        if let start = free[Int(size)].popLast() { return start }
        let start = Int32(blocks.count)
        blocks.append(contentsOf: repeatElement(0, count: Self.room(size)))
        return start
    }

    /// Returns who is no anchor now: an old anchor, the new message itself, or nobody.
    mutating func insert(_ slot: Int32, into number: Int, _ hashes: [UInt64]) -> Int32? {
        var (start, count) = (Int(lists[number].start), Int(lists[number].count))
        let isFull = count == CandidateIndex.anchorsMax
        if isFull, !Self.isBefore(slot, blocks[start + count - 1], hashes) {
            lists[number].rest.append(slot)
            return slot
        }
        if !isFull, count == Self.room(lists[number].size) {
            let larger = Int(block(lists[number].size + 1))
            for at in 0..<count { blocks[larger + at] = blocks[start + at] }
            free[Int(lists[number].size)].append(Int32(start))
            lists[number].size += 1
            lists[number].start = Int32(larger)
            start = larger
        }
        let place = place(of: slot, start, count, hashes)
        let out = isFull ? blocks[start + count - 1] : nil
        if !isFull { count += 1 }
        for at in stride(from: count - 1, to: place, by: -1) { blocks[start + at] = blocks[start + at - 1] }
        blocks[start + place] = slot
        lists[number].count = UInt8(count)
        if let out { lists[number].rest.append(out) }
        return out
    }

    /// Returns who became an anchor instead.
    mutating func remove(_ slot: Int32, from number: Int, _ hashes: [UInt64]) -> Int32? {
        if let at = lists[number].rest.firstIndex(of: slot) {
            lists[number].rest.swapAt(at, lists[number].rest.count - 1)
            lists[number].rest.removeLast()
            return nil
        }
        let (start, count) = (Int(lists[number].start), Int(lists[number].count))
        guard let gone = (0..<count).first(where: { blocks[start + $0] == slot }) else { return nil }
        for at in gone..<count - 1 { blocks[start + at] = blocks[start + at + 1] }
        let rest = lists[number].rest
        guard let next = rest.indices.min(by: { Self.isBefore(rest[$0], rest[$1], hashes) }) else {
            lists[number].count -= 1
            return nil
        }
        lists[number].rest.swapAt(next, rest.count - 1)
        lists[number].rest.removeLast()
        blocks[start + count - 1] = rest[next]
        return rest[next]
    }

    private static func isBefore(_ first: Int32, _ second: Int32, _ hashes: [UInt64]) -> Bool {
        (hashes[Int(first)], first) < (hashes[Int(second)], second)
    }

    /// Where a message stands, or would stand, among the anchors.
    private func place(of slot: Int32, _ start: Int, _ count: Int, _ hashes: [UInt64]) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if Self.isBefore(blocks[start + middle], slot, hashes) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Calls with the anchors whose hash is smaller than a member's.
    @inline(__always)
    func visitBefore(_ number: Int, _ slot: Int32, _ body: (UnsafeBufferPointer<Int32>) -> Void) {
        blocks.withUnsafeBufferPointer { blocks in
            let start = Int(lists[number].start)
            let anchors = UnsafeBufferPointer(rebasing: blocks[start..<start + Int(lists[number].count)])
            body(UnsafeBufferPointer(rebasing: anchors[..<(anchors.firstIndex(of: slot) ?? anchors.count)]))
        }
    }

    /// Calls with those whose hash is larger than a member's, where it is an anchor: other anchors, then the rest.
    @inline(__always)
    func visitAfter(_ number: Int, _ slot: Int32, _ body: (UnsafeBufferPointer<Int32>) -> Void) {
        let isAnchor = blocks.withUnsafeBufferPointer { blocks in
            let start = Int(lists[number].start)
            let anchors = UnsafeBufferPointer(rebasing: blocks[start..<start + Int(lists[number].count)])
            guard let place = anchors.firstIndex(of: slot) else { return false }
            body(UnsafeBufferPointer(rebasing: anchors[(place + 1)...]))
            return true
        }
        if isAnchor { lists[number].rest.withUnsafeBufferPointer(body) }
    }

    /// Whether one of two members is an anchor, or all are.
    func joins(_ first: Int32, _ second: Int32, in number: Int) -> Bool {
        if lists[number].rest.isEmpty { return true }
        let start = Int(lists[number].start)
        return blocks.withUnsafeBufferPointer { blocks in
            blocks[start..<start + Int(lists[number].count)].contains { $0 == first || $0 == second }
        }
    }
}
