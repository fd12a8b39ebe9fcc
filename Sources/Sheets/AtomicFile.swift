internal import Foundation

/// A file that appears under its name only once it is complete; let go before that, it vanishes.
final class AtomicFile {
    let path: String
    /// Where it is written meanwhile, in the same folder.
    let partialPath: String
    private var isFinished = false

    init(path: String) {
        self.path = path
        let url = URL(fileURLWithPath: path)
        let token = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        partialPath =
            url.deletingLastPathComponent()
            .appendingPathComponent(".\(url.lastPathComponent).\(token).partial").path
    }

    deinit {
        if !isFinished { unlink(partialPath) }
    }

    func finish() throws(SheetError) {
        let descriptor = open(partialPath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotWrite(reason: String(cString: strerror(errno))) }
        let isSynced = fsync(descriptor) == 0
        close(descriptor)
        guard isSynced, rename(partialPath, path) == 0 else {
            throw .cannotWrite(reason: String(cString: strerror(errno)))
        }
        isFinished = true
    }
}
