package import Core

/// What a visitor can do wrong with problems.
package enum ProblemError: Problem, Equatable {
    case missing
    case notPublic
    /// Merged or fallen apart since the page was loaded.
    case retired
    case changedMeanwhile
    case notYours
    case eventNotPossible(ProblemEvent, in: ProblemState)
    case reasonMissing
    case textTooLong(max: Int)
    case unitMissing
    case nameMissing
    case mergeWithItself
    case mergeTooLarge(max: Int)
    case splitNothing
    case splitTooMuch
    case splitTooLarge(max: Int)
    case undoTooLate
    case undoneAlready
    case compareRangeWrong

    package var report: ProblemReport {
        switch self {
        case .missing, .notPublic, .retired, .changedMeanwhile, .notYours: access
        case .eventNotPossible, .reasonMissing, .textTooLong, .unitMissing, .nameMissing, .compareRangeWrong: form
        case .mergeWithItself, .mergeTooLarge, .splitNothing, .splitTooMuch, .splitTooLarge, .undoTooLate,
            .undoneAlready:
            shape
        }
    }

    private var access: ProblemReport {
        switch self {
        case .notPublic:
            .init(
                .missing, "problems.not_public", zh: "该问题未公开。可在公开列表查看其他问题。",
                en: "This problem is not public. The public list shows those that are.")
        case .retired:
            .init(
                .conflict, "problems.retired", zh: "这个问题刚被并入别的问题或不再成立。请重新打开，在并入的问题上操作。",
                en: "This problem was merged or fell apart meanwhile. Open it again and act on the one it went into.")
        case .changedMeanwhile:
            .init(
                .conflict, "problems.changed_meanwhile", zh: "打开页面后，这个问题已被别人处理，您的操作没有保存。请返回查看最新情况再操作。",
                en:
                    "Somebody changed this problem since you opened it; nothing was saved. Look again, then act."
            )
        case .notYours:
            .init(
                .forbidden, "problems.not_yours", zh: "您不能对这个问题做此操作。确认、交办、合并、拆分由数字化办负责，解决由主责单位负责。",
                en:
                    "Not for you: the digital office confirms, assigns, merges and splits; the lead unit solves."
            )
        default:
            .init(
                .missing, "problems.missing", zh: "没有这个问题。它可能属于已撤销的导入，请从问题列表重新进入。",
                en: "There is no such problem. Its import may have been undone; start again from the list.")
        }
    }

    private var form: ProblemReport {
        switch self {
        case .eventNotPossible(let event, let state):
            .init(
                .conflict, "problems.event_not_possible",
                zh: "“\(state.title.zh)”的问题不能“\(event.title.zh)”。请刷新页面，按当前状态操作。",
                en:
                    "“\(event.title.en)” is not possible in the state “\(state.title.en)”. Reload and look again."
            )
        case .textTooLong(let max):
            .init(
                .invalid, "problems.text_too_long", zh: "文字过长，请缩短到 \(max) 个字以内。",
                en: "The text is too long: at most \(max) characters.")
        case .unitMissing:
            .init(
                .invalid, "problems.unit_missing", zh: "请选择交办给哪个单位。", en: "Choose the unit it is assigned to.")
        case .nameMissing:
            .init(.invalid, "problems.name_missing", zh: "请填写新名称。", en: "Write the new name.")
        case .compareRangeWrong:
            .init(
                .invalid, "problems.compare_range", zh: "请填写两段时间，每段的开始不晚于结束，格式如 2021-03-01。",
                en: "Give two periods, each beginning no later than it ends, written like 2021-03-01.")
        default:
            .init(
                .invalid, "problems.reason_missing", zh: "请写明理由，供以后查阅。",
                en: "Write the reason, for whoever looks later.")
        }
    }

    private var shape: ProblemReport {
        switch self {
        case .mergeWithItself:
            .init(
                .invalid, "problems.merge_itself", zh: "不能把问题并入自己，请选择另一个问题。",
                en: "A problem cannot be merged into itself: choose another.")
        case .mergeTooLarge(let max):
            .init(
                .invalid, "problems.merge_too_large", zh: "两个问题共超过 \(max) 件诉求，不能合并。请先拆分出真正相同的部分。",
                en: "Together they have more than \(max) appeals. Split off what is really the same first.")
        case .splitTooMuch:
            .init(
                .invalid, "problems.split_too_much", zh: "拆分后原问题至少要留下两件诉求。请少选一些，或对整个问题“不予处理”。",
                en: "At least two appeals must stay. Choose fewer, or dismiss the problem as a whole.")
        case .splitTooLarge(let max):
            .init(
                .invalid, "problems.split_too_large", zh: "这个问题超过 \(max) 件诉求，一次不能拆分这么多。请少选一些，分几次拆。",
                en: "Too many appeals to split at once (limit \(max)). Choose fewer and split in several steps.")
        case .undoTooLate:
            .init(
                .conflict, "problems.undo_too_late", zh: "之后又有新的决定，不能直接撤销。请先撤销后来的决定。",
                en: "There were later decisions: undo those first.")
        case .undoneAlready:
            .init(.conflict, "problems.undone_already", zh: "这个决定已经撤销过了。", en: "This decision was undone already.")
        default:
            .init(
                .invalid, "problems.split_nothing", zh: "请勾选要拆出去的诉求。", en: "Tick the appeals to be split off.")
        }
    }
}
