import Core
import Foundation
import Mining

/// How time and memory of mining grow with the number of letters: the real ones, re-cast with other places, people and
/// days until there are enough. Each letter so has many near copies elsewhere, which is harder than life.
enum ScaleBench {
    /// - Parameter arguments: the sizes; ten thousand to a million when none is given.
    static func scale(_ arguments: [String]) async throws {
        guard let letters = try RealData.letters() else {
            return Report.skip("mine-scale", because: "the real messages are not at hand")
        }
        try stability(letters)
        let sizes = arguments.compactMap { Int($0) }
        for size in sizes.isEmpty ? [10_000, 100_000, 1_000_000] : sizes { measure(size, letters) }
    }

    /// What a hundredth more letters change of the assignments there were, and what another order changes.
    private static func stability(_ letters: [MiningMessage]) throws {
        var random = SeededRandom(seed: 11)
        var (moved, all) = (0, 0)
        for _ in 0..<5 {
            let shuffled = letters.shuffled(using: &random)
            let new = letters.count / 100
            var miner = ProblemMiner(gazetteer: .empty)
            miner.insert(Array(shuffled.dropLast(new)))
            let before = miner.problems().map(\.members)
            miner.insert(Array(shuffled.suffix(new)))
            let old = Set(shuffled.dropLast(new).map(\.id))
            moved += changed(before, miner.problems().map { $0.members.filter(old.contains) })
            all += old.count
        }
        let share = Double(moved) / Double(all) * 100
        Report.line(
            "old assignments that 1 % more letters change", String(format: "%.2f %%", share),
            limit: ("at most 1 %", share <= 1))
    }

    /// Messages whose problem is not the one that kept most of their companions: a problem that only splits or grows
    /// moves its smaller part.
    private static func changed(_ before: [[Int64]], _ after: [[Int64]]) -> Int {
        var home: [Int64: Int] = [:]
        for (number, members) in after.enumerated() { for id in members { home[id] = number } }
        var moved = 0
        var taken: Set<Int> = []
        for members in before.sorted(by: { ($1.count, $0[0]) < ($0.count, $1[0]) }) {
            let counts = Dictionary(members.compactMap { home[$0].map { ($0, 1) } }, uniquingKeysWith: +)
            let free = counts.filter { !taken.contains($0.key) }
            guard let main = free.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else {
                moved += members.count
                continue
            }
            taken.insert(main.key)
            moved += members.count - main.value
        }
        // Letters that were alone and are with others that were there before.
        let grouped = Set(before.joined())
        for (number, members) in after.enumerated() where members.count > 1 {
            let lone = members.filter { !grouped.contains($0) }.count
            moved += taken.contains(number) ? lone : max(0, lone - 1)
        }
        return moved
    }

    private static let oneByOne = 200
    private static let batch = 20_000

    /// Letters as they are needed: a million would not fit beside the miner.
    private struct Source {
        let templates: [Recast.Template]
        var recast = Recast(seed: 0)
        var made = 0

        init(_ letters: [MiningMessage]) { templates = letters.map(Recast(seed: 0).template) }

        mutating func next(_ count: Int) -> [MiningMessage] {
            (0..<count).map { _ in
                let (cast, place) = made.quotientAndRemainder(dividingBy: templates.count)
                if place == 0 { recast = Recast(seed: UInt64(cast)) }
                made += 1
                return recast.letter(templates[place], id: templates[place].letter.id + Int64(cast) * 10_000_000)
            }
        }
    }

    private static func measure(_ size: Int, _ letters: [MiningMessage]) {
        var source = Source(letters)
        var miner = ProblemMiner(gazetteer: .empty)
        var (wall, work) = (0.0, 0.0)
        func timed(_ body: () -> Void) {
            let (start, before) = (ContinuousClock.now, ProcessTime.seconds)
            body()
            let parts = (ContinuousClock.now - start).components
            wall += Double(parts.seconds) + Double(parts.attoseconds) / 1e18
            work += ProcessTime.seconds - before
        }
        for start in stride(from: 0, to: size, by: batch) {
            let letters = source.next(min(batch, size - start))
            timed { miner.insert(letters) }
        }
        // What each stage takes, for it is not the same stage that grows.
        var (phases, before) = ([String](), 0.0)
        func phase(_ name: String) {
            phases.append(String(format: "%@ %.0f µs", name, (work - before) / Double(size) * 1e6))
            before = work
        }
        phase("digests and index")
        timed { while miner.searchOn() != nil {} }
        phase("search")
        var problems = 0
        timed { problems = miner.problems().count }
        phase("groups and titles")
        let memory = Memory.peakMebibytes
        Report.line(
            "mine \(size) letters",
            String(
                format: "%.1f s (%.1f s of work on all cores, %.0f µs a letter), %d problems, %d MiB", wall, work,
                work / Double(size) * 1e6, problems, memory),
            limit: size < 1_000_000
                ? nil : ("at most 90 s with two cores to itself, and 2 GB", wall <= 90 && memory < 1_907))
        Report.line("  a letter", phases.joined(separator: ", "))
        let more = source.next(oneByOne)
        var each: [Double] = []
        for letter in more {
            let before = ProcessTime.seconds
            miner.insert([letter])
            _ = miner.takeChanges()
            each.append((ProcessTime.seconds - before) * 1_000)
        }
        each.sort()
        let mean = each.reduce(0, +) / Double(oneByOne)
        Report.line(
            "  one more letter",
            String(
                format: "mean %.2f ms, median %.2f ms, slowest of ten %.2f ms", mean, each[oneByOne / 2],
                each[oneByOne * 9 / 10]),
            limit: ("median at most 2 ms", each[oneByOne / 2] <= 2))
    }
}

/// Processor time of this process, on all cores together: what a shared machine does not stretch.
enum ProcessTime {
    static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
