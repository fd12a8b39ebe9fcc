internal import Core
internal import Organisation
internal import Web

/// Defining an indicator, or changing its definition.
enum IndicatorFormPage {
    static func page(
        draft: IndicatorDraft, indicator: Indicator?, profile: Profile, error: IndicatorError?, visit: Visit
    ) -> FormPage {
        var crumbs = [Breadcrumb(visit.word("indicators.list.title"), "/desk/indicators")]
        if let indicator {
            crumbs.append(Breadcrumb(visit.text(indicator.name), "/desk/indicators/\(indicator.id)"))
        }
        return FormPage(
            title: visit.word(indicator == nil ? "indicators.new" : "indicators.edit"), breadcrumbs: crumbs,
            errors: FormErrors(
                error.map { [(name: $0.field, message: visit.text($0.report.explanation))] } ?? []),
            form: SmallForm(
                path: indicator.map { "/desk/indicators/\($0.id)/edit" } ?? "/desk/indicators",
                version: String(indicator?.version ?? 0),
                fields: naming(draft, error, visit) + counting(draft, profile, error, visit),
                button: visit.word("indicators.save"), isPrimary: true))
    }

    private static func wrong(_ field: String, _ error: IndicatorError?, _ visit: Visit) -> String? {
        error.flatMap { $0.field == field ? visit.text($0.report.explanation) : nil }
    }

    /// What it is called.
    private static func naming(_ draft: IndicatorDraft, _ error: IndicatorError?, _ visit: Visit) -> [Field] {
        func word(_ key: String) -> String { visit.word("indicators.\(key)") }
        return [
            Field(
                label: word("code"), name: "code", value: draft.code, error: wrong("code", error, visit),
                hint: word("code.hint"),
                isRequired: true, charactersMax: IndicatorLimits.codeCharactersMax),
            Field(
                label: word("name_zh"), name: "name_zh", value: draft.nameZh, isRequired: true,
                charactersMax: IndicatorLimits.nameCharactersMax),
            Field(
                label: word("name_en"), name: "name_en", value: draft.nameEn,
                charactersMax: IndicatorLimits.nameCharactersMax),
            Field(
                label: word("unit_zh"), name: "unit_zh", value: draft.unitZh, hint: word("unit.hint"), isRequired: true,
                charactersMax: IndicatorLimits.unitCharactersMax),
            Field(
                label: word("unit_en"), name: "unit_en", value: draft.unitEn,
                charactersMax: IndicatorLimits.unitCharactersMax),
        ]
    }

    /// What is counted, by whom and on what basis.
    private static func counting(
        _ draft: IndicatorDraft, _ profile: Profile, _ error: IndicatorError?, _ visit: Visit
    ) -> [Field] {
        func word(_ key: String) -> String { visit.word("indicators.\(key)") }
        let bases = IndicatorBasis.known.map { visit.text($0.title) }.joined(separator: visit.word("indicators.and"))
        return [
            Field(
                label: word("basis"), name: "basis",
                value: draft.basis.isEmpty ? "" : visit.text(IndicatorBasis.title(draft.basis)),
                hint: visit.word("indicators.basis.hint", bases), isRequired: true,
                charactersMax: IndicatorLimits.basisCharactersMax),
            Field(
                label: word("direction"), name: "direction", kind: .radios, value: draft.direction.rawValue,
                options: IndicatorDirection.allCases.map { .init($0.rawValue, visit.text($0.title)) },
                isRequired: true),
            Field(
                label: word("period_kind"), name: "period", kind: .select, value: draft.periodKind.rawValue,
                options: Indicator.periodKinds.map { .init($0.rawValue, visit.text($0.title)) }, isRequired: true),
            Field(
                label: word("scope_kind"), name: "scope", kind: .select, value: draft.scopeKind.rawValue,
                options: FigureScope.Kind.allCases.map { .init($0.rawValue, visit.text($0.title)) }, isRequired: true),
            Field(
                label: word("places"), name: "places", kind: .number, value: String(max(0, draft.places)),
                error: wrong("places", error, visit), isRequired: true),
            Field(
                label: word("source"), name: "source", value: draft.source, isRequired: true,
                charactersMax: IndicatorLimits.nameCharactersMax),
            Field(
                label: word("owner"), name: "owner", kind: .select, value: draft.ownerUnitCode ?? "",
                options: profile.units.map { .init($0.code, visit.text($0.shortName)) }, hint: word("owner.hint")),
            Field(
                label: word("definition"), name: "definition", kind: .longText, value: draft.definition,
                charactersMax: IndicatorLimits.textCharactersMax),
            Field(
                label: word("verified.field"), name: "verified", kind: .checkbox, value: draft.isVerified ? "1" : ""),
        ]
    }
}

/// One value with everything it ever was.
struct ValuePage: Page {
    static let template = "indicators/value"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let facts: KeyValues
    let isOld: Bool
    let verifyPath: String?
    let isOwn: Bool
    let history: Timeline
    let entry: EntryForm?

    init(
        indicator: Indicator, value: IndicatorValue, revisions: [IndicatorValue], names: [Int64: String],
        profile: Profile, account: Visitor.Account, breadcrumbs: [Breadcrumb], visit: Visit
    ) {
        let unit = visit.text(indicator.unit)
        title = visit.text(indicator.name)
        subtitle = "\(visit.text(profile.name(of: value.scope))) · \(visit.text(value.period.title))"
        self.breadcrumbs = breadcrumbs
        isOld = !value.isCurrent
        facts = KeyValues([
            (visit.word("indicators.value"), .text("\(value.value.text()) \(unit)")),
            (
                visit.word("indicators.state"),
                .badge(visit.text(value.state.title), value.state == .verified ? .good : .warning)
            ),
            (visit.word("indicators.basis"), .text(visit.text(IndicatorBasis.title(indicator.basis)))),
            (visit.word("indicators.source"), .text(value.source)),
        ])
        let mayVerify = IndicatorPermission.mayDefine(account) && value.isCurrent && value.state == .entered
        isOwn = mayVerify && value.enteredBy == account.personID
        verifyPath =
            mayVerify && !isOwn ? "/desk/indicators/\(indicator.id)/values/\(value.id)/verify" : nil
        func who(_ id: Int64?, _ one: IndicatorValue) -> String {
            id.flatMap { names[$0] }
                ?? visit.word(one.importID == nil ? "indicators.by_system" : "indicators.by_import")
        }
        history = Timeline(
            revisions.flatMap { one -> [Timeline.Entry] in
                var entries: [Timeline.Entry] = []
                if let at = one.verifiedAt {
                    entries.append(
                        .init(
                            at: visit.time(at),
                            title: visit.word("indicators.history.verified", one.value.text(), unit),
                            detail: nil, who: who(one.verifiedBy, one)))
                }
                let key = one.revision == 1 ? "indicators.history.entered" : "indicators.history.corrected"
                entries.append(
                    .init(
                        at: visit.time(one.enteredAt), title: visit.word(key, one.value.text(), unit),
                        detail: one.note.isEmpty ? nil : one.note, who: who(one.enteredBy, one)))
                return entries
            })
        var typed = Fields()
        if value.isCurrent {
            typed = Fields([
                ("scope", value.scope.description), ("period", value.period.description),
                ("value", value.value.description), ("source", value.source),
            ])
        }
        entry =
            value.isCurrent && IndicatorPermission.mayEnter(account, indicator)
            ? EntryForm(
                indicator: indicator, scope: value.scope, profile: profile, typed: typed, errors: [:], visit: visit)
            : nil
    }
}

/// Setting a target as a rule.
enum TargetFormPage {
    static func page(
        indicator: Indicator, typed: Fields?, error: IndicatorError?, profile: Profile, breadcrumbs: [Breadcrumb],
        visit: Visit
    ) -> FormPage {
        let message = error.map { visit.text($0.report.explanation) }
        return FormPage(
            title: visit.word("indicators.target.new"), subtitle: visit.text(indicator.name), breadcrumbs: breadcrumbs,
            errors: FormErrors(message.map { [(name: error?.field ?? "rule", message: $0)] } ?? []),
            hint: visit.word("indicators.target.hint"),
            form: SmallForm(
                path: "/desk/indicators/\(indicator.id)/targets",
                fields: fields(indicator, typed, error, message, profile, visit), button: visit.word("indicators.save"),
                isPrimary: true))
    }

    private static func fields(
        _ indicator: Indicator, _ typed: Fields?, _ error: IndicatorError?, _ message: String?, _ profile: Profile,
        _ visit: Visit
    ) -> [Field] {
        func word(_ key: String) -> String { visit.word("indicators.\(key)") }
        let now = Period(indicator.periodKind, holding: Day(visit.now, in: profile.zone))
        let count = indicator.periodKind.perYear ?? 1
        let members =
            indicator.scopeKind == .district
            ? "" : profile.scopes(indicator.scopeKind).map { "\(indicator.code)@\($0.code)" }.joined(separator: "\n")
        let isPeriod = error?.field == "period"
        return [
            Field(
                label: word("target.rule"), name: "rule", kind: .radios, value: typed?["rule"] ?? "single",
                options: IndicatorTarget.Rule.allCases.map { .init($0.rawValue, visit.text($0.title)) },
                isRequired: true),
            Field(
                label: word("target.measure"), name: "measure", kind: .radios, value: typed?["measure"] ?? "level",
                options: IndicatorTarget.Measure.allCases.map { .init($0.rawValue, visit.text($0.title)) },
                isRequired: true),
            Field(
                label: visit.word("indicators.target.threshold", visit.text(indicator.unit)), name: "threshold",
                value: typed?["threshold"] ?? "", error: error?.field == "value" ? message : nil, isRequired: true,
                charactersMax: 30),
            Field(
                label: word("target.from"), name: "from", value: typed?["from"] ?? now.advanced(by: -count).description,
                error: isPeriod ? message : nil, hint: word("target.from.hint"), isRequired: true, charactersMax: 16),
            Field(
                label: word("target.by"), name: "by", value: typed?["by"] ?? now.advanced(by: count).description,
                error: isPeriod ? message : nil, isRequired: true, charactersMax: 16),
            Field(
                label: word("target.members"), name: "members", kind: .longText, value: typed?["members"] ?? members,
                error: error?.field == "members" ? message : nil, hint: word("target.members.hint")),
            Field(label: word("target.note"), name: "note", value: typed?["note"] ?? "", charactersMax: 200),
        ]
    }
}
