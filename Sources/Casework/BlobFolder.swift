internal import Crypto
package import Foundation

/// Attached files on disk, each stored once under the SHA-256 of its content: `blobs/ab/cd/abcd…`.
///
/// Several server processes of one district share the folder. A file is complete before it has its name.
package struct BlobFolder: Sendable {
    let folder: URL

    /// - Parameter folder: is made when a file first comes.
    package init(_ folder: URL) { self.folder = folder }

    /// Where uploads are written before they are taken in; on the same file system, so that a rename is enough.
    package var incoming: URL { folder.appendingPathComponent("incoming", isDirectory: true) }

    package func makeIncoming() throws {
        try FileManager.default.createDirectory(
            at: incoming, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    package func path(of digest: String) -> URL {
        folder.appendingPathComponent(String(digest.prefix(2)), isDirectory: true)
            .appendingPathComponent(String(digest.dropFirst(2).prefix(2)), isDirectory: true)
            .appendingPathComponent(digest)
    }

    /// Takes a file in and returns its digest; what came stands under its digest afterwards, or is gone.
    package func take(_ file: URL) throws -> String {
        let digest = try Self.digest(of: file)
        let target = path(of: digest)
        let manager = FileManager.default
        if manager.fileExists(atPath: target.path) {
            // A sweep leaves alone what is as new as this.
            try manager.setAttributes([.modificationDate: Date()], ofItemAtPath: target.path)
            try manager.removeItem(at: file)
            return digest
        }
        try manager.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let handle = try FileHandle(forUpdating: file)
        defer { try? handle.close() }
        try handle.synchronize()
        // No right to execute, whatever came.
        try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        guard rename(file.path, target.path) == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: target.path])
        }
        return digest
    }

    /// Whether the stored file is there and still what it was.
    package func isIntact(_ digest: String) -> Bool { (try? Self.digest(of: path(of: digest))) == digest }

    static func digest(of file: URL) throws -> String {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        var hash = SHA256()
        while let chunk = try handle.read(upToCount: 1 << 18), !chunk.isEmpty { hash.update(data: chunk) }
        return Hex.text(hash.finalize())
    }

    /// Digests of stored files last touched before `date`, and uploads left lying since then.
    func files(olderThan date: Date) throws -> (digests: [String], leftovers: [URL]) {
        guard FileManager.default.fileExists(atPath: folder.path) else { return ([], []) }
        let keys: [URLResourceKey] = [.isRegularFileKey, .contentModificationDateKey]
        let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: keys)
        var digests: [String] = []
        var leftovers: [URL] = []
        while let url = walk?.nextObject() as? URL {
            let values = try url.resourceValues(forKeys: Set(keys))
            guard values.isRegularFile == true, let touched = values.contentModificationDate, touched < date else {
                continue
            }
            if url.deletingLastPathComponent().lastPathComponent == incoming.lastPathComponent {
                leftovers.append(url)
            } else if url.lastPathComponent.utf8.count == 64 {
                digests.append(url.lastPathComponent)
            }
        }
        return (digests.sorted(), leftovers)
    }

    func remove(_ digest: String) throws { try FileManager.default.removeItem(at: path(of: digest)) }
}
