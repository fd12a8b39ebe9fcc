internal import Foundation

/// Makes text of unknown origin fit to store and show.
enum ImportText {
    /// The text without control characters, invisible direction marks and blanks at its ends.
    ///
    /// Line breaks become `\n` and tabs stay; NUL, which PostgreSQL refuses, goes with the other control characters.
    /// Marks that turn the direction of writing (U+202A…202E, U+2066…2069) could disguise what a page says.
    static func cleaned(_ text: String) -> String {
        var text = text
        let isClean = text.withUTF8 { bytes -> Bool in
            guard let first = bytes.first, let last = bytes.last else { return true }
            if first <= 0x20 || last <= 0x20 { return false }
            for (index, byte) in bytes.enumerated() {
                if byte < 0x20, byte != 0x0A, byte != 0x09 { return false }
                if byte == 0x7F { return false }
                // The lead bytes of C1 controls, of the marks of General Punctuation, of U+3000 and of U+FEFF.
                if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] <= 0xA0 { return false }
                if byte == 0xE2, index + 1 < bytes.count, bytes[index + 1] == 0x80 || bytes[index + 1] == 0x81 {
                    return false
                }
                if byte == 0xEF, index + 1 < bytes.count, bytes[index + 1] == 0xBB || bytes[index + 1] == 0xBF {
                    return false
                }
            }
            return !isIdeographicBlank(bytes.prefix(3)) && !isIdeographicBlank(bytes.suffix(3))
        }
        return isClean ? text : rewritten(text)
    }

    /// A header or short name for comparison: lower case, half width, only letters and digits.
    static func normalised(_ name: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            let value = scalar.value
            let narrow = (0xFF01...0xFF5E).contains(value) ? UnicodeScalar(value - 0xFEE0) ?? scalar : scalar
            if narrow.properties.isAlphabetic || narrow.properties.numericType != nil { out.append(narrow) }
        }
        return String(out).lowercased()
    }

    /// Whether the text is longer than so many characters, without counting where its bytes already say no.
    static func isLonger(_ text: String, than characters: Int) -> Bool {
        text.utf8.count > characters && text.unicodeScalars.count > characters
    }

    /// Whether the bytes hold the word, which is in lower case; capitals of ASCII count as small.
    static func holds(_ bytes: UnsafeBufferPointer<UInt8>, lowercase word: [UInt8]) -> Bool {
        guard let first = word.first, bytes.count >= word.count else { return false }
        let last = bytes.count - word.count
        var start = 0
        // Most words are Chinese, which has no capitals: the system's own search is many times as fast.
        if word.allSatisfy({ $0 >= 0x80 }) {
            while start <= last, let base = bytes.baseAddress,
                let found = memchr(base + start, Int32(first), last - start + 1)
            {
                start = UnsafeRawPointer(found) - UnsafeRawPointer(base)
                if memcmp(base + start, word, word.count) == 0 { return true }
                start += 1
            }
            return false
        }
        while start <= last {
            if small(bytes[start]) == first {
                var length = 1
                while length < word.count, small(bytes[start + length]) == word[length] { length += 1 }
                if length == word.count { return true }
            }
            start += 1
        }
        return false
    }

    private static func small(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static func isIdeographicBlank(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.elementsEqual([0xE3, 0x80, 0x80])
    }

    private static func rewritten(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        out.reserveCapacity(text.utf8.count)
        var wasReturn = false
        for scalar in text.unicodeScalars {
            let value = scalar.value
            defer { wasReturn = value == 13 }
            switch value {
            case 10: if !wasReturn { out.append("\n") }
            case 13, 0x2028, 0x2029, 0x85: out.append("\n")
            case 9: out.append("\t")
            case 0..<32, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0xFEFF, 0xFFFE, 0xFFFF: continue
            case 0xA0: out.append(" ")
            default: out.append(scalar)
            }
        }
        let isBlank = { (scalar: UnicodeScalar) in scalar.properties.isWhitespace }
        guard let start = out.firstIndex(where: { !isBlank($0) }), let end = out.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(out[start...end])
    }
}
