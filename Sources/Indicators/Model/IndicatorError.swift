package import Core

/// What a person can do wrong with indicators, their values, targets and imports.
package enum IndicatorError: Problem, Equatable {
    case notFound
    case valueNotFound
    case importNotFound
    case importDone
    case codeWrong
    case codeTaken(String)
    case fieldMissing(Bilingual)
    case textTooLong(max: Int)
    case placesWrong(max: Int)
    case periodWrong(String)
    case periodOfOtherKind(String, PeriodKind)
    case periodInFuture(Bilingual)
    case scopeUnknown(String, FigureScope.Kind)
    case valueWrong(DecimalFault)
    case valueUnchanged
    case noteMissing
    case alreadyVerified
    case ownValue
    case changedMeanwhile
    case hasValues
    case notYours
    case basesDiffer(Bilingual, Bilingual, Bilingual, Bilingual)
    case unitsDiffer(Bilingual, Bilingual, Bilingual, Bilingual)
    case periodsDiffer(Bilingual, Bilingual)
    case targetMemberUnknown(String)
    case targetPeriodsWrong
    case targetNotFound
    case fileMissing
    case columnMissing([String])
    case tooManyRows(max: Int)
    case exportTooLarge(max: Int)
    case growthWrong

    package var report: ProblemReport {
        switch self {
        case .notFound, .valueNotFound, .importNotFound, .targetNotFound, .importDone, .changedMeanwhile, .hasValues,
            .notYours, .alreadyVerified, .ownValue, .codeTaken, .basesDiffer, .unitsDiffer, .periodsDiffer:
            stateReport
        case .valueWrong(let fault): fault.report
        default: inputReport
        }
    }

    private var stateReport: ProblemReport {
        switch self {
        case .valueNotFound:
            .init(
                .missing, "indicators.no_value", zh: "没有这条数值。请从指标页面重新进入。",
                en: "There is no such value. Open it from its indicator.")
        case .importNotFound:
            .init(
                .missing, "indicators.no_import", zh: "没有这次导入。请重新上传文件。",
                en: "There is no such import. Upload the file again.")
        case .targetNotFound:
            .init(
                .missing, "indicators.no_target", zh: "没有这个目标，可能已被删除。请刷新页面。",
                en: "There is no such target. Reload the page.")
        case .importDone:
            .init(
                .conflict, "indicators.import_done", zh: "这次导入已经完成或放弃。请重新上传文件。",
                en: "This import is done or discarded. Upload the file again.")
        case .changedMeanwhile:
            .init(
                .conflict, "indicators.changed_meanwhile", zh: "别人刚改过。请刷新页面，核对后再改。",
                en: "Somebody changed it meanwhile. Reload the page and check before you change it.")
        case .hasValues:
            .init(
                .conflict, "indicators.has_values", zh: "已有数值，不能再改口径、单位、周期或范围。请另建一个指标。",
                en: "It has values already, so basis, unit, period and scope stay. Define another indicator.")
        case .notYours:
            .init(
                .forbidden, "indicators.not_yours", zh: "只有责任单位和数字化办可以填报，只有数字化办可以核验和定义。",
                en:
                    "Only the owner unit and the digital office enter values; only the latter verifies and defines."
            )
        case .alreadyVerified:
            .init(
                .conflict, "indicators.already_verified", zh: "这个数值已核验。要更正请填新的数值。",
                en: "This value is verified already. To correct it, enter a new one.")
        case .ownValue:
            .init(
                .forbidden, "indicators.own_value", zh: "不能核验自己填报的数值。请另一位同事核验。",
                en: "You entered this value yourself. Ask a colleague to verify it.")
        case .codeTaken(let code):
            .init(
                .conflict, "indicators.code_taken", zh: "代码“\(code)”已被使用。请换一个。",
                en: "The code “\(code)” is taken. Choose another.")
        case .basesDiffer(let one, let basis, let other, let otherBasis):
            .init(
                .invalid, "indicators.bases_differ",
                zh: "不能相加：“\(one.zh)”是\(basis.zh)，“\(other.zh)”是\(otherBasis.zh)，口径不同。请选同一口径的指标。",
                en: "These cannot be added: “\(one.en)” is on the basis of \(basis.en), “\(other.en)” of "
                    + "\(otherBasis.en). Choose indicators of one basis.")
        case .unitsDiffer(let one, let unit, let other, let otherUnit):
            .init(
                .invalid, "indicators.units_differ",
                zh: "不能相加：“\(one.zh)”的单位是\(unit.zh)，“\(other.zh)”的单位是\(otherUnit.zh)。请先统一单位。",
                en: "These cannot be added: “\(one.en)” is in \(unit.en), “\(other.en)” in \(otherUnit.en). "
                    + "Bring them to one unit first.")
        case .periodsDiffer(let one, let other):
            .init(
                .invalid, "indicators.periods_differ", zh: "不能相加：“\(one.zh)”和“\(other.zh)”的周期不同。请选同一周期的指标。",
                en: "These cannot be added: “\(one.en)” and “\(other.en)” have different periods. Choose one kind.")
        default:
            .init(
                .missing, "indicators.not_found", zh: "没有这个指标。请从列表重新进入。",
                en: "There is no such indicator. Start again from the list.")
        }
    }

    private var inputReport: ProblemReport {
        switch self {
        case .codeWrong:
            .init(
                .invalid, "indicators.code_wrong", zh: "代码只用小写字母、数字和 . - _，2 到 60 个字符。",
                en: "A code has 2 to 60 lower-case letters, digits and . - _")
        case .fieldMissing(let field):
            .init(.invalid, "indicators.field_missing", zh: "请填写“\(field.zh)”。", en: "Fill in “\(field.en)”.")
        case .textTooLong(let max):
            .init(
                .invalid, "indicators.text_too_long", zh: "文字不能超过 \(max) 个字，请缩短。",
                en: "At most \(max) characters. Shorten the text.")
        case .placesWrong(let max):
            .init(.invalid, "indicators.places_wrong", zh: "小数位数应为 0 到 \(max)。", en: "Decimals are 0 to \(max).")
        case .periodWrong(let text):
            .init(
                .invalid, "indicators.period_wrong", zh: "“\(text)”不是周期。可写 2021、2021-H1、2021-Q1 或 2021-04。",
                en: "“\(text)” is no period. Write 2021, 2021-H1, 2021-Q1 or 2021-04.")
        case .periodOfOtherKind(let text, let kind):
            .init(
                .invalid, "indicators.period_of_other_kind",
                zh: "“\(text)”不是\(kind.title.zh)周期，这个指标按\(kind.title.zh)统计。",
                en: "“\(text)” is of another kind; this indicator is measured by \(kind.rawValue).")
        case .periodInFuture(let period):
            .init(
                .invalid, "indicators.period_in_future", zh: "\(period.zh)还没有开始，不能填实际数。预计数请设为目标。",
                en: "\(period.en) has not begun, so it has no actual value. Set a target instead.")
        case .scopeUnknown(let text, let kind):
            .init(
                .invalid, "indicators.scope_unknown", zh: "“\(text)”不是本区的\(kind.title.zh)。请写代码或名称。",
                en: "“\(text)” is no \(kind.rawValue) of the district. Write its code or name.")
        case .valueUnchanged:
            .init(
                .invalid, "indicators.value_unchanged", zh: "与现有数值相同，没有更正。",
                en: "This is the value that is there already.")
        case .noteMissing:
            .init(.invalid, "indicators.note_missing", zh: "更正已有数值要写明原因。", en: "Say why the value is corrected.")
        case .targetMemberUnknown(let text):
            .init(
                .invalid, "indicators.target_member", zh: "“\(text)”不是指标。每行写一个指标代码，分范围的写“代码@范围”。",
                en: "“\(text)” is no indicator. Write one code a line, or code@scope.")
        case .targetPeriodsWrong:
            .init(
                .invalid, "indicators.target_periods", zh: "目标的起始周期应早于截止周期，且与指标周期相同。",
                en: "A target starts before it ends, in periods of the indicator's kind.")
        case .fileMissing:
            .init(
                .invalid, "indicators.file_missing", zh: "请选择要导入的文件（CSV 或 Excel）。",
                en: "Choose a file to import (CSV or Excel).")
        case .columnMissing(let names):
            .init(
                .invalid, "indicators.column_missing",
                zh: "表头中没有“\(names.joined(separator: "”“"))”。请按页面上的格式整理后再上传。",
                en: "The header lacks \(names.joined(separator: ", ")). Arrange the sheet as the page says.")
        case .tooManyRows(let max):
            .init(
                .tooLarge, "indicators.too_many_rows", zh: "一次最多导入 \(max) 个数值，请分成几个文件。",
                en: "One import has at most \(max) values. Split the file.")
        case .exportTooLarge(let max):
            .init(
                .tooLarge, "indicators.export_too_large", zh: "一次最多导出 \(max) 条，请先筛选。",
                en: "One export has at most \(max) rows. Filter first.")
        default:
            .init(
                .invalid, "indicators.growth_wrong", zh: "增速应为 -100 到 1000 之间的百分数，最多两位小数。",
                en: "Growth is a percentage from -100 to 1000 with at most two decimals.")
        }
    }
}
