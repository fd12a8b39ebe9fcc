internal import Casework
internal import Core
internal import Foundation
internal import Mechanism
internal import Organisation
internal import Store
internal import Web

/// Writes a year of the leading group's work by the room's own rules: plans, tasks, monthly rounds with evidence,
/// supervision, and changes; with tasks planted that are red for known reasons.
struct WriteDemoPlans: Sendable {
    let district: District
    let people: WriteDemo.Clerks
    let seed: UInt64

    private static let months = 10

    /// A task while its year is told.
    struct Story {
        let id: ID<CaseFile>
        let task: DemoPlans.PlanTask
        let unit: String
        let plan: TaskPlan
        let evidence: Evidence
        var fate: DemoPlans.Fate { task.fate ?? .steady }
    }

    /// Returns how many tasks were written; 0 where there are plans already.
    func callAsFunction() async throws -> Int {
        let isNew = try await district.database.read { try PlanStore.roots(in: $0).isEmpty }
        guard isNew else { return 0 }
        let texts = try DemoPlans.load()
        let profile = district.profile
        let now = district.surroundings.now()
        let clock = DemoClock(newID: district.surroundings.newID, now: now)
        let cases = try Cases(profile: profile, kinds: Rooms.kinds, surroundings: clock.surroundings)
        let (tasks, plans) = (Tasks(cases: cases), Plans(cases: cases))
        var random = DemoRandom(seed: seed ^ 0x504C_414E)
        let today = Day(now, in: profile.zone)
        let begin = today.adding(months: -Self.months - 1)
        clock.set(Self.at(begin, 9, profile))
        let drafts = try await write(texts, plans, begin: begin, today: today, &random)
        let stored = try evidenceFile()
        let stories = try await open(drafts, tasks, stored: stored)
        try await relate(stories, tasks)
        let meetings = WriteDemoMeetings(
            database: district.database, meetings: Meetings(tasks: tasks), texts: texts, stored: stored,
            office: office, leader: leader, unit: unit)
        let told = try await tell(
            stories, texts, Rounds(tasks: tasks), meetings, clock: clock, begin: begin, today: today, &random)
        clock.set(now)
        try await finish(told, texts, tasks, clock: clock, today: today)
        try await meetings.callUpcoming(on: today.adding(days: 6))
        try await WriteDemoBulletins(rooms: try Rooms(district), cases: cases, clock: clock, office: office)(
            today: today)
        try await WriteDemoExclusions(district: district, cases: cases, office: office)(texts)
        return told.count
    }

    private static func at(_ day: Day, _ hour: Int, _ profile: Profile) -> Instant {
        day.start(in: profile.zone).adding(seconds: Int64(hour) * 3_600)
    }

    // MARK: - People

    private var office: Visitor.Account {
        Visitor.Account(personID: people.office ?? 0, name: "", unitCode: nil, roles: [.digitalOffice])
    }
    private var leader: Visitor.Account {
        Visitor.Account(personID: people.leader ?? 0, name: "", unitCode: nil, roles: [.leader])
    }
    private func head(_ unit: String) -> Visitor.Account {
        Visitor.Account(
            // Units without a person of their own borrow one; never the office, which checks.
            personID: people.staff[unit] ?? people.staff.min { $0.key < $1.key }?.value ?? 0, name: "", unitCode: unit,
            roles: [.unitStaff, .unitHead])
    }

    private func unit(_ name: String) -> String {
        let units = district.profile.units
        if let found = units.first(where: { $0.shortName.zh == name }) { return found.code }
        // A district without that unit: always the same other one.
        let departments = units.filter { $0.kind == .department }
        return departments[Int(DemoRandom.hash(name) % UInt64(max(1, departments.count)))].code
    }

    // MARK: - Papers and tasks

    private func write(
        _ texts: DemoPlans, _ plans: Plans, begin: Day, today: Day, _ random: inout DemoRandom
    ) async throws -> [(DemoPlans.PlanTask, Tasks.Draft)] {
        var papers: [(draft: Plans.Draft, measures: [DemoPlans.Measure], below: String?)] = []
        for special in texts.specials {
            let industry =
                district.profile.keyIndustries.contains { $0.code == special.industry } ? special.industry : nil
            papers.append(
                (
                    Plans.Draft(level: .special, title: special.title, industryCode: industry, isDemo: true),
                    special.measures, special.action
                ))
        }
        for action in texts.actions {
            papers.append((Plans.Draft(level: .action, title: action.title, isDemo: true), action.measures, nil))
        }
        let wanted = papers
        let name = district.profile.name.zh
        let measures = try await district.database.write { tx in
            let outline = try plans.add(
                .init(
                    level: .outline, title: name + texts.outline.title, document: texts.outline.document, isDemo: true),
                in: tx)
            var measures: [(ID<PlanNode>, DemoPlans.Measure)] = []
            for (index, paper) in wanted.enumerated() {
                var draft = paper.draft
                draft.parentID = outline.id
                draft.code = Self.chinese(index + 1) + "、"
                var node = try plans.add(draft, in: tx)
                if let action = paper.below {
                    node = try plans.add(.init(level: .action, parentID: node.id, title: action, isDemo: true), in: tx)
                }
                for (number, measure) in paper.measures.enumerated() {
                    let added = try plans.add(
                        .init(
                            level: .measure, parentID: node.id, code: "（\(Self.chinese(number + 1))）",
                            title: measure.title, isDemo: true), in: tx)
                    measures.append((added.id, measure))
                }
            }
            return measures
        }
        var drafts: [(DemoPlans.PlanTask, Tasks.Draft)] = []
        for (node, measure) in measures {
            for task in measure.tasks {
                drafts.append((task, draft(task, node, drafts.count + 1, begin: begin, today: today, &random)))
            }
        }
        return drafts
    }

    private static func chinese(_ number: Int) -> String {
        ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"][(number - 1) % 10]
    }

    private func draft(
        _ task: DemoPlans.PlanTask, _ node: ID<PlanNode>, _ number: Int, begin: Day, today: Day,
        _ random: inout DemoRandom
    ) -> Tasks.Draft {
        let start = begin.adding(days: random.between(5...45))
        let due: Day =
            switch task.fate ?? .steady {
            case .closed: today.adding(days: -random.between(40...90))
            case .delivered: today.adding(days: random.between(5...20))
            case .redLate: today.adding(days: -26)
            case .overdueSlight: today.adding(days: -6)
            case .redNotStarted: today.adding(days: random.between(120...200))
            default: today.adding(days: random.between(25...300))
            }
        let span = due.number - start.number
        let marks = [("方案编制和立项", 20, 25), ("建设实施", 50, 80), ("验收和运行", 30, 100)]
        let lead = unit(task.lead)
        var supporting: [String] = []
        for name in task.support {
            let code = unit(name)
            if code != lead, !supporting.contains(code) { supporting.append(code) }
        }
        return Tasks.Draft(
            title: task.title, nodeID: node, code: String(number), target: task.target,
            weight: [10, 10, 15, 20, 30][random.below(5)], source: random.isOneIn(percent: 75) ? .plan : .meeting,
            sourceText: "演示", lead: lead, supporting: supporting, start: start, due: due,
            milestones: marks.map {
                Milestone(title: $0.0, weight: $0.1, due: start.adding(days: max(1, span * $0.2 / 100)))
            }, isDemo: true)
    }

    /// One small file that every report cites, so that the rule of evidence holds in the demo too.
    private func evidenceFile() throws -> StoredFile {
        let blobs = BlobFolder(district.attachmentsFolder)
        try blobs.makeIncoming()
        let path = blobs.incoming.appendingPathComponent("\(UUID().uuidString).txt")
        try Data("演示佐证材料：由程序生成，不是真实工作成果。\n".utf8).write(to: path)
        return try blobs.receive(path, name: "演示佐证材料.txt")
    }

    private func open(
        _ drafts: [(DemoPlans.PlanTask, Tasks.Draft)], _ tasks: Tasks, stored: StoredFile
    ) async throws -> [Story] {
        let office = office
        return try await district.database.write { tx in
            let ids = try tasks.open(drafts.map(\.1), actor: office.actor, in: tx)
            return try zip(drafts, ids).map { draft, id in
                let now = tasks.cases.surroundings.now()
                let file = try CaseStore.find(id, now: now, in: tx)
                let attachment = try tasks.cases.attach(stored, to: file, actor: office.actor, in: tx)
                try tasks.move(id, .init(event: .issue, version: file.version), by: office, in: tx)
                return Story(
                    id: id, task: draft.0, unit: draft.1.lead ?? "",
                    plan: try TaskStore.plan(of: try TaskStore.find(id, in: tx), in: tx),
                    evidence: Evidence(kind: .attachment, reference: "\(attachment)", title: stored.name))
            }
        }
    }

    private func relate(_ stories: [Story], _ tasks: Tasks) async throws {
        let byTitle = Dictionary(stories.map { ($0.task.title, $0.id) }, uniquingKeysWith: { first, _ in first })
        let office = office
        try await district.database.write { tx in
            for story in stories {
                guard let blocker = story.task.blockedBy.flatMap({ byTitle[$0] }) else { continue }
                let file = try CaseStore.find(blocker, now: tasks.cases.surroundings.now(), in: tx)
                try tasks.block(story.id, byNumber: file.number, account: office, in: tx)
            }
        }
    }

    // MARK: - The year

    private func tell(
        _ stories: [Story], _ texts: DemoPlans, _ rounds: Rounds, _ meetings: WriteDemoMeetings, clock: DemoClock,
        begin: Day, today: Day, _ random: inout DemoRandom
    ) async throws -> [Story] {
        let profile = district.profile
        var stories = stories
        // The last is this month's, which is still being filled in.
        for month in 1...Self.months + 1 {
            let span = ReportRound.Period.month.span(around: begin.adding(months: month))
            let opened = min(span.upperBound.adding(days: -3), today.adding(days: -2))
            guard opened < today, span.lowerBound <= today else { break }
            clock.set(Self.at(opened, 9, profile))
            let office = office
            let round = try await district.database.write {
                try rounds.open(
                    .month, around: span.lowerBound, due: span.upperBound.adding(days: 5), by: office.personID, in: $0)
            }
            let isLast = round.due >= today
            for story in stories {
                let filled = opened.adding(days: random.between(1...7))
                guard filled < today, !(isLast && random.isOneIn(percent: 45)) else { continue }
                let day = min(filled, round.last)
                let entry = entry(story, texts, on: day, &random)
                // One in twelve hands in late; the last round still waits for its check.
                let handed = random.isOneIn(percent: 8) ? round.due.adding(days: 2) : filled
                guard handed < today, let entry else { continue }
                clock.set(Self.at(handed, 10, profile))
                let isChecked = !isLast || random.isOneIn(percent: 40)
                try await report(story, entry, round, rounds, isChecked: isChecked)
            }
            guard !isLast else { continue }
            try await district.database.write { try rounds.close(round.id, in: $0) }
            for meeting in texts.meetings where meeting.after == month {
                let day = min(round.due.adding(days: 3), today.adding(days: -1))
                clock.set(Self.at(day, 14, profile))
                stories += try await meetings.hold(meeting, on: day)
            }
        }
        return stories
    }

    private func report(
        _ story: Story, _ entry: Rounds.Entry, _ round: ReportRound, _ rounds: Rounds, isChecked: Bool
    ) async throws {
        let (head, office) = (head(story.unit), office)
        try await district.database.write { tx in
            guard
                let report = try RoundStore.reports(ofTask: story.id, in: tx).first(where: { $0.roundID == round.id })
            else { return }
            try rounds.fill(report.id, version: report.version, entry, by: head, in: tx)
            try rounds.confirm(report.id, version: report.version + 1, by: head, in: tx)
            if isChecked { try rounds.check(report.id, version: report.version + 2, by: office, in: tx) }
        }
    }

    /// What the unit would say on a day; nil where it has nothing to say because nothing was begun.
    private func entry(
        _ story: Story, _ texts: DemoPlans, on day: Day, _ random: inout DemoRandom
    ) -> Rounds.Entry? {
        let planned = story.plan.plannedPPM(on: day)
        let wanted: Int
        switch story.fate {
        case .redNotStarted: return nil
        case .closed, .delivered: wanted = min(1_000_000, planned * 115 / 100 + 90_000)
        case .redLate: wanted = planned * 66 / 100
        case .redBehind: wanted = planned * 42 / 100
        case .yellow: wanted = max(0, planned - 160_000)
        case .overdueSlight: wanted = planned * 94 / 100
        case .suspended: wanted = min(300_000, planned)
        case .steady, .changeAsked: wanted = min(990_000, max(0, planned - 40_000 + random.below(60_000)))
        }
        // Milestones are done one after the other.
        var left = wanted
        let permilles = story.plan.milestones.map { milestone in
            let share = min(left, milestone.weight * 10_000)
            left -= share
            return share / (milestone.weight * 10)
        }
        let isBehind = planned - wanted > 100_000
        return Rounds.Entry(
            text: random.pick(texts.notes) ?? "按计划推进。",
            difficulties: isBehind ? random.pick(texts.difficulties) ?? "" : "无。",
            nextSteps: "", permilles: permilles, evidence: [story.evidence])
    }

    // MARK: - The end

    private func finish(
        _ stories: [Story], _ texts: DemoPlans, _ tasks: Tasks, clock: DemoClock, today: Day
    ) async throws {
        let (office, leader) = (office, leader)
        let heads = Dictionary(stories.map { ($0.unit, head($0.unit)) }, uniquingKeysWith: { first, _ in first })
        try await district.database.write { tx in
            for (index, story) in stories.enumerated() {
                let now = tasks.cases.surroundings.now()
                func version() throws -> Int { try CaseStore.find(story.id, now: now, in: tx).version }
                let done = try TaskStore.find(story.id, in: tx).progressPPM == 1_000_000
                guard let head = heads[story.unit] else { continue }
                switch story.fate {
                case .closed, .delivered:
                    guard done else { continue }
                    try tasks.move(
                        story.id, .init(event: .deliver, version: try version(), reason: "全部里程碑已完成，申请销号。"), by: head,
                        in: tx)
                    guard story.fate == .closed else { continue }
                    try tasks.move(
                        story.id, .init(event: .closeOut, version: try version(), reason: "现场核验，符合目标。"), by: office,
                        in: tx)
                case .suspended:
                    try tasks.move(
                        story.id, .init(event: .suspend, version: try version(), reason: "因小区加装电梯施工，经会议同意暂缓。"),
                        by: leader,
                        in: tx)
                case .changeAsked:
                    let due = try TaskStore.find(story.id, in: tx).due
                    try tasks.askChange(
                        story.id, .due, to: due.adding(days: 60).description, reason: "合作银行内部审批延长，申请顺延两个月。", by: head,
                        in: tx)
                case .redLate, .redBehind, .redNotStarted:
                    let text = texts.urges[index % texts.urges.count]
                    try tasks.supervise(
                        story.id, .remind, text, answerDue: today.adding(days: 5), by: office, in: tx)
                    guard story.fate != .redNotStarted else { continue }
                    try tasks.supervise(story.id, .urge, text, answerDue: today.adding(days: 7), by: office, in: tx)
                    if story.fate == .redLate {
                        try tasks.supervise(
                            story.id, .list, "列入挂牌督办事项，由分管领导包案。", answerDue: today.adding(days: 3), by: leader, in: tx)
                        if let step = try TaskChangeStore.steps(of: story.id, in: tx).last {
                            try tasks.answer(step.id, texts.answers[index % texts.answers.count], by: head, in: tx)
                        }
                    }
                case .steady, .yellow, .overdueSlight: continue
                }
            }
        }
    }
}
