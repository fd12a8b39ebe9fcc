internal import Core
internal import Hummingbird
internal import Organisation
internal import Sheets
internal import Store
internal import Web

/// The page of the "411" goal, its exports, and the definitions it needs.
struct FourOneOneRoutes: Sendable {
    let manage: ManageIndicators
    let database: any Database
    private var profile: Profile { manage.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/indicators/411", .desk, show)
        routes.get("/desk/indicators/411/export", .desk, export)
        routes.get("/desk/indicators/411/enterprises", .desk, enterprises)
        routes.post("/desk/indicators/411/define", .digitalOffice, define)
        return routes
    }

    /// What the visitor asks about; what is out of bounds falls back to what is usual.
    struct Question: Sendable {
        let basis: String
        /// The stated share of the base year, in parts per million: 22 % was published as “nearly 22 %”.
        let baselinePPM: Int64
        /// Growth of all tax for the table of required growth, in hundredths of a per cent.
        let whole: Int64
        /// Growth by industry and of the rest that somebody tries; nil before they do.
        let tried: WhatIf.Growth?
        let industry: String?
        let problem: Bilingual?
    }

    private func question(_ visit: Visit) -> Question {
        let fields = visit.queryFields
        var problem: Bilingual?
        func hundredths(_ name: String) -> Int64? {
            let text = fields.text(name)
            guard !text.isEmpty else { return nil }
            guard let number = try? ExactDecimal(text), let scaled = try? number.times(ExactDecimal(100)),
                scaled == scaled.rounded(places: 0),
                (IndicatorLimits.growthMin...IndicatorLimits.growthMax).contains(scaled.rounded(places: 0).unscaled)
            else {
                problem = IndicatorError.growthWrong.report.explanation
                return nil
            }
            return scaled.rounded(places: 0).unscaled
        }
        let basis = FourOneOneData.bases.contains(fields.text("basis")) ? fields.text("basis") : IndicatorBasis.totalTax
        var tried: WhatIf.Growth?
        let keys = profile.keyIndustries.map(\.code)
        if keys.contains(where: { fields["grow-\($0)"] != nil }) || fields["grow-rest"] != nil {
            let industries = Dictionary(uniqueKeysWithValues: keys.map { ($0, hundredths("grow-\($0)") ?? 0) })
            tried = WhatIf.Growth(industries: industries, rest: hundredths("grow-rest") ?? 0)
        }
        let baseline = hundredths("baseline") ?? 2_200
        return Question(
            basis: basis, baselinePPM: (0...10_000).contains(baseline) ? baseline * 100 : 220_000,
            whole: hundredths("whole") ?? 600, tried: tried,
            industry: fields["industry"].flatMap { keys.contains($0) ? $0 : nil }, problem: problem)
    }

    /// What the page reads: tax, and the enterprises between the two periods that have them.
    struct Read: Sendable {
        let data: FourOneOneData
        let report: FourOneOneReport
        let industry: String?
        let decomposition: ShareDecomposition?
        let before: Period?
        let now: Period?
    }

    private func read(_ question: Question) async throws -> Read {
        let profile = profile
        return try await database.read { tx in
            let data = try FourOneOneData(basis: question.basis, profile: profile, in: tx)
            // The plan's years are tested; earlier ones only feed the forecast.
            let planned = data.table.periods.filter { $0.period.year >= FourOneOnePlan.letter.baseYear }
            let report = FourOneOneReport(TaxTable(codes: data.table.codes, periods: planned))
            let periods = try EnterpriseTaxStore.periods(question.basis, in: tx)
            // The latest two neighbouring periods that have enterprises and totals.
            let lines = Dictionary(data.table.periods.map { ($0.period, $0) }, uniquingKeysWith: { $1 })
            let now = periods.last { lines[$0] != nil && periods.contains($0.previous) && lines[$0.previous] != nil }
            guard let now, let after = lines[now], let before = lines[now.previous] else {
                return Read(
                    data: data, report: report, industry: question.industry, decomposition: nil, before: nil, now: nil)
            }
            // The industry that moved most, unless one is asked for.
            let moved = data.table.codes.max {
                abs(after.change($0, since: before)?.ppm ?? 0) < abs(after.change($1, since: before)?.ppm ?? 0)
            }
            let industry = question.industry ?? moved
            let movers = try industry.map {
                try EnterpriseTaxStore.movers(question.basis, industry: $0, from: now.previous, to: now, in: tx)
            }
            let decomposition = industry.flatMap { code in
                movers.flatMap { ShareDecomposition(industry: code, before: before, now: after, enterprises: $0) }
            }
            return Read(
                data: data, report: report, industry: industry, decomposition: decomposition, before: now.previous,
                now: now)
        }
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let question = question(visit)
        let read = try await read(question)
        return try visit.render(
            FourOneOnePage(read: read, question: question, profile: profile, account: try visit.account(), visit: visit)
        )
    }

    /// The columns that `shuzhi indicators 411` reads come first.
    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let question = question(visit)
        let read = try await read(question)
        var rows: [[Sheets.Cell]] = []
        for line in read.report.periods {
            let period = line.period.description
            func add(_ code: String, _ name: String, _ tax: Int64?, _ share: Int64?, _ change: Int64?, _ ok: Bool?) {
                func number(_ value: Int64?) -> Sheets.Cell { value.map { .number(String($0)) } ?? .empty }
                rows.append([
                    .text(period), .text(code), number(tax), .text(name), number(share), number(change),
                    ok.map { .text(visit.word($0 ? "indicators.411.yes" : "indicators.411.no")) } ?? .empty,
                    .text(visit.text(IndicatorBasis.title(question.basis))),
                ])
            }
            add("total", visit.word("indicators.411.total"), line.totalFen, nil, nil, nil)
            for one in line.industries {
                let name = visit.text(profile.name(of: .industry(one.code)))
                add(one.code, name, one.taxFen, one.sharePPM, one.changePPM, one.annualOK)
            }
        }
        return try await SheetDownload(
            header: ["period", "industry", "tax_fen"]
                + ["name", "share_ppm", "change_ppm", "annual", "basis"].map {
                    visit.word("indicators.411.column.\($0)")
                },
            rows: rows
        ).recorded(visit, name: "411", subject: "411 \(question.basis)", in: database)
    }

    @Sendable private func enterprises(_ visit: Visit) async throws -> Response {
        let question = question(visit)
        let read = try await read(question)
        let lines = read.decomposition?.lines ?? []
        let keys = ["credit_code", "enterprise", "before", "now", "contribution"]
        return try await SheetDownload(
            header: keys.map { visit.word("indicators.411.column.\($0)") },
            rows: lines.map { line in
                [
                    .text(line.enterprise?.code ?? ""),
                    .text(line.enterprise?.name ?? visit.word("indicators.411.not_broken_down")),
                    .number(String(line.before)), .number(String(line.now)), .number(String(line.contributionPPM)),
                ]
            }
        ).recorded(
            visit, name: "411-\(read.industry ?? "")",
            subject: "411 enterprises \(question.basis) \(read.industry ?? "")", in: database)
    }

    /// Makes the two indicators of a basis, ready for figures.
    @Sendable private func define(_ visit: Visit) async throws -> Response {
        let (fields, account, manage) = (try await visit.fields(), try visit.account(), manage)
        let basis = fields.text("basis")
        guard FourOneOneData.bases.contains(basis) else { throw WebError.formMalformed }
        try await database.write { tx in
            for draft in FourOneOneData.drafts(basis) where try IndicatorStore.find(code: draft.code, in: tx) == nil {
                _ = try manage.define(draft, by: account, in: tx)
            }
        }
        return visit.redirect("/desk/indicators/411?basis=\(basis)", toast: "indicators.saved")
    }
}
