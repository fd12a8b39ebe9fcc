internal import Core
package import Foundation
internal import Organisation
internal import Store

/// Copies a district to one file while it is being written to: the database of one moment, then its attachments.
///
/// Attachments are named by their content and only ever added, so those copied after the database are at least the
/// ones it knows.
package struct BackUpDistrict: Sendable {
    package struct Outcome: Sendable, Equatable {
        package let files: Int
        package let bytes: Int
    }

    let district: District
    let secretFile: URL

    package init(_ district: District, secretFile: URL) {
        self.district = district
        self.secretFile = secretFile
    }

    /// - Parameter report: called with the name of each part before it is copied.
    package func callAsFunction(
        to file: URL, report: @Sendable (_ part: String) -> Void = { _ in }
    ) async throws -> Outcome {
        let draft = file.appendingPathExtension("part")
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw BackupError.targetExists(path: file.path)
        }
        // A draft that an interrupted backup left is of no use to anyone.
        try? FileManager.default.removeItem(at: draft)
        do {
            let outcome = try await write(to: draft, report: report)
            try FileManager.default.moveItem(at: draft, to: file)
            try await record(outcome, file)
            return outcome
        } catch {
            try? FileManager.default.removeItem(at: draft)
            throw error
        }
    }

    /// Without the folder: where back-ups lie is nobody's business who reads the trail.
    private func record(_ outcome: Outcome, _ file: URL) async throws {
        let surroundings = district.surroundings
        try await district.database.write { tx in
            try Audit.append(
                AuditEvent(
                    kind: .backup, personID: nil, subject: file.lastPathComponent,
                    detail: "files=\(outcome.files) bytes=\(outcome.bytes)"),
                surroundings, in: tx)
        }
    }

    private func write(to draft: URL, report: @Sendable (String) -> Void) async throws -> Outcome {
        let copy = draft.deletingLastPathComponent().appendingPathComponent(".\(UUID().uuidString).database")
        defer { try? FileManager.default.removeItem(at: copy) }
        report(BackupManifest.database)
        try await copyDatabase(to: copy)
        let migrations = try await district.database.read { try BackupStore.migrations(in: $0) }

        let archive = try TarWriter(path: draft.path)
        let now = district.surroundings.now()
        let seconds = now.millisecondsSince1970 / 1_000
        var entries = [try archive.add(BackupManifest.database, file: copy, modifiedAt: seconds)]
        report(BackupManifest.secret)
        entries.append(try archive.add(BackupManifest.secret, file: secretFile, modifiedAt: seconds))
        for (name, file) in attachments() {
            report(name)
            entries.append(try archive.add(name, file: file, modifiedAt: seconds))
        }
        let manifest = BackupManifest(
            format: BackupManifest.format, version: Version.current,
            createdAt: now.text(in: district.profile.zone), profile: district.profile.slug,
            engine: district.database.engine.rawValue, schema: schema, migrations: migrations, entries: entries)
        _ = try archive.add(BackupManifest.name, data: try manifest.data(), modifiedAt: seconds)
        try archive.close()
        return Outcome(files: entries.count, bytes: entries.reduce(0) { $0 + $1.bytes })
    }

    private var schema: String? {
        if case .postgresql(_, let schema) = district.address { schema } else { nil }
    }

    private func copyDatabase(to copy: URL) async throws {
        if let sqlite = district.database as? SQLiteDatabase {
            try await sqlite.backup(to: copy.path)
        } else if case .postgresql(let url, let schema) = district.address {
            _ = FileManager.default.createFile(atPath: copy.path, contents: nil, attributes: [.posixPermissions: 0o600])
            try PostgreSQLTool(name: "pg_dump").run(
                ["--schema=\(schema)", "--no-owner", "--no-privileges", "--encoding=UTF8"], url: url, output: copy)
        }
    }

    /// Attachments by their name in the archive; what is still being received is left out.
    private func attachments() -> [(String, URL)] {
        let root = district.attachmentsFolder.standardizedFileURL
        let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])
        var found: [(String, URL)] = []
        while let file = walk?.nextObject() as? URL {
            let path = String(file.standardizedFileURL.path.dropFirst(root.path.count + 1))
            let isFile = (try? file.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true
            guard isFile, !path.hasPrefix("incoming/") else { continue }
            found.append((BackupManifest.attachments + path, file))
        }
        return found.sorted { $0.0 < $1.0 }
    }
}
