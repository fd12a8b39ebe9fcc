import Foundation

/// What speaks for each township, as numbers that a `ChoiceModel` weighs.
struct PlaceEvidence {
    private let memory: PlaceMemory
    private let name: AddressName
    /// Votes by township.
    private var near: [Double]
    private var sameSide: [Double]
    private var otherSide: [Double]
    private var sameName: [Double]
    private var around: [[Double]]
    private var between: [Double]
    private var betweenSameSide: [Double]
    private var sameStem: [Double]
    /// Known addresses of the same name, the nearest number first.
    private(set) var neighbours: [Int] = []
    /// Where the number must be.
    private(set) var position: SIMD2<Double>?

    /// Other addresses of this name are known.
    var isKnown: Bool { !neighbours.isEmpty }
    /// Something of the name itself is known. How names spread over townships is no answer, however sure it looks.
    var hasGrounds: Bool { isKnown || sameStem.contains { $0 > 0 } || likeness.contains { $0 > 0 } }

    /// Reach along a road, in numbers; and around a point, in metres.
    private static let (nearReach, sideReach) = (30.0, 120.0)
    private static let radii = [180.0, 400.0]

    /// - Parameters:
    ///   - leaving: an item that is taken as not known, when a model is judged on what it learnt from.
    ///   - isNew: all of the same name are taken as not known.
    init(_ memory: PlaceMemory, of name: AddressName, leaving: Int?, isNew: Bool = false) {
        self.memory = memory
        self.name = name
        let none = [Double](repeating: 0, count: memory.townships.count)
        (near, sameSide, otherSide, sameName) = (none, none, none, none)
        (between, betweenSameSide, sameStem) = (none, none, none)
        around = Self.radii.map { _ in none }
        for index in memory.byStem[name.stem] ?? [] where index != leaving && memory.items[index].name.name != name.name
        {
            sameStem[memory.items[index].township] += 1
        }
        if isNew { return }
        let same = (memory.byName[name.name] ?? []).filter { $0 != leaving }
        for index in same { sameName[memory.items[index].township] += 1 }
        guard let number = name.number else {
            neighbours = same
            addUnnumbered(same, share: 1 / Double(max(1, same.count)))
            return
        }
        let numbered = same.compactMap { index in
            memory.items[index].name.number.map { Neighbour(index: index, number: $0, item: memory.items[index]) }
        }
        neighbours =
            numbered.sorted { (abs($0.number - number), $0.index) < (abs($1.number - number), $1.index) }.map(\.index)
            + same.filter { memory.items[$0].name.number == nil }
        addUnnumbered(same.filter { memory.items[$0].name.number == nil }, share: 0.5)
        if numbered.isEmpty { return }
        addRoad(numbered, number)
        addSpace(numbered, number, leaving: leaving)
    }

    /// The same name without a number on one of the two: on the road, somewhere.
    private mutating func addUnnumbered(_ indices: [Int], share: Double) {
        for index in indices {
            let township = memory.items[index].township
            near[township] += share
            between[township] += share
            betweenSameSide[township] += share
        }
    }

    private struct Neighbour {
        let index: Int
        let number: Int
        let item: PlaceMemory.Item
    }

    private mutating func addRoad(_ neighbours: [Neighbour], _ number: Int) {
        for neighbour in neighbours {
            let township = neighbour.item.township
            let distance = Double(abs(neighbour.number - number))
            let isSameSide = (neighbour.number - number) % 2 == 0
            near[township] += exp(-distance / Self.nearReach) * (isSameSide ? 1 : 0.3)
            if isSameSide {
                sameSide[township] += exp(-distance / Self.sideReach)
            } else {
                otherSide[township] += exp(-distance / Self.sideReach)
            }
        }
        func bracket(_ neighbours: [Neighbour], _ votes: inout [Double]) {
            if let low = neighbours.last(where: { $0.number <= number }) { votes[low.item.township] += 0.5 }
            if let high = neighbours.first(where: { $0.number >= number }) { votes[high.item.township] += 0.5 }
        }
        bracket(neighbours, &between)
        bracket(neighbours.filter { ($0.number - number) % 2 == 0 }, &betweenSameSide)
    }

    /// Everything around the place where the number must be; the less sure that place, the wider.
    private mutating func addSpace(_ neighbours: [Neighbour], _ number: Int, leaving: Int?) {
        let (position, spread) = Self.position(neighbours, number, drift: memory.drift)
        self.position = position
        let widths = Self.radii.map { max($0, 0.5 * spread) }
        let limit = (widths.max() ?? 0) * 3.5
        for index in memory.items.indices where index != leaving {
            let item = memory.items[index]
            let offset = item.position - position
            let square = (offset * offset).sum()
            if square > limit * limit { continue }
            for (ring, width) in widths.enumerated() {
                around[ring][item.township] += exp(-square / (2 * width * width)) * Self.radii[ring] / width
            }
        }
    }

    /// A line through the neighbours, the nearest numbers and the same side counting most, drawn towards how numbers
    /// grow elsewhere in the district; and how far off it may be, metres.
    private static func position(
        _ neighbours: [Neighbour], _ number: Int, drift: SIMD2<Double>
    ) -> (position: SIMD2<Double>, spread: Double) {
        let weights = neighbours.map { neighbour in
            let distance = Double(abs(neighbour.number - number)) + 8
            return (neighbour.number - number) % 2 == 0 ? 1 / (distance * distance) : 0.5 / (distance * distance)
        }
        let total = weights.reduce(0, +)
        var (middle, place) = (0.0, SIMD2<Double>.zero)
        for (neighbour, weight) in zip(neighbours, weights) {
            middle += weight / total * Double(neighbour.number)
            place += neighbour.item.position * (weight / total)
        }
        let prior = 400.0
        var (variance, slope) = (prior, drift * prior)
        for (neighbour, weight) in zip(neighbours, weights) {
            let offset = Double(neighbour.number) - middle
            variance += weight / total * offset * offset
            slope += (neighbour.item.position - place) * (weight / total * offset)
        }
        slope /= variance
        let steepness = (slope * slope).sum().squareRoot()
        if steepness > 2 { slope *= 2 / steepness }
        place += slope * min(400, max(-400, Double(number) - middle))
        let nearest = neighbours.map { abs($0.number - number) }.min() ?? 0
        let isBetween = neighbours.contains { $0.number <= number } && neighbours.contains { $0.number >= number }
        return (place, min(1_500, 1.2 * Double(nearest)) * (isBetween ? 0.6 : 1))
    }

    // MARK: rows for the choice

    /// Weights before learning, in the order of the rows.
    static let knownPrior = [0.4, 0.4, 0.2, 0.3, 0.4, 0.3, 0.5, 0.5, 0.5, 1, 0.6]
    static let unknownPrior = [0.5, 1, 0.2, 0.3, 0.6]

    /// By township: near, same side, other side, same name, around (two radii), between, the same on one side, stem,
    /// township's name, share.
    func knownRows() -> [[Double]] {
        let lines = [
            surprise(near, 0.1), surprise(sameSide, 0.2), surprise(otherSide, 0.3), surprise(sameName, 1),
            surprise(around[0], 0.5), surprise(around[1], 1), between, betweenSameSide, surprise(sameStem, 0.7),
            likeness, memory.shares.map { log($0) },
        ]
        return transposed(lines)
    }

    /// By township: stem, township's name, parts of the name, the first character of both, share among seldom names.
    func unknownRows() -> [[Double]] {
        let shares = memory.seldom.shares(name)
        return transposed([
            surprise(sameStem, 0.7, shares), likeness, memory.names.scores(name),
            memory.townships.indices.map { memory.beginsAlike(name, $0) ? 1 : 0 }, shares.map { log($0) },
        ])
    }

    private var likeness: [Double] { memory.townships.indices.map { memory.likeness(of: name, to: $0) } }

    /// How much more than its share each township gets, smoothed: without votes all are zero.
    private func surprise(_ votes: [Double], _ smoothing: Double) -> [Double] {
        surprise(votes, smoothing, memory.shares)
    }

    private func surprise(_ votes: [Double], _ smoothing: Double, _ shares: [Double]) -> [Double] {
        let total = votes.reduce(0, +)
        return votes.indices.map { township in
            log((votes[township] + smoothing * shares[township]) / (total + smoothing) / shares[township])
        }
    }

    private func transposed(_ lines: [[Double]]) -> [[Double]] {
        memory.townships.indices.map { township in lines.map { $0[township] } }
    }
}
