/// What a colour means. Never the only sign of it: a word or a shape says the same.
package enum Tone: String, Sendable, CaseIterable {
    case neutral, info, good, warning, danger

    var badgeClass: String { "badge badge-\(rawValue)" }
}

/// A small coloured word.
package struct Badge: Component, Equatable {
    package let text: String
    package let tone: Tone

    package init(_ text: String, _ tone: Tone = .neutral) {
        self.text = text
        self.tone = tone
    }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("span", ["class": tone.badgeClass], text: text)
    }
}

/// How a case stands against its plan: a coloured shape and its word, told apart without colour too.
package struct LightBadge: Component, Equatable {
    package enum Colour: String, Sendable, CaseIterable { case green, blue, yellow, red }
    package let colour: Colour
    /// Instead of the light's usual word.
    package let text: String?

    package init(_ colour: Colour, text: String? = nil) {
        self.colour = colour
        self.text = text
    }

    package func write(to html: inout HTML, for visit: Visit) {
        html.tag("span", ["class": "light light-\(colour.rawValue)"]) {
            $0.tag("span", ["class": "light-shape", "aria-hidden": "true"], text: "")
            $0.text(text ?? visit.word("web.light.\(colour.rawValue)"))
        }
    }
}
