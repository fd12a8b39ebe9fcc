internal import Appeals
internal import Casework
package import Core
package import Foundation
internal import Indicators
package import Logging
internal import Mechanism
package import Organisation
package import Store

/// One district of this process: its profile, its database and the folder of its files.
package struct District: Sendable {
    package let settings: DistrictSettings
    package let profile: Profile
    package let address: DatabaseAddress
    package let database: any Database
    /// Attachments and uploads.
    package let folder: URL
    package let secret: [UInt8]
    package let surroundings: Surroundings
    package let logger: Logger

    package init(
        settings: DistrictSettings, profile: Profile, address: DatabaseAddress, database: any Database, folder: URL,
        secret: [UInt8], surroundings: Surroundings, logger: Logger
    ) {
        self.settings = settings
        self.profile = profile
        self.address = address
        self.database = database
        self.folder = folder
        self.secret = secret
        self.surroundings = surroundings
        self.logger = logger
    }

    package var attachmentsFolder: URL { folder.appendingPathComponent("attachments", isDirectory: true) }
    package var uploadsFolder: URL { folder.appendingPathComponent("uploads", isDirectory: true) }

    /// All rooms' migrations, a floor before the one that stands on it.
    package static let migrations: [Migration] =
        StoreMigrations.all + OrganisationMigrations.all + CaseworkMigrations.all + IndicatorMigrations.all
        + MechanismMigrations.all + AppealMigrations.all + ProblemMigrations.all

    /// Opens the district's database as it is, without migrating it.
    package static func open(
        _ district: DistrictSettings, of settings: Settings, surroundings: Surroundings = .system(), logger: Logger
    ) async throws -> District {
        let profile = try loadProfile(district.profile, settings: settings)
        let secret = try SecretKey.load(from: settings.secretFile)
        if secret.isExposed {
            logger.warning("Others may read the secret key file", metadata: ["file": "\(settings.secretFile.path)"])
        }
        let folder = settings.folder(of: district)
        let uploads = folder.appendingPathComponent("uploads")
        do {
            for path in [folder, uploads, folder.appendingPathComponent("attachments")] {
                try FileManager.default.createDirectory(
                    at: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
        } catch {
            throw SettingsError.dataFolder(path: folder.path)
        }
        let address = try DatabaseAddress(parsing: district.database)
        return District(
            settings: district, profile: profile, address: address, database: try await address.open(logger: logger),
            folder: folder, secret: secret.bytes, surroundings: surroundings, logger: logger)
    }

    package static func loadProfile(_ profile: String, settings: Settings) throws -> Profile {
        if profile.contains("/") { return try ProfileLoader.load(folder: URL(fileURLWithPath: profile)) }
        let environment = settings.profilesFolder.map { [Setting.profiles.rawValue: $0.path] } ?? [:]
        return try ProfileLoader.load(folder: ProfileLoader.folder(slug: profile, environment: environment))
    }

    /// Brings the schema up to date; returns the names of the migrations applied.
    @discardableResult
    package func migrate() async throws -> [String] { try await Migrator(Self.migrations).migrate(database) }

    package func close() async throws { try await database.close() }
}
