/// What the scanner finds in a text, as ranges of its UTF-8 bytes or as folded bytes.
protocol SearchSink {
    /// Two neighbouring characters of a run without spaces, such as Chinese.
    mutating func pair(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int)
    /// The last character of such a run.
    mutating func last(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, isAlone: Bool)
    mutating func beginWord()
    /// One byte of a word, lower case.
    mutating func wordByte(_ byte: UInt8)
    mutating func endWord()
}

/// Splits text for search: Chinese into pairs of neighbours, everything else into whole lower-case words.
///
/// By hand over bytes: this runs once for every text that is stored, and is most of what indexing costs in Swift.
struct SearchScanner<Sink: SearchSink> {
    var sink: Sink
    private var previous = -1
    private var previousEnd = 0
    private var isRunLong = false
    private var wordBytes = 0

    init(_ sink: Sink) { self.sink = sink }

    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) {
        var at = 0
        let end = bytes.count
        while at < end {
            let byte = bytes[at]
            if byte < 0x80 {
                let folded = asciiFolding[Int(byte)]
                if folded != 0 { appendToWord(folded, bytes) } else { breakAll(bytes) }
                at += 1
            } else {
                at = scanWide(bytes, at: at, first: byte)
            }
        }
        breakAll(bytes)
    }

    private mutating func scanWide(_ bytes: UnsafeBufferPointer<UInt8>, at: Int, first: UInt8) -> Int {
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        let end = Swift.min(at + length, bytes.count)
        var scalar = UInt32(first) & (0x7F >> UInt32(length))
        for index in at + 1..<end { scalar = scalar << 6 | UInt32(bytes[index] & 0x3F) }
        switch scalar {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x3005...0x3007, 0x3041...0x30FF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0x20000...0x3FFFF:
            appendToRun(bytes, from: at, to: end)
        case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A:
            // Full-width digits and letters are what a Chinese keyboard types for 0–9 and A–Z.
            appendToWord(asciiFolding[Int(scalar - 0xFEE0)], bytes)
        case 0x3000...0x303F, 0xFF00...0xFFEF, 0x2000...0x206F:
            breakAll(bytes)
        default:
            appendOther(scalar, bytes)
        }
        return end
    }

    private mutating func appendToRun(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
        breakWord()
        if previous >= 0 {
            sink.pair(bytes, from: previous, to: end)
            isRunLong = true
        } else {
            isRunLong = false
        }
        previous = start
        previousEnd = end
    }

    private mutating func appendToWord(_ byte: UInt8, _ bytes: UnsafeBufferPointer<UInt8>) {
        breakRun(bytes)
        if wordBytes == 0 { sink.beginWord() }
        if wordBytes < StoreLimits.searchWordBytesMax { sink.wordByte(byte) }
        wordBytes += 1
    }

    /// Letters of other scripts; rare here, so the tables of the standard library will do.
    private mutating func appendOther(_ value: UInt32, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard let scalar = Unicode.Scalar(value), scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        else { return breakAll(bytes) }
        // Whole letters only: a word is never cut within one.
        let folded = scalar.properties.lowercaseMapping.utf8
        guard wordBytes == 0 || wordBytes + folded.count <= StoreLimits.searchWordBytesMax else {
            wordBytes = StoreLimits.searchWordBytesMax
            return
        }
        for byte in folded { appendToWord(byte, bytes) }
    }

    private mutating func breakAll(_ bytes: UnsafeBufferPointer<UInt8>) {
        breakWord()
        breakRun(bytes)
    }

    private mutating func breakWord() {
        guard wordBytes > 0 else { return }
        sink.endWord()
        wordBytes = 0
    }

    private mutating func breakRun(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard previous >= 0 else { return }
        sink.last(bytes, from: previous, to: previousEnd, isAlone: !isRunLong)
        previous = -1
    }
}

/// ASCII letters and digits in lower case; 0 for what separates words.
private let asciiFolding: [UInt8] = (0..<128).map { byte in
    switch UInt8(byte) {
    case 48...57, 97...122: UInt8(byte)
    case 65...90: UInt8(byte) + 32
    default: 0
    }
}
