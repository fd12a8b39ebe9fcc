import Testing

@testable import Mining

@Suite("What runs of characters weigh, as it is kept and read")
struct TopicRowTests {
    private static let characters = Array("公交医院学校路灯垃圾噪音停车工资社保物业河道不坏修管aA1，。 <&我们的")

    private static func text(_ random: inout SeededRandom, lengthMax: Int = 400) -> String {
        String(
            (0..<Int.random(in: 0...lengthMax, using: &random)).compactMap { _ in
                characters.randomElement(using: &random)
            })
    }

    @Test("Buckets are numbered in order, and those without a number are told", arguments: 0..<20 as Range<UInt64>)
    func index(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let all = Int.random(in: 1...3_000, using: &random)
        let share = Int.random(in: 0...100, using: &random)
        let numbered = (0..<UInt32(all)).filter { _ in Int.random(in: 0..<100, using: &random) < share }
        let index = BucketIndex(numbered, of: all)
        for bucket in 0..<UInt32(all) {
            #expect(index.number(of: bucket) == numbered.firstIndex(of: bucket), "seed \(seed)")
        }
        var asked = (0..<500).map { _ in UInt32.random(in: 0..<UInt32(all), using: &random) }
        let expected = asked.compactMap { numbered.firstIndex(of: $0).map { UInt32($0) } }
        let count = asked.withUnsafeMutableBufferPointer { index.number($0) }
        #expect(Array(asked[..<count]) == expected, "seed \(seed)")
    }

    @Test("A text's sums are those of its runs, weighed one by one", arguments: 0..<20 as Range<UInt64>)
    func sums(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let topics = Int.random(in: 2...19, using: &random)
        let features = TopicFeatures(buckets: 1 << 11)
        let buckets = (0..<UInt32(features.buckets)).filter { _ in Bool.random(using: &random) }
        let bytes = (0..<buckets.count).flatMap { _ in
            [Int8.random(in: 1...127, using: &random)]
                + (0..<topics).map { _ in Int8.random(in: -127...127, using: &random) }
        }
        let rows = TopicRows(
            topics: topics, buckets: buckets, of: features.buckets,
            table: bytes + [Int8](repeating: 0, count: TopicRows.room))
        // Memory that is used again leaves nothing behind.
        var (counted, scratch) = (TopicFeatures.Scratch(), TopicRows.Scratch())
        for _ in 0..<10 {
            let text = Self.text(&random)
            features.count(text, into: &counted)
            let own = counted.counts.all[..<counted.counts.head].map { entry in
                (bucket: entry.bucket, log: TopicModel.logs[Int(min(entry.count, 64))])
            }
            let length = own.reduce(Float(0)) { sum, run in
                let value = run.log * Float(rows.rarity(of: run.bucket))
                return sum + value * value
            }.squareRoot()
            var sums = [SIMD8<Float>](repeating: .zero, count: (topics + 7) / 8)
            rows.add(
                TopicFeatures.kept(text)[...], seed: TopicFeatures.textSeed, weight: 0.5, features, to: &sums, &scratch)
            for topic in 0..<topics {
                let sum = own.reduce(Float(0)) { $0 + $1.log * rows.strength(of: $1.bucket, topic: topic) }
                let expected = 0.5 * sum / max(length, 1e-6)
                #expect(abs(sums[topic >> 3][topic & 7] - expected) <= 0.5 + abs(expected) * 1e-4, "seed \(seed)")
            }
        }
    }

    @Test("A weight of one byte is as near as the roots of weights are dense")
    func quantised() {
        var random = SeededRandom(seed: 3)
        let (places, topics) = (200, 11)
        func weights() -> [SIMD8<Float>] {
            (0..<places).map { _ in SIMD8<Float>.random(in: -0.8...0.8, using: &random) }
        }
        let blocks = [weights(), weights()]
        let fit = TopicTask.Fit(
            rarity: [UInt8](repeating: 8, count: places), blocks: blocks, bias: [.zero, .zero], heldScores: [])
        let model = TopicModel(
            TopicModel.Fitted(
                labels: (0..<topics).map { "\($0)" }, features: TopicFeatures(buckets: places * 2),
                buckets: (0..<UInt32(places)).map { $0 * 2 + 1 }, places: (0..<UInt32(places)).reversed(), fit: fit,
                slope: 1, shifts: [Float](repeating: 0, count: topics)))
        for place in 0..<places {
            for topic in 0..<topics {
                let weight = blocks[topic >> 3][place][topic & 7]
                let bucket = UInt32(places - 1 - place) * 2 + 1
                let read = model.rows.strength(of: bucket, topic: topic) / 8 / (127 * 127) * model.scales[topic]
                let bound = (abs(weight) * model.scales[topic]).squareRoot() / 127 + model.scales[topic] / 60_000
                #expect(abs(read - weight) <= bound, "place \(place), topic \(topic)")
            }
        }
    }

    @Test("Files of another version are refused, as are rows that are not in order; damaged rows harm nobody")
    func files() throws {
        #expect(throws: ModelFileError.version(2)) {
            try TopicModel(bytes: ModelFile.Writer(kind: "SZTM", version: 2).finished())
        }
        func file(_ buckets: [UInt32], of all: UInt32) -> [UInt8] {
            var writer = ModelFile.Writer(kind: "SZTM", version: 3)
            for value in [2, all] { writer.uint32(value) }
            writer.float(1)
            for label in ["甲", "乙"] {
                writer.text(label)
                for _ in 0..<3 { writer.float(0.5) }
            }
            writer.uint32(UInt32(buckets.count))
            for bucket in buckets { writer.uint32(bucket) }
            writer.bytes([UInt8](repeating: 200, count: buckets.count * 3))
            return writer.finished()
        }
        #expect(try TopicModel(bytes: file([1, 5, 63], of: 64)).predict("路灯坏了").label == "甲")
        #expect(try TopicModel(bytes: file([], of: 64)).predict("路灯坏了").permille == 500)
        for buckets in [[5, 1], [1, 1], [1, 64]] as [[UInt32]] {
            #expect(throws: ModelFileError.damaged) { try TopicModel(bytes: file(buckets, of: 64)) }
        }
        let all = try TopicModel(bytes: file(Array(0..<64), of: 64))
        var random = SeededRandom(seed: 1)
        for _ in 0..<50 {
            let chances = all.ranked(Self.text(&random), count: 2).map(\.permille)
            #expect(chances.reduce(0, +) == 1_000)
        }
    }
}
