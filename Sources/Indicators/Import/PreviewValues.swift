package import Core
package import Organisation
package import Sheets
package import Store

/// Reads a sheet of indicators' values, one value a row or a period a column, and says what it would change.
package struct PreviewValues: Sendable {
    package struct Outcome: Sendable {
        package var preview = ImportPreview()
        /// What is written on confirmation: the new value, and the one it takes the place of.
        package var writes: [(value: IndicatorValue, before: IndicatorValue?)] = []
    }

    let profile: Profile
    let surroundings: Surroundings

    package init(profile: Profile, surroundings: Surroundings) {
        self.profile = profile
        self.surroundings = surroundings
    }

    private struct Found {
        let row: Int
        let cells: [String]
        let indicator: Indicator
        let key: IndicatorValueStore.Key
        let value: ExactDecimal
        let source: String
        let note: String
        let column: String
    }

    /// - Throws: `SheetError` where the file is no table, `IndicatorError.columnMissing` where it lacks a column.
    package func callAsFunction(
        _ sheet: HeadedSheet, by personID: Int64?, importID: Int64?, in tx: any Transaction
    ) throws -> Outcome {
        let columns = SheetColumns(sheet.titles)
        let isWide = !columns.periods.isEmpty && !columns.has(.value)
        var missing: [String] = []
        if !columns.has(.code), !columns.has(.name) { missing.append("指标代码") }
        if !isWide, !columns.has(.period) { missing.append("周期") }
        if !isWide, !columns.has(.value) { missing.append("数值") }
        guard missing.isEmpty else { throw IndicatorError.columnMissing(missing) }
        let byCode = try IndicatorStore.byCode(in: tx)
        let byName = Dictionary(grouping: byCode.values, by: \.name.zh)
        var outcome = Outcome()
        outcome.preview.titles = columns.titles
        var found: [Found] = []
        while let row = try sheet.next() {
            let cells = columns.cells(row)
            do {
                let indicator = try indicator(row, columns, byCode, byName)
                for (text, period, title) in figures(row, columns, isWide) where !text.isEmpty || !isWide {
                    found.append(try read(row, cells, indicator, columns, text: text, period: period, title: title))
                    guard found.count <= IndicatorLimits.importRowsMax else {
                        throw IndicatorError.tooManyRows(max: IndicatorLimits.importRowsMax)
                    }
                }
            } catch let refusal as Refused {
                outcome.preview.refused.append(
                    .init(row: row.number, column: refusal.column, reason: refusal.reason, cells: cells))
            }
        }
        let kept = withoutRepeats(found, &outcome.preview)
        try compare(kept, by: personID, importID: importID, &outcome, in: tx)
        outcome.preview.refused.sort { $0.row < $1.row }
        return outcome
    }

    private struct Refused: Error {
        let column: String
        let reason: Bilingual

        init(_ column: String, _ error: IndicatorError) {
            self.column = column
            reason = error.report.explanation
        }

        init(_ column: String, zh: String, en: String) {
            self.column = column
            reason = Bilingual(zh: zh, en: en)
        }
    }

    private func indicator(
        _ row: SheetRow, _ columns: SheetColumns, _ byCode: [String: Indicator], _ byName: [String: [Indicator]]
    ) throws(Refused) -> Indicator {
        let code = columns.text(.code, row).lowercased()
        if !code.isEmpty {
            guard let indicator = byCode[code] else {
                throw Refused(
                    columns.title(.code), zh: "没有代码为“\(code.prefix(60))”的指标。请核对，或先新建指标。",
                    en: "There is no indicator “\(code.prefix(60))”. Check the code, or define it first.")
            }
            return indicator
        }
        let name = columns.text(.name, row)
        let named = byName[name] ?? []
        guard named.count == 1 else {
            throw Refused(
                columns.title(columns.has(.name) ? .name : .code),
                zh: named.isEmpty ? "没有名为“\(name.prefix(60))”的指标。请填写指标代码。" : "有 \(named.count) 个指标同名，请填写指标代码。",
                en: named.isEmpty
                    ? "There is no indicator called “\(name.prefix(60))”. Give its code."
                    : "\(named.count) indicators have this name. Give the code.")
        }
        return named[0]
    }

    private func figures(
        _ row: SheetRow, _ columns: SheetColumns, _ isWide: Bool
    ) -> [(text: String, period: String, title: String)] {
        if isWide {
            return columns.periods.map {
                (SheetColumns.text(row[$0.column]), $0.period.description, columns.titles[$0.column])
            }
        }
        return [(columns.text(.value, row), columns.text(.period, row), columns.title(.value))]
    }

    private func read(
        _ row: SheetRow, _ cells: [String], _ indicator: Indicator, _ columns: SheetColumns, text: String,
        period: String, title: String
    ) throws(Refused) -> Found {
        let today = Day(surroundings.now(), in: profile.zone)
        let read: Period
        let scope: FigureScope
        let value: ExactDecimal
        do { read = try IndicatorInput.period(period, indicator, today: today) } catch {
            throw Refused(columns.has(.period) ? columns.title(.period) : title, error)
        }
        do { scope = try IndicatorInput.scope(scopeText(row, columns), indicator, profile) } catch {
            throw Refused(columns.title(.scope), error)
        }
        do { value = try IndicatorInput.value(text) } catch { throw Refused(title, error) }
        let key = IndicatorValueStore.Key(indicator: indicator.id, scope: scope, period: read)
        return Found(
            row: row.number, cells: cells, indicator: indicator, key: key, value: value,
            source: String(columns.text(.source, row).prefix(IndicatorLimits.nameCharactersMax)),
            note: String(columns.text(.note, row).prefix(IndicatorLimits.textCharactersMax)), column: title)
    }

    private func scopeText(_ row: SheetRow, _ columns: SheetColumns) -> String {
        let text = columns.text(.scope, row)
        return text.isEmpty ? columns.text(.industry, row) : text
    }

    /// The same figure twice: equal, the first counts; different, none does.
    private func withoutRepeats(_ found: [Found], _ preview: inout ImportPreview) -> [Found] {
        let groups = Dictionary(grouping: found, by: \.key)
        return found.filter { one in
            guard let group = groups[one.key], group.count > 1 else { return true }
            let isSame = group.allSatisfy { $0.value == group[0].value }
            if isSame, one.row == group[0].row { return true }
            let others = group.map(\.row).filter { $0 != one.row }.prefix(5).map { String($0) }
            let rows = others.isEmpty ? String(one.row) : others.joined(separator: ", ")
            preview.refused.append(
                .init(
                    row: one.row, column: one.column,
                    reason: Bilingual(
                        zh: isSame ? "与第 \(rows) 行重复，只采用一次。" : "与第 \(rows) 行是同一指标、范围和周期，数值却不同；都未采用。请核对后只留一行。",
                        en: isSame
                            ? "It repeats row \(rows) and is taken once."
                            : "Row \(rows) gives another value for the same indicator, scope and period; none is taken."
                    ),
                    cells: one.cells))
            return false
        }
    }

    private func compare(
        _ found: [Found], by personID: Int64?, importID: Int64?, _ outcome: inout Outcome, in tx: any Transaction
    ) throws {
        let ids = Array(Set(found.map(\.key.indicator))).sorted()
        let current = try IndicatorValueStore.currentByKey(ids, in: tx)
        let now = surroundings.now()
        for one in found {
            let before = current[one.key]
            if let before, before.value == one.value {
                outcome.preview.same += 1
                continue
            }
            let (name, scope) = (one.indicator.name, profile.name(of: one.key.scope))
            let isWhole = one.key.scope == .district
            let change = ImportPreview.Change(
                row: one.row,
                subject: Bilingual(
                    zh: isWhole ? name.zh : "\(name.zh) · \(scope.zh)",
                    en: isWhole ? name.en : "\(name.en) · \(scope.en)"),
                period: one.key.period, before: before?.value.text(), after: one.value.text())
            if before == nil { outcome.preview.added.append(change) } else { outcome.preview.changed.append(change) }
            outcome.writes.append(
                (
                    IndicatorValue(
                        id: ID(surroundings.newID()), indicatorID: one.indicator.id, scope: one.key.scope,
                        period: one.key.period, value: one.value, revision: (before?.revision ?? 0) + 1,
                        source: one.source.isEmpty ? one.indicator.source : one.source,
                        note: before != nil && one.note.isEmpty ? "导入更正" : one.note, enteredBy: personID,
                        enteredAt: now, importID: importID), before
                ))
        }
    }
}
