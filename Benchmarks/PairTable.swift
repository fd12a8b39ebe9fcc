import Core
import Foundation
import Mining
import Sheets

/// What `scripts/train-pairs` learns from: the features of every pair worth comparing, and of pairs made from the same
/// letters whose answer is known because of how they were made. Labels are joined by the script.
enum PairTable {
    /// How many letters each kind of made pair is drawn from.
    private static let madeMax = 600
    private static let madeIDs: Int64 = 1_000_000_000

    static func command(_ arguments: [String]) throws {
        guard let path = arguments.first, let letters = try RealData.letters() else {
            return Report.line("pair-table", "skipped: needs a path to write to, and the real messages")
        }
        try write(letters, to: path)
    }

    /// Writes one row per pair: kind, the two letters it comes from, and the features by name.
    static func write(_ letters: [MiningMessage], to path: String) throws {
        let writer = try CSVWriter(path: path, hasMark: false)
        var hasHeader = false
        func row(_ kind: String, _ pair: (Int64, Int64), of origins: (Int64, Int64), in miner: ProblemMiner) throws {
            guard let features = miner.features(pair.0, pair.1) else { return }
            if !hasHeader { try writer.write(["kind", "first", "second"] + features.map(\.name)) }
            hasHeader = true
            let ids = [Cell.number(String(origins.0)), .number(String(origins.1))]
            try writer.write([.text(kind)] + ids + features.map { .number(String($0.value)) })
        }
        var miner = ProblemMiner(gazetteer: .empty)
        miner.insert(letters)
        for pair in miner.candidatePairs() { try row("found", pair, of: pair, in: miner) }
        for made in made(letters) {
            var miner = ProblemMiner(gazetteer: .empty)
            miner.insert([made.first, made.second])
            let origins = (made.origin, made.first.id)
            try row(made.kind, (made.first.id, made.second.id), of: origins, in: miner)
        }
        try writer.finish()
    }

    private struct Made {
        let kind: String
        let first: MiningMessage
        let second: MiningMessage
        let origin: Int64
    }

    /// `moved`: copied with only the place changed, never one problem. `retold`: the same again by another person, one
    /// problem. `other`: another letter whose place is changed to the first one's, so the place is the same and the
    /// issue, as a rule, is not.
    private static func made(_ letters: [MiningMessage]) -> [Made] {
        var random = SeededRandom(seed: 17)
        var recast = Recast(seed: 18)
        let placed = letters.filter { recast.place(of: $0) != nil }.shuffled(using: &random)
        var all: [Made] = []
        for (number, letter) in placed.prefix(madeMax).enumerated() {
            let id = madeIDs + Int64(number)
            let moved = recast.moved(letter, id: id, to: nil)
            all.append(Made(kind: "moved", first: letter, second: moved, origin: letter.id))
            let retold = recast.retold(letter, id: id)
            all.append(Made(kind: "retold", first: letter, second: retold, origin: letter.id))
            let other = placed[(number + 1 + Int.random(in: 0..<placed.count - 1, using: &random)) % placed.count]
            let brought = recast.moved(other, id: id, to: recast.place(of: letter))
            all.append(Made(kind: "other", first: letter, second: brought, origin: other.id))
        }
        let placedInside = letters.filter { recast.place(of: $0) == nil && recast.hasSite($0) }.shuffled(using: &random)
        for (number, letter) in placedInside.prefix(madeMax / 8).enumerated() {
            let id = madeIDs + Int64(madeMax + number)
            let moved = recast.moved(letter, id: id, to: nil)
            all.append(Made(kind: "moved", first: letter, second: moved, origin: letter.id))
            let retold = recast.retold(letter, id: id)
            all.append(Made(kind: "retold", first: letter, second: retold, origin: letter.id))
        }
        return all
    }
}
