internal import Core
internal import Hummingbird
internal import Organisation
internal import Store
internal import Web

/// What changes indicators: definitions, values, verification, targets.
struct IndicatorFormRoutes: Sendable {
    let manage: ManageIndicators
    let database: any Database
    private var profile: Profile { manage.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/indicators/new", .digitalOffice, new)
        routes.post("/desk/indicators", .digitalOffice, create)
        routes.get("/desk/indicators/:id/edit", .digitalOffice, edit)
        routes.post("/desk/indicators/:id/edit", .digitalOffice, save)
        routes.post("/desk/indicators/:id/values", .desk, enter)
        routes.get("/desk/indicators/:id/values/:value", .desk, value)
        routes.post("/desk/indicators/:id/values/:value/verify", .digitalOffice, verify)
        routes.get("/desk/indicators/:id/targets/new", .digitalOffice, newTarget)
        routes.post("/desk/indicators/:id/targets", .digitalOffice, addTarget)
        routes.post("/desk/indicators/:id/targets/:target/remove", .digitalOffice, removeTarget)
        return routes
    }

    // MARK: - Definitions

    @Sendable private func new(_ visit: Visit) async throws -> Response {
        try visit.render(
            IndicatorFormPage.page(draft: IndicatorDraft(), indicator: nil, profile: profile, error: nil, visit: visit))
    }

    private func draft(_ fields: Fields) -> IndicatorDraft {
        var draft = IndicatorDraft()
        draft.code = fields.text("code").lowercased()
        draft.nameZh = fields.text("name_zh")
        draft.nameEn = fields.text("name_en")
        draft.unitZh = fields.text("unit_zh")
        draft.unitEn = fields.text("unit_en")
        draft.direction = fields["direction"].flatMap(IndicatorDirection.init(rawValue:)) ?? .higher
        draft.basis = fields.text("basis")
        draft.periodKind = fields["period"].flatMap(PeriodKind.init(rawValue:)) ?? .year
        draft.scopeKind = fields["scope"].flatMap(FigureScope.Kind.init(rawValue:)) ?? .district
        draft.source = fields.text("source")
        draft.ownerUnitCode = fields["owner"]
        draft.definition = fields.text("definition")
        draft.places = Int(fields.text("places")) ?? -1
        draft.isVerified = fields["verified"] != nil
        return draft
    }

    @Sendable private func create(_ visit: Visit) async throws -> Response {
        let (draft, account, manage) = (draft(try await visit.fields()), try visit.account(), manage)
        do {
            let indicator = try await database.write { try manage.define(draft, by: account, in: $0) }
            return visit.redirect("/desk/indicators/\(indicator.id)", toast: "indicators.saved")
        } catch let error as IndicatorError {
            return try visit.render(
                IndicatorFormPage.page(draft: draft, indicator: nil, profile: profile, error: error, visit: visit),
                status: .unprocessableContent)
        }
    }

    @Sendable private func edit(_ visit: Visit) async throws -> Response {
        let id: ID<Indicator> = try visit.id()
        let indicator = try await database.read { try IndicatorStore.find(id, in: $0) }
        return try visit.render(
            IndicatorFormPage.page(
                draft: indicator.draft, indicator: indicator, profile: profile, error: nil, visit: visit))
    }

    @Sendable private func save(_ visit: Visit) async throws -> Response {
        let id: ID<Indicator> = try visit.id()
        let fields = try await visit.fields()
        guard let version = fields["version"].flatMap({ Int($0) }) else { throw WebError.formMalformed }
        let (draft, account, manage) = (draft(fields), try visit.account(), manage)
        do {
            try await database.write { try manage.redefine(id, draft, version: version, by: account, in: $0) }
            return visit.redirect("/desk/indicators/\(id)", toast: "indicators.saved")
        } catch let error as IndicatorError where error != .notFound {
            var indicator = try await database.read { try IndicatorStore.find(id, in: $0) }
            indicator.version = version
            return try visit.render(
                IndicatorFormPage.page(
                    draft: draft, indicator: indicator, profile: profile, error: error, visit: visit),
                status: .unprocessableContent)
        }
    }

    // MARK: - Values

    @Sendable private func enter(_ visit: Visit) async throws -> Response {
        let id: ID<Indicator> = try visit.id()
        let (fields, account, manage) = (try await visit.fields(), try visit.account(), manage)
        let scope = fields["scope"].flatMap { FigureScope(text: $0) } ?? .district
        let entry = ManageIndicators.Entry(
            scope: scope, period: fields.text("period"), value: fields.text("value"), source: fields.text("source"),
            note: fields.text("note"))
        do {
            _ = try await database.write { try manage.enter(entry, for: id, by: account, in: $0) }
        } catch let error as IndicatorError where error.report.kind == .invalid {
            let indicator = try await database.read { try IndicatorStore.find(id, in: $0) }
            let form = EntryForm(
                indicator: indicator, scope: scope, profile: profile, typed: fields,
                errors: [error.field: visit.text(error.report.explanation)], visit: visit)
            return try visit.render(
                FormPage(
                    title: visit.word("indicators.enter"), subtitle: visit.text(indicator.name),
                    breadcrumbs: crumbs(indicator, visit), errors: form.errors, form: form.form),
                status: .unprocessableContent)
        }
        let query = scope == .district ? "" : "?scope=\(scope)"
        return visit.redirect("/desk/indicators/\(id)\(query)", toast: "indicators.entered")
    }

    private func crumbs(_ indicator: Indicator, _ visit: Visit) -> [Breadcrumb] {
        [
            Breadcrumb(visit.word("indicators.list.title"), "/desk/indicators"),
            Breadcrumb(visit.text(indicator.name), "/desk/indicators/\(indicator.id)"),
        ]
    }

    @Sendable private func value(_ visit: Visit) async throws -> Response {
        let id: ID<Indicator> = try visit.id()
        let valueID: ID<IndicatorValue> = try visit.id("value")
        let (indicator, value, revisions, names) = try await database.read { tx in
            let value = try IndicatorValueStore.find(valueID, in: tx)
            guard value.indicatorID == id else { throw IndicatorError.valueNotFound }
            let revisions = try IndicatorValueStore.revisions(of: value, in: tx)
            let people = revisions.flatMap { [$0.enteredBy, $0.verifiedBy].compactMap { $0 } }
            return (
                try IndicatorStore.find(id, in: tx), value, revisions, try PersonStore.names(of: people, in: tx)
            )
        }
        return try visit.render(
            ValuePage(
                indicator: indicator, value: value, revisions: revisions, names: names, profile: profile,
                account: try visit.account(), breadcrumbs: crumbs(indicator, visit), visit: visit))
    }

    @Sendable private func verify(_ visit: Visit) async throws -> Response {
        let id: ID<Indicator> = try visit.id()
        let valueID: ID<IndicatorValue> = try visit.id("value")
        let (account, manage) = (try visit.account(), manage)
        let value = try await database.write { try manage.verify(valueID, by: account, in: $0) }
        let query = value.scope == .district ? "" : "?scope=\(value.scope)"
        return visit.redirect("/desk/indicators/\(id)\(query)", toast: "indicators.value.verified")
    }

    // MARK: - Targets

    @Sendable private func newTarget(_ visit: Visit) async throws -> Response {
        let id: ID<Indicator> = try visit.id()
        let indicator = try await database.read { try IndicatorStore.find(id, in: $0) }
        return try visit.render(
            TargetFormPage.page(
                indicator: indicator, typed: nil, error: nil, profile: profile, breadcrumbs: crumbs(indicator, visit),
                visit: visit))
    }

    @Sendable private func addTarget(_ visit: Visit) async throws -> Response {
        let id: ID<Indicator> = try visit.id()
        let (fields, account, manage) = (try await visit.fields(), try visit.account(), manage)
        do {
            try await database.write { tx in
                let target = try Self.target(fields, for: id, account, manage, in: tx)
                try manage.addTarget(target, by: account, in: tx)
            }
        } catch let error as IndicatorError where error.report.kind == .invalid {
            let indicator = try await database.read { try IndicatorStore.find(id, in: $0) }
            return try visit.render(
                TargetFormPage.page(
                    indicator: indicator, typed: fields, error: error, profile: profile,
                    breadcrumbs: crumbs(indicator, visit), visit: visit), status: .unprocessableContent)
        }
        return visit.redirect("/desk/indicators/\(id)", toast: "indicators.target.saved")
    }

    private static func target(
        _ fields: Fields, for id: ID<Indicator>, _ account: Visitor.Account, _ manage: ManageIndicators,
        in tx: any Transaction
    ) throws -> IndicatorTarget {
        let indicator = try IndicatorStore.find(id, in: tx)
        func period(_ name: String) throws(IndicatorError) -> Period {
            guard let period = Period(reading: fields.text(name)), period.kind == indicator.periodKind else {
                throw .periodWrong(fields.text(name))
            }
            return period
        }
        let rule = fields["rule"].flatMap(IndicatorTarget.Rule.init(rawValue:)) ?? .single
        let typed = fields.text("members").split(whereSeparator: \.isNewline).map { String($0).trimmed }
            .filter { !$0.isEmpty }
        var members = try typed.map { try Self.member($0, indicator, manage.profile, in: tx) }
        if rule == .single { members = Array(members.prefix(1)) }
        if members.isEmpty {
            let scopes = manage.profile.scopes(indicator.scopeKind)
            members = (rule == .single ? Array(scopes.prefix(1)) : scopes).map { .init(indicatorID: id, scope: $0) }
        }
        return IndicatorTarget(
            id: ID(manage.surroundings.newID()), indicatorID: id, rule: rule,
            measure: fields["measure"].flatMap(IndicatorTarget.Measure.init(rawValue:)) ?? .level,
            threshold: try IndicatorInput.value(fields.text("threshold")), from: try period("from"),
            by: try period("by"), members: members, note: String(fields.text("note").prefix(200)),
            createdBy: account.personID, createdAt: manage.surroundings.now())
    }

    /// `code`, `code@scope` or only a scope of this indicator.
    private static func member(
        _ text: String, _ indicator: Indicator, _ profile: Profile, in tx: any Transaction
    ) throws -> IndicatorTarget.Member {
        let halves = text.split(separator: "@", maxSplits: 1).map { String($0).trimmed }
        if let other = try IndicatorStore.find(code: halves[0].lowercased(), in: tx) {
            let scope = try IndicatorInput.scope(halves.count > 1 ? halves[1] : "", other, profile)
            return .init(indicatorID: other.id, scope: scope)
        }
        guard halves.count == 1, let scope = try? IndicatorInput.scope(text, indicator, profile) else {
            throw IndicatorError.targetMemberUnknown(String(text.prefix(60)))
        }
        return .init(indicatorID: indicator.id, scope: scope)
    }

    @Sendable private func removeTarget(_ visit: Visit) async throws -> Response {
        let id: ID<Indicator> = try visit.id()
        let target: ID<IndicatorTarget> = try visit.id("target")
        let (account, manage) = (try visit.account(), manage)
        try await database.write { try manage.removeTarget(target, of: id, by: account, in: $0) }
        return visit.redirect("/desk/indicators/\(id)", toast: "indicators.target.removed")
    }
}

extension Indicator {
    var draft: IndicatorDraft {
        var draft = IndicatorDraft()
        (draft.code, draft.nameZh, draft.nameEn) = (code, name.zh, name.en)
        (draft.unitZh, draft.unitEn, draft.direction) = (unit.zh, unit.en, direction)
        (draft.basis, draft.periodKind, draft.scopeKind) = (basis, periodKind, scopeKind)
        (draft.source, draft.ownerUnitCode, draft.definition) = (source, ownerUnitCode, definition)
        (draft.places, draft.isVerified) = (places, isVerified)
        return draft
    }
}

extension IndicatorError {
    /// The field of a form that the error is about.
    var field: String {
        switch self {
        case .codeWrong, .codeTaken: "code"
        case .periodWrong, .periodOfOtherKind, .periodInFuture, .targetPeriodsWrong: "period"
        case .scopeUnknown: "scope"
        case .noteMissing, .textTooLong: "note"
        case .placesWrong: "places"
        case .basesDiffer, .unitsDiffer, .periodsDiffer, .targetMemberUnknown: "members"
        default: "value"
        }
    }
}
