import Foundation
import Mustache

/// Text that is already HTML. Only `HTML` and the page kit make it; a template prints it as it stands,
/// and escapes everything that is a `String`.
package struct Markup: Sendable, Equatable, CustomStringConvertible {
    package let html: String
    package var description: String { html }

    fileprivate init(html: String) { self.html = html }

    package init(_ write: (inout HTML) -> Void) {
        var html = HTML()
        write(&html)
        self = html.markup
    }

    package static let empty = Markup(html: "")
    /// A text, escaped.
    package static func text(_ text: String) -> Markup { Markup { $0.text(text) } }
    /// The output of a template, whose texts were escaped one by one.
    static func rendered(_ html: String) -> Markup { Markup(html: html) }
}

extension Markup: MustacheCustomRenderable {
    package var renderText: String { html }
    package var isNull: Bool { html.isEmpty }
}

/// Writes HTML and escapes every text and attribute value; tags and attribute names are literals of the program.
package struct HTML: Sendable {
    package typealias Attributes = KeyValuePairs<StaticString, String?>

    /// UTF-8: a page is thousands of short pieces, which a string takes several times as long to take in.
    private var out: [UInt8] = []

    package init(reservingBytes capacity: Int = 1_024) { out.reserveCapacity(capacity) }

    package var markup: Markup { Markup(html: String(decoding: out, as: UTF8.self)) }

    /// A literal of the program, printed as it stands.
    package mutating func raw(_ literal: StaticString) {
        literal.withUTF8Buffer { out.append(contentsOf: $0) }
    }

    package mutating func text(_ text: String) { HTML.escape(text, into: &out) }

    package mutating func markup(_ markup: Markup) { out.append(contentsOf: markup.html.utf8) }

    /// An element with content. An attribute that is nil is left out; an empty one stands alone (`required`).
    package mutating func tag(
        _ name: StaticString, _ attributes: Attributes = [:], _ content: (inout HTML) -> Void
    ) {
        open(name, attributes)
        content(&self)
        close(name)
    }

    package mutating func tag(_ name: StaticString, _ attributes: Attributes = [:], text: String) {
        open(name, attributes)
        self.text(text)
        close(name)
    }

    /// An element that has no content: `input`, `br`, or an SVG shape, whose slash HTML allows.
    package mutating func void(_ name: StaticString, _ attributes: Attributes = [:]) {
        startTag(name, attributes)
        raw("/>")
    }

    package mutating func open(_ name: StaticString, _ attributes: Attributes = [:]) {
        startTag(name, attributes)
        raw(">")
    }

    package mutating func close(_ name: StaticString) {
        raw("</")
        raw(name)
        raw(">")
    }

    private mutating func startTag(_ name: StaticString, _ attributes: Attributes) {
        raw("<")
        raw(name)
        for (name, value) in attributes {
            guard let value else { continue }
            raw(" ")
            raw(name)
            if value.isEmpty, HTML.booleanAttributes.contains(name.description) { continue }
            raw("=\"")
            HTML.escape(value, into: &out)
            raw("\"")
        }
    }

    private static let booleanAttributes: Set = [
        "required", "checked", "selected", "disabled", "multiple", "hidden", "open", "autofocus", "readonly",
        "novalidate",
    ]

    /// Works on bytes: a combining mark after a quotation mark must not hide it.
    private static func escape(_ text: String, into out: inout [UInt8]) {
        var text = text
        text.withUTF8 { bytes in
            var begin = 0
            for (index, byte) in bytes.enumerated() {
                guard let escaped = entity(byte) else { continue }
                out.append(contentsOf: bytes[begin..<index])
                escaped.withUTF8Buffer { out.append(contentsOf: $0) }
                begin = index + 1
            }
            out.append(contentsOf: bytes[begin...])
        }
    }

    private static func entity(_ byte: UInt8) -> StaticString? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        default: nil
        }
    }

    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { entity($0) != nil }) else { return text }
        var out: [UInt8] = []
        escape(text, into: &out)
        return String(decoding: out, as: UTF8.self)
    }
}

/// A piece of a page that writes its own HTML, in the visitor's language.
///
/// In a template: `{{#chart}}{{> web/chart}}{{/chart}}`.
package protocol Component: Sendable {
    func write(to html: inout HTML, for visit: Visit)
}

extension Component {
    package func markup(for visit: Visit) -> Markup { Markup { write(to: &$0, for: visit) } }
}
