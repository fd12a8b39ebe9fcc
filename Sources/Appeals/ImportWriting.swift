internal import Casework
internal import Core
internal import Organisation
internal import Store

/// Writes one batch of an import in the caller's transaction: new appeals in bulk, known ones where they changed.
struct ImportWriting: Sendable {
    let cases: Cases
    let profile: Profile
    let surroundings: Surroundings
    private let unitCodes: [String: String]

    init(cases: Cases, profile: Profile, surroundings: Surroundings) {
        self.cases = cases
        self.profile = profile
        self.surroundings = surroundings
        unitCodes = Dictionary(
            profile.units.flatMap { unit in
                [unit.name.zh, unit.name.en, unit.shortName.zh, unit.shortName.en, unit.code]
                    .map { (ImportText.normalised($0), unit.code) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// What a batch added to the tally. Of rows with one number in a batch the last wins; the others count as updates,
    /// for exports list the versions of an order one below the other.
    func write(
        _ appeals: [Appeal], of record: ImportRecord, mayBeKnown: Bool, in tx: any Transaction
    ) throws -> ImportTally {
        var tally = ImportTally()
        var order: [String] = []
        var latest: [String: Appeal] = [:]
        for appeal in appeals {
            if latest.updateValue(appeal, forKey: appeal.sourceID) == nil { order.append(appeal.sourceID) }
        }
        tally.updated += appeals.count - order.count
        let known =
            mayBeKnown ? try AppealStore.known(source: record.source, sourceIDs: order, in: tx) : [:]
        let now = surroundings.now()
        var fresh: [Appeal] = []
        var changed: [Appeal] = []
        for sourceID in order {
            guard var appeal = latest[sourceID] else { continue }
            appeal.importID = record.id.rawValue
            appeal.updatedAt = now
            guard let found = known[sourceID] else {
                appeal.id = ID(surroundings.newID())
                fresh.append(appeal)
                continue
            }
            tally.updated += 1
            if found.checksum == appeal.rowChecksum {
                tally.unchanged += 1
            } else {
                appeal.id = found.id
                changed.append(appeal)
            }
        }
        try open(fresh, record, now: now, in: tx)
        try update(changed, record: record, in: tx)
        tally.accepted = fresh.count
        return tally
    }

    // MARK: - New appeals

    private func open(_ appeals: [Appeal], _ record: ImportRecord, now: Instant, in tx: any Transaction) throws {
        guard !appeals.isEmpty else { return }
        var deadlines: [DeadlineKey: Deadline?] = [:]
        let news = appeals.map { appeal -> NewCase in
            let openedAt = appeal.submittedAt ?? now
            let leadUnit = unit(appeal.unitText)
            let state = Self.state(of: appeal, hasLeadUnit: leadUnit != nil, now: now)
            let key = DeadlineKey(type: appeal.type, day: Day(openedAt, in: profile.zone))
            let deadline =
                state == .recorded
                ? nil
                : deadlines[key] ?? deadlines.remember(AppealDeadline.of(appeal.type, from: openedAt, profile), key)
            return NewCase(
                id: appeal.id, kind: AppealKind.name, title: appeal.caseTitle, state: state.rawValue,
                isOpen: state.isOpen, leadUnitCode: leadUnit, townshipCode: appeal.townshipCode, openedAt: openedAt,
                deadline: deadline, closedAt: state.isOpen ? nil : appeal.closedAt ?? openedAt,
                searchText: appeal.searchText, actor: Self.actor, event: AppealTimeline.imported, detail: record.source)
        }
        _ = try cases.openMany(news, in: tx)
        try AppealStore.insert(appeals, in: tx)
        try AppealRatingStore.insert(appeals, import: record.id, now: now, in: tx)
    }

    private struct DeadlineKey: Hashable {
        let type: AppealType
        let day: Day
    }

    /// What is answered is closed; what is old and not answered is kept for the record; the rest is to be handled.
    static func state(of appeal: Appeal, hasLeadUnit: Bool, now: Instant) -> AppealState {
        if appeal.closedAt != nil || !appeal.reply.isEmpty { return .closed }
        if let at = appeal.submittedAt, at < now.adding(days: -AppealLimits.handledHereDaysMax) { return .recorded }
        return hasLeadUnit ? .dispatched : .received
    }

    private func unit(_ text: String) -> String? {
        text.isEmpty ? nil : unitCodes[ImportText.normalised(text)]
    }

    static let actor = Actor.system("import")

    // MARK: - Known appeals

    private func update(_ appeals: [Appeal], record: ImportRecord, in tx: any Transaction) throws {
        guard !appeals.isEmpty else { return }
        let ids = appeals.map(\.id)
        let now = surroundings.now()
        // Appeals of this very import need no earlier version: undoing it removes them.
        try AppealStore.keepBefore(ids, import: record.id, in: tx)
        let before = Dictionary(uniqueKeysWithValues: try AppealStore.find(ids, in: tx).map { ($0.id, $0) })
        let files = Dictionary(uniqueKeysWithValues: try CaseStore.find(ids, now: now, in: tx).map { ($0.id, $0) })
        let worked = try CaseFileStore.workedOn(ids[...], in: tx)
        for appeal in appeals {
            guard let old = before[appeal.id], let file = files[appeal.id] else { throw AppealError.notFound }
            let kept = worked.contains(appeal.id) ? appeal.keepingHandling(of: old) : appeal
            try AppealStore.update(kept, in: tx)
            try AppealRatingStore.update(appeal, import: record.id, now: now, in: tx)
            try carry(old, appeal, file, now: now, in: tx)
        }
    }

    /// Brings the case up to what its appeal now says.
    private func carry(
        _ old: Appeal, _ new: Appeal, _ file: CaseFile, now: Instant, in tx: any Transaction
    ) throws {
        if old.searchText != new.searchText || old.caseTitle != new.caseTitle {
            try cases.retitle(
                file, new.caseTitle, searchText: (old.searchText, new.searchText), actor: Self.actor, in: tx)
        }
        let isAnswered = new.closedAt != nil || !new.reply.isEmpty
        // The source has closed what nobody here has begun with; what is being handled here stays with its handlers.
        let isUntouched = [.recorded, .received, .dispatched].contains(AppealState(rawValue: file.state))
        if isAnswered, isUntouched {
            _ = try cases.move(
                file, to: AppealState.closed.rawValue, isOpen: false, event: AppealTimeline.closedBySource,
                detail: new.source, actor: Self.actor, closedAt: new.closedAt ?? now, in: tx)
        } else {
            try cases.note(
                file.id, event: AppealTimeline.updatedBySource, detail: new.source, actor: Self.actor, in: tx)
        }
    }
}

extension Dictionary {
    fileprivate mutating func remember(_ value: Value, _ key: Key) -> Value {
        self[key] = value
        return value
    }
}
