/// The links of one message: other messages' slots, ascending, and how alike they are in thousandths.
struct Links: Sendable {
    /// In six bytes: there are more of them than of anything else.
    struct Link: Sendable, Equatable {
        private let (low, high): (UInt16, UInt16)
        let permille: Int16

        init(other: Int32, permille: Int16) {
            (low, high) = (UInt16(truncatingIfNeeded: other), UInt16(truncatingIfNeeded: other >> 16))
            self.permille = permille
        }

        @inline(__always) var other: Int32 { Int32(bitPattern: UInt32(high) << 16 | UInt32(low)) }
    }
    private(set) var all: [Link] = []

    private func place(of other: Int32) -> Int {
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle].other < other { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Returns whether that is new.
    @discardableResult
    mutating func set(_ other: Int32, _ permille: Int16) -> Bool {
        let at = place(of: other)
        let link = Link(other: other, permille: permille)
        guard at < all.count, all[at].other == other else {
            // By a quarter, not by as many again: most messages get no more.
            if all.count == all.capacity { all.reserveCapacity(all.count + max(4, all.count / 4)) }
            all.insert(link, at: at)
            return true
        }
        defer { all[at] = link }
        return all[at] != link
    }

    /// Returns how alike the two were, where they were linked.
    @discardableResult
    mutating func remove(_ other: Int32) -> Int16? {
        let at = place(of: other)
        return at < all.count && all[at].other == other ? all.remove(at: at).permille : nil
    }
}
