import Core
import Foundation
import Testing

@testable import Mining

@Suite("Grouping appeals about the same problem")
struct ProblemMinerTests {
    static let estates = ["金桂花园", "银杏家园", "翠湖名苑", "枫林小区", "锦绣华府", "玉兰公寓"]
    static let issues = [
        ("地下车库漏水积水严重", "下雨之后地下车库到处漏水，积水没过脚面，车辆无法停放，物业说等开发商来修。"),
        ("麻将馆深夜噪音扰民", "楼下住户把房子改成麻将馆，每天深夜打牌喧哗到凌晨，老人孩子无法入睡。"),
        ("电梯频繁故障困人", "电梯三天两头坏，上周又把人困在里面半个多小时，维修单位迟迟不来。"),
        ("垃圾站恶臭难闻", "垃圾中转站紧挨居民楼，夏天恶臭难闻，苍蝇成群，窗户都不敢打开。"),
    ]

    static func messages(seed: UInt64, count: Int) -> [MiningMessage] {
        var random = SeededRandom(seed: seed)
        return (1...count).map { number in
            let estate = estates.randomElement(using: &random) ?? estates[0]
            let issue = issues.randomElement(using: &random) ?? issues[0]
            let opening = ["请解决", "反映", "投诉", ""].randomElement(using: &random) ?? ""
            return MiningMessage(
                id: Int64(number) * 7, author: "P\(Int.random(in: 0..<30, using: &random))",
                subject: "\(opening)\(estate)\(issue.0)",
                text: "我是\(estate)的业主。\(issue.1)\(["请尽快处理。", "多次反映没有结果。", ""].randomElement(using: &random) ?? "")",
                at: Instant(millisecondsSince1970: Int64.random(in: 0..<90, using: &random) * 86_400_000))
        }
    }

    @Test("The order of arrival changes nothing", arguments: [1, 2, 3] as [UInt64])
    func shuffled(seed: UInt64) {
        let messages = Self.messages(seed: seed, count: 90)
        var random = SeededRandom(seed: seed &+ 99)
        var (first, second) = (ProblemMiner(gazetteer: .empty), ProblemMiner(gazetteer: .empty))
        first.insert(messages)
        second.insert(messages.shuffled(using: &random))
        #expect(first.problems() == second.problems(), "seed \(seed)")
    }

    @Test("Inserting, replacing and removing step by step equals a run from scratch", arguments: [4, 5] as [UInt64])
    func incremental(seed: UInt64) {
        let messages = Self.messages(seed: seed, count: 80)
        var random = SeededRandom(seed: seed)
        var stepwise = ProblemMiner(gazetteer: .empty)
        for message in messages.shuffled(using: &random) {
            stepwise.insert([message])
            if Bool.random(using: &random) { _ = stepwise.problems() }
        }
        let gone = messages.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }.map(\.id)
        stepwise.remove(gone)
        var scratch = ProblemMiner(gazetteer: .empty)
        scratch.insert(messages.filter { !gone.contains($0.id) })
        #expect(stepwise.problems() == scratch.problems(), "seed \(seed)")
    }

    private func message(_ id: Int64, _ author: String, _ subject: String, _ text: String) -> MiningMessage {
        MiningMessage(
            id: id, author: author, subject: subject, text: text, at: Instant(millisecondsSince1970: id * 86_400_000))
    }

    @Test("The same text sent again by others is one problem, with its people counted once each")
    func copies() throws {
        var miner = ProblemMiner(gazetteer: .empty)
        let text = "地铁施工队在松柏花园北门夜间打桩到凌晨三点，整栋楼都在震，请尽快制止。"
        miner.insert([
            message(1, "A", "松柏花园北门地铁夜间打桩扰民", text), message(2, "B", "松柏花园北门地铁夜间打桩扰民", text),
            message(3, "A", "松柏花园北门地铁夜间打桩扰民", text),
        ])
        let problem = try #require(miner.problems().first)
        #expect(problem.members == [1, 2, 3])
        #expect(problem.people == 2)
        #expect(problem.title == "松柏花园 北门地铁夜间打桩扰民")
        let reasons = try #require(miner.reasons(1, 3))
        #expect(reasons.isSameAuthor && reasons.daysApart == 2 && reasons.permille > 500)
        #expect(miner.evidence(1, 404) == nil && miner.reasons(1, 404) == nil)
    }

    @Test("What staff split stays apart, what they merged stays together, and the latest word wins")
    func constraints() {
        var miner = ProblemMiner(gazetteer: .empty)
        let text = "地铁施工队在松柏花园北门夜间打桩到凌晨三点，整栋楼都在震，请尽快制止。"
        miner.insert([
            message(1, "A", "松柏花园北门地铁夜间打桩扰民", text), message(2, "B", "松柏花园北门地铁夜间打桩扰民", text),
            message(3, "C", "建议公园增设儿童滑梯", "河滨公园没有儿童设施，建议增设。"),
        ])
        miner.constrain(apart: [1], from: [2])
        #expect(miner.problems().isEmpty)
        miner.constrain(together: [2, 3])
        #expect(miner.problems().map(\.members) == [[2, 3]])
        #expect(miner.takeChanges().changed.keys.sorted() == [2])
        #expect(miner.takeChanges().isEmpty)
        miner.constrain(together: [1, 2])
        #expect(miner.problems().map(\.members) == [[1, 2, 3]])
    }

    @Test("Points never exceed 100, and each score is the sum of its reasons")
    func scores() {
        var miner = ProblemMiner(gazetteer: .empty)
        miner.insert(Self.messages(seed: 6, count: 90))
        for problem in miner.problems() {
            for score in [problem.scores.frequency, problem.scores.urgency, problem.scores.pain] {
                #expect(score.points == min(100, score.reasons.reduce(0) { $0 + $1.points }))
            }
        }
    }
}

@Suite("Text, places and topics")
struct TextTests {
    @Test("Full width, capitals, blanks, entities and tags do not tell texts apart")
    func normal() {
        #expect(NormalText("Ａ３区　５Ｇ&nbsp;网络<br/>慢！！") == NormalText("a3区5g网络，慢"))
        #expect(NormalText("&#20013;国").codes == NormalText("中国").codes)
    }

    @Test("A name is found by its form, with and without what people add")
    func places() {
        let finder = PlaceFinder(Gazetteer([.init(name: "长寿路街道", townshipCode: "310107015")]))
        #expect(finder.places(in: "A7县丽发新城小区附近修搅拌站").map(\.name) == ["A7县", "丽发新城"])
        #expect(finder.best(in: "长寿路街道的路灯坏了")?.townshipCode == "310107015")
    }

    @Test("A model survives its bytes; damaged, foreign and newer ones are refused")
    func modelFile() throws {
        let examples = (0..<40).map {
            TopicModel.Example(
                text: $0 % 2 == 0 ? "公交车不准时第\($0)路" : "医院挂号排队太久\($0)", label: $0 % 2 == 0 ? "交通" : "卫生")
        }
        let model = try TopicModel.train(examples, buckets: 4_096)
        #expect(try TopicModel.train(examples, buckets: 4_096).bytes() == model.bytes())
        let read = try TopicModel(bytes: model.bytes())
        #expect(read.predict("公交车总是不准时").label == "交通")
        #expect(read.predict("医院排队") == model.predict("医院排队"))
        var damaged = model.bytes()
        damaged[damaged.count / 2] ^= 1
        #expect(throws: ModelFileError.damaged) { try TopicModel(bytes: damaged) }
        #expect(throws: ModelFileError.damaged) { try TopicModel(bytes: Array(model.bytes().dropLast(9))) }
        #expect(throws: ModelFileError.notAModel) { try TopicModel(bytes: [1, 2, 3]) }
        #expect(throws: TopicModel.TrainingError.topics(found: 1)) { try TopicModel.train([examples[0]]) }
    }

    @Test("The shipped topic model is there and knows its seven topics")
    func shipped() throws {
        let model = try #require(TopicModel.standard)
        #expect(model.labels.count == 7)
        #expect(model.predict("老师违规补课收费，学校不管").label == "教育文体")
    }
}
