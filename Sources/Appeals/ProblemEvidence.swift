internal import Mining

/// Why each appeal of a problem is there: the other one it is likeliest the same as.
///
/// Evidence depends on the two messages alone, so a miner over the members says what the miner of the district says.
struct ProblemEvidence {
    struct Neighbour: Sendable, Equatable {
        let member: Int64
        let reasons: PairReasons
    }

    let miner: ProblemMiner
    let members: [Int64]

    init(_ messages: [MiningMessage], gazetteer: Gazetteer) {
        var miner = ProblemMiner(gazetteer: gazetteer)
        miner.insert(messages)
        self.miner = miner
        members = messages.map(\.id)
    }

    /// Nil when the appeal is alone, or unknown. Ties go to the older appeal.
    func nearest(to appeal: Int64) -> Neighbour? {
        var best: (member: Int64, permille: Int)?
        for other in members where other != appeal {
            guard let permille = miner.likeness(appeal, other) else { continue }
            if permille > best?.permille ?? -1 { best = (other, permille) }
        }
        return best.flatMap { best in
            miner.reasons(appeal, best.member).map { Neighbour(member: best.member, reasons: $0) }
        }
    }
}
