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
    package static let evidenceMembersMax = 200
    /// Places listed on a problem's page.
    package static let placesShownMax = 12
    /// Problems drawn on the map and listed beside it.
    package static let mapProblemsMax = 300
    package static let mapListMax = 30
}
