import Foundation

/// A form that takes back what was just done: where it is posted, and what it carries besides the token.
package struct Undo: Sendable, Equatable {
    let path: String
    let fields: [Field]

    struct Field: Sendable, Equatable, Codable {
        let name: String
        let value: String
    }

    package init(_ path: String, fields: KeyValuePairs<String, String> = [:]) {
        self.path = path
        self.fields = fields.map { Field(name: $0.key, value: $0.value) }
    }

    init(path: String, fields: [Field]) {
        self.path = path
        self.fields = fields
    }
}

/// What a redirect leaves in a cookie for the next page to say once.
///
/// A bare word key stands as it is; anything more is signed for the visitor, because it fills a form.
struct ToastMessage: Sendable, Equatable {
    let key: String
    let arguments: [String]
    let undo: Undo?

    init(key: String, arguments: [String] = [], undo: Undo? = nil) {
        self.key = key
        self.arguments = arguments
        self.undo = undo
    }

    private struct Stored: Codable {
        let key: String
        let arguments: [String]
        let path: String?
        let fields: [Undo.Field]
    }

    /// Nil for anything that this site did not write for this visitor.
    init?(cookie: String, _ seal: Seal, sessionKey: String, words: Words) {
        let parts = cookie.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if words.contains(cookie) {
            self.init(key: cookie)
        } else if parts.count == 2, cookie.utf8.count <= WebLimits.toastBytesMax,
            seal.isSignature(parts[1], of: parts[0], for: Self.purpose, sessionKey: sessionKey),
            let data = Data(base64Encoded: parts[0].replacing("-", with: "+").replacing("_", with: "/")),
            let stored = try? JSONDecoder().decode(Stored.self, from: data), words.contains(stored.key)
        {
            self.init(
                key: stored.key, arguments: stored.arguments,
                undo: stored.path.map { Undo(path: $0, fields: stored.fields) })
        } else {
            return nil
        }
    }

    func cookie(_ seal: Seal?, sessionKey: String) -> String {
        guard undo != nil || !arguments.isEmpty, let seal else { return key }
        let stored = Stored(key: key, arguments: arguments, path: undo?.path, fields: undo?.fields ?? [])
        guard let data = try? JSONEncoder().encode(stored) else { return key }
        let text = data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        let cookie = "\(text).\(seal.signature(of: text, for: Self.purpose, sessionKey: sessionKey))"
        // A browser drops a cookie that is too long, and the message with it.
        return cookie.utf8.count <= WebLimits.toastBytesMax ? cookie : key
    }

    private static let purpose = "toast"
}
