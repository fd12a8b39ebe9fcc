internal import Core

extension AppealError {
    /// The part of the reports that is about importing.
    var importReport: ProblemReport {
        switch self {
        case .importNotReady(let state):
            .init(
                .conflict, "appeals.import_not_ready", zh: "导入处于“\(state.title.zh)”，不能执行此操作。请刷新页面。",
                en: "The import is “\(state.title.en)”, so this is not possible. Reload the page.")
        case .importFileMissing:
            .init(
                .missing, "appeals.import_file_missing", zh: "请选择要导入的 CSV 或 XLSX 文件；若已选择，文件可能已被清理，请重新上传。",
                en: "Choose the CSV or XLSX file to import. If you did, it may have been cleared away: upload it again."
            )
        case .importFileChanged:
            .init(
                .conflict, "appeals.import_file_changed", zh: "文件在导入中途被改动，无法续传。请重新导入；已导入的行只会更新，不会重复。",
                en:
                    "The file changed half-way, so the import cannot go on. Import it anew: rows are updated, "
                    + "not doubled."
            )
        case .importEmpty:
            .init(
                .invalid, "appeals.import_empty", zh: "文件没有数据行。请检查工作表，表头应在前 \(ImportLimits.headerRowsMax) 行内。",
                en: "The file has no rows of data. Check the sheet; its header must be in the first rows.")
        case .importNoText:
            .init(
                .invalid, "appeals.import_no_text", zh: "没有找到诉求内容或标题列。请指定哪一列是内容。",
                en: "No column holds the text or the subject. Say which column does.")
        case .importFieldTwice(let field):
            .init(
                .invalid, "appeals.import_field_twice", zh: "有两列都指定为“\(field.title.zh)”，只能指定一列。",
                en: "Two columns are given as “\(field.title.en)”. Keep one.")
        case .importColumnUnknown(let name):
            .init(
                .invalid, "appeals.import_column_unknown", zh: "文件中没有“\(name)”这一列。请检查表头的写法。",
                en: "The file has no column “\(name)”. Check how its header is written.")
        case .importFieldUnknown(let name):
            .init(
                .invalid, "appeals.import_field_unknown",
                zh: "没有“\(name)”这个字段。可用：\(ImportField.allCases.map(\.rawValue).joined(separator: "、"))。",
                en: "There is no field “\(name)”. Use: \(ImportField.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        case .importSourceWrong(let max):
            .init(
                .invalid, "appeals.import_source_wrong", zh: "来源名称应为 1 至 \(max) 个字，不含换行，也不能是 portal。",
                en: "A source's name has 1 to \(max) characters in one line, and is not “portal”.")
        case .importTooManyRejects(let max):
            .init(
                .invalid, "appeals.import_too_many_rejects",
                zh: "超过 \(max) 行无法导入，已停止。很可能是列对应有误，请检查后重新导入。",
                en: "More than \(max) rows were refused, so the import stopped. Check the columns and import again.")
        case .undoLaterFirst(let file):
            .init(
                .conflict, "appeals.undo_later_first", zh: "后来的导入“\(file)”改动了同一批诉求，请先撤销它。",
                en: "A later import, “\(file)”, changed some of the same appeals. Undo that one first.")
        default:
            .init(
                .missing, "appeals.import_not_found", zh: "没有这次导入。请从导入记录重新进入。",
                en: "There is no such import. Start again from the list of imports.")
        }
    }
}
