import Core
package import Foundation

/// Writes CSV that Excel opens rightly: UTF-8, CRLF, cells quoted where needed, formulas defused (see `FormulaGuard`).
package final class CSVWriter {
    private let handle: FileHandle
    private let atomic: AtomicFile?
    private var buffer: [UInt8] = []

    /// Writes to a file that appears at `path` when `finish` is called; without that, nothing is left.
    /// - Parameter hasMark: a byte order mark, without which Excel takes UTF-8 for the local encoding.
    package init(path: String, hasMark: Bool = true) throws {
        let atomic = AtomicFile(path: path)
        let descriptor = open(atomic.partialPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SheetError.cannotWrite(reason: String(cString: strerror(errno))) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        self.atomic = atomic
        if hasMark { buffer = [0xEF, 0xBB, 0xBF] }
    }

    /// Writes to what is already open, such as standard output; it stays open.
    package init(handle: FileHandle, hasMark: Bool = false) {
        self.handle = handle
        atomic = nil
        if hasMark { buffer = [0xEF, 0xBB, 0xBF] }
    }

    package func write(_ cells: [Cell]) throws {
        CSVWriter.append(cells, to: &buffer)
        if buffer.count >= 128 << 10 { try flush() }
    }

    package func write(_ texts: [String]) throws {
        try write(texts.map { Cell.text($0) })
    }

    /// Everything written so far reaches the file; a file by path takes its name.
    package func finish() throws {
        try flush()
        try atomic?.finish()
    }

    /// One row as bytes, with its line end: for answers that are streamed.
    package static func line(_ cells: [Cell]) -> [UInt8] {
        var bytes: [UInt8] = []
        append(cells, to: &bytes)
        return bytes
    }

    private func flush() throws {
        do {
            try handle.write(contentsOf: buffer)
        } catch {
            throw SheetError.cannotWrite(reason: error.localizedDescription)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func append(_ cells: [Cell], to buffer: inout [UInt8]) {
        // A row of one empty cell would be a blank line, which readers pass over.
        if cells.count == 1, cells[0].isEmpty { buffer += "\"\"".utf8 }
        for (index, cell) in cells.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            if case .text(let text) = cell {
                appendText(FormulaGuard.guarded(text), to: &buffer)
            } else {
                buffer += cell.string.utf8
            }
        }
        buffer += [0x0D, 0x0A]
    }

    private static func appendText(_ text: String, to buffer: inout [UInt8]) {
        let bytes = text.utf8
        let mustQuote = bytes.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        guard mustQuote || bytes.first == 0x20 || bytes.first == 0x27 else {
            buffer += bytes
            return
        }
        buffer.append(0x22)
        for byte in bytes {
            if byte == 0x22 { buffer.append(0x22) }
            buffer.append(byte)
        }
        buffer.append(0x22)
    }
}
