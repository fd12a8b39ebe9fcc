/// Text as mining compares it: UTF-16 codes, half-width and lower case, without blanks; any run of punctuation is one
/// `NormalText.gap`. HTML entities and tags of exports are undone.
package struct NormalText: Sendable, Equatable {
    /// Stands for punctuation and line breaks; n-grams and names never cross it.
    package static let gap: UInt16 = 0

    package let codes: [UInt16]

    package init(_ text: String) {
        var text = text
        codes = text.withUTF8 { NormalText.normalise($0) }
    }

    package init(codes: [UInt16]) { self.codes = codes }

    /// The codes as a string again, gaps as blanks.
    package static func string(_ codes: some Sequence<UInt16>) -> String {
        String(decoding: codes.map { $0 == gap ? 32 : $0 }, as: UTF16.self)
    }

    private static func normalise(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt16] {
        // No character makes more codes than it has bytes.
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: bytes.count) { codes in
            Array(codes[..<write(bytes, to: codes)])
        }
    }

    /// Writes as many codes as there is room for; no gap stands last.
    /// - Returns: how many.
    static func write(_ bytes: UnsafeBufferPointer<UInt8>, to codes: UnsafeMutableBufferPointer<UInt16>) -> Int {
        var (at, count) = (0, 0)
        while at < bytes.count, count < codes.count {
            let (scalar, length) = decode(bytes, at)
            if scalar &- 0x4E00 < 0x5200 {  // An ideograph, as most are.
                codes[count] = UInt16(truncatingIfNeeded: scalar)
                count += 1
                at += length
            } else if scalar == 38, let entity = entity(bytes, at) {  // &
                append(entity.scalar, to: codes, &count)
                at += entity.length
            } else if scalar == 60, let length = tagLength(bytes, at) {  // <
                append(44, to: codes, &count)
                at += length
            } else {
                append(scalar, to: codes, &count)
                at += length
            }
        }
        if count > 0, codes[count - 1] == gap { count -= 1 }
        return count
    }

    /// Swift strings are valid UTF-8, so lengths follow from the first byte.
    @inline(__always)
    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> (scalar: UInt32, length: Int) {
        let first = UInt32(bytes[at])
        if first < 0x80 { return (first, 1) }
        if first < 0xE0, at + 1 < bytes.count { return ((first & 0x1F) << 6 | UInt32(bytes[at + 1]) & 0x3F, 2) }
        if first < 0xF0, at + 2 < bytes.count {
            return ((first & 0xF) << 12 | (UInt32(bytes[at + 1]) & 0x3F) << 6 | UInt32(bytes[at + 2]) & 0x3F, 3)
        }
        guard at + 3 < bytes.count else { return (44, 1) }
        let high = (first & 7) << 18 | (UInt32(bytes[at + 1]) & 0x3F) << 12
        return (high | (UInt32(bytes[at + 2]) & 0x3F) << 6 | UInt32(bytes[at + 3]) & 0x3F, 4)
    }

    @inline(__always)
    private static func append(_ scalar: UInt32, to codes: UnsafeMutableBufferPointer<UInt16>, _ count: inout Int) {
        var scalar = scalar
        if scalar >= 0xFF01, scalar <= 0xFF5E { scalar -= 0xFEE0 }
        let code: UInt16
        switch scalar {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 48...57, 97...122, 0x3005, 0x3007:
            code = UInt16(truncatingIfNeeded: scalar)
        case 65...90:
            code = UInt16(truncatingIfNeeded: scalar + 32)
        case 9, 32, 0xA0, 0x3000, 0x200B...0x200F, 0xFEFF, 0xAD, 0x2060:
            return
        case 0xC0...0x1FFF, 0x3040...0x318F, 0xAC00...0xD7AF:
            code = UInt16(truncatingIfNeeded: scalar)
        case 0x20000...0x3FFFF:
            // Rare ideographs fold into the private area: equal ones stay equal.
            code = 0xE000 | UInt16(truncatingIfNeeded: scalar & 0xFFF)
        default:
            guard count > 0, codes[count - 1] != gap else { return }
            code = gap
        }
        codes[count] = code
        count += 1
    }

    private static let entityNames: [String: UInt32] = [
        "nbsp": 32, "ensp": 32, "emsp": 32, "amp": 38, "lt": 60, "gt": 62, "quot": 34, "apos": 39, "ldquo": 0x201C,
        "rdquo": 0x201D, "lsquo": 0x2018, "rsquo": 0x2019, "mdash": 0x2014, "hellip": 0x2026, "middot": 0xB7,
    ]

    private static func entity(
        _ bytes: UnsafeBufferPointer<UInt8>, _ at: Int
    ) -> (scalar: UInt32, length: Int)? {
        let limit = min(bytes.count, at + 10)
        guard let end = (at + 1..<limit).first(where: { bytes[$0] == 59 }) else { return nil }
        let name = String(decoding: bytes[at + 1..<end], as: UTF8.self)
        let scalar: UInt32?
        if name.hasPrefix("#x") || name.hasPrefix("#X") {
            scalar = UInt32(name.dropFirst(2), radix: 16)
        } else if name.hasPrefix("#") {
            scalar = UInt32(name.dropFirst())
        } else {
            scalar = entityNames[name]
        }
        return scalar.map { ($0, end - at + 1) }
    }

    /// A tag such as `<br/>` or `</p>`, at most 80 bytes; nil where `<` only means less.
    private static func tagLength(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int? {
        guard at + 1 < bytes.count else { return nil }
        let next = bytes[at + 1] | 32
        guard next == 47 || (97...122).contains(next) else { return nil }
        let limit = min(bytes.count, at + 80)
        return (at + 2..<limit).first { bytes[$0] == 62 }.map { $0 - at + 1 }
    }
}
