internal import Casework
package import Core
internal import Mechanism
internal import Organisation
internal import Store

/// One thing the demo has to show, and where.
package struct DemoStop: Sendable, Equatable {
    package let path: String
    package let text: Bilingual
}

/// Points at what was planted in the demo's year of plans. What is not there is left out.
struct DemoTour: Sendable {
    let profile: Profile

    func stops(now: Instant, in tx: any Transaction) throws -> [DemoStop] {
        guard try !PlanStore.roots(in: tx).isEmpty else { return [] }
        let texts = try DemoPlans.load()
        var stops: [DemoStop] = []
        func add(_ path: String?, _ zh: String, _ en: String) {
            if let path { stops.append(DemoStop(path: path, text: Bilingual(zh: zh, en: en))) }
        }
        func task(_ fate: DemoPlans.Fate, _ anchor: String) throws -> String? {
            try find(fate, texts, now: now, in: tx).map { "/desk/tasks/\($0)#\(anchor)" }
        }
        add("/cockpit", "领导驾驶舱：红灯任务、突出问题、411", "The leaders' screen: red tasks, problems, 411")
        add(
            try task(.redLate, "blocks"), "逾期红灯、挂牌督办，影响两项后续任务",
            "Overdue, red and listed; it holds up two other tasks")
        add(try task(.redNotStarted, "plan"), "晚启动三个月以上的红灯", "Red for being started three months late")
        add(try task(.redBehind, "reports"), "进度落后超过 30 个百分点的红灯", "Red for being more than 30 points behind")
        add(try task(.changeAsked, "changes"), "申请延期，等领导审批", "Another date is asked for; a leader decides")
        add(
            try RoundStore.openRounds(in: tx).first.map { "/desk/rounds/\($0.id)" }, "本月报送：填报、确认、核实，迟报一目了然",
            "This month's reports: filled in, confirmed, checked, and who is late")
        let meetings = try MeetingStore.list(in: tx)
        add(
            meetings.first { !$0.isHeld }.map { "/desk/meetings/\($0.id)" }, "下次会议：议程由红灯、待审批和上次议定事项自动生成",
            "The next meeting: its agenda comes from reds, open changes and earlier decisions")
        add(
            meetings.last { $0.isHeld }.map { "/desk/meetings/\($0.id)" }, "开过的会：议定事项当场成为任务，落实情况随时可查",
            "A meeting that was held: its decisions are tasks, and what became of them")
        let bulletins = try BulletinStore.list(in: tx)
        add(
            bulletins.first { $0.isIssued }.map { "/desk/bulletins/\($0.id)" }, "已印发的通报：每个数字固定不变，点开可查",
            "An issued bulletin: each figure is frozen and opens to what is behind it")
        add(
            bulletins.first { !$0.isIssued }.map { "/desk/bulletins/\($0.id)/edit" }, "通报草稿：改好文字再印发",
            "A draft: its text is edited before it is issued")
        add("/desk/unit-figures/appeals", "单位对比：同类相比，剔除的不计入", "Units beside their peers, without what was left out")
        add("/desk/exclusions", "剔除记录：每件都有理由和决定人", "What was left out, each with its reason")
        add("/desk/indicators/411", "“411”：两项检验、所需增速、情景测算", "The 411 goal: both tests, growth needed, what-if")
        return stops
    }

    private func find(
        _ fate: DemoPlans.Fate, _ texts: DemoPlans, now: Instant, in tx: any Transaction
    ) throws -> ID<CaseFile>? {
        let measures = texts.specials.flatMap(\.measures) + texts.actions.flatMap(\.measures)
        guard let title = measures.flatMap(\.tasks).first(where: { $0.fate == fate })?.title else { return nil }
        var filter = TaskFilter()
        filter.cases.search = title
        return try TaskListStore.list(filter, limit: 1, on: Day(now, in: profile.zone), now: now, in: tx).first?.file.id
    }
}
