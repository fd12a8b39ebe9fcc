import Crypto
import Foundation
import Hummingbird

/// Our own style sheets, scripts and images, kept in memory and named by their content, so that a browser may keep
/// them for a year.
struct Assets: Sendable {
    struct File: Sendable {
        let path: String
        let contentType: String
        let bytes: ByteBuffer
        /// The same, compressed once; nil where that saves nothing.
        let compressed: ByteBuffer?
    }

    private let byName: [String: File]
    private let byPath: [String: File]

    init() {
        byName = [:]
        byPath = [:]
    }

    init(folder: URL) throws {
        var byName: [String: File] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            let url = folder.appendingPathComponent(name)
            guard let contentType = Assets.contentTypes[url.pathExtension] else { continue }
            let data = try Data(contentsOf: url)
            let hash = SHA256.hash(data: data).prefix(6).map { String(format: "%02x", $0) }.joined()
            let path = "/assets/\(url.deletingPathExtension().lastPathComponent)-\(hash).\(url.pathExtension)"
            let isText = ["css", "js", "svg"].contains(url.pathExtension)
            let compressed = isText ? Compression.gzip(Array(data), level: Compression.best) : nil
            byName[name] = File(
                path: path, contentType: contentType, bytes: ByteBuffer(bytes: data),
                compressed: compressed.flatMap { $0.count < data.count ? ByteBuffer(bytes: $0) : nil })
        }
        self.byName = byName
        byPath = Dictionary(uniqueKeysWithValues: byName.values.map { ($0.path, $0) })
    }

    /// The address of a file as of its content; its bare name when there is none, so that a test finds it.
    func path(_ name: String) -> String { byName[name]?.path ?? "/assets/\(name)" }

    func file(at path: String) -> File? { byPath[path] }
    func file(named name: String) -> File? { byName[name] }

    private static let contentTypes = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
        "png": "image/png", "ico": "image/x-icon", "woff2": "font/woff2",
    ]
}
