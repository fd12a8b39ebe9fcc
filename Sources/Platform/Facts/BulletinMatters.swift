internal import Appeals
internal import Core
internal import Indicators
internal import Mechanism
internal import Organisation
internal import Store

/// The problems that a month's bulletin names, worst first. Their figures stand on their pages.
struct BulletinMatters: Sendable {
    let profile: Profile

    func read(_ period: Period, in tx: any Transaction) throws -> [BulletinMatter] {
        let filter = ProblemFilter(activeSince: period.start(in: profile.zone))
        return try ProblemStore.list(filter, limit: PlatformLimits.cockpitRows, in: tx).map { problem in
            let place = problem.townshipCode.flatMap(profile.township)?.name.zh
            return BulletinMatter(
                text: Masking.text(problem.title) + (place.map { "（\($0)）" } ?? ""),
                href: "/desk/problems/\(problem.id)")
        }
    }
}
