internal import Core
internal import Indicators
internal import Organisation
internal import Store

/// What bulletins and letters may cite of the appeals, by the formulas of the hotline's own evaluation.
struct AppealFactSource: FactSource {
    let profile: Profile
    /// What is overdue in a period that is not over is judged by now.
    let now: @Sendable () -> Instant

    var domain: String { "appeals" }
    var title: Bilingual { Bilingual(zh: "诉求", en: "Appeals") }
    var definitions: [FactDefinition] { AppealFigure.allCases.map(\.definition) }

    func values(
        of name: String, _ period: Period, scopes: [FigureScope], in tx: any Transaction
    ) throws -> [FigureScope: FactValue] {
        try values(of: [name], period, scopes: scopes, in: tx)[name] ?? [:]
    }

    func values(
        of names: [String], _ period: Period, scopes: [FigureScope], in tx: any Transaction
    ) throws -> [String: [FigureScope: FactValue]] {
        let figures = try names.map { name in
            guard let figure = AppealFigure(rawValue: name) else { throw FactError.unknown(name) }
            return figure
        }
        return try AppealFactStore.values(figures, window(period), scopes: scopes, in: tx)
    }

    func rows(
        of name: String, _ period: Period, _ scope: FigureScope, limit: Int, offset: Int, in tx: any Transaction
    ) throws -> FactRows {
        guard let figure = AppealFigure(rawValue: name) else { throw FactError.unknown(name) }
        let (found, total) = try AppealFactStore.rows(
            figure, window(period), scope, limit: limit, offset: offset, in: tx)
        return FactRows(
            columns: [
                .init(Bilingual(zh: "编号", en: "Number")), .init(Bilingual(zh: "诉求", en: "Appeal")),
                .init(Bilingual(zh: "主办单位", en: "Lead unit")), .init(Bilingual(zh: "受理", en: "Received")),
                .init(Bilingual(zh: "期限", en: "Due")), .init(Bilingual(zh: "办结", en: "Closed")),
            ] + (figure.isShare ? [.init(Bilingual(zh: "计入分子", en: "Counts for the share"))] : []),
            rows: found.map { row in
                var values: [FactRows.Value] = [
                    .text(row.number), .text(Masking.text(row.title)),
                    row.unitCode.map { .words(profile.name(of: .unit($0))) } ?? .none, .time(row.openedAt),
                    row.dueAt.map { .time($0) } ?? .none, row.closedAt.map { .time($0) } ?? .none,
                ]
                if figure.isShare {
                    values.append(.words(row.isCounted ? Bilingual(zh: "是", en: "yes") : Bilingual(zh: "否", en: "no")))
                }
                return .init(href: "/desk/appeals/\(row.id)", values)
            },
            total: total)
    }

    func window(_ period: Period) -> AppealFactStore.Window {
        let end = period.end(in: profile.zone)
        return .init(from: period.start(in: profile.zone), before: end, moment: min(end, now()))
    }
}

/// The figures of the appeals, by their stable names.
enum AppealFigure: String, CaseIterable, Sendable {
    case received = "appeals.received"
    case closed = "appeals.closed"
    case overdue = "appeals.overdue"
    case onTimeRate = "appeals.on_time_rate"
    case firstContactRate = "appeals.first_contact_rate"
    case actualResolutionRate = "appeals.actual_resolution_rate"
    case satisfactionRate = "appeals.satisfaction_rate"

    var isShare: Bool { ![.received, .closed, .overdue].contains(self) }

    /// What a record that counts fully weighs: satisfaction is weighed in tenths.
    var fullWeight: Int { self == .satisfactionRate ? 10 : 1 }

    var definition: FactDefinition {
        switch self {
        case .received:
            define(
                title: Bilingual(zh: "受理诉求", en: "Appeals received"),
                basis: Bilingual(
                    zh: "按受理（发现）时间统计，含仅存档的历史诉求", en: "by the time of receipt, those only kept on record included"),
                query: Bilingual(zh: "受理时间在周期内的全部诉求", en: "all appeals whose time of receipt lies in the period"))
        case .closed:
            define(
                title: Bilingual(zh: "办结诉求", en: "Appeals closed"),
                basis: Bilingual(zh: "按办结时间统计", en: "by the time of closing"),
                query: Bilingual(zh: "办结时间在周期内的诉求", en: "appeals whose time of closing lies in the period"))
        case .overdue:
            define(
                title: Bilingual(zh: "超期诉求", en: "Appeals overdue"),
                basis: Bilingual(
                    zh: "期限在期末以前、到期末仍未办结的；期末未到的按现在统计",
                    en: "due before the end of the period and not closed by then; of a running period, by now"),
                query: Bilingual(
                    zh: "期限早于期末、期末前没有办结时间的诉求", en: "due before the end, without a time of closing before it"))
        case .firstContactRate, .actualResolutionRate, .satisfactionRate: ratingDefinition
        case .onTimeRate:
            define(
                title: Bilingual(zh: "按时办结率", en: "Closed on time"),
                basis: Bilingual(
                    zh: "按办结时间统计；没有期限的不计；超期未办结的不在分母内，另见超期诉求",
                    en:
                        "by the time of closing; without a deadline not counted, overdue and still open not either"
                ),
                query: Bilingual(
                    zh: "期限内办结的 ÷ 周期内办结且有期限的", en: "closed by the deadline ÷ closed in the period with a deadline"))
        }
    }

    private var ratingDefinition: FactDefinition {
        let basis = Bilingual(zh: "按办结时间统计；未评价的不计", en: "by the time of closing; without an answer not counted")
        switch self {
        case .firstContactRate:
            return define(
                title: Bilingual(zh: "先行联系率", en: "Contacted first"), basis: basis,
                query: Bilingual(zh: "先行联系为是的 ÷（是＋否）", en: "contacted first ÷ (yes + no)"))
        case .actualResolutionRate:
            return define(
                title: Bilingual(zh: "实际解决率", en: "Actually resolved"), basis: basis,
                query: Bilingual(zh: "实际解决 ÷（实际解决＋解释说明）", en: "resolved ÷ (resolved + explained)"))
        default:
            return define(
                title: Bilingual(zh: "市民满意率", en: "Satisfaction"), basis: basis,
                query: Bilingual(
                    zh: "加权满意数 ÷ 已评价数；满意 1、基本满意 0.8、一般 0.6、不满意 0；计算式以十分之一为单位",
                    en: "weighed answers ÷ answers: satisfied 1, basically 0.8, neither 0.6, dissatisfied 0; in tenths")
            )
        }
    }

    private func define(title: Bilingual, basis: Bilingual, query: Bilingual) -> FactDefinition {
        FactDefinition(
            rawValue, title: title, unit: isShare ? Bilingual(zh: "%", en: "%") : Bilingual(zh: "件", en: "appeals"),
            basis: basis,
            query: Bilingual(
                zh: query.zh + "；按单位统计时不含剔除的诉求", en: query.en + "; by unit, without appeals that were left out"),
            places: isShare ? 1 : 0, scopes: [.district, .unit, .township])
    }
}
