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

    mutating func set(_ other: Int32, _ permille: Int16) {
        let at = place(of: other)
        let link = Link(other: other, permille: permille)
        if at < all.count, all[at].other == other { all[at] = link } else { all.insert(link, at: at) }
    }

    mutating func remove(_ other: Int32) {
        let at = place(of: other)
        if at < all.count, all[at].other == other { all.remove(at: at) }
    }
}
