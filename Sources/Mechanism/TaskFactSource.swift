package import Casework
package import Core
package import Indicators
internal import Organisation
package import Store

/// What bulletins and letters may cite of the tasks.
package struct TaskFactSource: FactSource {
    let profile: Profile
    let surroundings: Surroundings

    let sums: TaskSums

    package init(cases: Cases, sums: TaskSums) {
        self.sums = sums
        profile = cases.profile
        surroundings = cases.surroundings
    }

    static let name = "tasks"
    package var domain: String { Self.name }
    package var title: Bilingual { Bilingual(zh: "任务", en: "Tasks") }
    package var definitions: [FactDefinition] { TaskFigure.allCases.map(\.definition) }

    /// Lights are a function of time: at the end of a period that has passed, now for one that has not.
    private func moment(_ period: Period) -> Instant {
        min(period.end(in: profile.zone).adding(milliseconds: -1), surroundings.now())
    }

    package func values(
        of name: String, _ period: Period, scopes: [FigureScope], in tx: any Transaction
    ) throws -> [FigureScope: FactValue] {
        guard let figure = TaskFigure(rawValue: name) else { throw FactError.unknown(name) }
        var values: [FigureScope: FactValue] = [:]
        // The district's figures hold every task; where units are compared, those left out do not count.
        for isCompared in Set(scopes.map { $0.kind == .unit }) {
            let wanted = scopes.filter { ($0.kind == .unit) == isCompared }
            values.merge(try self.values(of: figure, period, wanted, isCompared: isCompared, in: tx)) { $1 }
        }
        return values
    }

    private func values(
        of figure: TaskFigure, _ period: Period, _ scopes: [FigureScope], isCompared: Bool, in tx: any Transaction
    ) throws -> [FigureScope: FactValue] {
        let moment = moment(period)
        let units = try sums.value("units \(isCompared) \(period)", now: surroundings.now(), in: tx) {
            try TaskListStore.figuresByUnit(isCompared: isCompared, now: moment, in: tx)
        }
        let closed = try figure == .closed ? closedByUnit(period, isCompared: isCompared, in: tx) : [:]
        var values: [FigureScope: FactValue] = [:]
        for scope in scopes {
            let own = scope.kind == .district ? units : units.filter { $0.unit == scope.code }
            func sum(_ part: (TaskListStore.UnitFigures) -> Int) -> FactValue {
                .count(own.reduce(0) { $0 + part($1) })
            }
            values[scope] =
                switch figure {
                case .open: sum(\.open)
                case .red: sum { $0.lights[.red] ?? 0 }
                case .yellow: sum { $0.lights[.yellow] ?? 0 }
                case .overdue: sum(\.overdue)
                case .closed:
                    .count(scope.kind == .district ? closed.values.reduce(0, +) : closed[scope.code] ?? 0)
                case .progress:
                    own.reduce(0) { $0 + $1.weight } == 0
                        ? .blank
                        : .share(
                            part: own.reduce(0) { $0 + $1.done }, whole: own.reduce(0) { $0 + $1.weight } * 1_000_000)
                }
        }
        return values
    }

    private func closedByUnit(
        _ period: Period, isCompared: Bool, in tx: any Transaction
    ) throws -> [String: Int] {
        try sums.value("closed \(isCompared) \(period)", now: surroundings.now(), in: tx) {
            try TaskListStore.closedByUnit(
                from: period.start(in: profile.zone), before: period.end(in: profile.zone), isCompared: isCompared,
                in: tx)
        }
    }

    package func rows(
        of name: String, _ period: Period, _ scope: FigureScope, limit: Int, offset: Int, in tx: any Transaction
    ) throws -> FactRows {
        guard let figure = TaskFigure(rawValue: name) else { throw FactError.unknown(name) }
        let now = moment(period)
        var filter = TaskFilter()
        filter.sort = .number
        filter.isDescending = false
        if scope.kind == .unit {
            filter.cases.leadUnitCodes = [scope.code]
            filter.isCompared = true
        }
        let handedDown = TaskState.allCases.filter { $0 != .planned && $0 != .cancelled }
        filter.cases.states = handedDown.map(\.rawValue)
        switch figure {
        case .open: filter.cases.isOpen = true
        case .red, .yellow:
            filter.cases.isOpen = true
            filter.cases.lights = [figure == .red ? .red : .yellow]
        case .overdue:
            filter.cases.isOpen = true
            filter.dueBefore = now
        case .closed:
            filter.cases.states = [TaskState.closed.rawValue]
            filter.closedFrom = period.start(in: profile.zone)
            filter.closedBefore = period.end(in: profile.zone)
        case .progress: break
        }
        let (entries, total) = try TaskListStore.page(
            filter, limit: limit, offset: offset, on: Day(now, in: profile.zone), now: now, in: tx)
        return FactRows(
            columns: [
                .init(Bilingual(zh: "编号", en: "Number")), .init(Bilingual(zh: "任务", en: "Task")),
                .init(Bilingual(zh: "牵头单位", en: "Lead unit")),
                .init(Bilingual(zh: "权重", en: "Weight"), isNumeric: true),
                .init(Bilingual(zh: "进度", en: "Progress")), .init(Bilingual(zh: "时限", en: "Due")),
            ],
            rows: entries.map { entry in
                .init(
                    href: "/desk/tasks/\(entry.file.id)",
                    [
                        .text(entry.file.number), .text(entry.file.title),
                        entry.file.leadUnitCode.map { .words(profile.name(of: .unit($0))) } ?? .none,
                        .number(ExactDecimal(Int64(entry.task.weight))), .text(Points.text(entry.task.progressPPM)),
                        .text(entry.task.due.description),
                    ])
            }, total: total)
    }
}

/// The figures of the tasks, by their stable names.
package enum TaskFigure: String, Sendable, CaseIterable {
    case open = "tasks.open"
    case closed = "tasks.closed"
    case progress = "tasks.progress"
    case red = "tasks.red"
    case yellow = "tasks.yellow"
    case overdue = "tasks.overdue"

    package var definition: FactDefinition {
        switch self {
        case .open:
            define(
                Bilingual(zh: "在办任务", en: "Open tasks"),
                Bilingual(zh: "已下达、未销号，按牵头单位统计", en: "handed down and not closed out, by lead unit"))
        case .closed:
            define(
                Bilingual(zh: "本期销号任务", en: "Tasks closed out"),
                Bilingual(zh: "按销号时间统计", en: "by the time of closing out"))
        case .progress:
            define(
                Bilingual(zh: "任务总进度", en: "Progress of the tasks"),
                Bilingual(
                    zh: "已核实进度按任务权重汇总，不含待下达和已取消的任务",
                    en: "checked progress by the weights of the tasks, without planned and cancelled ones"))
        case .red:
            define(
                Bilingual(zh: "红灯任务", en: "Red tasks"),
                Bilingual(
                    zh: "期末亮红灯的在办任务，规则见区档案",
                    en: "open tasks that are red at the end of the period, by the profile's rule"))
        case .yellow:
            define(
                Bilingual(zh: "黄灯任务", en: "Yellow tasks"),
                Bilingual(zh: "期末亮黄灯的在办任务，规则见区档案", en: "open tasks that are yellow at the end of the period"))
        case .overdue:
            define(
                Bilingual(zh: "逾期任务", en: "Overdue tasks"),
                Bilingual(zh: "期末已过完成时限的在办任务", en: "open tasks past their due date at the end of the period"))
        }
    }

    private func define(_ title: Bilingual, _ basis: Bilingual) -> FactDefinition {
        FactDefinition(
            rawValue, title: title,
            unit: self == .progress ? Bilingual(zh: "%", en: "%") : Bilingual(zh: "项", en: "tasks"), basis: basis,
            query: Bilingual(
                zh: "\(basis.zh)；按单位统计时不含剔除的任务", en: "\(basis.en); by unit, without tasks that were left out"),
            places: self == .progress ? 1 : 0, scopes: [.district, .unit])
    }
}
