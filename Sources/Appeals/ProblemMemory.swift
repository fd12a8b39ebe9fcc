internal import Core
internal import Mining
internal import Store

/// What pages of problems work out once for all who look. Each process has its own.
struct ProblemMemory: Sendable {
    let gazetteer: Gazetteer
    private let neighbours = RememberedByKey<[Int64], [Int64: ProblemEvidence.Neighbour]>(
        staleAfterSeconds: 3_600, goneAfterSeconds: 3_600, keysMax: 200)
    private let times = RememberedByKey<[Int64], [ID<ProblemRecord>: [Instant]]>(
        staleAfterSeconds: 30, goneAfterSeconds: 60, keysMax: 100)

    init(gazetteer: Gazetteer) { self.gazetteer = gazetteer }

    /// Which appeal each of those shown is likest to. It depends on the messages alone, and is kept by them.
    func neighbours(
        of shown: [Int64], among messages: [ProblemWritingStore.Message], now: Instant
    ) async throws -> [Int64: ProblemEvidence.Neighbour] {
        let gazetteer = gazetteer
        let key = shown + [-1] + messages.flatMap { [$0.message.id, $0.updatedAt] }
        return try await neighbours.value(key, now: now) {
            let evidence = ProblemEvidence(messages.map(\.message), gazetteer: gazetteer)
            return Dictionary(
                shown.compactMap { id in evidence.nearest(to: id).map { (id, $0) } },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// When the appeals of a page of problems came, in the weeks that lists draw.
    func times(
        of problems: [ProblemRecord], endingAt end: Instant, now: Instant, in database: any Database
    ) async throws -> [ID<ProblemRecord>: [Instant]] {
        let since = ProblemTrend.start(endingAt: end)
        let key =
            [since.millisecondsSince1970]
            + problems.flatMap { [$0.id.rawValue, $0.updatedAt.millisecondsSince1970] }
        return try await times.value(key, now: now) {
            try await database.read { try ProblemStore.times(of: problems, since: since, in: $0) }
        }
    }
}
