/// Whom strong links connect a message with, by slot.
struct StrongLinks {
    private let links: [Links]
    /// Where many are asked for: those of all, side by side, and where each slot's begin.
    private var (others, starts): ([Int32], [Int])

    /// - Parameter areMany: to gather those of all slots first, on all cores; each is then one step away.
    init(_ links: [Links], areMany: Bool) {
        self.links = links
        (others, starts) = ([], [])
        guard areMany else { return }
        let counts = Parallel.map(links.count, scratch: {}) { at, _ in Int32(Self.strong(links[at]).count) }
        starts = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int($1)) }
        let (starts, total) = (starts, starts[links.count])
        others = [Int32](unsafeUninitializedCapacity: total) { room, count in
            // Each slot's are written by one core.
            nonisolated(unsafe) let base = room.baseAddress
            _ = Parallel.map(links.count, scratch: {}) { at, _ in
                var place = starts[at]
                for link in Self.strong(links[at]) {
                    base?[place] = link.other
                    place += 1
                }
            }
            count = total
        }
    }

    private static func strong(_ links: Links) -> some Collection<Links.Link> {
        links.all.lazy.filter { $0.permille >= ProblemMiner.strongMin }
    }

    func append(of slot: Int32, to others: inout [Int32]) {
        if starts.isEmpty {
            others += Self.strong(links[Int(slot)]).lazy.map(\.other)
        } else {
            others += self.others[starts[Int(slot)]..<starts[Int(slot) + 1]]
        }
    }
}
