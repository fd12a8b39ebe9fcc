import Mustache

/// Reads a page once by reflection into what Mustache walks several times as fast as structs, escapes its texts and
/// lets its components write themselves.
struct TemplateValue {
    let visit: Visit

    func fields(of page: Any) -> TemplateFields {
        let mirror = Mirror(reflecting: page)
        var fields = TemplateFields(minimumCapacity: mirror.children.count)
        for child in mirror.children {
            if let label = child.label { fields.values[label] = value(of: child.value) ?? Nothing() }
        }
        return fields
    }

    /// Nil for an optional that is nil.
    private func value(of any: Any) -> Any? {
        switch any {
        case let text as String: return EscapedText(text)
        case let flag as Bool: return flag
        case let number as Int: return number
        case let markup as Markup: return markup
        default: break
        }
        let mirror = Mirror(reflecting: any)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.flatMap { value(of: $0.value) }
        case .collection, .set: return mirror.children.compactMap { value(of: $0.value) }
        case .struct, .class:
            // Asked of structs alone: whether a value conforms to a protocol takes longer than to read a short one.
            if let component = any as? any Component { return TemplateFields(markup: component.markup(for: visit)) }
            return mirror.children.isEmpty ? EscapedText(String(describing: any)) : fields(of: any)
        default: return EscapedText(String(describing: any))
        }
    }
}

/// The fields of a page or of a part of it, by name. A type of its own: that a dictionary has fields too is looked up
/// anew each time Mustache asks.
struct TemplateFields: MustacheParent {
    var values: [String: Any]

    init(minimumCapacity: Int) { values = Dictionary(minimumCapacity: minimumCapacity) }
    init(markup: Markup) { values = ["markup": markup] }

    func child(named name: String) -> Any? { values[name] }
}

/// A text as it stands in HTML. Even an empty one is there.
struct EscapedText: MustacheCustomRenderable {
    let renderText: String
    var isNull: Bool { false }

    init(_ text: String) { renderText = HTML.escaped(text) }
}

/// A field that is nil. It is there, so that Mustache does not look for its name further out, and it is false.
private struct Nothing: MustacheCustomRenderable {
    var renderText: String { "" }
    var isNull: Bool { true }
}
