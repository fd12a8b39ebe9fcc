package import Core

/// What can be wrong with a file of rows that somebody drops on a page or names on the command line.
package enum SheetError: Problem, Equatable {
    /// What a file turned out to be.
    package enum Found: String, Sendable, Equatable {
        case text, workbook
    }

    case unreadable(reason: String)
    case empty
    case tooLarge
    case notATable
    /// The name promises another kind of file than its content is.
    case nameMisleads(extension: String, found: Found)
    case oldExcel
    case binaryWorkbook
    case openDocument
    case markup
    case encrypted
    case notAWorkbook
    case damaged(part: String)
    case unsafeMarkup(part: String)
    case inflatesTooMuch
    case tooManyParts
    case tooManyStrings
    case noSuchSheet(String, available: [String])
    case malformedText(row: Int, encoding: String)
    case unterminatedQuote(row: Int)
    case cellTooLong(row: Int, column: Int)
    case rowTooLong(row: Int)
    case tooManyColumns(row: Int)
    case tooManyRows
    case noHeader
    case cannotWrite(reason: String)

    package var report: ProblemReport {
        let (kind, code, text) = fileWords ?? workbookWords ?? rowWords
        return ProblemReport(kind, "sheets.\(code)", zh: text.zh, en: text.en)
    }

    private typealias Words = (kind: ProblemReport.Kind, code: String, text: Bilingual)

    private func words(_ code: String, _ zh: String, _ en: String, _ kind: ProblemReport.Kind = .invalid) -> Words {
        (kind, code, Bilingual(zh: zh, en: en))
    }

    /// About the file as a whole.
    private var fileWords: Words? {
        switch self {
        case .unreadable(let reason):
            words(
                "unreadable", "文件打不开（\(reason)）。请检查文件是否存在、是否有权读取。",
                "The file cannot be opened (\(reason)). Check that it exists and may be read.", .missing)
        case .empty:
            words(
                "empty", "文件里没有一行数据。请检查导出是否完整。",
                "The file has no row. Check that the export was complete.")
        case .tooLarge:
            words(
                "too_large", "文件超过 \(SheetLimits.fileBytesMax >> 30) GB。请分成几个文件导入。",
                "The file is larger than \(SheetLimits.fileBytesMax >> 30) GB. Split it into several files.", .tooLarge)
        case .notATable:
            words(
                "not_a_table", "这不是表格文件。请使用 Excel 工作簿（.xlsx）或 CSV 文件。",
                "This is not a table. Use an Excel workbook (.xlsx) or a CSV file.")
        case .nameMisleads(let name, .text):
            words(
                "name_misleads", "文件名是 .\(name)，内容却是文本。请用 Excel 打开后另存为 .xlsx，或把扩展名改为 .csv。",
                "The name says .\(name) but the content is text. Save it as .xlsx from Excel, or rename it to .csv.")
        case .nameMisleads(let name, .workbook):
            words(
                "name_misleads", "文件名是 .\(name)，内容却是 Excel 工作簿。请把扩展名改为 .xlsx。",
                "The name says .\(name) but the content is an Excel workbook. Rename it to .xlsx.")
        case .oldExcel:
            words(
                "old_excel", "这是 Excel 97–2003 的旧格式（.xls）。请用 Excel 或 WPS 打开，另存为 .xlsx。",
                "This is the old Excel 97–2003 format (.xls). Open it in Excel or WPS and save it as .xlsx.")
        case .binaryWorkbook:
            words(
                "binary_workbook", "这是二进制工作簿（.xlsb）。请用 Excel 打开，另存为 .xlsx。",
                "This is a binary workbook (.xlsb). Open it in Excel and save it as .xlsx.")
        case .openDocument:
            words(
                "open_document", "这是 OpenDocument 文件（.ods 等）。请另存为 .xlsx 或 .csv。",
                "This is an OpenDocument file (.ods and others). Save it as .xlsx or .csv.")
        case .markup:
            words(
                "markup", "这是网页或 XML 文件，不是表格（有些系统把网页导出为 .xls）。请用 Excel 打开，另存为 .xlsx。",
                "This is a web page or XML, not a sheet (some systems export web pages as .xls). "
                    + "Open it in Excel and save it as .xlsx.")
        case .encrypted:
            words(
                "encrypted", "文件设有打开密码。请在 Excel 中去掉密码后另存，再导入。",
                "The file is protected by a password. Remove the password in Excel, save it, and try again.")
        case .cannotWrite(let reason):
            words(
                "cannot_write", "文件没有写成（\(reason)），未留下残缺文件。请检查磁盘空间和目录权限后重试。",
                "The file was not written (\(reason)); nothing incomplete is left. Check space and permissions.",
                .unavailable)
        default: nil
        }
    }

    /// About what is inside a workbook.
    private var workbookWords: Words? {
        switch self {
        case .notAWorkbook:
            words(
                "not_a_workbook", "这是压缩包，但不是 Excel 工作簿。请先解压，再导入其中的表格文件。",
                "This is a zip file but not an Excel workbook. Unpack it and import the sheet inside.")
        case .damaged(let part):
            words(
                "damaged", "工作簿已损坏或不完整（\(part)）。请重新导出，或用 Excel 打开修复后另存。",
                "The workbook is damaged or incomplete (\(part)). Export it again, or repair it in Excel and save it.")
        case .unsafeMarkup(let part):
            words(
                "unsafe_markup", "工作簿含有不安全的 XML 声明（\(part)），已拒绝。请用 Excel 打开后另存为新的 .xlsx。",
                "The workbook contains unsafe XML declarations (\(part)) and was refused. Save it anew from Excel.")
        case .inflatesTooMuch:
            words(
                "inflates_too_much", "工作簿解压后异常庞大，已拒绝。请检查来源；确属正常的，请拆分后导入。",
                "The workbook unpacks to an abnormal size and was refused. Check its source; if genuine, split it.",
                .tooLarge)
        case .tooManyParts:
            words(
                "too_many_parts", "工作簿内部文件超过 \(SheetLimits.partsMax) 个，已拒绝。请把数据复制到新的工作簿再导入。",
                "The workbook has more than \(SheetLimits.partsMax) parts. Copy the rows into a new workbook.",
                .tooLarge)
        case .tooManyStrings:
            words(
                "too_many_strings", "工作簿里的文字过多。请分成几个文件，或另存为 CSV 后导入。",
                "The workbook has too much text. Split it, or save it as CSV and import that.", .tooLarge)
        case .noSuchSheet(let name, let available):
            words(
                "no_such_sheet", "工作簿里没有名为“\(name)”的工作表。现有：\(available.joined(separator: "、"))。",
                "The workbook has no sheet “\(name)”. It has: \(available.joined(separator: ", ")).", .missing)
        default: nil
        }
    }

    /// About one row; every other case has been answered before.
    private var rowWords: Words {
        switch self {
        case .malformedText(let row, let encoding):
            words(
                "malformed_text", "第 \(row) 行有不符合 \(encoding) 编码的字节。请把文件另存为 UTF-8 编码的 CSV 后重试。",
                "Row \(row) has bytes that are not \(encoding). Save the file as CSV in UTF-8 and try again.")
        case .unterminatedQuote(let row):
            words(
                "unterminated_quote", "从第 \(row) 行开始的引号没有结束。请检查该行的双引号是否成对。",
                "A quoted cell that starts in row \(row) never ends. Check that the quotes of this row are paired.")
        case .cellTooLong(let row, let column):
            words(
                "cell_too_long", "第 \(row) 行第 \(column) 列的文字过长。请检查该单元格，常见原因是引号不成对。",
                "The text in row \(row), column \(column) is too long. Check the cell; "
                    + "unpaired quotes are the usual cause.", .tooLarge)
        case .rowTooLong(let row):
            words(
                "row_too_long", "第 \(row) 行超过 \(SheetLimits.rowBytesMax >> 20) MB。请检查该行，常见原因是引号不成对。",
                "Row \(row) is longer than \(SheetLimits.rowBytesMax >> 20) MB. "
                    + "Check it; unpaired quotes are the usual cause.", .tooLarge)
        case .tooManyColumns(let row):
            words(
                "too_many_columns", "第 \(row) 行超过 \(SheetLimits.columnsMax) 列。请删去不需要的列后重试。",
                "Row \(row) has more than \(SheetLimits.columnsMax) columns. Remove the ones that are not needed.",
                .tooLarge)
        case .tooManyRows:
            words(
                "too_many_rows", "表格超过 \(SheetLimits.rowsMax) 行。请分成几个文件导入。",
                "The sheet has more than \(SheetLimits.rowsMax) rows. Split it into several files.", .tooLarge)
        default:
            words(
                "no_header", "前 \(SheetLimits.headerRowsMax) 行中没有找到标题行。请在数据上方保留一行列名。",
                "No header was found in the first \(SheetLimits.headerRowsMax) rows. Keep one row of column names.")
        }
    }
}
