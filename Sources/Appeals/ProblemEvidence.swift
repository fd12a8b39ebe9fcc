internal import Mining

/// Why each appeal of a problem is there: the other one it is likeliest the same as.
///
/// Evidence depends on the two messages alone, so a miner over the members says what the miner of the district says.
struct ProblemEvidence {
    struct Neighbour: Sendable, Equatable {
        let member: Int64
        let evidence: PairEvidence
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
        var best: Neighbour?
        for other in members where other != appeal {
            guard let evidence = miner.evidence(appeal, other) else { continue }
            if best.map({ evidence.permille > $0.evidence.permille }) ?? true {
                best = Neighbour(member: other, evidence: evidence)
            }
        }
        return best
    }
}
