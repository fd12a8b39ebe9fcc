import Core
import Testing

@testable import Mining

@Suite("Quality of answers")
struct ReplyTests {
    private static func review(_ reply: String, message: String = "小区门口的路灯坏了三个月，请派人维修。", days: Int64? = nil)
        -> ReplyReview
    {
        let asked = Instant(millisecondsSince1970: 1_600_000_000_000)
        return ReplyReview(
            subject: "路灯坏了", message: message, reply: reply, askedAt: asked,
            repliedAt: days.map { asked.adding(days: $0) })
    }

    @Test(
        "A receipt and passing on are no answer",
        arguments: [
            "网友：您好！留言已收悉", "您好，您反映的问题已转交县住建局核实、办理。2019年2月25日", "2018年12月12日", "",
            "您反映的问题不在我县管辖范围，请您反映到相应的县区。感谢您的留言！",
        ])
    func received(reply: String) {
        let review = Self.review(reply)
        #expect(!review.isTopical && !review.isComplete)
        #expect(review.hints == [.onlyReceived])
    }

    @Test("An answer that was looked into and says what was done lacks nothing")
    func whole() {
        let review = Self.review(
            "您好，来信收悉。经现场查看，小区门口3盏路灯因电缆老化停亮，根据《城市照明管理规定》，我所已于9月20日更换电缆，目前路灯已恢复。感谢您的支持！")
        #expect(review.isTopical && review.isComplete && review.hints.isEmpty)
        #expect(review.rules == ["城市照明管理规定"])
        #expect(review.facts.contains("经现场"))
    }

    @Test("What is missing is named")
    func missing() {
        let noBasis = Self.review("您好，您说的小区门口路灯损坏一事，我所将会尽快安排人员更换，请您放心并继续监督我们的工作。")
        #expect(noBasis.hints.contains(.noBasis))
        let noOutcome = Self.review("您好，小区门口路灯由照明所管，老化严重，经调查核实情况属实，路灯坏了确实给大家带来影响。")
        #expect(noOutcome.hints == [.noOutcome])
        let offTopic = Self.review("义务教育入学实行划片招生就近对口")
        #expect(offTopic.hints == [.offTopic])
    }

    @Test("Numbered points that the reply does not take up are counted, and days to the reply")
    func points() {
        let message = "1、路灯坏了；2、井盖没了；3、树枝挡住标志。"
        let one = Self.review("经现场核实，路灯已于昨日修好，目前小区门口照明恢复正常，请您继续监督我们的工作。", message: message, days: 30)
        #expect(one.pointsMissed == 2 && one.daysTaken == 30)
        #expect(one.hints == [.pointsMissed, .late])
        let all = Self.review(
            "经现场核实，1、路灯已于昨日修好；2、井盖已于今日补齐；3、树枝将会在本周内修剪完毕。", message: message, days: 2)
        #expect(all.pointsMissed == 0 && all.hints.isEmpty)
        #expect(ReplyClauses.points("2018年1月2日第1、2号") <= 1)
    }

    @Test("Any reply is read", arguments: 0..<20 as Range<UInt64>)
    func fuzzed(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let parts = ["《", "》", "1、", "一是", "已转", "收悉", "54元", "，", "\u{0}", "<p>", "路灯", "经现场", "😀", "\n", "2018年"]
        for _ in 0..<40 {
            let reply = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                parts.randomElement(using: &random) ?? ""
            }
            .joined()
            let review = Self.review(reply)
            #expect(review.isTopical || !review.isComplete, "seed \(seed): \(reply)")
            #expect(review.rules.count <= 5 && review.facts.count <= 5, "seed \(seed)")
        }
    }
}
