internal import Appeals
internal import Casework
internal import Core
internal import Mechanism
internal import Organisation
internal import Store

/// Everything the leaders' screen shows, read in one transaction. A part without data is nil or empty, and says so.
struct CockpitSnapshot: Sendable {
    struct FourOneOne: Sendable {
        struct Industry: Sendable {
            let code: String
            let sharePPM: Int?
            let changePPM: Int?
            let isOK: Bool?
        }
        let year: Int
        let sumPPM: Int?
        let targetPPM: Int
        let industries: [Industry]
    }

    let at: Instant
    /// Nil where no appeal was ever received.
    let today: Int?
    /// Appeals until this hour on the same weekday of the last four weeks, in all.
    let usualOfFour: Int
    let appealLights: [Light: Int]
    let problems: [ProblemRecord]
    let trends: [ID<ProblemRecord>: [Instant]]
    let townships: [ProblemStore.TownshipCount]
    let points: [ProblemRecord]
    let taskLights: [Light: Int]
    let reds: [TaskListStore.Entry]
    let heldUp: [ID<CaseFile>: Int]
    let totals: PlanTotals
    let happenings: [CockpitStore.Happening]
    let fourOneOne: FourOneOne?

    static let weeks = 12

    private static var openAppeals: CaseFilter {
        var open = CaseFilter.open
        open.kinds = [AppealKind.name]
        return open
    }

    private static func appealLights(now: Instant, in tx: any Transaction) throws -> [Light: Int] {
        Dictionary(
            try CaseStore.counts(by: .light, openAppeals, now: now, in: tx).compactMap { count in
                Light(rawValue: count.key).map { ($0, count.count) }
            }, uniquingKeysWith: +)
    }

    /// The lights of open appeals where these are so many that not every change can count them; nil where they are few.
    static func manyAppealLights(now: Instant, in tx: any Transaction) throws -> [Light: Int]? {
        let isMany = try CaseStore.hasMore(
            than: PlatformLimits.cockpitAppealsCounted, openAppeals, now: now, in: tx)
        return isMany ? try appealLights(now: now, in: tx) : nil
    }

    /// - Parameter appealLights: of a few seconds ago, where counting them takes long.
    init(
        profile: Profile, now: Instant, fourOneOne: FourOneOne?, appealLights: [Light: Int]?, in tx: any Transaction
    ) throws {
        at = now
        let zone = profile.zone
        let midnight = Day(now, in: zone).start(in: zone)
        let passed = now.milliseconds(since: midnight)
        let any = try AppealListStore.list(AppealFilter(), limit: 1, now: now, in: tx)
        today = any.isEmpty ? nil : try CockpitStore.received(from: midnight, before: now, in: tx)
        usualOfFour = try (1...4).reduce(0) { sum, week in
            let start = midnight.adding(days: Int64(-7 * week))
            return sum + (try CockpitStore.received(from: start, before: start.adding(milliseconds: passed), in: tx))
        }
        self.appealLights = try appealLights ?? Self.appealLights(now: now, in: tx)
        let recent = ProblemFilter(activeSince: now.adding(days: -90))
        problems = try ProblemStore.list(recent, limit: PlatformLimits.cockpitRows, in: tx)
        trends = try ProblemStore.times(
            of: problems, since: now.adding(days: Int64(-7 * Self.weeks)), in: tx)
        townships = try ProblemStore.countsByTownship(recent, in: tx)
        points = try ProblemStore.list(recent, limit: PlatformLimits.cockpitPoints, in: tx).filter { $0.point != nil }
        var tasks = TaskFilter()
        tasks.cases.isOpen = true
        tasks.cases.states = TaskState.allCases.filter { $0.isOpen && $0 != .planned }.map(\.rawValue)
        taskLights = try TaskListStore.lights(tasks, now: now, in: tx)
        var red = tasks
        red.cases.lights = [.red]
        reds = try TaskListStore.list(
            red, limit: PlatformLimits.cockpitRows, on: Day(now, in: zone), now: now, in: tx)
        let blocks = BlockedBy(try TaskStore.blocks(in: tx))
        heldUp = Dictionary(
            reds.map { ($0.file.id, blocks.heldUp(by: $0.file.id).count) }, uniquingKeysWith: { first, _ in first })
        totals = try PlanStore.totals(ofRoot: nil, on: Day(now, in: zone), now: now, in: tx).values
            .reduce(PlanTotals(), +)
        happenings = try CockpitStore.happenings(limit: PlatformLimits.cockpitHappenings, in: tx)
        self.fourOneOne = fourOneOne
    }
}
