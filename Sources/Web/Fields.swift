import Foundation

/// The values of a submitted form, or of a query string. A name may stand several times.
package struct Fields: Sendable, Equatable {
    package private(set) var pairs: [(name: String, value: String)] = []

    package init(_ pairs: [(name: String, value: String)] = []) { self.pairs = pairs }

    /// Reads `application/x-www-form-urlencoded` (WHATWG URL § 5.1). Bytes that are no UTF-8 become U+FFFD.
    package init(urlEncoded bytes: some Collection<UInt8>, fieldsMax: Int = WebLimits.formFieldsMax) throws {
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            guard pairs.count < fieldsMax else { throw WebError.tooManyFields }
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count > 1 ? Fields.decode(halves[1]) : ""
            pairs.append((Fields.decode(halves[0]), value))
        }
    }

    /// The first value of a field as it was typed; nil when absent or empty.
    package subscript(_ name: String) -> String? {
        pairs.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    /// All values of a field that are not empty: checkboxes and multiple choices.
    package func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    /// The first value without white space at its ends and with `\n` as the end of a line; empty when absent.
    package func text(_ name: String) -> String {
        guard let value = self[name] else { return "" }
        return value.replacingOccurrences(of: "\r\n", with: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    mutating func append(_ name: String, _ value: String) { pairs.append((name, value)) }

    private static func decode(_ bytes: some Collection<UInt8>) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index != bytes.endIndex {
            let byte = bytes[index]
            bytes.formIndex(after: &index)
            if byte == UInt8(ascii: "+") {
                out.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), let pair = hexPair(bytes, at: index) {
                out.append(pair)
                index = bytes.index(index, offsetBy: 2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func hexPair<Bytes: Collection<UInt8>>(_ bytes: Bytes, at start: Bytes.Index) -> UInt8? {
        let digits = bytes[start...].prefix(2).map { Character(UnicodeScalar($0)) }
        guard digits.count == 2, let high = digits[0].hexDigitValue, let low = digits[1].hexDigitValue else {
            return nil
        }
        return UInt8(high * 16 + low)
    }

    package static func == (left: Fields, right: Fields) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0.name == $1.name && $0.value == $1.value }
    }
}
