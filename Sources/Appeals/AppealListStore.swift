package import Casework
package import Core
package import Store

/// The SQL of lists and exports of appeals.
package enum AppealListStore {
    /// An appeal with its case, as a row of a list.
    package struct Entry: Sendable {
        package let appeal: Appeal
        package let file: CaseFile
    }

    /// One page. The identifiers are answered from an index, so that a deep page of a million stays quick.
    package static func list(
        _ filter: AppealFilter, limit: Int, offset: Int = 0, now: Instant, in tx: any Transaction
    ) throws -> [Entry] {
        try list(
            filter, AppealListWay(filter, now: now, in: tx), limit: limit, offset: offset, now: now, in: tx)
    }

    static func list(
        _ filter: AppealFilter, _ way: AppealListWay, from waypoint: AppealListWaypoints.Waypoint? = nil, limit: Int,
        offset: Int, now: Instant, in tx: any Transaction
    ) throws -> [Entry] {
        let statement = page(filter, way, from: waypoint, limit: limit, offset: offset, now: now)
        return try entries(try tx.all(statement).map { try $0.get("id") }, now: now, in: tx)
    }

    /// - Parameter waypoint: a row of the list, in order of time, that is not beyond the offset.
    static func page(
        _ filter: AppealFilter, _ way: AppealListWay, from waypoint: AppealListWaypoints.Waypoint? = nil, limit: Int,
        offset: Int, now: Instant
    ) -> SQL {
        """
        SELECT a.id FROM appeal a \(way.condition(filter, now, from: waypoint)) ORDER BY \(order(filter))
        LIMIT \(limit) OFFSET \(offset - (waypoint?.offset ?? 0))
        """
    }

    /// Differs after any change of an appeal or its case.
    static func lastChange(in tx: any Transaction) throws -> String {
        let job: Int64 = try tx.first("SELECT id FROM job ORDER BY id DESC LIMIT 1")?.get("id") ?? 0
        return "\(try CaseStore.lastChange(in: tx)) \(job)"
    }

    // MARK: - Frequent words

    /// The cases that hold the words of a search, in order of their identifiers; no more than one above what is walked.
    static func holders(_ matching: SQL, in tx: any Transaction) throws -> [Int64] {
        var ids: [Int64] = []
        try tx.forEach("SELECT m.rowid AS id FROM (\(matching)) m LIMIT \(AppealListWay.wordsMax + 1)") { row in
            ids.append(try row.get("id"))
            return true
        }
        return ids.sorted()
    }

    /// How far a list was walked for those that hold the words of a search.
    struct Walked: Sendable {
        /// Those that do, in the list's order, as far as it was walked.
        fileprivate(set) var ids: [ID<CaseFile>] = []
        fileprivate var read = 0
        fileprivate var part = walkPartMin
        fileprivate var hasEnded = false
    }

    /// Goes on until so many of those that hold the words of a search are found, which many do: the list is walked in
    /// its own order, and each row looked up among them. Neither a set of them is made for it, nor the index asked
    /// about each.
    static func walk(
        _ walked: inout Walked, until count: Int, _ filter: AppealFilter, _ way: AppealListWay, among holders: [Int64],
        now: Instant, in tx: any Transaction
    ) throws {
        // Most pages of a walk that somebody made are already there.
        guard walked.ids.count < count, !walked.hasEnded else { return }
        var known = Set(walked.ids)
        while walked.ids.count < count, !walked.hasEnded {
            var (seen, found): (Int, [ID<CaseFile>]) = (0, [])
            let wanted = count - walked.ids.count
            let look = { (row: Row) -> Bool in
                seen += 1
                let id: ID<CaseFile> = try row.get("id")
                // What came in between moves the others on, so that some are met again.
                if holders.holdsSorted(id.rawValue), known.insert(id).inserted { found.append(id) }
                return found.count < wanted
            }
            let statement = page(filter, way.withoutWords, limit: walked.part, offset: walked.read, now: now)
            if walked.part <= walkPartWhole {
                // Most pages end here, and a cursor would be planned anew for each.
                for row in try tx.all(statement) { guard try look(row) else { break } }
            } else {
                try tx.forEach(statement, look)
            }
            walked.ids += found
            walked.read += seen
            guard found.count < wanted else { break }
            walked.hasEnded = seen < walked.part
            walked.part = min(2 * walked.part, walkPartMax)
        }
    }

    /// How many of some cases are appeals: all but the few of other kinds.
    static func countAppeals(among holders: [Int64], in tx: any Transaction) throws -> Int {
        var others = 0
        try tx.forEach(CaseStore.idsOfOtherKinds(than: AppealKind.name)) { row in
            if holders.holdsSorted(try row.get("id")) { others += 1 }
            return true
        }
        return holders.count - others
    }

    fileprivate static let walkPartMin = 1_000
    private static let walkPartWhole = 4_000
    private static let walkPartMax = 50_000

    package static func count(_ filter: AppealFilter, now: Instant, in tx: any Transaction) throws -> Int {
        try count(filter, AppealListWay(filter, now: now, in: tx), now: now, in: tx)
    }

    static func count(
        _ filter: AppealFilter, _ way: AppealListWay, now: Instant, in tx: any Transaction
    ) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM appeal a \(way.forCounting.condition(filter, now))")?.get("n") ?? 0
    }

    /// All that match, in the list's order, read in parts so that an export needs little memory.
    package static func forEach(
        _ filter: AppealFilter, limit: Int, now: Instant, in tx: any Transaction, _ body: (Entry) throws -> Void
    ) throws {
        var ids: [ID<CaseFile>] = []
        let way = try AppealListWay(filter, now: now, in: tx)
        try tx.forEach(page(filter, way, limit: limit, offset: 0, now: now)) { row in
            ids.append(try row.get("id"))
            return true
        }
        for part in ids.parts(of: Self.exportPart) { try entries(Array(part), now: now, in: tx).forEach(body) }
    }

    /// Topics that appeals have, by name: from one to the next through the index, not by reading them all.
    package static func topics(in tx: any Transaction) throws -> [String] {
        try tx.all(
            """
            WITH RECURSIVE step (topic) AS (
                SELECT MIN(topic) FROM appeal WHERE topic IS NOT NULL
                UNION ALL
                SELECT (SELECT MIN(a.topic) FROM appeal a WHERE a.topic > step.topic) FROM step
                WHERE step.topic IS NOT NULL)
            SELECT topic FROM step WHERE topic IS NOT NULL LIMIT \(AppealLimits.topicsOffered)
            """
        ).map { try $0.get("topic") }
    }

    /// Sources of imports, the latest first, and the portal.
    package static func sources(in tx: any Transaction) throws -> [String] {
        let imported: [String] = try tx.all(
            """
            SELECT source FROM appeal_import WHERE accepted > 0 GROUP BY source ORDER BY MAX(created_at_ms) DESC
            LIMIT \(AppealLimits.sourcesOffered)
            """
        ).map { try $0.get("source") }
        return imported + [SubmitAppeal.source]
    }

    /// Others that are said to repeat the same one.
    package static func repeats(of appeal: Appeal, in tx: any Transaction) throws -> ID<CaseFile>? {
        guard let number = appeal.duplicateOf else { return nil }
        return try tx.first("SELECT id FROM appeal WHERE source = \(appeal.source) AND source_id = \(number)")?.get(
            "id")
    }

    /// Entries in the order of the ids; what has gone meanwhile is left out.
    package static func entries(
        _ ids: [ID<CaseFile>], now: Instant, in tx: any Transaction
    ) throws -> [Entry] {
        let (cases, found) = try tx.together(
            { try CaseStore.find(ids, now: now, in: $0) }, { try AppealStore.find(ids, in: $0) })
        let files = Dictionary(uniqueKeysWithValues: cases.map { ($0.id, $0) })
        let appeals = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        return ids.compactMap { id in
            guard let appeal = appeals[id], let file = files[id] else { return nil }
            return Entry(appeal: appeal, file: file)
        }
    }

    /// Appeals without a time are the oldest, on both engines.
    private static func order(_ filter: AppealFilter) -> SQL {
        switch (filter.sort, filter.isDescending) {
        case (.time, true): "a.submitted_at_ms DESC NULLS LAST, a.id DESC"
        case (.time, false): "a.submitted_at_ms ASC NULLS FIRST, a.id ASC"
        case (.updated, true): "a.updated_at_ms DESC, a.id DESC"
        case (.updated, false): "a.updated_at_ms, a.id"
        }
    }

    private static let exportPart = 500
}

extension [Int64] {
    /// Whether an array in ascending order holds a number.
    fileprivate func holdsSorted(_ number: Int64) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == number
    }
}
