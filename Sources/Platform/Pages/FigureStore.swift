internal import Appeals
internal import Casework
internal import Core
internal import Store

/// The counts behind the figures of the public and the desk's home page: of appeals, though tasks and problems are
/// cases too. Every figure is the sum of its rows.
enum FigureStore {
    /// By township, largest first.
    static func rows(
        _ figure: Figure, now: Instant, zone: TimeZoneOffset, in tx: any Transaction
    ) throws -> [FigureRow] {
        let part: SQL = figure == .punctual ? "SUM(CASE WHEN closed_at_ms <= due_at_ms THEN 1 ELSE 0 END)" : "COUNT(*)"
        let rows = try tx.all(
            """
            SELECT COALESCE(township_code, '') AS code, \(part) AS part, COUNT(*) AS whole
            FROM case_file WHERE \(CaseStore.isOfKind(AppealKind.name)) AND \(condition(figure, now: now, zone: zone))
            GROUP BY COALESCE(township_code, '') ORDER BY COUNT(*) DESC, 1
            """)
        return try rows.map {
            FigureRow(townshipCode: try $0.get("code"), part: try whole($0, "part"), whole: try $0.get("whole"))
        }
    }

    /// Cases received on each of the last `days` days, today last; days without any are zero.
    static func receivedByDay(
        days: Int, now: Instant, zone: TimeZoneOffset, in tx: any Transaction
    ) throws -> [(day: Day, count: Int)] {
        let today = Day(now, in: zone)
        let first = today.adding(days: 1 - days)
        var counts: [Int: Int] = [:]
        try tx.forEach(
            """
            SELECT opened_at_ms FROM case_file
            WHERE \(CaseStore.isOfKind(AppealKind.name)) AND opened_at_ms >= \(first.start(in: zone))
                AND opened_at_ms <= \(now)
            """
        ) { row in
            counts[Day(try row.get("opened_at_ms") as Instant, in: zone).number, default: 0] += 1
            return true
        }
        return (0..<days).map { index in
            let day = first.adding(days: index)
            return (day, counts[day.number] ?? 0)
        }
    }

    /// Appeals of the demo in this district, and of anything else.
    static func demoAppeals(in tx: any Transaction) throws -> (demo: Int, others: Int) {
        guard
            let row = try tx.first(
                "SELECT COALESCE(SUM(is_demo), 0) AS demo, COUNT(*) AS total FROM appeal")
        else { return (0, 0) }
        let demo = try whole(row, "demo")
        return (demo, try whole(row, "total") - demo)
    }

    /// Whether there is any appeal: what a page asks each time, without counting.
    static func hasAppeals(in tx: any Transaction) throws -> Bool {
        try tx.first("SELECT id FROM appeal LIMIT 1") != nil
    }

    /// Whether any is of the demo; a literal rather than a bound value, so that the partial index applies.
    static func hasDemoAppeals(in tx: any Transaction) throws -> Bool {
        try tx.first("SELECT id FROM appeal WHERE is_demo = 1 LIMIT 1") != nil
    }

    private static func condition(_ figure: Figure, now: Instant, zone: TimeZoneOffset) -> SQL {
        let window = now.adding(days: Int64(-Figure.windowDays))
        return switch figure {
        case .today: "opened_at_ms >= \(Day(now, in: zone).start(in: zone)) AND opened_at_ms <= \(now)"
        case .month: "opened_at_ms >= \(window) AND opened_at_ms <= \(now)"
        case .open: "is_open = 1"
        case .overdue: "is_open = 1 AND due_at_ms < \(now)"
        case .closed: "is_open = 0 AND closed_at_ms >= \(window) AND closed_at_ms <= \(now)"
        case .punctual:
            "is_open = 0 AND closed_at_ms >= \(window) AND closed_at_ms <= \(now) AND due_at_ms IS NOT NULL"
        }
    }

    /// A SUM of integers is an integer to SQLite and a numeric, read as text, to PostgreSQL.
    private static func whole(_ row: Row, _ column: String) throws -> Int {
        switch try row.value(column) {
        case .integer(let number): Int(number)
        case .text(let digits): Int(digits) ?? 0
        case .real(let number): Int(number)
        default: 0
        }
    }
}
