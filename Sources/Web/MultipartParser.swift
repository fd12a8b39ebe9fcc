import Foundation

/// Takes a `multipart/form-data` body apart as it arrives (RFC 7578, RFC 2046 § 5.1). Pure: bytes in, events out;
/// it keeps no more than one chunk and one delimiter.
package struct MultipartParser: Sendable {
    package struct Head: Sendable, Equatable {
        package let name: String
        /// Nil for a field that is not a file; cleaned for use as the last part of a path.
        package let fileName: String?
        package let contentType: String?
    }

    package enum Event: Sendable, Equatable {
        case part(Head)
        case data([UInt8])
        case partEnd
        case end
    }

    private enum State { case preamble, delimiterLine, head, body, finished }

    private let delimiter: [UInt8]
    // A delimiter at the very start of the body needs no line break before it.
    private var buffer: [UInt8] = [13, 10]
    private var state = State.preamble
    private var parts = 0

    /// Nil when the boundary is not one (RFC 2046: 1 to 70 characters).
    package init?(boundary: String) {
        guard (1...70).contains(boundary.utf8.count) else { return nil }
        delimiter = [13, 10, 45, 45] + Array(boundary.utf8)
    }

    /// Nil when the content type is not multipart or names no boundary.
    package init?(contentType: String) {
        let pieces = contentType.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard pieces.first?.lowercased() == "multipart/form-data",
            let boundary = pieces.dropFirst().first(where: { $0.lowercased().hasPrefix("boundary=") })
        else { return nil }
        let value = boundary.dropFirst("boundary=".count)
        self.init(boundary: value.trimmingCharacters(in: CharacterSet(charactersIn: "\"")))
    }

    package var isFinished: Bool { state == .finished }

    package mutating func feed(_ bytes: some Sequence<UInt8>) throws(WebError) -> [Event] {
        if state == .finished { return [] }
        buffer.append(contentsOf: bytes)
        var events: [Event] = []
        while try step(&events) {}
        return events
    }

    /// A body that ends before its closing delimiter was cut off.
    package func finish() throws(WebError) {
        guard state == .finished else { throw .formMalformed }
    }

    /// False when more bytes are needed.
    private mutating func step(_ events: inout [Event]) throws(WebError) -> Bool {
        switch state {
        case .preamble: return skipPreamble()
        case .delimiterLine: return try readDelimiterLine(&events)
        case .head: return try readHead(&events)
        case .body: return readBody(&events)
        case .finished:
            buffer = []
            return false
        }
    }

    private mutating func skipPreamble() -> Bool {
        guard let start = buffer.firstRange(of: delimiter) else {
            buffer.removeFirst(max(0, buffer.count - delimiter.count))
            return false
        }
        buffer.removeFirst(start + delimiter.count)
        state = .delimiterLine
        return true
    }

    /// After a delimiter: `--` ends the body, white space and a line break start a part.
    private mutating func readDelimiterLine(_ events: inout [Event]) throws(WebError) -> Bool {
        if buffer.count >= 2, buffer[0] == 45, buffer[1] == 45 {
            state = .finished
            events.append(.end)
            return true
        }
        guard let lineEnd = buffer.firstRange(of: [13, 10]) else {
            if buffer.count > WebLimits.partHeadBytesMax { throw .formMalformed }
            return false
        }
        guard buffer[..<lineEnd].allSatisfy({ $0 == 32 || $0 == 9 }) else { throw .formMalformed }
        // The line break stays: with it a head without any line ends like every other.
        buffer.removeFirst(lineEnd)
        state = .head
        return true
    }

    private mutating func readHead(_ events: inout [Event]) throws(WebError) -> Bool {
        guard let end = buffer.firstRange(of: [13, 10, 13, 10]) else {
            if buffer.count > WebLimits.partHeadBytesMax { throw .formMalformed }
            return false
        }
        guard end <= WebLimits.partHeadBytesMax else { throw .formMalformed }
        let head = try MultipartHead.read(String(decoding: buffer[..<end], as: UTF8.self))
        buffer.removeFirst(end + 4)
        parts += 1
        guard parts <= WebLimits.partsMax else { throw .tooManyFields }
        // The line break before the next delimiter may be the one that ended the head.
        buffer.insert(contentsOf: [13, 10], at: 0)
        isBodyStart = true
        events.append(.part(head))
        state = .body
        return true
    }

    /// The two bytes put before a body are not its content.
    private var isBodyStart = false

    private mutating func readBody(_ events: inout [Event]) -> Bool {
        let lead = isBodyStart ? 2 : 0
        if let start = buffer.firstRange(of: delimiter) {
            if start > lead { events.append(.data(Array(buffer[lead..<start]))) }
            events.append(.partEnd)
            buffer.removeFirst(start + delimiter.count)
            state = .delimiterLine
            return true
        }
        let safe = buffer.count - delimiter.count
        if safe > lead {
            events.append(.data(Array(buffer[lead..<safe])))
            buffer.removeFirst(safe)
            isBodyStart = false
        }
        return false
    }
}

extension [UInt8] {
    /// Where `needle` first begins. Looks for its first byte with `memchr`, which is what makes uploads fast.
    fileprivate func firstRange(of needle: [UInt8]) -> Int? {
        guard count >= needle.count, let first = needle.first else { return nil }
        return withUnsafeBytes { hay in
            guard let base = hay.baseAddress else { return nil }
            var offset = 0
            let last = hay.count - needle.count
            while offset <= last, let hit = memchr(base + offset, Int32(first), last - offset + 1) {
                offset = UnsafeRawPointer(hit) - base
                if memcmp(base + offset, needle, needle.count) == 0 { return offset }
                offset += 1
            }
            return nil
        }
    }
}
