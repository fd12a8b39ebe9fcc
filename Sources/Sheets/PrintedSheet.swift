internal import CXLSXWriter
import Core
internal import Foundation

/// A table as offices print it: a title over all columns, ruled and wrapped cells, A4 across, the header on each page.
///
/// The whole table is kept in memory until `finish`; it is meant for what somebody prints.
package final class PrintedSheet {
    package struct Column: Sendable {
        package let title: String
        /// In characters.
        package let width: Int
        package let isCentred: Bool

        package init(_ title: String, width: Int, isCentred: Bool = false) {
            self.title = title
            self.width = width
            self.isCentred = isCentred
        }
    }

    private typealias Format = UnsafeMutablePointer<lxw_format>

    private let atomic: AtomicFile
    private var workbook: UnsafeMutablePointer<lxw_workbook>?
    private let sheet: UnsafeMutablePointer<lxw_worksheet>
    private let columns: [Column]
    private let cell: Format?
    private let centred: Format?
    private let section: Format?
    private var row: UInt32 = 0

    /// The file appears at `path` when `finish` is called.
    package init(path: String, name: String, title: String, note: String?, columns: [Column]) throws {
        atomic = AtomicFile(path: path)
        guard let workbook = workbook_new(atomic.partialPath) else { throw SheetError.cannotWrite(reason: path) }
        self.workbook = workbook
        guard let sheet = workbook_add_worksheet(workbook, XLSXWriter.sheetName(name)) else {
            _ = workbook_close(workbook)
            throw SheetError.cannotWrite(reason: name)
        }
        self.sheet = sheet
        self.columns = columns
        func ruled(_ isCentred: Bool) -> Format? {
            let format = workbook_add_format(workbook)
            format_set_border(format, UInt8(LXW_BORDER_THIN.rawValue))
            format_set_text_wrap(format)
            format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
            if isCentred { format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue)) }
            format_set_font_name(format, "仿宋")
            format_set_font_size(format, 11)
            return format
        }
        cell = ruled(false)
        centred = ruled(true)
        section = ruled(false)
        format_set_bold(section)
        format_set_bg_color(section, 0xF2F2F2)
        let header = ruled(true)
        format_set_bold(header)
        format_set_font_name(header, "黑体")
        let heading = workbook_add_format(workbook)
        format_set_bold(heading)
        format_set_font_size(heading, 18)
        format_set_align(heading, UInt8(LXW_ALIGN_CENTER.rawValue))
        format_set_align(heading, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
        let aside = workbook_add_format(workbook)
        format_set_align(aside, UInt8(LXW_ALIGN_CENTER.rawValue))
        let last = UInt16(columns.count - 1)
        for (index, column) in columns.enumerated() {
            worksheet_set_column(sheet, UInt16(index), UInt16(index), Double(column.width), nil)
        }
        worksheet_set_landscape(sheet)
        worksheet_set_paper(sheet, 9)
        worksheet_fit_to_pages(sheet, 1, 0)
        worksheet_set_margins(sheet, 0.5, 0.5, 0.6, 0.6)
        worksheet_set_footer(sheet, "&C— &P —")
        worksheet_set_row(sheet, 0, 36, nil)
        worksheet_merge_range(sheet, 0, 0, 0, last, title, heading)
        row = 1
        if let note {
            worksheet_merge_range(sheet, row, 0, row, last, note, aside)
            row += 1
        }
        for (index, column) in columns.enumerated() {
            worksheet_write_string(sheet, row, UInt16(index), column.title, header)
        }
        worksheet_repeat_rows(sheet, row, row)
        worksheet_freeze_panes(sheet, row + 1, 0)
        row += 1
    }

    deinit {
        if let workbook { _ = workbook_close(workbook) }
    }

    /// A line over all columns.
    package func writeSection(_ text: String) throws {
        try check(
            worksheet_merge_range(sheet, row, 0, row, UInt16(columns.count - 1), Self.short(text), section))
        row += 1
    }

    package func write(_ texts: [String]) throws {
        for (index, column) in columns.enumerated() {
            let text = texts.indices.contains(index) ? texts[index] : ""
            try check(
                worksheet_write_string(
                    sheet, row, UInt16(index), Self.short(text), column.isCentred ? centred : cell))
        }
        row += 1
    }

    package func finish() throws {
        guard let workbook else { return }
        self.workbook = nil
        let code = workbook_close(workbook)
        guard code == LXW_NO_ERROR else { throw XLSXWriter.failure(code) }
        try atomic.finish()
    }

    private func check(_ code: lxw_error) throws {
        guard code == LXW_NO_ERROR else { throw XLSXWriter.failure(code) }
    }

    private static func short(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.value != 0 }.prefix(SheetLimits.excelCellCharactersMax / 2))
    }
}
