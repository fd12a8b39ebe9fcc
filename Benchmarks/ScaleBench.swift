import Core
import Foundation
import Mining

/// How time and memory of mining grow with the number of letters: the real ones, re-cast with other places, people and
/// days until there are enough. Each letter so has many near copies elsewhere, which is harder than life.
enum ScaleBench {
    /// - Parameter arguments: the sizes; ten thousand and a hundred thousand when none is given.
    static func scale(_ arguments: [String]) async throws {
        guard let letters = try RealData.letters() else {
            return Report.line("mine-scale", "skipped: the real messages are not at hand")
        }
        let sizes = arguments.compactMap { Int($0) }
        for size in sizes.isEmpty ? [10_000, 100_000] : sizes { try await measure(size, letters) }
    }

    private static let oneByOne = 200

    private static func measure(_ size: Int, _ letters: [MiningMessage]) async throws {
        var all: [MiningMessage] = []
        all.reserveCapacity(size)
        var recast = Recast(seed: 0)
        for number in 0..<size + oneByOne {
            let (cast, place) = number.quotientAndRemainder(dividingBy: letters.count)
            if place == 0 { recast = Recast(seed: UInt64(cast)) }
            let letter = letters[place]
            all.append(recast.letter(letter, id: letter.id + Int64(cast) * 10_000_000))
        }
        let before = Memory.peakMebibytes
        var miner = ProblemMiner(gazetteer: .empty)
        var problems = 0
        let seconds = try await Clock.seconds {
            miner.insert(Array(all.prefix(size)))
            problems = miner.problems().count
        }
        let more = try await Clock.seconds {
            for letter in all.suffix(oneByOne) {
                miner.insert([letter])
                _ = miner.takeChanges()
            }
        }
        let rate = Int(Double(size) / seconds)
        let each = String(format: "%.1f ms for one more", more / Double(oneByOne) * 1_000)
        Report.line(
            "mine \(size) letters",
            String(format: "%.1f s (%d/s), ", seconds, rate)
                + "\(problems) problems, \(Memory.peakMebibytes - before) MiB above the letters, \(each)")
    }
}
