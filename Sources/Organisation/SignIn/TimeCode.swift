internal import Core
internal import Crypto
internal import Foundation

/// Time-based one-time passwords: RFC 6238 with HMAC-SHA-1, six digits, thirty seconds, as every authenticator speaks.
package enum TimeCode {
    static let stepSeconds: Int64 = 30

    static func code(secret: [UInt8], step: Int64) -> String {
        let counter = withUnsafeBytes(of: UInt64(bitPattern: step).bigEndian) { Data($0) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(mac[19] & 15)
        let word = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        return Day.padded(Int(word % 1_000_000), 6)
    }

    /// The step a code is valid for, one to either side for clocks that differ; nil when it is wrong or not newer than
    /// `lastStep`, so that a code seen over a shoulder is used up.
    static func matchingStep(_ code: String, secret: [UInt8], at now: Instant, lastStep: Int64) -> Int64? {
        let digits = code.filter { !$0.isWhitespace }
        let current = now.millisecondsSince1970 / (stepSeconds * 1_000)
        return (current - 1...current + 1).last { step in
            step > lastStep
                && SecureBytes.areEqual(Array(TimeCode.code(secret: secret, step: step).utf8), Array(digits.utf8))
        }
    }

    /// RFC 4648 base 32 without padding: what is typed into an authenticator.
    static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var (buffer, bits) = (UInt32(0), 0)
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> UInt32(bits)) & 31])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << UInt32(5 - bits)) & 31]) }
        return text
    }

    /// The address an authenticator opens; names are percent-encoded.
    static func address(secret: [UInt8], signInName: String, issuer: String) -> String {
        func encoded(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        return
            "otpauth://totp/\(encoded(issuer)):\(encoded(signInName))"
            + "?secret=\(base32(secret))&issuer=\(encoded(issuer))"
    }
}

/// Encrypts small secrets at rest with a key of the system's own (AES-256-GCM, key by HKDF-SHA-256).
struct Seal: Sendable {
    private let key: SymmetricKey

    init(secret: [UInt8], purpose: String) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), info: Data(purpose.utf8), outputByteCount: 32)
    }

    func seal(_ bytes: [UInt8]) throws -> String {
        guard let box = try AES.GCM.seal(bytes, using: key).combined else { throw OrganisationError.secretUnreadable }
        return box.base64EncodedString()
    }

    func open(_ text: String) throws -> [UInt8] {
        guard let data = Data(base64Encoded: text), let box = try? AES.GCM.SealedBox(combined: data),
            let bytes = try? AES.GCM.open(box, using: key)
        else { throw OrganisationError.secretUnreadable }
        return Array(bytes)
    }

    /// A keyed name for something that is counted but must not be stored.
    func name(_ text: String) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key).hex
    }
}
