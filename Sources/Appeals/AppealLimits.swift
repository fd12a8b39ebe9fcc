/// What this room accepts, and how much at once.
package enum AppealLimits {
    // One appeal.
    package static let subjectCharactersMax = 500
    package static let bodyCharactersMax = 20_000
    package static let replyCharactersMax = 20_000
    package static let shortTextCharactersMax = 500
    package static let sourceIDCharactersMax = 200
    package static let titleFromBodyCharacters = 60
    package static let typeOpeningCharacters = 12
    package static let phoneDigitsMin = 7
    package static let phoneDigitsMax = 15

    /// An appeal that is older than this when it is imported, and says nothing of its handling, is kept for the
    /// record: it counts and is found, but nobody's worklist is filled with what another system handled long ago.
    package static let handledHereDaysMax: Int64 = 90
    /// Working days of an extension where the profile has no limit for complex matters.
    package static let extensionWorkingDays = 10

    // Handling.
    package static let reasonCharactersMax = 500
    package static let resultCharactersMax = 2_000
    package static let exportRowsMax = 100_000
    package static let similarShown = 8
    package static let sourcesOffered = 50
    package static let topicsOffered = 60

    // The portal.
    package static let contactNameCharactersMax = 50
    package static let portalTextCharactersMax = 2_000
    package static let portalSubjectCharactersMax = 60
    package static let followCodeCharacters = 8
    package static let submissionsPerWindow = 5
    /// An office, or an estate, may share one address.
    package static let submissionsPerAddress = 60
    package static let submissionWindowMinutes = 60
    package static let findsPerWindow = 20
    package static let findsPerAddress = 200
    package static let findWindowMinutes = 15

    /// Identifiers bound in one statement; SQLite allows 32,766.
    static let identifiersPerStatement = 2_000
}
