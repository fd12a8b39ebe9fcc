/// Every bound of the room, in one place.
package enum MechanismLimits {
    package static let titleCharactersMax = 200
    package static let textCharactersMax = 2_000
    package static let shortCharactersMax = 100
    package static let reasonCharactersMax = 500
    /// Nodes of one outline with all that is below it.
    package static let nodesPerPlanMax = 2_000
    package static let tasksPerPlanMax = 10_000
    package static let plansListed = 500
    /// A plan of more shows the tasks of one node at a time.
    static let tasksUnfoldedMax = 60
    package static let weightMax = 1_000
    package static let milestonesMax = 20
    package static let blockersPerTaskMax = 20
    /// Relations read to look for a cycle, and tasks shown as held up.
    package static let blocksMax = 20_000
    package static let heldUpShown = 200
    package static let changesShown = 100
    package static let stepsShown = 200
    package static let roundsListed = 200
    package static let evidencePerReportMax = 50
    package static let indicatorsOffered = 100
    package static let exportRowsMax = 20_000
    package static let identifiersPerStatement = 500
    package static let planYears = 1_990...2_100
    package static let planDaysMax = 3_660
    /// Seven fields a row in a form of at most a thousand.
    package static let importRowsMax = 140
    package static let importBytesMax = 10 << 20
    package static let bulletinsListed = 200
    package static let bulletinFactsPerDomain = 12
    /// Beside the editor.
    package static let bulletinFactsOffered = 60
    package static let bulletinDelays = 5
    /// Different sums that a process remembers.
    package static let sumsKept = 200
    /// How old a sum over all tasks may be while nothing happens to a case: lights change with the time alone.
    package static let sumsSeconds: Int64 = 5
    package static let waitingShown = 20
    package static let pdfSecondsMax = 60
    package static let agendaItemsMax = 100
    package static let decisionsPerMeetingMax = 100
    package static let minutesCharactersMax = 20_000
}
