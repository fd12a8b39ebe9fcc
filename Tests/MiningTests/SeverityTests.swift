import Core
import Testing

@testable import Mining

/// A small lexicon with one of everything; the district's own is held by the sentences of its profile.
private let lexicon = SeverityLexicon(
    groups: [
        .init(kind: .danger, level: 3, words: ["爆炸", "坍塌", "起火", "死亡"]),
        .init(kind: .danger, level: 2, words: ["受伤", "隐患", "安全隐患", "停水"]),
        .init(kind: .vulnerable, level: 1, words: ["老人"]), .init(kind: .deadline, level: 1, words: ["尽快"]),
        .init(kind: .dissatisfied, level: 2, words: ["推诿"]), .init(kind: .repeated, level: 1, words: ["多次"]),
    ],
    needs: [.init(level: 2, words: ["消防通道"], missing: ["没有", "占用", "被占", "无"])],
    cues: [
        .init(reading: .asserted, isBefore: true, reach: 1, isLinked: false, words: ["并非没有"]),
        .init(reading: .denied, isBefore: true, reach: 6, isLinked: true, words: ["没有", "未", "不会", "不存在"]),
        .init(reading: .supposed, isBefore: true, reach: 10, isLinked: false, words: ["万一", "会不会", "担心"]),
        .init(reading: .supposed, isBefore: false, reach: 6, isLinked: false, words: ["怎么办"]),
        .init(reading: .threatened, isBefore: true, reach: 4, isLinked: false, words: ["可能"]),
        .init(reading: .narrow, isBefore: true, reach: 6, isLinked: false, words: ["差点"]),
    ],
    ignored: ["隐患排查", "老人与海"], linking: "人员任何造成发生存在过的",
    crowdNumber: .init(atLeast: 30, counters: ["户", "人"]),
    lowers: [.denied: 3, .supposed: 2, .threatened: 1, .narrow: 1])

@Suite("Severity of words")
struct SeverityTests {
    @Test(
        "A grave word counts as it is meant",
        arguments: [
            ("厂里爆炸了", 3), ("没有爆炸", 0), ("没有人员受伤", 0), ("未造成任何死亡", 0), ("没有爆炸、起火和死亡", 0),
            ("没有停水，爆炸了", 3), ("没有人管停水", 2), ("万一爆炸怎么办", 1), ("会不会坍塌", 1), ("爆炸了怎么办", 1),
            ("随时可能坍塌", 2), ("差点受伤", 1), ("并非没有隐患", 2), ("不存在安全隐患", 0), ("隐患排查", 0),
            ("没有消防通道", 2), ("占用消防通道", 2), ("消防通道被私家车被占", 2), ("消防通道宽", 0), ("担心受伤", 0),
        ])
    func danger(sentence: String, level: Int) {
        #expect(lexicon.level(of: .danger, in: sentence) == level, "\(sentence)")
    }

    @Test("People, crowds, haste, complaint and repetition are told apart")
    func kinds() {
        #expect(lexicon.level(of: .vulnerable, in: "家有老人") == 1)
        #expect(lexicon.level(of: .vulnerable, in: "老人与海") == 0)
        #expect(lexicon.level(of: .crowd, in: "300多户") == 1)
        #expect(lexicon.level(of: .crowd, in: "3户") == 0)
        #expect(lexicon.level(of: .crowd, in: "300元") == 0)
        #expect(lexicon.level(of: .dissatisfied, in: "没有推诿") == 0)
        #expect(lexicon.level(of: .repeated, in: "多次反映") == 1)
        #expect(lexicon.level(of: .deadline, in: "请尽快") == 1)
    }

    @Test("A sign says how its word is meant")
    func text() {
        #expect(lexicon.signs(in: "可能坍塌").map { lexicon.text(of: $0) } == ["坍塌（可能）"])
        #expect(SeverityLexicon.empty.signs(in: "爆炸").isEmpty)
    }

    @Test("Any text is read without harm, and no level leaves its range", arguments: 0..<4)
    func fuzz(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let parts = [
            "爆炸", "没有", "未", "，", "。", "消防通道", "占用", "万一", "300", "户", "99999999999999999999", "怎么办", "&amp;", "<br/>",
            "\u{200B}", "👨‍👩‍👧", "𠮷", "\0", "老人与海", "的", " ", "\n", "ＡＢ", "隐", "患",
        ]
        for _ in 0..<400 {
            let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                parts.randomElement(using: &random) ?? ""
            }.joined()
            let signs = lexicon.signs(in: text)
            #expect(signs.allSatisfy { (1...3).contains($0.level) }, "seed \(seed): \(text)")
            #expect(Set(signs.map(\.term)).count == signs.count)
            // A sentence before a full stop changes nothing behind it.
            if !text.contains("爆炸") {
                #expect(lexicon.level(of: .danger, in: text + "。这里爆炸了") == 3, "seed \(seed): \(text)")
            }
        }
    }

    @Test("Chances are exact: against sums by hand and the whole of each distribution")
    func tails() {
        // Of 3, each with a third: at least 2 is 3 × 1/9 × 2/3 + 1/27 = 7/27.
        #expect(abs(ExactTail.binomial(atLeast: 2, of: 3, numerator: 1, denominator: 3) - 7.0 / 27) < 1e-12)
        #expect(ExactTail.binomial(atLeast: 0, of: 5, numerator: 1, denominator: 3) == 1)
        #expect(ExactTail.binomial(atLeast: 6, of: 5, numerator: 1, denominator: 3) == 0)
        // Poisson of 2: at least 3 is 1 − 5e⁻².
        let poisson = ExactTail.negativeBinomial(atLeast: 3, mean: 2, variance: 2)
        #expect(abs(poisson - 0.323323583816) < 1e-9)
        // Negative binomial of size 1 (geometric), mean 1, variance 2: at least k is 2⁻ᵏ.
        for k in 1...60 {
            let tail = ExactTail.negativeBinomial(atLeast: k, mean: 1, variance: 2)
            #expect(abs(tail * Double(sign: .plus, exponent: k, significand: 1) - 1) < 1e-6, "\(k)")
        }
    }

    @Test("A title names the place and what the messages say is wrong there")
    func title() {
        func message(_ id: Int64, _ subject: String) -> MiningMessage {
            MiningMessage(
                id: id, author: "u\(id)", subject: subject, text: subject + "，搅拌站噪音扰民，灰尘大，影响丽发新城居民休息。",
                at: Instant(millisecondsSince1970: 1_600_000_000_000 + id * 86_400_000))
        }
        var miner = ProblemMiner(gazetteer: .empty)
        miner.insert([
            message(1, "投诉A2区丽发新城附近建搅拌站噪音扰民"), message(2, "A市丽发新城小区旁边搅拌站噪音扰民严重"),
            message(3, "丽发新城搅拌站噪音扰民何时解决"), message(4, "关于丽发新城小区附近搅拌站噪音扰民的问题"),
        ])
        let problems = miner.problems()
        #expect(problems.map(\.title) == ["丽发新城 搅拌站噪音扰民"] && problems.first?.place == "丽发新城")
    }

    @Test("Any subjects give a title that is short and not empty of words", arguments: 0..<3)
    func titleFuzz(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let parts = [
            "丽发新城", "A市", "A7县", "搅拌站", "噪音扰民", "投诉", "关于", "的问题", "，", "！", "（", "？", " ", "\u{3000}", "12号", "小区",
            "的", "和",
            "👨‍👩‍👧", "𠮷", "&nbsp;", "<b>", "KTV", "\u{200B}", "路",
        ]
        for _ in 0..<60 {
            let subject = (0..<Int.random(in: 1...14, using: &random)).map { _ in
                parts.randomElement(using: &random) ?? ""
            }.joined()
            var miner = ProblemMiner(gazetteer: .empty, lexicon: lexicon)
            let text = "搅拌站噪音扰民灰尘大影响居民休息希望尽快处理解决一下谢谢。"
            miner.insert(
                (1...3).map { id in
                    MiningMessage(id: id, author: "u\(id)", subject: subject, text: subject + text, at: nil)
                })
            for problem in miner.problems() {
                #expect(problem.title.count <= ProblemDescription.titleCharactersMax, "seed \(seed): \(subject)")
                #expect(
                    !problem.title.contains("\n") && !problem.title.contains("\u{200B}"), "seed \(seed): \(subject)")
            }
        }
    }

    @Test("Messages at the same place after a closing are not really fixed; elsewhere they are another matter")
    func notFixed() {
        let day: Int64 = 86_400_000
        func digest(_ id: Int64, _ subject: String, at: Int64, closed: Int64? = nil) -> MessageDigest {
            let digester = Digester(
                finder: PlaceFinder(.empty), background: .standard, space: .standard, lexicon: .empty)
            return MessageDigest(
                MiningMessage(
                    id: id, author: "u\(id)", subject: subject, text: "", at: Instant(millisecondsSince1970: at * day),
                    handling: .init(closedAt: closed.map { Instant(millisecondsSince1970: $0 * day) })), digester)
        }
        let members = [
            digest(1, "丽发新城小区搅拌站噪音", at: 10, closed: 20), digest(2, "丽发新城小区搅拌站噪音", at: 15),
            digest(3, "丽发新城小区搅拌站噪音", at: 30), digest(4, "青青家园小区搅拌站噪音", at: 40),
        ]
        let pain = ProblemScoring(members, lexicon: .empty).scores.pain
        let reason = pain.reasons.first { $0.measure == "repeat_after_closure" }
        #expect(reason?.members == [3] && reason?.points == 10)
    }
}
