import Foundation
import Testing

@testable import Mining

@Suite("Topics")
struct TopicTests {
    /// Texts of so many topics, each with words of its own.
    private static func examples(topics: Int, each: Int = 12) -> [TopicModel.Example] {
        let words = ["公交", "医院", "学校", "路灯", "垃圾", "噪音", "停车", "工资", "社保", "物业", "河道"]
        return (0..<topics * each).map { index in
            let word = words[index % topics]
            return TopicModel.Example(text: "\(word)的事第\(index)次反映，\(word)没有人管", label: word)
        }
    }

    @Test("Topics beyond eight are told apart as well, and survive their bytes")
    func many() throws {
        let model = try TopicModel.train(Self.examples(topics: 11), buckets: 1 << 14)
        let read = try TopicModel(bytes: model.bytes())
        for example in Self.examples(topics: 11) {
            #expect(read.predict(example.text).label == example.label)
            #expect(read.predict(example.text) == model.predict(example.text))
        }
        #expect(read.predict(["路灯坏了", "河道发黑"]).map(\.label) == ["路灯", "河道"])
    }

    @Test("The likeliest come first, and their reasons are words of the text")
    func ranked() throws {
        let model = try TopicModel.train(Self.examples(topics: 5), buckets: 1 << 14)
        let three = model.ranked("医院停车难，医院不管", count: 3)
        #expect(three.map(\.label).first == "医院")
        #expect(three.count == 3 && three[0].permille >= three[1].permille && three[1].permille >= three[2].permille)
        #expect(model.reasons("医院停车难，医院不管", for: "医院", count: 3).contains { $0.contains("医院") })
        #expect(model.reasons("医院", for: "没有的主题", count: 3).isEmpty)
    }

    @Test("What stands at the head of a text counts more than the same words further on")
    func head() throws {
        let filler = String(repeating: "反映情况属实希望尽快处理", count: 6)
        let model = try TopicModel.train(Self.examples(topics: 4), buckets: 1 << 14)
        #expect(model.predict("公交" + filler + "医院").label == "公交")
        #expect(model.predict("医院" + filler + "公交").label == "医院")
    }

    @Test("Runs that fewer than four texts have get no place; the commonest come first; texts left out are scored")
    func places() {
        func text(_ buckets: [UInt32]) -> TopicFeatures.Counts {
            TopicFeatures.Counts(all: buckets.map { .init(bucket: $0, count: 1) }, head: 1)
        }
        let texts = [[9, 4], [9, 4], [9, 7], [2, 7], [2, 7], [2, 7, 5], [9, 4, 7], [2, 7, 4], [2, 9]].map { text($0) }
        let targets = [0, 0, 0, 1, 1, 1, 0, 1, 1]
        let task = TopicTask(texts, targets: targets, topics: 2, buckets: 10, placesMax: 100)
        #expect(task.buckets == [2, 4, 7, 9] && task.placeOfBucket == [1, 3, 0, 2])
        let fit = task.fit(without: [6, 7], seed: 1)
        #expect(fit.rarity[3] == 0 && fit.rarity[0] > 0, "bucket 4 is in two of the texts that are left")
        #expect(fit.heldScores[0][0] > fit.heldScores[0][1] && fit.heldScores[1][1] > fit.heldScores[1][0])
        #expect(task.fit(without: [], seed: 1).heldScores.isEmpty)
        #expect(self.places(of: texts, targets, max: 3) == [2, 7, 9], "where there is room for less, the commonest")
    }

    private func places(of texts: [TopicFeatures.Counts], _ targets: [Int], max: Int) -> [UInt32] {
        TopicTask(texts, targets: targets, topics: 2, buckets: 10, placesMax: max).buckets
    }

    @Test("Any text gets probabilities", arguments: 0..<20 as Range<UInt64>)
    func fuzzed(seed: UInt64) throws {
        let model = try TopicModel.train(Self.examples(topics: 9), buckets: 1 << 12)
        var random = SeededRandom(seed: seed)
        var scratch = TopicModel.Scratch()
        for _ in 0..<30 {
            let scalars = (0..<Int.random(in: 0...200, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x2_FFFF, using: &random))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let probabilities = model.probabilities(text, &scratch)
            #expect(abs(probabilities.reduce(0, +) - 1) < 1e-9, "seed \(seed)")
            #expect(probabilities.allSatisfy { $0 >= 0 }, "seed \(seed)")
            // Memory that is used again leaves nothing behind.
            #expect(model.predict(text) == model.predict(text, &scratch), "seed \(seed)")
        }
    }
}
