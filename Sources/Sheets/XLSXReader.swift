import Core
internal import Foundation

/// Rows of one sheet of a workbook, parsed as they are asked for.
final class XLSXReader: SheetReader {
    let sheetNames: [String]
    let sheetName: String?
    private let markup: Markup
    private let part: ZipPart
    private let rows: SheetHandler

    init(_ workbook: Workbook, sheet: Workbook.Sheet) throws(SheetError) {
        sheetNames = workbook.sheets.map(\.name)
        sheetName = sheet.name
        guard let part = workbook.archive.part(sheet.path) else { throw .damaged(part: sheet.path) }
        rows = SheetHandler(
            strings: try workbook.strings(), formats: workbook.formats, epoch: workbook.epoch, part: sheet.path)
        self.part = try workbook.archive.open(part)
        markup = try Markup(self.part, handler: rows)
    }

    var progress: (done: Int, total: Int) { (part.readBytes, max(part.part.size, part.readBytes)) }

    func next() throws -> SheetRow? {
        try hasRows() ? rows.take() : nil
    }

    /// Reads up to the next row; it stays to be taken.
    func hasRows() throws(SheetError) -> Bool {
        while !rows.isReady {
            // The rest of the part is read too, so that a file cut off there does not pass for whole.
            if markup.isAtEnd { return false }
            try markup.feed()
        }
        return true
    }
}

/// Gathers cells into rows. Rows come in the order of the file, cells by their column letters.
private final class SheetHandler: MarkupHandler {
    private enum Kind {
        case number, shared, text, boolean, failure, day
    }

    private let strings: SharedStrings
    private let formats: [NumberFormat]
    private let epoch: Epoch
    private let part: String

    private var ready: [SheetRow] = []
    private var taken = 0
    private var rowsRead = 0
    private var rowNumber = 0
    private var cells: [Cell] = []
    private var rowBytes = 0
    private var hasContent = false
    private var widthSeen = 8

    private var column = -1
    private var kind = Kind.number
    private var style = 0
    private var value: [UInt8] = []
    private var isCollecting = false
    private var isPhonetic = false
    private var isInCell = false

    init(strings: SharedStrings, formats: [NumberFormat], epoch: Epoch, part: String) {
        self.strings = strings
        self.formats = formats
        self.epoch = epoch
        self.part = part
    }

    var isReady: Bool {
        if taken < ready.count { return true }
        ready.removeAll(keepingCapacity: true)
        taken = 0
        return false
    }

    func take() -> SheetRow {
        taken += 1
        return ready[taken - 1]
    }

    override func start(_ name: UnsafePointer<CChar>, _ attributes: Attributes) {
        switch UInt8(bitPattern: name[0]) {
        case UInt8(ascii: "c") where name[1] == 0: startCell(attributes)
        case UInt8(ascii: "v") where name[1] == 0: isCollecting = isInCell
        case UInt8(ascii: "t") where name[1] == 0: isCollecting = isInCell && !isPhonetic
        case UInt8(ascii: "r"):
            if strcmp(name, "row") == 0 { startRow(attributes) } else if strcmp(name, "rPh") == 0 { isPhonetic = true }
        default: break
        }
    }

    override func end(_ name: UnsafePointer<CChar>) {
        switch UInt8(bitPattern: name[0]) {
        case UInt8(ascii: "c") where name[1] == 0: endCell()
        case UInt8(ascii: "v") where name[1] == 0, UInt8(ascii: "t") where name[1] == 0: isCollecting = false
        case UInt8(ascii: "r"):
            if strcmp(name, "row") == 0 { endRow() } else if strcmp(name, "rPh") == 0 { isPhonetic = false }
        default: break
        }
    }

    override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard isCollecting else { return }
        guard value.count + bytes.count <= SheetLimits.workbookCellBytesMax else {
            failure = .cellTooLong(row: rowNumber, column: column + 1)
            return
        }
        value += bytes
    }

    private func startRow(_ attributes: Attributes) {
        var number = rowNumber + 1
        var at = 0
        while let name = attributes[at], let text = attributes[at + 1] {
            if name[0] == CChar(0x72), name[1] == 0 { number = Int(strtol(text, nil, 10)) }
            at += 2
        }
        guard number > 0 else { return fail(.damaged(part: part)) }
        rowNumber = number
        cells = []
        cells.reserveCapacity(widthSeen)
        column = -1
        (rowBytes, hasContent) = (0, false)
    }

    private func startCell(_ attributes: Attributes) {
        var place = column + 1
        (kind, style) = (.number, 0)
        value.removeAll(keepingCapacity: true)
        var at = 0
        while let name = attributes[at], let text = attributes[at + 1] {
            if name[1] == 0 {
                switch UInt8(bitPattern: name[0]) {
                case UInt8(ascii: "r"): place = SheetHandler.column(text) ?? place
                case UInt8(ascii: "s"): style = Int(strtol(text, nil, 10))
                case UInt8(ascii: "t"): kind = SheetHandler.kind(text)
                default: break
                }
            }
            at += 2
        }
        guard place < SheetLimits.columnsMax else { return fail(.tooManyColumns(row: rowNumber)) }
        column = place
        isInCell = true
    }

    private func endCell() {
        isInCell = false
        isCollecting = false
        guard !value.isEmpty, column >= 0 else { return }
        do throws(SheetError) {
            let cell = try cell()
            guard !cell.isEmpty else { return }
            hasContent = true
            if case .text(let text) = cell { rowBytes += text.utf8.count }
            guard rowBytes <= SheetLimits.rowBytesMax else { throw .rowTooLong(row: rowNumber) }
            while cells.count < column { cells.append(.empty) }
            if cells.count == column { cells.append(cell) } else { cells[column] = cell }
        } catch {
            failure = error
        }
    }

    private func endRow() {
        guard hasContent else { return }
        widthSeen = cells.count
        rowsRead += 1
        guard rowsRead <= SheetLimits.rowsMax else { return fail(.tooManyRows) }
        ready.append(SheetRow(number: rowNumber, cells: cells))
        cells = []
    }

    private func fail(_ error: SheetError) { failure = error }

    private func cell() throws(SheetError) -> Cell {
        switch kind {
        case .shared:
            guard let index = wholeNumber(), let text = try strings.string(at: index) else {
                throw .damaged(part: part)
            }
            return .text(text)
        case .number: return number()
        case .text, .failure:
            EscapedCharacters.decode(&value)
            return .text(String(decoding: value, as: UTF8.self))
        case .boolean: return .boolean(value[0] == 0x31 || value[0] | 0x20 == UInt8(ascii: "t"))
        case .day: return ISODate.cell(String(decoding: value, as: UTF8.self))
        }
    }

    private func number() -> Cell {
        if style > 0, style < formats.count, formats[style] != .number,
            let serial = Double(String(decoding: value, as: UTF8.self)),
            let cell = epoch.cell(serial: serial, format: formats[style])
        {
            return cell
        }
        if value.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { return .number(String(decoding: value, as: UTF8.self)) }
        guard let text = NumberText.plain(value) else { return .text(String(decoding: value, as: UTF8.self)) }
        return .number(text)
    }

    private func wholeNumber() -> Int? {
        guard value.count < 10 else { return nil }
        var number = 0
        for byte in value {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return number
    }

    /// `AB12` → 27; nil when there are no letters.
    private static func column(_ text: UnsafePointer<CChar>) -> Int? {
        var (number, at) = (0, 0)
        while at < 8 {
            let byte = UInt8(bitPattern: text[at]) & 0xDF
            guard byte >= 0x41, byte <= 0x5A else { break }
            number = number * 26 + Int(byte - 0x40)
            at += 1
        }
        return number > 0 ? number - 1 : nil
    }

    private static func kind(_ text: UnsafePointer<CChar>) -> Kind {
        if text[0] == CChar(0x73), text[1] == 0 { return .shared }
        switch String(cString: text) {
        case "str", "inlineStr": return .text
        case "b": return .boolean
        case "e": return .failure
        case "d": return .day
        default: return .number
        }
    }
}

/// `2021-03-04T05:06:07.000Z`, as strict workbooks write dates.
private enum ISODate {
    static func cell(_ text: String) -> Cell {
        let parts = text.split(separator: "T", maxSplits: 1)
        guard let day = parts.first.flatMap({ Day(iso: $0) }) else { return .text(text) }
        var milliseconds = Int64(day.number) * Instant.millisecondsPerDay
        if parts.count == 2 {
            let clock = parts[1].prefix { $0 != "Z" && $0 != "." && $0 != "+" }.split(separator: ":")
            let numbers = clock.compactMap { Int64($0) }
            guard numbers.count == clock.count, (2...3).contains(clock.count), numbers[0] < 24, numbers[1] < 60 else {
                return .text(text)
            }
            milliseconds += (numbers[0] * 3_600 + numbers[1] * 60 + (numbers.count > 2 ? numbers[2] : 0)) * 1_000
        }
        return .date(milliseconds: milliseconds)
    }
}
