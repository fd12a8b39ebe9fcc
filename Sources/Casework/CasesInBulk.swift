package import Core
internal import Organisation
package import Store

/// A case to be removed, with the text its domain gave the search index.
package struct CaseRemoval: Sendable {
    package let id: ID<CaseFile>
    package let searchText: String
    package init(id: ID<CaseFile>, searchText: String) {
        self.id = id
        self.searchText = searchText
    }
}

extension Cases {
    /// Opens a batch of cases and returns their numbers in the same order.
    ///
    /// The way of imports: prepared statements or COPY, one hash a case, numbers taken in blocks. Cases that a file
    /// brings closed, or of a day long past, are opened as of then.
    package func openMany(_ news: [NewCase], in tx: any Transaction) throws -> [String] {
        guard news.count <= CasesLimits.batchCasesMax else {
            throw CaseError.batchTooLarge(max: CasesLimits.batchCasesMax)
        }
        var checkedStates: Set<[String]> = []
        for new in news {
            guard !new.title.isEmpty else { throw CaseError.titleMissing }
            _ = try CaseText.detail(new.detail)
            guard
                new.title.utf8.count <= CasesLimits.titleCharactersMax
                    || new.title.unicodeScalars.count <= CasesLimits.titleCharactersMax
            else { throw CaseError.titleTooLong(max: CasesLimits.titleCharactersMax) }
            if checkedStates.insert([new.kind, new.state]).inserted { try checkState(new.state, of: new.kind) }
            try checkUnits(lead: new.leadUnitCode, supporting: new.supportingUnitCodes)
        }
        let numbers = try numbers(for: news, in: tx)
        var deadlines: [Deadline: String] = [:]
        var chain = TimelineChain()
        let openings = try zip(news, numbers).map { new, number in
            CaseFileStore.Opening(
                new: new, number: number, deadlineJSON: try new.deadline.map { try json($0, &deadlines) },
                hash: chain.hash(
                    previous: TimelineChain.origin, caseID: new.id, sequence: 1, at: new.openedAt, event: new.event,
                    detail: new.detail, fromState: nil, toState: new.state, actor: new.actor))
        }
        try CaseFileStore.insert(openings, now: surroundings.now(), in: tx)
        try CaseSearch.index.insert(
            news.lazy.map { ($0.id.rawValue, CaseSearch.document(title: $0.title, searchText: $0.searchText)) },
            in: tx)
        return numbers
    }

    /// Cases of one day and rule share their derivation, so few are written out.
    private func json(_ deadline: Deadline, _ known: inout [Deadline: String]) throws -> String {
        if let json = known[deadline] { return json }
        let json = try deadline.json()
        known[deadline] = json
        return json
    }

    private struct DayOfKind: Hashable {
        let kind: String
        let day: Day
    }

    private func numbers(for news: [NewCase], in tx: any Transaction) throws -> [String] {
        var groups: [DayOfKind: [Int]] = [:]
        for (index, new) in news.enumerated() {
            groups[DayOfKind(kind: new.kind, day: Day(new.openedAt, in: profile.zone)), default: []].append(index)
        }
        // Days of one scope are taken together, for a pattern may have no day; counters are locked in one order, so
        // that two imports cannot wait for each other.
        var scopes: [NumberPattern.Scope: (kind: CaseKind, indices: [Int])] = [:]
        for (group, indices) in groups {
            guard let kind = kinds[group.kind], let pattern = patterns[group.kind] else {
                throw CaseError.unknownKind(group.kind)
            }
            scopes[pattern.scope(on: group.day), default: (kind, [])].indices += indices
        }
        var numbers = [String](repeating: "", count: news.count)
        for (scope, taken) in scopes.sorted(by: { $0.key.key < $1.key.key }) {
            var running = try CaseNumberStore.take(
                taken.indices.count, scope: scope, isGapless: taken.kind.isGapless, in: tx)
            for index in taken.indices.sorted() {
                numbers[index] = scope.number(running)
                running += 1
            }
        }
        return numbers
    }

    /// Takes back a whole import. A case that somebody has worked on since stays, and is returned.
    ///
    /// Of each removed case a tombstone remains: its number, its last hash, who removed it and why, but no title or
    /// text. The caller removes its own rows of the removed cases in the same transaction.
    package func removeMany(
        _ removals: [CaseRemoval], reason: String, actor: Actor, in tx: any Transaction
    ) throws -> Set<ID<CaseFile>> {
        let reason = try CaseText.reason(reason)
        let now = surroundings.now()
        let texts = Dictionary(removals.map { ($0.id, $0.searchText) }, uniquingKeysWith: { first, _ in first })
        var kept: Set<ID<CaseFile>> = []
        var removed = 0
        for chunk in CaseStore.chunks(removals.map(\.id)) {
            for kind in try CaseFileStore.kinds(of: chunk, in: tx) where kinds[kind]?.isGapless ?? true {
                throw CaseError.gaplessStays(kind: kind)
            }
            let worked = try CaseFileStore.workedOn(chunk, in: tx)
            kept.formUnion(worked)
            let gone = chunk.filter { !worked.contains($0) }
            guard !gone.isEmpty else { continue }
            let titles = try CaseFileStore.titles(of: gone[...], in: tx)
            try CaseSearch.index.remove(
                titles.map { ($0.rawValue, CaseSearch.document(title: $1, searchText: texts[$0] ?? "")) }, in: tx)
            removed += try CaseFileStore.remove(gone, reason: reason, actor: actor, now: now, in: tx)
        }
        try SweepFiles.enqueue(surroundings, in: tx)
        try Audit.append(
            AuditEvent(
                kind: .recordsRemoved, personID: actor.personID, subject: "cases",
                detail: "removed=\(removed) kept=\(kept.count) reason=\(reason)"),
            surroundings, in: tx)
        return kept
    }
}
