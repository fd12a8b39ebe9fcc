internal import Core
package import Organisation
package import Sheets

/// Reads yearly tax by industry from a sheet with the columns `period,industry,tax_fen` and one row `total` for each
/// period. What cannot be used is left out with a problem that says so; nothing is guessed.
package struct ReadTaxSheet: Sendable {
    package struct Outcome: Sendable {
        package let table: TaxTable
        package let problems: [TaxProblem]
        /// False when the sheet lacks a column or has no usable row.
        package let isUsable: Bool
    }

    private let industries: [KeyIndustry]
    private let names: [String: String]
    static let total = "total"

    package init(industries: [KeyIndustry]) {
        self.industries = industries
        var names = [Self.total: Self.total, "合计": Self.total, "总计": Self.total, "全区": Self.total]
        for industry in industries {
            for name in [industry.code, industry.name.zh, industry.name.en] {
                names[Self.folded(name)] = industry.code
            }
        }
        self.names = names
    }

    /// Whether a title is one of the three columns', for finding the header.
    package static func isKnown(_ title: String) -> Bool {
        titles.values.contains { $0.contains(folded(title)) }
    }

    private static func folded(_ text: String) -> String {
        String(text.lowercased().filter { !$0.isWhitespace && $0 != "\u{FEFF}" && $0 != "\u{200B}" })
    }

    private struct Amounts {
        var first: (value: Int64, row: Int)?
        var isContradicted = false
    }

    private static let titles: [String: [String]] = [
        "period": ["period", "year", "周期", "年份", "年度"], "industry": ["industry", "产业", "行业"],
        "tax_fen": ["tax_fen", "taxfen", "税收(分)", "税收（分）", "税额（分）", "税额(分)"],
    ]

    /// What is said of a file that is no table at all.
    package func unreadable(_ error: SheetError) -> Outcome {
        let reason = error.report.explanation
        return Outcome(
            table: TaxTable(codes: industries.map(\.code), periods: []),
            problems: [TaxProblem(.notATable, zh: reason.zh, en: reason.en)], isUsable: false)
    }

    /// - Throws: `SheetError` where the file is no table at all.
    package func callAsFunction(_ sheet: HeadedSheet) throws -> Outcome {
        var problems: [TaxProblem] = []
        var columns: [String: Int] = [:]
        for (name, titles) in Self.titles {
            columns[name] = sheet.titles.firstIndex { titles.contains(Self.folded($0)) }
        }
        for name in ["period", "industry", "tax_fen"] where columns[name] == nil {
            problems.append(
                TaxProblem(
                    .columnMissing, zh: "缺少“\(name)”列。表头应为 period,industry,tax_fen。",
                    en: "The column “\(name)” is missing. The header must be period,industry,tax_fen."))
        }
        guard let period = columns["period"], let industry = columns["industry"], let tax = columns["tax_fen"] else {
            return Outcome(
                table: TaxTable(codes: industries.map(\.code), periods: []), problems: problems, isUsable: false)
        }
        var found: [Period: [String: Amounts]] = [:]
        var seen: Set<Period> = []
        while let row = try sheet.next() {
            read(
                row, cells: (row[period].string, row[industry].string, row[tax].string), into: &found, seen: &seen,
                &problems)
        }
        if seen.isEmpty {
            problems.append(
                TaxProblem(
                    .noRows, zh: "没有可用的数据行。每行应有年份、产业和税收（分）。",
                    en: "There is no usable row. Each row has a year, an industry and tax in fen."))
        }
        let table = table(found, seen, &problems)
        return Outcome(table: table, problems: problems, isUsable: !found.isEmpty)
    }

    private func read(
        _ row: SheetRow, cells: (period: String, industry: String, tax: String),
        into found: inout [Period: [String: Amounts]], seen: inout Set<Period>, _ problems: inout [TaxProblem]
    ) {
        let (periodText, industryText) = (cells.period.trimmed, cells.industry.trimmed)
        func refuse(_ code: TaxProblem.Code, zh: String, en: String) {
            problems.append(
                TaxProblem(code, row: row.number, period: periodText, industry: industryText, zh: zh, en: en))
        }
        guard let period = Period(reading: Self.yearText(periodText)), period.kind == .year else {
            refuse(
                .periodNotAYear, zh: "“\(periodText)”不是年份，该行未采用。请写四位年份，例如 2021。",
                en: "“\(periodText)” is no year; the row is not used. Write four digits, such as 2021.")
            return
        }
        // A year that is named is not missing, even where its figures cannot be used.
        seen.insert(period)
        guard let industry = names[Self.folded(industryText)] else {
            let known = industries.map { "\($0.code)（\($0.name.zh)）" }.joined(separator: "、")
            refuse(
                .industryUnknown, zh: "没有“\(industryText)”这个产业，该行未采用。可用：total、\(known)。",
                en: "“\(industryText)” is no key industry; the row is not used. "
                    + "There are total, \(industries.map(\.code).joined(separator: ", ")).")
            return
        }
        let problem = TaxAmount.read(cells.tax, isTotal: industry == Self.total)
        if let refusal = problem.refusal { refuse(refusal.code, zh: refusal.zh, en: refusal.en) }
        guard let amount = problem.value else { return }
        var entry = found[period, default: [:]][industry] ?? Amounts()
        if let first = entry.first {
            if first.value == amount {
                refuse(
                    .repeated, zh: "与第 \(first.row) 行重复，只计一次。请删去其中一行。",
                    en: "The row repeats row \(first.row) and is counted once. Remove one of them.")
            } else {
                entry.isContradicted = true
                refuse(
                    .contradicting, zh: "与第 \(first.row) 行是同一年份、同一产业，税收却不同；两行都未采用。请核对后只留一行。",
                    en: "Row \(first.row) gives another amount for the same year and industry; neither is used. "
                        + "Check them and keep one.")
            }
        } else {
            entry.first = (amount, row.number)
        }
        found[period, default: [:]][industry] = entry
    }

    /// Spreadsheets may show a year as `2021.0`.
    private static func yearText(_ text: String) -> String {
        text.hasSuffix(".0") && text.count == 6 ? String(text.dropLast(2)) : text
    }

    // MARK: - Whole periods

    private func table(
        _ found: [Period: [String: Amounts]], _ seen: Set<Period>, _ problems: inout [TaxProblem]
    ) -> TaxTable {
        let codes = industries.map(\.code)
        let ordered = seen.sorted()
        var periods: [TaxPeriod] = []
        for (index, period) in ordered.enumerated() {
            let amounts = (found[period] ?? [:]).compactMapValues { $0.isContradicted ? nil : $0.first?.value }
            var line = TaxPeriod(
                period: period, total: amounts[Self.total],
                industries: amounts.filter { $0.key != Self.total })
            check(&line, &problems)
            periods.append(line)
            guard index > 0, ordered[index - 1].next != period else { continue }
            let missing = (ordered[index - 1].year + 1..<period.year).map { String($0) }
            problems.append(
                TaxProblem(
                    .yearsNotConsecutive, period: period.description,
                    zh: "缺少 \(missing.joined(separator: "、")) 年，\(period.year) 年没有上一年可比，不判断年度目标。请补齐。",
                    en: "\(missing.joined(separator: ", ")) is missing, so \(period.year) has no year before it to be "
                        + "tested against. Add it."))
        }
        return TaxTable(codes: codes, periods: periods)
    }

    private func check(_ line: inout TaxPeriod, _ problems: inout [TaxProblem]) {
        let period = line.period.description
        if line.total == nil {
            problems.append(
                TaxProblem(
                    .totalMissing, period: period, industry: Self.total,
                    zh: "\(period) 年没有可用的合计（total），不能计算占比。请补上全区税收。",
                    en: "\(period) has no usable total, so no share can be computed. Add the tax of the whole district."
                ))
        }
        for industry in industries where line.industries[industry.code] == nil {
            problems.append(
                TaxProblem(
                    .industryMissing, period: period, industry: industry.code,
                    zh: "\(period) 年没有“\(industry.name.zh)”的可用税收，占比之和与总目标不能判断。请补上。",
                    en: "\(period) has no usable tax of “\(industry.code)”, so the sum of shares cannot be judged. "
                        + "Add it."))
        }
        let sum = line.industries.values.reduce(Int128(0)) { $0 + Int128($1) }
        if let total = line.total, sum > Int128(total) {
            line.isSound = false
            problems.append(
                TaxProblem(
                    .industriesExceedTotal, period: period,
                    zh: "\(period) 年各产业税收之和大于合计，数据自相矛盾，该年不作判断。请核对口径和单位。",
                    en: "In \(period) the industries sum to more than the total; nothing is judged on that year. "
                        + "Check basis and units."))
        }
    }
}

extension String {
    var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace || first == "\u{FEFF}" { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }
}

/// Reads an amount in fen.
enum TaxAmount {
    struct Refusal {
        let code: TaxProblem.Code
        let zh: String
        let en: String
    }

    /// `value` is nil where the amount cannot be used; a zero of an industry is used and pointed out.
    static func read(_ text: String, isTotal: Bool) -> (value: Int64?, refusal: Refusal?) {
        let shown = String(text.trimmed.prefix(40))
        let number: ExactDecimal
        do { number = try ExactDecimal(text) } catch {
            switch error {
            case .empty:
                return (
                    nil, Refusal(code: .taxMissing, zh: "没有填写税收，该行未采用。", en: "No tax is given; the row is not used.")
                )
            case .tooLarge:
                return (
                    nil,
                    Refusal(
                        code: .taxTooLarge, zh: "“\(shown)”太大（上限 \(Int64.max) 分），该行未采用。请核对单位是否为分。",
                        en:
                            "“\(shown)” is too large (at most \(Int64.max) fen); the row is not used. Check its unit."
                    )
                )
            case .tooManyPlaces: return (nil, notWhole(shown))
            case .notNumber:
                return (
                    nil,
                    Refusal(
                        code: .taxNotANumber, zh: "“\(shown)”不是数，该行未采用。请写整数，单位为分。",
                        en: "“\(shown)” is no number; the row is not used. Write a whole number of fen.")
                )
            }
        }
        let whole = number.rounded(places: 0)
        guard whole == number else { return (nil, notWhole(shown)) }
        if whole.unscaled < 0 {
            return (
                nil,
                Refusal(
                    code: .taxNegative, zh: "税收为负（\(shown)），该行未采用。退税请冲减后填净额；确为负数的年份不能算占比。",
                    en: "The tax is negative (\(shown)); the row is not used. Give tax net of refunds.")
            )
        }
        if whole.unscaled == 0 {
            return (
                isTotal ? nil : 0,
                isTotal
                    ? Refusal(
                        code: .taxZero, zh: "合计为 0，不能计算占比，该行未采用。请核对。",
                        en: "The total is 0, so no share can be computed; the row is not used. Check it.")
                    : Refusal(
                        code: .taxZero, zh: "税收为 0，按 0 计入。请核对是否漏填。",
                        en: "The tax is 0 and counted as 0. Check that it is not missing.")
            )
        }
        return (whole.unscaled, nil)
    }

    private static func notWhole(_ shown: String) -> Refusal {
        Refusal(
            code: .taxNotWhole, zh: "“\(shown)”不是整数分，该行未采用。请以分为单位填整数。",
            en: "“\(shown)” is no whole number of fen; the row is not used. Give whole fen.")
    }
}
