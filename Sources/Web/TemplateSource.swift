import Core
import Foundation

/// One template file, scanned for its tags before Mustache sees it.
///
/// `[[key]]` becomes the word in one language, `[[key|name]]` the word whose `{0}` is the page's field `name`.
/// `{{name}}` becomes `{{{name}}}`: what is text was escaped when the page was read (`TemplateValue`), by bytes
/// and not by grapheme clusters as Mustache would.
package struct TemplateSource: Sendable {
    package let name: String
    package let file: String
    let text: String

    package init(name: String, file: String, text: String) {
        self.name = name
        self.file = file
        self.text = text
    }

    /// All templates of a room, in the order of their names.
    package static func all(of room: RoomResources) throws -> [TemplateSource] {
        let folder = room.templatesFolder
        guard let walk = FileManager.default.enumerator(atPath: folder.path) else { return [] }
        let paths = walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".mustache") }.sorted()
        return try paths.map { path in
            let file = folder.appendingPathComponent(path)
            guard let text = try? String(contentsOf: file, encoding: .utf8) else {
                throw SiteError.unreadable(file: file.path)
            }
            return TemplateSource(name: String(path.dropLast(".mustache".count)), file: file.path, text: text)
        }
    }

    /// One tag or word of a template, in the order of the text.
    package enum Piece: Sendable, Equatable {
        case text(String)
        case variable(String)
        case open(String, isInverted: Bool)
        case close(String)
        case partial(String)
        case word(key: String, arguments: [String])
    }

    package func pieces() throws -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let start = TemplateSource.nextTag(in: rest) {
            if start > rest.startIndex { pieces.append(.text(String(rest[..<start]))) }
            let isWord = rest[start] == "["
            let inner = rest[rest.index(start, offsetBy: 2)...]
            guard let end = inner.range(of: isWord ? "]]" : "}}") else {
                throw SiteError.templateMalformed(file: file, detail: String(rest[start...].prefix(40)))
            }
            let tag = inner[..<end.lowerBound]
            if let piece = isWord ? TemplateSource.word(tag) : try tagPiece(tag) { pieces.append(piece) }
            rest = inner[end.upperBound...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }

    /// The template as Mustache shall compile it.
    func expanded(_ words: Words, _ language: Language) throws -> String {
        try pieces().map { piece in
            switch piece {
            case .text(let text): text
            case .variable(let name): "{{{\(name)}}}"
            case .open(let name, let isInverted): isInverted ? "{{^\(name)}}" : "{{#\(name)}}"
            case .close(let name): "{{/\(name)}}"
            case .partial(let name): "{{>\(name)}}"
            case .word(let key, let arguments):
                try expandedWord(key, arguments, words, language)
            }
        }.joined()
    }

    private func expandedWord(
        _ key: String, _ arguments: [String], _ words: Words, _ language: Language
    ) throws -> String {
        guard let text = words.bilingual(key) else { throw SiteError.unknownWord(key: key, file: file) }
        var escaped = HTML.escaped(text(language))
        for (index, argument) in arguments.enumerated() {
            escaped = escaped.replacingOccurrences(of: "{\(index)}", with: "{{{\(argument)}}}")
        }
        return escaped
    }

    private static func nextTag(in text: Substring) -> Substring.Index? {
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            let next = text.index(after: index)
            if character == "{" || character == "[", next < text.endIndex, text[next] == character { return index }
            index = next
        }
        return nil
    }

    private static func word(_ tag: Substring) -> Piece {
        let parts = tag.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return .word(key: parts.first ?? "", arguments: Array(parts.dropFirst()))
    }

    /// Nil for a comment.
    private func tagPiece(_ tag: Substring) throws -> Piece? {
        let name = tag.dropFirst().trimmingCharacters(in: .whitespaces)
        switch tag.first {
        case "#": return .open(name, isInverted: false)
        case "^": return .open(name, isInverted: true)
        case "/": return .close(name)
        case ">": return .partial(name)
        case "!": return nil
        case "{", "&": throw SiteError.rawMarkup(file: file)
        case "=", "<", "$", "%":
            throw SiteError.templateMalformed(file: file, detail: "{{\(tag)}}")
        default: return .variable(tag.trimmingCharacters(in: .whitespaces))
        }
    }
}
