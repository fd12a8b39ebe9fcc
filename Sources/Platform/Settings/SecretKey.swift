internal import Core
package import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The key that signs form tokens and hides who wrote an appeal: 32 random bytes in a file only its owner reads.
package struct SecretKey: Sendable {
    package let bytes: [UInt8]
    /// True when other accounts of the machine may read the file.
    package let isExposed: Bool

    /// Reads the key, or makes it at the first start.
    package static func load(from file: URL) throws -> SecretKey {
        if let key = try read(file) { return key }
        try create(file)
        // Another process may have been first: what lies there now is the key.
        guard let key = try read(file) else { throw SettingsError.secretUnreadable(path: file.path) }
        return key
    }

    private static func read(_ file: URL) throws -> SecretKey? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        guard let text = try? String(contentsOf: file, encoding: .utf8),
            let bytes = bytes(hexadecimal: text.trimmingCharacters(in: .whitespacesAndNewlines)),
            bytes.count == PlatformLimits.secretBytes
        else { throw SettingsError.secretUnreadable(path: file.path) }
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        return SecretKey(bytes: bytes, isExposed: mode & 0o077 != 0)
    }

    private static func create(_ file: URL) throws {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<PlatformLimits.secretBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
        let line = Array((hexadecimal(bytes) + "\n").utf8)
        try? FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        // Written aside and linked into place, so that no process ever reads half a key.
        let draft = file.path + ".\(getpid()).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw SettingsError.dataFolder(path: file.deletingLastPathComponent().path) }
        let written = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        let isSynced = fsync(descriptor) == 0
        close(descriptor)
        defer { unlink(draft) }
        guard written == line.count, isSynced, link(draft, file.path) == 0 || errno == EEXIST else {
            throw SettingsError.dataFolder(path: file.deletingLastPathComponent().path)
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(hexadecimal text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }
}
