package import Core

/// What a visitor can do wrong on any page.
package enum WebError: Problem, Equatable {
    case noSuchPage
    case signInNeeded
    case notAllowed
    case formExpired

    package var report: ProblemReport {
        switch self {
        case .noSuchPage:
            .init(
                .missing, "web.no_such_page", zh: "没有这个页面。请检查网址，或从首页重新进入。",
                en: "There is no such page. Check the address, or start again from the home page.")
        case .signInNeeded:
            .init(
                .unauthenticated, "web.sign_in_needed", zh: "请先登录，再打开此页面。",
                en: "Sign in first, then open this page.")
        case .notAllowed:
            .init(
                .forbidden, "web.not_allowed", zh: "您的角色不能使用此页面。如确需使用，请联系安全管理员。",
                en: "Your roles do not open this page. If you need it, ask the security administrator.")
        case .formExpired:
            .init(
                .forbidden, "web.form_expired", zh: "表单已过期，没有提交。请返回刷新页面后重试。",
                en: "The form has expired and was not submitted. Go back, reload the page and try again.")
        }
    }
}
