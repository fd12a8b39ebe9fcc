/// Every bound of the spine, in one place.
package enum CasesLimits {
    /// Longer titles are cut by the domain before it opens a case.
    package static let titleCharactersMax = 200
    package static let eventCharactersMax = 60
    package static let detailCharactersMax = 4_000
    package static let reasonCharactersMax = 500
    package static let commentCharactersMax = 4_000
    /// Versions of one comment, the first included.
    package static let commentVersionsMax = 20
    package static let commentsMax = 500
    package static let supportingUnitsMax = 20
    package static let linksMax = 200
    package static let attachmentsMax = 50
    package static let attachmentBytesMax = 20 << 20
    package static let fileNameCharactersMax = 100
    /// Cases of one `openMany`; larger imports come in several batches.
    package static let batchCasesMax = 20_000
    /// Identifiers bound in one statement.
    package static let identifiersPerStatement = 500
    /// Numbers that one writer takes at a time where numbers may have gaps.
    package static let numberBlock = 20
    package static let numberPatternCharactersMax = 60
    package static let numberDigitsMax = 9
    /// A light is yellow within this many last working days of its deadline.
    package static let warningWorkingDays = 1
    package static let extensionWorkingDaysMax = 60
    package static let extensionsMax = 5
    /// A better light may be approved for this long at most.
    package static let approvalDaysMax: Int64 = 90
    package static let listMax = 500
    package static let exportRowsMax = 20_000
    /// Timeline entries shown on a page; all of them are in the export.
    package static let timelineShownMax = 200
    /// Faults that a check of the chains names one by one.
    package static let faultsNamedMax = 100
    /// A stored file that nothing refers to is kept this long, for a writer may be about to.
    package static let orphanFileHoursMin: Int64 = 24
}
