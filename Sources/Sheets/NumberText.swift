import Core
internal import Foundation

/// Numbers as a person would write them.
enum NumberText {
    /// `1.88006E5` → `188006`, `0.10000000000000001` → `0.1`; digits without point or exponent stay
    /// as they are, however many.
    /// - Returns: nil when the bytes are no number.
    static func plain(_ bytes: [UInt8]) -> String? {
        guard let parts = split(bytes) else { return nil }
        var (digits, exponent) = (parts.digits, parts.exponent)
        if exponent < 0, digits.drop(while: { $0 == 0x30 }).count > significantDigitsMax {
            // Excel keeps 15 digits; what a double adds behind them is noise.
            guard let value = Double(String(decoding: bytes, as: UTF8.self)),
                let short = split(Array(String(format: "%.*e", significantDigitsMax - 1, value).utf8))
            else { return nil }
            (digits, exponent) = (short.digits, short.exponent)
        }
        guard abs(exponent) <= 400 else { return String(decoding: bytes, as: UTF8.self) }
        let sign = parts.isNegative ? "-" : ""
        if exponent >= 0 {
            let whole = digits + [UInt8](repeating: 0x30, count: exponent)
            return sign + String(decoding: trimmedFront(whole), as: UTF8.self)
        }
        let padding = [UInt8](repeating: 0x30, count: max(0, 1 - exponent - digits.count))
        let all = padding + digits
        let fraction = all.suffix(-exponent)
        let whole = trimmedFront(Array(all.dropLast(fraction.count)))
        let kept = fraction.reversed().drop { $0 == 0x30 }.reversed()
        let head = sign + String(decoding: whole, as: UTF8.self)
        return kept.isEmpty ? head : head + "." + String(decoding: Array(kept), as: UTF8.self)
    }

    private static let significantDigitsMax = 15

    private static func trimmedFront(_ digits: [UInt8]) -> ArraySlice<UInt8> {
        let rest = digits.drop { $0 == 0x30 }
        return rest.isEmpty ? [0x30] : rest
    }

    /// The digits without their point, and the power of ten they are to be multiplied with.
    private static func split(_ bytes: [UInt8]) -> (isNegative: Bool, digits: [UInt8], exponent: Int)? {
        var rest = bytes[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var digits: [UInt8] = []
        var exponent = 0
        var hasPoint = false
        while let byte = rest.first {
            if (0x30...0x39).contains(byte) {
                digits.append(byte)
                if hasPoint { exponent -= 1 }
            } else if byte == 0x2E, !hasPoint {
                hasPoint = true
            } else {
                break
            }
            rest = rest.dropFirst()
        }
        guard !digits.isEmpty else { return nil }
        if let byte = rest.first {
            guard byte | 0x20 == UInt8(ascii: "e"), let power = Int(String(decoding: rest.dropFirst(), as: UTF8.self)),
                abs(power) < 10_000
            else { return nil }
            exponent += power
        }
        return (isNegative, digits, exponent)
    }
}
