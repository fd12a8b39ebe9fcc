internal import Crypto
internal import Foundation

/// Turns whoever wrote an appeal into a keyed hash; nothing else of them is kept.
package struct ImportAuthor: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: the district's own, so that the same person has another key in another district.
    package init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

    /// 32 hexadecimal digits; nil for nobody, 匿名 and the like.
    package func key(author: String, phone: String) -> String? {
        // A telephone number names a person better than 陈先生 does.
        let digits = phone.filter(\.isNumber)
        let isPhone = digits.count >= AppealLimits.phoneDigitsMin
        let name = author.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard isPhone || !(name.isEmpty || Self.isPlaceholder(name)) else { return nil }
        let identity = isPhone ? "phone:\(digits)" : "author:\(name)"
        let code = HMAC<SHA256>.authenticationCode(for: Data(identity.utf8), using: key)
        return Hex.text(code.prefix(16))
    }

    /// Words that stand for nobody in particular: two appeals that carry them need not be of one person.
    static func isPlaceholder(_ name: String) -> Bool {
        name.utf8.count <= 2 && Int(name) != nil || placeholders.contains(name.lowercased())
    }

    private static let placeholders: Set<String> = [
        "匿名", "匿名用户", "市民", "网友", "群众", "无", "未知", "不详", "某市民", "居民", "anonymous", "none", "unknown", "n/a", "-", "/",
    ]
}

/// Bytes as lower-case hexadecimal digits.
enum Hex {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var out: [UInt8] = []
        for byte in bytes {
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
