internal import Appeals
internal import Casework
internal import Core
internal import Indicators
internal import Store

/// The SQL behind the appeals' facts. A figure and its rows share one condition.
enum AppealFactStore {
    struct Window: Sendable {
        let from: Instant
        let before: Instant
        /// The end of the period, or now where it is not over.
        let moment: Instant
    }

    struct Found: Sendable {
        let id: ID<CaseFile>
        let number: String
        let title: String
        let unitCode: String?
        let openedAt: Instant
        let dueAt: Instant?
        let closedAt: Instant?
        let isCounted: Bool
    }

    /// Figures by their names, all of them with one statement for each kind of scope.
    static func values(
        _ figures: [AppealFigure], _ window: Window, scopes: [FigureScope], in tx: any Transaction
    ) throws -> [String: [FigureScope: FactValue]] {
        var values: [String: [FigureScope: FactValue]] = [:]
        for kind in Set(scopes.map(\.kind)) {
            let wanted = scopes.filter { $0.kind == kind }
            // No row at all is a count of zero, and a share of nothing.
            for (figure, scope) in figures.flatMap({ figure in wanted.map { (figure, $0) } }) {
                values[figure.rawValue, default: [:]][scope] = figure.isShare ? .blank : .count(0)
            }
            let parts = figures.map { sums($0, window, kind, codes: wanted.map(\.code)) }
            guard let statement = SQL.joined(parts, by: " UNION ALL ") else { continue }
            for row in try tx.all(statement) {
                guard let figure = AppealFigure(rawValue: try row.get("figure")) else { continue }
                values[figure.rawValue, default: [:]][FigureScope(kind, try row.get("code"))] =
                    figure.isShare
                    ? .share(of: try row.get("part"), in: try row.get("whole") * figure.fullWeight)
                    : .count(try row.get("whole"))
            }
        }
        return values
    }

    private static func sums(
        _ figure: AppealFigure, _ window: Window, _ kind: FigureScope.Kind, codes: [String]
    ) -> SQL {
        let code: SQL =
            switch kind {
            case .unit: "f.lead_unit_code"
            case .township: "f.township_code"
            case .district, .industry: "''"
            }
        let limit: SQL = kind == .district ? "" : "AND \(code) IN (\(list: codes)) \(counted(kind))"
        return """
            SELECT \(figure.rawValue) AS figure, code, COUNT(*) AS whole,
                CAST(COALESCE(SUM(counted), 0) AS BIGINT) AS part
            FROM (SELECT COALESCE(\(code), '') AS code, \(weight(figure)) AS counted
                FROM \(source(figure)) WHERE \(condition(figure, window)) \(limit)) AS found
            GROUP BY code
            """
    }

    static func rows(
        _ figure: AppealFigure, _ window: Window, _ scope: FigureScope, limit: Int, offset: Int, in tx: any Transaction
    ) throws -> (rows: [Found], total: Int) {
        let within: SQL =
            switch scope.kind {
            case .unit: "AND f.lead_unit_code = \(scope.code) \(counted(.unit))"
            case .township: "AND f.township_code = \(scope.code)"
            case .district, .industry: ""
            }
        let body: SQL = "FROM \(source(figure)) WHERE \(condition(figure, window)) \(within)"
        let total: Int = try tx.first("SELECT COUNT(*) AS total \(body)")?.get("total") ?? 0
        let time: SQL =
            switch figure {
            case .received: "f.opened_at_ms DESC"
            case .overdue: "f.due_at_ms"
            default: "f.closed_at_ms DESC"
            }
        let rows = try tx.all(
            """
            SELECT f.id, f.number, f.title, f.lead_unit_code, f.opened_at_ms, f.due_at_ms, f.closed_at_ms,
                CASE WHEN \(weight(figure)) > 0 THEN 1 ELSE 0 END AS counted
            \(body) ORDER BY \(time), f.id DESC
            LIMIT \(limit) OFFSET \(offset)
            """)
        return (
            try rows.map { row in
                Found(
                    id: try row.get("id"), number: try row.get("number"), title: try row.get("title"),
                    unitCode: try row.getOptional("lead_unit_code"), openedAt: try row.get("opened_at_ms"),
                    dueAt: try row.getOptional("due_at_ms"), closedAt: try row.getOptional("closed_at_ms"),
                    isCounted: try row.get("counted"))
            }, total
        )
    }

    /// Where units are compared, what was left out does not count.
    private static func counted(_ kind: FigureScope.Kind) -> SQL {
        kind == .unit ? "AND \(CaseExclusionStore.isCounted("f.id"))" : ""
    }

    private static func source(_ figure: AppealFigure) -> SQL {
        switch figure {
        case .received, .closed, .overdue, .onTimeRate: "case_file f"
        case .firstContactRate, .actualResolutionRate, .satisfactionRate:
            "case_file f JOIN appeal_rating r ON r.appeal_id = f.id"
        }
    }

    private static func condition(_ figure: AppealFigure, _ window: Window) -> SQL {
        let (from, before) = (window.from, window.before)
        let ofKind = CaseStore.isOfKind(AppealKind.name, "f.kind")
        let closed: SQL = """
            \(ofKind) AND f.is_open = 0 AND f.closed_at_ms >= \(from) AND f.closed_at_ms < \(before)
            """
        return switch figure {
        case .received: "\(ofKind) AND f.opened_at_ms >= \(from) AND f.opened_at_ms < \(before)"
        case .closed: closed
        case .overdue:
            """
            \(ofKind) AND (f.is_open = 1 AND f.due_at_ms < \(window.moment)
                OR f.closed_at_ms >= \(window.moment) AND f.due_at_ms < \(window.moment))
            """
        case .onTimeRate: "\(closed) AND f.due_at_ms IS NOT NULL"
        case .firstContactRate: "\(closed) AND r.is_contacted_first IS NOT NULL"
        case .actualResolutionRate: "\(closed) AND r.verdict IS NOT NULL"
        case .satisfactionRate: "\(closed) AND r.satisfaction IS NOT NULL"
        }
    }

    /// What a record adds to the part of a share.
    private static func weight(_ figure: AppealFigure) -> SQL {
        switch figure {
        case .received, .closed, .overdue: "1"
        case .onTimeRate: "CASE WHEN f.closed_at_ms <= f.due_at_ms THEN 1 ELSE 0 END"
        case .firstContactRate: "r.is_contacted_first"
        case .actualResolutionRate: "CASE WHEN r.verdict = 'resolved' THEN 1 ELSE 0 END"
        case .satisfactionRate:
            "CASE r.satisfaction WHEN 'satisfied' THEN 10 WHEN 'basically' THEN 8 WHEN 'neutral' THEN 6 ELSE 0 END"
        }
    }
}
