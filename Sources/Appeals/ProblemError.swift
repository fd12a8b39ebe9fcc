package import Core

/// What a visitor can do wrong with problems.
package enum ProblemError: Problem, Equatable {
    case missing
    case notPublic

    package var report: ProblemReport {
        switch self {
        case .missing:
            .init(
                .missing, "problems.missing", zh: "没有这个问题。它可能属于已撤销的导入，请从问题列表重新进入。",
                en: "There is no such problem. Its import may have been undone; start again from the list.")
        case .notPublic:
            .init(
                .missing, "problems.not_public", zh: "该问题未公开。可在公开列表查看其他问题。",
                en: "This problem is not public. The public list shows those that are.")
        }
    }
}
