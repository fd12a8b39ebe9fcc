package import Core
import Foundation
import Yams

/// Every sentence of the pages, by key, in both languages. Each room brings `Words.yaml`.
package struct Words: Sendable {
    private let texts: [String: Bilingual]

    package init() { texts = [:] }

    /// Fails on a key that two rooms use, and on one that lacks a language.
    package init(rooms: [RoomResources]) throws {
        var texts: [String: Bilingual] = [:]
        for room in rooms {
            for (key, text) in try Words.read(room.wordsFile) {
                guard texts.updateValue(text, forKey: key) == nil else {
                    throw SiteError.wordTwice(key: key, file: room.wordsFile.path)
                }
            }
        }
        self.texts = texts
    }

    package var keys: some Collection<String> { texts.keys }

    package func contains(_ key: String) -> Bool { texts[key] != nil }

    /// The sentence with `{0}`, `{1}` … replaced. A key that does not exist shows itself: tests find it.
    package func text(_ key: String, in language: Language, _ arguments: [String]) -> String {
        guard let text = texts[key] else { return key }
        return Words.fill(text(language), arguments)
    }

    package func bilingual(_ key: String) -> Bilingual? { texts[key] }

    private static func fill(_ text: String, _ arguments: [String]) -> String {
        guard !arguments.isEmpty, text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var out = ""
        var rest = text[...]
        // By bytes: looking for characters takes longer than all the rest.
        while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")) {
            out += rest[..<open]
            let after = rest[rest.utf8.index(after: open)...]
            if let close = after.utf8.firstIndex(of: UInt8(ascii: "}")), let number = Int(after[..<close]),
                arguments.indices.contains(number)
            {
                out += arguments[number]
                rest = after[after.utf8.index(after: close)...]
            } else {
                out += "{"
                rest = after
            }
        }
        return out + rest
    }

    static func read(_ file: URL) throws -> [(String, Bilingual)] {
        let yaml: String
        do { yaml = try String(contentsOf: file, encoding: .utf8) } catch {
            throw SiteError.unreadable(file: file.path)
        }
        let node: Node?
        do { node = try Yams.compose(yaml: yaml) } catch {
            throw SiteError.wordsMalformed(file: file.path, detail: "\(error)")
        }
        guard let mapping = node?.mapping else {
            throw SiteError.wordsMalformed(file: file.path, detail: "not a mapping")
        }
        return try mapping.map { key, value in
            let name = key.string ?? ""
            // A comma in an unquoted text splits it: its rest is a third key.
            guard value.mapping?.count == 2, let zh = value.mapping?["zh"]?.string,
                let en = value.mapping?["en"]?.string, !zh.isEmpty,
                !en.isEmpty
            else { throw SiteError.wordIncomplete(key: name, file: file.path) }
            return (name, Bilingual(zh: zh, en: en))
        }
    }
}
