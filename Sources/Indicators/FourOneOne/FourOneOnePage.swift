internal import Core
internal import Organisation
internal import Web

struct FourOneOnePage: Page {
    static let template = "indicators/411"

    struct IndustryRow: Sendable {
        let name: String
        let cells: [CellText]
        let verdict: Badge
    }

    struct CellText: Sendable {
        let share: String
        let change: String
        let mark: Badge?
    }

    struct Required: Sendable {
        let name: String
        let tax: String
        let required: String
        let growth: String
    }

    struct Alone: Sendable {
        let name: String
        let growth: String
        let change: String
    }

    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let actions: [PageAction]
    let tabs: Tabs
    let problem: String?
    let isDemo: Bool
    let unverified: String?
    let empty: EmptyState?
    let definePath: String?
    let basis: String
    let hasData: Bool
    let tiles: StatTiles
    let chart: Chart
    let path: String
    let years: [String]
    let rows: [IndustryRow]
    let sums: [CellText]
    let others: [String]
    let finalVerdict: Badge
    let baseline: Field
    let whole: Field
    let requiredTitle: String
    let required: [Required]
    let alone: [Alone]
    let aloneSentence: String?
    let whatIf: FourOneOneWhatIf?
    let movers: FourOneOneMovers?
    let forecast: String?
    let forecastChart: Chart?
    var isWide: Bool { true }

    init(
        read: FourOneOneRoutes.Read, question: FourOneOneRoutes.Question, profile: Profile,
        account: Visitor.Account, visit: Visit
    ) {
        let (data, report) = (read.data, read.report)
        let text = FourOneOneText(visit: visit, profile: profile, basis: question.basis)
        let mayDefine = IndicatorPermission.mayDefine(account)
        title = visit.word("indicators.411.title")
        subtitle = visit.word("indicators.411.subtitle", text.basis)
        breadcrumbs = [Breadcrumb(visit.word("indicators.list.title"), "/desk/indicators")]
        basis = question.basis
        hasData = report.periods.contains { $0.sumPPM != nil }
        var actions: [PageAction] = []
        if hasData { actions.append(PageAction(visit.word("indicators.411.export"), text.href("/export"))) }
        if mayDefine {
            actions.append(
                PageAction(visit.word("indicators.import.title"), "/desk/indicators/import?kind=enterprises"))
        }
        self.actions = actions
        tabs = Tabs(
            FourOneOneData.bases.map {
                .init(
                    visit.text(IndicatorBasis.title($0)), "/desk/indicators/411?basis=\($0)",
                    isCurrent: $0 == question.basis)
            })
        problem = question.problem.map { visit.text($0) }
        isDemo = data.isDemo
        unverified = data.unverified > 0 ? visit.word("indicators.411.unverified", visit.number(data.unverified)) : nil
        let isDefined = data.total != nil && data.industry != nil
        definePath = !isDefined && mayDefine ? "/desk/indicators/411/define" : nil
        empty = hasData ? nil : text.empty(data)
        tiles = StatTiles(hasData ? text.tiles(report) : [])
        chart = text.path(report, baselinePPM: question.baselinePPM)
        path = visit.word(
            "indicators.411.path", text.percent(report.plan.impliedBasePPM(industries: report.codes.count)),
            text.percent(question.baselinePPM))
        years = report.periods.map { visit.text($0.period.title) }
        rows = report.codes.map { text.row($0, report) }
        sums = report.periods.map { text.sum($0, report) }
        others = report.periods.map { line in line.sumPPM.map { text.percent(Ratio.million - $0) } ?? "–" }
        finalVerdict = text.verdict(report.finalOK)
        let last = data.table.periods.last { $0.isSound && $0.sum(report.codes) != nil }
        baseline = Field(
            label: visit.word("indicators.411.baseline"), name: "baseline",
            value: text.plainPercent(question.baselinePPM),
            hint: visit.word("indicators.411.baseline.hint"), charactersMax: 8)
        whole = Field(
            label: visit.word("indicators.411.whole"), name: "whole",
            value: text.hundredths(question.whole), charactersMax: 8)
        requiredTitle = last.map { visit.word("indicators.411.required", visit.text($0.period.next.title)) } ?? ""
        let needs =
            last.map { base in
                report.codes.compactMap { RequiredGrowth($0, base: base, whole: question.whole, plan: report.plan) }
            } ?? []
        required = needs.map { text.required($0) }
        let growth = WhatIf.Growth(
            industries: Dictionary(needs.map { ($0.code, $0.growth ?? 0) }, uniquingKeysWith: { $1 }), rest: 0)
        let together = last.flatMap { GrowthTogether(base: $0, codes: report.codes, growth: growth) }
        alone = together.map { text.alone($0, growth, report.codes) } ?? []
        aloneSentence = together.map {
            visit.word("indicators.411.together", text.points($0.sumOfAlonePPM), text.points($0.togetherPPM))
        }
        whatIf = last.flatMap { FourOneOneWhatIf(base: $0, question: question, report: report, text: text) }
        movers = read.decomposition.map { FourOneOneMovers($0, read: read, text: text) }
        let ahead = text.forecast(FourOneOneReport(data.table))
        forecast = ahead?.sentence
        forecastChart = ahead?.chart
    }
}

/// What somebody tries, and what comes of it.
struct FourOneOneWhatIf: Sendable {
    struct Slider: Sendable {
        let id: String
        let name: String
        let label: String
        let value: String
    }

    struct Outcome: Sendable {
        let name: String
        let shares: [String]
        let verdict: Badge?
    }

    let sliders: [Slider]
    let isTried: Bool
    let years: [String]
    let outcomes: [Outcome]
    let whole: String
    let note: String?

    init?(
        base: TaxPeriod, question: FourOneOneRoutes.Question, report: FourOneOneReport, text: FourOneOneText
    ) {
        let visit = text.visit
        let growth = question.tried ?? .init(industries: [:], rest: 0)
        sliders =
            report.codes.map { code in
                Slider(
                    id: "grow-\(code)", name: "grow-\(code)", label: text.industry(code),
                    value: text.hundredths(growth.industries[code] ?? 0))
            } + [
                Slider(
                    id: "grow-rest", name: "grow-rest", label: visit.word("indicators.411.rest"),
                    value: text.hundredths(growth.rest))
            ]
        isTried = question.tried != nil
        let through = max(report.plan.finalYear, base.period.year + 1)
        guard question.tried != nil else {
            (years, outcomes, whole, note) = ([], [], "", nil)
            return
        }
        guard let future = WhatIf(base: base, codes: report.codes, growth: growth, through: through) else {
            (years, outcomes, whole) = ([], [], "")
            note = visit.word("indicators.411.what_if.beyond")
            return
        }
        let outcome = FourOneOneReport(TaxTable(codes: report.codes, periods: future.periods))
        years = outcome.periods.map { visit.text($0.period.title) }
        outcomes =
            report.codes.map { code in
                Outcome(
                    name: text.industry(code),
                    shares: outcome.periods.map { line in
                        line.industries.first { $0.code == code }?.sharePPM.map { text.percent($0) } ?? "–"
                    },
                    verdict: text.verdict(outcome.annualOK[code] ?? nil))
            } + [
                Outcome(
                    name: visit.word("indicators.411.sum"),
                    shares: outcome.periods.map { $0.sumPPM.map { text.percent($0) } ?? "–" },
                    verdict: outcome.periods.last?.sumPPM == nil
                        ? nil
                        : text.verdict(
                            future.periods.last?.sum(report.codes)?.isAtLeast(ppm: report.plan.finalPPM)))
            ]
        let grown = future.periods[1].total ?? 0
        let share = base.total.flatMap { Ratio(Int128(grown) - Int128($0), over: Int128($0))?.rounded(times: 10_000) }
        whole = share.map { text.hundredths($0) + "%" } ?? "–"
        note = nil
    }
}

/// Which enterprises moved the share.
struct FourOneOneMovers: Sendable {
    struct Line: Sendable {
        let name: String
        let code: String?
        let before: String
        let now: String
        let growth: String
        let points: String
    }

    let choices: [Choice]
    let title: String
    let before: String
    let now: String
    let lines: [Line]
    let sum: String
    let sentence: String
    let exportPath: String

    struct Choice: Sendable {
        let title: String
        let value: String
        let isChosen: Bool
    }

    init(_ found: ShareDecomposition, read: FourOneOneRoutes.Read, text: FourOneOneText) {
        let visit = text.visit
        let industry = read.industry ?? ""
        choices = read.report.codes.map { .init(title: text.industry($0), value: $0, isChosen: $0 == industry) }
        before = read.before.map { visit.text($0.title) } ?? ""
        now = read.now.map { visit.text($0.title) } ?? ""
        title = visit.word("indicators.411.movers.title", text.industry(industry), before, now)
        let named = found.lines.filter { $0.enterprise != nil }
        // The largest moves in either direction; the many small ones are one line, so that the table still sums.
        let order = named.indices.sorted { abs(named[$0].contributionPPM) > abs(named[$1].contributionPPM) }
        let shown = Set(order.prefix(IndicatorLimits.enterprisesShown))
        let small = named.indices.filter { !shown.contains($0) }.map { named[$0] }
        var lines = named.indices.filter(shown.contains).map { Self.line(named[$0], named[$0].enterprise?.name, text) }
        if !small.isEmpty {
            let sum = ShareDecomposition.Line(
                enterprise: nil, before: small.reduce(0) { $0 &+ $1.before }, now: small.reduce(0) { $0 &+ $1.now },
                contributionPPM: small.reduce(0) { $0 + $1.contributionPPM })
            lines.append(Self.line(sum, visit.word("indicators.411.movers.small", visit.number(small.count)), text))
        }
        if let rest = found.lines.first(where: { $0.enterprise == nil }) {
            lines.append(Self.line(rest, visit.word("indicators.411.not_broken_down"), text))
        }
        self.lines = lines
        sum = text.points(found.changePPM, places: 4)
        sentence = visit.word("indicators.411.movers.sentence", visit.number(named.count))
        exportPath = text.href("/enterprises") + "&industry=\(industry)"
    }

    private static func line(_ line: ShareDecomposition.Line, _ name: String?, _ text: FourOneOneText) -> Line {
        let growth =
            line.before > 0
            ? Ratio(Int128(line.now) - Int128(line.before), over: Int128(line.before))?.rounded(times: 10_000) : nil
        return Line(
            name: name ?? "", code: line.enterprise?.code, before: text.money(line.before), now: text.money(line.now),
            growth: growth.map { text.hundredths($0) + "%" } ?? "–",
            points: text.points(line.contributionPPM, places: 4))
    }
}
