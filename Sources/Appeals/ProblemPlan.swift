internal import Core
internal import Mining

/// What must be written so that the stored problems say what mining found: only the differences.
struct ProblemPlan: Equatable {
    private(set) var saved: [ProblemRecord] = []
    /// Problems that end, and the one most of their appeals went to.
    private(set) var retired: [Retirement] = []
    /// Appeals whose membership ends or changes.
    private(set) var leaving: [Int64] = []
    private(set) var joining: [Joining] = []
    private(set) var created = 0

    struct Retirement: Equatable {
        let id: ID<ProblemRecord>
        let into: ID<ProblemRecord>?
    }
    struct Joining: Equatable {
        let appeal: Int64
        let problem: ID<ProblemRecord>
    }

    /// What is stored now.
    struct Stored {
        let current: [ID<ProblemRecord>: ProblemRecord]
        let membership: [Int64: ID<ProblemRecord>]
    }

    /// - Parameters:
    ///   - touched: appeals that changed since the last run; a problem without any keeps what it shows of them.
    ///   - facts: asked for the appeals of problems that may have changed.
    init(
        mined: [MinedProblem], stored: Stored, touched: Set<Int64>, surroundings: Surroundings,
        facts: ([Int64]) throws -> [Int64: ProblemWritingStore.Facts]
    ) throws {
        let identity = ProblemIdentity(
            groups: mined.map(\.members), membership: stored.membership,
            takenUp: Set(stored.current.values.lazy.filter { $0.handling.version > 0 }.map(\.id)))
        let now = surroundings.now()
        let ids = identity.continued.map { $0 ?? ID<ProblemRecord>(surroundings.newID()) }
        let changed = mined.indices.filter { index in
            guard let id = identity.continued[index], let record = stored.current[id] else { return true }
            return !record.says(mined[index]) || mined[index].members.contains(where: touched.contains)
        }
        let known = try facts(changed.flatMap { mined[$0].members })
        for index in changed {
            let record = ProblemRecord(ids[index], mined[index], known: known, at: now)
            if let before = stored.current[ids[index]], before.isSame(as: record) { continue }
            saved.append(record)
        }
        created = identity.continued.count { $0 == nil }
        retired = identity.retired.map { retired in
            Retirement(id: retired.problem, into: retired.group.map { ids[$0] })
        }
        planMembership(mined: mined, ids: ids, membership: stored.membership)
    }

    private mutating func planMembership(
        mined: [MinedProblem], ids: [ID<ProblemRecord>], membership: [Int64: ID<ProblemRecord>]
    ) {
        var gone = membership
        for (problem, id) in zip(mined, ids) {
            for appeal in problem.members {
                let before = gone.removeValue(forKey: appeal)
                if before == id { continue }
                if before != nil { leaving.append(appeal) }
                joining.append(Joining(appeal: appeal, problem: id))
            }
        }
        leaving.append(contentsOf: gone.keys)
        leaving.sort()
    }
}

extension ProblemRecord {
    /// Whether the record already shows what mining says; the facts of its appeals are not compared.
    fileprivate func says(_ mined: MinedProblem) -> Bool {
        minedTitle == mined.title && place == mined.place && size == mined.members.count && people == mined.people
            && firstAt == mined.firstAt && lastAt == mined.lastAt && scores == mined.scores && retiredAt == nil
    }

    init(
        _ id: ID<ProblemRecord>, _ mined: MinedProblem, known: [Int64: ProblemWritingStore.Facts], at now: Instant
    ) {
        let facts = mined.members.compactMap { known[$0] }
        self.init(
            id: id, title: mined.title, place: mined.place,
            townshipCode: mined.townshipCode ?? Self.mostFrequent(facts.compactMap(\.townshipCode)),
            topic: Self.mostFrequent(facts.compactMap(\.topic)), size: mined.members.count, people: mined.people,
            firstAt: mined.firstAt, lastAt: mined.lastAt, scores: mined.scores,
            point: Self.middle(facts.compactMap(\.point)), updatedAt: now, retiredAt: nil, mergedInto: nil)
    }

    /// Ties go to the smaller text, so that the order of appeals does not matter.
    private static func mostFrequent(_ values: [String]) -> String? {
        var counts: [String: Int] = [:]
        for value in values { counts[value, default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// The median of each axis: one wrong point does not move it far.
    private static func middle(_ points: [Coordinate]) -> Coordinate? {
        guard !points.isEmpty else { return nil }
        let half = points.count / 2
        return Coordinate(
            latitude: points.map(\.latitude).sorted()[half], longitude: points.map(\.longitude).sorted()[half])
    }
}
