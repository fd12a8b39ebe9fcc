internal import Crypto
internal import Foundation

/// The code with which whoever submitted an appeal follows it; only its keyed hash is stored.
package struct FollowCode: Sendable {
    private let key: SymmetricKey

    package init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

    /// The code of a form that was sent: eight characters that cannot be mistaken for one another, 40 bits, the same
    /// however often the form is sent. Nobody without the key can derive it.
    func code(ofForm form: String) -> String {
        let bytes = HMAC<SHA256>.authenticationCode(for: Data("code\u{1F}\(form)".utf8), using: key)
        return String(bytes.prefix(AppealLimits.followCodeCharacters).map { Self.letters[Int($0 & 31)] })
    }

    /// What a form is known by when it is sent again: its ticket and everything it says.
    func formName(_ parts: [String]) -> String { hash(["form"] + parts) }

    func hash(number: String, code: String) -> String {
        hash("follow", number.uppercased(), Self.normalised(code))
    }

    /// What stands for a visitor in the throttle; an address is not kept.
    func visitorKey(_ address: String) -> String { hash("visitor", address) }

    static func normalised(_ code: String) -> String {
        String(code.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }

    private func hash(_ parts: String...) -> String { hash(parts) }

    private func hash(_ parts: [String]) -> String {
        let text = parts.joined(separator: "\u{1F}")
        return Hex.text(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key).prefix(20))
    }

    private static let letters = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
}
