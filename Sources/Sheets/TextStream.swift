import Core
internal import Foundation

/// The text of a file as UTF-8 bytes, in order, whatever its encoding. UTF-8 passes unchecked: cells are checked
/// as they are made.
final class TextStream {
    let encoding: TextEncoding
    let file: FileBytes
    private(set) var offset: Int
    /// Set once bytes were met that the encoding does not have; what came before them has been handed out.
    private(set) var isMalformed = false
    private let converter: iconv_t?
    private var pending: [UInt8] = []

    init(file: FileBytes, encoding: TextEncoding, from offset: Int) throws(SheetError) {
        self.file = file
        self.encoding = encoding
        self.offset = offset
        guard encoding != .utf8 else {
            converter = nil
            return
        }
        let opened = iconv_open("UTF-8", encoding.rawValue)
        guard let opened, Int(bitPattern: opened) != -1 else {
            converter = nil
            throw .unreadable(reason: "iconv \(encoding.rawValue)")
        }
        converter = opened
    }

    deinit {
        if let converter { iconv_close(converter) }
    }

    /// Writes at least one byte of UTF-8 unless the end, or a malformed byte, is reached: then 0.
    /// `buffer` must hold four bytes or more.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SheetError) -> Int {
        guard let converter else {
            let count = try file.read(into: buffer, at: offset)
            offset += count
            return count
        }
        while !isMalformed {
            // Half of the space, because two bytes of GB18030 make three of UTF-8.
            let wanted = max(16, buffer.count / 2) - pending.count
            let fresh = wanted > 0 ? try file.bytes(at: offset, count: wanted) : []
            offset += fresh.count
            pending += fresh
            if pending.isEmpty { return 0 }
            let (used, written) = convert(converter, into: buffer)
            pending.removeFirst(used)
            if written > 0 { return written }
            if fresh.isEmpty, used == 0 {
                isMalformed = true  // A sequence the end of the file cuts off.
            }
        }
        return 0
    }

    private func convert(_ converter: iconv_t, into buffer: UnsafeMutableRawBufferPointer) -> (used: Int, written: Int)
    {
        pending.withUnsafeMutableBytes { input in
            var source: UnsafeMutablePointer<CChar>? = input.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left = input.count
            var target: UnsafeMutablePointer<CChar>? = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            var space = buffer.count
            errno = 0
            let result = iconv(converter, &source, &left, &target, &space)
            if result == -1, errno == EILSEQ { isMalformed = true }
            return (input.count - left, buffer.count - space)
        }
    }
}
