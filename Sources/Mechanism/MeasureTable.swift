package import Core
import Foundation
package import Organisation
package import Sheets

/// A table of a plan, recognised: what would become a task, and what could not be read, with the reason.
package struct MeasureTable: Sendable, Equatable {
    package enum Doubt: String, Sendable, CaseIterable {
        case twoLeads = "two_leads"
        case noLead = "no_lead"
        case date
        case dissolved
    }

    package struct Line: Sendable, Equatable {
        package let row: Int
        package let code: String
        package let measure: String
        package let title: String
        package let target: String
        package let lead: String?
        package let supporting: [String]
        package let due: Day?
        package let weight: Int
        /// As the table says it, for whoever corrects.
        package let said: String
        package let unknown: [String]
        package let doubts: [Doubt]
    }

    package struct Refusal: Sendable, Equatable {
        package enum Reason: String, Sendable, CaseIterable {
            case noTask = "no_task"
            case tooLong = "too_long"
        }
        package let row: Int
        package let reason: Reason
        package let text: String
    }

    private enum Column: CaseIterable {
        case code, measure, task, target, lead, supporting, units, due, weight

        var titles: [String] {
            switch self {
            case .code: ["序号", "编号", "No."]
            case .measure: ["主要举措", "举措", "工作举措", "重点举措", "任务类别", "类别", "领域", "Measure"]
            case .task: ["重点任务", "工作任务", "具体任务", "任务", "任务内容", "工作内容", "主要任务", "Task"]
            case .target: ["工作目标", "目标", "预期成果", "成果形式", "年度目标", "Target"]
            case .lead: ["牵头单位", "牵头部门", "责任单位", "主办单位", "责任部门", "Lead unit"]
            case .supporting: ["配合单位", "配合部门", "协办单位", "参与单位", "Supporting units"]
            case .units: ["单位", "责任分工", "分工", "承办单位"]
            case .due: ["完成时限", "时限", "完成时间", "时间节点", "时间要求", "Due"]
            case .weight: ["权重", "Weight"]
            }
        }
    }

    package private(set) var lines: [Line] = []
    package private(set) var refused: [Refusal] = []

    /// Whether a header names a column of such a table.
    package static func isKnown(_ title: String) -> Bool {
        Column.allCases.contains { $0.titles.contains(title) }
    }

    /// - Throws: `MechanismError.importNoColumns`, `.importTooManyRows`.
    package init(titles: [String], rows: [SheetRow], profile: Profile, today: Day) throws(MechanismError) {
        var at: [Column: Int] = [:]
        for column in Column.allCases {
            at[column] = titles.firstIndex { column.titles.contains($0) }
        }
        // A table of measures alone: each measure is a task.
        guard let task = at[.task] ?? at[.measure] else { throw .importNoColumns }
        let measure = at[.task] == nil ? nil : at[.measure]
        guard rows.count <= MechanismLimits.importRowsMax else {
            throw .importTooManyRows(max: MechanismLimits.importRowsMax)
        }
        let names = UnitNames(profile)
        var before = ""
        for row in rows {
            func cell(_ column: Int?) -> String {
                column.map { row[$0].string.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
            }
            // A merged cell of a sheet holds its text in its first row only.
            if !cell(measure).isEmpty { before = cell(measure) }
            let whole = cell(task)
            let duties = UnitNames.duties(in: whole)
            let apart = UnitNames.duties(in: cell(at[.units]))
            let parts = duties.rest.split(maxSplits: 1, whereSeparator: \.isNewline).map(String.init)
            guard let title = parts.first, title.unicodeScalars.contains(where: { $0.properties.isAlphabetic }) else {
                let text = row.cells.map(\.string).filter { !$0.isEmpty }.joined(separator: " ")
                if !text.isEmpty { refused.append(.init(row: row.number, reason: .noTask, text: text)) }
                continue
            }
            guard title.unicodeScalars.count <= MechanismLimits.titleCharactersMax else {
                refused.append(.init(row: row.number, reason: .tooLong, text: title))
                continue
            }
            let leadText = [cell(at[.lead]), duties.lead ?? "", apart.lead ?? ""].first { !$0.isEmpty } ?? ""
            let supportingText =
                [cell(at[.supporting]), duties.supporting ?? "", apart.supporting ?? ""].first { !$0.isEmpty } ?? ""
            lines.append(
                Self.line(
                    row: row.number, code: cell(at[.code]), measure: measure == nil ? "" : before, title: title,
                    target: cell(at[.target]), leadText: leadText, supportingText: supportingText,
                    dueText: cell(at[.due]), weightText: cell(at[.weight]), names: names, profile: profile,
                    today: today))
        }
    }

    private static func line(
        row: Int, code: String, measure: String, title: String, target: String, leadText: String,
        supportingText: String, dueText: String, weightText: String, names: UnitNames, profile: Profile, today: Day
    ) -> Line {
        let leads = names.find(in: leadText)
        let others = names.find(in: supportingText)
        var doubts: [Doubt] = []
        var lead = leads.codes.first
        // Two leads are none: the first leads, the others support, and somebody looks.
        if leads.codes.count > 1 { doubts.append(.twoLeads) }
        if let code = lead, let change = profile.mechanism.successor(of: code, on: today) {
            lead = change.successorCode
            doubts.append(.dissolved)
        }
        if lead == nil { doubts.append(.noLead) }
        var supporting: [String] = []
        for code in leads.codes.dropFirst() + others.codes where code != lead && !supporting.contains(code) {
            supporting.append(profile.mechanism.successor(of: code, on: today)?.successorCode ?? code)
        }
        let due = DueText.read(dueText)
        if due == nil { doubts.append(.date) }
        let said = [leadText, supportingText, dueText].filter { !$0.isEmpty }.joined(separator: "；")
        return Line(
            row: row, code: code, measure: measure, title: title, target: target, lead: lead,
            supporting: Array(supporting.filter { $0 != lead }.prefix(20)), due: due,
            weight: Int(weightText).flatMap { (1...MechanismLimits.weightMax).contains($0) ? $0 : nil } ?? 10,
            said: said,
            unknown: leads.unknown + others.unknown, doubts: doubts)
    }
}
