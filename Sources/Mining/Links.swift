/// The links of one message: other messages' slots, ascending, and how alike they are in thousandths.
struct Links: Sendable {
    struct Link: Sendable, Equatable {
        let other: Int32
        let permille: Int16
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
