package import Core
package import Organisation
package import Store

/// Everything that may be done to a case, whatever its kind. Every deed leaves an entry in the case's timeline, in
/// the transaction of the deed.
package struct Cases: Sendable {
    package let profile: Profile
    package let surroundings: Surroundings
    package let kinds: [String: CaseKind]
    let patterns: [String: NumberPattern]
    let unitCodes: Set<String>

    /// - Throws: `CaseError` when the profile has no number pattern for a kind, or not a sound one.
    package init(profile: Profile, kinds: [CaseKind], surroundings: Surroundings) throws(CaseError) {
        self.profile = profile
        self.surroundings = surroundings
        self.kinds = Dictionary(kinds.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        unitCodes = Set(profile.units.map(\.code))
        patterns = try Self.patterns(of: kinds, profile)
    }

    private static func patterns(of kinds: [CaseKind], _ profile: Profile) throws(CaseError) -> [String: NumberPattern]
    {
        var patterns: [String: NumberPattern] = [:]
        for kind in kinds {
            guard let text = profile.numberPatterns[kind.name] ?? kind.numberPattern else {
                throw .numberPatternMissing(kind: kind.name)
            }
            let pattern: NumberPattern
            do { pattern = try NumberPattern(text) } catch { throw .numberPattern(kind: kind.name, fault: error) }
            for other in kinds where patterns[other.name] == pattern && (kind.isGapless || other.isGapless) {
                throw .numberPatternShared(kind: kind.name, other: other.name)
            }
            patterns[kind.name] = pattern
        }
        return patterns
    }

    // MARK: - Open and move

    package func open(_ new: NewCase, in tx: any Transaction) throws -> CaseFile {
        var new = new
        new.title = try CaseText.title(new.title)
        _ = try openMany([new], in: tx)
        return try CaseStore.find(new.id, now: surroundings.now(), in: tx)
    }

    /// Moves a case to another state of its kind, if it is still as `file` says.
    ///
    /// - Parameter closedAt: when it was closed, for imports; now unless given.
    /// - Throws: `CaseError.movedMeanwhile` when somebody else was first.
    package func move(
        _ file: CaseFile, to state: String, isOpen: Bool, event: String, detail: String, actor: Actor,
        closedAt: Instant? = nil, in tx: any Transaction
    ) throws -> CaseFile {
        try checkState(state, of: file.kind)
        let closedAt = isOpen ? nil : closedAt ?? file.closedAt ?? surroundings.now()
        let change = CaseFileStore.stateChange(state, isOpen: isOpen, closedAt: closedAt)
        return try apply(file, change, event: event, detail: detail, toState: state, actor: actor, in: tx)
    }

    /// Adds an entry to the timeline and changes nothing else, so that no open form becomes out of date.
    package func note(
        _ id: ID<CaseFile>, event: String, detail: String, actor: Actor, in tx: any Transaction
    ) throws {
        let now = surroundings.now()
        guard let head = try CaseTimelineStore.advance(id, now: now, in: tx) else { throw CaseError.notFound }
        try CaseTimelineStore.append(
            head, to: id, at: now, event: event, detail: try CaseText.detail(detail), fromState: nil, toState: nil,
            actor: actor, in: tx)
    }

    func note(
        _ id: ID<CaseFile>, _ event: CaseEvent, _ arguments: [String], actor: Actor, in tx: any Transaction
    ) throws {
        try note(id, event: event.rawValue, detail: EventArguments.text(arguments), actor: actor, in: tx)
    }

    // MARK: - Units

    /// Names the unit that leads and those that support it, in place of those before.
    package func assign(
        _ file: CaseFile, lead: String?, supporting: [String] = [], reason: String = "", actor: Actor,
        in tx: any Transaction
    ) throws -> CaseFile {
        try checkUnits(lead: lead, supporting: supporting)
        let before = try CaseStore.supportingUnits(of: file.id, in: tx)
        let arguments = [
            file.leadUnitCode ?? "", lead ?? "", before.joined(separator: " "), supporting.joined(separator: " "),
            reason,
        ]
        let moved = try apply(
            file, CaseFileStore.leadChange(lead), .assigned, arguments, actor: actor, in: tx)
        try CaseFileStore.replaceSupportingUnits(of: file.id, by: supporting, in: tx)
        return moved
    }

    func checkUnits(lead: String?, supporting: [String]) throws(CaseError) {
        if let lead, !unitCodes.contains(lead) { throw .unknownUnit(lead) }
        guard !supporting.isEmpty else { return }
        guard supporting.count <= CasesLimits.supportingUnitsMax else {
            throw .tooManyUnits(max: CasesLimits.supportingUnitsMax)
        }
        for (index, code) in supporting.enumerated() {
            if !unitCodes.contains(code) { throw .unknownUnit(code) }
            if code == lead || supporting[..<index].contains(code) { throw .leadAlsoSupports(code) }
        }
    }

    // MARK: - Deadline and light

    /// Gives a case another deadline, or none, because its rule changed.
    package func setDeadline(
        _ file: CaseFile, _ deadline: Deadline?, reason: String, actor: Actor, in tx: any Transaction
    ) throws -> CaseFile {
        let arguments = [day(file.dueAt), day(deadline?.dueAt), deadline?.rule ?? "", try CaseText.reason(reason)]
        return try apply(
            file, try CaseFileStore.deadlineChange(deadline), .deadlineSet, arguments, actor: actor, in: tx)
    }

    /// Gives an open case more working days, counted on from its last day.
    package func extendDeadline(
        _ file: CaseFile, byWorkingDays days: Int, reason: String, actor: Actor, in tx: any Transaction
    ) throws -> CaseFile {
        guard file.isOpen else { throw CaseError.closed }
        guard let deadline = try CaseStore.deadline(of: file.id, in: tx) else { throw CaseError.noDeadline }
        let longer = try deadline.extended(byWorkingDays: days, reason: reason, calendar: profile.calendar)
        let arguments = [
            String(days), deadline.last.description, longer.last.description, longer.extensions.last?.reason ?? "",
        ]
        return try apply(
            file, try CaseFileStore.deadlineChange(longer), .deadlineExtended, arguments, actor: actor, in: tx)
    }

    /// Says anew from when the plan makes the light worse; the domain's own entry in the timeline says why.
    package func setPace(_ id: ID<CaseFile>, _ pace: Pace, in tx: any Transaction) throws {
        try CaseFileStore.setPace(of: id, to: pace, in: tx)
    }

    /// A person may make a light worse than computed, never better.
    package func worsenLight(
        _ file: CaseFile, to light: Light, reason: String, actor: Actor, in tx: any Transaction
    ) throws -> CaseFile {
        guard file.isOpen else { throw CaseError.closed }
        guard light > file.light, Light.judgements.contains(light) else { throw CaseError.lightNotWorse }
        let arguments = [file.light.rawValue, light.rawValue, try CaseText.reason(reason)]
        return try apply(
            file, CaseFileStore.floorChange(light), .lightWorsened, arguments, actor: actor, in: tx)
    }

    /// An approval betters a light until a given instant; then the computed light is back, and what a person made of
    /// it is forgotten. The caller has checked that the actor may approve.
    package func approveLight(
        _ file: CaseFile, _ light: Light, until: Instant, reason: String, actor: Actor, in tx: any Transaction
    ) throws -> CaseFile {
        guard file.isOpen else { throw CaseError.closed }
        guard light < file.light, Light.judgements.contains(light) else { throw CaseError.lightNotBetter }
        let now = surroundings.now()
        guard until > now, until <= now.adding(days: CasesLimits.approvalDaysMax) else {
            throw CaseError.approvalTooLong(daysMax: CasesLimits.approvalDaysMax)
        }
        let arguments = [file.light.rawValue, light.rawValue, day(until), try CaseText.reason(reason)]
        return try apply(
            file, CaseFileStore.approvalChange(light, until: until), .lightApproved, arguments, actor: actor, in: tx)
    }

    private func day(_ instant: Instant?) -> String {
        instant.map { Day($0, in: profile.zone).description } ?? ""
    }

    // MARK: - One conditional statement

    func checkState(_ state: String, of kind: String) throws(CaseError) {
        guard let kind = kinds[kind] else { throw .unknownKind(kind) }
        guard kind.states.contains(where: { $0.name == state }) else { throw .unknownState(state) }
    }

    private func apply(
        _ file: CaseFile, _ change: SQL, _ event: CaseEvent, _ arguments: [String], actor: Actor,
        in tx: any Transaction
    ) throws -> CaseFile {
        try apply(
            file, change, event: event.rawValue, detail: EventArguments.text(arguments), toState: nil, actor: actor,
            in: tx)
    }

    private func apply(
        _ file: CaseFile, _ change: SQL, event: String, detail: String, toState: String?, actor: Actor,
        in tx: any Transaction
    ) throws -> CaseFile {
        let detail = try CaseText.detail(detail)
        let now = surroundings.now()
        guard let head = try CaseTimelineStore.advance(file, setting: change, now: now, in: tx) else {
            if try CaseStore.ifPresent(file.id, now: now, in: tx) == nil { throw CaseError.notFound }
            throw CaseError.movedMeanwhile
        }
        try CaseTimelineStore.append(
            head, to: file.id, at: now, event: event, detail: detail,
            fromState: toState == nil ? nil : file.state, toState: toState, actor: actor, in: tx)
        return try CaseStore.find(file.id, now: now, in: tx)
    }
}
