internal import Core

/// The places a scan looks at: round every cell the nearest ones, as long as they hold no more than the allowed share.
struct ScanZones: Sendable {
    struct Centre: Sendable {
        /// Positions of the cells, nearest first; of equals the earlier.
        let order: [Int]
        /// Weight of the first cells together.
        let weights: [Int]
        /// Whether no earlier centre has the same set of cells.
        let isNew: [Bool]
        /// Number of the first zone of this centre among all.
        let firstZone: Int
    }

    let centres: [Centre]
    let count: Int

    init(_ cells: [ScanCell], weights: [Int], sharePercentMax: Int) {
        let all = weights.reduce(0, +)
        var centres: [Centre] = []
        var seen: Set<[UInt64]> = []
        var first = 0
        for centre in cells.indices {
            let distances = cells.map { cells[centre].centre.metres(to: $0.centre) }
            // The centre itself comes first even where another cell has the same point.
            let sorted = cells.indices.sorted {
                ($0 == centre ? -1 : distances[$0], $0) < ($1 == centre ? -1 : distances[$1], $1)
            }
            var (order, sums, isNew): ([Int], [Int], [Bool]) = ([], [], [])
            var (sum, set) = (0, [UInt64](repeating: 0, count: (cells.count + 63) / 64))
            for cell in sorted {
                sum += weights[cell]
                guard sum * 100 <= all * sharePercentMax else { break }
                set[cell / 64] |= 1 << UInt64(cell % 64)
                order.append(cell)
                sums.append(sum)
                isNew.append(sum > 0 && seen.insert(set).inserted)
            }
            centres.append(Centre(order: order, weights: sums, isNew: isNew, firstZone: first))
            first += order.count
        }
        self.centres = centres
        count = first
    }
}
