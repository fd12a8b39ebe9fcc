internal import Casework
internal import Core
internal import Hummingbird
internal import Organisation
internal import Sheets
internal import Web

/// 任务分解表: the tasks of a plan as offices print them.
struct DecompositionSheet: Sendable {
    let root: PlanNode
    let lines: [PlanTree.Line]
    let tasks: [TaskListStore.Entry]
    let supporting: [ID<CaseFile>: [String]]

    func response(_ visit: Visit, words: MechanismWords) throws -> Response {
        let name = visit.word("plans.table.title", root.title)
        let path = SheetAnswer.path(.xlsx)
        let sheet = try PrintedSheet(
            path: path, name: visit.word("plans.table"), title: name,
            note: root.document.isEmpty ? nil : root.document,
            columns: [
                .init(visit.word("plans.table.number"), width: 6, isCentred: true),
                .init(visit.word("plans.table.measure"), width: 22),
                .init(visit.word("plans.table.task"), width: 38),
                .init(visit.word("plans.table.target"), width: 34),
                .init(visit.word("plans.table.lead"), width: 12, isCentred: true),
                .init(visit.word("plans.table.supporting"), width: 18, isCentred: true),
                .init(visit.word("plans.table.due"), width: 12, isCentred: true),
                .init(visit.word("plans.table.weight"), width: 7, isCentred: true),
            ])
        let byNode = Dictionary(grouping: tasks, by: \.task.nodeID)
        var number = 0
        for line in lines {
            let own = byNode[line.node.id] ?? []
            let heading = line.node.code.isEmpty ? line.node.title : "\(line.node.code) \(line.node.title)"
            if line.node.level != .measure, line.node.parentID != nil { try sheet.writeSection(heading) }
            for (index, entry) in own.enumerated() {
                number += 1
                try sheet.write([
                    entry.task.code.isEmpty ? String(number) : entry.task.code,
                    line.node.level == .measure && index == 0 ? heading : "",
                    entry.task.detail.isEmpty ? entry.file.title : "\(entry.file.title)\n\(entry.task.detail)",
                    entry.task.target, words.unit(entry.file.leadUnitCode) ?? "",
                    words.units(supporting[entry.file.id] ?? []), visit.day(entry.task.due), String(entry.task.weight),
                ])
            }
        }
        try sheet.finish()
        return try SheetAnswer.answer(visit, name: name, format: .xlsx, path: path)
    }
}
