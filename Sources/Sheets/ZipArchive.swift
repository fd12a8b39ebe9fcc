internal import CLibzip
import Core
internal import Foundation

/// A zip file opened for reading, with what it may inflate to kept in bounds.
final class ZipArchive {
    struct Part {
        let name: String
        let index: UInt64
        /// As the directory of the zip says; what is really read is counted besides.
        let size: Int
        let packedSize: Int
        let isEncrypted: Bool
    }

    fileprivate let handle: OpaquePointer
    private let fileSize: Int
    private var parts: [String: Part] = [:]
    /// Bytes of all parts read so far.
    private var inflatedBytes = 0

    /// - Throws: `SheetError.damaged` when the directory at the end of the zip is missing: a truncated file.
    init(path: String, fileSize: Int) throws(SheetError) {
        var code: Int32 = 0
        guard let handle = zip_open(path, ZIP_RDONLY, &code) else { throw .damaged(part: "zip") }
        self.handle = handle
        self.fileSize = fileSize
        let count = zip_get_num_entries(handle, 0)
        guard count <= SheetLimits.partsMax else { throw .tooManyParts }
        for index in 0..<max(0, count) {
            var status = zip_stat_t()
            guard zip_stat_index(handle, zip_uint64_t(index), 0, &status) == 0, let name = status.name else { continue }
            let part = Part(
                name: String(cString: name), index: zip_uint64_t(index), size: Int(clamping: status.size),
                packedSize: min(Int(clamping: status.comp_size), fileSize),
                isEncrypted: Int32(status.encryption_method) != ZIP_EM_NONE)
            parts[ZipArchive.key(part.name)] = part
        }
    }

    deinit { zip_discard(handle) }

    func part(_ path: String) -> Part? { parts[ZipArchive.key(path)] }

    func open(_ part: Part) throws(SheetError) -> ZipPart {
        guard !part.isEncrypted else { throw .encrypted }
        return try ZipPart(part, of: self)
    }

    /// Some writers use backslashes, a leading slash, or another case than they refer to.
    private static func key(_ path: String) -> String {
        let slashed = path.replacing("\\", with: "/").lowercased()
        return slashed.hasPrefix("/") ? String(slashed.dropFirst()) : slashed
    }

    fileprivate func count(_ bytes: Int, read: Int, of part: Part) throws(SheetError) {
        inflatedBytes += bytes
        let allowed = max(SheetLimits.ratioFreeBytes, part.packedSize * SheetLimits.inflationRatioMax)
        guard inflatedBytes <= SheetLimits.inflatedBytesMax, read <= allowed else { throw .inflatesTooMuch }
    }
}

/// One part of a zip being inflated.
final class ZipPart {
    let part: ZipArchive.Part
    private let archive: ZipArchive
    private let handle: OpaquePointer
    private(set) var readBytes = 0

    fileprivate init(_ part: ZipArchive.Part, of archive: ZipArchive) throws(SheetError) {
        guard let handle = zip_fopen_index(archive.handle, part.index, 0) else { throw .damaged(part: part.name) }
        self.part = part
        self.archive = archive
        self.handle = handle
    }

    deinit { zip_fclose(handle) }

    /// The next bytes; 0 at the end. The checksum is compared there.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SheetError) -> Int {
        let count = Int(zip_fread(handle, buffer.baseAddress, zip_uint64_t(buffer.count)))
        guard count >= 0 else { throw .damaged(part: part.name) }
        readBytes += count
        try archive.count(count, read: readBytes, of: part)
        return count
    }
}
