import Core
internal import Foundation

/// A file of rows, whatever its format; the content decides, and a name that says otherwise is refused.
package enum SheetFile {
    /// Opens the sheet named `sheet`, or the first visible one that has a row.
    /// - Parameters:
    ///   - path: where the file lies.
    ///   - name: what its owner called it, when the path does not say.
    /// - Throws: `SheetError`.
    package static func open(
        path: String, name: String? = nil, sheet: String? = nil
    ) throws -> any SheetReader {
        let file = try FileBytes(path: path)
        let claimed = ((name ?? path) as NSString).pathExtension.lowercased()
        switch try content(of: file) {
        case .workbook:
            let workbook = try Workbook(file: file)
            guard !textExtensions.contains(claimed), !oldExtensions.contains(claimed) else {
                throw SheetError.nameMisleads(extension: claimed, found: .workbook)
            }
            return try reader(workbook, sheet: sheet)
        case .text(let encoding, let markLength):
            guard !workbookExtensions.contains(claimed), !oldExtensions.contains(claimed) else {
                throw SheetError.nameMisleads(extension: claimed, found: .text)
            }
            if let sheet { throw SheetError.noSuchSheet(sheet, available: []) }
            return try CSVReader(file: file, encoding: encoding, markLength: markLength)
        }
    }

    private static let workbookExtensions: Set = ["xlsx", "xlsm", "xltx", "xltm"]
    private static let oldExtensions: Set = ["xls", "xlsb", "ods", "et"]
    private static let textExtensions: Set = ["csv", "tsv", "tab", "txt"]

    private static func reader(_ workbook: Workbook, sheet name: String?) throws(SheetError) -> XLSXReader {
        if let name {
            guard let sheet = workbook.sheets.first(where: { $0.name == name }) else {
                throw .noSuchSheet(name, available: workbook.sheets.map(\.name))
            }
            return try XLSXReader(workbook, sheet: sheet)
        }
        let visible = workbook.sheets.filter { !$0.isHidden }
        let candidates = visible.isEmpty ? workbook.sheets : visible
        for sheet in candidates.dropLast() {
            let reader = try XLSXReader(workbook, sheet: sheet)
            if try reader.hasRows() { return reader }
        }
        return try XLSXReader(workbook, sheet: candidates[candidates.count - 1])
    }

    private enum Content {
        case workbook
        case text(TextEncoding, markLength: Int)
    }

    private static func content(of file: FileBytes) throws(SheetError) -> Content {
        let head = try file.bytes(at: 0, count: 4_096)
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return .workbook }
        if head.starts(with: [0x50, 0x4B]) { throw .notAWorkbook }
        if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            throw try isEncryptedPackage(file) ? .encrypted : .oldExcel
        }
        guard let (encoding, markLength) = try TextEncoding.detect(in: file) else { throw .notATable }
        if isMarkup(head) { throw .markup }
        return .text(encoding, markLength: markLength)
    }

    /// A workbook with a password is an OLE file with a stream of this name, written in UTF-16.
    private static func isEncryptedPackage(_ file: FileBytes) throws(SheetError) -> Bool {
        let name = Data("EncryptedPackage".utf8.flatMap { [$0, 0] })
        // The directory stands near the front or at the end.
        for offset in [0, max(0, file.size - (1 << 20))] {
            if Data(try file.bytes(at: offset, count: 1 << 20)).range(of: name) != nil { return true }
        }
        return false
    }

    private static func isMarkup(_ head: [UInt8]) -> Bool {
        let visible = head.filter { $0 != 0 && $0 < 0x80 }.drop { $0 <= 0x20 }
        let start = String(decoding: visible.prefix(64), as: UTF8.self).lowercased()
        return ["<html", "<!doctype", "<table", "<?xml", "<head", "<meta", "<style", "<div"].contains {
            start.hasPrefix($0)
        }
    }
}
