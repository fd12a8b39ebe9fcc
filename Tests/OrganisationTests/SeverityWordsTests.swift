import Core
import Foundation
import Testing

@testable import Organisation

@Suite("Words of severity in a profile")
struct SeverityWordsTests {
    private static let sound = """
        provenance: {verified: false, source: "测试"}
        words:
          - {kind: danger, level: 3, words: 爆炸 起火}
        cues:
          - {reading: denied, place: before, reach: 4, linked: true, words: 没有}
        lowers: {denied: 3}
        linking: 发生
        ignored: 爆炸性
        crowd_number: {at_least: 30, counters: 户}
        """

    /// Words and faults of a profile whose severity.yaml and examples are these.
    private func read(_ yaml: String, examples: String? = nil) throws -> (words: SeverityWords?, faults: [ProfileFault])
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("severity-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try yaml.write(to: folder.appendingPathComponent("severity.yaml"), atomically: true, encoding: .utf8)
        try examples?.write(
            to: folder.appendingPathComponent("severity-examples.csv"), atomically: true, encoding: .utf8)
        var log = FaultLog()
        let words = ProfileSeverity.read(ProfileFiles(folder: folder), &log)
        return (words, log.faults)
    }

    @Test("A sound file is read whole, with its sentences and their lines")
    func sound() throws {
        let (words, faults) = try read(Self.sound, examples: "sentence,kind,level\n没有爆炸,danger,0\n爆炸了,danger,3\n")
        #expect(faults.isEmpty)
        #expect(words?.groups.first?.words == ["爆炸", "起火"] && words?.cues.first?.isLinked == true)
        #expect(words?.examples.map(\.level) == [0, 3] && words?.examples.map(\.line) == [2, 3])
        #expect(words?.crowdNumber?.atLeast == 30 && words?.lowers == ["denied": 3])
    }

    @Test(
        "A faulty file is refused by line",
        arguments: [
            ("kind: danger", "kind: peril"), ("level: 3", "level: 9"), ("place: before", "place: beside"),
            ("reading: denied", "reading: angry"), ("lowers: {denied: 3}", "lowers: {angry: 3}"),
            ("linked: true", "linked: perhaps"), ("reach: 4", "reach: far"), ("words: 爆炸 起火", "words: 爆炸 爆炸"),
            ("at_least: 30", "at_least: 0"), ("provenance", "providence"), ("ignored: 爆炸性", "ignored: [a]"),
        ])
    func faulty(right: String, wrong: String) throws {
        let (_, faults) = try read(Self.sound.replacing(right, with: wrong))
        #expect(!faults.isEmpty && faults.allSatisfy { $0.file == "severity.yaml" }, "\(wrong)")
    }

    @Test("A profile may have none, or another's; not one that is not there")
    func like() throws {
        #expect(try read("like: putuo").words?.groups.isEmpty == false)
        #expect(try read("like: nowhere").faults.count == 1)
        #expect(try read("like: ../putuo").faults.count == 1)
        var log = FaultLog()
        let nowhere = ProfileFiles(folder: URL(fileURLWithPath: "/nonexistent"))
        #expect(ProfileSeverity.read(nowhere, &log) == nil && log.faults.isEmpty)
    }
}
