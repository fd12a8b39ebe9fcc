package import Core

extension OrganisationError {
    package var report: ProblemReport {
        signInReport ?? passwordReport ?? personReport
    }

    private var signInReport: ProblemReport? {
        switch self {
        case .signInRefused:
            .init(
                .unauthenticated, "organisation.sign_in_refused",
                zh: "登录名或密码不正确，或账号已停用。请核对后重试；忘记密码请联系安全管理员。",
                en: "The name or password is wrong, or the account is disabled. Check both and try again, or ask the "
                    + "security administrator for a new link.")
        case .signInBlocked(let seconds):
            .init(
                .tooMany, "organisation.sign_in_blocked",
                zh: "失败次数过多，请在 \(seconds) 秒后重试。",
                en: "There were too many failures. Try again in \(seconds) seconds.")
        case .signInBusy:
            .init(
                .unavailable, "organisation.sign_in_busy", zh: "登录人数较多，请稍后重试。",
                en: "Many people are signing in. Try again in a moment.")
        case .codeRefused:
            .init(
                .unauthenticated, "organisation.code_refused",
                zh: "动态口令不正确或已用过。请等待下一个口令后重试。",
                en: "The code is wrong or was used already. Wait for the next one and try again.")
        case .linkInvalid:
            .init(
                .missing, "organisation.link_invalid", zh: "链接不存在、已用过或已过期。请向安全管理员索取新链接。",
                en: "The link does not exist, was used, or has expired. Ask the security administrator for a new one.")
        case .alreadyStarted:
            .init(
                .conflict, "organisation.already_started", zh: "系统已有人员，首次启动链接不再有效。请直接登录。",
                en: "The system has people already, so the first-start link no longer works. Sign in.")
        case .personDisabled:
            .init(
                .conflict, "organisation.person_disabled", zh: "账号已停用，不能发送链接。请先启用。",
                en: "The account is disabled, so no link can be made. Enable it first.")
        case .auditHeadMissing:
            .init(
                .unavailable, "organisation.audit_head_missing",
                zh: "审计记录的起点缺失，系统不再写入。请立即联系系统管理员。",
                en: "The head of the audit trail is missing, and nothing more is written. Tell the system "
                    + "administrator at once.")
        case .secretUnreadable:
            .init(
                .unavailable, "organisation.secret_unreadable",
                zh: "动态口令密钥无法解读，可能更换过系统密钥。请联系安全管理员重置。",
                en: "The second factor cannot be read; the system's key may have been replaced. Ask the security "
                    + "administrator to reset it.")
        default: nil
        }
    }

    private var passwordReport: ProblemReport? {
        let range = OrganisationLimits.passwordCharacters
        return switch self {
        case .passwordTooShort:
            .init(
                .invalid, "organisation.password_too_short",
                zh: "密码至少 \(range.lowerBound) 个字符。一句自己记得住的话就很好。",
                en: "A password needs at least \(range.lowerBound) characters. A phrase you remember does well.")
        case .passwordTooLong:
            .init(
                .invalid, "organisation.password_too_long", zh: "密码至多 \(range.upperBound) 个字符。",
                en: "A password may have at most \(range.upperBound) characters.")
        case .passwordKnown:
            .init(
                .invalid, "organisation.password_known", zh: "这个密码太常见，容易被猜到。请换一个。",
                en: "This password is well known and soon guessed. Choose another.")
        case .passwordPersonal:
            .init(
                .invalid, "organisation.password_personal", zh: "密码不能以登录名或姓名为主。请换一个。",
                en: "The password is little more than your name. Choose another.")
        case .passwordsDiffer:
            .init(
                .invalid, "organisation.passwords_differ", zh: "两次输入的密码不一致。请重新输入。",
                en: "The two passwords differ. Type them again.")
        case .passwordWrong:
            .init(
                .invalid, "organisation.password_wrong", zh: "当前密码不正确。请重新输入。",
                en: "The current password is wrong. Type it again.")
        case .passwordSame:
            .init(
                .invalid, "organisation.password_same", zh: "新密码与当前密码相同。请换一个。",
                en: "The new password is the current one. Choose another.")
        default: nil
        }
    }

    private var personReport: ProblemReport {
        switch self {
        case .signInNameTaken(let name):
            .init(
                .conflict, "organisation.sign_in_name_taken", zh: "登录名“\(name)”已有人使用。请换一个。",
                en: "The sign-in name “\(name)” is taken. Choose another.")
        case .signInNameMalformed:
            .init(
                .invalid, "organisation.sign_in_name_malformed",
                zh: "登录名为 2 至 40 个小写字母、数字或 . - _，以字母开头。",
                en:
                    "A sign-in name has 2 to 40 lower-case letters, digits, dots, hyphens and"
                    + " underscores, a letter first."
            )
        case .personNameMalformed:
            .init(
                .invalid, "organisation.person_name_malformed",
                zh: "请填写姓名，至多 \(OrganisationLimits.personNameCharactersMax) 个字符。",
                en: "Fill in the name, at most \(OrganisationLimits.personNameCharactersMax) characters.")
        case .changedMeanwhile:
            .init(
                .conflict, "organisation.changed_meanwhile", zh: "此人的资料刚被别人改过，没有保存。请刷新后重试。",
                en: "Somebody changed this person meanwhile, so nothing was saved. Reload and try again.")
        case .rolesMissing:
            .init(
                .invalid, "organisation.roles_missing", zh: "请至少选择一个角色。", en: "Choose at least one role.")
        case .administratorsMixed:
            .init(
                .invalid, "organisation.administrators_mixed",
                zh: "系统、安全、审计三种管理员须由不同的人担任。请只选一种。",
                en: "The system, security and audit administrators must be three people. Choose one of them.")
        case .administratorWithOtherRole:
            .init(
                .invalid, "organisation.administrator_with_other_role",
                zh: "管理员不能兼任业务角色。请为此人另设账号，或取消其中一方。",
                en: "An administrator holds no other role. Make a second account, or take one of them away.")
        case .outsiderWithDeskRole:
            .init(
                .invalid, "organisation.outsider_with_desk_role",
                zh: "企业用户和政协委员不能兼任工作台角色。请取消其中一方。",
                en: "Enterprises and CPPCC members hold no role of the desk. Take one of them away.")
        case .unitNeeded:
            .init(
                .invalid, "organisation.unit_needed", zh: "单位工作人员和单位负责人须选择所在单位。",
                en: "Unit staff and unit heads need a unit. Choose one.")
        case .unitUnknown(let code):
            .init(
                .invalid, "organisation.unit_unknown", zh: "本区没有代码为“\(code)”的单位。请重新选择。",
                en: "The district has no unit “\(code)”. Choose again.")
        case .ownRoles:
            .init(
                .forbidden, "organisation.own_roles", zh: "不能改动自己的角色或停用自己。请由另一位安全管理员办理。",
                en: "Nobody changes their own roles or disables themselves. Ask another security administrator.")
        case .lastSecurityAdministrator:
            .init(
                .conflict, "organisation.last_security_administrator",
                zh: "这是最后一位可用的安全管理员，不能停用或改任。请先另设一位。",
                en: "This is the last security administrator. Appoint another first.")
        default:
            .init(
                .missing, "organisation.no_such_person", zh: "没有这个人员。请返回人员列表。",
                en: "There is no such person. Go back to the list of people.")
        }
    }
}
