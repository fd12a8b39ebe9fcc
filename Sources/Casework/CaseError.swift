package import Core

/// What a person can do wrong with a case.
package enum CaseError: Problem, Equatable {
    case notFound
    case movedMeanwhile
    case titleMissing
    case titleTooLong(max: Int)
    case textMissing
    case textTooLong(max: Int)
    case reasonMissing
    case unknownKind(String)
    case unknownState(String)
    case unknownUnit(String)
    case tooManyUnits(max: Int)
    case leadAlsoSupports(String)
    case batchTooLarge(max: Int)
    case numberPattern(kind: String, fault: NumberPattern.Fault)
    case numberPatternMissing(kind: String)
    case numberPatternShared(kind: String, other: String)
    case closed
    case notYours
    case noDeadline
    case extensionOutOfRange(max: Int)
    case tooManyExtensions(max: Int)
    case lightNotWorse
    case lightNotBetter
    case approvalTooLong(daysMax: Int64)
    case linkToItself
    case linkExists
    case linkUnknown
    case linkTargetUnknown(String)
    case tooManyLinks(max: Int)
    case commentUnknown
    case commentNotYours
    case commentChangedMeanwhile
    case tooManyComments(max: Int)
    case fileMissing
    case fileEmpty
    case fileTooLarge(bytesMax: Int)
    case fileTypeRefused
    case fileTypeDiffers(found: String)
    case fileAlreadyAttached
    case tooManyFiles(max: Int)
    case attachmentUnknown
    case attachmentLost
    case gaplessStays(kind: String)
    case exclusionExists
    case exclusionUnknown
    case exclusionNotYours

    package var report: ProblemReport {
        switch self {
        case .notFound, .movedMeanwhile, .titleMissing, .titleTooLong, .textMissing, .textTooLong, .reasonMissing,
            .closed, .notYours, .gaplessStays, .batchTooLarge:
            caseReport
        case .unknownKind, .unknownState, .unknownUnit, .tooManyUnits, .leadAlsoSupports, .numberPattern,
            .numberPatternMissing, .numberPatternShared:
            setupReport
        case .noDeadline, .extensionOutOfRange, .tooManyExtensions, .lightNotWorse, .lightNotBetter,
            .approvalTooLong:
            planReport
        case .linkToItself, .linkExists, .linkUnknown, .linkTargetUnknown, .tooManyLinks, .commentUnknown,
            .commentNotYours, .commentChangedMeanwhile, .tooManyComments:
            talkReport
        case .fileMissing, .fileEmpty, .fileTooLarge, .fileTypeRefused, .fileTypeDiffers, .fileAlreadyAttached,
            .tooManyFiles, .attachmentUnknown, .attachmentLost:
            fileReport
        case .exclusionExists, .exclusionUnknown, .exclusionNotYours: exclusionReport
        }
    }

    private var caseReport: ProblemReport {
        switch self {
        case .movedMeanwhile:
            .init(
                .conflict, "case.moved_meanwhile", zh: "此件刚被他人办理，您的操作没有生效。请刷新页面，看清最新情况后再办。",
                en: "Someone else has just moved this case, so nothing was changed. Reload the page and look again.")
        case .titleMissing:
            .init(.invalid, "case.title_missing", zh: "请填写标题。", en: "Give the case a title.")
        case .titleTooLong(let max):
            .init(
                .invalid, "case.title_too_long", zh: "标题不能超过 \(max) 个字，请缩短。",
                en: "The title may have at most \(max) characters. Shorten it.")
        case .textMissing:
            .init(.invalid, "case.text_missing", zh: "内容不能为空，请填写。", en: "The text is empty. Write something.")
        case .textTooLong(let max):
            .init(
                .invalid, "case.text_too_long", zh: "内容不能超过 \(max) 个字，请缩短。",
                en: "The text may have at most \(max) characters. Shorten it.")
        case .reasonMissing:
            .init(
                .invalid, "case.reason_missing", zh: "请写明理由，理由会记入办理过程。",
                en: "Give a reason; it is recorded in the timeline.")
        case .closed:
            .init(
                .conflict, "case.closed", zh: "此件已办结，不能再作此操作。",
                en: "This case is closed, so this can no longer be done.")
        case .notYours:
            .init(
                .forbidden, "case.not_yours", zh: "只有主办、协办单位和数字化办可以办理此件，您可以查看。",
                en: "Only the lead and supporting units and the digital office act on this case. You may read it.")
        case .gaplessStays(let kind):
            .init(
                .conflict, "case.gapless_stays", zh: "“\(kind)”类编号不得断号，不能撤除已立的件。",
                en: "Numbers of kind \(kind) may have no gap, so its cases cannot be removed.")
        case .batchTooLarge(let max):
            .init(
                .tooLarge, "case.batch_too_large", zh: "一批最多 \(max) 件，请分批。",
                en: "A batch has at most \(max) cases. Split it.")
        default:
            .init(.missing, "case.not_found", zh: "没有这件。请检查编号。", en: "There is no such case. Check its number.")
        }
    }

    private var setupReport: ProblemReport {
        switch self {
        case .unknownKind(let kind):
            .init(.invalid, "case.unknown_kind", zh: "没有“\(kind)”这一类件。", en: "There is no kind of case called \(kind).")
        case .unknownState(let state):
            .init(
                .invalid, "case.unknown_state", zh: "这一类件没有“\(state)”状态。",
                en: "This kind of case has no state \(state).")
        case .tooManyUnits(let max):
            .init(
                .invalid, "case.too_many_units", zh: "协办单位最多 \(max) 个。", en: "At most \(max) units may support a case.")
        case .leadAlsoSupports(let unit):
            .init(
                .invalid, "case.lead_also_supports", zh: "“\(unit)”不能同时是主办和协办单位。",
                en: "\(unit) cannot both lead and support a case.")
        case .numberPattern(let kind, let fault):
            .init(
                .invalid, "case.number_pattern", zh: "区档案中“\(kind)”类的编号格式有误：\(fault.explanation.zh)",
                en: "The profile's number pattern for \(kind) is wrong: \(fault.explanation.en)")
        case .numberPatternMissing(let kind):
            .init(
                .invalid, "case.number_pattern_missing", zh: "区档案中没有“\(kind)”类的编号格式，请补上，例如 PT-{yyyyMMdd}-{n:5}。",
                en: "The profile has no number pattern for \(kind). Add one, such as PT-{yyyyMMdd}-{n:5}.")
        case .numberPatternShared(let kind, let other):
            .init(
                .invalid, "case.number_pattern_shared", zh: "“\(kind)”与“\(other)”编号格式相同，而其中有不得断号的，请改用不同格式。",
                en:
                    "\(kind) and \(other) share a number pattern, and one may have no gaps. Give them"
                    + " different patterns."
            )
        case .unknownUnit(let unit):
            .init(
                .invalid, "case.unknown_unit", zh: "本区没有代码为“\(unit)”的单位，请重新选择。",
                en: "The district has no unit \(unit). Choose another.")
        default: caseReport
        }
    }
}
