package import Casework
package import Core
package import Organisation

/// A part of a task with its share of the whole.
package struct Milestone: Sendable, Equatable {
    package let title: String
    /// Percent of the task; the milestones of a task sum to 100.
    package let weight: Int
    package let due: Day
    /// How much of it is done, as last checked.
    package var permille: Int

    package init(title: String, weight: Int, due: Day, permille: Int = 0) {
        self.title = title
        self.weight = weight
        self.due = due
        self.permille = permille
    }
}

/// What a task should have done by when, as a pure function of the day.
///
/// A milestone's share grows evenly from the milestone before it, or the start, to its due day. Shares are parts per
/// million, rounded down: a unit is never behind by a rounding.
package struct TaskPlan: Sendable, Equatable {
    package let start: Day
    /// By due day.
    package let milestones: [Milestone]

    /// - Throws: `MechanismError` for weights that do not sum to 100, days out of order and empty titles.
    package init(start: Day, milestones: [Milestone]) throws(MechanismError) {
        guard !milestones.isEmpty else { throw .milestonesMissing }
        guard milestones.count <= MechanismLimits.milestonesMax else {
            throw .tooManyMilestones(max: MechanismLimits.milestonesMax)
        }
        let sum = milestones.reduce(0) { $0 + $1.weight }
        guard milestones.allSatisfy({ (1...100).contains($0.weight) }), sum == 100 else {
            throw .weightsSum(found: sum)
        }
        for milestone in milestones {
            guard !milestone.title.isEmpty else { throw .milestoneUntitled }
            guard milestone.due >= start else { throw .milestoneBeforeStart(milestone.title, start: start) }
            guard milestone.due.number - start.number <= MechanismLimits.planDaysMax else {
                throw .dayOutOfRange(milestone.due)
            }
            guard (0...1_000).contains(milestone.permille) else { throw .progressOutOfRange }
        }
        self.start = start
        // Sorted by day; what is due on one day stays in the order given.
        self.milestones = milestones.enumerated().sorted { ($0.element.due, $0.offset) < ($1.element.due, $1.offset) }
            .map(\.element)
    }

    /// For milestones that were checked before.
    init(start: Day, sorted milestones: [Milestone]) {
        self.start = start
        self.milestones = milestones
    }

    package var due: Day { milestones[milestones.count - 1].due }

    /// Exact: a percent weight times a permille, as parts per million.
    package var progressPPM: Int { milestones.reduce(0) { $0 + $1.weight * $1.permille * 10 } }

    /// What should be done when `day` begins.
    package func plannedPPM(on day: Day) -> Int {
        var planned = 0
        var before = start.adding(days: -1)
        for milestone in milestones {
            let days = milestone.due.number - before.number
            let passed = min(max(0, day.number - before.number - 1), days)
            if days == 0 {
                planned += day > milestone.due ? milestone.weight * 10_000 : 0
            } else {
                planned += milestone.weight * 10_000 * passed / days
            }
            before = milestone.due
        }
        return planned
    }

    /// Parts per million behind plan; negative when ahead.
    package func behindPPM(on day: Day) -> Int { plannedPPM(on: day) - progressPPM }

    /// The first day that begins further behind than this; nil when no day does.
    package func firstDay(behindPPM limit: Int) -> Day? {
        var (low, high) = (start.number, due.number + 1)
        guard behindPPM(on: Day(number: high)) >= limit else { return nil }
        while low < high {
            let middle = (low + high) / 2
            if behindPPM(on: Day(number: middle)) >= limit { high = middle } else { low = middle + 1 }
        }
        return Day(number: low)
    }
}

/// Why a task's light is what it is, and when it will change if nothing happens.
package struct TaskLights: Sendable, Equatable {
    package let plan: TaskPlan
    package let rule: MechanismRules.Lights
    package let startedOn: Day?
    /// No clock runs while a task waits to be handed down, is suspended, or is done.
    package let isRunning: Bool
    package let dueSoonOn: Day?
    package let yellowOn: Day?
    package let redOn: Day?
    /// Red because nothing was begun, rather than because of what is missing.
    package let isRedForLateStart: Bool

    /// - Parameter last: the last day in time, which is not the plan's where that is a holiday.
    package init(plan: TaskPlan, state: TaskState, startedOn: Day?, last: Day, rule: MechanismRules.Lights) {
        self.plan = plan
        self.rule = rule
        self.startedOn = startedOn
        isRunning = (state == .issued || state == .underway) && plan.progressPPM < 1_000_000
        guard isRunning else {
            (dueSoonOn, yellowOn, redOn, isRedForLateStart) = (nil, nil, nil, false)
            return
        }
        dueSoonOn = last.adding(days: -rule.dueSoonDays)
        yellowOn = plan.firstDay(behindPPM: rule.behindYellowPoints * 10_000)
        let behind = plan.firstDay(behindPPM: rule.behindRedPoints * 10_000 + 1)
        let late = startedOn == nil ? plan.start.adding(months: rule.lateStartMonths) : nil
        redOn = [behind, late].compactMap { $0 }.min()
        isRedForLateStart = late != nil && late == redOn && behind != late
    }

    package func pace(in zone: TimeZoneOffset) -> Pace {
        Pace(
            noticeAt: dueSoonOn?.start(in: zone), warnAt: yellowOn?.start(in: zone), redAt: redOn?.start(in: zone))
    }

    /// The derivation in one sentence.
    package func sentence(on day: Day, _ language: Language) -> String {
        let (planned, actual) = (plan.plannedPPM(on: day), plan.progressPPM)
        let behind = planned - actual
        switch language {
        case .chinese:
            var text = "按计划应完成 \(Points.text(planned))，已核实完成 \(Points.text(actual))，"
            text += behind > 0 ? "落后 \(Points.plain(behind)) 个百分点" : "不落后"
            text += "（规则：落后 \(rule.behindYellowPoints) 个百分点起黄灯，超过 \(rule.behindRedPoints) 个红灯，"
            text += "晚启动 \(rule.lateStartMonths) 个月红灯，逾期红灯，到期前 \(rule.dueSoonDays) 天蓝灯）"
            text += changes(after: day).map { "；如无新进展，\($0.day) 转\($0.zh)" }.joined()
            if isRedForLateStart { text += "（因未启动）" }
            return text + "。" + (isRunning ? "" : "当前状态不亮灯。")
        case .english:
            var text = "Planned by now \(Points.text(planned)), checked \(Points.text(actual)): "
            text += behind > 0 ? "\(Points.plain(behind)) points behind" : "not behind"
            text += " (rule: yellow from \(rule.behindYellowPoints) points behind, red beyond \(rule.behindRedPoints), "
            text += "red when started \(rule.lateStartMonths) months late or overdue, "
            text += "blue \(rule.dueSoonDays) days before it is due)"
            text += changes(after: day).map { "; without progress \($0.en) on \($0.day)" }.joined()
            if isRedForLateStart { text += " for not being started" }
            return text + "." + (isRunning ? "" : " No light is computed from progress in this state.")
        }
    }

    private func changes(after day: Day) -> [(day: Day, zh: String, en: String)] {
        let all: [(Day?, String, String)] = [
            (dueSoonOn, "蓝灯", "blue"), (yellowOn, "黄灯", "yellow"), (redOn, "红灯", "red"),
        ]
        return all.compactMap { on, zh, en in on.flatMap { $0 > day ? ($0, zh, en) : nil } }.sorted { $0.day < $1.day }
    }
}

/// Parts per million as per cent with one decimal, rounded half up.
package enum Points {
    package static func plain(_ ppm: Int) -> String {
        let tenths = (abs(ppm) + 500) / 1_000
        return "\(ppm < 0 && tenths > 0 ? "-" : "")\(tenths / 10).\(tenths % 10)"
    }
    package static func text(_ ppm: Int) -> String { plain(ppm) + "%" }
}

extension Day {
    /// The same day of a later month, or that month's last.
    package func adding(months: Int) -> Day {
        let parts = self.parts
        let index = parts.year * 12 + parts.month - 1 + months
        let (year, month) = (index.flooringDivision(by: 12), index - index.flooringDivision(by: 12) * 12 + 1)
        return Day(year: year, month: month, day: min(parts.day, Day.length(ofMonth: month, year: year))) ?? self
    }
}
