/// Text as the index holds it, and questions as the index reads them.
enum SearchTokens {
    /// The tokens of a document, separated by spaces: pairs of neighbouring characters, the last character of each
    /// run, and whole words. Holds letters and digits only, so it needs no quoting in either engine.
    static func split(_ text: String) -> String {
        var text = text
        return text.withUTF8 { all in
            let bytes = truncated(all)
            // A pair takes at most 9 bytes for each 4 of the text, a folded letter at most 3 for each 2 and a space.
            return String(unsafeUninitializedCapacity: bytes.count * 3 + 16) { buffer in
                var scanner = SearchScanner(DocumentSink(buffer))
                scanner.scan(bytes)
                return scanner.sink.count
            }
        }
    }

    /// The tokens that all must occur, in FTS5's form: `天气` whole, `天*` the beginning of one.
    /// Nil when nothing was asked; empty when what was asked holds no letter.
    static func query(_ text: String) -> String? {
        var text = text
        guard text.contains(where: { !$0.isWhitespace }) else { return nil }
        return text.withUTF8 { all in
            let bytes = UnsafeBufferPointer(rebasing: all.prefix(StoreLimits.searchQueryBytesMax))
            var scanner = SearchScanner(QuerySink())
            scanner.scan(bytes)
            var seen: Set<String> = []
            return scanner.sink.tokens.filter { seen.insert($0).inserted }
                .prefix(StoreLimits.searchQueryTokensMax).joined(separator: " ")
        }
    }

    /// The beginning of a text, cut between characters.
    private static func truncated(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard bytes.count > StoreLimits.searchTextBytesMax else { return bytes }
        var end = StoreLimits.searchTextBytesMax
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return UnsafeBufferPointer(rebasing: bytes[..<end])
    }
}

private struct DocumentSink: SearchSink {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    mutating func pair(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
        for index in start..<end { append(bytes[index]) }
        append(32)
    }
    mutating func last(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, isAlone: Bool) {
        pair(bytes, from: start, to: end)
    }
    mutating func beginWord() {}
    mutating func wordByte(_ byte: UInt8) { append(byte) }
    mutating func endWord() { append(32) }

    private mutating func append(_ byte: UInt8) {
        buffer[count] = byte
        count += 1
    }
}

private struct QuerySink: SearchSink {
    private(set) var tokens: [String] = []
    private var word: [UInt8] = []

    mutating func pair(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
        tokens.append(String(decoding: bytes[start..<end], as: UTF8.self))
    }
    mutating func last(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, isAlone: Bool) {
        // The last character of a longer run is in its last pair already.
        if isAlone { tokens.append(String(decoding: bytes[start..<end], as: UTF8.self) + "*") }
    }
    mutating func beginWord() { word = [] }
    mutating func wordByte(_ byte: UInt8) { word.append(byte) }
    mutating func endWord() { tokens.append(String(decoding: word, as: UTF8.self) + "*") }
}
