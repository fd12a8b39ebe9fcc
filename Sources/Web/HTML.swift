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

    private var out = ""

    package init(reservingBytes capacity: Int = 1_024) { out.reserveCapacity(capacity) }

    package var markup: Markup { Markup(html: out) }

    /// A literal of the program, printed as it stands.
    package mutating func raw(_ literal: StaticString) { out += literal.description }

    package mutating func text(_ text: String) { HTML.escape(text, into: &out) }

    package mutating func markup(_ markup: Markup) { out += markup.html }

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
        out += "/>"
    }

    package mutating func open(_ name: StaticString, _ attributes: Attributes = [:]) {
        startTag(name, attributes)
        out += ">"
    }

    package mutating func close(_ name: StaticString) {
        out += "</"
        out += name.description
        out += ">"
    }

    private mutating func startTag(_ name: StaticString, _ attributes: Attributes) {
        out += "<"
        out += name.description
        for (name, value) in attributes {
            guard let value else { continue }
            out += " "
            out += name.description
            if value.isEmpty, HTML.booleanAttributes.contains(name.description) { continue }
            out += "=\""
            HTML.escape(value, into: &out)
            out += "\""
        }
    }

    private static let booleanAttributes: Set = [
        "required", "checked", "selected", "disabled", "multiple", "hidden", "open", "autofocus", "readonly",
        "novalidate",
    ]

    /// Works on bytes: a combining mark after a quotation mark must not hide it.
    static func escape(_ text: String, into out: inout String) {
        let needsEscape = text.utf8.contains { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E || $0 == 0x22 || $0 == 0x27 }
        guard needsEscape else {
            out += text
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            default: out.unicodeScalars.append(scalar)
            }
        }
    }

    static func escaped(_ text: String) -> String {
        var out = ""
        escape(text, into: &out)
        return out
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
