internal import Core
internal import Organisation
internal import Web

/// How the figures of "411" are written on its page.
struct FourOneOneText: Sendable {
    let visit: Visit
    let profile: Profile
    private let basisCode: String

    init(visit: Visit, profile: Profile, basis: String) {
        self.visit = visit
        self.profile = profile
        basisCode = basis
    }

    var basis: String { visit.text(IndicatorBasis.title(basisCode)) }
    func href(_ tail: String) -> String { "/desk/indicators/411\(tail)?basis=\(basisCode)" }
    func industry(_ code: String) -> String { visit.text(profile.name(of: .industry(code))) }

    private func decimal(_ unscaled: Int64, scale: Int, places: Int) -> String {
        (try? ExactDecimal(unscaled: unscaled, scale: scale))?.text(places: places) ?? "–"
    }

    /// Parts per million as per cent with two decimals.
    func percent(_ ppm: Int64) -> String { decimal(ppm, scale: 4, places: 2) + "%" }
    func plainPercent(_ ppm: Int64) -> String { decimal(ppm, scale: 4, places: 2) }
    /// Parts per million as percentage points, with a sign.
    func points(_ ppm: Int64, places: Int = 2) -> String {
        visit.word("indicators.411.points", (ppm > 0 ? "+" : "") + decimal(ppm, scale: 4, places: places))
    }
    /// Hundredths of a per cent without the sign.
    func hundredths(_ value: Int64) -> String { decimal(value, scale: 2, places: 2) }
    /// Fen as ten thousands of yuan.
    func money(_ fen: Int64) -> String { decimal(fen, scale: 6, places: 2) }

    func verdict(_ isOK: Bool?) -> Badge {
        switch isOK {
        case true?: Badge(visit.word("indicators.411.yes"), .good)
        case false?: Badge(visit.word("indicators.411.no"), .danger)
        case nil: Badge(visit.word("indicators.411.open"), .neutral)
        }
    }

    func empty(_ data: FourOneOneData) -> EmptyState {
        guard let total = data.total, data.industry != nil else {
            return EmptyState(
                title: visit.word("indicators.411.empty"), detail: visit.word("indicators.411.empty.undefined"))
        }
        return EmptyState(
            title: visit.word("indicators.411.empty"), detail: visit.word("indicators.411.empty.detail"),
            action: PageAction(visit.text(total.name), "/desk/indicators/\(total.id)"))
    }

    func tiles(_ report: FourOneOneReport) -> [StatTiles.Tile] {
        guard let last = report.periods.last(where: { $0.sumPPM != nil }), let sum = last.sumPPM else { return [] }
        let passed = last.industries.count { $0.annualOK == true }
        let decided = last.industries.count { $0.annualOK != nil }
        let always = report.codes.count { report.annualOK[$0] == .some(true) }
        let missing = report.plan.finalPPM - sum
        return [
            .init(
                visit.word("indicators.411.tile.sum"), percent(sum),
                note: "\(visit.text(last.period.title)) · \(basis)"),
            .init(
                visit.word("indicators.411.tile.distance"),
                missing > 0 ? points(-missing) : visit.word("indicators.411.reached"),
                note: visit.word("indicators.411.tile.final", percent(report.plan.finalPPM)),
                tone: missing > 0 ? .warning : .good),
            .init(
                visit.word("indicators.411.tile.annual"), "\(always) / \(report.codes.count)",
                note: decided == 0
                    ? nil
                    : visit.word(
                        "indicators.411.tile.annual.note", visit.text(last.period.title), String(passed),
                        String(decided)), tone: always == report.codes.count ? .good : .warning),
            .init(
                visit.word("indicators.411.tile.verdict"), verdict(report.finalOK).text,
                note: visit.word("indicators.411.tile.verdict.note", String(report.plan.finalYear)),
                tone: report.finalOK == true ? .good : report.finalOK == false ? .danger : .neutral),
        ]
    }

    /// The sum as it was, beside the three paths that could have been meant.
    func path(_ report: FourOneOneReport, baselinePPM: Int64) -> Chart {
        let plan = report.plan
        let count = report.codes.count
        let implied = plan.path(fromPPM: plan.impliedBasePPM(industries: count), industries: count)
        let stated = plan.path(fromPPM: baselinePPM, industries: count)
        let straight = plan.straightPath(fromPPM: baselinePPM)
        let seen = report.periods.map(\.period.year)
        let first = min(seen.min() ?? plan.baseYear, plan.baseYear)
        let years = Array(first...max(seen.max() ?? plan.finalYear, plan.finalYear))
        func line(_ name: String, _ points: [(year: Int, ppm: Int64)]) -> Chart.Series {
            let byYear = Dictionary(points.map { ($0.year, $0.ppm) }, uniquingKeysWith: { $1 })
            return .init(name, years.map { byYear[$0].map { Double($0) / 10_000 } ?? .nan })
        }
        let actual = report.periods.compactMap { line in line.sumPPM.map { (year: line.period.year, ppm: $0) } }
        let goal = years.map { (year: $0, ppm: plan.finalPPM) }
        return Chart(
            title: visit.word("indicators.411.chart"), kind: .line, labels: years.map { String($0) },
            series: [
                line(visit.word("indicators.411.chart.actual"), actual),
                line(visit.word("indicators.411.chart.implied", percent(implied[0].ppm)), implied),
                line(visit.word("indicators.411.chart.stated", percent(baselinePPM)), stated),
                line(visit.word("indicators.411.chart.straight", percent(baselinePPM)), straight),
                line(visit.word("indicators.411.chart.goal", percent(plan.finalPPM)), goal),
            ], unit: "%")
    }

    func row(_ code: String, _ report: FourOneOneReport) -> FourOneOnePage.IndustryRow {
        .init(
            name: industry(code),
            cells: report.periods.map { line in
                let one = line.industries.first { $0.code == code }
                return .init(
                    share: one?.sharePPM.map { percent($0) } ?? "–", change: one?.changePPM.map { points($0) } ?? "",
                    mark: one?.annualOK.map { verdict($0) })
            },
            verdict: verdict(report.annualOK[code] ?? nil))
    }

    func sum(_ line: FourOneOneReport.PeriodLine, _ report: FourOneOneReport) -> FourOneOnePage.CellText {
        .init(
            share: line.sumPPM.map { percent($0) } ?? "–", change: line.sumChangePPM.map { points($0) } ?? "",
            mark: line.isSound ? nil : Badge(visit.word("indicators.411.unsound"), .danger))
    }

    func required(_ need: RequiredGrowth) -> FourOneOnePage.Required {
        .init(
            name: industry(need.code), tax: money(need.taxFen), required: money(need.requiredFen),
            growth: need.growth.map { hundredths($0) + "%" } ?? "–")
    }

    func alone(_ together: GrowthTogether, _ growth: WhatIf.Growth, _ codes: [String]) -> [FourOneOnePage.Alone] {
        codes.map { code in
            .init(
                name: industry(code), growth: hundredths(growth.industries[code] ?? 0) + "%",
                change: together.alonePPM[code].map { points($0) } ?? "–")
        }
    }

    /// The sum of shares looked ahead, by the method that did best on this series.
    func forecast(_ report: FourOneOneReport) -> (sentence: String, chart: Chart)? {
        let series = report.periods.compactMap { line -> (period: Period, value: ExactDecimal)? in
            guard let sum = line.sumPPM, let percent = try? ExactDecimal(unscaled: sum, scale: 4) else { return nil }
            return (line.period, percent)
        }
        guard let last = series.last?.period,
            let forecast = Forecast(series, ahead: max(1, report.plan.finalYear - last.year))
        else { return nil }
        let steps = forecast.steps.map { step in
            visit.word(
                "indicators.411.forecast.step", visit.text(step.period.title), plain(step.value), plain(step.low),
                plain(step.high))
        }
        let sentence =
            visit.word(
                "indicators.forecast.method", visit.text(forecast.method.title), visit.number(forecast.tests),
                plain(forecast.error), "%") + " " + steps.joined(separator: visit.word("indicators.and"))
        let gap = [Double](repeating: .nan, count: max(0, series.count - 1)) + [series.last?.value.approximate ?? .nan]
        let ahead = forecast.steps
        return (
            sentence,
            Chart(
                title: visit.word("indicators.411.forecast.chart"), kind: .line,
                labels: (series.map(\.period) + ahead.map(\.period)).map(\.description),
                series: [
                    .init(
                        visit.word("indicators.actual"),
                        series.map(\.value.approximate) + ahead.map { _ in .nan }),
                    .init(visit.word("indicators.forecast"), gap + ahead.map(\.value)),
                    .init(visit.word("indicators.forecast.low"), gap + ahead.map(\.low)),
                    .init(visit.word("indicators.forecast.high"), gap + ahead.map(\.high)),
                ], unit: "%")
        )
    }
}
