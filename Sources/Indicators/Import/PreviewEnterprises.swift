package import Core
package import Organisation
package import Sheets
package import Store

/// Reads a sheet of enterprises' tax and says what it would change: one primary industry for each and period.
package struct PreviewEnterprises: Sendable {
    package struct Outcome: Sendable {
        package var preview = ImportPreview()
        package var writes: [(tax: EnterpriseTax, before: EnterpriseTax?)] = []
    }

    let profile: Profile
    let surroundings: Surroundings

    package init(profile: Profile, surroundings: Surroundings) {
        self.profile = profile
        self.surroundings = surroundings
    }

    private struct Key: Hashable {
        let period: Period
        let code: String
    }

    private struct Refused: Error {
        let column: String
        let reason: Bilingual
    }

    /// - Throws: `SheetError` where the file is no table, `IndicatorError.columnMissing` where it lacks a column.
    package func callAsFunction(_ sheet: HeadedSheet, basis: String, in tx: any Transaction) throws -> Outcome {
        let columns = SheetColumns(sheet.titles)
        var missing: [String] = []
        for (name, title) in [
            (SheetColumns.Name.period, "周期"), (.credit, "统一社会信用代码"), (.enterprise, "企业名称"), (.industry, "产业"),
        ] where !columns.has(name) { missing.append(title) }
        if columns.tax == nil { missing.append("税收（万元）") }
        guard missing.isEmpty, let tax = columns.tax else { throw IndicatorError.columnMissing(missing) }
        var outcome = Outcome()
        outcome.preview.titles = columns.titles
        var taken: [Key: (row: Int, industry: String, tax: Int64)] = [:]
        var current: [Period: [String: EnterpriseTax]] = [:]
        var rows = 0
        while let row = try sheet.next() {
            rows += 1
            guard rows <= IndicatorLimits.importRowsMax else {
                throw IndicatorError.tooManyRows(max: IndicatorLimits.importRowsMax)
            }
            do {
                let read = try read(row, columns, tax, basis)
                let key = Key(period: read.period, code: read.code)
                if let first = taken[key] {
                    throw Refused(
                        column: columns.title(.credit), reason: Self.twice(first, read, profile))
                }
                taken[key] = (row.number, read.industry, read.taxFen)
                if current[read.period] == nil {
                    current[read.period] = try EnterpriseTaxStore.byCode(basis, read.period, in: tx)
                }
                compare(read, current[read.period]?[read.code], row: row.number, &outcome)
            } catch let refusal as Refused {
                outcome.preview.refused.append(
                    .init(
                        row: row.number, column: refusal.column, reason: refusal.reason, cells: columns.cells(row)))
            }
        }
        return outcome
    }

    private static func twice(
        _ first: (row: Int, industry: String, tax: Int64), _ read: EnterpriseTax, _ profile: Profile
    ) -> Bilingual {
        guard first.industry != read.industry else {
            return Bilingual(
                zh: "第 \(first.row) 行已有这户企业同一周期的税收，这一行未采用。请合并成一行。",
                en: "Row \(first.row) has this enterprise's tax of the period already; this row is not taken. "
                    + "Merge them into one row.")
        }
        let industry = profile.name(of: .industry(first.industry))
        return Bilingual(
            zh: "一户企业在一个周期只归一个主要产业；第 \(first.row) 行已归入“\(industry.zh)”，这一行未采用。",
            en: "An enterprise has one primary industry in a period; row \(first.row) has it in “\(industry.en)”, so "
                + "this row is not taken.")
    }

    private func read(
        _ row: SheetRow, _ columns: SheetColumns, _ tax: (column: Int, unit: String), _ basis: String
    ) throws(Refused) -> EnterpriseTax {
        func refuse(_ name: SheetColumns.Name, _ reason: Bilingual) -> Refused {
            Refused(column: columns.title(name), reason: reason)
        }
        let periodText = columns.text(.period, row)
        guard let period = Period(reading: periodText), Indicator.periodKinds.contains(period.kind) else {
            throw refuse(.period, IndicatorError.periodWrong(String(periodText.prefix(40))).report.explanation)
        }
        guard period.firstDay <= Day(surroundings.now(), in: profile.zone) else {
            throw refuse(.period, IndicatorError.periodInFuture(period.title).report.explanation)
        }
        let code: CreditCode
        do { code = try CreditCode(columns.text(.credit, row)) } catch {
            throw refuse(.credit, error.report.explanation)
        }
        let name = columns.text(.enterprise, row)
        guard !name.isEmpty, name.count <= IndicatorLimits.nameCharactersMax else {
            throw refuse(
                .enterprise, Bilingual(zh: "企业名称为空或太长。请填写营业执照上的名称。", en: "The name is empty or too long."))
        }
        let industry = try industry(columns.text(.industry, row), columns)
        let title = columns.titles[tax.column]
        let amount: ExactDecimal
        do { amount = try ExactDecimal(SheetColumns.text(row[tax.column])) } catch {
            throw Refused(column: title, reason: error.report.explanation)
        }
        guard !amount.isNegative else {
            throw Refused(
                column: title,
                reason: Bilingual(
                    zh: "税收为负。请填冲减退税后的净额；净额为负的，归入“未分解”即可，不必列出。",
                    en: "The tax is negative. Give it net of refunds; leave the enterprise out where that is negative.")
            )
        }
        guard let fen = MoneyUnit.fen(amount, unit: tax.unit) else {
            throw Refused(
                column: title,
                reason: Bilingual(
                    zh: "金额细于分，或太大。请核对单位。", en: "The amount is finer than a fen, or too large. Check its unit."))
        }
        return EnterpriseTax(
            id: surroundings.newID(), basis: basis, period: period, code: code.text, name: name, industry: industry,
            taxFen: fen)
    }

    private func industry(_ text: String, _ columns: SheetColumns) throws(Refused) -> String {
        if ["其他", "其它", "其他产业", EnterpriseTax.other].contains(text.lowercased()) { return EnterpriseTax.other }
        let found = profile.keyIndustries.first {
            [$0.code, $0.name.zh, $0.name.en.lowercased()].contains(text.lowercased())
        }
        guard let found else {
            let known = profile.keyIndustries.map(\.name.zh).joined(separator: "、")
            throw Refused(
                column: columns.title(.industry),
                reason: Bilingual(
                    zh: "没有“\(text.prefix(40))”这个产业。可填：\(known)、其他。",
                    en: "There is no industry “\(text.prefix(40))”. Write a key industry or “other”."))
        }
        return found.code
    }

    private func compare(_ read: EnterpriseTax, _ before: EnterpriseTax?, row: Int, _ outcome: inout Outcome) {
        func shown(_ tax: EnterpriseTax) -> String {
            let amount = (try? ExactDecimal(unscaled: tax.taxFen, scale: 6))?.text() ?? String(tax.taxFen)
            let industry = tax.industry == EnterpriseTax.other ? "其他" : profile.name(of: .industry(tax.industry)).zh
            return "\(industry) \(amount) 万元"
        }
        if let before, before.taxFen == read.taxFen, before.industry == read.industry, before.name == read.name {
            outcome.preview.same += 1
            return
        }
        let change = ImportPreview.Change(
            row: row, subject: Bilingual(zh: "\(read.name)（\(read.code)）", en: "\(read.name) (\(read.code))"),
            period: read.period, before: before.map(shown), after: shown(read))
        if before == nil { outcome.preview.added.append(change) } else { outcome.preview.changed.append(change) }
        let tax = EnterpriseTax(
            id: read.id, basis: read.basis, period: read.period, code: read.code, name: read.name,
            industry: read.industry, taxFen: read.taxFen, revision: (before?.revision ?? 0) + 1)
        outcome.writes.append((tax, before))
    }
}
