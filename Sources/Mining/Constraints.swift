/// What staff decided about pairs of messages, kept by identifier so that it outlives removal and return.
struct Constraints {
    private var together: [Int64: Set<Int64>] = [:]
    private var apart: [Int64: Set<Int64>] = [:]

    var isEmpty: Bool { together.isEmpty && apart.isEmpty }

    /// The latest word on a pair wins.
    mutating func join(_ ids: [Int64]) {
        let ids = Array(Set(ids)).sorted()
        guard let first = ids.first else { return }
        for (index, id) in ids.enumerated() {
            for other in ids[(index + 1)...] { unlink(&apart, id, other) }
            if id != first { link(&together, first, id) }
        }
    }

    mutating func split(_ first: [Int64], _ second: [Int64]) {
        for a in Set(first) {
            for b in Set(second) where a != b {
                unlink(&together, a, b)
                link(&apart, a, b)
            }
        }
    }

    /// Takes back every decision in which the message takes part; returns the others of those decisions.
    mutating func release(_ id: Int64) -> Set<Int64> {
        let others = (together[id] ?? []).union(apart[id] ?? [])
        for other in others {
            unlink(&together, id, other)
            unlink(&apart, id, other)
        }
        return others
    }

    func partners(of id: Int64) -> Set<Int64> { together[id] ?? [] }
    func opponents(of id: Int64) -> Set<Int64> { apart[id] ?? [] }

    /// Every pair decided about, ascending, with how many decided pairs the busier of the two is in.
    var decided: [(first: Int64, second: Int64, isTogether: Bool, busy: Int)] {
        func pairs(_ table: [Int64: Set<Int64>], _ isTogether: Bool) -> [(Int64, Int64, Bool, Int)] {
            table.flatMap { id, others in
                others.filter { $0 > id }.map { (id, $0, isTogether, max(others.count, table[$0]?.count ?? 1)) }
            }
        }
        let all = pairs(together, true) + pairs(apart, false)
        return all.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map {
            (first: $0.0, second: $0.1, isTogether: $0.2, busy: $0.3)
        }
    }

    /// Constraints among the given messages, by position.
    func within(_ position: [Int64: Int]) -> (together: [(Int, Int)], apart: [(Int, Int)]) {
        func pairs(_ table: [Int64: Set<Int64>]) -> [(Int, Int)] {
            if table.isEmpty { return [] }
            return position.flatMap { id, at in
                (table[id] ?? []).compactMap { other in position[other].flatMap { $0 > at ? (at, $0) : nil } }
            }
        }
        return (pairs(together).sorted { $0 < $1 }, pairs(apart).sorted { $0 < $1 })
    }

    private func link(_ table: inout [Int64: Set<Int64>], _ a: Int64, _ b: Int64) {
        table[a, default: []].insert(b)
        table[b, default: []].insert(a)
    }

    private func unlink(_ table: inout [Int64: Set<Int64>], _ a: Int64, _ b: Int64) {
        table[a]?.remove(b)
        table[b]?.remove(a)
    }
}
