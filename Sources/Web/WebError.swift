package import Core

/// What a visitor can do wrong on any page.
package enum WebError: Problem, Equatable {
    case noSuchPage
    case signInNeeded
    case notAllowed
    case formExpired
    case methodNotAllowed
    case formMalformed
    case tooManyFields
    case bodyTooLarge(bytesMax: Int)
    case oneFileOnly
    case uploadNotStored
    case unknownHost
    case takesTooLong
    case viewNameMalformed
    case tooManyViews
    /// The database or the disk does not answer.
    case notNow

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
        case .methodNotAllowed:
            .init(
                .invalid, "web.method_not_allowed", zh: "此网址不支持这种操作。请从页面上的按钮进入。",
                en: "This address does not take that kind of request. Use the buttons of the pages.")
        case .formMalformed:
            .init(
                .invalid, "web.form_malformed", zh: "提交的内容无法读取。请刷新页面后重新填写。",
                en: "What was submitted cannot be read. Reload the page and fill it in again.")
        case .tooManyFields:
            .init(
                .tooLarge, "web.too_many_fields", zh: "提交的项目太多。请分几次提交。",
                en: "Too many fields were submitted. Submit them in several steps.")
        case .bodyTooLarge(let bytesMax):
            .init(
                .tooLarge, "web.body_too_large",
                zh: "提交的内容超过 \(byteCount(bytesMax)) 的上限。请减小文件或分批上传。",
                en: "What was submitted is larger than \(byteCount(bytesMax)). Send a smaller file, or several.")
        case .oneFileOnly:
            .init(
                .invalid, "web.one_file_only", zh: "一次只能上传一个文件。请分次上传。",
                en: "Only one file can be sent at a time. Send them one after the other.")
        case .uploadNotStored:
            .init(
                .unavailable, "web.upload_not_stored", zh: "服务器暂时无法保存文件。请稍后重试，或联系系统管理员检查磁盘空间。",
                en: "The server cannot store the file now. Try later, or ask the administrator to check the disk.")
        case .unknownHost:
            .init(
                .missing, "web.unknown_host", zh: "本服务器上没有这个网站。请检查网址中的域名。",
                en: "This server has no site of that name. Check the host in the address.")
        case .takesTooLong:
            .init(
                .unavailable, "web.takes_too_long", zh: "处理时间过长，已停止。请缩小查询范围后重试。",
                en: "The request took too long and was stopped. Ask for less and try again.")
        case .viewNameMalformed:
            .init(
                .invalid, "web.view_name", zh: "请给视图起一个 1 至 \(WebLimits.viewNameCharactersMax) 字的名称。",
                en: "Give the view a name of 1 to \(WebLimits.viewNameCharactersMax) characters.")
        case .tooManyViews:
            .init(
                .invalid, "web.too_many_views",
                zh: "每个列表最多保存 \(WebLimits.viewsPerListMax) 个视图。请先删除不用的。",
                en: "A list keeps at most \(WebLimits.viewsPerListMax) views. Remove one you no longer need.")
        case .notNow:
            .init(
                .unavailable, "web.not_now", zh: "系统暂时无法读写数据，本次操作没有完成。请稍后重试；一直如此，请把编号告诉系统管理员。",
                en: "Data cannot be read or written just now; nothing was changed. Try again soon, or tell the "
                    + "administrator the number.")
        }
    }
}

/// `12 MB`, `800 KB`, `12 B`: powers of 1,024, as file managers show them.
package func byteCount(_ bytes: Int) -> String {
    switch bytes {
    case ..<1_024: "\(bytes) B"
    case ..<(1 << 20): "\((bytes + 512) / 1_024) KB"
    case ..<(1 << 30): "\((bytes + (1 << 19)) >> 20) MB"
    default: "\(bytes >> 30).\((bytes >> 20) % 1_024 * 10 / 1_024) GB"
    }
}
