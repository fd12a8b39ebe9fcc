internal import Core
package import Foundation
package import Logging
internal import Store

/// Brings a backup back, to an empty database and a folder without attachments: all of it or nothing.
package struct RestoreDistrict: Sendable {
    package struct Outcome: Sendable, Equatable {
        package let createdAt: String
        package let files: Int
    }

    let settings: Settings
    let district: DistrictSettings
    let logger: Logger

    package init(_ district: DistrictSettings, of settings: Settings, logger: Logger) {
        self.district = district
        self.settings = settings
        self.logger = logger
    }

    package func callAsFunction(
        from file: URL, report: @Sendable (_ part: String) -> Void = { _ in }
    ) async throws -> Outcome {
        let address = try DatabaseAddress(parsing: district.database)
        try await checkEmpty(address)
        let folder = settings.folder(of: district)
        let draft = settings.dataFolder.appendingPathComponent(".restore-\(UUID().uuidString)", isDirectory: true)
        defer { try? FileManager.default.removeItem(at: draft) }
        let manifest = try extract(file, to: draft, report: report)
        try check(manifest, address)
        try checkSecret(draft)

        report(BackupManifest.database)
        try await restoreDatabase(draft.appendingPathComponent(BackupManifest.database), manifest, to: address)
        try place(draft, in: folder)
        return Outcome(createdAt: manifest.createdAt, files: manifest.entries.count)
    }

    // MARK: - Checks

    private func checkEmpty(_ address: DatabaseAddress) async throws {
        if case .sqlite(let path) = address {
            guard !FileManager.default.fileExists(atPath: path) else {
                throw BackupError.databaseNotEmpty(address: "\(address)")
            }
            return
        }
        let database = try await address.open(logger: logger)
        let isEmpty = try await database.read { try BackupStore.isEmpty(in: $0) }
        try await database.close()
        guard isEmpty else { throw BackupError.databaseNotEmpty(address: "\(address)") }
    }

    private func check(_ manifest: BackupManifest, _ address: DatabaseAddress) throws {
        let engine: EngineKind = if case .sqlite = address { .sqlite } else { .postgresql }
        guard manifest.engine == engine.rawValue else {
            throw BackupError.otherEngine(backup: manifest.engine, target: engine.rawValue)
        }
        let slug = URL(fileURLWithPath: district.profile).lastPathComponent
        guard manifest.profile == slug else {
            throw BackupError.otherProfile(backup: manifest.profile, target: slug)
        }
        if case .postgresql(_, let schema) = address, let from = manifest.schema, from != schema {
            throw BackupError.otherEngine(backup: "schema=\(from)", target: "schema=\(schema)")
        }
    }

    private func checkSecret(_ draft: URL) throws {
        guard let present = try? Data(contentsOf: settings.secretFile) else { return }
        let wanted = try Data(contentsOf: draft.appendingPathComponent(BackupManifest.secret))
        guard present == wanted else { throw BackupError.otherSecret(path: settings.secretFile.path) }
    }

    // MARK: - Steps

    /// Unpacks everything beside its place and compares each file with the manifest.
    private func extract(
        _ file: URL, to draft: URL, report: @Sendable (String) -> Void
    ) throws -> BackupManifest {
        let archive = try TarReader(path: file.path)
        defer { try? archive.close() }
        var digests: [String: (bytes: Int, sha256: String)] = [:]
        var manifest: BackupManifest?
        while let entry = try archive.next() {
            if entry.name == BackupManifest.name {
                let data = try archive.data(bytesMax: PlatformLimits.manifestBytesMax)
                manifest = try? JSONDecoder().decode(BackupManifest.self, from: data)
                continue
            }
            report(entry.name)
            let digest = try archive.extract(to: draft.appendingPathComponent(entry.name))
            digests[entry.name] = (entry.bytes, digest)
        }
        guard let manifest, manifest.format == BackupManifest.format else {
            throw BackupError.notABackup(path: file.path, reason: BackupManifest.name)
        }
        for entry in manifest.entries {
            guard let found = digests.removeValue(forKey: entry.path), found.bytes == entry.bytes,
                found.sha256 == entry.sha256
            else { throw BackupError.damaged(entry: entry.path) }
        }
        guard digests.isEmpty else { throw BackupError.damaged(entry: digests.keys.sorted()[0]) }
        return manifest
    }

    private func restoreDatabase(_ copy: URL, _ manifest: BackupManifest, to address: DatabaseAddress) async throws {
        switch address {
        case .sqlite(let path):
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try FileManager.default.moveItem(at: copy, to: URL(fileURLWithPath: path))
        case .postgresql(let url, _):
            let database = try await address.open(logger: logger)
            try await database.write { try BackupStore.dropEmptySchema(in: $0) }
            try await database.close()
            try PostgreSQLTool(name: "psql").run(
                ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--file=\(copy.path)"],
                url: url)
        }
    }

    private func place(_ draft: URL, in folder: URL) throws {
        let files = FileManager.default
        if !files.fileExists(atPath: settings.secretFile.path) {
            try files.createDirectory(
                at: settings.secretFile.deletingLastPathComponent(), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try files.moveItem(at: draft.appendingPathComponent(BackupManifest.secret), to: settings.secretFile)
        }
        let attachments = draft.appendingPathComponent("attachments")
        guard files.fileExists(atPath: attachments.path) else { return }
        let target = folder.appendingPathComponent("attachments")
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        // An empty folder may be there already; files in it are named by content, so merging loses nothing.
        if (try? files.contentsOfDirectory(atPath: target.path))?.isEmpty == true { try files.removeItem(at: target) }
        guard !files.fileExists(atPath: target.path) else { return try merge(attachments, into: target) }
        try files.moveItem(at: attachments, to: target)
    }

    private func merge(_ source: URL, into target: URL) throws {
        let files = FileManager.default
        let walk = files.enumerator(at: source, includingPropertiesForKeys: [.isRegularFileKey])
        while let file = walk?.nextObject() as? URL {
            guard (try? file.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true else { continue }
            let path = file.standardizedFileURL.path.dropFirst(source.standardizedFileURL.path.count + 1)
            let place = target.appendingPathComponent(String(path))
            guard !files.fileExists(atPath: place.path) else { continue }
            try files.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try files.moveItem(at: file, to: place)
        }
    }
}
