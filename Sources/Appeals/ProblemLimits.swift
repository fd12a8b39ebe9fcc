package enum ProblemLimits {
    /// Fewer people than this could be recognised from a public page.
    package static let publicPeopleMin = 3
    /// Rows of one export.
    package static let exportRowsMax = 100_000
    /// Members shown on a problem's page; the rest are reached through the list of appeals.
    package static let membersShownMax = 200
    /// Identifiers bound in one statement; SQLite allows 32,766.
    static let identifiersPerStatement = 1_000
    /// Appeals read between two reports of progress.
    static let appealsPerReport = 5_000
    /// Weeks of the small chart in a list.
    package static let sparklineWeeks = 12
    /// Weeks up to which a problem's chart counts by week, and beyond which by month.
    package static let chartWeeksMax = 26
    package static let chartMonthsMax = 60
    /// Members among which the nearest is looked for.
    package static let evidenceMembersMax = 60
    /// Places listed on a problem's page.
    package static let placesShownMax = 12
    /// Problems drawn on the map and listed beside it.
    package static let mapProblemsMax = 300
    package static let mapListMax = 30

    // Decisions.
    package static let nameCharactersMax = 120
    package static let reasonCharactersMax = 500
    /// Decisions listed on a problem's page; older ones stay in the database.
    package static let decisionsShownMax = 200
    /// Open appeals whose cases are tied to the case of their problem when it is taken up.
    package static let appealsLinkedMax = 20
    /// Appeals of a problem made by merging: each is bound to each.
    package static let mergedAppealsMax = 3_000
    /// Pairs that one split keeps apart.
    package static let splitPairsMax = 1_000_000
    /// Problems offered to merge with, and rows of a board's column.
    /// Appeals whose times are read into memory at once.
    package static let timesAtOnceMax = 5_000
    package static let mergeCandidatesShown = 20
    package static let boardRows = 12
    /// Members among which the way from one appeal to another is looked for.
    package static let chainMembersMax = 80
    /// Problems among which those to merge with are looked for.
    package static let mergeCandidatesRead = 300
    /// Characters of an appeal's text shown when asked why it is where it is.
    package static let whyBodyCharacters = 400
    /// A kind of evidence whose part of the log-odds is smaller, in thousandths, speaks neither way.
    package static let whySharePointsMin = 100
    /// Problems of one exported comparison.
    package static let compareRowsMax = 100_000
}
