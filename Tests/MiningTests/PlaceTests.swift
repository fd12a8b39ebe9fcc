import Core
import Foundation
import Testing

@testable import Mining

@Suite("Places")
struct PlaceTests {
    /// A district of two roads: 长街路 runs west from the border and changes township at number 500, 边界路 is a border
    /// itself, odd numbers here and even ones there; and an estate.
    private static func examples() throws -> [PlaceModel.Example] {
        var examples: [PlaceModel.Example] = []
        func add(_ address: String, _ east: Double, _ north: Double, _ township: String) throws {
            let point = try #require(Coordinate(latitude: 31.25 + north / 110_870, longitude: 121.4 + east / 95_000))
            examples.append(.init(address: address, point: point, township: township))
        }
        for number in stride(from: 20, through: 980, by: 40) {
            let township = number < 500 ? "东河街道" : "西塘镇"
            try add("长街路\(number)弄", -Double(number), 10, township)
            try add("普陀区长街路\(number + 1)号", -Double(number), -10, township)
            try add("边界路\(number + 1)号", -500, Double(number), "东河街道")
            try add("边界路\(number)号", -530, Double(number), "西塘镇")
        }
        for village in ["一", "二", "三"] { try add("西塘\(village)村", -900, 300, "西塘镇") }
        return examples
    }

    @Test(
        "An address is a road with its number, or a named place",
        arguments: [
            ("上海市普陀区中山北路1243弄", "中山北路", 1_243), ("枣阳路251弄98支弄", "枣阳路", 251), ("常徳路１１８５弄", "常德路", 1_185),
            ("普陀区 新村路350号2层", "新村路", 350),
        ])
    func parsed(address: String, name: String, number: Int) {
        #expect(AddressName(address) == AddressName(name: name, number: number))
    }

    @Test("Estates keep their names, and what they share with roads")
    func named() {
        #expect(AddressName("梅四小区").name == "梅四小区")
        #expect(AddressName("铁路新村").name == "铁路新村")
        #expect(AddressName("镇坪路赵家宅") == AddressName(name: "赵家宅", via: "镇坪路", number: nil))
        #expect(AddressName("普陀区车站新村").name == "车站新村")
        for (name, stem) in [
            ("曹杨八村", "曹杨"), ("武威东路", "武威"), ("梅岭支路", "梅岭"), ("泰山一村", "泰山"), ("真北路", "真北"),
        ] {
            #expect(AddressName.stem(of: name) == stem)
        }
    }

    @Test("House numbers decide along a road, and sides on a border")
    func decides() throws {
        let model = try PlaceModel.train(Self.examples())
        for (address, township) in [
            ("长街路133号", "东河街道"), ("长街路902弄", "西塘镇"), ("上海市普陀区边界路433号", "东河街道"),
            ("边界路432号", "西塘镇"), ("西塘五村", "西塘镇"), ("西塘镇没有路名的地方", "西塘镇"),
        ] {
            let guess = model.guess(address)
            #expect(guess.township == township, "\(address)")
            #expect(guess.isSure, "\(address): \(guess.permille)")
        }
        let found = model.guess("长街路250号")
        #expect(found.basis == .numbers && found.neighbours.first == "长街路260弄")
        let point = try #require(found.point)
        let truth = try #require(Coordinate(latitude: 31.25, longitude: 121.4 - 250 / 95_000.0))
        #expect(point.metres(to: truth) < 40)
        #expect(model.guess("西塘五村").basis == .name)
    }

    @Test("A name nobody knows gets no sure answer")
    func abstains() throws {
        let guess = try PlaceModel.train(Self.examples()).guess("无名弄堂")
        #expect(!guess.isSure && guess.permille < 800, "\(guess)")
    }

    @Test("A new name is taken for one of those that few addresses have, not for the road that most are on")
    func seldom() throws {
        var examples = try Self.examples().filter { $0.address.contains("长街路") && $0.township == "东河街道" }
        for (at, character) in "丙戊庚壬甲乙丁己辛癸".enumerated() {
            let point = try #require(Coordinate(latitude: 31.26, longitude: 121.38 + Double(at) / 1_000))
            let township = at < 7 ? "西塘镇" : "东河街道"
            examples.append(.init(address: "\(character)路\(at + 3)号", point: point, township: township))
        }
        let model = try PlaceModel.train(examples)
        #expect(examples.count { $0.township == "东河街道" } > 2 * examples.count { $0.township == "西塘镇" })
        #expect(model.guess("无名路5号").township == "西塘镇")
        let shares = model.memory.seldom.shares(AddressName("无名路5号"))
        #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
        let own = model.memory.seldom.shares(AddressName("丙路3号"))
        #expect(own[1] < shares[1], "a name's own addresses say nothing about it as a new one")
    }

    @Test("Weights are the best ones, also where a whole Newton step overshoots", arguments: [0.06, 0.01, 0.001])
    func fitted(pull: Double) {
        let right = ChoiceModel.Case(rows: [[20], [0]], truth: 0)
        let wrong = ChoiceModel.Case(rows: [[5], [0]], truth: 1)
        let cases = [ChoiceModel.Case](repeating: right, count: 9) + [wrong]
        let weight = ChoiceModel.fit(cases, prior: [-1], pull: pull)[0]
        func share(_ value: Double) -> Double { 1 / (1 + exp(-value * weight)) }
        let gradient = (9 * 20 * (share(20) - 1) + 5 * share(5)) / 10 + 2 * pull * (weight + 1)
        #expect(abs(gradient) < 1e-4, "\(weight)")
    }

    @Test("The order of the examples does not matter, and a model survives its bytes")
    func bytes() throws {
        var examples = try Self.examples()
        let model = try PlaceModel.train(examples)
        var random = SeededRandom(seed: 4)
        examples.shuffle(using: &random)
        let bytes = model.bytes()
        #expect(try PlaceModel.train(examples).bytes() == bytes)
        let read = try PlaceModel(bytes: bytes)
        for address in ["长街路133号", "边界路432号", "西塘五村", "无名弄堂"] {
            let (first, second) = (read.guess(address), model.guess(address))
            #expect(first.township == second.township && abs(first.permille - second.permille) <= 1)
        }
        #expect(throws: PlaceModel.TrainingError.townships(found: 1)) { try PlaceModel.train([examples[0]]) }
        for count in [0, 7, 16, bytes.count / 2, bytes.count - 1] {
            #expect(throws: ModelFileError.self) { try PlaceModel(bytes: Array(bytes.prefix(count))) }
        }
    }

    @Test(
        "Damaged files are refused or answer with probabilities; no address breaks a model",
        arguments: 0..<20 as Range<UInt64>)
    func fuzzed(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var content = Array(try PlaceModel.train(Self.examples()).bytes().dropLast(8))
        for _ in 0..<3 {
            content[.random(in: 8..<content.count, using: &random)] = .random(in: 0...255, using: &random)
        }
        content += withUnsafeBytes(of: ModelFile.checksum(content[...]).littleEndian) { Array($0) }
        let models = [try PlaceModel.train(Self.examples())] + [try? PlaceModel(bytes: content)].compactMap { $0 }
        let parts = [
            "路", "弄", "号", "12", "99999999999", "区", "市", "村", "长街路", "边界路", "\u{0}", "<b>", "𠮷", "　", "街道", "",
        ]
        for model in models {
            for _ in 0..<20 {
                let address = (0..<Int.random(in: 0...7, using: &random)).map { _ in
                    parts.randomElement(using: &random) ?? ""
                }.joined()
                #expect((0...1_000).contains(model.guess(address).permille), "seed \(seed): \(address)")
            }
        }
    }
}
