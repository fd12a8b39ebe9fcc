/// The keys of each message, all in one array, by slot.
struct MessageKeys: Sendable {
    private var words: [UInt32] = []
    private var starts: [Int] = []
    private var counts: [UInt16] = []
    /// Words of messages that are gone.
    private var unused = 0

    /// Gives a slot without keys those of several shards, one after another.
    mutating func set(_ slot: Int32, _ parts: some Sequence<ArraySlice<UInt32>>) {
        while starts.count <= Int(slot) {
            starts.append(0)
            counts.append(0)
        }
        starts[Int(slot)] = words.count
        for part in parts { words.append(contentsOf: part) }
        counts[Int(slot)] = UInt16(words.count - starts[Int(slot)])
    }

    mutating func remove(_ slot: Int32) {
        unused += Int(counts[Int(slot)])
        counts[Int(slot)] = 0
        // So that the array never is twice as long as it need be.
        if unused * 2 > words.count { pack() }
    }

    private mutating func pack() {
        var packed: [UInt32] = []
        packed.reserveCapacity(words.count - unused)
        for slot in starts.indices {
            let held = words[starts[slot]..<starts[slot] + Int(counts[slot])]
            starts[slot] = packed.count
            packed.append(contentsOf: held)
        }
        (words, unused) = (packed, 0)
    }

    /// Calls with the keys of a slot.
    @inline(__always)
    func with<T>(_ slot: Int32, _ body: (UnsafeBufferPointer<UInt32>) -> T) -> T {
        let start = starts[Int(slot)]
        return words.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[start..<start + Int(counts[Int(slot)])]))
        }
    }

    subscript(slot: Int32) -> [UInt32] { with(slot) { Array($0) } }
}
