internal import Casework
internal import Core
internal import Store
internal import Synchronization

/// What lists of appeals ask once for all who look: how a filter is read, how many match, and which cases hold the
/// words of a search. Each process has its own.
///
/// Counting a million is dearer than a page of them, so it is done anew only when something has changed, and at most
/// every ten seconds. A total, and which cases hold a frequent word, may be that old; what a row says never is.
struct AppealListAnswers: Sendable {
    struct Known: Sendable {
        let way: AppealListWay
        let total: Int
        /// The cases that hold the words, in order of their identifiers, where they are many.
        let holders: [Int64]?
        let waypoints = AppealListWaypoints()
        let walk = AppealListWalk()
    }

    struct Page: Sendable {
        let entries: [AppealListStore.Entry]
        let total: Int
        let topics: [String]
        let sources: [String]
    }

    /// What was asked, and the state of the district it was answered in.
    private struct Key<Asked: Hashable & Sendable>: Hashable, Sendable {
        let asked: Asked
        let change: String
    }

    let database: any Database
    private let changes = Remembered<String>(staleAfterSeconds: 10, goneAfterSeconds: 20)
    private let searches = RememberedByKey<Key<String>, [Int64]>(
        staleAfterSeconds: Self.staleSeconds, goneAfterSeconds: Self.goneSeconds, keysMax: Self.searchesMax)
    private let filters = RememberedByKey<Key<AppealFilter>, Known>(
        staleAfterSeconds: Self.staleSeconds, goneAfterSeconds: Self.goneSeconds, keysMax: Self.filtersMax)

    /// Lights change with the time alone.
    private static let staleSeconds: Int64 = 60
    private static let goneSeconds: Int64 = 120
    /// Each at most 2 MB.
    private static let searchesMax = 16
    private static let filtersMax = 500

    init(database: any Database) { self.database = database }

    func page(_ filter: AppealFilter, limit: Int, offset: Int, now: Instant) async throws -> Page {
        let known = try await known(filter, now: now)
        return try await database.read { tx in
            let (entries, topics, sources) = try tx.together(
                { tx in
                    guard let holders = known.holders else {
                        return try known.waypoints.list(
                            filter, known.way, limit: limit, offset: offset, now: now, in: tx)
                    }
                    return try AppealListStore.entries(
                        known.walk.page(
                            filter, known.way, among: holders, limit: limit, offset: offset, now: now, in: tx),
                        now: now, in: tx)
                },
                { try AppealListStore.topics(in: $0) }, { try AppealListStore.sources(in: $0) })
            return Page(entries: entries, total: known.total, topics: topics, sources: sources)
        }
    }

    private func known(_ filter: AppealFilter, now: Instant) async throws -> Known {
        let database = database
        let change = try await changes.value(now: now) {
            try await database.read { try AppealListStore.lastChange(in: $0) }
        }
        return try await filters.value(Key(asked: filter, change: change), now: now) {
            try await measure(filter, change, now: now)
        }
    }

    private func measure(_ filter: AppealFilter, _ change: String, now: Instant) async throws -> Known {
        let found = try await holders(of: filter.search, change, now: now)
        return try await database.read { tx in
            let way = try AppealListWay(filter, wordsFound: found?.count, now: now, in: tx)
            guard way.words == .walked, let found else {
                return Known(
                    way: way, total: try AppealListStore.count(filter, way, now: now, in: tx), holders: nil)
            }
            let total =
                filter.asksWordsOnly
                ? try AppealListStore.countAppeals(among: found, in: tx)
                : try AppealListStore.count(filter, way, now: now, in: tx)
            return Known(way: way, total: total, holders: found)
        }
    }

    /// Nil where no word is asked for; no more than one above what is walked.
    private func holders(of search: String, _ change: String, now: Instant) async throws -> [Int64]? {
        guard let statement = CaseSearch.matches(search) else { return nil }
        let database = database
        return try await searches.value(Key(asked: search, change: change), now: now) {
            try await database.read { try AppealListStore.holders(statement, in: $0) }
        }
    }
}

/// How far a list was walked for the words of a search, so that its next page goes on from there.
final class AppealListWalk: Sendable {
    private let known = Mutex(AppealListStore.Walked())
    /// Further on a list is walked from its start each time.
    private static let keptMax = 5_000

    func page(
        _ filter: AppealFilter, _ way: AppealListWay, among holders: [Int64], limit: Int, offset: Int, now: Instant,
        in tx: any Transaction
    ) throws -> [ID<CaseFile>] {
        // What else is asked of a row may have changed since; its words and their holders are as old as each other.
        var walked = filter.asksWordsOnly ? known.withLock { $0 } : AppealListStore.Walked()
        try AppealListStore.walk(
            &walked, until: offset + limit, filter, way, among: holders, now: now, in: tx)
        if filter.asksWordsOnly, walked.ids.count <= Self.keptMax {
            known.withLock { known in if walked.ids.count > known.ids.count { known = walked } }
        }
        return Array(walked.ids.dropFirst(offset).prefix(limit))
    }
}

/// Where pages far into a list begin, so that the next page from there need not step over all that lies before it.
final class AppealListWaypoints: Sendable {
    struct Waypoint: Sendable, Equatable {
        let offset: Int
        let at: Instant
        let id: ID<CaseFile>
    }

    private let known = Mutex<[Waypoint]>([])

    /// Nearer than this the index is stepped over sooner than a place is remembered.
    static let offsetMin = 5_000
    private static let keptMax = 64

    func list(
        _ filter: AppealFilter, _ way: AppealListWay, limit: Int, offset: Int, now: Instant, in tx: any Transaction
    ) throws -> [AppealListStore.Entry] {
        guard filter.sort == .time, !way.hasFew, offset >= Self.offsetMin else {
            return try AppealListStore.list(filter, way, limit: limit, offset: offset, now: now, in: tx)
        }
        if let from = before(offset) {
            let found = try AppealListStore.list(
                filter, way, from: from, limit: limit, offset: offset, now: now, in: tx)
            // What has no time stands beyond all waypoints.
            if found.count == limit { return found }
        }
        let found = try AppealListStore.list(filter, way, limit: limit, offset: offset, now: now, in: tx)
        if let first = found.first, found.count == limit, let at = first.appeal.submittedAt {
            known.withLock { known in
                if known.count >= Self.keptMax { known.removeAll() }
                known.append(Waypoint(offset: offset, at: at, id: first.file.id))
            }
        }
        return found
    }

    private func before(_ offset: Int) -> Waypoint? {
        known.withLock { $0.filter { $0.offset <= offset }.max { $0.offset < $1.offset } }
    }
}
