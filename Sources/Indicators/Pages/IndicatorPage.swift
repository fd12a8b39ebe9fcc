internal import Core
internal import Organisation
internal import Store
internal import Web

/// What the page of one indicator reads.
struct IndicatorView: Sendable {
    let indicator: Indicator
    let scopes: [FigureScope]
    let scope: FigureScope
    let series: [IndicatorValue]
    let rows: [IndicatorValue]
    let total: Int
    let names: [Int64: String]
    let targets: [(target: IndicatorTarget, check: TargetCheck)]
    let members: [ID<Indicator>: Indicator]

    init(_ id: ID<Indicator>, scope asked: FigureScope?, query: ListQuery, in tx: any Transaction) throws {
        indicator = try IndicatorStore.find(id, in: tx)
        scopes = try IndicatorValueStore.scopes(of: id, in: tx)
        scope = asked ?? (indicator.scopeKind == .district ? .district : scopes.first ?? .district)
        series = try IndicatorValueStore.series(id, scope, in: tx)
        rows = try IndicatorValueStore.list(
            id, scope: scope, isDescending: query.isDescending, limit: query.pageSize, offset: query.offset, in: tx)
        total = try IndicatorValueStore.count(id, scope: scope, in: tx)
        names = try PersonStore.names(of: rows.compactMap(\.enteredBy), in: tx)
        let found = try IndicatorTargetStore.list(id, in: tx)
        members = try IndicatorStore.find(found.flatMap(\.members).map(\.indicatorID), in: tx)
        let (direction, places) = (indicator.direction, indicator.places)
        targets = try found.map { target in
            var series: [IndicatorTarget.Member: TargetCheck.Series] = [:]
            for member in target.members {
                let values = try IndicatorValueStore.series(member.indicatorID, member.scope, in: tx)
                series[member] = Dictionary(values.map { ($0.period, $0.value) }, uniquingKeysWith: { $1 })
            }
            return (target, try TargetCheck(target, series: series, direction: direction, places: places))
        }
    }

    var forecast: Forecast? {
        let recent = series.suffix(IndicatorLimits.chartPeriods).map { ($0.period, $0.value) }
        let ahead = indicator.periodKind == .month ? 6 : indicator.periodKind == .quarter ? 4 : 2
        return Forecast(recent.map { (period: $0.0, value: $0.1) }, ahead: ahead)
    }
}

struct IndicatorPage: Page {
    static let template = "indicators/show"

    struct TargetBlock: Sendable {
        let title: String
        let status: Badge
        let note: String?
        let lines: [Line]
        let removePath: String?
    }

    struct Line: Sendable {
        let name: String
        let status: Badge
        let value: String
        let distance: String
        let pace: String
        let failed: String
    }

    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let actions: [PageAction]
    let isDemo: Bool
    let tabs: Tabs?
    let facts: KeyValues
    let definition: String?
    let chart: Chart
    let forecast: String?
    let targets: [TargetBlock]
    let hasTargets: Bool
    let table: Table
    let entry: EntryForm?
    let targetPath: String?
    var isWide: Bool { true }

    init(view: IndicatorView, query: ListQuery, profile: Profile, account: Visitor.Account, visit: Visit) {
        let indicator = view.indicator
        let base = "/desk/indicators/\(indicator.id)"
        let mayDefine = IndicatorPermission.mayDefine(account)
        title = visit.text(indicator.name)
        subtitle = [
            visit.text(IndicatorBasis.title(indicator.basis)), visit.text(indicator.periodKind.title),
            visit.text(indicator.unit),
        ].joined(separator: " · ")
        breadcrumbs = [Breadcrumb(visit.word("indicators.list.title"), "/desk/indicators")]
        actions = mayDefine ? [PageAction(visit.word("indicators.edit"), "\(base)/edit")] : []
        isDemo = indicator.isDemo
        tabs =
            view.scopes.count > 1
            ? Tabs(
                view.scopes.map { scope in
                    .init(
                        visit.text(profile.name(of: scope)), "\(base)?scope=\(scope)", isCurrent: scope == view.scope)
                }) : nil
        facts = KeyValues(Self.pairs(indicator, profile, visit))
        definition = indicator.definition.isEmpty ? nil : indicator.definition
        let forecast = view.forecast
        chart = Self.chart(view, forecast, visit)
        self.forecast = forecast.map { Self.sentence($0, indicator, visit) }
        targets = view.targets.map { Self.block($0.target, $0.check, view, profile, mayDefine, visit) }
        hasTargets = !view.targets.isEmpty
        table = Self.table(view, query, profile, visit)
        entry =
            IndicatorPermission.mayEnter(account, indicator)
            ? EntryForm(
                indicator: indicator, scope: view.scope, profile: profile, typed: nil, errors: [:], visit: visit)
            : nil
        targetPath = mayDefine ? "\(base)/targets/new" : nil
    }

    private static func pairs(_ indicator: Indicator, _ profile: Profile, _ visit: Visit) -> [(String, Cell)] {
        [
            (visit.word("indicators.code"), .text(indicator.code)),
            (visit.word("indicators.basis"), .text(visit.text(IndicatorBasis.title(indicator.basis)))),
            (visit.word("indicators.unit"), .text(visit.text(indicator.unit))),
            (visit.word("indicators.direction"), .text(visit.text(indicator.direction.title))),
            (visit.word("indicators.period_kind"), .text(visit.text(indicator.periodKind.title))),
            (visit.word("indicators.scope_kind"), .text(visit.text(indicator.scopeKind.title))),
            (visit.word("indicators.source"), .text(indicator.source)),
            (
                visit.word("indicators.owner"),
                .text(
                    indicator.ownerUnitCode.map { visit.text(profile.name(of: .unit($0))) }
                        ?? visit.word("indicators.owner.office"))
            ),
            (
                visit.word("indicators.state"),
                .badge(
                    visit.word(indicator.isVerified ? "indicators.verified" : "indicators.unverified"),
                    indicator.isVerified ? .good : .warning)
            ),
            (visit.word("indicators.updated"), .time(indicator.updatedAt)),
        ]
    }

    /// Values, the level targets as lines, and the forecast with its interval.
    private static func chart(_ view: IndicatorView, _ forecast: Forecast?, _ visit: Visit) -> Chart {
        let shown = Array(view.series.suffix(IndicatorLimits.chartPeriods))
        let ahead = forecast?.steps ?? []
        let periods = shown.map(\.period) + ahead.map(\.period)
        let gap = Double.nan
        var series = [
            Chart.Series(
                visit.word("indicators.actual"),
                shown.map(\.value.approximate) + ahead.map { _ in gap })
        ]
        if !ahead.isEmpty, let last = shown.last {
            let before = [Double](repeating: gap, count: shown.count - 1) + [last.value.approximate]
            series.append(.init(visit.word("indicators.forecast"), before + ahead.map(\.value)))
            series.append(.init(visit.word("indicators.forecast.low"), before + ahead.map(\.low)))
            series.append(.init(visit.word("indicators.forecast.high"), before + ahead.map(\.high)))
        }
        for (target, _) in view.targets where target.measure == .level && target.rule == .single {
            series.append(
                .init(
                    visit.word("indicators.target"),
                    periods.map { $0 >= target.from && $0 <= target.by ? target.threshold.approximate : gap }))
        }
        return Chart(
            title: visit.text(view.indicator.name), kind: .line, labels: periods.map(\.description), series: series,
            unit: visit.text(view.indicator.unit))
    }

    private static func sentence(_ forecast: Forecast, _ indicator: Indicator, _ visit: Visit) -> String {
        let others = forecast.errors.filter { $0.key != forecast.method }
            .sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\(visit.text($0.key.title)) \(visit.number($0.value, places: indicator.places + 1))" }
        let main = visit.word(
            "indicators.forecast.method", visit.text(forecast.method.title), visit.number(forecast.tests),
            visit.number(forecast.error, places: indicator.places + 1), visit.text(indicator.unit))
        return others.isEmpty
            ? main
            : main + visit.word("indicators.forecast.others", others.joined(separator: visit.word("indicators.and")))
    }

    private static func block(
        _ target: IndicatorTarget, _ check: TargetCheck, _ view: IndicatorView, _ profile: Profile, _ mayDefine: Bool,
        _ visit: Visit
    ) -> TargetBlock {
        let indicator = view.indicator
        let amount =
            target.threshold.text() + (target.measure == .growthPercent ? "%" : " " + visit.text(indicator.unit))
        return TargetBlock(
            title: visit.word(
                "indicators.target.sentence", visit.text(target.rule.title), visit.text(target.measure.title), amount,
                visit.text(target.from.title), visit.text(target.by.title)),
            status: badge(check.status, visit), note: target.note.isEmpty ? nil : target.note,
            lines: check.lines.map { line in
                Line(
                    name: line.member.map { name($0, view, profile, visit) } ?? visit.word("indicators.target.sum"),
                    status: badge(line.status, visit),
                    value: line.value.map {
                        $0.text(places: indicator.places) + (line.latest.map { "（\(visit.text($0.title))）" } ?? "")
                    } ?? "–",
                    distance: line.distance.map {
                        $0 <= .zero ? visit.word("indicators.target.reached") : $0.text()
                    } ?? "–",
                    pace: line.requiredPace?.text() ?? "–",
                    failed: line.failed.isEmpty
                        ? "–" : line.failed.map { visit.text($0.title) }.joined(separator: visit.word("indicators.and"))
                )
            },
            removePath: mayDefine ? "/desk/indicators/\(indicator.id)/targets/\(target.id)/remove" : nil)
    }

    private static func name(
        _ member: IndicatorTarget.Member, _ view: IndicatorView, _ profile: Profile, _ visit: Visit
    ) -> String {
        let scope = visit.text(profile.name(of: member.scope))
        guard member.indicatorID != view.indicator.id, let other = view.members[member.indicatorID] else {
            return scope
        }
        return "\(visit.text(other.name)) · \(scope)"
    }

    static func badge(_ status: TargetCheck.Status, _ visit: Visit) -> Badge {
        let tone: Tone =
            switch status {
            case .met, .onTrack: .good
            case .behind: .warning
            case .missed: .danger
            case .noData: .neutral
            }
        return Badge(visit.text(status.title), tone)
    }

    private static func table(
        _ view: IndicatorView, _ query: ListQuery, _ profile: Profile, _ visit: Visit
    ) -> Table {
        let indicator = view.indicator
        let byPeriod = Dictionary(view.series.map { ($0.period, $0.value) }, uniquingKeysWith: { $1 })
        return Table(
            visit: visit, query: query,
            columns: [
                .init("period", visit.word("indicators.period"), isSortable: true, isFixed: true),
                .init("value", visit.word("indicators.value"), isNumeric: true, isFixed: true),
                .init("change", visit.word("indicators.change"), isNumeric: true),
                .init("year", visit.word("indicators.year_on_year"), isNumeric: true),
                .init("state", visit.word("indicators.state")), .init("revision", visit.word("indicators.revision")),
                .init("source", visit.word("indicators.source")), .init("who", visit.word("indicators.entered_by")),
                .init("at", visit.word("indicators.entered_at")),
            ],
            rows: view.rows.map { value in
                .init(
                    href: "/desk/indicators/\(indicator.id)/values/\(value.id)",
                    cells: [
                        .text(visit.text(value.period.title)), .text(value.value.text(places: indicator.places)),
                        change(value.value, since: byPeriod[value.period.previous], indicator),
                        growth(value.value, since: byPeriod[value.period.yearEarlier]),
                        .badge(visit.text(value.state.title), value.state == .verified ? .good : .warning),
                        value.revision > 1
                            ? .badge(visit.word("indicators.revision.number", String(value.revision)), .info) : .none,
                        .text(value.source),
                        .text(
                            value.enteredBy.flatMap { view.names[$0] }
                                ?? visit.word(value.importID == nil ? "indicators.by_system" : "indicators.by_import")),
                        .time(value.enteredAt),
                    ])
            },
            total: view.total, exportPath: "/desk/indicators/\(indicator.id)/export",
            emptyKey: "indicators.values.empty", hasSearch: false, tabFilters: ["scope"])
    }

    private static func change(_ value: ExactDecimal, since before: ExactDecimal?, _ indicator: Indicator) -> Cell {
        guard let before, let gained = try? value.subtracting(before) else { return .none }
        return .text((gained > .zero ? "+" : "") + gained.text(places: indicator.places))
    }

    /// Growth on the year before in per cent, from exact values; none on a base of zero or below.
    private static func growth(_ value: ExactDecimal, since before: ExactDecimal?) -> Cell {
        guard let before, before > .zero, let gained = try? value.subtracting(before),
            let hundred = try? gained.times(ExactDecimal(100)), let percent = hundred.divided(by: before, places: 1)
        else { return .none }
        return .text((percent > .zero ? "+" : "") + percent.text(places: 1) + "%")
    }
}

/// Entering a value, or correcting one.
struct EntryForm: Sendable {
    let errors: FormErrors
    let form: SmallForm

    init(
        indicator: Indicator, scope shown: FigureScope, profile: Profile, typed: Fields?, errors: [String: String],
        visit: Visit
    ) {
        self.errors = FormErrors(errors.sorted { $0.key < $1.key }.map { (name: $0.key, message: $0.value) })
        let today = Day(visit.now, in: profile.zone)
        let usual = Period(indicator.periodKind, holding: today).previous
        let scope: Field? =
            indicator.scopeKind == .district
            ? nil
            : Field(
                label: visit.text(indicator.scopeKind.title), name: "scope", kind: .select,
                value: typed?["scope"] ?? shown.description,
                options: profile.scopes(indicator.scopeKind).map {
                    .init($0.description, visit.text(profile.name(of: $0)))
                }, error: errors["scope"], isRequired: true)
        let period = Field(
            label: visit.word("indicators.period"), name: "period", value: typed?["period"] ?? usual.description,
            error: errors["period"], hint: visit.word("indicators.period.hint.\(indicator.periodKind.rawValue)"),
            isRequired: true, charactersMax: 16)
        let value = Field(
            label: visit.word("indicators.value_in", visit.text(indicator.unit)), name: "value",
            value: typed?["value"] ?? "", error: errors["value"], isRequired: true, charactersMax: 30)
        let source = Field(
            label: visit.word("indicators.source"), name: "source", value: typed?["source"] ?? indicator.source,
            error: errors["source"], charactersMax: IndicatorLimits.nameCharactersMax)
        let note = Field(
            label: visit.word("indicators.note"), name: "note", value: typed?["note"] ?? "", error: errors["note"],
            hint: visit.word("indicators.note.hint"), charactersMax: IndicatorLimits.textCharactersMax)
        form = SmallForm(
            path: "/desk/indicators/\(indicator.id)/values",
            fields: [scope].compactMap { $0 } + [period, value, source, note],
            button: visit.word("indicators.enter.save"), isPrimary: true)
    }
}
