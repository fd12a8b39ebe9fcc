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

    /// One page. The inner statement is answered from an index, so that a deep page of a million stays quick.
    package static func list(
        _ filter: AppealFilter, limit: Int, offset: Int = 0, now: Instant, in tx: any Transaction
    ) throws -> [Entry] {
        let ids: [ID<CaseFile>] = try tx.all(
            """
            SELECT a.id FROM appeal a \(condition(filter, now)) ORDER BY \(order(filter))
            LIMIT \(limit) OFFSET \(offset)
            """
        ).map { try $0.get("id") }
        return try entries(ids, now: now, in: tx)
    }

    package static func count(_ filter: AppealFilter, now: Instant, in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM appeal a \(condition(filter, now))")?.get("n") ?? 0
    }

    /// All that match, in the list's order, read in parts so that an export needs little memory.
    package static func forEach(
        _ filter: AppealFilter, limit: Int, now: Instant, in tx: any Transaction, _ body: (Entry) throws -> Void
    ) throws {
        var ids: [ID<CaseFile>] = []
        try tx.forEach(
            "SELECT a.id FROM appeal a \(condition(filter, now)) ORDER BY \(order(filter)) LIMIT \(limit)"
        ) { row in
            ids.append(try row.get("id"))
            return true
        }
        for part in ids.parts(of: Self.exportPart) { try entries(Array(part), now: now, in: tx).forEach(body) }
    }

    /// Topics that appeals have, by name.
    package static func topics(in tx: any Transaction) throws -> [String] {
        try tx.all(
            """
            SELECT DISTINCT topic FROM appeal WHERE topic IS NOT NULL ORDER BY topic
            LIMIT \(AppealLimits.topicsOffered)
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
        let files = Dictionary(uniqueKeysWithValues: try CaseStore.find(ids, now: now, in: tx).map { ($0.id, $0) })
        let appeals = Dictionary(uniqueKeysWithValues: try AppealStore.find(ids, in: tx).map { ($0.id, $0) })
        return ids.compactMap { id in
            guard let appeal = appeals[id], let file = files[id] else { return nil }
            return Entry(appeal: appeal, file: file)
        }
    }

    private static func condition(_ filter: AppealFilter, _ now: Instant) -> SQL {
        var all: [SQL] = []
        if !filter.townshipCodes.isEmpty { all.append("a.township_code IN (\(list: filter.townshipCodes))") }
        if !filter.topics.isEmpty { all.append("a.topic IN (\(list: filter.topics))") }
        if !filter.types.isEmpty { all.append("a.appeal_type IN (\(list: filter.types.map(\.rawValue)))") }
        if !filter.sources.isEmpty { all.append("a.source IN (\(list: filter.sources))") }
        if let from = filter.submittedFrom { all.append("a.submitted_at_ms >= \(from)") }
        if let before = filter.submittedBefore { all.append("a.submitted_at_ms < \(before)") }
        if let importID = filter.importID { all.append("a.import_id = \(importID)") }
        if filter.asksCases {
            all.append("a.id IN (SELECT id FROM case_file \(CaseStore.condition(filter.cases, now)))")
        }
        return .whereAll(all)
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
