package import Core
import Foundation

extension PlaceModel {
    package struct Example: Sendable {
        package let address: String
        package let point: Coordinate
        package let township: String
        package init(address: String, point: Coordinate, township: String) {
            self.address = address
            self.point = point
            self.township = township
        }
    }

    package enum TrainingError: Error, Equatable {
        /// Fewer than two townships, or more than `MiningLimits.topicsMax`.
        case townships(found: Int)
        /// More than `MiningLimits.placesMax`.
        case examples(found: Int)
    }

    /// How much evidence counts is learnt by taking each address in turn as not known; for new names, all of its name.
    /// The same examples give the same model, in whatever order.
    package static func train(_ examples: [Example]) throws(TrainingError) -> PlaceModel {
        guard examples.count <= MiningLimits.placesMax else { throw .examples(found: examples.count) }
        let examples = examples.sorted {
            ($0.address, $0.township, $0.point.latitude, $0.point.longitude)
                < ($1.address, $1.township, $1.point.latitude, $1.point.longitude)
        }
        let townships = Array(Set(examples.map(\.township))).sorted()
        guard (2...MiningLimits.topicsMax).contains(townships.count) else { throw .townships(found: townships.count) }
        let places = Dictionary(uniqueKeysWithValues: townships.enumerated().map { ($1, $0) })
        let origin = middle(examples)
        let memory = PlaceMemory(
            items: examples.map { example in
                PlaceMemory.Item(
                    address: example.address, name: AddressName(example.address),
                    position: PlaceMemory.position(example.point, from: origin),
                    township: places[example.township] ?? 0)
            }, townships: townships, origin: origin)
        let found = Parallel.map(memory.items.count, chunk: 16) {
            index -> (known: ChoiceModel.Case?, new: ChoiceModel.Case, hasGrounds: Bool) in
            let item = memory.items[index]
            let own = PlaceEvidence(memory, of: item.name, leaving: index)
            let new = PlaceEvidence(memory, of: item.name, leaving: index, isNew: true)
            return (
                own.isKnown ? ChoiceModel.Case(rows: own.knownRows(), truth: item.township) : nil,
                ChoiceModel.Case(
                    rows: new.unknownRows(), truth: item.township,
                    weight: 1 / Double(memory.byName[item.name.name]?.count ?? 1)),
                own.hasGrounds
            )
        }
        let known = ChoiceModel.fit(found.compactMap(\.known), prior: PlaceEvidence.knownPrior, pull: pull)
        let unknown = ChoiceModel.fit(found.map(\.new), prior: PlaceEvidence.unknownPrior, pull: pull)
        let answers = found.filter(\.hasGrounds).map { one -> (permille: Int, isRight: Bool) in
            let (rows, truth) = one.known.map { ($0.rows, $0.truth) } ?? (one.new.rows, one.new.truth)
            let probabilities = ChoiceModel.probabilities(rows, one.known == nil ? unknown : known)
            let top = probabilities.max() ?? 0
            return (Int((top * 1_000).rounded()), probabilities[truth] == top)
        }
        return PlaceModel(
            townships: townships, memory: memory, known: known, unknown: unknown, surePermille: threshold(answers))
    }

    /// How strongly weights are drawn towards what they were before learning.
    private static let pull = 0.06
    /// Of what it answers, at least this much is to be right, in thousandths.
    private static let rightPermille = 930

    /// The least confidence from which on the share of right answers is high enough.
    private static func threshold(_ answers: [(permille: Int, isRight: Bool)]) -> Int {
        var (right, count, threshold) = (0, 0, 1_000)
        for answer in answers.sorted(by: { $0.permille > $1.permille }) {
            count += 1
            right += answer.isRight ? 1 : 0
            if right * 1_000 >= rightPermille * count { threshold = answer.permille }
        }
        return threshold
    }

    private static func middle(_ examples: [Example]) -> Coordinate {
        let count = Double(max(1, examples.count))
        let latitude = examples.reduce(0) { $0 + $1.point.latitude } / count
        let longitude = examples.reduce(0) { $0 + $1.point.longitude } / count
        return Coordinate(latitude: latitude, longitude: longitude) ?? examples[0].point
    }
}
