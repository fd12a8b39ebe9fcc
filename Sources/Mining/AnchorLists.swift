/// Messages by key: the anchors of each, and the rest. Anchors lie in blocks of one array, so that a list of a few
/// costs no memory of its own and is one step away.
struct AnchorLists: Sendable {
    private struct List {
        /// Where its block begins.
        var start: Int32
        /// Once there are as many anchors as there may be: the first half of the hash of the last, so that most others
        /// are turned away without a look at the anchors.
        var last = UInt32.max
        /// The end of those beyond the anchors.
        var rest = MemberChunks.none
        var count: UInt8
        /// The block holds twice as many as 2 to this power.
        var size: UInt8 = 0
    }
    private var lists: [List] = []
    /// Those beyond the anchors of all lists, in no order.
    private var rests = MemberChunks()
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
        if isFull {
            let mine = UInt32(hashes[Int(slot)] >> 32)
            let isLate =
                mine > lists[number].last
                || (mine == lists[number].last && !Self.isBefore(slot, blocks[start + count - 1], hashes))
            if isLate {
                rests.append(slot, to: &lists[number].rest)
                return slot
            }
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
        if let out { rests.append(out, to: &lists[number].rest) }
        noteLast(number, hashes)
        return out
    }

    private mutating func noteLast(_ number: Int, _ hashes: [UInt64]) {
        let (start, count) = (Int(lists[number].start), Int(lists[number].count))
        let isFull = count == CandidateIndex.anchorsMax
        lists[number].last = isFull ? UInt32(hashes[Int(blocks[start + count - 1])] >> 32) : .max
    }

    /// Returns who became an anchor instead.
    mutating func remove(_ slot: Int32, from number: Int, _ hashes: [UInt64]) -> Int32? {
        if rests.remove(slot, from: &lists[number].rest) { return nil }
        defer { noteLast(number, hashes) }
        let (start, count) = (Int(lists[number].start), Int(lists[number].count))
        guard let gone = (0..<count).first(where: { blocks[start + $0] == slot }) else { return nil }
        for at in gone..<count - 1 { blocks[start + at] = blocks[start + at + 1] }
        var next: Int32?
        rests.visit(lists[number].rest) { other in
            if next.map({ Self.isBefore(other, $0, hashes) }) ?? true { next = other }
        }
        guard let next, rests.remove(next, from: &lists[number].rest) else {
            lists[number].count -= 1
            return nil
        }
        blocks[start + count - 1] = next
        return next
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

    /// A list that was looked up, and the level of its key.
    typealias Looked = (shard: Int, number: Int, level: UInt16)

    /// Brings the anchors of lists near; returns nothing of interest, which the compiler can't know.
    func glance(_ looked: [Looked], in shard: Int) -> UInt32 {
        looked.reduce(0) { $1.shard == shard ? $0 &+ glance($1.number) : $0 }
    }

    func glance(_ numbers: [Int]) -> UInt32 { numbers.reduce(0) { $0 &+ glance($1) } }

    @inline(__always)
    private func glance(_ number: Int) -> UInt32 {
        let start = Int(lists[number].start)
        // Anchors may lie on two lines; a list whose members are all gone still has its block.
        return UInt32(blocks[start] & 1) &+ UInt32(blocks[start + max(1, Int(lists[number].count)) - 1] & 1)
    }

    /// Calls with each anchor whose hash is smaller than a member's; and, where it is an anchor itself, with those
    /// whose hash is larger, if asked for.
    @inline(__always)
    func visit(_ number: Int, _ slot: Int32, isBoth: Bool, _ body: (Int32) -> Void) {
        let (start, count) = (Int(lists[number].start), Int(lists[number].count))
        let isAnchor = blocks.withUnsafeBufferPointer { blocks in
            var at = start
            while at < start + count, blocks[at] != slot {
                body(blocks[at])
                at += 1
            }
            guard isBoth, at < start + count else { return false }
            for later in at + 1..<start + count { body(blocks[later]) }
            return true
        }
        if isAnchor { rests.visit(lists[number].rest, body) }
    }

    /// Whether one of two members is an anchor, or all are.
    func joins(_ first: Int32, _ second: Int32, in number: Int) -> Bool {
        if lists[number].rest == MemberChunks.none { return true }
        let start = Int(lists[number].start)
        return blocks.withUnsafeBufferPointer { blocks in
            blocks[start..<start + Int(lists[number].count)].contains { $0 == first || $0 == second }
        }
    }
}
