/// The keys of each message, all in one array, by slot.
struct MessageKeys: Sendable {
    private var words: [UInt32] = []
    private var starts: [Int] = []
    private var counts: [UInt16] = []
    /// Words of messages that are gone.
    private var unused = 0

    /// Gives slots without keys theirs, on all cores.
    /// - Parameters:
    ///   - count: how many the slot at a position gets.
    ///   - fill: writes these.
    mutating func add(
        _ slots: [Int32], count: (Int) -> Int, fill: @Sendable (Int, UnsafeMutablePointer<UInt32>) -> Void
    ) {
        var end = words.count
        for (at, slot) in slots.enumerated() {
            while starts.count <= Int(slot) {
                starts.append(0)
                counts.append(0)
            }
            starts[Int(slot)] = end
            counts[Int(slot)] = UInt16(count(at))
            end += Int(counts[Int(slot)])
        }
        words.append(contentsOf: repeatElement(0, count: end - words.count))
        let starts = starts
        words.withUnsafeMutableBufferPointer { words in
            // Each slot's are written by one core.
            nonisolated(unsafe) let base = words.baseAddress
            _ = Parallel.map(slots.count, scratch: {}) { at, _ in
                if let base { fill(at, base + starts[Int(slots[at])]) }
            }
        }
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
