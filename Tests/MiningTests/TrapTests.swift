import Core
import Foundation
import Testing

@testable import Mining

/// What looks the same and is not, and the other way round; without a gazetteer, so that only the text can tell.
@Suite("Problems that are easily confused")
struct TrapTests {
    private static func noise(_ place: String) -> String {
        """
        我是\(place)的居民，\(place)旁边的工地每天夜间施工到凌晨两三点，打桩机和搅拌车的噪音非常大，老人和孩子根本无法入睡。\
        我们多次拨打电话反映，都没有得到解决。请有关部门尽快到\(place)现场查看，制止夜间施工，还居民一个安静的环境。
        """
    }

    private static func groups(_ texts: [(subject: String, text: String)]) -> [[Int64]] {
        var miner = ProblemMiner(gazetteer: .empty)
        miner.insert(
            texts.enumerated().map { number, text in
                MiningMessage(
                    id: Int64(number) + 1, author: "P\(number)", subject: text.subject, text: text.text,
                    at: Instant(millisecondsSince1970: Int64(number) * 3 * Instant.millisecondsPerDay))
            })
        return miner.problems().map(\.members)
    }

    @Test(
        "One long text copied with only the place changed is not one problem",
        arguments: [
            ("万里城小区", "曹杨五村"), ("曹杨五村", "曹杨八村"), ("甘泉三村", "管弄新村"), ("梅川路150弄", "梅川路820弄"),
            ("锦绣花园", "阳光家园"),
        ])
    func placeChanged(first: String, second: String) {
        let copies = [first, second].map { ("\($0)夜间施工噪音扰民", Self.noise($0)) }
        #expect(Self.groups(copies).isEmpty)
        let bodiesOnly = [first, second].map { ("夜间施工噪音扰民", Self.noise($0)) }
        #expect(Self.groups(bodiesOnly).isEmpty, "with the same subject")
    }

    @Test("The same complaint about one place in other words is one problem", arguments: ["曹杨五村", "梅川路150弄", "锦绣花园"])
    func samePlace(place: String) {
        let texts = [
            ("\(place)夜间施工噪音扰民", Self.noise(place)),
            ("\(place)旁边工地半夜施工太吵", "\(place)旁边的工地半夜打桩，噪音很大，老人孩子无法入睡，多次反映没有解决，请制止夜间施工。"),
        ]
        #expect(Self.groups(texts) == [[1, 2]])
    }

    @Test("Two issues of one estate are two problems", arguments: ["曹杨五村", "锦绣华府", "万里城小区"])
    func twoIssues(estate: String) {
        let issues = [
            ("\(estate)电梯频繁故障困人", "\(estate)12号楼的电梯三天两头坏，上周又把人困在里面半个多小时，维修单位迟迟不来。"),
            ("\(estate)停车费乱涨价", "\(estate)物业没有征求业主意见就把停车费从每月一百五十元涨到三百元，业主要求公示收费依据。"),
            ("\(estate)地下车库漏水严重", "\(estate)下雨之后地下车库到处漏水，积水没过脚面，车辆无法停放，物业说等开发商来修。"),
        ]
        #expect(Self.groups(issues).isEmpty)
    }

    @Test("A lane or house belongs to the name of its road, a line does not")
    func lanes() {
        let finder = PlaceFinder(.empty)
        #expect(finder.places(in: "梅川路150弄电梯坏了").map(\.name) == ["梅川路150弄"])
        #expect(finder.places(in: "长寿路97号门口积水").first?.rank == .site)
        #expect(finder.places(in: "枣阳路3号线车站拥挤").first?.name == "枣阳路")
    }

    @Test("The same words about points far apart on the map are two problems, near by one", arguments: [60, 5_000])
    func points(metres: Int) throws {
        let matter = "反映菜场工地欠薪，入职到现在没有缴过社保，六个月没有发工资，请劳动监察介入，要求立即支付工资。"
        var miner = ProblemMiner(gazetteer: .empty)
        let start = try #require(Coordinate(latitude: 31.24, longitude: 121.4))
        let end = try #require(Coordinate(latitude: 31.24 + Double(metres) / 111_195, longitude: 121.4))
        miner.insert(
            [start, end].enumerated().map { number, point in
                MiningMessage(
                    id: Int64(number) + 1, author: "P\(number)", subject: "工地欠薪", text: matter, at: nil, point: point)
            })
        #expect(miner.problems().map(\.members) == (metres < PairDistance.nearMetres ? [[1, 2]] : []))
        let evidence = try #require(miner.evidence(1, 2))
        #expect(abs(try #require(evidence.reasons.metresApart) - metres) <= 10)
        #expect(evidence.shares.reduce(evidence.startingPoints) { $0 + $1.points } == evidence.points)
    }

    @Test("Distance speaks against, never for, and no more beyond two kilometres")
    func distance() {
        #expect(PairDistance.shift(metres: 0) == 0)
        #expect(PairDistance.shift(metres: 400) == 0)
        #expect(PairDistance.shift(metres: 1_200) == PairDistance.farShift / 2)
        #expect(PairDistance.shift(metres: 2_000) == PairDistance.farShift)
        #expect(PairDistance.shift(metres: 40_000_000) == PairDistance.farShift)
    }
}
