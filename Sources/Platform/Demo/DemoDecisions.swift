internal import Appeals
internal import Casework
internal import Core
internal import Store
internal import Web

/// What the demo's people decided about its problems, so that board and timelines show how it goes. Safe to repeat:
/// where anything was decided, nothing is.
struct DemoDecisions: Sendable {
    let rooms: Rooms
    let database: any Database
    /// The demo's person of the digital office; without one nothing is decided.
    let office: Int64?

    private static let ways: [[(event: ProblemEvent, reason: String)]] = [
        [(.confirm, ""), (.assign, ""), (.start, "")],
        [(.confirm, ""), (.assign, "请十五个工作日内提出整治方案")],
        [(.assign, ""), (.start, ""), (.solve, "已整治到位，现场复核无异常")],
        [],
        [(.confirm, "")],
        [(.confirm, ""), (.assign, ""), (.start, ""), (.solve, "已处理"), (.reopen, "回访发现又出现")],
        [],
        [(.dismiss, "属民事纠纷，已告知通过司法途径解决")],
        [],
        [(.confirm, ""), (.assign, ""), (.start, "")],
        [(.assign, "")],
        [],
    ]

    func callAsFunction() async throws {
        guard let office else { return }
        let (problems, isDecided) = try await database.read { tx in
            (
                try ProblemStore.list(ProblemFilter(), limit: Self.ways.count, in: tx),
                try ProblemDecisionStore.isAnything(in: tx)
            )
        }
        guard !isDecided else { return }
        let account = Visitor.Account(personID: office, name: "", unitCode: nil, roles: [.digitalOffice])
        for (problem, way) in zip(problems, Self.ways) {
            let units = try await database.read { try ProblemStore.units(of: problem.id, in: $0) }
            var version = problem.handling.version
            for (event, reason) in way {
                guard event != .assign || !units.isEmpty else { break }
                _ = try await rooms.problems.decide(
                    problem.id,
                    .init(
                        .move(event, unit: event == .assign ? units.first?.value : nil), version: version,
                        reason: reason),
                    by: account)
                version += 1
            }
        }
        if let first = problems.first {
            let version = try await database.read { try ProblemStore.find(first.id, in: $0).handling.version }
            _ = try await rooms.problems.decide(first.id, .init(.pin(true), version: version), by: account)
        }
    }
}
