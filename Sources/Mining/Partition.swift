/// Sets without common members, each called by its smallest member; sets of one are not kept.
struct Partition {
    private var homes: [Int64: Int64] = [:]
    private(set) var sets: [Int64: [Int64]] = [:]

    /// The smallest member of the set a member is in.
    func home(of member: Int64) -> Int64? { homes[member] }

    /// The members of the set a member is in, ascending; itself alone where it is in none.
    func members(with member: Int64) -> [Int64] { homes[member].flatMap { sets[$0] } ?? [member] }

    /// Ascending, at least two, none in another set.
    mutating func keep(_ members: [Int64]) {
        for member in members { homes[member] = members[0] }
        sets[members[0]] = members
    }

    /// Dissolves the set a member is in; returns what it was called.
    mutating func dissolve(with member: Int64) -> Int64? {
        guard let home = homes[member], let members = sets.removeValue(forKey: home) else { return nil }
        for member in members { homes[member] = nil }
        return home
    }
}
