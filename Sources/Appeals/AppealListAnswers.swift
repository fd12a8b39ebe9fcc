internal import Casework
internal import Core
internal import Store

/// What lists of appeals ask once for all who look: how a filter is read, how many match, and which cases hold the
/// words of a search. Each process has its own.
///
/// Counting a million is dearer than a page of them. A total, and which cases hold a frequent word, may be a few
/// seconds old; what a row says never is.
struct AppealListAnswers: Sendable {
    struct Known: Sendable {
        let way: AppealListWay
        let total: Int
        /// The cases that hold the words, in order of their identifiers, where they are many.
        let holders: [Int64]?
    }

    struct Page: Sendable {
        let entries: [AppealListStore.Entry]
        let total: Int
        let topics: [String]
        let sources: [String]
    }

    let database: any Database
    private let searches = RememberedByKey<String, [Int64]>(
        staleAfterSeconds: Self.staleSeconds, goneAfterSeconds: Self.goneSeconds, keysMax: Self.searchesMax)
    private let filters = RememberedByKey<AppealFilter, Known>(
        staleAfterSeconds: Self.staleSeconds, goneAfterSeconds: Self.goneSeconds, keysMax: Self.filtersMax)

    private static let staleSeconds: Int64 = 10
    private static let goneSeconds: Int64 = 20
    /// Each at most 2 MB.
    private static let searchesMax = 16
    private static let filtersMax = 500

    init(database: any Database) { self.database = database }

    func page(_ filter: AppealFilter, limit: Int, offset: Int, now: Instant) async throws -> Page {
        let known = try await known(filter, now: now)
        return try await database.read { tx in
            let entries =
                if let holders = known.holders {
                    try AppealListStore.entries(
                        AppealListStore.walk(
                            filter, known.way, among: holders, limit: limit, offset: offset, now: now, in: tx),
                        now: now, in: tx)
                } else {
                    try AppealListStore.list(filter, known.way, limit: limit, offset: offset, now: now, in: tx)
                }
            return Page(
                entries: entries, total: known.total, topics: try AppealListStore.topics(in: tx),
                sources: try AppealListStore.sources(in: tx))
        }
    }

    private func known(_ filter: AppealFilter, now: Instant) async throws -> Known {
        try await filters.value(filter, now: now) { try await measure(filter, now: now) }
    }

    private func measure(_ filter: AppealFilter, now: Instant) async throws -> Known {
        let found = try await holders(of: filter.search, now: now)
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
    private func holders(of search: String, now: Instant) async throws -> [Int64]? {
        guard let statement = CaseSearch.matches(search) else { return nil }
        let database = database
        return try await searches.value(search, now: now) {
            try await database.read { try AppealListStore.holders(statement, in: $0) }
        }
    }
}
