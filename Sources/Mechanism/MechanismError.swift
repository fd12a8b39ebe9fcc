package import Core

/// What a person can do wrong with plans, tasks, rounds, supervision and meetings.
package enum MechanismError: Problem, Equatable {
    // Plans.
    case planUnknown
    case planTitleMissing
    case levelNotBelow(PlanNode.Level, parent: PlanNode.Level)
    case planFull(max: Int)
    case planChangedMeanwhile
    case industryUnknown(String)
    // Tasks.
    case taskUnknown
    case eventNotPossible(TaskEvent, in: TaskState)
    case notYours(TaskEvent)
    case leadMissing
    case unitDissolved(unit: String, on: Day, successor: String)
    case weightOutOfRange(max: Int)
    case dayMissing
    case dayOutOfRange(Day)
    case dueBeforeStart
    case notComplete(done: String)
    case checkerIsOfUnit
    // Milestones.
    case milestonesMissing
    case milestoneUntitled
    case milestoneBeforeStart(String, start: Day)
    case tooManyMilestones(max: Int)
    case weightsSum(found: Int)
    case progressOutOfRange
    case planFixed
    // Changes.
    case changeUnknown
    case changeDecided
    case changeIsNone
    case changeWaiting
    case changeNotYours
    case ownChange
    case milestonesAfterDue(Day)
    // What waits for what.
    case blockCycle(numbers: [String])
    case blockExists
    case blockUnknown
    case tooManyBlockers(max: Int)
    // Supervision.
    case stepNotPossible(SupervisionStep, at: SupervisionLevel)
    case stepUnknown
    case stepAnswered
    case supervisionNotYours
    case stillRed
    // Rounds.
    case roundUnknown
    case roundExists(String)
    case roundClosed
    case roundEmpty
    case reportUnknown
    case reportEventNotPossible(ReportEvent, in: ReportState)
    case reportNotYours(ReportEvent)
    case reportChangedMeanwhile
    case evidenceMissing
    case progressFell
    case tooMuchEvidence(max: Int)
    case factBlank(String)
    // Meetings.
    case meetingUnknown
    case meetingHeld
    case meetingChangedMeanwhile
    case tooManyItems(max: Int)
    case decisionEmpty
    // Bulletins.
    case bulletinUnknown
    case bulletinChanged
    case bulletinNotMonthly
    case typedNumbers([String])
    case pdfToolMissing
    case pdfFailed
    // Files.
    case importNothing
    case importTooManyRows(max: Int)
    case importNoColumns
    case importGone
    case exportTooLarge(max: Int)
    case textTooLong(max: Int)

    package var report: ProblemReport {
        planReport ?? taskReport ?? milestoneReport ?? changeReport ?? stepReport ?? roundReport ?? otherReport
    }
}
