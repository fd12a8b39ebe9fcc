import Core
internal import Foundation

/// Rows of delimited text (RFC 4180, read leniently): quoted cells may hold separators, line ends and doubled quotes;
/// a quote inside an unquoted cell is a character like any other; rows may be ragged; CR, LF and CRLF end a row.
///
/// Cells are cut from a window over the file that always holds the whole current row.
final class CSVReader: SheetReader {
    let sheetNames = [""]
    let sheetName: String? = nil
    private let stream: TextStream
    private let separator: [UInt8]
    private var window: UnsafeMutableRawBufferPointer
    /// The unread part of the window.
    private var (start, end) = (0, 0)
    private var isAtEnd = false
    private var isBroken = false
    /// Bytes of text and zero bytes among them so far.
    private var (kept, dropped) = (0, 0)
    private var number = 0
    private var rowsRead = 0
    private var widthSeen = 8
    /// 1 for each byte that may end an unquoted cell.
    private let stops: UnsafeMutablePointer<UInt8>

    init(file: FileBytes, encoding: TextEncoding, markLength: Int) throws(SheetError) {
        let sampled = try TextStream(file: file, encoding: encoding, from: markLength)
        let (sample, isWhole) = try CSVReader.sample(of: sampled)
        guard CSVReader.isText(sample) else { throw .notATable }
        let dialect = CSVDialect.detect(sample, isWhole: isWhole)
        stream = try TextStream(file: file, encoding: encoding, from: markLength)
        separator = dialect.separator
        window = .allocate(byteCount: SheetLimits.readBytes, alignment: 16)
        stops = .allocate(capacity: 256)
        stops.initialize(repeating: 0, count: 256)
        for byte in [0x0A, 0x0D, separator[0]] { stops[Int(byte)] = 1 }
        if dialect.hasSeparatorLine { _ = try record() }
    }

    deinit {
        window.deallocate()
        stops.deallocate()
    }

    var progress: (done: Int, total: Int) { (max(0, stream.offset - (end - start)), stream.file.size) }

    func next() throws -> SheetRow? {
        while let cells = try record() {
            guard cells.contains(where: { !$0.isEmpty }) else { continue }
            rowsRead += 1
            guard rowsRead <= SheetLimits.rowsMax else { throw SheetError.tooManyRows }
            return SheetRow(number: number, cells: cells)
        }
        return nil
    }

    /// The cells of the next record, blank ones too; nil at the end.
    private func record() throws(SheetError) -> [Cell]? {
        while true {
            if start == end {
                if isAtEnd { return nil }
                try fill(isInQuotes: false)
                continue
            }
            switch try parse() {
            case .cells(let cells):
                number += 1
                widthSeen = cells.count
                return cells
            case .needsMore(let isInQuotes):
                try fill(isInQuotes: isInQuotes)
            }
        }
    }

    private enum Outcome {
        case cells([Cell])
        case needsMore(isInQuotes: Bool)
    }

    /// Cuts one record from the front of the window, if it holds a whole one.
    private func parse() throws(SheetError) -> Outcome {
        guard let bytes = window.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return .cells([]) }
        let (end, first, width) = (end, separator[0], separator.count)
        var cells: [Cell] = []
        cells.reserveCapacity(widthSeen)
        var at = start
        while true {
            guard cells.count < SheetLimits.columnsMax else { throw .tooManyColumns(row: number + 1) }
            let from = at
            if at < end, bytes[at] == 0x22 {
                guard let close = closingQuote(bytes, from + 1) else { return .needsMore(isInQuotes: true) }
                guard let stop = stop(bytes, close + 1) else { return .needsMore(isInQuotes: false) }
                cells.append(try quotedCell(bytes, from + 1, close, stop, column: cells.count + 1))
                at = stop
            } else {
                guard let stop = stop(bytes, from) else { return .needsMore(isInQuotes: false) }
                cells.append(try cell(UnsafeBufferPointer(start: bytes + from, count: stop - from), cells.count + 1))
                at = stop
            }
            if at < end, bytes[at] == first {
                at += width
                continue
            }
            if at < end, bytes[at] == 0x0D {
                if at + 1 == end, !isAtEnd { return .needsMore(isInQuotes: false) }
                at += at + 1 < end && bytes[at + 1] == 0x0A ? 2 : 1
            } else if at < end {
                at += 1
            }
            start = at
            return .cells(cells)
        }
    }

    /// Where the cell that goes on at `from` ends; nil when the window does not say.
    private func stop(_ bytes: UnsafePointer<UInt8>, _ from: Int) -> Int? {
        var at = from
        while true {
            while at < end, stops[Int(bytes[at])] == 0 { at += 1 }
            if at == end { return isAtEnd ? at : nil }
            if separator.count == 1 || bytes[at] != separator[0] { return at }
            if at + separator.count > end, !isAtEnd { return nil }
            if at + separator.count <= end, memcmp(bytes + at, separator, separator.count) == 0 { return at }
            at += 1
        }
    }

    /// The quote that is not one of a doubled pair; nil when the window does not hold it.
    private func closingQuote(_ bytes: UnsafePointer<UInt8>, _ from: Int) -> Int? {
        var at = from
        while at < end, let found = memchr(bytes + at, 0x22, end - at) {
            at = UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
            if at + 1 == end { return isAtEnd ? at : nil }
            if bytes[at + 1] != 0x22 { return at }
            at += 2
        }
        return nil
    }

    private func quotedCell(
        _ bytes: UnsafePointer<UInt8>, _ from: Int, _ close: Int, _ stop: Int, column: Int
    ) throws(SheetError) -> Cell {
        let inside = UnsafeBufferPointer(start: bytes + from, count: close - from)
        let hasPairs = memchr(bytes + from, 0x22, close - from) != nil
        if !hasPairs, stop == close + 1 { return try cell(inside, column) }
        var text: [UInt8] = []
        text.reserveCapacity(stop - from)
        var isSecond = false
        for byte in inside {
            isSecond = byte == 0x22 && !isSecond
            if !isSecond { text.append(byte) }
        }
        // What follows the closing quote up to the separator still belongs to the cell.
        text += UnsafeBufferPointer(start: bytes + close + 1, count: stop - close - 1)
        return try text.withUnsafeBufferPointer { buffer throws(SheetError) in try cell(buffer, column) }
    }

    @inline(__always)
    private func cell(_ bytes: UnsafeBufferPointer<UInt8>, _ column: Int) throws(SheetError) -> Cell {
        if bytes.isEmpty { return .empty }
        guard bytes.count <= SheetLimits.cellBytesMax else {
            throw .cellTooLong(row: number + 1, column: column)
        }
        let plain = bytes[0] == 0x27 ? FormulaGuard.unguarded(bytes) : bytes
        guard let text = String(validating: plain, as: UTF8.self) else {
            throw .malformedText(row: number + 1, encoding: stream.encoding.rawValue)
        }
        return .text(text)
    }

    /// Moves the unread part to the front, makes room when a row does not fit, and reads on.
    private func fill(isInQuotes: Bool) throws(SheetError) {
        guard !isAtEnd else { throw .unterminatedQuote(row: number + 1) }
        guard !isBroken else { throw .malformedText(row: number + 1, encoding: stream.encoding.rawValue) }
        let unread = end - start
        if unread * 2 > window.count {
            guard unread < SheetLimits.rowBytesMax else {
                throw isInQuotes ? .unterminatedQuote(row: number + 1) : .rowTooLong(row: number + 1)
            }
            let wider = UnsafeMutableRawBufferPointer.allocate(byteCount: window.count * 2, alignment: 16)
            wider.copyMemory(from: UnsafeRawBufferPointer(rebasing: window[start..<end]))
            window.deallocate()
            window = wider
        } else if start > 0 {
            window.copyMemory(from: UnsafeRawBufferPointer(rebasing: window[start..<end]))
        }
        (start, end) = (0, unread)
        let count = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: window[unread...]))
        let text = compacted(UnsafeMutableRawBufferPointer(rebasing: window[unread..<unread + count]))
        end += text
        kept += text
        dropped += count - text
        // A hole in the file, which a cut-off copy leaves, is no text and may be as large as the disk.
        guard dropped <= kept + SheetLimits.sampleBytes else { throw .notATable }
        isBroken = stream.isMalformed && count == 0
        isAtEnd = count == 0 && !isBroken
    }

    /// Drops zero bytes, which real exports contain and no database takes.
    private func compacted(_ fresh: UnsafeMutableRawBufferPointer) -> Int {
        guard let base = fresh.baseAddress, memchr(base, 0, fresh.count) != nil else { return fresh.count }
        var kept = 0
        for byte in fresh where byte != 0 {
            fresh[kept] = byte
            kept += 1
        }
        return kept
    }

    private static func sample(of stream: TextStream) throws(SheetError) -> (bytes: [UInt8], isWhole: Bool) {
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: SheetLimits.sampleBytes, alignment: 16)
        defer { space.deallocate() }
        var count = 0
        while count < space.count - 4 {
            let read = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: space[count...]))
            if read == 0 { return (Array(space[..<count]), true) }
            count += read
        }
        return (Array(space[..<count]), false)
    }

    /// Pictures and programs are full of control characters; text has hardly any.
    private static func isText(_ sample: [UInt8]) -> Bool {
        let odd = sample.count { $0 < 0x20 && ![0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A].contains($0) }
        return odd * 50 <= sample.count
    }
}
