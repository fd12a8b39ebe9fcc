internal import Crypto
internal import Foundation
internal import Synchronization

/// Random secrets and what is stored of them.
enum SecureBytes {
    static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// 256 random bits as base64url, for cookies and links.
    static func token() -> String {
        Data(random(32)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// What the database keeps of a token or code: whoever reads the database cannot use it.
    static func hash(_ token: String) -> String { SHA256.hash(data: Data(token.utf8)).hex }

    /// Takes as long for a near miss as for a far one.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// Counts who is inside, and lets in no more than a limit.
final class Semaphore: Sendable {
    private let limit: Int
    private let inside = Mutex(0)
    init(limit: Int) { self.limit = limit }

    func enter() -> Bool {
        inside.withLock { inside in
            guard inside < limit else { return false }
            inside += 1
            return true
        }
    }
    func leave() { inside.withLock { $0 -= 1 } }
}
