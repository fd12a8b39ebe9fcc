internal import Core
internal import Dispatch

/// Work on many things at once whose results do not depend on who does what.
enum Parallel {
    /// Things one core takes at a time: enough to pay for the handing out, few enough that no core waits long.
    private static let standardChunk = 64

    /// The results in the order of the positions; `state` is made once per chunk.
    static func map<Scratch, Result: Sendable>(
        _ count: Int, chunk: Int = standardChunk, scratch: @Sendable () -> Scratch,
        _ body: @Sendable (Int, inout Scratch) -> Result
    ) -> [Result] {
        let chunks = (count + chunk - 1) / chunk
        if chunks < 2 {
            var own = scratch()
            return (0..<count).map { body($0, &own) }
        }
        return [Result](unsafeUninitializedCapacity: count) { buffer, initialised in
            // Each position is written once, by one core.
            nonisolated(unsafe) let start = buffer.baseAddress
            // Who helps steps back as far as whom it helps.
            let niceness = ThreadPriority.niceness
            DispatchQueue.concurrentPerform(iterations: chunks) { number in
                ThreadPriority.stepBack(to: niceness)
                var own = scratch()
                for position in number * chunk..<min(count, (number + 1) * chunk) {
                    start?.advanced(by: position).initialize(to: body(position, &own))
                }
            }
            initialised = count
        }
    }

    /// A few large pieces of work.
    static func map<Result: Sendable>(_ count: Int, chunk: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
        map(count, chunk: chunk, scratch: {}, { position, _ in body(position) })
    }

    /// Pieces of work of known size: each core begins with large ones, so that none is left with one at the end.
    static func mapLargestFirst<Result: Sendable>(
        _ sizes: [Int], _ body: @Sendable (Int) -> Result
    ) -> [Result] {
        let order = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
        let chunks = (order.count + fewChunk - 1) / fewChunk
        // One of the largest to each chunk, then one of the next to each, and so on.
        let dealt = (0..<chunks).flatMap { chunk in stride(from: chunk, to: order.count, by: chunks).map { order[$0] } }
        let results = map(dealt.count, chunk: fewChunk, scratch: {}) { position, _ in body(dealt[position]) }
        var places = [Int](repeating: 0, count: dealt.count)
        for (position, piece) in dealt.enumerated() { places[piece] = position }
        return places.map { results[$0] }
    }

    private static let fewChunk = 16
}
