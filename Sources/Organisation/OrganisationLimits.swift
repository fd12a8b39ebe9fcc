package enum OrganisationLimits {
    // Profile files.
    package static let profileFileBytesMax = 8 << 20
    /// Longer lines of YAML nest deeper than the parser's stack should.
    package static let yamlLineCharactersMax = 2_000
    package static let nestingMax = 32
    package static let fieldCharactersMax = 500
    package static let unitsMax = 2_000
    package static let townshipsMax = 500
    package static let calendarDaysMax = 5_000
    package static let listItemsMax = 200
    package static let aliasesMax = 50
    package static let outlinePointsMax = 200_000
    package static let workingDaysMax = 365
    package static let profileFaultsMax = 200
    /// No township is wider; further away, a coordinate is in another system than degrees of WGS 84.
    package static let outlineDegreesFromCentreMax = 1.0

    // People and sign-in.
    package static let signInNameCharacters = 2...40
    package static let personNameCharactersMax = 60
    package static let passwordCharacters = 12...256
    package static let sessionIdleMinutes = 30
    package static let sessionHours = 12
    package static let sessionsPerPersonMax = 20
    package static let firstStartLinkHours = 24
    package static let inviteLinkHours = 72
    package static let resetLinkHours = 24
    /// Wrong passwords that are free of delay, per account and per address.
    package static let freeFailuresPerAccount = 5
    package static let freeFailuresPerAddress = 30
    package static let throttleSecondsMax: Int64 = 900
    package static let throttleForgottenHours: Int64 = 24
    package static let recoveryCodes = 10

    // The audit trail.
    package static let auditTextCharactersMax = 2_000
    package static let exportRowsMax = 100_000
    package static let severityWordCharactersMax = 20
    package static let severityWordsMax = 2_000
    package static let severityExamplesMax = 2_000
}
