import Core
internal import Foundation

/// The strings a workbook's cells refer to by number: one stretch of bytes, in memory while it is small, else in
/// a file without a name that vanishes with the process.
final class SharedStrings {
    /// Where each string ends.
    private var ends: [UInt32] = []
    /// All bytes; once spilled, those not yet written.
    private var bytes: [UInt8] = []
    private var spill: FileHandle?
    private var spilledBytes = 0
    /// The stretch of the spilled file read last.
    private var window: (start: Int, bytes: [UInt8]) = (0, [])
    /// Strings that many cells share are made once.
    private var recentKeys = [Int](repeating: -1, count: 4_096)
    private var recent = [String](repeating: "", count: 4_096)

    var count: Int { ends.count }

    func append(_ text: [UInt8]) throws(SheetError) {
        let total = spilledBytes + bytes.count + text.count
        guard ends.count < SheetLimits.sharedStringsMax, total <= SheetLimits.sharedStringBytesMax,
            text.count <= SheetLimits.workbookCellBytesMax
        else { throw .tooManyStrings }
        bytes += text
        ends.append(UInt32(total))
        let memory = spill == nil ? SheetLimits.sharedStringBytesInMemoryMax : SheetLimits.readBytes
        if bytes.count > memory { try writeOut() }
    }

    /// No more strings will come.
    func finish() throws(SheetError) {
        if spill != nil { try writeOut() }
    }

    /// Nil when there is no such string: a damaged workbook.
    func string(at index: Int) throws(SheetError) -> String? {
        guard ends.indices.contains(index) else { return nil }
        let slot = index & 4_095
        if recentKeys[slot] == index { return recent[slot] }
        let range = (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
        let text = try text(range)
        if range.count <= 256 {
            recentKeys[slot] = index
            recent[slot] = text
        }
        return text
    }

    private func text(_ range: Range<Int>) throws(SheetError) -> String {
        guard let spill else { return String(decoding: bytes[range], as: UTF8.self) }
        let held = window.start..<window.start + window.bytes.count
        if range.lowerBound < held.lowerBound || range.upperBound > held.upperBound {
            let wanted = max(range.count, 64 << 10)
            let read: Data?
            do {
                try spill.seek(toOffset: UInt64(range.lowerBound))
                read = try spill.read(upToCount: wanted)
            } catch {
                throw .unreadable(reason: error.localizedDescription)
            }
            window = (range.lowerBound, Array(read ?? Data()))
            guard window.bytes.count >= range.count else { throw .unreadable(reason: "shared strings") }
        }
        let from = range.lowerBound - window.start
        return String(decoding: window.bytes[from..<from + range.count], as: UTF8.self)
    }

    private func writeOut() throws(SheetError) {
        do {
            let file = try spill ?? SharedStrings.namelessFile()
            spill = file
            try file.write(contentsOf: bytes)
        } catch let error as SheetError {
            throw error
        } catch {
            throw .cannotWrite(reason: error.localizedDescription)
        }
        spilledBytes += bytes.count
        bytes = []
        bytes.reserveCapacity(SheetLimits.readBytes * 2)
    }

    private static func namelessFile() throws -> FileHandle {
        var template = Array((NSTemporaryDirectory() + "/shuzhi-strings-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw SheetError.cannotWrite(reason: String(cString: strerror(errno))) }
        unlink(template)
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}

/// Reads `sharedStrings.xml`: the runs of rich text are joined, phonetic guides (`rPh`) left out.
final class SharedStringsHandler: MarkupHandler {
    private let strings: SharedStrings
    private var current: [UInt8] = []
    private var isCollecting = false
    private var isPhonetic = false

    init(_ strings: SharedStrings) { self.strings = strings }

    override func start(_ name: UnsafePointer<CChar>, _ attributes: Attributes) {
        if strcmp(name, "t") == 0 {
            isCollecting = !isPhonetic
        } else if strcmp(name, "si") == 0 {
            current.removeAll(keepingCapacity: true)
        } else if strcmp(name, "rPh") == 0 {
            isPhonetic = true
        }
    }

    override func end(_ name: UnsafePointer<CChar>) {
        if strcmp(name, "t") == 0 {
            isCollecting = false
        } else if strcmp(name, "rPh") == 0 {
            isPhonetic = false
        } else if strcmp(name, "si") == 0 {
            EscapedCharacters.decode(&current)
            do throws(SheetError) { try strings.append(current) } catch { failure = error }
        }
    }

    override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard isCollecting else { return }
        guard current.count + bytes.count <= SheetLimits.workbookCellBytesMax else {
            failure = .tooManyStrings
            return
        }
        current += bytes
    }
}
