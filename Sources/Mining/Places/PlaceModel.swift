package import Core
import Foundation

/// From an address to its township, learnt from addresses whose point and township are known: by house numbers and
/// sides along the same road, by what lies around where the number must be, and by names alone where the road is new.
package struct PlaceModel: Sendable {
    /// In the order they are stored.
    package let townships: [String]
    let memory: PlaceMemory
    /// How much each kind of evidence counts: for names that training had, and for new ones.
    let known: [Double]
    let unknown: [Double]
    /// Below this confidence, in thousandths, it abstains.
    package let surePermille: Int

    package struct Guess: Sendable, Equatable {
        package let township: String
        /// Calibrated probability of being right, in thousandths.
        package let permille: Int
        /// False where it should be taken as "not known".
        package let isSure: Bool
        package let basis: Basis
        /// Where the address must be, from its neighbours' numbers; nil for names without any.
        package let point: Coordinate?
        /// The known addresses it rests on, the nearest first.
        package let neighbours: [String]
    }

    /// What a guess rests on most.
    package enum Basis: String, Sendable, CaseIterable { case numbers, samePlace, name }

    /// - Parameter address: as people write it, with or without city and district.
    package func guess(_ address: String) -> Guess {
        let name = AddressName(address)
        let evidence = PlaceEvidence(memory, of: memory.resolved(name), leaving: nil)
        let probabilities = probabilities(evidence)
        var best = 0
        for township in probabilities.indices where probabilities[township] > probabilities[best] { best = township }
        let permille = Int((probabilities[best] * 1_000).rounded())
        return Guess(
            township: townships[best], permille: permille, isSure: permille >= surePermille && evidence.hasGrounds,
            basis: evidence.isKnown ? (evidence.position == nil ? .samePlace : .numbers) : .name,
            point: evidence.position.flatMap { memory.coordinate($0) },
            neighbours: evidence.neighbours.prefix(3).map { memory.items[$0].address })
    }

    func probabilities(_ evidence: PlaceEvidence) -> [Double] {
        evidence.isKnown
            ? ChoiceModel.probabilities(evidence.knownRows(), known)
            : ChoiceModel.probabilities(evidence.unknownRows(), unknown)
    }
}

/// The located addresses a model has learnt, and how they are found again.
struct PlaceMemory: Sendable {
    struct Item: Sendable {
        let address: String
        let name: AddressName
        /// East and north of the origin, metres.
        let position: SIMD2<Double>
        let township: Int
    }

    let items: [Item]
    let townships: [String]
    let origin: Coordinate
    /// Items of a name, by number.
    let byName: [String: [Int]]
    let byStem: [String: [Int]]
    /// Where numbers grow to, metres per number: the middle of all roads.
    let drift: SIMD2<Double>
    /// Share of each township among the items.
    let shares: [Double]
    let names: NameVotes
    let seldom: SeldomNames
    private let stems: [String]

    init(items: [Item], townships: [String], origin: Coordinate) {
        self.items = items
        self.townships = townships
        self.origin = origin
        var (byName, byStem): ([String: [Int]], [String: [Int]]) = ([:], [:])
        for index in items.indices {
            byName[items[index].name.name, default: []].append(index)
            byStem[items[index].name.stem, default: []].append(index)
        }
        self.byName = byName.mapValues { indices in
            indices.sorted { (items[$0].name.number ?? -1, $0) < (items[$1].name.number ?? -1, $1) }
        }
        self.byStem = byStem
        var counts = [Double](repeating: 0.5, count: townships.count)
        for item in items { counts[item.township] += 1 }
        let total = counts.reduce(0, +)
        shares = counts.map { $0 / total }
        drift = Self.drift(items, self.byName)
        names = NameVotes(items, townships: townships.count)
        seldom = SeldomNames(items, byName: self.byName, townships: townships.count)
        stems = townships.map { AddressName.stem(of: $0) }
    }

    /// Of a place behind a road, whichever of the two is known.
    func resolved(_ name: AddressName) -> AddressName {
        byName[name.name] == nil && byName[name.via] != nil ? AddressName(name: name.via, number: nil) : name
    }

    /// Metres east and north for each number more, the median over all pairs of neighbours on a road.
    private static func drift(_ items: [Item], _ byName: [String: [Int]]) -> SIMD2<Double> {
        var (east, north): ([Double], [Double]) = ([], [])
        for indices in byName.values {
            for (first, second) in zip(indices, indices.dropFirst()) {
                guard let low = items[first].name.number, let high = items[second].name.number, high > low,
                    high - low < 600
                else { continue }
                let slope = (items[second].position - items[first].position) / Double(high - low)
                east.append(slope.x)
                north.append(slope.y)
            }
        }
        func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
        return SIMD2(median(east), median(north))
    }

    /// How much a name is like a township's own: 曹杨八村 and 曹杨新村街道; a township that is named counts most.
    func likeness(of name: AddressName, to township: Int) -> Double {
        let own = stems[township]
        if name.name.hasPrefix(townships[township]) || name.via.hasPrefix(townships[township]) { return 3 }
        return own.utf16.count > 1 && own.utf16.prefix(2).elementsEqual(name.stem.utf16.prefix(2)) ? 1 : 0
    }

    /// Roads are often named after the township they are in by its first character: 真南路 of 真如镇, 万泉路 of 万里街道.
    func beginsAlike(_ name: AddressName, _ township: Int) -> Bool {
        name.name.utf16.first == townships[township].utf16.first
    }

    static let metresPerDegree = 110_870.0

    static func position(_ point: Coordinate, from origin: Coordinate) -> SIMD2<Double> {
        SIMD2(
            (point.longitude - origin.longitude) * 111_320 * cos(origin.latitude * .pi / 180),
            (point.latitude - origin.latitude) * metresPerDegree)
    }

    func coordinate(_ position: SIMD2<Double>) -> Coordinate? {
        Coordinate(
            latitude: origin.latitude + position.y / Self.metresPerDegree,
            longitude: origin.longitude + position.x / (111_320 * cos(origin.latitude * .pi / 180)))
    }
}

/// Which townships have names made of which characters; each name counts once or a little more, however many houses.
struct NameVotes: Sendable {
    private var byGram: [UInt32: [Double]] = [:]
    private var byName: [String: [Double]] = [:]
    private var total: [Double]

    private static let smoothing = 0.3

    init(_ items: [PlaceMemory.Item], townships: Int) {
        total = [Double](repeating: 0, count: townships)
        var counts: [String: [Double]] = [:]
        for item in items { counts[item.name.name, default: total][item.township] += 1 }
        for name in counts.keys.sorted() {
            let own = counts[name] ?? total
            let sum = own.reduce(0, +)
            let votes = own.map { $0 / sum * min(2, sum).squareRoot() }
            byName[name] = votes
            for township in total.indices { total[township] += votes[township] }
            for gram in AddressName(name: name, number: nil).grams {
                for township in total.indices {
                    byGram[gram, default: [Double](repeating: 0, count: townships)][township] += votes[township]
                }
            }
        }
    }

    /// Sum of log-likelihood ratios of the name's parts by township; the name's own votes are left out.
    func scores(_ name: AddressName) -> [Double] {
        let own = byName[name.name] ?? total.map { _ in 0 }
        let rest = zip(total, own).map { $0 - $1 }
        let sum = rest.reduce(0, +) + Double(total.count)
        let shares = rest.map { ($0 + 1) / sum }
        var scores = [Double](repeating: 0, count: total.count)
        for gram in name.grams.sorted() {
            guard let votes = byGram[gram] else { continue }
            let others = zip(votes, own).map { max(0, $0 - $1) }
            let seen = others.reduce(0, +)
            if seen < 1e-9 { continue }
            let weight = Self.smoothing * Double(total.count)
            for township in scores.indices {
                scores[township] += log(
                    (others[township] + weight * shares[township]) / (seen + weight) / shares[township])
            }
        }
        return scores
    }
}
