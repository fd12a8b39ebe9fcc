internal import Core
internal import Foundation

/// What a backup holds: the last entry of its archive, by which a restore checks all others.
struct BackupManifest: Codable, Equatable, Sendable {
    struct Entry: Codable, Equatable, Sendable {
        let path: String
        let bytes: Int
        let sha256: String
    }

    static let name = "manifest.json"
    static let format = "shuzhi-backup-1"
    static let database = "database"
    static let secret = "secret.key"
    static let attachments = "attachments/"

    let format: String
    let version: String
    let createdAt: String
    let profile: String
    /// `sqlite` or `postgresql`.
    let engine: String
    /// PostgreSQL's schema, which a restore makes again under its name.
    let schema: String?
    let migrations: [String]
    let entries: [Entry]

    func data() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}
