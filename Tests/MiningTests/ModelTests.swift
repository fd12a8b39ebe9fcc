import Foundation
import Testing

@testable import Mining

/// The models of pairs and issues that are shipped.
@Suite("Models of pairs and issues")
struct ModelTests {
    private static let background = "background.bin"
    private static let issues = "issues.bin"
    private static let pairs = "pairs.bin"

    private static func isRead(_ name: String, _ bytes: [UInt8]) throws(ModelFileError) {
        switch name {
        case background: _ = try Background(bytes: bytes)
        case issues: _ = try IssueSpace(bytes: bytes)
        default: _ = try PairModel(bytes: bytes)
        }
    }

    @Test(
        "A shipped model is read; cut short, changed, foreign or newer it is refused",
        arguments: [background, issues, pairs])
    func refused(name: String) throws {
        let bytes = try #require(ModelFile.shipped(name))
        #expect(throws: Never.self) { try Self.isRead(name, bytes) }
        for count in [0, 7, 16, bytes.count / 2, bytes.count - 1] {
            #expect(throws: ModelFileError.self, "\(count) bytes") { try Self.isRead(name, Array(bytes.prefix(count))) }
        }
        var random = SeededRandom(seed: 3)
        for _ in 0..<5 {
            var damaged = bytes
            damaged[Int.random(in: 8..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            #expect(throws: ModelFileError.damaged) { try Self.isRead(name, damaged) }
        }
        var newer = Array(bytes.dropLast(8))
        newer[4] = 9
        newer += withUnsafeBytes(of: ModelFile.checksum(newer[...]).littleEndian) { Array($0) }
        #expect(throws: ModelFileError.version(9)) { try Self.isRead(name, newer) }
        #expect(throws: ModelFileError.notAModel) { try Self.isRead(name, [UInt8](repeating: 65, count: 64)) }
    }

    @Test("What the checksum lets pass is still refused where it makes no sense", arguments: 0..<40 as Range<UInt64>)
    func nonsense(seed: UInt64) throws {
        var content = Array(try #require(ModelFile.shipped(Self.pairs)).dropLast(8))
        var random = SeededRandom(seed: seed)
        // In the first trees: positions of children and features are tried there.
        content[Int.random(in: 8..<400, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
        content += withUnsafeBytes(of: ModelFile.checksum(content[...]).littleEndian) { Array($0) }
        guard let model = try? PairModel(bytes: content) else { return }
        // Read in spite of it: only a number changed, so every walk ends and the answer is a probability.
        var miner = ProblemMiner(gazetteer: .empty, background: .standard, model: model)
        miner.insert(ProblemMinerTests.messages(seed: seed, count: 6))
        #expect(miner.problems().allSatisfy { $0.members.count > 1 })
    }

    @Test("The table of wording survives its bytes")
    func roundTrip() throws {
        let counted = Background(counting: ["电梯坏了", "电梯停运", "路灯不亮"].map { NormalText($0) })
        #expect(try Background(bytes: counted.bytes()) == counted)
        let shipped = try #require(ModelFile.shipped(Self.background))
        #expect(try Background(bytes: shipped).bytes() == shipped)
    }

    @Test("Texts about one matter are nearer than texts about two, without a shared pair of characters")
    func issueSpace() {
        func direction(_ text: String) -> IssueSpace.Vector {
            IssueSpace.standard.vector(Digester.counted(NormalText(text).codes))
        }
        let leak = direction("墙体开裂，楼板出现裂缝")
        #expect(leak.likeness(to: direction("房屋质量有问题，屋顶渗水")) > leak.likeness(to: direction("公交车班次太少")))
        #expect(direction("xyz 123") == IssueSpace.Vector())
    }
}
