/// Which unit should handle an appeal, from those that handled others: the units' words, and past cases like it.
package struct DispatchModel: Sendable {
    private let topics: TopicModel
    private let memory: [PastCase]

    /// A handled case: its most telling runs of characters, hashed, ascending.
    private struct PastCase: Sendable, Equatable {
        let id: Int64
        let unit: Int
        let buckets: [UInt32]
    }

    package struct Example: Sendable, Equatable {
        package let id: Int64
        package let text: String
        package let unit: String
        package init(id: Int64, text: String, unit: String) {
            self.id = id
            self.text = text
            self.unit = unit
        }
    }

    package struct Suggestion: Sendable, Equatable {
        package let unit: String
        /// Calibrated probability of being the right one, in thousandths.
        package let permille: Int
        /// Runs of the text that speak for this unit, the strongest first.
        package let words: [String]
        /// The unit's past cases most like this one, the likest first.
        package let cases: [Int64]
    }

    package var units: [String] { topics.labels }

    private static let bucketsMax = 1 << 16
    /// Runs kept of a past case.
    private static let runsMax = 48
    private static let (wordsMax, casesMax) = (4, 3)
    /// Past cases less alike than this, in thousandths, are no reason.
    private static let likenessMin = 120

    /// - Parameter examples: the oldest first; of more than `MiningLimits.pastCasesMax` the latest are remembered, and
    ///   all are learnt from.
    package static func train(
        _ examples: [Example], seed: UInt64 = 1
    ) throws(TopicModel.TrainingError) -> DispatchModel {
        var buckets = bucketsMax
        let units = Set(examples.map(\.unit)).count
        while buckets > 1 << 12, buckets * (units + 1) > 8 << 20 { buckets /= 2 }
        let topics = try TopicModel.train(
            examples.map { TopicModel.Example(text: $0.text, label: $0.unit) }, buckets: buckets, seed: seed)
        let places = Dictionary(uniqueKeysWithValues: topics.labels.enumerated().map { ($1, $0) })
        let memory = examples.suffix(MiningLimits.pastCasesMax).map { example in
            PastCase(
                id: example.id, unit: places[example.unit] ?? 0,
                buckets: topics.rarest(example.text, count: runsMax))
        }
        return DispatchModel(topics: topics, memory: memory)
    }

    /// The likeliest units, the likeliest first, each with its reasons.
    package func suggest(_ text: String, count: Int) -> [Suggestion] {
        let ranked = topics.ranked(text, count: count)
        let own = topics.rarest(text, count: Self.runsMax)
        let wanted = Set(ranked.compactMap { topics.labels.firstIndex(of: $0.label) })
        var likest: [Int: [(id: Int64, likeness: Int)]] = [:]
        for past in memory where wanted.contains(past.unit) {
            let likeness = Self.likeness(own, past.buckets)
            if likeness >= Self.likenessMin { likest[past.unit, default: []].append((past.id, likeness)) }
        }
        return ranked.map { prediction in
            let unit = topics.labels.firstIndex(of: prediction.label) ?? 0
            let cases = (likest[unit] ?? []).sorted { ($1.likeness, $0.id) < ($0.likeness, $1.id) }
            return Suggestion(
                unit: prediction.label, permille: prediction.permille,
                words: topics.reasons(text, for: prediction.label, count: Self.wordsMax),
                cases: cases.prefix(Self.casesMax).map(\.id))
        }
    }

    /// Share of runs in common (Dice), in thousandths.
    private static func likeness(_ first: [UInt32], _ second: [UInt32]) -> Int {
        var (left, right, common) = (0, 0, 0)
        while left < first.count, right < second.count {
            if first[left] == second[right] {
                common += 1
                left += 1
                right += 1
            } else if first[left] < second[right] {
                left += 1
            } else {
                right += 1
            }
        }
        return 2_000 * common / max(1, first.count + second.count)
    }
}

extension DispatchModel {
    package init(bytes: [UInt8]) throws(ModelFileError) {
        var reader = try ModelFile.Reader(bytes, kind: "SZDM", version: 1)
        topics = try TopicModel(bytes: reader.bytes(count: Int(try reader.uint32())))
        let count = Int(try reader.uint32())
        guard count <= MiningLimits.pastCasesMax else { throw .damaged }
        var memory: [PastCase] = []
        for _ in 0..<count {
            let (low, high) = (UInt64(try reader.uint32()), UInt64(try reader.uint32()))
            let (unit, runs) = (Int(try reader.uint32()), Int(try reader.uint32()))
            guard topics.labels.indices.contains(unit), runs <= Self.runsMax else { throw .damaged }
            var buckets: [UInt32] = []
            for _ in 0..<runs { buckets.append(try reader.uint32()) }
            memory.append(PastCase(id: Int64(bitPattern: high << 32 | low), unit: unit, buckets: buckets))
        }
        self.memory = memory
        try reader.end()
    }

    package func bytes() -> [UInt8] {
        var writer = ModelFile.Writer(kind: "SZDM", version: 1)
        let inner = topics.bytes()
        writer.uint32(UInt32(inner.count))
        writer.bytes(inner)
        writer.uint32(UInt32(memory.count))
        for past in memory {
            let id = UInt64(bitPattern: past.id)
            writer.uint32(UInt32(truncatingIfNeeded: id))
            writer.uint32(UInt32(truncatingIfNeeded: id >> 32))
            writer.uint32(UInt32(past.unit))
            writer.uint32(UInt32(past.buckets.count))
            for bucket in past.buckets { writer.uint32(bucket) }
        }
        return writer.finished()
    }
}

/// How two ways of proposing units do on the same cases.
package struct DispatchScore: Sendable, Equatable {
    package let cases: Int
    /// How often the first proposed was the unit that handled it, and how often one of the first three.
    package let first: Int
    package let three: Int

    package init(_ model: DispatchModel, on cases: [DispatchModel.Example]) {
        var (first, three) = (0, 0)
        for one in cases {
            let units = model.suggest(one.text, count: 3).map(\.unit)
            if units.first == one.unit { first += 1 }
            if units.contains(one.unit) { three += 1 }
        }
        (self.cases, self.first, self.three) = (cases.count, first, three)
    }
}
