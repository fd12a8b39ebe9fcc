import Core
import Testing

@testable import Mining

/// What a problem is called: whole words of the messages, place and issue.
@Suite("Titles")
struct TitleTests {
    private static func title(_ subjects: [String]) -> String? {
        var miner = ProblemMiner(gazetteer: .empty)
        let messages = subjects.enumerated().map { number, subject in
            MiningMessage(
                id: Int64(number) + 1, author: "u\(number)", subject: subject, text: subject + "。请尽快处理。",
                at: Instant(millisecondsSince1970: 1_600_000_000_000 + Int64(number) * 86_400_000))
        }
        miner.insert(messages)
        miner.constrain(together: messages.map(\.id))
        return miner.problems().first?.title
    }

    @Test(
        "A title ends with a whole word",
        arguments: [
            (["谷山小区物业使用公共收益不公示", "谷山小区物业使用公共收益从不公示"], "谷山小区 物业使用公共收益"),
            (["青竹湖小区垃圾清运不及时", "青竹湖小区垃圾清运总是不及时"], "青竹湖 垃圾清运"),
            (["金桂苑3期住户被困电梯", "金桂苑3期电梯困住住户"], "金桂苑"),
        ])
    func whole(subjects: [String], start: String) throws {
        let title = try #require(Self.title(subjects))
        #expect(title.hasPrefix(start), "\(title)")
        let edges = WordEdges.standard.edges(NormalText(subjects[0]).codes)
        let codes = NormalText(subjects[0]).codes
        let issue = NormalText(title.split(separator: " ").last.map(String.init) ?? "").codes
        let at = codes.indices.first { codes[$0...].starts(with: issue) }
        if let at { #expect(edges[at] && edges[at + issue.count], "\(title)") }
    }

    @Test("What only says the place again, or asks, is no issue")
    func empty() {
        #expect(Self.title(["温馨花园小区温馨花园噪音太大", "关于温馨花园小区噪音太大何时能解决"]) == "温馨花园 噪音太大")
    }

    @Test("Words are told apart from their neighbours, and a small word from its letters inside a word")
    func edges() {
        func cut(_ text: String) -> String {
            let codes = NormalText(text).codes
            let edges = WordEdges.standard.edges(codes)
            return codes.indices.map { (edges[$0] && $0 > 0 ? "/" : "") + NormalText.string([codes[$0]]) }.joined()
        }
        #expect(cut("物业使用公共收益") == "物业/使用/公共/收益")
        #expect(cut("小区里的垃圾没人清理") == "小区/里/的/垃圾/没/人/清理")
        #expect(cut("里程") == "里程" && cut("对面") == "对面" && cut("上学") == "上学")
        #expect(WordEdges.standard.edges([]) == [true])
        #expect(WordEdges.standard.edges([NormalText.gap]) == [true, true])
    }

    @Test("Damaged files of words are refused")
    func damaged() {
        #expect(throws: ModelFileError.self) { try WordEdges(bytes: Array("SZWE".utf8)) }
    }
}
