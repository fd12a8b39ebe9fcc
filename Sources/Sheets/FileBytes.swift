import Core
internal import Foundation

/// An open file, read in order; closed when it is let go.
final class FileBytes {
    let path: String
    let size: Int
    private let descriptor: Int32

    /// - Throws: `SheetError.unreadable`, `.empty` or `.tooLarge`.
    init(path: String) throws(SheetError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(reason: String(cString: strerror(errno))) }
        self.descriptor = descriptor
        self.path = path
        var status = stat()
        let isRead = fstat(descriptor, &status) == 0
        size = isRead ? Int(status.st_size) : 0
        guard isRead, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(reason: isRead ? "not a regular file" : String(cString: strerror(errno)))
        }
        guard size > 0 else { throw .empty }
        guard size <= SheetLimits.fileBytesMax else { throw .tooLarge }
    }

    deinit { close(descriptor) }

    /// Fills as much of `buffer` as the file has from `offset`; 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SheetError) -> Int {
        var done = 0
        while done < buffer.count, let base = buffer.baseAddress {
            let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(reason: String(cString: strerror(errno))) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    func bytes(at offset: Int, count: Int) throws(SheetError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, min(count, size - offset)))
        let done = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(SheetError) in try read(into: buffer, at: offset) }
        }
        bytes.removeLast(bytes.count - (try done.get()))
        return bytes
    }
}
