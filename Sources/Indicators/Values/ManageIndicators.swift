package import Core
package import Organisation
package import Store
package import Web

/// Who may do what to indicators.
package enum IndicatorPermission {
    /// Defines, sets targets, verifies, imports.
    package static func mayDefine(_ account: Visitor.Account) -> Bool { account.roles.contains(.digitalOffice) }

    /// The owner unit's people and the digital office enter values.
    package static func mayEnter(_ account: Visitor.Account, _ indicator: Indicator) -> Bool {
        if account.roles.contains(.digitalOffice) { return true }
        guard let unit = account.unitCode, unit == indicator.ownerUnitCode else { return false }
        return !account.roles.isDisjoint(with: [.unitStaff, .unitHead])
    }
}

/// What a form says about a definition.
package struct IndicatorDraft: Sendable, Equatable {
    package var code = ""
    package var nameZh = ""
    package var nameEn = ""
    package var unitZh = ""
    package var unitEn = ""
    package var direction = IndicatorDirection.higher
    package var basis = ""
    package var periodKind = PeriodKind.year
    package var scopeKind = FigureScope.Kind.district
    package var source = ""
    package var ownerUnitCode: String?
    package var definition = ""
    package var places = 0
    package var isVerified = false

    package init() {}
}

/// What is done to indicators: define, enter, correct, verify, set targets; each with its entry in the audit trail.
package struct ManageIndicators: Sendable {
    package let profile: Profile
    package let surroundings: Surroundings

    package init(profile: Profile, surroundings: Surroundings) {
        self.profile = profile
        self.surroundings = surroundings
    }

    // MARK: - Definitions

    package func define(
        _ draft: IndicatorDraft, by account: Visitor.Account, isDemo: Bool = false, in tx: any Transaction
    ) throws -> Indicator {
        guard IndicatorPermission.mayDefine(account) else { throw IndicatorError.notYours }
        let indicator = try checked(draft, id: ID(surroundings.newID()), version: 1, isDemo: isDemo)
        guard try IndicatorStore.find(code: indicator.code, in: tx) == nil else {
            throw IndicatorError.codeTaken(indicator.code)
        }
        try IndicatorStore.insert(indicator, in: tx)
        try audit("indicator \(indicator.code)", "defined", account, in: tx)
        return indicator
    }

    /// - Parameter version: the one the form showed.
    package func redefine(
        _ id: ID<Indicator>, _ draft: IndicatorDraft, version: Int, by account: Visitor.Account,
        in tx: any Transaction
    ) throws {
        guard IndicatorPermission.mayDefine(account) else { throw IndicatorError.notYours }
        let before = try IndicatorStore.find(id, in: tx)
        let after = try checked(draft, id: id, version: version, isDemo: before.isDemo)
        let isOther =
            before.basis != after.basis || before.unit != after.unit || before.periodKind != after.periodKind
            || before.scopeKind != after.scopeKind
        if isOther, try IndicatorValueStore.count(id, in: tx) > 0 { throw IndicatorError.hasValues }
        if after.code != before.code, try IndicatorStore.find(code: after.code, in: tx) != nil {
            throw IndicatorError.codeTaken(after.code)
        }
        guard try IndicatorStore.update(after, now: surroundings.now(), in: tx) else {
            throw IndicatorError.changedMeanwhile
        }
        try audit("indicator \(after.code)", "redefined", account, in: tx)
    }

    private func checked(
        _ draft: IndicatorDraft, id: ID<Indicator>, version: Int, isDemo: Bool
    ) throws(IndicatorError) -> Indicator {
        let isCode = draft.code.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || [0x2E, 0x2D, 0x5F].contains($0)
        }
        guard isCode, (2...IndicatorLimits.codeCharactersMax).contains(draft.code.count) else { throw .codeWrong }
        for (text, field) in [
            (draft.nameZh, Bilingual(zh: "名称", en: "Name")), (draft.unitZh, Bilingual(zh: "单位", en: "Unit")),
            (draft.basis, Bilingual(zh: "口径", en: "Basis")), (draft.source, Bilingual(zh: "来源", en: "Source")),
        ] where text.isEmpty { throw .fieldMissing(field) }
        for (text, max) in [
            (draft.nameZh, IndicatorLimits.nameCharactersMax), (draft.nameEn, IndicatorLimits.nameCharactersMax),
            (draft.unitZh, IndicatorLimits.unitCharactersMax), (draft.unitEn, IndicatorLimits.unitCharactersMax),
            (draft.basis, IndicatorLimits.basisCharactersMax), (draft.source, IndicatorLimits.nameCharactersMax),
            (draft.definition, IndicatorLimits.textCharactersMax),
        ] where text.count > max { throw .textTooLong(max: max) }
        guard (0...IndicatorLimits.placesMax).contains(draft.places) else {
            throw .placesWrong(max: IndicatorLimits.placesMax)
        }
        guard Indicator.periodKinds.contains(draft.periodKind) else { throw .periodWrong(draft.periodKind.rawValue) }
        if let owner = draft.ownerUnitCode, profile.unit(owner) == nil { throw .scopeUnknown(owner, .unit) }
        return Indicator(
            id: id, code: draft.code,
            name: Bilingual(zh: draft.nameZh, en: draft.nameEn.isEmpty ? draft.nameZh : draft.nameEn),
            unit: Bilingual(zh: draft.unitZh, en: draft.unitEn.isEmpty ? draft.unitZh : draft.unitEn),
            direction: draft.direction, basis: IndicatorBasis.code(of: draft.basis), periodKind: draft.periodKind,
            scopeKind: draft.scopeKind, source: draft.source, ownerUnitCode: draft.ownerUnitCode,
            definition: draft.definition, places: draft.places, isVerified: draft.isVerified, version: version,
            updatedAt: surroundings.now(), isDemo: isDemo)
    }

    // MARK: - Values

    package struct Entry: Sendable, Equatable {
        package var scope: FigureScope
        package var period: String
        package var value: String
        package var source: String
        /// Why an earlier value is corrected.
        package var note: String

        package init(scope: FigureScope, period: String, value: String, source: String = "", note: String = "") {
            self.scope = scope
            self.period = period
            self.value = value
            self.source = source
            self.note = note
        }
    }

    /// Enters a value, or corrects the one that is there: the old one stays as a revision.
    package func enter(
        _ entry: Entry, for id: ID<Indicator>, by account: Visitor.Account, in tx: any Transaction
    ) throws -> IndicatorValue {
        let indicator = try IndicatorStore.find(id, in: tx)
        guard IndicatorPermission.mayEnter(account, indicator) else { throw IndicatorError.notYours }
        let period = try IndicatorInput.period(entry.period, indicator, today: today)
        try IndicatorInput.check(entry.scope, indicator, profile)
        let number = try IndicatorInput.value(entry.value)
        for text in [entry.source, entry.note] where text.count > IndicatorLimits.textCharactersMax {
            throw IndicatorError.textTooLong(max: IndicatorLimits.textCharactersMax)
        }
        let before = try IndicatorValueStore.current(id, entry.scope, period, in: tx)
        if let before {
            guard before.value != number else { throw IndicatorError.valueUnchanged }
            guard !entry.note.isEmpty else { throw IndicatorError.noteMissing }
            guard try IndicatorValueStore.supersede(before, in: tx) else { throw IndicatorError.changedMeanwhile }
        }
        let now = surroundings.now()
        let value = IndicatorValue(
            id: ID(surroundings.newID()), indicatorID: id, scope: entry.scope, period: period, value: number,
            revision: (before?.revision ?? 0) + 1, source: entry.source.isEmpty ? indicator.source : entry.source,
            note: entry.note, enteredBy: account.personID, enteredAt: now)
        do { try IndicatorValueStore.insert([value], in: tx) } catch StoreError.duplicate {
            throw IndicatorError.changedMeanwhile
        }
        try IndicatorStore.touch(id, now: now, in: tx)
        try audit(
            "indicator \(indicator.code)", "\(before == nil ? "entered" : "corrected") \(entry.scope) \(period)",
            account,
            in: tx)
        return value
    }

    package func verify(
        _ id: ID<IndicatorValue>, by account: Visitor.Account, in tx: any Transaction
    ) throws -> IndicatorValue {
        guard IndicatorPermission.mayDefine(account) else { throw IndicatorError.notYours }
        let value = try IndicatorValueStore.find(id, in: tx)
        guard value.isCurrent else { throw IndicatorError.changedMeanwhile }
        _ = try value.state.verifying()
        guard value.enteredBy != account.personID else { throw IndicatorError.ownValue }
        guard try IndicatorValueStore.verify(id, by: account.personID, now: surroundings.now(), in: tx) else {
            throw IndicatorError.changedMeanwhile
        }
        let indicator = try IndicatorStore.find(value.indicatorID, in: tx)
        try audit("indicator \(indicator.code)", "verified \(value.scope) \(value.period)", account, in: tx)
        return value
    }

    private var today: Day { Day(surroundings.now(), in: profile.zone) }

    // MARK: - Targets

    package func addTarget(
        _ target: IndicatorTarget, by account: Visitor.Account, in tx: any Transaction
    ) throws {
        guard IndicatorPermission.mayDefine(account) else { throw IndicatorError.notYours }
        let indicator = try IndicatorStore.find(target.indicatorID, in: tx)
        guard target.from.kind == indicator.periodKind, target.by.kind == indicator.periodKind, target.from < target.by
        else { throw IndicatorError.targetPeriodsWrong }
        guard !target.members.isEmpty, target.members.count <= IndicatorLimits.targetMembersMax else {
            throw IndicatorError.targetMemberUnknown("")
        }
        let found = try IndicatorStore.find(target.members.map(\.indicatorID), in: tx)
        for member in target.members {
            guard let other = found[member.indicatorID] else { throw IndicatorError.targetMemberUnknown("") }
            // A sum, and a rule for each, speak of one thing: one basis, one unit, one kind of period.
            try Indicator.checkSame(indicator, other)
        }
        try IndicatorTargetStore.insert(target, in: tx)
        try audit("indicator \(indicator.code)", "target \(target.id) set", account, in: tx)
    }

    package func removeTarget(
        _ id: ID<IndicatorTarget>, of indicatorID: ID<Indicator>, by account: Visitor.Account, in tx: any Transaction
    ) throws {
        guard IndicatorPermission.mayDefine(account) else { throw IndicatorError.notYours }
        let indicator = try IndicatorStore.find(indicatorID, in: tx)
        guard try IndicatorTargetStore.remove(id, of: indicatorID, now: surroundings.now(), in: tx) else {
            throw IndicatorError.targetNotFound
        }
        try audit("indicator \(indicator.code)", "target \(id) removed", account, in: tx)
    }

    func audit(_ subject: String, _ detail: String, _ account: Visitor.Account, in tx: any Transaction) throws {
        try Audit.append(
            AuditEvent(kind: .figureChanged, personID: account.personID, subject: subject, detail: detail),
            surroundings, in: tx)
    }
}

/// Reading what people and sheets write about a value.
enum IndicatorInput {
    static func period(_ text: String, _ indicator: Indicator, today: Day) throws(IndicatorError) -> Period {
        guard let period = Period(reading: text) else { throw .periodWrong(String(text.prefix(40))) }
        guard period.kind == indicator.periodKind else { throw .periodOfOtherKind(text, indicator.periodKind) }
        guard period.firstDay <= today else { throw .periodInFuture(period.title) }
        return period
    }

    static func check(_ scope: FigureScope, _ indicator: Indicator, _ profile: Profile) throws(IndicatorError) {
        guard scope.kind == indicator.scopeKind, profile.scopes(scope.kind).contains(scope) else {
            throw .scopeUnknown(scope.code, indicator.scopeKind)
        }
    }

    /// By code or by any of its names; empty is the district where the indicator is of the district.
    static func scope(_ text: String, _ indicator: Indicator, _ profile: Profile) throws(IndicatorError) -> FigureScope
    {
        let wanted = text.trimmed
        if indicator.scopeKind == .district {
            guard ["", "district", "全区", profile.name.zh, profile.name.en, profile.code].contains(wanted) else {
                throw .scopeUnknown(wanted, .district)
            }
            return .district
        }
        let found = profile.scopes(indicator.scopeKind).first { scope in
            let name = profile.name(of: scope)
            return [scope.code, scope.description, name.zh, name.en].contains(wanted)
                || (scope.kind == .unit && profile.unit(scope.code)?.name.zh == wanted)
        }
        guard let found else { throw .scopeUnknown(String(wanted.prefix(40)), indicator.scopeKind) }
        return found
    }

    static func value(_ text: String) throws(IndicatorError) -> ExactDecimal {
        do { return try ExactDecimal(text) } catch { throw .valueWrong(error) }
    }
}
