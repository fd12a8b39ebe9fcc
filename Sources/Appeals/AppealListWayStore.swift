internal import Casework
internal import Core
internal import Store

/// How a list of appeals is answered: what few match is fetched and sorted, what many match is read in the list's
/// order until the page is full. Neither engine chooses well by itself: SQLite keeps no counts of values, and both
/// would sort a million rows of one source for a page of fifty (ADR 046).
struct AppealListWay: Equatable {
    enum Reading: Equatable {
        /// Few match: by their own index, then sorted.
        case fetched
        /// So many match that a page fills soon in the list's order.
        case ordered
        /// Nearly everything does: each row is asked about by itself.
        case asked
        /// Of states: nearly all have them, and the few that have others are left out.
        case spared
        /// Of words, as `ordered`, by whoever walks the list: the statement itself does not ask for them.
        case walked
    }

    /// By words of the text.
    var words = Reading.fetched
    /// By what Casework knows: states and lights.
    var cases = Reading.fetched
    var source = Reading.fetched

    /// A condition that few match decides: the others are then only checked.
    private(set) var hasFew = false

    /// Fetched and sorted up to so many.
    static let fewMax = 2_000
    /// Held as a set up to so many; for words by the process (`AppealListAnswers`), else by the statement.
    static let wordsMax = 250_000
    static let casesMax = 10_000

    init(words: Reading, cases: Reading, source: Reading, hasFew: Bool = false) {
        self.words = words
        self.cases = cases
        self.source = source
        self.hasFew = hasFew
    }

    /// - Parameter wordsFound: how many cases hold the words, by whoever will walk the list where they are many.
    init(_ filter: AppealFilter, wordsFound: Int? = nil, now: Instant, in tx: any Transaction) throws {
        if let wordsFound {
            words = wordsFound <= Self.fewMax ? .fetched : wordsFound <= Self.wordsMax ? .walked : .asked
        } else if let found = CaseSearch.matches(filter.search) {
            words = try Self.reading(found, setMax: Self.wordsMax, in: tx)
        }
        if filter.asksStates {
            cases = try Self.reading(
                "SELECT 1 FROM case_file \(CaseStore.condition(filter.statesAndLights(), now))",
                setMax: Self.casesMax, in: tx)
            if cases == .asked, let others = filter.otherStates() {
                let rest = try Self.reading(
                    "SELECT 1 FROM case_file \(CaseStore.condition(others, now))", setMax: Self.casesMax, in: tx)
                if rest != .asked { cases = .spared }
            }
        }
        if !filter.sources.isEmpty {
            source = try Self.reading(
                "SELECT 1 FROM appeal WHERE source IN (\(list: filter.sources))", setMax: Self.casesMax, in: tx)
        }
        if let importID = filter.importID {
            let reading = try Self.reading(
                "SELECT 1 FROM appeal WHERE import_id = \(importID)", setMax: Self.casesMax, in: tx)
            if source == .fetched || filter.sources.isEmpty { source = reading }
        }
        hasFew =
            (!filter.search.isEmpty && words == .fetched) || (filter.asksStates && cases == .fetched)
            || ((!filter.sources.isEmpty || filter.importID != nil) && source == .fetched)
    }

    private static func reading(_ matching: SQL, setMax: Int, in tx: any Transaction) throws -> Reading {
        let row = try tx.first("SELECT COUNT(*) AS n FROM (SELECT 1 FROM (\(matching)) m LIMIT \(setMax + 1)) n")
        let count: Int = try row?.get("n") ?? 0
        return count <= fewMax ? .fetched : count <= setMax ? .ordered : .asked
    }

    /// For a count every matching row is read anyway, so none is asked about by itself.
    var forCounting: AppealListWay {
        var way = self
        way.hasFew = true
        if way.words != .ordered { way.words = .fetched }
        if way.cases == .asked || way.cases == .spared { way.cases = .fetched }
        way.source = .fetched
        return way
    }

    /// For whoever looks at the words by itself.
    var withoutWords: AppealListWay {
        var way = self
        way.words = .walked
        return way
    }

    func condition(
        _ filter: AppealFilter, _ now: Instant, from waypoint: AppealListWaypoints.Waypoint? = nil
    ) -> SQL {
        var all: [SQL] = []
        if let waypoint {
            all.append(
                filter.isDescending
                    ? "(a.submitted_at_ms, a.id) <= (\(waypoint.at), \(waypoint.id))"
                    : "(a.submitted_at_ms, a.id) >= (\(waypoint.at), \(waypoint.id))")
        }
        // `a.id + 0` and `a.source || ''` are no columns, so that the list's own index stays the way.
        let id: SQL = hasFew ? "a.id" : "a.id + 0"
        if !filter.townshipCodes.isEmpty { all.append("a.township_code IN (\(list: filter.townshipCodes))") }
        if !filter.topics.isEmpty { all.append("a.topic IN (\(list: filter.topics))") }
        if !filter.types.isEmpty { all.append("a.appeal_type IN (\(list: filter.types.map(\.rawValue)))") }
        if !filter.sources.isEmpty {
            all.append(
                hasFew && source == .fetched
                    ? "a.source IN (\(list: filter.sources))" : "a.source || '' IN (\(list: filter.sources))")
        }
        if let importID = filter.importID {
            all.append(
                hasFew && source == .fetched ? "a.import_id = \(importID)" : "a.import_id + 0 = \(importID)")
        }
        if let from = filter.submittedFrom { all.append("a.submitted_at_ms >= \(from)") }
        if let before = filter.submittedBefore { all.append("a.submitted_at_ms < \(before)") }
        switch words {
        case .walked: break
        case .asked where !hasFew: all += CaseSearch.holds(filter.search, id: "a.id").map { [$0] } ?? []
        case .asked, .ordered, .fetched, .spared:
            if let found = CaseSearch.matches(filter.search) {
                all.append("\(words == .fetched ? id : "a.id + 0") IN (\(found))")
            }
        }
        if cases == .spared, !hasFew, let others = filter.otherStates() {
            all.append("a.id + 0 NOT IN (SELECT id FROM case_file \(CaseStore.condition(others, now)))")
        } else if filter.asksStates {
            all.append(
                cases == .asked && !hasFew
                    // Not EXISTS, which PostgreSQL takes for a join of the whole tables.
                    ? """
                    1 = (SELECT 1 FROM case_file
                        \(CaseStore.condition(filter.statesAndLights(), now)) AND case_file.id = a.id)
                    """
                    : """
                    \(cases == .fetched ? id : "a.id + 0") IN
                        (SELECT id FROM case_file \(CaseStore.condition(filter.statesAndLights(), now)))
                    """)
        }
        return .whereAll(all)
    }
}
