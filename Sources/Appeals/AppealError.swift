package import Core

/// What a person can do wrong with appeals and their import.
package enum AppealError: Problem, Equatable {
    case notFound
    case eventNotPossible(AppealEvent, in: AppealState)
    case notYours(AppealEvent)
    case unitMissing
    case textMissing
    case textTooLong(max: Int)
    case subjectTooLong(max: Int)
    case phoneWrong
    case followCodeWrong
    case tooManyTries(minutes: Int)
    case exportTooLarge(max: Int)
    case importNotFound
    case importNotReady(ImportState)
    case importFileMissing
    case importFileChanged
    case importEmpty
    case importNoText
    case importFieldTwice(ImportField)
    case importColumnUnknown(String)
    case importFieldUnknown(String)
    case importSourceWrong(max: Int)
    case importTooManyRejects(max: Int)
    case undoLaterFirst(String)

    package var report: ProblemReport {
        switch self {
        case .notFound, .eventNotPossible, .notYours, .unitMissing, .textMissing, .textTooLong, .subjectTooLong,
            .phoneWrong, .followCodeWrong, .tooManyTries, .exportTooLarge:
            appealReport
        default: importReport
        }
    }

    private var appealReport: ProblemReport {
        switch self {
        case .eventNotPossible(let event, let state):
            .init(
                .conflict, "appeals.event_not_possible",
                zh: "诉求处于“\(state.title.zh)”，不能“\(event.title.zh)”。请刷新页面，按当前状态办理。",
                en: "The appeal is “\(state.title.en)”, so “\(event.title.en)” is not possible. Reload the page.")
        case .notYours(let event):
            .init(
                .forbidden, "appeals.not_yours", zh: "您的角色或单位不能“\(event.title.zh)”这件诉求。请联系主办单位或数字化办。",
                en: "Your role or unit may not do “\(event.title.en)” here. Ask the lead unit or the digital office.")
        case .unitMissing:
            .init(.invalid, "appeals.unit_missing", zh: "请选择主办单位。", en: "Choose the unit that takes the lead.")
        case .textMissing:
            .init(.invalid, "appeals.text_missing", zh: "请写明诉求内容。", en: "Write what your appeal is about.")
        case .textTooLong(let max):
            .init(
                .invalid, "appeals.text_too_long", zh: "内容不能超过 \(max) 个字，请缩短。",
                en: "The text may have at most \(max) characters. Shorten it.")
        case .subjectTooLong(let max):
            .init(
                .invalid, "appeals.subject_too_long", zh: "标题不能超过 \(max) 个字，请缩短。",
                en: "The subject may have at most \(max) characters. Shorten it.")
        case .phoneWrong:
            .init(
                .invalid, "appeals.phone_wrong", zh: "联系电话有误。请填写手机或固定电话号码，或留空。",
                en: "This is no telephone number. Correct it, or leave it empty.")
        case .followCodeWrong:
            .init(
                .missing, "appeals.follow_code_wrong", zh: "编号或查询码不正确。请核对提交时给出的编号和查询码。",
                en: "The number or the code is wrong. Check what you were given when you submitted.")
        case .tooManyTries(let minutes):
            .init(
                .tooMany, "appeals.too_many_tries", zh: "操作过于频繁，请 \(minutes) 分钟后再试。紧急情况请拨打 110、119 或 120。",
                en: "Too many tries. Try again in \(minutes) minutes. In an emergency call 110, 119 or 120.")
        case .exportTooLarge(let max):
            .init(
                .tooLarge, "appeals.export_too_large", zh: "一次最多导出 \(max) 条，请先筛选，缩小范围。",
                en: "One export has at most \(max) rows. Filter the list first.")
        default:
            .init(
                .missing, "appeals.not_found", zh: "没有这件诉求。它可能属于已撤销的导入，请从列表重新进入。",
                en: "There is no such appeal. Its import may have been undone; start again from the list.")
        }
    }
}
