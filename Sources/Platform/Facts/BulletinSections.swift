internal import Appeals
internal import Casework
internal import Core
internal import Indicators
internal import Mechanism
internal import Organisation
internal import Store

/// What a month's bulletin names of the appeals: the worst problems, and the appeals that wait longest. Their figures
/// stand on their pages.
struct BulletinSections: Sendable {
    let profile: Profile
    let now: @Sendable () -> Instant

    func read(_ period: Period, in tx: any Transaction) throws -> [BulletinSection] {
        [try problems(period, in: tx), try delays(period, in: tx)]
    }

    private func problems(_ period: Period, in tx: any Transaction) throws -> BulletinSection {
        let filter = ProblemFilter(activeSince: period.start(in: profile.zone))
        let found = try ProblemStore.list(filter, limit: PlatformLimits.cockpitRows, in: tx)
        return BulletinSection(
            title: "突出问题",
            matters: found.map { problem in
                let place = problem.townshipCode.flatMap(profile.township)?.name.zh
                return .init(
                    text: Masking.text(problem.title) + (place.map { "（\($0)）" } ?? ""),
                    href: "/desk/problems/\(problem.id)")
            })
    }

    private func delays(_ period: Period, in tx: any Transaction) throws -> BulletinSection {
        let source = AppealFactSource(profile: profile, now: now)
        let (rows, _) = try AppealFactStore.rows(
            .overdue, source.window(period), .district, limit: PlatformLimits.bulletinDelays, offset: 0, in: tx)
        return BulletinSection(
            title: "超期较久的诉求",
            matters: rows.map { row in
                let unit = row.unitCode.map { profile.name(of: .unit($0)).zh } ?? "待派单"
                let due = row.dueAt.map { "，期限\(Day($0, in: profile.zone).chinese)" } ?? ""
                return .init(text: "\(Masking.text(row.title))（\(unit)\(due)）", href: "/desk/appeals/\(row.id)")
            })
    }
}
