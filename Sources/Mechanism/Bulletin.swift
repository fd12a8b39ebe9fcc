package import Core
internal import Indicators

/// 通报: the text of a month with its figures, edited until it is issued, and then never again.
package struct Bulletin: Sendable, Equatable {
    package let id: ID<Bulletin>
    package let period: Period
    package let title: String
    /// Lines; a figure is a token such as `{tasks.red}`, never a number that somebody typed.
    package let text: String
    package let isIssued: Bool
    package let version: Int
    package let issuedAt: Instant?
    package let isDemo: Bool
}

/// A bulletin's text taken apart: words, and the facts among them.
package enum BulletinText {
    package enum Piece: Sendable, Equatable {
        case words(String)
        case fact(String)
        /// Something that is named, and the page of the desk where it stands.
        case link(String, String)
    }

    /// `{name}` with letters, digits, dots, dashes and underscores, and `[words](/desk/…)`; anything else stays words.
    package static func pieces(_ line: String) -> [Piece] {
        var pieces: [Piece] = []
        var words = ""
        var rest = line[...]
        func add(_ piece: Piece, upTo end: String.Index) {
            if !words.isEmpty { pieces.append(.words(words)) }
            words = ""
            pieces.append(piece)
            rest = rest[end...]
        }
        while let start = rest.firstIndex(where: { $0 == "{" || $0 == "[" }) {
            words += rest[..<start]
            rest = rest[start...]
            if let (name, end) = name(rest) {
                add(.fact(name), upTo: end)
            } else if let (text, href, end) = link(rest), href.hasPrefix("/desk/"), href.count > "/desk/".count {
                add(.link(text, href), upTo: end)
            } else {
                words.append(rest.removeFirst())
            }
        }
        words += rest
        if !words.isEmpty { pieces.append(.words(words)) }
        return pieces
    }

    /// `{name}` at the beginning, and where it ends.
    private static func name(_ text: Substring) -> (String, String.Index)? {
        guard text.first == "{", let end = text.firstIndex(of: "}") else { return nil }
        let name = text[text.index(after: text.startIndex)..<end]
        return isName(name) ? (String(name), text.index(after: end)) : nil
    }

    /// `[words](target)` at the beginning, and where it ends. By hand, since a regex is compiled at every use.
    private static func link(_ text: Substring) -> (String, String, String.Index)? {
        guard text.first == "[" else { return nil }
        let inner = text.dropFirst()
        guard let close = inner.firstIndex(where: { $0 == "[" || $0 == "]" }), inner[close] == "]",
            close > inner.startIndex
        else { return nil }
        let rest = inner[inner.index(after: close)...]
        guard rest.first == "(" else { return nil }
        let target = rest.dropFirst()
        guard let end = target.firstIndex(where: { $0 == "(" || $0 == ")" || $0.isWhitespace }), target[end] == ")"
        else { return nil }
        return (String(inner[..<close]), String(target[..<end]), target.index(after: end))
    }

    // MARK: - In the editor

    /// Something that a text names, with its page.
    package struct Link: Sendable, Equatable {
        package let words: String
        package let href: String
    }

    /// What a text names, each page once.
    package static func links(in text: String) -> [Link] {
        var links: [Link] = []
        for case .link(let words, let href) in text.split(whereSeparator: \.isNewline).flatMap({ pieces(String($0)) })
        where !links.contains(where: { $0.href == href }) {
            links.append(Link(words: words, href: href))
        }
        return links
    }

    /// `[words](2)` for the second page that the text names: identifiers mean nothing to whoever writes.
    package static func forEditing(_ text: String) -> String {
        let hrefs = links(in: text).map(\.href)
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            pieces(String(line)).map { piece in
                switch piece {
                case .words(let words): words
                case .fact(let name): "{\(name)}"
                case .link(let words, let href): "[\(words)](\((hrefs.firstIndex(of: href) ?? 0) + 1))"
                }
            }.joined()
        }.joined(separator: "\n")
    }

    /// Back from the editor; a number that no page has stays as it was typed.
    ///
    /// - Parameter links: of the text as it was given to be edited.
    package static func edited(_ text: String, links: [Link]) -> String {
        var edited = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "[") {
            edited += rest[..<start]
            rest = rest[start...]
            if let (words, target, end) = link(rest), let number = Int(target), links.indices.contains(number - 1) {
                edited += "[\(words)](\(links[number - 1].href))"
                rest = rest[end...]
            } else {
                edited.append(rest.removeFirst())
            }
        }
        return edited + rest
    }

    /// What stands in brackets and cannot be taken for a link's end.
    package static func link(_ words: String, _ href: String) -> String {
        let plain = words.map { "[]".contains($0) || $0.isNewline ? " " : String($0) }.joined()
        return "[\(plain)](\(href))"
    }

    private static func isName(_ name: Substring) -> Bool {
        name.contains(".") && name.utf8.count <= 100
            && name.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || [0x2E, 0x2D, 0x5F].contains(byte)
            }
    }

    package static func names(in text: String) -> [String] {
        var names: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            for piece in pieces(String(line)) {
                if case .fact(let name) = piece, !names.contains(name) { names.append(name) }
            }
        }
        return names
    }

    /// Numbers typed as words, but for dates, ordinals and the name of the goal: each should be a fact.
    package static func typedNumbers(in text: String) -> [String] {
        var found: [String] = []
        let typed = /(.?)(\d+(?:[.,]\d+)*%?)(.?)/
        for line in text.split(whereSeparator: \.isNewline) {
            for case .words(let words) in pieces(String(line)) where words.contains(where: \.isNumber) {
                for match in words.matches(of: typed) {
                    let (before, number, after) = (match.output.1, match.output.2, match.output.3)
                    if ["年", "月", "日", "号", "届", "次", "、"].contains(String(after)) || before == "第" { continue }
                    if ["411", "12345", "5G"].contains(String(number)) || number == "5" && after == "G" { continue }
                    found.append(String(number))
                }
            }
        }
        return found
    }
}
