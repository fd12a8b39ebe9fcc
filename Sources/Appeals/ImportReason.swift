package import Core

/// Why a row was refused, or taken with a warning. The raw values are stored and exported: add, never rename.
package enum ImportReason: String, Sendable, CaseIterable {
    case textMissing = "text_missing"
    case textTooLong = "text_too_long"
    case subjectTooLong = "subject_too_long"
    case replyTooLong = "reply_too_long"
    case idTooLong = "id_too_long"
    case timeUnreadable = "time_unreadable"
    case timeImpossible = "time_impossible"
    // Warnings: the row is taken, the cell is not.
    case timeMissing = "time_missing"
    case closedUnreadable = "closed_unreadable"
    case closedBeforeTime = "closed_before_time"
    case pointOutside = "point_outside"
    // The row and the cell are taken; somebody should look.
    case pointSwapped = "point_swapped"
    case pointFarAway = "point_far_away"
    case numberUnreadable = "number_unreadable"
    case shortTextCut = "short_text_cut"

    package var isWarning: Bool {
        switch self {
        case .textMissing, .textTooLong, .subjectTooLong, .replyTooLong, .idTooLong, .timeUnreadable, .timeImpossible:
            false
        case .timeMissing, .closedUnreadable, .closedBeforeTime, .pointOutside, .pointSwapped, .pointFarAway,
            .numberUnreadable, .shortTextCut:
            true
        }
    }

    package var explanation: Bilingual {
        switch self {
        case .textMissing:
            Bilingual(zh: "标题和内容都为空，请补上其中一项", en: "Both subject and text are empty: fill in one")
        case .textTooLong:
            Bilingual(
                zh: "内容超过 \(AppealLimits.bodyCharactersMax) 个字，请缩短",
                en: "The text has more than \(AppealLimits.bodyCharactersMax) characters: shorten it")
        case .subjectTooLong:
            Bilingual(
                zh: "标题超过 \(AppealLimits.subjectCharactersMax) 个字，请缩短或移入内容",
                en: "The subject has more than \(AppealLimits.subjectCharactersMax) characters: shorten it")
        case .replyTooLong:
            Bilingual(
                zh: "答复超过 \(AppealLimits.replyCharactersMax) 个字，请缩短",
                en: "The reply has more than \(AppealLimits.replyCharactersMax) characters: shorten it")
        case .idTooLong:
            Bilingual(
                zh: "编号超过 \(AppealLimits.sourceIDCharactersMax) 个字，请检查是否指错了列",
                en: "The number has more than \(AppealLimits.sourceIDCharactersMax) characters: is it the right column?"
            )
        case .timeUnreadable:
            Bilingual(zh: "时间无法识别，请写成 2021-04-19 09:30", en: "The time is not readable: write 2021-04-19 09:30")
        case .timeImpossible:
            Bilingual(
                zh: "时间早于 \(ImportLimits.yearMin) 年或在未来，请更正",
                en: "The time is before \(ImportLimits.yearMin) or in the future: correct it")
        case .timeMissing: Bilingual(zh: "没有时间，按导入时间受理", en: "No time: received when imported")
        case .closedUnreadable:
            Bilingual(zh: "办结时间无法识别，未采用", en: "The time of closing is not readable and was left out")
        case .closedBeforeTime:
            Bilingual(zh: "办结时间早于受理时间，未采用", en: "Closed before it was received: the time was left out")
        case .pointOutside:
            Bilingual(zh: "坐标无法识别，未采用", en: "The coordinates are not readable and were left out")
        case .pointSwapped:
            Bilingual(zh: "经度和纬度填反了，已对调", en: "Latitude and longitude were in each other's place: exchanged")
        case .pointFarAway:
            Bilingual(
                zh: "坐标不在本区附近，已照录，请核对坐标系", en: "The coordinates are far from the district: kept, please check")
        case .numberUnreadable: Bilingual(zh: "数字无法识别，按 0 计", en: "The number is not readable and counts as 0")
        case .shortTextCut: Bilingual(zh: "文字过长，已截断", en: "The text was too long and has been cut")
        }
    }
}

/// One thing about one cell.
package struct ImportRemark: Sendable, Equatable {
    package let field: ImportField
    package let reason: ImportReason
}
