/// Random data sets in which nothing is unusual. Each has a generator of its own, so that the order in which they are
/// made, and by how many cores, changes nothing.
struct ScanReplicas: Sendable {
    private let cells: Int
    private let days: Int
    private let seed: UInt64
    private let kind: Kind

    private enum Kind: Sendable {
        /// Cell and day of every case; days are dealt out anew.
        case permuted(cells: [UInt16], days: [UInt16])
        case drawn(count: Int, cells: AliasTable, days: AliasTable)
    }

    init(_ input: ScanInput, seed: UInt64) {
        cells = input.cells.count
        days = input.days
        self.seed = seed
        switch input.model {
        case .permutation:
            var (cellOf, dayOf): ([UInt16], [UInt16]) = ([], [])
            for (position, count) in input.counts.enumerated() {
                for _ in 0..<count {
                    cellOf.append(UInt16(position / input.days))
                    dayOf.append(UInt16(position % input.days))
                }
            }
            kind = .permuted(cells: cellOf, days: dayOf)
        case .poisson:
            let marginals = input.marginals
            kind = .drawn(
                count: input.total, cells: AliasTable(marginals.cells), days: AliasTable(marginals.days))
        }
    }

    /// - Parameter counts: as long as those of the input; overwritten.
    func make(_ number: Int, into counts: inout [Int32]) {
        for at in counts.indices { counts[at] = 0 }
        var random = SeededRandom(seed: Grams.mix(seed &* 0x9E37_79B9 &+ UInt64(number) &+ 1))
        switch kind {
        case .permuted(let cellOf, var dayOf):
            dayOf.withUnsafeMutableBufferPointer { dayOf in
                var at = dayOf.count - 1
                while at > 0 {
                    dayOf.swapAt(at, Int(random.next(below: UInt64(at + 1))))
                    at -= 1
                }
            }
            for (cell, day) in zip(cellOf, dayOf) { counts[Int(cell) * days + Int(day)] += 1 }
        case .drawn(let count, let cellTable, let dayTable):
            for _ in 0..<count {
                let cell = cellTable.draw(&random)
                counts[cell * days + dayTable.draw(&random)] += 1
            }
        }
    }
}

/// Draws positions in proportion to whole weights, exactly (Vose 1991).
struct AliasTable: Sendable {
    private let total: UInt64
    /// Of `total`, how much of each position's share is its own; the rest is the other's.
    private let own: [UInt64]
    private let other: [Int32]

    init(_ weights: [Int]) {
        let (count, sum) = (weights.count, weights.reduce(0, +))
        total = UInt64(sum)
        var scaled = weights.map { $0 * count }
        var (own, other) = ([UInt64](repeating: UInt64(sum), count: count), (0..<count).map { Int32($0) })
        var small = weights.indices.filter { scaled[$0] < sum }
        var large = weights.indices.filter { scaled[$0] >= sum }
        while let less = small.popLast(), let more = large.popLast() {
            own[less] = UInt64(scaled[less])
            other[less] = Int32(more)
            scaled[more] -= sum - scaled[less]
            if scaled[more] < sum { small.append(more) } else { large.append(more) }
        }
        self.own = own
        self.other = other
    }

    /// Of `total` times the number of positions, what each is drawn in; what it was made of, times that number.
    var shares: [Int] {
        var shares = own.map { Int($0) }
        for (at, to) in other.enumerated() { shares[Int(to)] += Int(total - own[at]) }
        return shares
    }

    func draw(_ random: inout SeededRandom) -> Int {
        let at = Int(random.next(below: UInt64(own.count)))
        return random.next(below: total) < own[at] ? at : Int(other[at])
    }
}

extension SeededRandom {
    /// Evenly below a bound, without bias (Lemire 2019).
    @inline(__always)
    mutating func next(below bound: UInt64) -> UInt64 {
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }
}
