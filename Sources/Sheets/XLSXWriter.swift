internal import CXLSXWriter
import Core
internal import Foundation

/// Writes one sheet of an Excel workbook in constant memory; rows go out in order. Text is never a formula or a link.
package final class XLSXWriter {
    private let atomic: AtomicFile
    private var workbook: UnsafeMutablePointer<lxw_workbook>?
    private let sheet: UnsafeMutablePointer<lxw_worksheet>
    private let headerStyle: UnsafeMutablePointer<lxw_format>?
    private let dayStyle: UnsafeMutablePointer<lxw_format>?
    private let timeStyle: UnsafeMutablePointer<lxw_format>?
    private var row: UInt32 = 0
    /// Texts cut to what an Excel cell holds (32,767 characters), for the caller to mention.
    package private(set) var cellsCut = 0

    /// The file appears at `path` when `finish` is called; without that, nothing is left.
    package init(path: String, sheet name: String = "Sheet1") throws {
        atomic = AtomicFile(path: path)
        var options = lxw_workbook_options()
        options.constant_memory = 1
        let folder = strdup(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        options.tmpdir = folder
        defer { free(folder) }
        // The library reports a folder that cannot be written only at the end.
        guard access(URL(fileURLWithPath: path).deletingLastPathComponent().path, W_OK) == 0,
            let workbook = workbook_new_opt(atomic.partialPath, &options)
        else { throw SheetError.cannotWrite(reason: String(cString: strerror(errno))) }
        self.workbook = workbook
        guard let sheet = workbook_add_worksheet(workbook, XLSXWriter.sheetName(name)) else {
            _ = workbook_close(workbook)
            throw SheetError.cannotWrite(reason: name)
        }
        self.sheet = sheet
        headerStyle = workbook_add_format(workbook)
        format_set_bold(headerStyle)
        format_set_bg_color(headerStyle, 0xE8EEF5)
        format_set_bottom(headerStyle, UInt8(LXW_BORDER_THIN.rawValue))
        dayStyle = workbook_add_format(workbook)
        format_set_num_format(dayStyle, "yyyy-mm-dd")
        timeStyle = workbook_add_format(workbook)
        format_set_num_format(timeStyle, "yyyy-mm-dd hh:mm:ss")
    }

    deinit {
        if let workbook { _ = workbook_close(workbook) }
    }

    /// The first row: bold, kept in sight when scrolling. Widths are in characters.
    package func writeHeader(_ titles: [String], widths: [Int] = []) throws {
        for column in titles.indices {
            let width = column < widths.count ? widths[column] : max(10, titles[column].count * 2 + 4)
            worksheet_set_column(sheet, UInt16(column), UInt16(column), Double(width), nil)
        }
        worksheet_freeze_panes(sheet, row + 1, 0)
        try write(titles.map { .text($0) }, style: headerStyle)
    }

    package func write(_ cells: [Cell]) throws { try write(cells, style: nil) }

    /// Completes the workbook and gives it its name.
    package func finish() throws {
        guard let workbook else { return }
        self.workbook = nil
        let code = workbook_close(workbook)
        guard code == LXW_NO_ERROR else { throw XLSXWriter.failure(code) }
        try atomic.finish()
    }

    private func write(_ cells: [Cell], style: UnsafeMutablePointer<lxw_format>?) throws {
        guard row < SheetLimits.excelRowsMax else {
            throw SheetError.cannotWrite(reason: "Excel: \(SheetLimits.excelRowsMax) rows")
        }
        guard cells.count <= SheetLimits.excelColumnsMax else {
            throw SheetError.cannotWrite(reason: "Excel: \(SheetLimits.excelColumnsMax) columns")
        }
        for (column, cell) in cells.enumerated() {
            let code = write(cell, UInt16(column), style)
            guard code == LXW_NO_ERROR else { throw XLSXWriter.failure(code) }
        }
        row += 1
    }

    private func write(_ cell: Cell, _ column: UInt16, _ style: UnsafeMutablePointer<lxw_format>?) -> lxw_error {
        switch cell {
        case .empty: return LXW_NO_ERROR
        case .text(let text): return write(text, column, style)
        case .boolean(let isTrue): return worksheet_write_boolean(sheet, row, column, isTrue ? 1 : 0, style)
        case .number(let digits):
            // Excel keeps 15 digits: what has more is an identifier and stays text.
            let isPadded = digits.hasPrefix("0") && digits != "0" && !digits.hasPrefix("0.")
            guard !isPadded, digits.utf8.count(where: { (0x30...0x39).contains($0) }) <= 15,
                let value = Double(digits), value.isFinite
            else { return write(digits, column, style) }
            return worksheet_write_number(sheet, row, column, value, style)
        case .date(let milliseconds):
            let serial = Double(milliseconds) / 86_400_000 + 25_569
            // Before March 1900 Excel counts a day that never was.
            guard serial >= 61, serial < 2_958_466 else { return write(cell.string, column, style) }
            let isDay = milliseconds % Instant.millisecondsPerDay == 0
            return worksheet_write_number(sheet, row, column, serial, isDay ? dayStyle : timeStyle)
        }
    }

    private func write(_ text: String, _ column: UInt16, _ style: UnsafeMutablePointer<lxw_format>?) -> lxw_error {
        if text.isEmpty { return LXW_NO_ERROR }
        var clean = text
        if text.unicodeScalars.contains(where: { $0.value == 0 || $0.value & 0xFFFE == 0xFFFE }) {
            let kept = text.unicodeScalars.filter { $0.value != 0 && $0.value & 0xFFFE != 0xFFFE }
            clean = String(String.UnicodeScalarView(kept))
        }
        if let escaped = EscapedCharacters.encode(clean) { clean = escaped }
        if clean.utf8.count > SheetLimits.excelCellCharactersMax,
            clean.utf16.count > SheetLimits.excelCellCharactersMax
        {
            // Half, because a character beyond the basic plane counts twice in Excel.
            clean = String(clean.unicodeScalars.prefix(SheetLimits.excelCellCharactersMax / 2))
            cellsCut += 1
        }
        return worksheet_write_string(sheet, row, column, clean, style)
    }

    static func failure(_ code: lxw_error) -> SheetError {
        let reason = lxw_strerror(code).map { String(cString: $0) } ?? "xlsxwriter"
        return .cannotWrite(reason: reason)
    }

    /// Excel allows 31 characters, none of `[]:*?/\`.
    static func sheetName(_ name: String) -> String {
        let clean = String(name.filter { !"[]:*?/\\'".contains($0) }.prefix(31))
        return clean.isEmpty ? "Sheet1" : clean
    }
}
