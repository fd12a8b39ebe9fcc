/// Growing lists of messages in one array: adding one is a write to a place that is known, with nothing to look up
/// before it, and no list costs memory of its own.
///
/// A list is called by its end, where its next message goes.
struct MemberChunks: Sendable {
    /// The end of an empty list.
    static let none: Int32 = -1
    /// Words of a chunk: the end of the chunk before, then messages. Chunks begin at multiples of it.
    private static let room: Int32 = 16
    private var words: [Int32] = []
    private var free: [Int32] = []

    mutating func append(_ slot: Int32, to end: inout Int32) {
        if end == Self.none || end % Self.room == 0 { end = chunk(after: end) + 1 }
        words[Int(end)] = slot
        end += 1
    }

    private mutating func chunk(after end: Int32) -> Int32 {
        let start = free.popLast() ?? Int32(words.count)
        if Int(start) == words.count { words.append(contentsOf: repeatElement(0, count: Int(Self.room))) }
        words[Int(start)] = end
        return start
    }

    private static func start(of end: Int32) -> Int32 { (end - 1) & ~(room - 1) }

    /// Calls with where each message is, and with the message.
    @inline(__always)
    private func visitPlaces(_ end: Int32, _ body: (Int32, Int32) -> Void) {
        var end = end
        while end != Self.none {
            let start = Self.start(of: end)
            for place in start + 1..<end { body(place, words[Int(place)]) }
            end = words[Int(start)]
        }
    }

    @inline(__always)
    func visit(_ end: Int32, _ body: (Int32) -> Void) { visitPlaces(end) { body($1) } }

    /// Takes a message out; whether it was there.
    mutating func remove(_ slot: Int32, from end: inout Int32) -> Bool {
        var found: Int32?
        visitPlaces(end) { if $1 == slot { found = $0 } }
        guard let found else { return false }
        // The last one takes its place.
        end -= 1
        words[Int(found)] = words[Int(end)]
        let start = Self.start(of: end)
        if end == start + 1 {
            end = words[Int(start)]
            free.append(start)
        }
        return true
    }
}
