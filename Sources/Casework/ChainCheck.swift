package import Core
internal import Crypto
package import Store

/// What a check of all timelines found.
package struct ChainReport: Sendable, Equatable {
    package struct Fault: Sendable, Equatable {
        package enum Kind: String, Sendable, CaseIterable {
            /// An entry does not follow on the one before: it, or one before it, was changed.
            case changed
            /// A sequence number is missing or stands twice.
            case gap
            /// The case says its timeline is longer, shorter or ends otherwise.
            case headDiffers
            /// The case is in another state than its timeline's last move.
            case stateDiffers
            /// Entries without a case.
            case orphan
            /// A case without entries.
            case empty
            /// A removed case is still, or again, there.
            case removedStands
        }
        package let kind: Kind
        package let caseID: ID<CaseFile>
        /// The entry, where one can be named.
        package let sequence: Int64?
    }

    package private(set) var cases: Int64 = 0
    package private(set) var entries: Int64 = 0
    package private(set) var faultCount: Int64 = 0
    /// The first of the faults.
    package private(set) var faults: [Fault] = []
    /// SHA-256 over the heads of all chains, in hexadecimal. Kept elsewhere, it shows a rewriting of whole chains,
    /// which the chains themselves cannot.
    package private(set) var anchor = ""

    package var isSound: Bool { faultCount == 0 }

    fileprivate mutating func add(_ kind: Fault.Kind, _ caseID: ID<CaseFile>, _ sequence: Int64? = nil) {
        faultCount += 1
        if faults.count < CasesLimits.faultsNamedMax {
            faults.append(Fault(kind: kind, caseID: caseID, sequence: sequence))
        }
    }
    fileprivate mutating func counted(entries more: Int64) {
        cases += 1
        entries += more
    }
    fileprivate mutating func close(anchor text: String) { anchor = text }
}

extension ChainReport {
    /// Walks every timeline once, in constant memory.
    package static func verify(in tx: any Transaction) throws -> ChainReport {
        var walk = Walk()
        try CaseTimelineStore.forEachWithHead(in: tx) { entry, head in
            walk.take(entry, head)
            return true
        }
        return try walk.finish(in: tx)
    }

    /// What the case itself says of its timeline; nil where there is no such case.
    struct Head: Equatable {
        let count: Int64
        let hash: String
        let state: String
    }

    private struct Walk {
        var report = ChainReport()
        var chain = TimelineChain()
        var anchor = SHA256()
        var caseID: ID<CaseFile>?
        var head: Head?
        var count: Int64 = 0
        var hash = TimelineChain.origin
        var state: String?
        var isBroken = false

        mutating func take(_ entry: CaseTimelineStore.RawEntry, _ head: Head?) {
            if entry.caseID != caseID {
                closeCase()
                (caseID, self.head, count, hash, state, isBroken) = (
                    entry.caseID, head, 0, TimelineChain.origin, nil, false
                )
            }
            count += 1
            if let to = entry.toState { state = to }
            // One broken link breaks all that follow; the first is the one to look at.
            if !isBroken, entry.sequence != count {
                isBroken = true
                report.add(.gap, entry.caseID, entry.sequence)
            }
            if !isBroken, entry.hash(after: hash, by: &chain) != entry.hash {
                isBroken = true
                report.add(.changed, entry.caseID, entry.sequence)
            }
            hash = entry.hash
        }

        mutating func closeCase() {
            guard let caseID else { return }
            report.counted(entries: count)
            withUnsafeBytes(of: caseID.rawValue.bigEndian) { anchor.update(bufferPointer: $0) }
            anchor.update(data: Array(hash.utf8))
            guard let head else { return report.add(.orphan, caseID) }
            if head.count != count || head.hash != hash { report.add(.headDiffers, caseID) }
            if head.state != state { report.add(.stateDiffers, caseID) }
        }

        mutating func finish(in tx: any Transaction) throws -> ChainReport {
            closeCase()
            for id in try CaseTimelineStore.casesWithoutEntries(in: tx) { report.add(.empty, id) }
            for id in try CaseTimelineStore.removedThatStand(in: tx) { report.add(.removedStands, id) }
            report.close(anchor: Hex.text(anchor.finalize()))
            return report
        }
    }
}
