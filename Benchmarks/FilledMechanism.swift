import Casework
import Core
import Foundation
import Indicators
import Mechanism
import Organisation
import Platform
import Store
import TestKit
import Web

extension LoadDistrict {
    /// The demo's year and on top of it 37 units with 5,000 tasks, twelve rounds of reports, 2,000 indicators of 120
    /// months, and so many appeals; unless they are there.
    func fillMechanism(appeals: Int) async throws {
        try await fill(appeals, withPlans: true)
        let mark = "\(folder)/mechanism-filled"
        guard !FileManager.default.fileExists(atPath: mark) else { return }
        try await within { district in
            let filled = try FilledMechanism(district)
            try await filled.plans()
            try await filled.rounds()
            try await filled.indicators()
        }
        try await analyse()
        _ = FileManager.default.createFile(atPath: mark, contents: nil)
    }

    /// Something happens to a task, as another process of the district would write it.
    func happen() async throws {
        try await within { district in
            let filled = try FilledMechanism(district)
            try await district.database.write { tx in
                guard let id = try filled.anyTask(in: tx) else { return }
                try filled.cases.note(id, event: "tasks.reported", detail: "刚刚", actor: .system("bench"), in: tx)
            }
        }
    }
}

/// A district's worth of plans and figures, written by the rooms' own rules.
struct FilledMechanism {
    private static let planCount = 10
    private static let measuresPerPlan = 10
    private static let tasksPerMeasure = 50
    private static let indicatorCount = 2_000
    private static let months = 120

    let district: District
    let cases: Cases
    private let tasks: Tasks
    private let office = Visitor.Account(personID: 1, name: "", unitCode: nil, roles: [.digitalOffice])

    init(_ district: District) throws {
        self.district = district
        cases = try Cases(profile: district.profile, kinds: [MechanismModule.kind], surroundings: district.surroundings)
        tasks = Tasks(cases: cases)
    }

    func anyTask(in tx: any Transaction) throws -> ID<CaseFile>? {
        var filter = TaskFilter()
        filter.cases.isOpen = true
        return try TaskListStore.list(filter, limit: 1, on: tasks.today, now: cases.surroundings.now(), in: tx)
            .first?.file.id
    }

    /// 5,000 tasks of all units below 100 measures; every fifth waits for another, every twentieth is watched.
    func plans() async throws {
        let plans = Plans(cases: cases)
        let (units, today) = (district.profile.units.map(\.code), tasks.today)
        var random = SeededGenerator(seed: 411)
        for number in 0..<Self.planCount {
            let root = try await district.database.write {
                try plans.add(.init(level: .outline, title: "基准规划第\(number)号", isDemo: true), in: $0)
            }
            for measure in 0..<Self.measuresPerPlan {
                let node = try await district.database.write {
                    try plans.add(
                        .init(level: .measure, parentID: root.id, title: "举措\(measure)", isDemo: true), in: $0)
                }
                let drafts = (0..<Self.tasksPerMeasure).map { index in
                    let start = today.adding(days: -Int.random(in: 20...300, using: &random))
                    let days = Int.random(in: 60...500, using: &random)
                    return Tasks.Draft(
                        title: "建设第\(number)-\(measure)-\(index)号设施", nodeID: node.id, target: "建成并运行",
                        weight: Int.random(in: 5...50, using: &random), lead: units[(index + measure) % units.count],
                        supporting: [units[(index + measure + 7) % units.count]], start: start,
                        due: start.adding(days: days),
                        milestones: (1...4).map {
                            Milestone(title: "第\($0)步", weight: 25, due: start.adding(days: days * $0 / 4))
                        }, isDemo: true)
                }
                try await open(drafts)
            }
        }
    }

    private func open(_ drafts: [Tasks.Draft]) async throws {
        let (tasks, office) = (tasks, office)
        try await district.database.write { tx in
            let ids = try tasks.open(drafts, actor: .system("bench"), in: tx)
            let now = tasks.cases.surroundings.now()
            for id in ids {
                let file = try CaseStore.find(id, now: now, in: tx)
                try tasks.move(id, .init(event: .issue, version: file.version), by: office, in: tx)
            }
            for index in stride(from: 5, to: ids.count, by: 5) {
                let other = try CaseStore.find(ids[index - 1], now: now, in: tx)
                try tasks.block(ids[index], byNumber: other.number, account: office, in: tx)
            }
            for index in stride(from: 0, to: ids.count, by: 20) {
                try tasks.supervise(ids[index], .remind, "请报进度", answerDue: tasks.today, by: office, in: tx)
            }
            if let first = ids.first {
                let due = drafts[0].due.adding(days: 30).description
                try tasks.askChange(first, .due, to: due, reason: "推迟", by: office, in: tx)
            }
        }
    }

    /// Twelve earlier rounds that ask all tasks; the latest of them is filled in and checked.
    func rounds() async throws {
        let rounds = Rounds(tasks: tasks)
        let (office, month) = (office, ReportRound.Period.month.span(around: tasks.today).lowerBound)
        for ago in (13...24).reversed() {
            let first = month.adding(months: -ago)
            try await district.database.write { tx in
                let round = try rounds.open(.month, around: first, due: first.adding(days: 33), by: 1, in: tx)
                guard ago > 13 else { return }
                try rounds.close(round.id, in: tx)
            }
        }
        let ids = try await district.database.read { tx -> [(ID<TaskReport>, ID<CaseFile>, String)] in
            guard let round = try RoundStore.openRounds(in: tx).first(where: { $0.first == month.adding(months: -13) })
            else { return [] }
            let filter = RoundStore.Filter(round: round.id)
            return try RoundStore.list(
                filter, end: .init(millisecondsSince1970: 0), isDescending: false, limit: 10_000, offset: 0,
                now: rounds.tasks.cases.surroundings.now(), in: tx
            ).map { ($0.report.id, $0.file.id, $0.file.leadUnitCode ?? "") }
        }
        for start in stride(from: 0, to: ids.count, by: 500) {
            try await district.database.write { tx in
                for (index, (report, task, unit)) in ids[start..<min(start + 500, ids.count)].enumerated() {
                    let head = Visitor.Account(personID: 2, name: "", unitCode: unit, roles: [.unitHead, .unitStaff])
                    let steps = try TaskStore.plan(of: try TaskStore.find(task, in: tx), in: tx).milestones.count
                    let now = try RoundStore.report(report, in: tx)
                    guard now.state == .due else { continue }
                    let permilles = (0..<steps).map { $0 == 0 ? 200 + index % 8 * 100 : 0 }
                    try rounds.fill(
                        report, version: now.version,
                        .init(
                            text: "按计划推进，完成阶段性工作。", difficulties: "无。", permilles: permilles,
                            evidence: [Evidence(kind: .fact, reference: "/desk/facts", title: "数据")]), by: head, in: tx)
                    try rounds.confirm(report, version: now.version + 1, by: head, in: tx)
                    try rounds.check(report, version: now.version + 2, by: office, in: tx)
                }
            }
        }
    }

    func indicators() async throws {
        let (now, newID) = (district.surroundings.now(), district.surroundings.newID)
        let last = Period(.month, holding: Day(now, in: district.profile.zone)).previous
        var random = SeededGenerator(seed: 120)
        for start in stride(from: 0, to: Self.indicatorCount, by: 50) {
            var (definitions, values): ([Indicator], [IndicatorValue]) = ([], [])
            for number in start..<start + 50 {
                let indicator = Indicator(
                    id: ID(newID()), code: "bench.\(number)",
                    name: Bilingual(zh: "基准指标\(number)", en: "Bench \(number)"),
                    unit: Bilingual(zh: "件", en: "items"), direction: .higher, basis: "月度统计", periodKind: .month,
                    scopeKind: .district, source: "基准", ownerUnitCode: nil, definition: "", places: 1, isVerified: true,
                    version: 1, updatedAt: now, isDemo: true)
                definitions.append(indicator)
                for ago in 0..<Self.months {
                    let value = Int64.random(in: 1_000...90_000, using: &random)
                    values.append(
                        IndicatorValue(
                            id: ID(newID()), indicatorID: indicator.id, scope: .district,
                            period: last.advanced(by: -ago), value: try ExactDecimal(unscaled: value, scale: 1),
                            revision: 1, isCurrent: true, state: .verified, source: "基准", note: "", enteredBy: nil,
                            enteredAt: now, verifiedBy: nil, verifiedAt: now, importID: nil))
                }
            }
            let (made, counted) = (definitions, values)
            try await district.database.write { tx in
                for one in made { try IndicatorStore.insert(one, in: tx) }
                try IndicatorValueStore.insert(counted, in: tx)
            }
        }
    }
}
