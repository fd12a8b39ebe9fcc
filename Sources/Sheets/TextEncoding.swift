import Core

/// The encodings Chinese offices export text in.
enum TextEncoding: String, Sendable {
    case utf8 = "UTF-8"
    case gb18030 = "GB18030"
    case utf16LittleEndian = "UTF-16LE"
    case utf16BigEndian = "UTF-16BE"

    /// Looks at the byte order mark, else at the first stretch that is not plain ASCII.
    /// - Returns: the encoding and the length of its mark; nil when the bytes are no text.
    static func detect(in file: FileBytes) throws(SheetError) -> (encoding: TextEncoding, markLength: Int)? {
        let head = try file.bytes(at: 0, count: SheetLimits.sampleBytes)
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if head.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if head.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        // One zero byte in a text is an accident; many are another encoding, or no text.
        let zeros = head.count { $0 == 0 }
        if zeros * 500 > head.count { return unmarkedUTF16(head).map { ($0, 0) } }
        var sample = head
        var offset = 0
        // Ids and dates may come long before the first Chinese character.
        while !sample.contains(where: { $0 >= 0x80 }) {
            offset += sample.count
            sample = try file.bytes(at: offset, count: SheetLimits.readBytes)
            if sample.isEmpty { return (.utf8, 0) }
        }
        guard let first = sample.firstIndex(where: { $0 >= 0x80 }) else { return (.utf8, 0) }
        let stretch = try file.bytes(at: offset + first, count: SheetLimits.sampleBytes)
        let isWhole = offset + first + stretch.count == file.size
        let faults = (utf8: utf8Faults(stretch, isWhole), gb: gbFaults(stretch, isWhole))
        if faults.utf8 == 0 { return (.utf8, 0) }
        if faults.gb == 0 { return (.gb18030, 0) }
        // Damaged text: name the likelier encoding, and let the reader say in which row it breaks.
        return (faults.utf8 <= faults.gb ? .utf8 : .gb18030, 0)
    }

    /// Commas, digits and line ends betray the byte order: their zero bytes all lie on one side.
    private static func unmarkedUTF16(_ head: [UInt8]) -> TextEncoding? {
        var zeros = (even: 0, odd: 0)
        for (index, byte) in head.enumerated() where byte == 0 {
            if index % 2 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
        }
        if zeros.even == 0, zeros.odd * 50 >= head.count { return .utf16LittleEndian }
        if zeros.odd == 0, zeros.even * 50 >= head.count { return .utf16BigEndian }
        return nil
    }

    /// Sequences that are not UTF-8. A sequence cut off by the end of the sample is no fault.
    private static func utf8Faults(_ bytes: [UInt8], _ isWhole: Bool) -> Int {
        var (faults, at) = (0, 0)
        while at < bytes.count {
            let byte = bytes[at]
            let length =
                switch byte {
                case 0..<0x80: 1
                case 0xC2..<0xE0: 2
                case 0xE0..<0xF0: 3
                case 0xF0..<0xF5: 4
                default: 0
                }
            if length > 0, at + length > bytes.count, !isWhole { break }
            let isGood =
                length > 0 && at + length <= bytes.count
                && (1..<max(1, length)).allSatisfy { bytes[at + $0] & 0xC0 == 0x80 }
            if !isGood { faults += 1 }
            at += isGood ? length : 1
        }
        return faults
    }

    private static func gbFaults(_ bytes: [UInt8], _ isWhole: Bool) -> Int {
        var (faults, at) = (0, 0)
        while at < bytes.count {
            if bytes[at] < 0x80 {
                at += 1
                continue
            }
            if at + 1 >= bytes.count {
                faults += isWhole ? 1 : 0
                break
            }
            let (lead, trail) = (bytes[at], bytes[at + 1])
            if (0x81...0xFE).contains(lead), (0x40...0xFE).contains(trail), trail != 0x7F {
                at += 2
            } else if (0x81...0xFE).contains(lead), (0x30...0x39).contains(trail) {
                at += 4
            } else {
                faults += 1
                at += 1
            }
        }
        return faults
    }
}
