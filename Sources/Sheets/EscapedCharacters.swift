import Core

/// `_x000D_`, the way a workbook writes characters that XML cannot hold.
enum EscapedCharacters {
    static func decode(_ bytes: inout [UInt8]) {
        guard bytes.count >= 7, let first = bytes.firstIndex(of: 0x5F) else { return }
        var decoded: [UInt8]?
        var at = first
        var units: [UInt16] = []
        while at < bytes.count {
            if bytes[at] == 0x5F, let unit = unit(bytes, at) {
                if decoded == nil { decoded = Array(bytes[..<at]) }
                units.append(unit)
                at += 7
                continue
            }
            flush(&units, into: &decoded)
            decoded?.append(bytes[at])
            at += 1
        }
        flush(&units, into: &decoded)
        if let decoded { bytes = decoded }
    }

    /// Escapes what would be decoded although it was written so; nil when there is nothing of the kind.
    static func encode(_ text: String) -> String? {
        guard text.utf8.contains(0x5F) else { return nil }
        let bytes = Array(text.utf8)
        var encoded: [UInt8] = []
        for (at, byte) in bytes.enumerated() {
            encoded.append(byte)
            if byte == 0x5F, unit(bytes, at) != nil { encoded += "x005F_".utf8 }
        }
        return encoded.count > bytes.count ? String(decoding: encoded, as: UTF8.self) : nil
    }

    /// Zero bytes are dropped: no database takes them.
    private static func flush(_ units: inout [UInt16], into decoded: inout [UInt8]?) {
        guard !units.isEmpty else { return }
        decoded?.append(contentsOf: String(decoding: units, as: UTF16.self).utf8.filter { $0 != 0 })
        units.removeAll()
    }

    private static func unit(_ bytes: [UInt8], _ at: Int) -> UInt16? {
        guard at + 7 <= bytes.count, bytes[at + 1] | 0x20 == 0x78, bytes[at + 6] == 0x5F else { return nil }
        var value: UInt16 = 0
        for byte in bytes[at + 2..<at + 6] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt16(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt16(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt16(byte - 0x57)
            default: return nil
            }
        }
        return value
    }
}
