internal import Casework
internal import Core
internal import Organisation
internal import Web

/// The lines of a plan's tree.
struct PlanLineMaker {
    let visit: Visit
    let profile: Profile
    let steers: Bool
    /// Tasks that hang directly at each node.
    let counts: [ID<PlanNode>: Int]

    private var words: MechanismWords { MechanismWords(visit: visit, profile: profile) }

    func tiles(_ total: PlanTotals, root: PlanNode) -> StatTiles {
        let list = "/desk/tasks?plan=\(root.id)"
        func tile(_ light: Light, _ tone: Tone) -> StatTiles.Tile {
            let count = Int(total.lights[Int(light.rank)])
            return .init(
                visit.word("mechanism.light.\(light.rawValue)"), visit.number(count),
                href: "\(list)&light=\(light.rawValue)", tone: count > 0 ? tone : .neutral)
        }
        return StatTiles([
            .init(
                visit.word("plans.done"), total.donePPM.map(Points.text) ?? "–",
                note: total.plannedPPM.map { visit.word("plans.planned_note", Points.text($0)) }),
            .init(
                visit.word("plans.tasks"), visit.number(total.tasks),
                note: visit.word("plans.closed", visit.number(total.closed)),
                href: list),
            tile(.red, .danger), tile(.yellow, .warning), tile(.blue, .info),
        ])
    }

    func line(_ line: PlanTree.Line, _ tasks: [TaskListStore.Entry]) -> PlanTreePage.Line {
        let (node, totals) = (line.node, line.totals)
        let folded = tasks.isEmpty ? counts[node.id] ?? 0 : 0
        func count(_ light: Light) -> String? {
            let number = Int(totals.lights[Int(light.rank)])
            return number == 0 ? nil : visit.number(number)
        }
        return PlanTreePage.Line(
            anchor: "node-\(node.id)", depth: min(4, line.depth + 1), code: node.code, name: node.title,
            level: visit.text(node.level.title),
            industry: profile.keyIndustries.first { $0.code == node.industryCode }?.name(visit.language),
            document: node.document.isEmpty ? nil : node.document, hasTasks: totals.tasks > 0,
            count: visit.word("plans.count", visit.number(totals.tasks)), permille: (totals.donePPM ?? 0) / 1_000,
            done: totals.donePPM.map(Points.text) ?? "–", planned: totals.plannedPPM.map(Points.text) ?? "–",
            red: count(.red), yellow: count(.yellow), blue: count(.blue),
            tasksHref: "/desk/tasks?plan=\(node.rootID)", hasOwnTasks: !tasks.isEmpty,
            tasks: PlainTable(label: node.title, rows: tasks.map(task)),
            openHref: folded == 0 ? nil : "/desk/plans/\(node.rootID)?open=\(node.id)#node-\(node.id)",
            open: visit.word("plans.open_tasks", visit.number(folded)),
            addHref: steers && node.level != .measure ? "/desk/plans/new?parent=\(node.id)" : nil,
            taskHref: steers ? "/desk/tasks/new?node=\(node.id)" : nil,
            editHref: steers ? "/desk/plans/\(node.id)/edit" : nil)
    }

    private func task(_ entry: TaskListStore.Entry) -> Table.Row {
        Table.Row(
            href: "/desk/tasks/\(entry.file.id)",
            cells: [
                .text(entry.file.number), .lamp(words.light(entry.file.light)), .long(entry.file.title),
                .text(words.unit(entry.file.leadUnitCode) ?? visit.word("tasks.no_lead")),
                words.progress(entry.task.progressPPM), .text(visit.word("plans.weight", String(entry.task.weight))),
                .day(entry.task.due), words.state(entry.file),
            ])
    }
}
