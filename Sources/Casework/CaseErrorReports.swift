package import Core

extension CaseError {
    /// Deadlines and lights.
    var planReport: ProblemReport {
        switch self {
        case .extensionOutOfRange(let max):
            .init(
                .invalid, "case.extension_out_of_range", zh: "延长天数应为 1 至 \(max) 个工作日。",
                en: "Extend by 1 to \(max) working days.")
        case .tooManyExtensions(let max):
            .init(
                .conflict, "case.too_many_extensions", zh: "时限最多延长 \(max) 次，此件不能再延。",
                en: "A deadline may be extended \(max) times; this one has been.")
        case .lightNotWorse:
            .init(
                .invalid, "case.light_not_worse", zh: "人工只能把灯调得更差；要调好须经批准。",
                en: "By hand a light can only be made worse; a better one needs an approval.")
        case .lightNotBetter:
            .init(
                .invalid, "case.light_not_better", zh: "批准的灯应好于现在的灯。",
                en: "The approved light must be better than the present one.")
        case .approvalTooLong(let daysMax):
            .init(
                .invalid, "case.approval_too_long", zh: "批准的有效期应在今后 \(daysMax) 天之内。",
                en: "The approval must end within \(daysMax) days from now.")
        default:
            .init(.conflict, "case.no_deadline", zh: "此件没有时限，不能延长。", en: "This case has no deadline to extend.")
        }
    }

    /// Cases left out where units are compared.
    var exclusionReport: ProblemReport {
        switch self {
        case .exclusionExists:
            .init(
                .invalid, "case.exclusion_exists", zh: "此件已不计入单位对比，不用再剔除。",
                en: "This case is left out already.")
        case .exclusionUnknown:
            .init(
                .invalid, "case.exclusion_unknown", zh: "此件本来就计入单位对比。",
                en: "This case counts already.")
        default:
            .init(
                .forbidden, "case.exclusion_not_yours", zh: "剔除和恢复由数字化办或领导决定，本件的主办、协办单位不能自己决定。",
                en: "The digital office or a leader decides whether a case counts, and never for a unit of their own.")
        }
    }

    /// Links and comments.
    var talkReport: ProblemReport {
        switch self {
        case .linkToItself:
            .init(.invalid, "case.link_to_itself", zh: "不能关联到自身。", en: "A case cannot be linked to itself.")
        case .linkExists:
            .init(
                .conflict, "case.link_exists", zh: "两件之间已有此关联。", en: "These two cases are linked in this way already.")
        case .linkUnknown:
            .init(
                .missing, "case.link_unknown", zh: "没有这个关联，可能已被移除。",
                en: "There is no such link; it may have been removed.")
        case .linkTargetUnknown(let number):
            .init(
                .invalid, "case.link_target_unknown", zh: "没有编号为“\(number)”的件，请检查编号。",
                en: "No case has the number \(number). Check it.")
        case .tooManyLinks(let max):
            .init(.tooMany, "case.too_many_links", zh: "一件最多有 \(max) 个关联。", en: "A case may have at most \(max) links.")
        case .commentNotYours:
            .init(
                .forbidden, "case.comment_not_yours", zh: "只能修改自己的意见。", en: "You can only change your own comments.")
        case .commentChangedMeanwhile:
            .init(
                .conflict, "case.comment_changed_meanwhile", zh: "这条意见刚被修改过，请刷新后再改。",
                en: "This comment has just been changed. Reload and look again.")
        case .tooManyComments(let max):
            .init(
                .tooMany, "case.too_many_comments", zh: "意见或修改次数已达上限（\(max)）。",
                en: "The limit of \(max) comments or changes is reached.")
        default:
            .init(.missing, "case.comment_unknown", zh: "没有这条意见。", en: "There is no such comment.")
        }
    }

    /// Attachments.
    var fileReport: ProblemReport {
        switch self {
        case .fileMissing:
            .init(.invalid, "case.file_missing", zh: "请先选择文件。", en: "Choose a file first.")
        case .fileEmpty:
            .init(.invalid, "case.file_empty", zh: "文件是空的，请换一个。", en: "The file is empty. Choose another.")
        case .fileTooLarge(let bytesMax):
            .init(
                .tooLarge, "case.file_too_large", zh: "附件不能超过 \(bytesMax >> 20) MB，请压缩或拆分。",
                en: "An attachment may have at most \(bytesMax >> 20) MB. Compress or split it.")
        case .fileTypeRefused:
            .init(
                .invalid, "case.file_type_refused",
                zh: "不能上传这种文件。可以上传：PDF、OFD、Word、Excel、PPT、WPS（不含宏）、图片（PNG、JPEG、GIF、WebP）、录音录像（MP3、AMR、WAV、MP4）和纯文本。",
                en: """
                    This type of file is not accepted. Accepted are PDF, OFD, Word, Excel, PowerPoint and WPS without \
                    macros, PNG, JPEG, GIF, WebP, MP3, AMR, WAV, MP4 and plain text.
                    """)
        case .fileTypeDiffers(let found):
            .init(
                .invalid, "case.file_type_differs", zh: "文件内容是 \(found)，与文件名的后缀不符。请核对后重新上传。",
                en: "The file holds \(found), which its name's ending denies. Check it and upload again.")
        case .fileAlreadyAttached:
            .init(
                .conflict, "case.file_already_attached", zh: "此件已有同名同内容的附件。", en: "This very file is attached already.")
        case .tooManyFiles(let max):
            .init(
                .tooMany, "case.too_many_files", zh: "一件最多 \(max) 个附件。",
                en: "A case may have at most \(max) attachments.")
        case .attachmentLost:
            .init(
                .unavailable, "case.attachment_lost", zh: "附件文件不在存储中或已损坏，请联系系统管理员从备份恢复。",
                en: "The stored file is missing or damaged. Ask the system administrator to restore it from a backup.")
        default:
            .init(.missing, "case.attachment_unknown", zh: "没有这个附件。", en: "There is no such attachment.")
        }
    }
}

extension NumberPattern.Fault {
    package var explanation: Bilingual {
        switch self {
        case .empty: .init(zh: "是空的。", en: "it is empty.")
        case .tooLong:
            .init(
                zh: "超过 \(CasesLimits.numberPatternCharactersMax) 个字符。",
                en: "it has more than \(CasesLimits.numberPatternCharactersMax) characters.")
        case .unclosedBrace: .init(zh: "有 { 而没有 }。", en: "a { has no }.")
        case .unknownPart:
            .init(zh: "花括号内只能是 yyyy、MM、dd 或 n:位数。", en: "braces may hold yyyy, MM, dd or n:width only.")
        case .noRunningNumber: .init(zh: "缺少流水号 {n:位数}。", en: "the running number {n:width} is missing.")
        case .twoRunningNumbers: .init(zh: "流水号只能有一个。", en: "there may be one running number only.")
        case .width:
            .init(
                zh: "流水号位数应为 1 至 \(CasesLimits.numberDigitsMax)。",
                en: "the running number's width must be 1 to \(CasesLimits.numberDigitsMax).")
        case .dayWithoutMonthAndYear:
            .init(zh: "有日须有月，有月须有年。", en: "a day needs its month, and a month its year.")
        case .character: .init(zh: "含有不能用于编号的字符。", en: "it holds a character that numbers cannot have.")
        }
    }
}
