internal import Core
package import Web

/// What people can do wrong around accounts.
package enum OrganisationError: Problem, Equatable {
    case signInRefused
    case signInBlocked(seconds: Int64)
    case signInBusy
    case codeRefused
    case linkInvalid
    case alreadyStarted
    case noSuchPerson
    case signInNameTaken(String)
    case signInNameMalformed
    case personNameMalformed
    case changedMeanwhile
    case rolesMissing
    case administratorsMixed
    case administratorWithOtherRole(Role)
    case outsiderWithDeskRole
    case unitNeeded
    case unitUnknown(String)
    case ownRoles
    case lastSecurityAdministrator
    case passwordTooShort
    case passwordTooLong
    case passwordKnown
    case passwordPersonal
    case passwordsDiffer
    case passwordWrong
    case passwordSame
    case personDisabled
    case auditHeadMissing
    case secretUnreadable
}
