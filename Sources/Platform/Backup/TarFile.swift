internal import Crypto
internal import Foundation

/// Writes a POSIX `ustar` archive, so that any `tar` can open a backup.
final class TarWriter {
    private let handle: FileHandle
    private let path: String

    /// Makes the file, readable by its owner only: a backup holds what people wrote, and the key.
    init(path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { throw BackupError.targetExists(path: path) }
        guard
            FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw BackupError.cannotWrite(path: path) }
        self.handle = handle
        self.path = path
    }

    func add(_ name: String, data: Data, modifiedAt: Int64) throws -> BackupManifest.Entry {
        try write(Self.header(name: name, bytes: data.count, modifiedAt: modifiedAt))
        try write(data)
        try pad(data.count)
        return BackupManifest.Entry(path: name, bytes: data.count, sha256: Hexadecimal.text(SHA256.hash(data: data)))
    }

    /// Streams a file in; its size is fixed when it is opened, so that a file that grows stays whole up to there.
    func add(_ name: String, file: URL, modifiedAt: Int64) throws -> BackupManifest.Entry {
        let reader = try FileHandle(forReadingFrom: file)
        defer { try? reader.close() }
        let size = Int(try reader.seekToEnd())
        try reader.seek(toOffset: 0)
        try write(Self.header(name: name, bytes: size, modifiedAt: modifiedAt))
        var hash = SHA256()
        var left = size
        while left > 0 {
            guard let chunk = try reader.read(upToCount: min(left, PlatformLimits.backupChunkBytes)), !chunk.isEmpty
            else { throw BackupError.damaged(entry: name) }
            hash.update(data: chunk)
            try write(chunk)
            left -= chunk.count
        }
        try pad(size)
        return BackupManifest.Entry(path: name, bytes: size, sha256: Hexadecimal.text(hash.finalize()))
    }

    /// Two empty blocks, and everything on the disk.
    func close() throws {
        try write(Data(count: 1_024))
        try handle.synchronize()
        try handle.close()
    }

    private func pad(_ bytes: Int) throws {
        let rest = bytes % 512
        if rest > 0 { try write(Data(count: 512 - rest)) }
    }

    private func write(_ data: Data) throws {
        do { try handle.write(contentsOf: data) } catch { throw BackupError.cannotWrite(path: path) }
    }

    private static func header(name: String, bytes: Int, modifiedAt: Int64) -> Data {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
        }
        func octal(_ value: Int64, _ width: Int) -> String {
            let digits = String(value, radix: 8)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        put(name, at: 0)
        put(octal(0o600, 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        if bytes < 1 << 33 {
            put(octal(Int64(bytes), 11), at: 124)
        } else {
            // GNU's base-256 for what eleven octal digits cannot say.
            block[124] = 0x80
            for index in 0..<8 { block[135 - index] = UInt8(truncatingIfNeeded: bytes >> (8 * index)) }
        }
        put(octal(modifiedAt, 11), at: 136)
        put("        ", at: 148)
        block[156] = UInt8(ascii: "0")
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(Int64(block.reduce(0) { $0 + Int($1) }), 6), at: 148)
        block[154] = 0
        block[155] = 0x20
        return Data(block)
    }
}

/// Reads the archives `TarWriter` wrote. Names that would leave the folder are refused.
final class TarReader {
    struct Entry: Equatable {
        let name: String
        let bytes: Int
    }

    private let handle: FileHandle
    private let path: String
    private var left = 0
    private var padding = 0

    init(path: String) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path])
        }
        self.handle = handle
        self.path = path
    }

    func close() throws { try handle.close() }

    /// The next file of the archive; nil at its end. What was not read of the one before is skipped.
    func next() throws -> Entry? {
        if left + padding > 0 {
            try handle.seek(toOffset: try handle.offset() + UInt64(left + padding))
            (left, padding) = (0, 0)
        }
        guard let data = try handle.read(upToCount: 512), data.count == 512 else { throw cut }
        let block = [UInt8](data)
        if block.allSatisfy({ $0 == 0 }) { return nil }
        guard block[257..<262].elementsEqual("ustar".utf8), Self.checksum(block) == Self.octal(block[148..<156]) else {
            throw BackupError.notABackup(path: path, reason: "tar")
        }
        let name = String(decoding: block[0..<100].prefix { $0 != 0 }, as: UTF8.self)
        let isSafe = !name.hasPrefix("/") && !name.split(separator: "/").contains("..") && !name.isEmpty
        guard isSafe, block[156] == UInt8(ascii: "0"), let bytes = Self.size(block) else {
            throw BackupError.notABackup(path: path, reason: name)
        }
        left = bytes
        padding = (512 - bytes % 512) % 512
        return Entry(name: name, bytes: bytes)
    }

    /// The rest of the current file, for small ones.
    func data(bytesMax: Int) throws -> Data {
        guard left <= bytesMax else { throw BackupError.notABackup(path: path, reason: "> \(bytesMax)") }
        guard left > 0 else { return Data() }
        guard let data = try handle.read(upToCount: left), data.count == left else { throw cut }
        left = 0
        return data
    }

    /// Streams the current file to a new file; returns its SHA-256 in hexadecimal.
    func extract(to file: URL) throws -> String {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        guard
            FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let out = FileHandle(forWritingAtPath: file.path)
        else { throw BackupError.cannotWrite(path: file.path) }
        defer { try? out.close() }
        var hash = SHA256()
        while left > 0 {
            guard let chunk = try handle.read(upToCount: min(left, PlatformLimits.backupChunkBytes)), !chunk.isEmpty
            else { throw cut }
            hash.update(data: chunk)
            do { try out.write(contentsOf: chunk) } catch { throw BackupError.cannotWrite(path: file.path) }
            left -= chunk.count
        }
        try out.synchronize()
        return Hexadecimal.text(hash.finalize())
    }

    private var cut: BackupError { .notABackup(path: path, reason: "EOF") }

    private static func checksum(_ block: [UInt8]) -> Int? {
        block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
    }

    private static func octal(_ bytes: ArraySlice<UInt8>) -> Int? {
        let digits = bytes.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }

    private static func size(_ block: [UInt8]) -> Int? {
        guard block[124] == 0x80 else { return octal(block[124..<136]) }
        let value = block[128..<136].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }
}

enum Hexadecimal {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
