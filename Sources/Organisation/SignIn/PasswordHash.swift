internal import Core
internal import Crypto
internal import CryptoExtras
internal import Foundation

/// A password as it is stored: scrypt (RFC 7914) with its parameters and salt beside it,
/// `$scrypt$ln=15,r=8,p=1$SALT$HASH`.
package struct PasswordHash: Sendable, Equatable {
    package struct Cost: Sendable, Equatable {
        /// log₂ of N; memory is 128 · N · r bytes: 32 MiB as shipped.
        package let logRounds: Int
        package let blockSize: Int
        package let parallelism: Int

        package init(logRounds: Int, blockSize: Int, parallelism: Int) {
            self.logRounds = logRounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }
        package static let shipped = Cost(logRounds: 15, blockSize: 8, parallelism: 1)
    }

    let cost: Cost
    let salt: [UInt8]
    let key: [UInt8]

    static func make(_ password: String, cost: Cost) throws -> PasswordHash {
        let salt = SecureBytes.random(16)
        return PasswordHash(cost: cost, salt: salt, key: try derive(password, salt: salt, cost: cost))
    }

    func matches(_ password: String) throws -> Bool {
        let derived = try PasswordHash.derive(password, salt: salt, cost: cost)
        return SecureBytes.areEqual(derived, key)
    }

    var text: String {
        let parameters = "ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)"
        return "$scrypt$\(parameters)$\(Data(salt).base64EncodedString())$\(Data(key).base64EncodedString())"
    }

    init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let match = parts[2].wholeMatch(of: /ln=(\d+),r=(\d+),p=(\d+)/),
            let logRounds = Int(match.output.1), let blockSize = Int(match.output.2),
            let parallelism = Int(match.output.3), (1...24).contains(logRounds), (1...32).contains(blockSize),
            (1...16).contains(parallelism), let salt = Data(base64Encoded: String(parts[3])),
            let key = Data(base64Encoded: String(parts[4])), !salt.isEmpty, key.count == 32
        else { return nil }
        self.init(
            cost: Cost(logRounds: logRounds, blockSize: blockSize, parallelism: parallelism), salt: [UInt8](salt),
            key: [UInt8](key))
    }

    private init(cost: Cost, salt: [UInt8], key: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// The same text typed on another keyboard is another sequence of scalars: NFKC makes them one (NIST 800-63B).
    private static func derive(_ password: String, salt: [UInt8], cost: Cost) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.precomposedStringWithCompatibilityMapping.utf8), salt: salt, outputByteCount: 32,
            rounds: 1 << cost.logRounds, blockSize: cost.blockSize, parallelism: cost.parallelism)
        return key.withUnsafeBytes { Array($0) }
    }
}

/// Hashes and checks passwords on threads of its own, a few at a time: each costs a tenth of a second and 32 MiB.
package final class PasswordHasher: Sendable {
    package let cost: PasswordHash.Cost
    private let queue = DispatchQueue(label: "shuzhi.passwords", qos: .userInitiated)
    private let waiting = Semaphore(limit: 64)
    /// What an unknown name is checked against, so that it takes as long as a known one.
    private let decoy: PasswordHash

    package init(cost: PasswordHash.Cost = .shipped) throws {
        self.cost = cost
        decoy = try PasswordHash.make("nobody has this password", cost: cost)
    }

    func hash(_ password: String) async throws -> PasswordHash {
        try await run { [cost] in try PasswordHash.make(password, cost: cost) }
    }

    /// With no hash, a decoy is checked and the answer is false.
    func matches(_ password: String, _ hash: PasswordHash?) async throws -> Bool {
        let isKnown = hash != nil
        let against = hash ?? decoy
        return try await run { try against.matches(password) && isKnown }
    }

    private func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        guard waiting.enter() else { throw OrganisationError.signInBusy }
        defer { waiting.leave() }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}
