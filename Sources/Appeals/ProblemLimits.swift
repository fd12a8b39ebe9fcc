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
    package static let sparklineWeeks = 26
}
