import Crypto
import Foundation

/// What the site signs with its secret: CSRF tokens, and the cookie of a visitor without an account.
struct Seal: Sendable {
    private let key: SymmetricKey

    init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

    /// The token every form of this visitor carries, under a fresh mask each time: a page is compressed, and the
    /// length of a compressed page must not tell its token apart (BREACH).
    func csrfToken(sessionKey: String) -> String {
        let mask = (0..<32).map { _ in UInt8.random(in: 0...255) }
        return hex(mask) + hex(zip(mask, code("csrf", sessionKey)).map { $0 ^ $1 })
    }

    /// In constant time.
    func isCSRFToken(_ token: String, sessionKey: String) -> Bool {
        guard token.utf8.count == 128, let mask = bytes(hex: String(token.prefix(64))),
            let masked = bytes(hex: String(token.suffix(64)))
        else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            zip(mask, masked).map { $0 ^ $1 }, authenticating: message("csrf", sessionKey), using: key)
    }

    /// A fresh cookie for a visitor without an account: a random name and its signature.
    func newVisitorCookie() -> String {
        let name = hex((0..<16).map { _ in UInt8.random(in: 0...255) })
        return "\(name).\(hex(code("visitor", name)))"
    }

    /// The name in a visitor's cookie; nil when we did not sign it.
    func visitorName(cookie: String) -> String? {
        let parts = cookie.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let signature = bytes(hex: parts[1]),
            HMAC<SHA256>.isValidAuthenticationCode(
                signature, authenticating: message("visitor", parts[0]), using: key)
        else { return nil }
        return parts[0]
    }

    /// Proves later that a text was written by this site, for one visitor and one purpose.
    func signature(of text: String, for purpose: String, sessionKey: String) -> String {
        hex(code(purpose, "\(sessionKey)\u{0}\(text)"))
    }

    /// In constant time.
    func isSignature(_ signature: String, of text: String, for purpose: String, sessionKey: String) -> Bool {
        guard let signature = bytes(hex: signature) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            signature, authenticating: message(purpose, "\(sessionKey)\u{0}\(text)"), using: key)
    }

    private func message(_ purpose: String, _ text: String) -> [UInt8] { Array("\(purpose)\u{0}\(text)".utf8) }

    private func code(_ purpose: String, _ text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message(purpose, text), using: key))
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func bytes(hex text: String) -> [UInt8]? {
        let digits = text.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 64, !digits.contains(nil) else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8((digits[$0] ?? 0) * 16 + (digits[$0 + 1] ?? 0)) }
    }
}
