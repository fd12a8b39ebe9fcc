/// Which townships have names that few addresses have. A new name is more like these than like the long roads that most
/// addresses are on: what was not seen yet is met as what was seen once (Good 1953). So each name counts one over its
/// addresses; numbered roads and named places are told apart as far as there are enough of them.
struct SeldomNames: Sendable {
    /// By kind of name, then township.
    private var votes: [[Double]]
    private var byName: [String: [[Double]]] = [:]

    /// Names' worth of doubt about what is shared out, for all names and for one kind.
    private static let doubt = 5.0

    init(_ items: [PlaceMemory.Item], byName indices: [String: [Int]], townships: Int) {
        let none = [[Double]](repeating: [Double](repeating: 0, count: townships), count: 2)
        votes = none
        for item in items {
            let count = Double(indices[item.name.name]?.count ?? 1)
            votes[Self.kind(item.name)][item.township] += 1 / (count * count)
            byName[item.name.name, default: none][Self.kind(item.name)][item.township] += 1 / (count * count)
        }
    }

    private static func kind(_ name: AddressName) -> Int { name.number == nil ? 1 : 0 }

    /// Share of each township among seldom names of this kind; the name's own addresses are left out.
    func shares(_ name: AddressName) -> [Double] {
        let own = byName[name.name]
        let rest = votes.indices.map { kind in
            votes[kind].indices.map { max(0, votes[kind][$0] - (own?[kind][$0] ?? 0)) }
        }
        let townships = votes[0].indices
        let (all, some) = (townships.map { rest[0][$0] + rest[1][$0] }, rest[Self.kind(name)])
        let (allSum, someSum) = (all.reduce(0, +) + Self.doubt, some.reduce(0, +) + Self.doubt)
        return townships.map { township in
            let share = (all[township] + Self.doubt / Double(townships.count)) / allSum
            return (some[township] + Self.doubt * share) / someSum
        }
    }
}
